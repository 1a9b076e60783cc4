"""Sellers: who joined and where they stand; enrolments, promises chosen, the shop's profile."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np
from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field, StrictStr

from xiaobao.api.asking import NotOfPlatform, caller_in, needs, seller_in, shop_in
from xiaobao.api.pages import Cursor, Limit, cursor_of, place_at
from xiaobao.api.shapes import NO_NUL, Asked, Code, Moment, Name, Page, Shop, Told, Words, name_of
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.kernel.problems import Problem
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import Promise
from xiaobao.sellers import acts, queries
from xiaobao.sellers.facts import PROFILE_PARTS, Restriction, SellerRow, Standing
from xiaobao.work.clock import now

router = Router(tags=["sellers"])
StandingCode = Annotated[str, Code(Standing)]
PromiseCode = Annotated[str, Code(Promise)]
ONE = Field(min_length=1)


class CategoryUnknown(Problem):
    code = "category_unknown"
    status: ClassVar[int] = 422
    zh = "category 字段：市场“{market}”没有类目“{category}”；可用：{known}"
    en = "category: market '{market}' has no category '{category}'; there are: {known}"


class PayeeNeedsPerson(Problem):
    """A program cannot show a second factor: with its secret alone, money would go elsewhere."""

    code = "payee_needs_person"
    status: ClassVar[int] = 403
    zh = (
        "changes 字段：已填的收款账户和经营者名称不能由程序更改；"
        "请店主登录卖家后台，验证第二因素后更改"
    )
    en = (
        "changes: a bound account and a legal name that stand are not changed by a program; let "
        "the owner change them in the console, with a second factor"
    )


class SellerTold(Told):
    """One seller and where it stands."""

    seller: str
    market: str
    currency: str
    category: str
    standing: StandingCode
    restricted_by: list[Annotated[str, Code(Restriction)]]
    invited_at: Moment
    since: Moment


class SellersTold(Page):
    sellers: list[SellerTold]


class PromiseTold(Told):
    promise: PromiseCode
    began_at: Moment
    ended_at: Moment | None


class SignatureTold(Told):
    version: str
    language: str
    text_sha256: str
    signed_at: Moment
    signed_by: str


class PayeeChangeTold(Told):
    """The bound account, its name or the telephone was changed; who was there before is told."""

    changed_at: Moment
    changed_by: str
    account_before: str
    holder_before: str
    phone_before: str = Field(description="whom to ask whether it was them")


class SellerWhole(SellerTold):
    """All of one seller: promises, agreements signed, profile, covered items."""

    promises: list[PromiseTold]
    agreements: list[SignatureTold]
    items_covered: int
    profile: dict[str, str]
    profile_complete_bps: int
    profile_missing: list[str]
    payee_changes: list[PayeeChangeTold] = Field(
        description="to staff: when payments back, or the telephone, were changed, the last first"
    )


class EnrolmentsAsked(Asked):
    """Sellers who join; the agreement in force is signed for them by whoever is named."""

    market: Name = Field(examples=["cn"])
    sellers: Annotated[list[Name], Field(min_length=1, max_length=1000)]
    category: Name = "general"
    signed_by: Name


class EnrolmentsTold(Told):
    sellers: list[SellerTold]


class PromisesAsked(Asked):
    """Exactly these promises from now on; basic ones have to be among them."""

    promises: Annotated[list[PromiseCode], ONE]


class ProfileAsked(Asked):
    """Parts of the profile to set; an empty text takes one away."""

    changes: Annotated[
        dict[StrictStr, Words],
        ONE,
        Field(json_schema_extra={"propertyNames": {"enum": [p.field for p in PROFILE_PARTS]}}),
    ]


def seller_told(row: SellerRow) -> SellerTold:
    return SellerTold(
        seller=row.name, market=promises.market_of(row.market_id).name, currency=row.currency,
        category=row.category, standing=name_of(row.state),
        restricted_by=[name_of(one) for one in row.restricted_by], invited_at=row.invited_at,
        since=row.since,
    )  # fmt: skip


@router.get("/sellers", **needs("sellers:read"), response=SellersTold, summary="Sellers by name")
def listed(
    request: HttpRequest,
    market: Annotated[str | None, Query(max_length=200, pattern=NO_NUL)] = None,
    standing: StandingCode | None = None,
    cursor: Cursor = "",
    limit: Limit = 100,
) -> SellersTold:
    """All of them for the platform and its staff; a shop's own client sees its own."""
    caller = caller_in(request)
    place = place_at(cursor, str)
    if caller.is_of_shop:
        mine = queries.names_of(np.array([caller.seller_id])).values()
        return SellersTold(sellers=[seller_told(queries.seller_named(name)) for name in mine])
    rows = queries.sellers(
        market_id=None if market is None else promises.market(market).market_id,
        state=None if standing is None else Standing[standing.upper()],
        after=str(place[0]) if place else "", limit=limit + 1,
    )  # fmt: skip
    return SellersTold(
        sellers=[seller_told(row) for row in rows[:limit]],
        next=cursor_of(rows[limit - 1].name) if len(rows) > limit else None,
    )


@router.get(
    "/sellers/{name:seller}", **needs("sellers:read"), response=SellerWhole,
    summary="One seller whole",
)  # fmt: skip
def one_seller(request: HttpRequest, seller: Shop) -> SellerWhole:
    return _whole(shop_in(request, seller), is_of_shop=caller_in(request).is_of_shop)


def _whole(row: SellerRow, *, is_of_shop: bool) -> SellerWhole:
    complete = queries.profile_completeness(row.seller_id)
    return SellerWhole(
        **seller_told(row).model_dump(),
        promises=[
            PromiseTold(
                promise=name_of(Promise(one.promise)), began_at=one.began_at,
                ended_at=one.ended_at,
            )
            for one in queries.promises_of(row.seller_id)
        ],
        agreements=[
            SignatureTold(
                version=one.version, language=one.language, text_sha256=one.text_sha256,
                signed_at=one.signed_at, signed_by=one.signed_by,
            )
            for one in queries.signatures_of(row.seller_id)
        ],
        items_covered=queries.items_covered(row.seller_id),
        profile=queries.profile_of(row.seller_id),
        profile_complete_bps=complete.complete_bps,
        profile_missing=[one.field for one in complete.missing],
        payee_changes=[
            PayeeChangeTold(
                changed_at=one.changed_at, changed_by=one.changed_by,
                account_before=one.account_before, holder_before=one.holder_before,
                phone_before=one.phone_before,
            )
            # Whoever took the shop over need not learn who is called.
            for one in ([] if is_of_shop else queries.payee_changes(row.seller_id))
        ],
    )  # fmt: skip


@router.post(
    "/enrolments", **needs("sellers:write"), response={201: EnrolmentsTold},
    summary="Sellers join the guarantee",
)  # fmt: skip
def enrol(request: HttpRequest, asked: EnrolmentsAsked) -> Status[EnrolmentsTold]:
    """Agreement signed, basic promises begun, deposit quoted; all of them or none."""
    if caller_in(request).is_of_shop:
        raise NotOfPlatform
    market = promises.market(asked.market)
    known = [category.code for _, category in promises.categories(market.market_id)]
    if asked.category not in known:
        raise CategoryUnknown(market=asked.market, category=asked.category, known=", ".join(known))
    names, at = list(dict.fromkeys(asked.sellers)), now()
    with transaction.atomic():
        ids = acts.enrol_sellers(
            names, market_id=market.market_id, signed_by=asked.signed_by, at=at,
            categories=[asked.category] * len(names),
        )  # fmt: skip
        deposits.quote_deposits(deposits_now.unquoted(ids), at=at)
    rows = [queries.seller_named(name) for name in names]
    return Status(201, EnrolmentsTold(sellers=[seller_told(row) for row in rows]))


@router.post(
    "/sellers/{name:seller}/promises", **needs("sellers:write"), response=SellerWhole,
    summary="Choose promises",
)  # fmt: skip
def choose(request: HttpRequest, seller: Shop, asked: PromisesAsked) -> SellerWhole:
    row = shop_in(request, seller)
    chosen = [Promise[one.upper()] for one in dict.fromkeys(asked.promises)]
    acts.choose_promises(row.seller_id, chosen, at=now())
    return _whole(row, is_of_shop=caller_in(request).is_of_shop)


@router.post(
    "/sellers/{name:seller}/profile", **needs("sellers:write"), response=SellerWhole,
    summary="Change the shop's profile",
)  # fmt: skip
def change_profile(request: HttpRequest, seller: Shop, asked: ProfileAsked) -> SellerWhole:
    row = shop_in(request, seller)
    if queries.changes_payee(row.seller_id, asked.changes):
        raise PayeeNeedsPerson
    acts.update_profile(row.seller_id, asked.changes, by=seller_in(request, row), at=now())
    return _whole(row, is_of_shop=caller_in(request).is_of_shop)
