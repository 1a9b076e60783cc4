"""Facts of orders, up to ten thousand a call, read as columns: no Python object per row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.http import HttpRequest
from ninja import Router
from pyarrow import json as arrow_json
from pydantic import Field, StrictStr, ValidationError

from xiaobao.api.asking import needs
from xiaobao.api.problems import BodyUnreadable, RequestInvalid, Row
from xiaobao.api.shapes import Amount, Asked, Name, Told, Whole
from xiaobao.gateways.feeds.cells import mask_of
from xiaobao.gateways.feeds.faults import Fault, Words
from xiaobao.gateways.feeds.orders import COLUMNS, facts_of
from xiaobao.gateways.feeds.sheets import Sheet
from xiaobao.kernel.problems import Problem
from xiaobao.orders import acts
from xiaobao.orders.acts import FactsRefused
from xiaobao.promises import queries as promises
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.gateways.feeds.orders import OrderFeed

router = Router(tags=["facts"])
MOST_FACTS = 10_000
MONEYS = ("goods", "freight", "amount", "price")
WHOLES = ("ship_hours", "quantity")

_MONEY = pa.struct([("amount", pa.int64()), ("currency", pa.large_string())])
_KINDS = dict.fromkeys(MONEYS, _MONEY) | dict.fromkeys(WHOLES, pa.int64())
# The currency of a fact stands with its amounts.
_FIELDS = [name for name in COLUMNS if name != "currency"]
_FACT = pa.struct([(name, _KINDS.get(name, pa.large_string())) for name in _FIELDS])
_BODY = pa.schema([("market", pa.large_string()), ("facts", pa.list_(_FACT))])

Text = Annotated[StrictStr, Field(max_length=1000)]
Time = Annotated[StrictStr, Field(examples=["2026-01-31T09:30:00+08:00"])]
Kind = Literal[
    "placed", "line", "paid", "labelled", "scanned", "delivered", "signed", "completed",
    "cancelled", "refund_asked", "refund_paid", "return_shipped", "return_received",
    "force_majeure",
]  # fmt: skip


class FactAsked(Asked):
    """One fact about one order; which field belongs to which fact: docs/import.md."""

    seller: Name
    order: Name
    fact: Kind
    at: Time
    buyer: Name | None = None
    goods: Amount | None = None
    freight: Amount | None = None
    category: Text | None = None
    ship_by: Time | None = None
    ship_hours: Annotated[Whole, Field(ge=1, le=100_000)] | None = None
    route: Literal["same_region", "cross_province", "remote"] | None = None
    reason: (
        Literal["buyer", "out_of_stock", "price_rise", "selective", "other", "platform"] | None
    ) = None
    amount: Amount | None = None
    waybill: Text | None = None
    item: Text | None = None
    title: Text | None = None
    quantity: Annotated[Whole, Field(ge=1, le=10**9)] | None = None
    price: Amount | None = None


class FactsAsked(Asked):
    """Facts of one market; all of them are taken, or none."""

    market: Name = Field(examples=["cn"])
    facts: Annotated[list[FactAsked], Field(min_length=1, max_length=MOST_FACTS)]


class FactsTold(Told):
    """What a batch of facts brought; `contradictions` counts orders newly flagged."""

    orders_new: int
    facts_new: int
    facts_known: int
    contradictions: int


class FactsNotTaken(Problem):
    """Some facts cannot be taken: nothing of the call was recorded."""

    code = "facts_not_taken"
    status: ClassVar[int] = 422
    zh = "{count} 处有误，整次调用未记录任何内容；第 {row} 条的 {field}：{what_zh}"
    en = "{count} faults, nothing of the call was recorded; fact {row}, {field}: {what_en}"

    def __init__(self, rows: list[Row]) -> None:
        self.rows = sorted(rows, key=lambda one: one.row)
        first = self.rows[0]
        super().__init__(
            count=len(rows), row=first.row, field=first.field, what_zh=first.zh, what_en=first.en
        )


_TAKES = needs("facts:write")
_TAKES["openapi_extra"]["requestBody"] = {
    "required": True,
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/FactsAsked"}}},
}


@router.post("/facts", **_TAKES, response=FactsTold, summary="Tell facts of orders")
def take_facts(request: HttpRequest) -> FactsTold:
    """Up to 10,000 facts in any order; one told before changes nothing. All or none."""
    with promises.one_catalogue():
        return _take(*_read(request.body))


def _take(market_name: str, facts: pa.StructArray) -> FactsTold:
    market = promises.market(market_name)
    feed = _feed_of(facts, market.currency)
    bad = list(_bad_rows(feed))
    if bad:
        raise FactsNotTaken(bad)
    try:
        report = acts.record_facts(feed.facts, market_id=market.market_id, at=now())
    except FactsRefused as refused:
        raise FactsNotTaken(
            [Row(one.row, one.field, one.words.zh, one.words.en) for one in refused.bad_rows]
        ) from refused
    return FactsTold(
        orders_new=report.orders_new, facts_new=report.facts_new, facts_known=report.facts_known,
        contradictions=report.contradictions,
    )  # fmt: skip


def _read(body: bytes) -> tuple[str, pa.StructArray]:
    """A body as columns; where those cannot be had, what exactly is wrong is looked for.

    :raises BodyUnreadable: where it is no JSON
    :raises RequestInvalid: where it is, and not of the shape
    """
    try:
        body.decode()
        table = arrow_json.read_json(
            pa.BufferReader(body),
            read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(body) + 1),
            parse_options=arrow_json.ParseOptions(
                explicit_schema=_BODY, newlines_in_values=True, unexpected_field_behavior="error"
            ),
        )
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return _read_slowly(body)
    market = table["market"].to_pylist()
    facts = pa.concat_arrays(table["facts"].chunks).flatten() if len(table) else None
    is_sound = (
        len(market) == 1 and market[0] and facts is not None and 0 < len(facts) <= MOST_FACTS
        and not facts.null_count and all(_has_amounts(facts.field(name)) for name in MONEYS)
    )  # fmt: skip
    return (market[0], facts) if is_sound else _read_slowly(body)


def _has_amounts(money: pa.StructArray) -> bool:
    """Whether amounts that are given have both their parts."""
    given = mask_of(money.is_valid())
    parts = (mask_of(pc.struct_field(money, part).is_valid()) for part in ("amount", "currency"))
    return all((there >= given).all() for there in parts)


def _read_slowly(body: bytes) -> tuple[str, pa.StructArray]:
    try:
        told = FactsAsked.model_validate_json(body)
    except ValidationError as trouble:
        if trouble.errors()[0]["type"] == "json_invalid":
            raise BodyUnreadable from trouble
        raise RequestInvalid(
            [{**one, "loc": ("body", "", *one["loc"])} for one in trouble.errors()]
        ) from trouble
    rows = [one.model_dump() for one in told.facts]
    return told.market, pa.array(rows, _FACT)


def _feed_of(facts: pa.StructArray, currency: str) -> OrderFeed:
    """Facts read as rows of a file are: the same columns, and the same faults."""
    fields = {name: facts.field(place) for place, name in enumerate(_FIELDS)}
    columns = {name: fields[name] for name in _FIELDS if name not in MONEYS}
    elsewhere: list[Fault] = []
    for name in MONEYS:
        columns[name] = pc.struct_field(fields[name], "amount")
        other = pc.fill_null(
            pc.not_equal(pc.struct_field(fields[name], "currency"), currency), False
        )
        wrong = np.flatnonzero(mask_of(other))
        if len(wrong):
            words = Words(f"市场的货币是 {currency}", f"the market keeps {currency}")
            elsewhere.append(Fault(name, words, wrong))
    columns["currency"] = pc.struct_field(fields["goods"], "currency")
    rows = np.arange(1, len(facts) + 1)
    feed = facts_of(Sheet(Path(), columns, rows, []), currency=currency)
    feed.faults.extend(elsewhere)
    return feed


def _bad_rows(feed: OrderFeed) -> Iterator[Row]:
    for fault in feed.faults:
        for row in fault.rows:
            yield Row(int(row) + 1, fault.field, fault.words.zh, fault.words.en)
