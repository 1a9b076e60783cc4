"""What can be done with a sum frozen in a seller's own account, and with a trade that was paid.

Each step has a number of its own: asked again under it, it happens once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xiaobao.gateways.alipay.calling_off import paying
from xiaobao.gateways.alipay.gateway import AlipayGateway
from xiaobao.gateways.alipay.names import number_of
from xiaobao.gateways.alipay.reading import OK, Said, about, read, same_sum
from xiaobao.gateways.alipay.yuan import yuan_of
from xiaobao.gateways.payments import Direction, Result

if TYPE_CHECKING:
    from uuid import UUID

    from xiaobao.gateways.alipay.wire import Wire
    from xiaobao.gateways.payments import Answer, Movement


class Step(NamedTuple):
    """A movement that takes from an earlier one; `of` is Alipay's own number of that."""

    movement: Movement
    of: str
    code: str = ""

    @property
    def id(self) -> UUID:
        return self.movement.id

    @property
    def attempt(self) -> int:
        return self.movement.attempt

    def number(self, direction: Direction) -> str:
        return number_of(direction, self.movement.seller_id, self.movement.id)


class FreezingGateway(AlipayGateway):
    """Freeze, unfreeze, pay from what is frozen; and give a payment back."""

    def freeze(self, steps: list[Step]) -> list[Answer]:
        """Freeze by the payment code that the seller shows; `code` is it."""
        return self._each(steps, self._freeze)

    def unfreeze(self, steps: list[Step]) -> list[Answer]:
        """Let go of a part of authorisation `of`."""
        return self._each(steps, self._unfreeze)

    def pay_frozen(self, steps: list[Step]) -> list[Answer]:
        """Take a part of authorisation `of` to the platform; the rest stays frozen."""
        return self._each(steps, self._pay_frozen)

    def refund(self, steps: list[Step]) -> list[Answer]:
        """Give a part of trade `of` back to whoever paid it."""
        return self._each(steps, self._refund)

    def _freeze(self, wire: Wire, step: Step) -> Said:
        number = step.number(Direction.IN)
        content = {
            "out_order_no": number, "out_request_no": number, "order_title": "消保保证金",
            "amount": yuan_of(step.movement.amount_minor), "product_code": "PRE_AUTH",
            "auth_code": step.code, "auth_code_type": "bar_code",
            "payee_user_id": self.config.seller_id,
        }  # fmt: skip
        answer = wire.call("alipay.fund.auth.order.freeze", content, self._now(), notify=True)
        return self._step_said(step, about(read(answer, "auth_no"), answer, "out_request_no",
                                            number), answer, "amount")  # fmt: skip

    def _unfreeze(self, wire: Wire, step: Step) -> Said:
        number = step.number(Direction.OUT)
        content = {
            "auth_no": step.of, "out_request_no": number, "remark": "保证金解冻",
            "amount": yuan_of(step.movement.amount_minor),
        }  # fmt: skip
        answer = wire.call("alipay.fund.auth.order.unfreeze", content, self._now())
        said = about(read(answer, "operation_id"), answer, "out_request_no", number)
        return self._step_said(step, said, answer, "amount")

    def _pay_frozen(self, wire: Wire, step: Step) -> Said:
        number = step.number(Direction.IN)
        content = paying(number, step.of, step.movement.amount_minor, self.config)
        answer = wire.call("alipay.trade.pay", content, self._now(), notify=True)
        if answer.get("code") != OK:
            return read(answer, "trade_no")
        said = Said(Result.CONFIRMED, str(answer.get("trade_no", "")), "TRADE_SUCCESS")
        said = about(said, answer, "out_trade_no", number)
        return self._step_said(step, said, answer, "total_amount")

    def _refund(self, wire: Wire, step: Step) -> Said:
        number = step.number(Direction.OUT)
        content = {
            "trade_no": step.of, "out_request_no": number, "refund_reason": "保证金退还",
            "refund_amount": yuan_of(step.movement.amount_minor),
        }  # fmt: skip
        answer = wire.call("alipay.trade.refund", content, self._now())
        if answer.get("code") != OK:
            return read(answer, "trade_no")
        # An answer to a repeated request says that nothing changed now: what stands is asked.
        content = {"trade_no": step.of, "out_request_no": number}
        answer = wire.call("alipay.trade.fastpay.refund.query", content, self._now())
        state = {"REFUND_SUCCESS": Result.CONFIRMED}.get(
            str(answer.get("refund_status", "")), Result.UNKNOWN
        )
        said = Said(state, str(answer.get("trade_no", "")), str(answer.get("refund_status", "")))
        said = about(said, answer, "out_request_no", number)
        return self._step_said(step, said, answer, "refund_amount")

    def _step_said(self, step: Step, said: Said, answer: dict[str, object], field: str) -> Said:
        return same_sum(said, answer, field, step.movement.amount_minor)
