"""What acts of this room read before they decide: what went before, and what nights count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.clocks import DAY_US
from xiaobao.violations.facts import Counted, Effect, State, ViolationFacts

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int
    from xiaobao.violations.facts import NewViolations
    from xiaobao.violations.terms import KindTerms

_COUNTED = {
    "seller_id": "i8", "points_class": "i2", "day": "i4", "points": "i8", "strikes": "i2",
    "penalty_minor": "i8", "expires_day": "i4",
}  # fmt: skip
_COUNTED_COLUMNS = (
    "v.seller_id, v.points_class, v.counted_day, v.points, v.strikes, v.penalty_minor, "
    "v.expires_day"
)


def facts_of(new: NewViolations, terms: KindTerms) -> ViolationFacts:
    """What each is judged on, with what was recorded of its seller before and not revoked."""
    found = sets.fetch_arrays(
        "SELECT u.n - 1, "
        f"count(*) FILTER (WHERE v.effect <> {Effect.BUNDLED:d}), "
        "coalesce(bool_or(u.incident_id <> 0 AND v.incident_id = u.incident_id "
        "AND v.happened_at > u.bundled_since), false), "
        "coalesce(sum(v.points) FILTER (WHERE v.happened_at > u.capped_since), 0)::bigint "
        "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[], "
        "%s::timestamptz[]) WITH ORDINALITY "
        "AS u(seller_id, kind, incident_id, bundled_since, capped_since, n) "
        "JOIN violations_violation v ON v.seller_id = u.seller_id AND v.kind = u.kind "
        f"AND v.state <> {State.REVOKED:d} GROUP BY u.n ORDER BY u.n",
        [
            new.seller_id, new.kind, new.incident_id,
            (new.happened_us - terms.bundle_days * DAY_US).view("M8[us]"),
            (new.happened_us - terms.cap_days * DAY_US).view("M8[us]"),
        ],
        {"row": "i8", "earlier": "i8", "is_same": "bool", "points": "i8"},
    )  # fmt: skip
    earlier, points = np.zeros(len(new), np.int64), np.zeros(len(new), np.int64)
    is_same = np.zeros(len(new), np.bool_)
    rows = found["row"]
    earlier[rows], points[rows], is_same[rows] = (
        found["earlier"],
        found["points"],
        found["is_same"],
    )
    return ViolationFacts(
        kind=new.kind, units=new.units, is_corrected=new.is_corrected, earlier=earlier,
        is_same_incident=is_same, points_in_cap=points,
    )  # fmt: skip


def counted_on(seller_id: Int, points_class: Int, day: Int) -> Counted:
    """What counts, or expires, on these days for these tallies; nothing that was revoked."""
    return Counted.of(
        **sets.fetch_arrays(
            f"SELECT {_COUNTED_COLUMNS} FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) "
            "AS u(seller_id, points_class, day) JOIN violations_violation v "
            "ON v.seller_id = u.seller_id AND v.points_class = u.points_class "
            "AND (v.counted_day = u.day OR v.expires_day = u.day) "
            f"WHERE v.state <> {State.REVOKED:d} ORDER BY v.seller_id, v.violation_id",
            [seller_id, points_class, day],
            _COUNTED,
        )
    )


def counted_of(seller_ids: Int) -> Counted:
    """Everything that ever counted for these sellers; nothing that was revoked."""
    return Counted.of(
        **sets.fetch_arrays(
            f"SELECT {_COUNTED_COLUMNS} FROM violations_violation v "
            "WHERE v.seller_id = ANY(%s::bigint[]) "
            f"AND v.state <> {State.REVOKED:d} ORDER BY v.seller_id, v.violation_id",
            [seller_ids],
            _COUNTED,
        )
    )


def next_days(seller_id: Int, points_class: Int, after_day: Int, never: int) -> Int:
    """The next day on which something counts or expires for each tally; `never` where none is."""
    found = sets.fetch_arrays(
        "SELECT u.n - 1, min(d.day) FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) "
        "WITH ORDINALITY AS u(seller_id, points_class, after_day, n) "
        "JOIN violations_violation v ON v.seller_id = u.seller_id "
        f"AND v.points_class = u.points_class AND v.state <> {State.REVOKED:d} "
        "CROSS JOIN LATERAL (VALUES (v.counted_day), (v.expires_day)) AS d(day) "
        "WHERE d.day > u.after_day GROUP BY u.n ORDER BY u.n",
        [seller_id, points_class, after_day],
        {"row": "i8", "day": "i4"},
    )
    days = np.full(len(seller_id), never, np.int64)
    days[found["row"]] = found["day"]
    return days


def known(seller_id: Int, violation_id: Int) -> tuple[Int, Int]:
    """Which of these rows are recorded already, and the digest of what was."""
    found = sets.fetch_arrays(
        "SELECT u.n - 1, v.digest FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY "
        "AS u(seller_id, violation_id, n) JOIN violations_violation v "
        "USING (seller_id, violation_id) ORDER BY u.n",
        [seller_id, violation_id],
        {"row": "i8", "digest": "i8"},
    )
    return found["row"], found["digest"]


def recorded_by(seller_id: int, violation_id: int) -> str:
    """Who recorded a violation: nobody decides about their own record."""
    rows = sets.fetch_rows(
        "SELECT recorded_by FROM violations_violation WHERE seller_id = %s AND violation_id = %s",
        [seller_id, violation_id],
    )
    return str(rows[0][0])
