"""Short ways to record, to let time pass, and to see everything that stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.clocks import us_of
from xiaobao.ledger.queries import balances
from xiaobao.promises.facts import ViolationKind
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import Standing
from xiaobao.violations import acts, queries
from xiaobao.violations.facts import MoveReport, Source, ViolationKey

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
# A Monday, ten in the morning.
NOON = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2026, 3, 3, tzinfo=SHANGHAI)
TABLES = (
    "violations_violation", "violations_event", "violations_tally", "violations_step",
    "violations_penalty", "violations_forced_exit", "violations_look", "ledger_posting",
    "ledger_hold", "sellers_standing", "outbox_event", "deposits_event",
)  # fmt: skip


def record(
    seller_id: int,
    name: str,
    kind: ViolationKind = ViolationKind.COUNTERFEIT,
    *,
    at: datetime = NOON,
    **given: Any,
) -> ViolationKey:
    """Recorded by an inspector."""
    told = {"source": Source.INSPECTION, "by": "the inspector", **given}
    acts.record_violation(seller_id, name, kind=kind, at=at, **told)
    return queries.violation_named(name, _name(seller_id))


def _name(seller_id: int) -> str:
    return sellers.names_of(np.array([seller_id]))[seller_id]


def pass_until(moment: datetime) -> MoveReport:
    """Every clock of violations up to then, each when it is due."""
    done = MoveReport()
    while (due := queries.next_due_us()) is not None and due <= us_of(moment):
        moved = acts.count_points(due) + acts.move_due_violations(due) + acts.end_penalties(due)
        looked = acts.look_for_violations(due)
        done += moved
        assert moved.looked + looked.looked, "a clock that nothing fires"
    return done


def book(seller_id: int) -> dict[str, int]:
    """What the seller's book holds beside the world outside."""
    columns = balances(np.array([seller_id])).as_dict()
    names = ("deposit", "locked", "reserve", "fund", "penalty")
    return {name: int(columns[name][0]) for name in names if columns[name][0]}


def standing(seller_id: int) -> Standing:
    return Standing(int(sellers.standing(np.array([seller_id])).state[0]))


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that violations could touch."""
    return {table: fetch_rows(f"SELECT t::text FROM {table} t ORDER BY 1") for table in TABLES}


def postings(seller_id: int) -> list[tuple[str, str, int, str]]:
    """What moved in the book after the lodgement: from, to, how much, what for."""
    from xiaobao.ledger.facts import Account, Why

    rows = fetch_rows(
        "SELECT source, target, amount, why FROM ledger_posting WHERE seller_id = %s "
        "ORDER BY seq OFFSET 1",
        [seller_id],
    )
    return [
        (Account(s).name.lower(), Account(t).name.lower(), amount, Why(w).name.lower())
        for s, t, amount, w in rows
    ]
