"""A sum that stays frozen in a seller's own account: asked about, taken from, let go of, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.gateways.alipay.calling_off import SHOWN, paying, traded, unfrozen
from xiaobao.gateways.alipay.names import number_of
from xiaobao.gateways.alipay.reading import OK, Said, about, read, same_sum, told
from xiaobao.gateways.alipay.yuan import fen_of, yuan_of
from xiaobao.gateways.payments import CLOSED_FOR_GOOD, Direction, Result

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.gateways.alipay.config import Config
    from xiaobao.gateways.alipay.wire import Wire
    from xiaobao.gateways.payments import Movement, Query

_DETAIL = "alipay.fund.auth.operation.detail.query"
# What an authorisation is called of which nothing is frozen any more; of medium certainty. That
# the answer has `order_status` stands in a published client's list of its fields, its values do
# not: these are the words of Alipay's own refusals (ORDER_ALREADY_CLOSED, ORDER_ALREADY_FINISH),
# of which it says that `rest_amount` is 0 then. So nothing is held for lost unless both say so.
_ENDED = frozenset({"CLOSED", "FINISH"})
_CLOSED = "AUTHORISATION_CLOSED"


def stands(wire: Wire, one: Query | Movement, at: datetime) -> Said:
    """Whether what was to be frozen stands so: FAILED, once nothing of it is frozen."""
    number = number_of(Direction.IN, one.seller_id, one.id)
    answer = wire.call(_DETAIL, {"out_order_no": number, "out_request_no": number}, at)
    said = about(told(answer, "auth_no"), answer, "out_request_no", number)
    if said.result is Result.CONFIRMED and _says_ended(answer):
        return Said(Result.FAILED, said.ref, _CLOSED)
    return same_sum(said, answer, "amount", one.amount_minor)


def not_frozen(wire: Wire, one: Movement, at: datetime) -> Said:
    """A code that nobody scanned is called off; what is frozen by now stays."""
    said = stands(wire, one, at)
    is_shown = said.result is Result.UNKNOWN and said.words == SHOWN
    if said.result is not Result.NOT_FOUND and not is_shown:
        return said
    return unfrozen(wire, number_of(Direction.IN, one.seller_id, one.id), at)


def asked_taken(wire: Wire, one: Query | Movement, at: datetime) -> Said:
    """What became of a part that was to be taken."""
    number = number_of(Direction.IN, one.seller_id, one.id)
    said = traded(wire, number, one.amount_minor, at)
    # A trade that failed is closed, by whoever did so, and is never opened again.
    return said._replace(words=CLOSED_FOR_GOOD) if said.result is Result.FAILED else said


def took(wire: Wire, one: Movement, config: Config, at: datetime) -> Said:
    """Take a part; whatever that answers, what became of it is asked."""
    number = number_of(Direction.IN, one.seller_id, one.id)
    content = paying(number, one.of_ref, one.amount_minor, config)
    refused = read(wire.call("alipay.trade.pay", content, at, notify=True), "trade_no")
    said = asked_taken(wire, one, at)
    if said.result is not Result.NOT_FOUND:
        return said
    # Without a plain no it may have gone through and not be shown yet, the sum at its end since.
    is_plain = refused.result in (Result.FAILED, Result.NOT_FOUND)
    if is_plain and _is_ended(wire, one, at):
        return Said(Result.FAILED, "", _CLOSED)
    is_refused = refused.result is Result.FAILED
    return refused if is_refused else Said(Result.UNKNOWN, "", refused.words, refused.meaning)


def asked_let_go(wire: Wire, one: Query | Movement, at: datetime) -> Said:
    """What became of a part that was to be let go of: it is, too, where all of it ended."""
    assert one.of is not None, "it names what it lets go of"
    number = number_of(Direction.OUT, one.seller_id, one.id)
    order = number_of(Direction.IN, one.seller_id, one.of)
    answer = wire.call(_DETAIL, {"out_order_no": order, "out_request_no": number}, at)
    said = about(told(answer, "operation_id"), answer, "out_request_no", number)
    if said.result is Result.NOT_FOUND and _is_ended(wire, one, at):
        return Said(Result.CONFIRMED, one.of_ref, _CLOSED)
    return same_sum(said, answer, "amount", one.amount_minor)


def let_go(wire: Wire, one: Movement, at: datetime) -> Said:
    """Let go of a part; what was refused is asked about."""
    number = number_of(Direction.OUT, one.seller_id, one.id)
    content = {
        "auth_no": one.of_ref, "out_request_no": number, "remark": "保证金解冻",
        "amount": yuan_of(one.amount_minor),
    }  # fmt: skip
    answer = wire.call("alipay.fund.auth.order.unfreeze", content, at)
    said = about(read(answer, "operation_id"), answer, "out_request_no", number)
    said = same_sum(said, answer, "amount", one.amount_minor)
    if said.result is Result.CONFIRMED:
        return said
    now = asked_let_go(wire, one, at)
    return said if now.result is Result.NOT_FOUND else now


def _says_ended(answer: dict[str, Any]) -> bool:
    if answer.get("order_status") not in _ENDED:
        return False
    try:
        return fen_of(str(answer["rest_amount"])) == 0
    except (KeyError, ValueError):
        return False


def _is_ended(wire: Wire, one: Query | Movement, at: datetime) -> bool:
    """Whether the rest went back to its owner, and what this one is about with it."""
    assert one.of is not None, "it names what it is of"
    number = number_of(Direction.IN, one.seller_id, one.of)
    answer: dict[str, Any] = wire.call(
        _DETAIL, {"out_order_no": number, "out_request_no": number}, at
    )
    if answer.get("code") != OK or answer.get("out_request_no") != number:
        return False
    if not _says_ended(answer):
        return False
    try:
        frozen, paid = fen_of(answer["total_freeze_amount"]), fen_of(answer["total_pay_amount"])
    except (KeyError, ValueError):
        return False
    return frozen - paid >= one.amount_minor
