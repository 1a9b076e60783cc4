"""Questions about trust: a shop as anybody may check it, and its signed label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims import queries as claims
from xiaobao.deposits import queries as deposits
from xiaobao.evidence import acts as evidence
from xiaobao.kernel.clocks import DAY_US, us_of
from xiaobao.orders import queries as orders
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.trust import rules
from xiaobao.trust.facts import KEPT_DAYS, PAYOUT_DAYS, LabelRow, Records
from xiaobao.violations import queries as violations

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.sellers.facts import SellerRow
    from xiaobao.violations.facts import RegisterRow


def label_of(seller: SellerRow, *, at: datetime) -> LabelRow:
    """A shop as anybody may check it: nothing here tells how much money it has."""
    at_us, one = us_of(at), seller.seller_id
    # Nothing is asked of who has left, and nothing stands behind what it sells.
    has_left = seller.has_left
    deposit = None if has_left else deposits.deposit_of(one, at=at)
    paid_orders, hours = claims.paid_since(one, at_us - PAYOUT_DAYS * DAY_US, at_us)
    known, broken = orders.outcomes(one, at_us - KEPT_DAYS * DAY_US, at_us, paid_orders)
    standing = rules.standings(
        Records.of(
            orders=[known], broken=[broken],
            required_minor=[deposit.required_minor if deposit else 0],
            available_minor=[deposit.available_minor + deposit.leaving_minor if deposit else 0],
        )
    )  # fmt: skip
    given = {row.promise for row in sellers.promises_of(one) if row.ended_at is None}
    penalty = _last_penalty(one, at)
    return LabelRow(
        seller=seller, market=promises.market_of(seller.market_id).name, at=at,
        promises=tuple(row for row in promises.promises_of(seller.market_id, at_us)
                       if row.promise in given),
        items_covered=sellers.items_covered(one), is_quoted=deposit is not None,
        is_met=bool(standing.is_met[0]) and not has_left,
        headroom_percent=0 if has_left else int(standing.headroom_percent[0]),
        orders=known, broken=broken, kept_bps=int(standing.kept_bps[0]),
        least_bps=int(standing.least_bps[0]), claims_paid=len(hours),
        # The lower of the two in the middle, where there is no one.
        median_hours=int(np.sort(hours)[(len(hours) - 1) // 2]) if len(hours) else None,
        penalty=None if penalty is None or penalty.is_masked else penalty,
        is_penalty_nameless=seller.is_natural_person,
    )  # fmt: skip


def _last_penalty(seller_id: int, at: datetime) -> RegisterRow | None:
    found = violations.register(at=at, seller_id=seller_id, limit=1)
    return found[0] if found else None


def signed_label(seller: SellerRow, *, at: datetime) -> dict[str, Any]:
    """The label as JSON, signed with the evidence log's own key: `xiaobao verify` checks it."""
    label = rules.spelt(label_of(seller, at=at))
    return rules.with_signature(label, evidence.sign_statement(rules.signed_text(label)))
