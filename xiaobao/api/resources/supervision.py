"""Supervision read by program: shops by what is surely true of them, signals, inspections, clocks.

An inspection is a person's: it is opened, carried out and closed in the consoles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from xiaobao.api.asking import needs
from xiaobao.api.pages import Cursor, Limit, page_of
from xiaobao.api.shapes import NO_NUL, Code, Moment, Money, Page, Told, money, name_of
from xiaobao.lab.gauging import MEASURED
from xiaobao.orders.facts import BreachKind
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind
from xiaobao.sellers import queries as sellers
from xiaobao.supervision import queries
from xiaobao.supervision.facts import InspectionState, Outcome, PairSign, Signal, Watched
from xiaobao.work import figures
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.supervision.facts import RankRow

router = Router(tags=["supervision"])
MarketNamed = Annotated[str, Query(max_length=200, pattern=NO_NUL)]
WatchedCode = Annotated[str, Code(Watched)]
SellerAsked = Annotated[
    str, Query(max_length=200, pattern=NO_NUL, description="of one seller; of all if left out")
]
# Sums over all of history are reckoned beside the clocks, as for pages.
FRESH = "up to when they were reckoned; none where it was just now"
Days = Annotated[int, Query(ge=1, le=3660, description="of so many days back")]


class RankTold(Told):
    """One shop by the last week counted; the rate lies between `least` and `most`, surely."""

    seller: str
    watched: WatchedCode
    orders: int
    broken: int
    sampled: int = Field(description="orders of inspections, drawn by lot")
    sample_broken: int
    rate_bps: int
    least_bps: int
    most_bps: int
    market_bps: int
    signals: list[Annotated[str, Code(Signal)]]
    since_week: int = Field(description="the Monday since which, in days since 1970")


class RanksTold(Page):
    shops: list[RankTold]


class PairTold(Told):
    """A buyer and the shop it claims from; the buyer goes by its latest claim."""

    seller: str
    claim: str
    claims: int
    conceded: int = Field(description="accepted by the shop, and nothing denied")
    sharing: int = Field(description="buyers who claim from the shop and are paid to this account")
    paid: Money
    fund: Money = Field(description="of it advanced by the guarantee fund")
    signs: list[Annotated[str, Code(PairSign)]]


class PairsTold(Told):
    count: int = Field(description="pairs with signs; the 200 that cost most are listed")
    as_of: Moment | None = Field(description=FRESH)
    pairs: list[PairTold]


class InspectionTold(Told):
    seller: str
    number: int
    watched: WatchedCode
    state: Annotated[str, Code(InspectionState)]
    outcome: Annotated[str, Code(Outcome)]
    sampled: int
    found: int
    broken: int
    opened_at: Moment
    closed_at: Moment | None
    violation: str


class InspectionsTold(Page):
    inspections: list[InspectionTold]


class ClockTold(Told):
    """The platform's own clocks of one kind that began in one month; times in minutes."""

    month: str
    clock: Annotated[str, Code(ClockKind)]
    met: int
    late: int
    running: int
    half_minutes: int | None
    most_minutes: int | None = Field(description="95 of a hundred took no longer")


class ClocksTold(Told):
    as_of: Moment | None = Field(description=FRESH)
    clocks: list[ClockTold]


class WordsTold(Told):
    zh: str
    en: str


class GaugeRowTold(Told):
    """One promise, in all categories or in one: sums are for each bad sale."""

    promise: Annotated[str, Code(BreachKind)]
    category: str | None
    bad_sales: int
    gain: Money
    sanction: Money
    found_bps: int = Field(description="of bad sales: found on the facts, or claimed about")
    upheld_bps: int = Field(description="of those found, once they came to their end")
    expected: Money = Field(description="found x upheld x sanction")
    pays: bool
    break_even: Money | None = Field(description="none where nothing is found: no sum is enough")
    smallest_floor: Money | None = Field(description="none where even the highest tried does not")


class GaugeTold(Told):
    as_of: Moment | None = Field(description=FRESH)
    bad_sales: int
    sample_broken: int = Field(description="orders that inspections found broken")
    sample_known: int = Field(description="of them: known before")
    promises: list[GaugeRowTold]
    not_known: list[WordsTold]


@router.get("/supervision/shops", **needs("supervision:read"), response=RanksTold,
            summary="Shops whose rate of breaches is surely highest first")  # fmt: skip
def shops(
    request: HttpRequest, market: MarketNamed, watched: WatchedCode = "any",  # noqa: ARG001
    cursor: Cursor = "", limit: Limit = 100,
) -> RanksTold:  # fmt: skip
    found = queries.shops_ranked(
        promises.market(market).market_id, Watched[watched.upper()],
        place=queries.BY_RATE.place(cursor), limit=limit + 1,
    )  # fmt: skip
    rows, after = page_of(found, queries.BY_RATE, limit)
    return RanksTold(shops=_told(rows), next=after)


@router.get("/supervision/signals", **needs("supervision:read"), response=RanksTold,
            summary="What left its limits by the last week counted")  # fmt: skip
def signals(
    request: HttpRequest, market: MarketNamed, cursor: Cursor = "",  # noqa: ARG001
    limit: Limit = 100,
) -> RanksTold:  # fmt: skip
    found = queries.signals_standing(
        promises.market(market).market_id, place=queries.BY_SIGNAL.place(cursor), limit=limit + 1
    )
    rows, after = page_of(found, queries.BY_SIGNAL, limit)
    return RanksTold(shops=_told(rows), next=after)


@router.get("/supervision/pairs", **needs("supervision:read"), response=PairsTold,
            summary="Buyers and shops that look like one")  # fmt: skip
def pairs(request: HttpRequest, market: MarketNamed) -> PairsTold:  # noqa: ARG001
    """Reasons to look, and no verdict; what the guarantee fund advanced most for comes first."""
    of_market = promises.market(market)
    (total, rows), as_of = figures.pairs_found(of_market, at=now())
    names = sellers.names_of(np.array([one.seller_id for one in rows], np.int64))
    return PairsTold(
        count=total, as_of=as_of,
        pairs=[
            PairTold(
                seller=names[one.seller_id], claim=one.claim, claims=one.claims,
                conceded=one.conceded, sharing=one.sharing,
                paid=money(one.paid_minor, of_market.currency),
                fund=money(one.fund_minor, of_market.currency),
                signs=[(each.name or "").lower() for each in PairSign if each in one.signs],
            )
            for one in rows
        ],
    )  # fmt: skip


@router.get("/supervision/inspections", **needs("supervision:read"), response=InspectionsTold,
            summary="Inspections, those opened last first")  # fmt: skip
def inspections(
    request: HttpRequest, cursor: Cursor = "", limit: Limit = 100  # noqa: ARG001
) -> InspectionsTold:  # fmt: skip
    found = queries.inspections(place=queries.BY_OPENING.place(cursor), limit=limit + 1)
    rows, after = page_of(found, queries.BY_OPENING, limit)
    names = sellers.names_of(np.array([one.seller_id for one in rows], np.int64))
    return InspectionsTold(
        inspections=[
            InspectionTold(
                seller=names[one.seller_id], number=one.number, watched=name_of(one.watched),
                state=name_of(one.state), outcome=name_of(one.outcome), sampled=one.sampled,
                found=one.found, broken=one.broken, opened_at=one.opened_at,
                closed_at=one.closed_at, violation=one.violation,
            )
            for one in rows
        ],
        next=after,
    )  # fmt: skip


@router.get("/supervision/cheating", **needs("supervision:read"), response=GaugeTold,
            summary="Does cheating pay: gain against the sanction to expect")  # fmt: skip
def cheating(
    request: HttpRequest, market: MarketNamed, days: Days = 90, seller: SellerAsked = "",  # noqa: ARG001
) -> GaugeTold:  # fmt: skip
    found, as_of = figures.gauge(
        promises.market(market), days, at=now(),
        seller_id=sellers.seller_named(seller).seller_id if seller else None,
    )  # fmt: skip
    currency = found["currency"]

    def told(minor: int | None) -> Money | None:
        return None if minor is None else money(minor, currency)

    return GaugeTold(
        as_of=as_of, bad_sales=found["bad_sales"], sample_broken=found["samples"]["broken"],
        sample_known=found["samples"]["known"],
        promises=[
            GaugeRowTold(
                promise=row["promise"], category=row["category"], bad_sales=row["bad_sales"],
                gain=money(row["mean_gain_minor"], currency),
                sanction=money(row["mean_sanction_minor"], currency),
                found_bps=under["found_bps"], upheld_bps=under["upheld_bps"],
                expected=money(under["expected_sanction_minor"], currency),
                pays=under["pays"], break_even=told(under["break_even_minor"]),
                smallest_floor=told(under["smallest_floor_minor"]),
            )
            for row in found["rows"]
            for under in (row["scenarios"][MEASURED],)
        ],
        not_known=[WordsTold(**one) for one in found["not_known"]],
    )  # fmt: skip


@router.get("/supervision/clocks", **needs("supervision:read"), response=ClocksTold,
            summary="The platform's own clocks by kind and month")  # fmt: skip
def clocks(request: HttpRequest, market: MarketNamed, days: Days = 90) -> ClocksTold:  # noqa: ARG001
    rows, as_of = figures.platform_clocks(promises.market(market), days, at=now())
    return ClocksTold(
        as_of=as_of,
        clocks=[
            ClockTold(
                month=one.month, clock=name_of(one.clock), met=one.met, late=one.late,
                running=one.running, half_minutes=one.half_minutes, most_minutes=one.most_minutes,
            )
            for one in rows
        ],
    )  # fmt: skip


def _told(rows: Sequence[RankRow]) -> list[RankTold]:
    names = sellers.names_of(np.array([one.seller_id for one in rows], np.int64))
    return [
        RankTold(
            seller=names[one.seller_id], watched=name_of(one.watched), orders=one.orders,
            broken=one.broken, sampled=one.sampled, sample_broken=one.sample_broken,
            rate_bps=one.rate_bps, least_bps=one.least_bps, most_bps=one.most_bps,
            market_bps=one.market_bps, since_week=one.since_week,
            signals=[(each.name or "").lower() for each in Signal if each in one.signals],
        )
        for one in rows
    ]  # fmt: skip
