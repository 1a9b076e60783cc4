"""The platform's own reports: one of each quarter, signed, for everybody."""

from __future__ import annotations

import json
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from xiaobao.api.shapes import NO_NUL, Moment, Told
from xiaobao.promises import queries as promises
from xiaobao.trust import queries

router = Router(tags=["trust"])
MarketNamed = Annotated[str, Query(max_length=200, pattern=NO_NUL)]


class QuarterTold(Told):
    quarter: str
    published_at: Moment
    corrections: int


class QuartersTold(Told):
    market: str
    quarters: list[QuarterTold]


class QuarterlyReportTold(Told):
    """A statement and those that correct it; each is checked by `xiaobao verify` as it stands."""

    report: dict[str, Any] = Field(description="as published and signed; see docs/report.md")
    corrections: list[dict[str, Any]] = Field(description="beside it, in order")


@router.get("/quarterly-reports", auth=None, response=QuartersTold,
            summary="Quarters that were reported")  # fmt: skip
def quarters(request: HttpRequest, market: MarketNamed = "cn") -> QuartersTold:  # noqa: ARG001
    """For everybody: the latest first."""
    of = promises.market(market)
    return QuartersTold(
        market=of.name,
        quarters=[
            QuarterTold(quarter=str(quarter), published_at=at, corrections=corrected)
            for quarter, at, corrected in queries.quarters_of(of.market_id)
        ],
    )


@router.get("/quarterly-reports/{name:quarter}", auth=None, response=QuarterlyReportTold,
            summary="The platform's report of a quarter")  # fmt: skip
def quarterly_report(
    request: HttpRequest,  # noqa: ARG001
    quarter: str,
    market: MarketNamed = "cn",
) -> QuarterlyReportTold:
    """For everybody: what was published, whole and signed."""
    told = [
        json.loads(one.body)
        for one in queries.published(promises.market(market), queries.quarter_asked(quarter))
    ]
    return QuarterlyReportTold(report=told[0], corrections=told[1:])
