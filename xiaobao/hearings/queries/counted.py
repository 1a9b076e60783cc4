"""Rulings of one market counted over a span of time: whom they favoured, and what was undone."""

from __future__ import annotations

from xiaobao.database import sets
from xiaobao.hearings.facts import RulingsMade
from xiaobao.kernel.clocks import moment_of

_SUM = "{0}.refund_minor + {0}.freight_minor + {0}.compensation_minor + {0}.punitive_minor"


def rulings_made(market_id: int, since_us: int, until_us: int) -> RulingsMade:
    """Rulings made in `[since, until)`; one on appeal undoes another where it says other sums."""
    return RulingsMade.of(
        **sets.fetch_arrays(
            f"SELECT r.seller_id, r.by, {_SUM.format('r')} > 0, appealed.is_so, "
            f"appealed.is_so AND {_SUM.format('r')} <> {_SUM.format('p')}, r.paid_minor "
            "FROM hearings_ruling r LEFT JOIN hearings_ruling p ON p.seller_id = r.seller_id "
            "AND p.claim_id = r.claim_id AND p.round = r.round - 1, LATERAL ("
            "SELECT EXISTS (SELECT 1 FROM hearings_appeal a WHERE a.seller_id = r.seller_id "
            "AND a.claim_id = r.claim_id AND a.round = r.round - 1) AS is_so) AS appealed "
            "WHERE r.market_id = %s AND r.ruled_at >= %s AND r.ruled_at < %s "
            "ORDER BY r.ruled_at, r.seller_id, r.claim_id, r.round",
            [market_id, moment_of(since_us), moment_of(until_us)],
            {
                "seller_id": "i8", "by": "i2", "is_for_buyer": "bool", "is_on_appeal": "bool",
                "is_overturned": "bool", "paid_minor": "i8",
            },
        )
    )  # fmt: skip
