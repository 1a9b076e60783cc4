"""Violations and penalties of one market counted over a span of time."""

from __future__ import annotations

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of
from xiaobao.violations.facts import PenaltiesBegun, Recorded


def recorded(market_id: int, since_us: int, until_us: int) -> Recorded:
    """Violations recorded in `[since, until)`, and which of them do not stand any more."""
    return Recorded.of(
        **sets.fetch_arrays(
            "SELECT seller_id, kind, state = 5 FROM violations_violation WHERE market_id = %s "
            "AND recorded_at >= %s AND recorded_at < %s ORDER BY seller_id, violation_id",
            [market_id, moment_of(since_us), moment_of(until_us)],
            {"seller_id": "i8", "kind": "i2", "is_revoked": "bool"},
        )
    )


def penalties_begun(market_id: int, since_us: int, until_us: int) -> PenaltiesBegun:
    """Penalties that began in `[since, until)`."""
    return PenaltiesBegun.of(
        **sets.fetch_arrays(
            "SELECT seller_id, penalty_minor, published_at <= publish_by_at, "
            "corrected_at < 'infinity' FROM violations_penalty WHERE market_id = %s "
            "AND begins_at >= %s AND begins_at < %s ORDER BY seller_id, day, step",
            [market_id, moment_of(since_us), moment_of(until_us)],
            {
                "seller_id": "i8", "penalty_minor": "i8", "is_in_time": "bool",
                "is_corrected": "bool",
            },
        )
    )  # fmt: skip


def exits_forced(market_id: int, since_us: int, until_us: int) -> int:
    """How many forced exits were decided in `[since, until)`."""
    rows = sets.fetch_rows(
        "SELECT count(*) FROM violations_forced_exit WHERE market_id = %s "
        "AND decided_at >= %s AND decided_at < %s",
        [market_id, moment_of(since_us), moment_of(until_us)],
    )
    return int(rows[0][0])
