"""A deposit's way in at Alipay: asked about, taken from what was frozen, or called off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.gateways.alipay.codes import Meaning, meaning_of
from xiaobao.gateways.alipay.reading import OK, Said, about, same_sum, told
from xiaobao.gateways.alipay.yuan import yuan_of
from xiaobao.gateways.payments import Result

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.gateways.alipay.config import Config
    from xiaobao.gateways.alipay.wire import Wire

# Begun and not paid: a trade whose code was scanned, an authorisation whose code was not, and one
# that froze what cannot be taken.
_BEGUN, SHOWN, _FROZEN = "WAIT_BUYER_PAY", "INIT", "FROZEN_NOT_TAKEN"
_CALLED_OFF = "CALLED_OFF"
# What calling off did where there was something: neither brought us anything, nor ever will.
_DONE = {"close": "TRADE_CLOSED", "refund": "REFUNDED", "unfreeze": "UNFROZEN"}


def traded(wire: Wire, number: str, amount_minor: int, at: datetime) -> Said:
    answer = wire.call("alipay.trade.query", {"out_trade_no": number}, at)
    said = told(answer, "trade_no", state="trade_status")
    said = about(said, answer, "out_trade_no", number)
    return same_sum(said, answer, "total_amount", amount_minor)


def taken(wire: Wire, number: str, amount_minor: int, config: Config, at: datetime) -> Said:
    """What the seller froze is taken now, whole: only then has a deposit come in."""
    content = {"out_order_no": number, "out_request_no": number}
    answer = wire.call("alipay.fund.auth.operation.detail.query", content, at)
    frozen = about(told(answer, "auth_no"), answer, "out_request_no", number)
    frozen = same_sum(frozen, answer, "amount", amount_minor)
    if frozen.result is not Result.CONFIRMED:
        return frozen
    content = paying(number, frozen.ref, amount_minor, config)
    wire.call("alipay.trade.pay", content, at, notify=True)
    # Whatever that answered, what became of it is asked: it may have been taken before.
    said = traded(wire, number, amount_minor, at)
    if said.result is not Result.NOT_FOUND:
        return said
    # It stands frozen: neither is another code shown for it, nor was it never paid.
    return Said(Result.UNKNOWN, frozen.ref, _FROZEN)


def paying(number: str, auth_no: str, amount_minor: int, config: Config) -> dict[str, Any]:
    """What takes a part of a frozen sum to the platform; the rest stays frozen."""
    return {
        "out_trade_no": number, "auth_no": auth_no, "subject": "消保保证金",
        "total_amount": yuan_of(amount_minor), "product_code": "PREAUTH_PAY",
        "auth_confirm_mode": "NOT_COMPLETE", "seller_id": config.seller_id,
    }  # fmt: skip


def ended(
    wire: Wire, number: str, amount_minor: int, said: Said, config: Config, at: datetime
) -> Said:
    """What was `said` of it, once it is closed or called off: from then on nobody can pay it."""
    if said.result is Result.UNKNOWN and said.words == _BEGUN:
        # Closing, unlike calling off, never gives back what was paid this very moment.
        wire.call("alipay.trade.close", {"out_trade_no": number}, at)
        return let_go(wire, number, traded(wire, number, amount_minor, at), config, at)
    is_there = said.result is Result.UNKNOWN and said.words in {SHOWN, _FROZEN}
    if said.result is not Result.NOT_FOUND and not is_there:
        return said
    if config.deposits == "freeze":
        off = unfrozen(wire, number, at)
        # What was taken from it until this very moment has come in, and is not let go of.
        came = traded(wire, number, amount_minor, at)
        return off if came.result is Result.NOT_FOUND else came
    return _called_off(wire, "alipay.trade.cancel", {"out_trade_no": number}, at)


def let_go(wire: Wire, number: str, said: Said, config: Config, at: datetime) -> Said:
    """What was `said` of a trade: that one failed only once the sum it was to take is let go of.

    A trade that closes leaves what was frozen for it frozen.
    """
    if config.deposits != "freeze" or said.result is not Result.FAILED:
        return said
    off = unfrozen(wire, number, at)
    return said if off.result in {Result.FAILED, Result.NOT_FOUND} else off


def unfrozen(wire: Wire, number: str, at: datetime) -> Said:
    content = {"out_order_no": number, "out_request_no": number, "remark": "保证金未缴存"}
    return _called_off(wire, "alipay.fund.auth.operation.cancel", content, at)


def _called_off(wire: Wire, method: str, content: dict[str, str], at: datetime) -> Said:
    answer = wire.call(method, content, at)
    code, sub_code = str(answer.get("code", "")), str(answer.get("sub_code", ""))
    if code != OK and meaning_of(code, sub_code) is Meaning.NOT_FOUND:
        return Said(Result.NOT_FOUND, "", _CALLED_OFF)
    is_done = code == OK and answer.get("retry_flag", "N") != "Y"
    action = str(answer.get("action", ""))
    if not is_done or action not in {"", *_DONE}:
        return Said(Result.UNKNOWN, "", sub_code or code, Meaning.UNKNOWN)
    if action:
        return Said(Result.FAILED, str(answer.get("trade_no", "")), _DONE[action])
    return Said(Result.NOT_FOUND, "", _CALLED_OFF)
