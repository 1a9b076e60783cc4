"""What items sold, and what covering them would have cost: for whoever is about to mark them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.kernel.clocks import DAY_US, moment_of, us_of
from xiaobao.kernel.references import ids_of
from xiaobao.orders.queries.reading import turnover
from xiaobao.sellers.facts import ItemRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

WINDOW_DAYS = 30
# What breaches cost a shop is judged over a longer time than what its items sell.
BREACH_DAYS = 90


@dataclass(frozen=True)
class ItemsSold:
    """What some items sold in the last 30 days, and what breaches would have cost on it.

    `shop_breach_minor` of `shop_goods_minor` is the shop's own record over the last 90 days; what
    is expected is the same share of what the items sold, and rounds up.
    """

    orders: int
    units: int
    sold_minor: int
    shop_goods_minor: int
    shop_breach_minor: int
    expected_minor: int


def items_sold(seller_id: int, names: Sequence[str], *, at: datetime) -> ItemsSold:
    """See `ItemsSold`."""
    at_us = us_of(at)
    rows = sets.fetch_rows(
        "SELECT count(DISTINCT order_id), coalesce(sum(quantity), 0)::bigint, "
        "coalesce(sum(quantity * price_minor), 0)::bigint FROM orders_line "
        "WHERE seller_id = %s AND item_id = ANY(%s::bigint[]) "
        "AND ordered_at >= %s AND ordered_at < %s",
        [seller_id, ids_of(sorted(set(names))), moment_of(at_us - WINDOW_DAYS * DAY_US), at],
    )
    count, units, sold = rows[0]
    shop = turnover(np.array([seller_id]), at_us - BREACH_DAYS * DAY_US, at_us)
    goods, breaches = int(shop.goods_minor[0]), int(shop.breach_minor[0])
    expected = -(-sold * breaches // goods) if goods else 0
    return ItemsSold(count, units, sold, goods, breaches, expected)


# From one item to the next in the index: as many looks as there are items, however much was sold.
_SOLD = """
    WITH RECURSIVE sold AS (
        (SELECT item_id, item FROM orders_line WHERE seller_id = %(seller)s
         ORDER BY item_id LIMIT 1)
        UNION ALL
        SELECT next.item_id, next.item FROM sold, LATERAL (
            SELECT item_id, item FROM orders_line
            WHERE seller_id = %(seller)s AND item_id > sold.item_id ORDER BY item_id LIMIT 1
        ) AS next
    )
"""


def names_sold(seller_id: int) -> list[str]:
    """Every item this seller ever sold, by name."""
    rows = sets.fetch_rows(f"{_SOLD} SELECT item FROM sold ORDER BY item", {"seller": seller_id})
    return [row[0] for row in rows]


BY_NAME: Order[tuple[str, ItemRow | None]] = Order((Part("name", "text"),), lambda row: row[:1])

_KNOWN = """
    FROM (
        SELECT item_id, name FROM sellers_item WHERE seller_id = %(seller)s
        UNION SELECT item_id, item FROM sold
    ) AS known LEFT JOIN (
        SELECT DISTINCT ON (item_id) item_id, is_marked, marked_at FROM sellers_mark
        WHERE seller_id = %(seller)s ORDER BY item_id, marked_at DESC
    ) AS mark USING (item_id) WHERE name LIKE %(like)s
"""
_COVERED = {None: "", True: " AND is_marked", False: " AND is_marked IS NOT TRUE"}


def items_known(
    seller_id: int, *, match: str = "*", is_covered: bool | None = None,
    place: Place | None = None, limit: int | None = None,
) -> list[tuple[str, ItemRow | None]]:  # fmt: skip
    """Items ever marked or sold whose names fit, by name, each with its latest mark if any."""
    rows = sets.fetch_rows(
        f"{_SOLD} SELECT name, item_id, is_marked, marked_at{_KNOWN}{_COVERED[is_covered]}"
        f"{BY_NAME.after(place)}{BY_NAME.by(place)} LIMIT %(limit)s",
        {"seller": seller_id, "like": _like(match), "limit": limit} | BY_NAME.params(place),
    )
    return straight(
        [
            (name, None if since is None else ItemRow(item_id, name, is_marked, since))
            for name, item_id, is_marked, since in rows
        ],
        place,
    )


def items_known_count(seller_id: int, *, match: str = "*", is_covered: bool | None = None) -> int:
    """How many `items_known` there are."""
    ((count,),) = sets.fetch_rows(
        f"{_SOLD} SELECT count(*){_KNOWN}{_COVERED[is_covered]}",
        {"seller": seller_id, "like": _like(match)},
    )
    return int(count)


def _like(match: str) -> str:
    """As SQL has it: * stands for anything, ? for one letter, and all else for itself."""
    plain = re.sub(r"([\\%_])", r"\\\1", match)
    return plain.replace("*", "%").replace("?", "_")
