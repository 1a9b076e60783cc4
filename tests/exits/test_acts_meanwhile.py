"""What happens beside an exit while money is on its way: none of it stops the clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.claims.making import put
from tests.exits.making import (
    ACCOUNT,
    NOW,
    SELLER,
    apply,
    approve,
    book,
    completed,
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
from xiaobao.exits import acts, queries
from xiaobao.exits.facts import ExitState, Reason, Scope
from xiaobao.exits.queries import next_due_us
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.references import id_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Account, Postings, Why
from xiaobao.sellers.acts import enrol_sellers, update_profile
from xiaobao.sellers.facts import Standing
from xiaobao.violations import queries as violations

if TYPE_CHECKING:
    from xiaobao.gateways.test_gateway import TestGateway
    from xiaobao.promises.facts import Market


def drain(seller_id: int, amount: int) -> None:
    """Free money of a book goes elsewhere."""
    one, zero = np.array([seller_id]), np.zeros(1, np.int64)
    ledger.post_all(
        Postings.moves(
            seller_id=one, cause_hi=one, cause_lo=one, leg=zero, source=zero + Account.DEPOSIT,
            target=zero + Account.OUTSIDE, amount_minor=zero + amount,
            why=zero + Why.DEBT_RECOVERED, at_us=zero + us_of(NOW),
        )
    )  # fmt: skip


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
    monkeypatch.setattr(violations, "forced_exits_due", lambda *_: due)
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
    pay(later(days=30), through)
    assert book() == {"outside": -100_000, "deposit": 100_000}
    assert acts.pay_to_bound_account(SELLER, at=later(days=27)) == 0


def test_a_part_of_which_nothing_is_left_waits_for_a_person(world: Market) -> None:
    enrol_sellers(["new"], market_id=world.market_id, signed_by="new", at=NOW)
    new = id_of("new")
    update_profile(new, {"payout_account": ACCOUNT, "legal_name": "new"}, at=NOW)
    put("new", 5_000)
    acts.apply_for_exit(
        new, scope=Scope.PART, reason=Reason.MISTAKE, amount_minor=5_000, key="k", by="new",
        at=later(hours=1),
    )  # fmt: skip
    # What was free is taken before the rule's moment is looked at.
    drain(new, 5_000)
    sweep(later(hours=1))
    found = queries.exit_detail(new, "new").exit
    assert found.state is ExitState.UNDER_REVIEW
    sweep(later(days=30))
    assert queries.exit_detail(new, "new").exit.is_late
    # A person cannot approve a part of nothing, and so may refuse it; then another may be asked.
    with pytest.raises(acts.ExitAmountTooLarge):
        acts.approve_exit(new, by="staff", at=later(days=31))
    acts.refuse_exit(new, by="staff", words="nothing is free", at=later(days=31))
    assert queries.exit_detail(new, "new").exit.state is ExitState.REFUSED
    assert book("new") == {}


def test_in_hardship_a_part_of_which_nothing_is_free_can_be_refused(world: Market) -> None:
    completed(world, "large", 10_000_000, later(days=-40))
    deposits.quote_deposits(np.array([SELLER]), at=NOW)
    page = deposits_now.deposit_of(SELLER, at=NOW)
    assert page is not None
    assert (page.required_minor, page.deposit_minor) == (100_000, 100_000)
    apply(Scope.PART, amount=900, reason=Reason.HARDSHIP)
    due_us = next_due_us()
    assert due_us is not None
    sweep(moment_of(due_us))
    assert detail().exit.state is ExitState.UNDER_REVIEW
    before = book()
    with pytest.raises(acts.ExitAmountTooLarge):
        approve(later(days=4))
    acts.refuse_exit(SELLER, by="staff", words="all of it is required", at=later(days=4))
    assert (detail().exit.state, book()) == (ExitState.REFUSED, before)


def test_a_part_of_which_something_is_free_cannot_be_refused(world: Market) -> None:
    apply(Scope.PART, amount=900)
    with pytest.raises(acts.RefusalNeedsBlocker):
        acts.refuse_exit(SELLER, by="staff", words="we would rather not", at=later(hours=1))
    assert detail().exit.state is ExitState.UNDER_REVIEW


def test_silence_on_relief_lets_too_large_a_part_go_on_as_far_as_it_may(
    world: Market, through: TestGateway
) -> None:
    apply(Scope.PART, amount=900_000, reason=Reason.HARDSHIP)
    due_us = next_due_us()
    assert due_us is not None
    assert acts.move_due_exits(until_us=due_us).to_review == 1
    assert detail().exit.state is ExitState.UNDER_REVIEW
    approve(later(days=30))
    pay(later(days=30), through)
    assert (detail().exit.state, detail().exit.paid_minor) == (ExitState.PAID, 100_000)
