"""Breaches as found, and what each pair of buyer and seller was paid for a day's orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.columns import Columns, Int, Mask

_SMALL = ("kind", "clock", "market_id", "ground", "rules_version", "route", "cancel_reason")
_MIDDLE = ("ordered_day", "ship_hours")


@dataclass(frozen=True, slots=True)
class BreachRows(Columns):
    """Rows of `orders_breach`."""

    seller_id: Int
    order_id: Int
    kind: Int
    clock: Int
    market_id: Int
    ground: Int
    rules_version: Int
    route: Int
    cancel_reason: Int
    is_paid_by_itself: Mask
    ordered_day: Int
    ship_hours: Int
    buyer_id: Int
    due_at: Int
    cause_hi: Int
    cause_lo: Int
    terms_version: Int
    shipping_version: Int
    base_minor: Int
    owed_minor: Int
    order_had_minor: Int
    pair_had_minor: Int
    buyer_minor: Int
    platform_minor: Int
    platform_had_minor: Int
    goods_minor: Int
    freight_minor: Int
    since_us: Int
    ordered_us: Int
    ship_by_us: Int
    paid_us: Int
    labelled_us: Int
    first_scan_us: Int
    delivered_us: Int
    signed_us: Int
    completed_us: Int
    cancelled_us: Int
    return_shipped_us: Int
    return_received_us: Int
    refund_asked_us: Int
    is_platforms: Mask


@dataclass(frozen=True, slots=True)
class DetailRows(Columns):
    """Rows of `orders_breach_detail`."""

    seller_id: Int
    order_id: Int
    at_us: Int
    amount_minor: Int
    waybill_id: Int
    number: Int
    kind: Int
    fact: Int
    recorded_us: Int


_DETAIL = dict.fromkeys(DetailRows.names(), "i8") | {"number": "i4", "kind": "i2", "fact": "i2"}


def _kind_of(name: str) -> str:
    if name.startswith("is_"):
        return "bool"
    if name == "due_at":
        return "ts"
    return "i2" if name in _SMALL else "i4" if name in _MIDDLE else "i8"


SPEC = {
    ("cause" if name == "cause_hi" else name): "uuid" if name == "cause_hi" else _kind_of(name)
    for name in BreachRows.names()
    if name != "cause_lo"
}


def add_breaches(rows: BreachRows) -> None:
    """COPY breaches; each kind stands at most once for an order."""
    # They come by when they were due: neighbours in the index are written one after another.
    by_key = np.lexsort((rows.kind, rows.order_id, rows.seller_id))
    sets.copy_in("orders_breach", rows.take(by_key).as_dict(), SPEC)


def add_details(rows: DetailRows) -> None:
    """COPY what was judged one by one; most breaches have none."""
    if len(rows):
        sets.copy_in("orders_breach_detail", rows.as_dict(), _DETAIL)


@dataclass(frozen=True, slots=True)
class PairDays(Columns):
    """What a pair was paid for one kind of breach on the orders of one day."""

    seller_id: Int
    buyer_id: Int
    ordered_day: Int
    kind: Int
    paid_minor: Int


_PAIR = {
    "seller_id": "i8",
    "buyer_id": "i8",
    "ordered_day": "i4",
    "kind": "i2",
    "paid_minor": "i8",
}


def hold_pair_days(asked: PairDays) -> tuple[Int, Mask]:
    """Lock these pairs' days, by key; what each was paid, and whether it is there.

    `asked.paid_minor` is not read.
    """
    found = sets.fetch_arrays(
        f"SELECT u.n - 1, p.paid_minor FROM {sets.numbered_rows_of('i8', 'i8', 'i4', 'i2')} "
        "AS u(seller_id, buyer_id, ordered_day, kind, n) "
        "JOIN orders_pair_day p USING (seller_id, buyer_id, ordered_day, kind) "
        "ORDER BY p.seller_id, p.buyer_id, p.ordered_day, p.kind FOR UPDATE OF p",
        _keys(asked),
        {"position": "i8", "paid_minor": "i8"},
    )
    paid = np.zeros(len(asked), np.int64)
    paid[found["position"]] = found["paid_minor"]
    is_there = np.zeros(len(asked), np.bool_)
    is_there[found["position"]] = True
    return paid, is_there


def _keys(pairs: PairDays) -> list[np.ndarray[tuple[int], np.dtype[np.generic]]]:
    return [
        pairs.seller_id, pairs.buyer_id, pairs.ordered_day.astype(np.int32),
        pairs.kind.astype(np.int16),
    ]  # fmt: skip


def put_pair_days(pairs: PairDays, is_there: Mask) -> None:
    """Write what the pairs now have had.

    :raises psycopg.errors.UniqueViolation: if another transaction added one of them meanwhile
    """
    sets.copy_in("orders_pair_day", pairs.take(~is_there).as_dict(), _PAIR)
    old = pairs.take(is_there)
    if len(old):
        sets.execute(
            "UPDATE orders_pair_day p SET paid_minor = u.paid_minor "
            f"FROM {sets.rows_of('i8', 'i8', 'i4', 'i2', 'i8')} "
            "AS u(seller_id, buyer_id, ordered_day, kind, paid_minor) "
            "WHERE p.seller_id = u.seller_id AND p.buyer_id = u.buyer_id "
            "AND p.ordered_day = u.ordered_day AND p.kind = u.kind",
            [*_keys(old), old.paid_minor],
        )
