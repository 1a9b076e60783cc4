"""Which orders this browser's buyer opened; of any other there is no page."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.views.decorators.cache import never_cache

from xiaobao.kernel.references import id_of
from xiaobao.orders import queries as orders

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

OPENED = "orders_opened"
# A browser keeps the last so many orders open.
MOST = 20


def remember(request: HttpRequest, seller_id: int, order_id: int) -> None:
    """Let this browser see the order; its session is another from here on."""
    request.session.cycle_key()
    opened = [one for one in request.session.get(OPENED, []) if one != [seller_id, order_id]]
    request.session[OPENED] = [*opened, [seller_id, order_id]][-MOST:]


def buyer_page(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page of one order, for whoever opened its link; the page gets the order's detail."""

    @never_cache
    @wraps(page)
    def passed(request: HttpRequest, shop: str, order: str, **rest: Any) -> HttpResponseBase:
        key = [id_of(shop), id_of(order)]
        if key not in request.session.get(OPENED, []):
            raise Http404
        detail = orders.order_detail(*key)
        if detail is None or detail.order != order:
            raise Http404
        return page(request, shop, detail, **rest)

    return passed
