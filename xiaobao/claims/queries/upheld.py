"""Claims that ended for their buyers, by a ruling that nobody can appeal any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.claims.facts import ClaimEvent, Upheld
from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of, us_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.kernel.columns import Int

# With these a claim pays its buyer. What is agreed with a return is paid once goods are on their
# way back; else the agreement itself pays.
_PAYS = f"{ClaimEvent.PAID:d}, {ClaimEvent.RETURN_SHIPPED:d}"
_AGREES = f"{ClaimEvent.ACCEPTED:d}, {ClaimEvent.OFFER_ACCEPTED:d}"


def upheld(market_id: int, since_us: int, until_us: int) -> tuple[Upheld, Sequence[str]]:
    """Claims whose time to appeal ended in `[since, until)` after a ruling that paid the buyer.

    Their names stand beside. Whether the seller still owes the fund does not matter. Claims that
    were settled are not among them: nobody found anything there.
    """
    columns = sets.fetch_columns(
        "SELECT c.seller_id, c.claim_id, c.item_id, c.kind, min(e.happened_at), c.claim_name "
        "FROM claims_event e JOIN claims_claim c USING (seller_id, claim_id) "
        f"WHERE e.event IN ({ClaimEvent.RECOVERY_BEGUN:d}, {ClaimEvent.CLOSED:d}) "
        "AND c.market_id = %s AND e.happened_at >= %s "
        "AND e.happened_at < %s AND (SELECT r.amount_minor FROM claims_event r "
        "WHERE r.seller_id = c.seller_id AND r.claim_id = c.claim_id "
        f"AND r.event = {ClaimEvent.RULED:d} ORDER BY r.seq DESC LIMIT 1) > 0 "
        "GROUP BY c.seller_id, c.claim_id ORDER BY min(e.happened_at), c.seller_id, c.claim_id",
        [market_id, moment_of(since_us), moment_of(until_us)],
        {
            "seller_id": "i8", "claim_id": "i8", "item_id": "i8", "kind": "i2",
            "closed_us": "ts", "claim": "text",
        },
    )  # fmt: skip
    names = columns.pop("claim").tolist()
    return Upheld.of(**columns), names


def first_ending_us(market_id: int, since_us: int) -> int | None:
    """When the first time to appeal ended from then on; None where none did."""
    rows = sets.fetch_rows(
        "SELECT min(e.happened_at) FROM claims_event e JOIN claims_claim c "
        f"USING (seller_id, claim_id) WHERE e.event IN ({ClaimEvent.RECOVERY_BEGUN:d}, "
        f"{ClaimEvent.CLOSED:d}) AND c.market_id = %s AND e.happened_at >= %s",
        [market_id, moment_of(since_us)],
    )
    return None if rows[0][0] is None else us_of(rows[0][0])


def paid_since(seller_id: int, since_us: int, until_us: int) -> tuple[Int, Int]:
    """A seller's claims filed in `[since, until)` that brought their buyer money before `until`.

    Row for row the order, and the hours from filing to the first payment, begun ones counted.
    """
    columns = sets.fetch_arrays(
        "SELECT order_id, ceil(extract(epoch FROM paid_at - filed_at) / 3600)::bigint FROM ("
        "SELECT c.order_id, c.filed_at, c.claim_id, "
        f"coalesce(min(e.happened_at) FILTER (WHERE e.event IN ({_PAYS})), min(e.happened_at)) "
        "AS paid_at FROM claims_claim c JOIN claims_event e USING (seller_id, claim_id) "
        f"WHERE c.seller_id = %s AND c.filed_at >= %s AND e.event IN ({_PAYS}, {_AGREES}) "
        "AND e.happened_at < %s AND c.paid_minor > 0 "
        "GROUP BY c.seller_id, c.claim_id) AS paid ORDER BY claim_id",
        [seller_id, moment_of(since_us), moment_of(until_us)],
        {"order_id": "i8", "hours": "i8"},
    )
    return columns["order_id"], columns["hours"]
