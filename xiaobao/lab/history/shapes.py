"""Shapes of history: orders as they were known, a month and some sellers at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from xiaobao.kernel.columns import Columns, Int, Mask
from xiaobao.orders.facts import Details, OrderStates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.promises.facts import Category

# Raise it with any change of the tables below; a lake of another version is refused.
SCHEMA_VERSION = 1

# What the rules of fulfilment judge of an order; its other columns are zeros in history.
JUDGED = (
    "seller_id", "order_id", "buyer_id", "category_id", "goods_minor", "freight_minor",
    "ordered_us", "ship_by_us", "ship_hours", "route", "paid_us", "labelled_us", "first_scan_us",
    "delivered_us", "signed_us", "completed_us", "cancelled_us", "cancel_reason",
    "return_shipped_us", "return_received_us",
)  # fmt: skip
_NARROW = {"category_id": pa.int32(), "ship_hours": pa.int32(), "route": pa.int8(),
           "cancel_reason": pa.int8()}  # fmt: skip

# One row per order and state of knowledge, by seller and order. Moments are microseconds since
# 1970 UTC; FAR_US (2**61 - 1 or so) where unknown. A row answers for the clocks that ran out by
# `until_us`; `known_us` is the day on which it came to be known late, 0 where nothing was late.
ORDERS = pa.schema(
    [pa.field(name, _NARROW.get(name, pa.int64()), nullable=False) for name in JUDGED]
    + [
        pa.field("ordered_day", pa.int32(), nullable=False),
        pa.field("known_us", pa.int64(), nullable=False),
        pa.field("until_us", pa.int64(), nullable=False),
        pa.field("order_name", pa.string(), nullable=False),
    ]
)
# Facts that are judged one by one, by the row of their order in the same file of orders, parcel
# and time.
DETAILS = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        pa.field("kind", pa.int8(), nullable=False),
        pa.field("at_us", pa.int64(), nullable=False),
        pa.field("recorded_us", pa.int64(), nullable=False),
        pa.field("amount_minor", pa.int64(), nullable=False),
        pa.field("waybill_id", pa.int64(), nullable=False),
    ]
)
# By id; `category_id` is 0, general, where the seller named none.
SELLERS = pa.schema(
    [
        pa.field("seller_id", pa.int64(), nullable=False),
        pa.field("category_id", pa.int32(), nullable=False),
        pa.field("joined_us", pa.int64(), nullable=False),
        pa.field("cover_minor", pa.int64(), nullable=False),  # insured limit, of the last cover
        pa.field("cover_from_us", pa.int64(), nullable=False),
        pa.field("cover_to_us", pa.int64(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
    ]
)
# By seller and local day: what moved in and out of deposit and reserve, and what debt arose, that
# no breach caused: lodgements, settlements, claims, exits. Breaches and recoveries are replayed.
MONEY = pa.schema(
    [
        pa.field("seller_id", pa.int64(), nullable=False),
        pa.field("day", pa.int32(), nullable=False),
        pa.field("deposit_minor", pa.int64(), nullable=False),
        pa.field("reserve_minor", pa.int64(), nullable=False),
        pa.field("debt_minor", pa.int64(), nullable=False),
    ]
)
# Claims of a bucket by how they were decided and what they were about; facts, never replayed.
KEPT = pa.schema(
    [
        pa.field(name, pa.int64(), nullable=False)
        for name in ("by", "kind", "cases", "paid_minor", "platform_minor")
    ]
)
# Beside the ways of ruling (hearings): what the parties agreed, and what waits for a person.
SETTLED, WAITS_FOR_PERSON = 0, 99


@dataclass(frozen=True)
class Place:
    """Whose history it is: the market, its money and zone, and its categories' numbers."""

    market: str
    market_id: int
    currency: str
    zone: str
    categories: tuple[tuple[int, Category], ...]
    line: str  # the name of the packs that govern it
    packs: tuple[dict[str, Any], ...]  # published, oldest first: name, version, sha256, files
    horizon_us: int  # how far time has been lived: later clocks have not run out


@dataclass(frozen=True)
class Stretch:
    """Orders of one month and one bucket of sellers."""

    month: int  # since 1970-01, of the order in the market's zone
    states: OrderStates
    ordered_day: Int
    known_us: Int
    until_us: Int
    details: Details

    def __len__(self) -> int:
        return len(self.states)

    def pieces(self, rows: int) -> Iterator[Stretch]:
        """Cut into pieces of so many orders; nothing is copied."""
        if len(self) <= rows:
            yield self
            return
        cuts = np.arange(0, len(self), rows)
        edges = np.searchsorted(self.details.row, np.append(cuts, len(self)))
        for place, begins in enumerate(cuts.tolist()):
            ends = min(begins + rows, len(self))
            yield self._between(begins, ends, int(edges[place]), int(edges[place + 1]))

    def _between(self, begins: int, ends: int, first: int, last: int) -> Stretch:
        details = {name: column[first:last] for name, column in self.details.as_dict().items()}
        return Stretch(
            self.month,
            _cut(self.states, begins, ends),
            self.ordered_day[begins:ends],
            self.known_us[begins:ends],
            self.until_us[begins:ends],
            Details(**{**details, "row": details["row"] - begins}),
        )

    def take(self, kept: Mask, month: int | None = None) -> Stretch:
        """The orders marked, with their details, of the month named."""
        number = self.month if month is None else month
        place = np.cumsum(kept) - 1
        details = self.details.take(kept[self.details.row])
        return Stretch(
            number, self.states.take(kept), self.ordered_day[kept], self.known_us[kept],
            self.until_us[kept], Details(**{**details.as_dict(), "row": place[details.row]}),
        )  # fmt: skip


def _cut(columns: OrderStates, begins: int, ends: int) -> OrderStates:
    return OrderStates(**{name: c[begins:ends] for name, c in columns.as_dict().items()})


def states_from(columns: dict[str, Int], market_id: int) -> OrderStates:
    """Orders of history as the rules read them; what no rule judges takes no room."""
    count = len(columns["seller_id"])
    rest = dict.fromkeys(OrderStates.names(), np.broadcast_to(np.int64(0), (count,)))
    rest["market_id"] = np.broadcast_to(np.int64(market_id), (count,))
    return OrderStates(**{**rest, **{name: columns[name] for name in JUDGED}})


@dataclass(frozen=True, slots=True)
class Sellers(Columns):
    """Who sold, by id."""

    seller_id: Int
    category_id: Int
    joined_us: Int
    cover_minor: Int
    cover_from_us: Int
    cover_to_us: Int


@dataclass(frozen=True, slots=True)
class Money(Columns):
    """What moved by seller and day, but for breaches and recoveries."""

    seller_id: Int
    day: Int
    deposit_minor: Int
    reserve_minor: Int
    debt_minor: Int


@dataclass(frozen=True, slots=True)
class Kept(Columns):
    """Claims by how they were decided: kept as facts, or waiting for a person."""

    by: Int  # hearings.RuledBy, SETTLED or WAITS_FOR_PERSON
    kind: Int  # ClaimKind
    cases: Int
    paid_minor: Int
    platform_minor: Int


def month_of(days: Int) -> Int:
    """Months since 1970-01 of local days."""
    return days.astype("M8[D]").astype("M8[M]").astype(np.int64)


def month_words(month: int) -> str:
    return str(np.datetime64(month, "M"))
