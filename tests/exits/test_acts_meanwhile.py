"""What happens beside an exit while money is on its way: none of it stops the clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.exits.making import (
    ACCOUNT,
    NOW,
    SELLER,
    apply,
    approve,
    book,
    detail,
    later,
    pay,
    standing,
    sweep,
)
from tests.exits.test_acts_forced import decide
from xiaobao.database.sets import execute
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.exits import acts
from xiaobao.exits.acts import forcing
from xiaobao.exits.facts import ExitState, Scope
from xiaobao.kernel.clocks import us_of
from xiaobao.sellers.acts import update_profile
from xiaobao.sellers.facts import Standing
from xiaobao.violations import queries as violations

if TYPE_CHECKING:
    import pytest

    from xiaobao.gateways.test_gateway import TestGateway
    from xiaobao.promises.facts import Market


def test_forced_out_while_a_part_is_on_its_way(world: Market, through: TestGateway) -> None:
    apply(Scope.PART, amount=30_000)
    approve(NOW)
    sweep(NOW)
    assert detail(1).exit.state is ExitState.PAYING
    decide(world, later(days=1))
    assert acts.carry_out_forced_exits(until_us=us_of(later(days=1))) == 1
    assert book() == {"outside": -100_000, "refunds": 100_000}
    pay(later(days=60), through)
    assert [detail(n).exit.state for n in (1, 2)] == [ExitState.PAID, ExitState.PAID]
    assert [detail(n).exit.paid_minor for n in (1, 2)] == [30_000, 70_000]
    assert (standing(), book()) == (Standing.EXITED, {})
    assert sum(line.amount_minor for line in through.bill()) == 100_000


def test_a_decision_revoked_meanwhile_forces_nobody_out(
    world: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(world, later(days=1))
    due = violations.forced_exits_due(us_of(later(days=1)))
    monkeypatch.setattr(forcing.violations, "forced_exits_due", lambda *_: due)
    execute("UPDATE violations_forced_exit SET state = 3 WHERE seller_id = %s", [SELLER])
    acts.carry_out_forced_exits(until_us=us_of(later(days=1)))
    assert (standing(), book()) == (Standing.ACTIVE, {"outside": -100_000, "deposit": 100_000})


def test_two_payments_of_withheld_settlement_are_sent_anew_each(
    world: Market, through: TestGateway
) -> None:
    through.register_holder(ACCOUNT, "somebody else")
    for day, amount in ((0, 4_000), (10, 3_000)):
        deposits.withhold_settlement(
            np.array([SELLER]), np.array([amount]), keys=day, at=later(days=day)
        )
    while (due_us := deposits_now.next_release_us()) is not None:
        acts.release_due_reserves(until_us=due_us)
    pay(later(days=26), through)
    update_profile(SELLER, {"payout_account": "new@example.com"}, at=later(days=27))
    assert acts.pay_to_bound_account(SELLER, at=later(days=27)) == 2
    pay(later(days=27), through)
    assert book() == {"outside": -100_000, "deposit": 100_000}
    assert acts.pay_to_bound_account(SELLER, at=later(days=27)) == 0
