"""Buyers by the shop they claim from: how often, how often conceded, and what it brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.claims.facts import ClaimState, Mark
from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import Columns, Int

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Paired(Columns):
    """One row for each buyer and shop."""

    seller_id: Int
    buyer_id: Int
    claims: Int
    conceded: Int
    paid_minor: Int
    fund_minor: Int


def pairs_claimed(market_id: int, since_us: int, until_us: int) -> Paired:
    """Claims on orders placed in `[since, until)`; withdrawn and lapsed ones count for none."""
    return Paired.of(
        **sets.fetch_arrays(
            "SELECT seller_id, buyer_id, count(*)::bigint, "
            "(count(*) FILTER (WHERE marks & %(either)s = %(accepted)s))::bigint, "
            "sum(paid_minor)::bigint, sum(fund_minor)::bigint FROM claims_claim "
            "WHERE market_id = %(market)s AND ordered_at >= %(since)s AND ordered_at < %(until)s "
            "AND state <> ALL(%(none)s::smallint[]) GROUP BY seller_id, buyer_id ORDER BY 1, 2",
            {
                "either": int(Mark.ACCEPTED | Mark.DENIED), "accepted": int(Mark.ACCEPTED),
                "market": market_id,
                "since": moment_of(since_us), "until": moment_of(until_us),
                "none": [int(ClaimState.WITHDRAWN), int(ClaimState.LAPSED)],
            },
            dict.fromkeys(Paired.names(), "i8"),
        )
    )  # fmt: skip


def latest_claims(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """What the latest claim of each pair of seller and buyer is called."""
    asked = list(pairs)
    rows = sets.fetch_rows(
        "SELECT p.seller_id, p.buyer_id, c.claim_name FROM unnest(%s::bigint[], %s::bigint[]) "
        "AS p (seller_id, buyer_id) CROSS JOIN LATERAL (SELECT claim_name FROM claims_claim c "
        "WHERE c.buyer_id = p.buyer_id AND c.seller_id = p.seller_id "
        "ORDER BY c.filed_at DESC, c.claim_id LIMIT 1) AS c",
        [[seller for seller, _ in asked], [buyer for _, buyer in asked]],
    )
    return {(seller, buyer): name for seller, buyer, name in rows}
