"""Claims of one market counted over a span of time; read beside the clocks alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.claims.facts import ClaimEvent, Endings
from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int

_E = ClaimEvent
_ENDS = (_E.RULED, _E.ACCEPTED, _E.OFFER_ACCEPTED, _E.WITHDRAWN, _E.LAPSED)
# With these a claim pays its buyer; where none came, what was agreed without a return did.
_PAYS = f"{_E.PAID:d}, {_E.RETURN_SHIPPED:d}"
_AGREES = f"{_E.ACCEPTED:d}, {_E.OFFER_ACCEPTED:d}"


def endings(market_id: int, since_us: int, until_us: int) -> Endings:
    """Claims that came to something in `[since, until)`: each once, by the last of it."""
    return Endings.of(
        **sets.fetch_arrays(
            "SELECT DISTINCT ON (e.seller_id, e.claim_id) e.seller_id, c.kind, e.event, "
            f"e.event IN ({_AGREES}) OR e.amount_minor > 0 FROM claims_event e "
            "JOIN claims_claim c USING (seller_id, claim_id) WHERE c.market_id = %s "
            "AND e.event = ANY(%s::smallint[]) AND e.happened_at >= %s AND e.happened_at < %s "
            "ORDER BY e.seller_id, e.claim_id, e.seq DESC",
            [market_id, [int(one) for one in _ENDS], moment_of(since_us), moment_of(until_us)],
            {"seller_id": "i8", "kind": "i2", "event": "i2", "is_for_buyer": "bool"},
        )
    )


def filed_against(market_id: int, since_us: int, until_us: int) -> Int:
    """The sellers of claims filed in `[since, until)`, one for each claim."""
    return sets.fetch_arrays(
        "SELECT seller_id FROM claims_claim WHERE market_id = %s AND filed_at >= %s "
        "AND filed_at < %s ORDER BY seller_id",
        [market_id, moment_of(since_us), moment_of(until_us)],
        {"seller_id": "i8"},
    )["seller_id"]


def hours_to_money(market_id: int, since_us: int, until_us: int) -> Int:
    """Hours from filing to the first payment, begun ones counted, of claims first paid then."""
    return sets.fetch_arrays(
        "SELECT ceil(extract(epoch FROM paid_at - filed_at) / 3600)::bigint FROM ("
        "SELECT c.filed_at, coalesce(min(e.happened_at) FILTER (WHERE e.event IN "
        f"({_PAYS})), min(e.happened_at)) AS paid_at FROM claims_claim c JOIN claims_event e "
        f"USING (seller_id, claim_id) WHERE c.market_id = %s AND e.event IN ({_PAYS}, {_AGREES}) "
        "AND c.paid_minor > 0 GROUP BY c.seller_id, c.claim_id, c.filed_at) AS paid "
        "WHERE paid_at >= %s AND paid_at < %s ORDER BY 1",
        [market_id, moment_of(since_us), moment_of(until_us)],
        {"hours": "i8"},
    )["hours"]
