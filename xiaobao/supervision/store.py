"""The only code that writes or locks this room's tables; it decides nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of
from xiaobao.supervision.facts import (
    RULES_VERSION,
    InspectionEvent,
    InspectionState,
    Looks,
    Outcome,
    Weeks,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.supervision.facts import Finding, Watched
    from xiaobao.supervision.terms import JudgedBy

_SMALL = {"market_id", "watched", "signals"}
_WEEK = {
    name: "i8" if name == "seller_id" else "i2" if name in _SMALL else "i4"
    for name in Weeks.names()
}


def expect(market_id: int, week: int, due_us: int) -> None:
    """The first week of a market to be counted; a market that has one keeps it."""
    sets.execute(
        "INSERT INTO supervision_look (market_id, week, due_at) VALUES (%s, %s, %s) "
        "ON CONFLICT DO NOTHING",
        [market_id, week, moment_of(due_us)],
    )


def hold_due(until_us: int) -> Looks:
    """Markets of which a week is to be counted by then, locked."""
    return Looks.of(
        **sets.fetch_arrays(
            "SELECT market_id, week, due_at FROM supervision_look WHERE due_at <= %s "
            "ORDER BY market_id FOR UPDATE",
            [moment_of(until_us)],
            {"market_id": "i2", "week": "i4", "due_us": "ts"},
        )
    )


def put_look(market_id: int, week: int, due_us: int) -> None:
    sets.execute(
        "UPDATE supervision_look SET week = %s, due_at = %s WHERE market_id = %s",
        [week, moment_of(due_us), market_id],
    )


def add_weeks(weeks: Weeks, market_id: int, week: int, judged_by: JudgedBy) -> None:
    """Add a week of a market, and the numbers that it was judged by."""
    sets.execute(
        "INSERT INTO supervision_judged_by (market_id, week, sha256, numbers) "
        "VALUES (%s, %s, %s, %s)",
        [market_id, week, judged_by.sha256, json.dumps(judged_by.numbers)],
    )
    columns = weeks.as_dict() | {"rules_version": np.full(len(weeks), RULES_VERSION)}
    sets.copy_in("supervision_week", columns, _WEEK | {"rules_version": "i2"})


# -- inspections ---------------------------------------------------------------------------------


def hold_desk(seller_id: int) -> None:
    """One act at a time about the inspections of a shop."""
    sets.execute(
        "INSERT INTO supervision_desk (seller_id) VALUES (%s) ON CONFLICT DO NOTHING", [seller_id]
    )
    sets.fetch_rows("SELECT 1 FROM supervision_desk WHERE seller_id = %s FOR UPDATE", [seller_id])


def add_inspection(
    seller_id: int, number: int, *, market_id: int, watched: Watched, week: int, seed: int,
    since_us: int, until_us: int, population: int, by: tuple[int, str], words: str, at: datetime,
    sample: Int, is_known: Mask,
) -> None:  # fmt: skip
    """Add an inspection with the orders drawn for it."""
    sets.execute(
        "INSERT INTO supervision_inspection (seller_id, number, market_id, watched, week, seed, "
        "since_at, until_at, population, sampled, found, broken, seq, state, outcome, opened_at, "
        "closed_at, opened_by_id, opened_by, words, violation) VALUES (%s, %s, %s, %s, %s, %s, "
        "%s, %s, %s, %s, 0, 0, 0, %s, %s, %s, 'infinity', %s, %s, %s, '')",
        [
            seller_id, number, market_id, int(watched), week, seed, moment_of(since_us),
            moment_of(until_us), population, len(sample), int(InspectionState.OPEN),
            int(Outcome.NONE), at, *by, words,
        ],
    )  # fmt: skip
    count = len(sample)
    sets.copy_in(
        "supervision_sampled",
        {
            "seller_id": np.full(count, seller_id), "order_id": sample,
            "number": np.full(count, number), "is_known": is_known,
        },
        {"seller_id": "i8", "order_id": "i8", "number": "i4", "is_known": "bool"},
    )  # fmt: skip


def add_event(
    seller_id: int, number: int, seq: int, event: InspectionEvent, *, key: str, digest: int,
    by: tuple[int, str], words: str, at: datetime,
) -> None:  # fmt: skip
    """Write down what was done, and under which key."""
    sets.execute(
        "INSERT INTO supervision_event (seller_id, number, seq, event, key, digest, by_id, by, "
        "words, happened_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [seller_id, number, seq, int(event), key, digest, *by, words, at],
    )


def add_findings(
    seller_id: int, number: int, seq: int, orders: Int, findings: Sequence[Finding],
    words: Sequence[str],
) -> None:  # fmt: skip
    count = len(orders)
    sets.copy_in(
        "supervision_finding",
        {
            "seller_id": np.full(count, seller_id), "order_id": orders,
            "number": np.full(count, number), "seq": np.full(count, seq),
            "finding": np.array([int(one) for one in findings]), "words": words,
        },
        {
            "seller_id": "i8", "order_id": "i8", "number": "i4", "seq": "i4", "finding": "i2",
            "words": "text",
        },
    )  # fmt: skip


def change_inspection(
    seller_id: int, number: int, *, seq: int, found: int, broken: int, outcome: Outcome,
    violation: str, closed_at: datetime | None,
) -> None:  # fmt: skip
    state = InspectionState.OPEN if closed_at is None else InspectionState.CLOSED
    sets.execute(
        "UPDATE supervision_inspection SET seq = %s, found = %s, broken = %s, outcome = %s, "
        "violation = %s, state = %s, closed_at = coalesce(%s::timestamptz, 'infinity') "
        "WHERE seller_id = %s AND number = %s",
        [
            seq, found, broken, int(outcome), violation, int(state), closed_at, seller_id, number,
        ],
    )  # fmt: skip
