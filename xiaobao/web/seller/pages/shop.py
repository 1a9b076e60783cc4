"""The overview: where the shop stands, the clocks that run, what to do next."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from xiaobao.claims import queries as claims_now
from xiaobao.claims.facts import KIND_WORDS, STATE_WORDS, ClaimState
from xiaobao.deposits.facts import STEP_WORDS
from xiaobao.kernel.clocks import us_of
from xiaobao.orders import queries as orders
from xiaobao.orders.facts import REPORT_WORDS
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import RESTRICTION_WORDS, STANDING_WORDS, Standing
from xiaobao.web.gates import shop_page
from xiaobao.web.seller.pages.asked import asked_of
from xiaobao.web.seller.pages.plight import plight_of
from xiaobao.web.telling import spoken_in
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from xiaobao.claims.facts import ListRow
    from xiaobao.sellers.facts import SellerRow

PAGE = 50
# Of reports the first are shown, those that wait before the others.
SHOWN = 8
# That money back goes elsewhere, every member of the shop reads for so long.
TOLD_FOR = timedelta(days=30)
# Claims that wait for the shop; in the others somebody else's clock runs.
SELLERS_TURN = {
    ClaimState.NEGOTIATING, ClaimState.AWAITING_SELLER, ClaimState.AWAITING_SELLER_EVIDENCE,
    ClaimState.AWAITING_BOTH_EVIDENCE,
}  # fmt: skip


@require_safe
@shop_page()
def overview(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Where the shop stands, its deposit, the clocks that run, what to do next."""
    at = now()
    asked = asked_of(row, at)
    deposit = asked["deposit"]
    given = {one.promise for one in sellers.promises_of(row.seller_id) if one.ended_at is None}
    changed_at = sellers.payee_changed_at(row.seller_id)
    open_claims = [
        one for one in claims_now.claims_listed(seller_id=row.seller_id, limit=PAGE)
        if one.due_at is not None
    ]  # fmt: skip
    return render(request, "seller/overview.html", {
        "shop": row,
        "tab": "home",
        "standing": STANDING_WORDS[row.state],
        "is_before": row.state in (Standing.INVITED, Standing.SIGNED),
        "restrictions": [RESTRICTION_WORDS[one] for one in row.restricted_by],
        "payee_changed_at": changed_at if changed_at and at - changed_at < TOLD_FOR else None,
        **asked,
        "plight": plight_of(row),
        "step": STEP_WORDS[deposit.step] if deposit else None,
        "reports": [(one, REPORT_WORDS[one.state])
                    for one in orders.reports_listed(seller_id=row.seller_id, limit=SHOWN)],
        "items_covered": sellers.items_covered(row.seller_id),
        "profile": sellers.profile_completeness(row.seller_id),
        "own": [_in_words(one) for one in open_claims if one.state in SELLERS_TURN],
        "claims": [_in_words(one) for one in open_claims if one.state not in SELLERS_TURN],
        "promises": [(one, promises.title_of(one.clause, spoken_in(request), us_of(at)))
                     for one in promises.promises_of(row.market_id, us_of(at))
                     if one.promise in given],
    })  # fmt: skip


def _in_words(one: ListRow) -> tuple[ListRow, tuple[str, str], tuple[str, str]]:
    return one, KIND_WORDS[one.kind], STATE_WORDS[one.state]
