"""The adapter: movements asked of Alipay one by one, each answer read for what it truly says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.gateways.alipay import staying
from xiaobao.gateways.alipay.calling_off import ended, let_go, taken, traded
from xiaobao.gateways.alipay.codes import Meaning, limits, waits
from xiaobao.gateways.alipay.names import number_of
from xiaobao.gateways.alipay.reading import (
    OK,
    SILENT,
    Said,
    about,
    read,
    refused,
    same_sum,
    told,
)
from xiaobao.gateways.alipay.wire import NotBelieved, Wire
from xiaobao.gateways.alipay.yuan import CURRENCY, yuan_of
from xiaobao.gateways.payments import CODE_HOURS, Answer, Direction, Query, Result, Way, shown
from xiaobao.kernel.clocks import MINUTE_US, us_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from xiaobao.gateways.alipay.config import Config
    from xiaobao.gateways.payments import BillLine, Movement, Payee

PRODUCT, SCENE = "TRANS_ACCOUNT_NO_PWD", "DIRECT_TRANSFER"
# How long a code that is shown can be scanned, and what was scanned be paid.
_SHOWN_FOR = f"{CODE_HOURS}h"
_SAID_MOST = 128
# So many without an answer in a row: the rest is not tried, and asked about later.
_SILENCES = 3
_STAYING = {
    Way.FROZEN: staying.stands, Way.TAKEN: staying.asked_taken, Way.LET_GO: staying.asked_let_go,
}  # fmt: skip


class AlipayGateway:
    """See the package. `payee_of` says whose account a movement goes to; None: nobody's yet."""

    name = "alipay"

    def __init__(
        self,
        config: Config,
        *,
        payee_of: Callable[[Movement], Payee | None],
        now: Callable[[], datetime],
    ) -> None:
        self.config = config
        self._payee_of, self._now = payee_of, now
        self._wire = Wire(config)
        self.known_after_us: int = waits()["known_after"].minutes * MINUTE_US

    def now_us(self) -> int:
        return us_of(self._now())

    # -- the interface -------------------------------------------------------------------------

    def transfer_out(self, movements: Sequence[Movement]) -> list[Answer]:
        return self._each(movements, self._transfer)

    def collect(self, movements: Sequence[Movement]) -> list[Answer]:
        return self._each(movements, self._collect)

    def give_up(self, movements: Sequence[Movement]) -> list[Answer]:
        return self._each(movements, self._give_up)

    def query(self, asked: Sequence[Query]) -> list[Answer]:
        return self._each(asked, self._ask)

    def bill(self) -> list[BillLine]:
        """Alipay's own book comes as files, a day late: `xiaobao reconcile FILE` reads them."""
        return []

    def holds_notify(self, parameters: dict[str, str]) -> bool:
        return self._wire.holds_notify(parameters)

    # -- one after another -----------------------------------------------------------------------

    def _each(self, asked: Iterable[Any], ask: Callable[[Wire, Any], Said]) -> list[Answer]:
        """Ask for each; an empty account or a silent gateway ends it, and the rest waits."""
        answers, silences = [], 0
        stopped: Said | None = None
        with self._wire as wire:
            for one in asked:
                said = stopped or self._heard(ask, wire, one)
                silences = silences + 1 if said is SILENT else 0
                if silences == _SILENCES or said.meaning is Meaning.FUND:
                    stopped = said
                answers.append(
                    Answer(one.id, said.result, one.attempt, said.ref, said.words[:_SAID_MOST])
                )
        return answers

    def _heard(self, ask: Callable[[Wire, Any], Said], wire: Wire, one: Any) -> Said:
        try:
            return ask(wire, one)
        except NotBelieved:
            return SILENT

    # -- out -----------------------------------------------------------------------------------

    def _transfer(self, wire: Wire, one: Movement) -> Said:
        if one.way is Way.LET_GO:
            return staying.let_go(wire, one, self._now())
        payee = self._payee_of(one)
        refusal = _refusal(one, payee)
        if refusal or payee is None:
            return refused(refusal)
        number = number_of(Direction.OUT, one.seller_id, one.id)
        content = {
            "out_biz_no": number, "trans_amount": yuan_of(one.amount_minor),
            "product_code": PRODUCT, "biz_scene": SCENE,
            "order_title": "消保赔付" if one.account.startswith("B") else "保证金退还",
            "remark": "消费者保障服务",
            "payee_info": {
                "identity": payee.identity, "identity_type": payee.kind,
                **({"name": payee.name} if payee.name else {}),
            },
        }  # fmt: skip
        answer = wire.call("alipay.fund.trans.uni.transfer", content, self._now(), notify=True)
        said = read(answer, "order_id")
        if said.meaning is Meaning.CONFLICT:
            # It knows the number with other content: what became of that decides.
            return self._transferred(wire, number, one.amount_minor)
        return about(said, answer, "out_biz_no", number)

    def _transferred(self, wire: Wire, number: str, amount_minor: int) -> Said:
        content = {"out_biz_no": number, "product_code": PRODUCT, "biz_scene": SCENE}
        answer = wire.call("alipay.fund.trans.common.query", content, self._now())
        return same_sum(
            about(told(answer, "order_id"), answer, "out_biz_no", number),
            answer, "trans_amount", amount_minor,
        )  # fmt: skip

    # -- in ------------------------------------------------------------------------------------

    def _collect(self, wire: Wire, one: Movement) -> Said:
        """Make the code that the seller scans; that it was paid, a query or a notify says.

        A part of what is frozen is taken at once.
        """
        if one.currency != CURRENCY:
            return refused("CURRENCY_NOT_SUPPORTED")
        if one.way is Way.TAKEN:
            return staying.took(wire, one, self.config, self._now())
        number = number_of(Direction.IN, one.seller_id, one.id)
        if one.way is Way.FROZEN or self.config.deposits == "freeze":
            method = "alipay.fund.auth.order.voucher.create"
            content = {
                "out_order_no": number, "out_request_no": number, "order_title": "消保保证金",
                "amount": yuan_of(one.amount_minor), "product_code": "PRE_AUTH",
                "payee_user_id": self.config.seller_id, "pay_timeout": _SHOWN_FOR,
            }  # fmt: skip
            field = "code_value"
        else:
            method = "alipay.trade.precreate"
            content = {
                "out_trade_no": number, "total_amount": yuan_of(one.amount_minor),
                "subject": "消保保证金", "timeout_express": _SHOWN_FOR,
                "qr_code_timeout_express": _SHOWN_FOR,
            }  # fmt: skip
            field = "qr_code"
        answer = wire.call(method, content, self._now(), notify=True)
        if answer.get("code") != OK:
            return read(answer, "")
        return Said(Result.UNKNOWN, "", shown(str(answer.get(field, ""))))

    def _ask(self, wire: Wire, one: Query) -> Said:
        if one.way is not Way.PAID:
            return _STAYING[one.way](wire, one, self._now())
        number = number_of(one.direction, one.seller_id, one.id)
        if one.direction is Direction.OUT:
            return self._transferred(wire, number, one.amount_minor)
        said = traded(wire, number, one.amount_minor, self._now())
        if self.config.deposits == "freeze" and said.result is Result.NOT_FOUND:
            said = taken(wire, number, one.amount_minor, self.config, self._now())
        return let_go(wire, number, said, self.config, self._now())

    def _give_up(self, wire: Wire, one: Movement) -> Said:
        if one.way is Way.FROZEN:
            return staying.not_frozen(wire, one, self._now())
        said = self._ask(wire, Query.about(one, Direction.IN))
        number = number_of(Direction.IN, one.seller_id, one.id)
        return ended(wire, number, one.amount_minor, said, self.config, self._now())


def _refusal(one: Movement, payee: Payee | None) -> str:
    """Why it is not even asked for; "" where it may be."""
    if one.currency != CURRENCY:
        return "CURRENCY_NOT_SUPPORTED"
    least = limits()["transfer_least"]
    if one.amount_minor < least.fen:
        return least.code
    return "" if payee is not None else "PAYEE_NOT_BOUND"
