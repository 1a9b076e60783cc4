"""Forced exit: the enrolment ends, promises run on, money is held only with a name and a date."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.exits.making import (
    NOW,
    SELLER,
    apply,
    approve,
    book,
    check,
    completed,
    detail,
    later,
    open_with,
    order,
    pay,
    standing,
    state,
    steps,
    sweep,
)
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.exits import acts, queries
from xiaobao.exits.facts import Blocker, ExitState, Reason, Scope
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import id_of
from xiaobao.orders import queries as orders
from xiaobao.promises.facts import PointsClass, Promise, ViolationKind
from xiaobao.sellers import queries as sellers_now
from xiaobao.sellers.facts import Standing
from xiaobao.violations.facts import PenaltyStep, State

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from xiaobao.gateways.test_gateway import TestGateway
    from xiaobao.promises.facts import Market


def insert(table: str, row: dict[str, Any]) -> None:
    columns = fetch_rows(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s",
        [table],
    )
    usual = {
        "text": "", "boolean": False, "timestamp with time zone": "infinity", "uuid": None,
    }  # fmt: skip
    full = {name: row.get(name, usual.get(kind, 0)) for name, kind in columns}
    marks = ", ".join(f"%({name})s" for name in full)
    execute(f"INSERT INTO {table} ({', '.join(full)}) VALUES ({marks})", full)


def decide(market: Market, due: datetime) -> None:
    """Violations decided that the seller has to leave, by then."""
    insert(
        "violations_forced_exit",
        {
            "seller_id": SELLER, "market_id": market.market_id, "day": 20_000,
            "step": int(PenaltyStep.COUNTERFEIT_4), "points": 48, "strikes": 3, "state": 1,
            "decided_at": NOW, "due_at": due,
        },
    )  # fmt: skip


def violate(
    market: Market, name: str, kind: ViolationKind, until: datetime, *, points: int = 2,
    penalty: int = 0,
) -> None:  # fmt: skip
    """A violation that may still be appealed against, until then; nothing is locked for it."""
    insert(
        "violations_violation",
        {
            "seller_id": SELLER, "violation_id": id_of(name), "violation_name": name,
            "kind": int(kind), "points_class": int(PointsClass.COUNTERFEIT),
            "state": int(State.NOTIFIED), "market_id": market.market_id, "due_at": until,
            "points": points, "penalty_minor": penalty,
            "terms_version": fetch_rows("SELECT min(term_id) FROM promises_term")[0][0],
        },
    )  # fmt: skip


def test_forced_out_at_its_moment_with_nothing_forfeited(
    world: Market, through: TestGateway
) -> None:
    order(world, "open", 30_000, placed=later(days=-2))
    decide(world, later(days=3))
    assert acts.carry_out_forced_exits(until_us=us_of(later(days=2))) == 0
    assert standing() is Standing.ACTIVE
    assert acts.carry_out_forced_exits(until_us=us_of(later(days=4))) == 1
    assert acts.carry_out_forced_exits(until_us=us_of(later(days=9))) == 0
    row = detail().exit
    assert (row.scope, row.reason, row.state) == (
        Scope.FORCED, Reason.VIOLATION, ExitState.PAYING,
    )  # fmt: skip
    assert (row.approved_at, standing()) == (later(days=3), Standing.FORCED_OUT)
    # What is open holds its share until its date; all else goes back at once.
    assert [(h.kind, h.held_minor) for h in detail().held] == [
        (Blocker.OPEN_TRADE, 8_100), (Blocker.QUIET, 900),
    ]  # fmt: skip
    pay(later(days=4), through)
    assert book() == {"outside": -9_000, "deposit": 9_000}
    # The promise given to who bought before stands; nobody buys under it any more.
    one, promise = np.array([SELLER]), np.array([int(Promise.SHIPS_ON_TIME)])
    for moment, given in ((later(days=-2), True), (later(days=4), False)):
        at_us = np.array([us_of(moment)])
        assert bool(sellers_now.promised(one, promise, at_us)[0]) is given
    assert [line.is_covered for line in orders.order_of("shop", "open").lines] == [True]  # type: ignore[union-attr]
    pay(later(days=60), through)
    assert (state(), standing(), book()) == (ExitState.PAID, Standing.EXITED, {})
    assert sum(line.amount_minor for line in through.bill()) == 100_000


def test_forced_out_while_asking_to_leave(world: Market) -> None:
    apply()
    approve(NOW)
    assert acts.force_out(SELLER, ground="third strike", by="rule", at=later(hours=1)) == 2
    assert detail(1).exit.state is ExitState.CANCELLED
    assert book() == {"outside": -100_000, "refunds": 100_000}
    # The same ground forces once, and a seller forced out calls nothing off.
    assert acts.force_out(SELLER, ground="third strike", by="rule", at=later(hours=2)) == 2
    with pytest.raises(acts.ExitMoveImpossible):
        acts.cancel_exit(SELLER, by="shop", at=later(hours=2))


def test_who_has_left_is_not_forced_out(world: Market, through: TestGateway) -> None:
    apply()
    approve(NOW)
    pay(NOW, through)
    decide(world, later(days=1))
    assert acts.carry_out_forced_exits(until_us=us_of(later(days=1))) == 1
    assert standing() is Standing.EXITED
    assert steps()[-1] == "PAID"


def test_an_open_violation_is_listed_with_the_day_it_clears(world: Market) -> None:
    violate(world, "V1", ViolationKind.LATE_SHIPMENT, later(days=15))
    found = check()
    ((kind, subject, held, ends, waits),) = [
        (b.kind, b.subject, b.held_minor, b.ends_at, b.is_waited_for) for b in found.blockers
    ]
    assert (kind, subject, held, ends, waits) == (
        Blocker.VIOLATION, "V1", 0, later(days=15), False,
    )  # fmt: skip
    # It holds no more than its own money: all the rest may leave now.
    assert found.free_minor == 100_000
    assert check(at=later(days=15)).blockers == ()


def test_suspected_fraud_holds_its_own_money_and_a_reminder_of_it_nothing(
    world: Market, through: TestGateway
) -> None:
    from xiaobao.deposits.acts import quote_deposits

    completed(world, "first", 500_000, later(days=-40))
    quote_deposits(np.array([SELLER]), at=NOW)
    violate(world, "V1", ViolationKind.FAKE_TRADE, later(days=14), points=0)
    assert (check().blockers, check().free_minor) == ((), 100_000)
    violate(world, "V2", ViolationKind.COUNTERFEIT, later(days=15), penalty=50_000)
    found = check()
    assert [(b.kind, b.subject, b.held_minor, b.is_waited_for) for b in found.blockers] == [
        (Blocker.FRAUD, "V2", 50_000, False)
    ]
    assert [(s.at, s.amount_minor, s.total_minor, s.ends) for s in found.stages] == [
        (NOW, 50_000, 50_000, ()), (later(days=15), 50_000, 100_000, ((Blocker.FRAUD, 1),)),
    ]  # fmt: skip
    coach = queries.coach_of(SELLER, at=NOW)
    assert found.all_free_at == coach.all_free_at == later(days=15)
    apply()
    assert state() is ExitState.UNDER_REVIEW
    assert approve(later(days=1)) == 50_000
    pay(later(days=15), through)
    assert (state(), book()) == (ExitState.PAID, {})


@pytest.mark.usefixtures("db")
def test_a_pack_may_have_all_that_is_required_wait(tmp_path: Path, through: TestGateway) -> None:
    from xiaobao.deposits.acts import quote_deposits

    waits = [("fraud,2014-03-15,,true,false", "fraud,2014-03-15,,true,true")]
    world = open_with(tmp_path, exit_conditions__csv=waits)
    completed(world, "first", 500_000, later(days=-40))
    quote_deposits(np.array([SELLER]), at=NOW)
    violate(world, "V2", ViolationKind.COUNTERFEIT, later(days=15))
    found = check()
    assert [(b.kind, b.held_minor, b.is_waited_for) for b in found.blockers] == [
        (Blocker.FRAUD, 100_000, True)
    ]
    assert [(s.at, s.total_minor) for s in found.stages] == [
        (NOW, 0), (later(days=15), 100_000),
    ]  # fmt: skip
    apply()
    assert (state(), detail().exit.quiet_until) == (ExitState.QUIET, later(days=15))
    sweep(later(days=15) - timedelta(microseconds=1))
    assert state() is ExitState.QUIET
    sweep(later(days=15))
    assert state() is ExitState.UNDER_REVIEW
    assert approve(later(days=16)) == 100_000
    pay(later(days=16), through)
    assert (state(), book()) == (ExitState.PAID, {})


@pytest.mark.usefixtures("db")
def test_a_refusal_names_a_blocker_that_is_waited_for(tmp_path: Path) -> None:
    waits = [("fraud,2014-03-15,,true,false", "fraud,2014-03-15,,true,true")]
    world = open_with(tmp_path, exit_conditions__csv=waits)
    apply()
    with pytest.raises(acts.WordsMissing):
        acts.refuse_exit(SELLER, by="staff", words=" ", at=NOW)
    with pytest.raises(acts.RefusalNeedsBlocker):
        acts.refuse_exit(SELLER, by="staff", words="no", at=NOW)
    violate(world, "V2", ViolationKind.FRAUD, later(days=15))
    acts.refuse_exit(SELLER, by="staff", words="fraud is being looked into", at=later(hours=1))
    assert (state(), standing()) == (ExitState.REFUSED, Standing.ACTIVE)
    assert [(h.kind, h.ends_at) for h in detail().held] == [(Blocker.FRAUD, later(days=15))]
    assert book() == {"outside": -100_000, "deposit": 100_000}
