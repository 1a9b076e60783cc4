"""Times in which the clocks of claims stand still, and wait for the desk."""

from __future__ import annotations

from xiaobao.claims.facts import StopReason, StopToAccept
from xiaobao.database import sets


def stops_to_accept(limit: int = 100) -> list[StopToAccept]:
    """Stops of parties that rest on an authority's document, those that lapse first on top."""
    rows = sets.fetch_rows(
        "SELECT s.seller_id, c.claim_name, s.reason, s.until_at FROM claims_stop s "
        "JOIN claims_claim c USING (seller_id, claim_id) WHERE NOT s.is_accepted "
        "AND s.resume_at = 'infinity' ORDER BY s.until_at, s.seller_id, s.claim_id LIMIT %s",
        [limit],
    )
    return [
        StopToAccept(seller_id, claim, StopReason(reason), until_at)
        for seller_id, claim, reason, until_at in rows
    ]
