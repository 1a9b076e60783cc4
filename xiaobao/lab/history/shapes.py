"""Shapes of history: orders as they were known, a month and some sellers at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from xiaobao.orders.facts import Details, OrderStates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.promises.facts import Category

# Raise it with any change of the tables below; a lake of another version is refused.
SCHEMA_VERSION = 4

# What the rules of fulfilment judge of an order; its other columns are zeros in history.
JUDGED = (
    "seller_id", "order_id", "buyer_id", "category_id", "goods_minor", "freight_minor",
    "ordered_us", "ship_by_us", "ship_hours", "route", "paid_us", "labelled_us", "first_scan_us",
    "delivered_us", "signed_us", "completed_us", "cancelled_us", "cancel_reason",
    "return_shipped_us", "return_received_us", "refund_asked_us",
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

    @property
    def is_first(self) -> Mask:
        """Where a row is the first of its order; rows of one order stand together."""
        seller, order = self.states.seller_id, self.states.order_id
        first = np.ones(len(self), np.bool_)
        first[1:] = (seller[1:] != seller[:-1]) | (order[1:] != order[:-1])
        return first

    def pieces(self, rows: int) -> Iterator[Stretch]:
        """Cut into pieces of so many orders; nothing is copied."""
        if 0 < len(self) <= rows:
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

    @classmethod
    def concat(cls, parts: Sequence[Stretch]) -> Stretch:
        """The parts one after another, of the first one's month; at least one."""
        rows = np.cumsum([0, *map(len, parts)])
        details = [
            replace(p.details, row=p.details.row + first)
            for p, first in zip(parts, rows[:-1], strict=True)
        ]
        return cls(
            parts[0].month,
            OrderStates.concat([p.states for p in parts]),
            np.concatenate([p.ordered_day for p in parts]),
            np.concatenate([p.known_us for p in parts]),
            np.concatenate([p.until_us for p in parts]),
            Details.concat(details),
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


def month_of(days: Int) -> Int:
    """Months since 1970-01 of local days."""
    return days.astype("M8[D]").astype("M8[M]").astype(np.int64)


def month_words(month: int) -> str:
    return str(np.datetime64(month, "M"))
