"""What a shop puts up in place of cash: instalments of what is missing, a share as reserve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from xiaobao.deposits import acts, queries
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.problems import Problem
from xiaobao.web.gates import shop_page
from xiaobao.web.people import Role
from xiaobao.web.telling import field, tell, tell_problem, tell_wrong
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.sellers.facts import SellerRow

PERCENT_BPS = 100


def mix_of(row: SellerRow) -> dict[str, object]:
    """What the shop chose, as its page tells it."""
    found = queries.mixes_of(np.array([row.seller_id]))
    if len(found) == 0:
        return {"deferred_minor": 0, "reserve_percent": 0}
    due_us = int(found.due_us[0])
    return {
        "deferred_minor": int(found.deferred_minor[0]),
        "instalment_minor": int(found.instalment_minor[0]),
        "due_at": None if due_us >= FAR_US else moment_of(due_us),
        # A share that is no whole per cent was set elsewhere: it is shown rounded down.
        "reserve_percent": int(found.reserve_bps[0]) // PERCENT_BPS,
    }


@require_POST
@shop_page(Role.OWNER)
def change(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Pay what is missing in instalments, or have a share of each settlement withheld."""
    asked, count = field(request, "act"), _whole(field(request, "count"))
    try:
        if count is None or asked not in ("instalments", "reserve"):
            tell_wrong(request, zh="请填写一个整数", en="give a whole number", about="count")
        elif asked == "instalments":
            acts.pay_in_instalments(row.seller_id, count, at=now())
            tell(request, zh="已分期，未到期的不算缺口",
                 en="set; what is not due yet is no shortfall")  # fmt: skip
        else:
            acts.withhold_share(row.seller_id, count * PERCENT_BPS, at=now())
            tell(request, zh="已设置，自下一笔结算起", en="set, from the next settlement on")
    except Problem as problem:
        tell_problem(request, problem)
    return HttpResponseRedirect(reverse("seller-deposit", args=[row.name]) + "#mix")


def _whole(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else None  # noqa: PLR2004  more is out of range
