"""Alipay's notifies: verified, taken once, and answered with the one word that it waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xiaobao.gateways.alipay import configured
from xiaobao.kernel.problems import Problem
from xiaobao.work.clock import now
from xiaobao.work.notices import take_notice
from xiaobao.work.through import alipay_gateway

if TYPE_CHECKING:
    from django.http import HttpRequest

_MOST_FIELDS = 100


@csrf_exempt
@require_POST
def alipay(request: HttpRequest) -> HttpResponse:
    """Whatever is not `success` Alipay tells again, for a day."""
    config = configured()
    if config is None:
        raise Http404
    fields = request.POST
    if len(fields) > _MOST_FIELDS or any(len(values) > 1 for _, values in fields.lists()):
        return _answered("failure", 400)
    try:
        take_notice(fields.dict(), alipay_gateway(config), at=now())
    except Problem as trouble:
        return _answered("failure", trouble.status)
    return _answered("success", 200)


def _answered(word: str, status: int) -> HttpResponse:
    return HttpResponse(word, status=status, content_type="text/plain; charset=utf-8")
