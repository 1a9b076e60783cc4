"""One number asked about at the gateway, by a person: money that moved is booked, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from xiaobao.gateways.alipay.names import named
from xiaobao.gateways.payments import Result
from xiaobao.kernel.problems import Problem
from xiaobao.work.moved import asked_of, moved_named, record_moved

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.gateways.payments import Answer, PaymentGateway


class NumberUnknown(Problem):
    """The number is none that we ever gave a movement."""

    code: ClassVar[str] = "payment_number_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = "number 字段：{number} 不是本系统收付的单号；请从账单或差异表中原样复制"
    en: ClassVar[str] = (
        "number: {number} is of no payment of ours; copy it from the bill or the differences"
    )


def ask_about(number: str, gateway: PaymentGateway, *, at: datetime) -> Answer:
    """Ask what became of a number, and book it where the money has moved; said again it is not.

    Anything else is left to the run: whether to send again, or to give up, follows clocks.

    :raises NumberUnknown: where it is none of ours
    """
    about = named(number)
    moved = None if about is None else moved_named(about)
    if about is None or moved is None:
        raise NumberUnknown(number=number)
    [answer] = gateway.query([asked_of(about, moved, at=at)])
    if answer.result is Result.CONFIRMED:
        record_moved(about, moved, ref=answer.gateway_ref, said=answer.said, at=at)
    return answer
