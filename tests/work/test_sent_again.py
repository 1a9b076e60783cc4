"""Money that a gateway never heard of is sent again, and not before it must have heard of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exits.making import NOW, apply, approve, open_world, sweep
from tests.work.alipay_life import owe
from xiaobao.advances.queries import next_due_us
from xiaobao.exits.queries import next_refund_us
from xiaobao.gateways.payments import Answer, Movement, Query, Result
from xiaobao.gateways.test_gateway import TestGateway
from xiaobao.kernel.clocks import MINUTE_US, us_of
from xiaobao.work.paying import send_payouts
from xiaobao.work.refunding import send_refunds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Deaf(TestGateway):
    """It hears of nothing, and whoever sends to it dies of it."""

    known_after_us = 10 * MINUTE_US

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sent: list[int] = []

    def query(self, asked: Sequence[Query]) -> list[Answer]:
        return [Answer(one.id, Result.NOT_FOUND, 0, "", "") for one in asked]

    def transfer_out(self, movements: Sequence[Movement]) -> list[Answer]:
        self.sent += [one.at_us for one in movements]
        raise KeyboardInterrupt


@pytest.mark.parametrize("is_refund", [False, True], ids=["payout", "refund"])
def test_each_sending_counts_not_the_first_alone(
    db: None, tmp_path: Path, *, is_refund: bool
) -> None:
    if is_refund:
        open_world()
        apply()
        approve(NOW)
        sweep(NOW)
    else:
        owe(1, 0, at=NOW)
    send, due = (send_refunds, next_refund_us) if is_refund else (send_payouts, next_due_us)
    through, moment_us = Deaf(tmp_path), us_of(NOW)
    through.now_us = lambda: moment_us  # type: ignore[method-assign]
    for _ in range(40):
        moment_us += MINUTE_US
        try:
            send(moment_us, through)
        except KeyboardInterrupt:
            continue
    first = us_of(NOW) + MINUTE_US
    assert due() is not None
    assert through.sent[0] == first
    gaps = [later - before for before, later in zip(through.sent, through.sent[1:], strict=False)]
    assert len(gaps) >= 2
    assert min(gaps) >= Deaf.known_after_us
