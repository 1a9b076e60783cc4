"""Claims that ended for their buyers, by a ruling that nobody can appeal any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.claims.facts import ClaimEvent, Upheld
from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of

if TYPE_CHECKING:
    from collections.abc import Sequence


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
