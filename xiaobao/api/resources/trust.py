"""What anybody may check of a shop before paying: promises, covered items, deposit met or not."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from xiaobao.api.asking import NotFound
from xiaobao.api.pages import Limit
from xiaobao.api.shapes import NO_NUL, Code, Moment, Shop, Told, name_of
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import Promise
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import Restriction, Standing
from xiaobao.trust import queries as labels
from xiaobao.violations import queries as violations
from xiaobao.work.clock import now

router = Router(tags=["trust"])


class PromiseGiven(Told):
    promise: Annotated[str, Code(Promise)]
    clause: str
    trigger_zh: str
    trigger_en: str
    remedy_zh: str
    remedy_en: str


class TrustTold(Told):
    """Amounts of the deposit are the shop's own matter; whether it meets what is asked is not."""

    shop: str
    standing: Annotated[str, Code(Standing)]
    restricted_by: list[Annotated[str, Code(Restriction)]]
    is_quoted: bool
    is_deposit_met: bool = Field(description="where short, the guarantee fund still pays first")
    headroom_percent: int = Field(description="of the requirement that is there, at most 200")
    orders: int = Field(description="of 90 days, of which it is known whether all was kept")
    broken: int
    kept_bps: int = Field(description="of 10,000 orders, so many had every promise kept")
    least_bps: int = Field(description="the true share is above this, 97.5 times in a hundred")
    claims_paid: int = Field(description="of 180 days")
    median_hours: int | None = Field(description="from filing a claim to the money on its way")
    items_covered: int
    promises: list[PromiseGiven]


class RegisterEntry(Told):
    market: str
    shop: str
    violations_zh: list[str]
    violations_en: list[str]
    measures_zh: list[str]
    measures_en: list[str]
    clause: str
    begins_at: Moment
    ends_at: Moment
    published_at: Moment
    is_corrected: bool


class RegisterTold(Told):
    entries: list[RegisterEntry]


@router.get("/trust/{name:seller}", auth=None, response=TrustTold,
            summary="A shop, as a buyer may check it")  # fmt: skip
def trust(request: HttpRequest, seller: Shop) -> TrustTold:  # noqa: ARG001
    """For everybody: no token is needed."""
    row = sellers.seller(seller)
    if row is None:
        raise NotFound(what_zh="卖家", what_en="seller")
    label = labels.label_of(row, at=now())
    return TrustTold(
        shop=row.name, standing=name_of(row.state),
        restricted_by=[name_of(one) for one in row.restricted_by], is_quoted=label.is_quoted,
        is_deposit_met=label.is_met, headroom_percent=label.headroom_percent,
        orders=label.orders, broken=label.broken, kept_bps=label.kept_bps,
        least_bps=label.least_bps, claims_paid=label.claims_paid,
        median_hours=label.median_hours, items_covered=label.items_covered,
        promises=[
            PromiseGiven(
                promise=name_of(one.promise), clause=one.clause, trigger_zh=one.trigger_zh,
                trigger_en=one.trigger_en, remedy_zh=one.remedy_zh, remedy_en=one.remedy_en,
            )
            for one in label.promises
        ],
    )  # fmt: skip


@router.get("/register", auth=None, response=RegisterTold, summary="The register of penalties")
def register(
    request: HttpRequest,  # noqa: ARG001
    market: Annotated[str | None, Query(max_length=200, pattern=NO_NUL)] = None,
    limit: Limit = 100,
) -> RegisterTold:
    """For everybody: what is published, the newest first; names of persons are masked."""
    rows = violations.register(
        at=now(), market_id=None if market is None else promises.market(market).market_id,
        limit=limit,
    )  # fmt: skip
    return RegisterTold(
        entries=[
            RegisterEntry(
                market=one.market, shop=one.shop, violations_zh=list(one.violations_zh),
                violations_en=list(one.violations_en), measures_zh=list(one.measures_zh),
                measures_en=list(one.measures_en), clause=one.clause, begins_at=one.begins_at,
                ends_at=one.ends_at, published_at=one.published_at,
                is_corrected=one.is_corrected,
            )
            for one in rows
        ]
    )  # fmt: skip
