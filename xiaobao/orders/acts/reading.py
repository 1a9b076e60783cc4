"""A batch as it comes, read into columns: shapes checked, names looked up, rows judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xiaobao.kernel.columns import FAR_US, Int, Mask
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import digests_of, ids_of
from xiaobao.orders.facts import FACT_SCHEMA, Facts
from xiaobao.orders.facts.admission import (
    FAULT_FIELDS,
    FAULT_WORDS,
    MISSING,
    BadRow,
    Claimed,
    Fault,
)
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.promises.facts import Market

_TEXTS = ("buyer", "currency", "category", "waybill", "item", "title")
_NUMBERS = {
    "goods": "goods_minor", "freight": "freight_minor", "ship_hours": "ship_hours",
    "route": "route", "reason": "reason", "amount": "amount_minor", "quantity": "quantity",
    "price": "price_minor",
}  # fmt: skip
# What makes two facts of one order and kind the same fact; the currency is always the market's.
_CONTENT = (
    "at_us", "buyer_id", "goods_minor", "freight_minor", "ship_by_us", "ship_hours", "route",
    "reason", "amount_minor", "waybill_id", "item_id", "title_id", "quantity", "price_minor",
)  # fmt: skip


class FactsMisshapen(Problem):
    """The batch has not the columns of FACT_SCHEMA."""

    code = "facts_misshapen"
    status = 422
    zh = "批次的列“{field}”不对：{what_zh}"
    en = "column '{field}' of the batch is wrong: {what_en}"


class FactsRefused(Problem):
    """Some rows cannot be facts: nothing of the batch was recorded."""

    code = "facts_refused"
    status = 422
    zh = "{count} 处错误，整批未记录；第 {row} 行 {field}：{what_zh}"
    en = "{count} faults, nothing of the batch was recorded; row {row}, {field}: {what_en}"

    def __init__(self, bad_rows: Sequence[BadRow]) -> None:
        self.bad_rows = sorted(bad_rows, key=lambda bad: (bad.row, bad.fault))
        first = self.bad_rows[0]
        super().__init__(
            count=len(bad_rows), row=first.row, field=first.field,
            what_zh=first.words.zh, what_en=first.words.en,
        )  # fmt: skip


def bad_rows(row: Int, fault: Int) -> list[BadRow]:
    faults = [Fault(int(code)) for code in fault]
    return [
        BadRow(int(number), FAULT_FIELDS[one], one, FAULT_WORDS[one])
        for number, one in zip(row, faults, strict=True)
    ]


def shaped(batch: pa.Table) -> pa.Table:
    """The batch with exactly the columns of FACT_SCHEMA, each in one piece.

    :raises FactsMisshapen: if a column is missing, unknown, or of a kind that cannot be read
    """
    for name in batch.column_names:
        if name not in FACT_SCHEMA.names:
            raise FactsMisshapen(
                field=name, what_zh="不认识此列", what_en="there is no such column"
            )
    columns = [_column(batch, field) for field in FACT_SCHEMA]
    return pa.table(columns, schema=_NULLABLE)


# An absent seller is refused as a row, by its number; the schema's own check would name none.
_NULLABLE = pa.schema([field.with_nullable(True) for field in FACT_SCHEMA])


def _column(batch: pa.Table, field: pa.Field) -> pa.Array:
    if field.name not in batch.column_names:
        if not field.nullable:
            raise FactsMisshapen(field=field.name, what_zh="缺少此列", what_en="it is missing")
        return pa.nulls(len(batch), field.type)
    column = batch.column(field.name)
    if pa.types.is_timestamp(column.type) and column.type.tz is None:
        raise FactsMisshapen(
            field=field.name, what_zh="时间须带时区", what_en="its times must carry a zone"
        )
    try:
        if column.type != field.type:
            column = column.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        kind = str(field.type)
        raise FactsMisshapen(
            field=field.name, what_zh=f"须为 {kind}：{error}", what_en=f"not {kind}: {error}"
        ) from error
    whole = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if field.type != pa.large_string() or _is_empty(whole):
        return whole
    return pc.if_else(pc.equal(whole, ""), pa.scalar(None, pa.large_string()), whole)


def ids_in(names: pa.Array) -> tuple[Int, Mask]:
    """Each row's id, MISSING where empty; and whether another name here has the same id."""
    if _is_empty(names):
        return np.full(len(names), MISSING), np.zeros(len(names), np.bool_)
    coded = names.dictionary_encode()
    ids = ids_of(coded.dictionary)
    _, place, times = np.unique(ids, return_inverse=True, return_counts=True)
    clashes = times[place] > 1
    at = coded.indices.fill_null(len(ids)).to_numpy(zero_copy_only=False)
    return np.append(ids, MISSING)[at], np.append(clashes, False)[at]


def _is_empty(values: pa.Array) -> bool:
    """Whether no row says anything, as most columns of a few facts do not."""
    empty: bool = values.null_count == len(values)
    return empty


def _numbers(values: pa.Array) -> Int:
    if _is_empty(values):
        return np.full(len(values), MISSING)
    if pa.types.is_timestamp(values.type):
        values = values.cast(pa.int64())
    read: Int = values.cast(pa.int64()).fill_null(MISSING).to_numpy(zero_copy_only=False)
    return read


def read_claims(table: pa.Table, row: Int, market: Market) -> tuple[Claimed, Int]:
    """A shaped batch as columns, and the digest of each row's content."""
    columns: dict[str, Any] = {name: _numbers(table[f].chunk(0)) for f, name in _NUMBERS.items()}
    clashes = np.zeros(len(table), np.bool_)
    for name in ("seller", "order", "buyer", "waybill", "item", "title", "category"):
        columns[f"{name}_id"], clash = ids_in(table[name].chunk(0))
        clashes |= clash
    kind, at_us = _numbers(table["fact"].chunk(0)), _numbers(table["at"].chunk(0))
    columns |= {"kind": kind, "at_us": at_us, "ship_by_us": _numbers(table["ship_by"].chunk(0))}
    digest = digests_of(kind, columns["category_id"], *(columns[name] for name in _CONTENT))
    columns["category_id"] = promises.category_ids(table["category"])
    currency = table["currency"].chunk(0)
    seller_id = columns["seller_id"]
    known = sellers.names_and_markets_of(np.unique(seller_id[seller_id != MISSING]))
    here = [one for one, (_, market_id) in known.items() if market_id == market.market_id]
    claimed = Claimed(
        row=row,
        **columns,
        is_seller_known=_under_their_names(known, table["seller"].chunk(0)),
        is_seller_here=np.isin(seller_id, np.array(here, np.int64)),
        is_currency_missing=_mask(currency.is_null()),
        is_currency_right=_mask(pc.equal(currency, market.currency)),
        has_clashing_name=clashes,
        has_broken_text=_broken(table),
    )
    return claimed, digest


def _mask(values: pa.Array) -> Mask:
    marked: Mask = values.fill_null(False).to_numpy(zero_copy_only=False)
    return marked


def _under_their_names(known: dict[int, tuple[str, int]], names: pa.Array) -> Mask:
    """Where the row's seller has joined, under this very name."""
    stored = {number: name for number, (name, _) in known.items()}
    coded = names.dictionary_encode()
    told = zip(ids_of(coded.dictionary).tolist(), coded.dictionary.to_pylist(), strict=True)
    same = np.array([*(stored.get(number) == name for number, name in told), False], np.bool_)
    joined: Mask = same[coded.indices.fill_null(len(same) - 1).to_numpy(zero_copy_only=False)]
    return joined


def _broken(table: pa.Table) -> Mask:
    """Where any text of the row holds a NUL."""
    broken = np.zeros(len(table), np.bool_)
    for name in ("seller", "order", *_TEXTS):
        text = table[name].chunk(0)
        if not _is_empty(text):
            broken |= _mask(pc.match_substring(text, "\0"))
    return broken


def facts_in(c: Claimed, digest: Int, market_id: int, at_us: int) -> Facts:
    """Claims without faults as facts recorded at a moment."""

    def given(values: Int, unknown: int = 0) -> Int:
        return np.where(values == MISSING, unknown, values)

    return Facts(
        seller_id=c.seller_id,
        order_id=c.order_id,
        kind=c.kind,
        digest=digest,
        at_us=c.at_us,
        recorded_us=np.full(len(c), at_us),
        market_id=np.full(len(c), market_id),
        buyer_id=given(c.buyer_id),
        category_id=c.category_id,
        goods_minor=given(c.goods_minor),
        freight_minor=given(c.freight_minor),
        ship_by_us=given(c.ship_by_us, FAR_US),
        ship_hours=given(c.ship_hours),
        route=given(c.route),
        reason=given(c.reason),
        amount_minor=given(c.amount_minor),
        waybill_id=given(c.waybill_id),
    )


def rows_to_store(table: pa.Table, c: Claimed, f: Facts) -> pa.Table:
    """The columns of `orders_fact`, as they came, beside ids and digest."""

    def known(ids: Int, text: pa.Array) -> pa.Array:
        return pa.array(ids, mask=_mask(text.is_null()))

    moments = pa.timestamp("us", "UTC")
    column = {name: table[name].chunk(0) for name in table.column_names}
    return pa.table(
        {
            "seller_id": f.seller_id,
            "order_id": f.order_id,
            "kind": column["fact"],
            "digest": f.digest,
            "happened_at": column["at"],
            "recorded_at": pa.array(f.recorded_us).cast(moments),
            "market_id": f.market_id,
            "route": column["route"],
            "reason": column["reason"],
            "ship_hours": column["ship_hours"],
            "category_id": known(c.category_id, column["category"]),
            "quantity": column["quantity"],
            "buyer_id": known(c.buyer_id, column["buyer"]),
            "goods_minor": column["goods"],
            "freight_minor": column["freight"],
            "ship_by_at": column["ship_by"],
            "amount_minor": column["amount"],
            "waybill_id": known(c.waybill_id, column["waybill"]),
            "item_id": known(c.item_id, column["item"]),
            "price_minor": column["price"],
            "buyer": column["buyer"],
            "category": column["category"],
            "waybill": column["waybill"],
            "item": column["item"],
            "title": column["title"],
        }
    )
