"""In place of cash: withheld settlement, instalments of what is missing, an insurer's cover."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status
from pydantic import AwareDatetime, Field

from xiaobao.api.asking import NotOfPlatform, caller_in, needs, shop_in
from xiaobao.api.shapes import (
    Amount,
    Asked,
    Code,
    Moment,
    Money,
    Name,
    Shop,
    Told,
    Whole,
    minor_of,
    money,
    name_of,
)
from xiaobao.deposits import acts, queries
from xiaobao.deposits.facts import LadderEvent, LadderStep
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.problems import Problem
from xiaobao.sellers.facts import SellerRow
from xiaobao.work.clock import now

router = Router(tags=["deposits"])
AT = "/sellers/{name:seller}/deposit"


class NothingChosen(Problem):
    code = "mix_nothing_chosen"
    status: ClassVar[int] = 422
    zh = "reserve_bps、instalments 字段：至少填写一项"
    en = "reserve_bps, instalments: give one of them at least"


class MixAsked(Asked):
    """What stands in place of cash: a share of each settlement, instalments of what is missing."""

    reserve_bps: Annotated[Whole, Field(ge=0, le=10_000)] | None = Field(
        None, description="of each settlement, withheld"
    )
    instalments: Annotated[Whole, Field(ge=1, le=1000)] | None = Field(
        None, description="months over which what is missing now is spread"
    )


class CoverAsked(Asked):
    """An insurer's policy, by its own number: it pays in the seller's place up to a limit."""

    cover: Name
    insurer: Name
    limit: Amount
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    is_premium_paid: bool = Field(False, description="to the insurer already; else taken")


class CoverTold(Told):
    cover: str
    insurer: str
    limit: Money
    drawn: Money
    premium: Money = Field(description="taken from the deposit")
    begins_at: Moment
    ends_at: Moment


class RungTold(Told):
    seq: int
    event: Annotated[str, Code(LadderEvent)]
    step: Annotated[str, Code(LadderStep)]
    shortfall: Money
    happened_at: Moment


class MixTold(Told):
    """What a seller chose in place of cash, its covers, and what happened on its ladder."""

    seller: str
    reserve_bps: int
    deferred: Money = Field(description="in instalments, and not due yet")
    instalment: Money
    next_due_at: Moment | None
    covers: list[CoverTold]
    ladder: list[RungTold]


@router.get(f"{AT}/mix", **needs("deposits:read"), response=MixTold,
            summary="What stands in place of cash, and the ladder of a shortfall")  # fmt: skip
def mix(request: HttpRequest, seller: Shop) -> MixTold:
    return _told(shop_in(request, seller))


@router.post(f"{AT}/mix", **needs("deposits:write"), response=MixTold,
             summary="Withhold a share of settlements, or pay by the month")  # fmt: skip
def choose(request: HttpRequest, seller: Shop, asked: MixAsked) -> MixTold:
    """Both, or nothing."""
    row, at = shop_in(request, seller), now()
    if asked.reserve_bps is None and asked.instalments is None:
        raise NothingChosen
    with transaction.atomic():
        if asked.reserve_bps is not None:
            acts.withhold_share(row.seller_id, asked.reserve_bps, at=at)
        if asked.instalments is not None:
            acts.pay_in_instalments(row.seller_id, asked.instalments, at=at)
    return _told(row)


@router.post(f"{AT}/covers", **needs("deposits:write"), response={201: MixTold},
             summary="Register an insurer's cover")  # fmt: skip
def cover(request: HttpRequest, seller: Shop, asked: CoverAsked) -> Status[MixTold]:
    """The platform does, who has the insurer's word; its premium comes from the free deposit."""
    row = shop_in(request, seller)
    if caller_in(request).is_of_shop:
        raise NotOfPlatform
    acts.add_cover(
        row.seller_id, asked.cover, insurer=asked.insurer,
        limit_minor=minor_of(asked.limit, row.currency), begins_at=asked.begins_at,
        ends_at=asked.ends_at, is_premium_paid=asked.is_premium_paid, at=now(),
    )  # fmt: skip
    return Status(201, _told(row))


def _told(row: SellerRow) -> MixTold:
    def of(minor: int) -> Money:
        return money(minor, row.currency)

    chosen = queries.mixes_of(np.array([row.seller_id], np.int64))
    one = {name: int(column.sum()) for name, column in chosen.as_dict().items()}
    is_due = len(chosen) > 0 and one["due_us"] != FAR_US
    return MixTold(
        seller=row.name, reserve_bps=one["reserve_bps"], deferred=of(one["deferred_minor"]),
        instalment=of(one["instalment_minor"]),
        next_due_at=moment_of(one["due_us"]) if is_due else None,
        covers=[
            CoverTold(
                cover=each.name, insurer=each.insurer, limit=of(each.limit_minor),
                drawn=of(each.drawn_minor), premium=of(each.premium_minor),
                begins_at=each.begins_at, ends_at=each.ends_at,
            )
            for each in queries.covers_of(row.seller_id)
        ],
        ladder=[
            RungTold(
                seq=each.seq, event=name_of(each.event), step=name_of(each.step),
                shortfall=of(each.shortfall_minor), happened_at=each.happened_at,
            )
            for each in queries.ladder_of(row.seller_id)
        ],
    )  # fmt: skip
