"""What time it is in the marketplace, and which markets there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ninja import Router

from xiaobao.api.asking import needs
from xiaobao.api.shapes import Moment, Told
from xiaobao.promises import queries as promises
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest

router = Router(tags=["clock"])


class MarketTold(Told):
    market: str
    currency: str
    zone: str


class TimeTold(Told):
    """The marketplace's own time: the wall's, or in a demonstration that of the days lived."""

    now: Moment
    markets: list[MarketTold]


@router.get("/clock", **needs("packs:read"), response=TimeTold, summary="The time, and markets")
def clock(request: HttpRequest) -> TimeTold:  # noqa: ARG001
    return TimeTold(
        now=now(),
        markets=[
            MarketTold(market=one.name, currency=one.currency, zone=one.zone)
            for one in promises.markets()
        ],
    )
