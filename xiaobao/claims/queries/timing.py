"""The platform's own clocks in claims: rulings and rulings on appeal, in time or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.claims.facts import Abouts, ClaimEvent, ClaimState
from xiaobao.claims.rules.lifecycle import OPEN
from xiaobao.claims.rules.relating import breaches_of
from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.spans import Spans

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int

_E = ClaimEvent
# Whichever comes first ends the platform's turn; only a ruling does what the clock was for.
_ENDS = (
    _E.RULED, _E.ACCEPTED, _E.OFFER_ACCEPTED, _E.WITHDRAWN, _E.LAPSED, _E.REVIEW_BEGUN,
    _E.SUSPENDED, _E.BUYER_ASKED, _E.SELLER_ASKED, _E.BOTH_ASKED,
)  # fmt: skip
_OVER = frozenset(ClaimState) - {
    *OPEN, ClaimState.SUSPENDED, ClaimState.APPEALED, ClaimState.GOODS_OWED,
}  # fmt: skip


def ruling_spans(since_us: int, until_us: int, *, is_appeal: bool) -> Spans:
    """Turns of the platform to rule that began in `[since, until)`.

    The clock is as it ran: where it ran out, that moment is its end; where it did not before the
    ruling, it has none. Turns that a party ended are left out.
    """
    columns = sets.fetch_arrays(
        "SELECT c.market_id, e.happened_at, coalesce(late.happened_at, 'infinity'), "
        "coalesce(over.happened_at, 'infinity') FROM claims_event e "
        "JOIN claims_claim c USING (seller_id, claim_id) LEFT JOIN LATERAL ("
        "SELECT seq, event, happened_at FROM claims_event o WHERE o.seller_id = e.seller_id "
        "AND o.claim_id = e.claim_id AND o.seq > e.seq AND o.event = ANY(%(ends)s::smallint[]) "
        "ORDER BY o.seq LIMIT 1) AS over ON true LEFT JOIN LATERAL ("
        "SELECT happened_at FROM claims_event l WHERE l.seller_id = e.seller_id "
        "AND l.claim_id = e.claim_id AND l.seq > e.seq AND l.seq < coalesce(over.seq, 2000000000) "
        f"AND l.event = {_E.PLATFORM_LATE:d} ORDER BY l.seq LIMIT 1) AS late ON true "
        "WHERE e.event = %(begins)s AND e.happened_at >= %(since)s AND e.happened_at < %(until)s "
        f"AND coalesce(over.event, {_E.RULED:d}) = {_E.RULED:d} "
        "ORDER BY e.happened_at, e.seller_id, e.claim_id",
        {
            "ends": [int(one) for one in _ENDS],
            "begins": int(_E.APPEALED if is_appeal else _E.REVIEW_BEGUN),
            "since": moment_of(since_us), "until": moment_of(until_us),
        },
        {"market_id": "i2", "since_us": "ts", "due_us": "ts", "ended_us": "ts"},
    )  # fmt: skip
    return Spans.of(**columns)


def paid_orders(market_id: int, since_us: int, until_us: int) -> tuple[Int, Int]:
    """Sellers and orders, placed in `[since, until)`, whose claims brought their buyers money."""
    columns = sets.fetch_arrays(
        "SELECT DISTINCT seller_id, order_id FROM claims_claim WHERE market_id = %s "
        "AND ordered_at >= %s AND ordered_at < %s AND paid_minor > 0 ORDER BY 1, 2",
        [market_id, moment_of(since_us), moment_of(until_us)],
        {"seller_id": "i8", "order_id": "i8"},
    )
    return columns["seller_id"], columns["order_id"]


def claims_on_orders(
    market_id: int, since_us: int, until_us: int, *, seller_id: int | None = None
) -> Abouts:
    """Claims on orders placed in `[since, until)`: which breaches each is about, and its end.

    Of one seller where one is named.
    """
    mine = "" if seller_id is None else "AND seller_id = %(seller)s "
    columns = sets.fetch_arrays(
        "SELECT seller_id, order_id, kind, paid_minor > 0, state = ANY(%(over)s::smallint[]) "
        "FROM claims_claim WHERE market_id = %(market)s AND ordered_at >= %(since)s "
        f"AND ordered_at < %(until)s {mine}ORDER BY seller_id, claim_id",
        {
            "over": [int(one) for one in _OVER], "market": market_id,
            "since": moment_of(since_us), "until": moment_of(until_us), "seller": seller_id,
        },
        {"seller_id": "i8", "order_id": "i8", "kind": "i2", "is_paid": "bool", "is_over": "bool"},
    )  # fmt: skip
    kinds = breaches_of(columns.pop("kind"))
    return Abouts.of(**columns, kinds=kinds)
