"""Points per class, and the nights that counted them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of
from xiaobao.violations.facts import RULES_VERSION, TalliesHeld
from xiaobao.violations.store.cases import array

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int
    from xiaobao.violations.rules import Nights

SPEC = {
    "seller_id": "i8", "points_class": "i2", "points": "i8", "strikes": "i8", "market_id": "i2",
    "day": "i4", "due_us": "ts",
}  # fmt: skip
COLUMNS = "seller_id, points_class, points, strikes, market_id, day, due_at"


def hold(seller_id: Int, market_id: Int) -> TalliesHeld:
    """The tallies of these sellers, begun where they are not there, locked by seller and class.

    Whatever records or moves a violation holds them first: one hand at one seller at a time.
    """
    sets.execute(
        "INSERT INTO violations_tally "
        "(seller_id, points_class, points, strikes, market_id, day, due_at) "
        "SELECT u.seller_id, c, 0, 0, u.market_id, 0, 'infinity' "
        "FROM unnest(%s::bigint[], %s::bigint[]) AS u(seller_id, market_id), "
        "generate_series(1, 3) AS c ORDER BY u.seller_id, c ON CONFLICT DO NOTHING",
        [seller_id, market_id],
    )
    return TalliesHeld.of(
        **sets.fetch_arrays(
            f"SELECT {COLUMNS} FROM violations_tally WHERE seller_id = ANY(%s::bigint[]) "
            "ORDER BY seller_id, points_class FOR UPDATE",
            [seller_id],
            SPEC,
        )
    )


def hold_due(until_us: int, limit: int) -> TalliesHeld:
    """The tallies whose night is over, earliest first, that nobody else works on."""
    return TalliesHeld.of(
        **sets.fetch_arrays(
            f"SELECT {COLUMNS} FROM violations_tally WHERE due_at <= %s::timestamptz "
            "AND due_at < 'infinity' ORDER BY due_at, seller_id, points_class LIMIT %s "
            "FOR UPDATE SKIP LOCKED",
            [moment_of(until_us), limit],
            SPEC,
        )
    )


def put(tallies: TalliesHeld) -> None:
    """Write tallies that are held."""
    sets.execute(
        "UPDATE violations_tally t SET points = u.points, strikes = u.strikes, day = u.day, "
        "due_at = u.due_at FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], "
        "%s::bigint[], %s::timestamptz[]) "
        "AS u(seller_id, points_class, points, strikes, day, due_at) "
        "WHERE t.seller_id = u.seller_id AND t.points_class = u.points_class",
        [
            tallies.seller_id, tallies.points_class, tallies.points, tallies.strikes,
            tallies.day, array(tallies.due_us, "ts"),
        ],
    )  # fmt: skip


def await_night(seller_id: Int, points_class: Int, due_us: Int) -> None:
    """The day that ends then is to be counted, unless an earlier one is already."""
    sets.execute(
        "UPDATE violations_tally t SET due_at = least(t.due_at, u.due_at) "
        "FROM (SELECT seller_id, points_class, min(due_at) AS due_at "
        "FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) "
        "AS n(seller_id, points_class, due_at) GROUP BY 1, 2) AS u "
        "WHERE t.seller_id = u.seller_id AND t.points_class = u.points_class",
        [seller_id, points_class, array(due_us, "ts")],
    )


def add_nights(nights: Nights, *, number: int, at_us: Int) -> None:
    """Write nights down; `number` 0 is the night itself, above that it was counted again."""
    count = len(nights)
    columns = nights.as_dict() | {
        "number": np.full(count, number), "happened_at": at_us,
        "rules_version": np.full(count, RULES_VERSION),
    }  # fmt: skip
    spec = {
        "seller_id": "i8", "points_before": "i8", "strikes_before": "i8", "points_today": "i8",
        "strikes_today": "i8", "penalty_minor": "i8", "expiring": "i8", "reached": "i8",
        "points": "i8", "strikes": "i8", "class_version": "i8", "happened_at": "ts",
        "day": "i4", "number": "i4", "points_class": "i2", "rung": "i2", "rules_version": "i2",
        "is_year_end": "bool", "begins": "bool", "is_forced_out": "bool",
    }  # fmt: skip
    sets.copy_in("violations_step", columns, spec)


def last_number(seller_id: int, points_class: int) -> int:
    """How often nights of a tally were counted again."""
    rows = sets.fetch_rows(
        "SELECT coalesce(max(number), 0) FROM violations_step "
        "WHERE seller_id = %s AND points_class = %s",
        [seller_id, points_class],
    )
    return int(rows[0][0])
