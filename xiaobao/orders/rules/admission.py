"""Which rows of a batch cannot be facts. Nothing here looks anything up: it judges columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.orders.facts import LAST_TOLD, CancelReason, FactKind, Route
from xiaobao.orders.facts.admission import MISSING, Claimed, Fault

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int, Mask

# 1990-01-01 and 2200-01-01 UTC.
EARLIEST_US = 631_152_000_000_000
LATEST_US = 7_258_118_400_000_000
# A sum times ten thousand must still fit a 64-bit column.
MOST_MINOR = 10**14
MOST_HOURS = 100_000
MOST_QUANTITY = 10**9

_REFUNDS = (FactKind.REFUND_ASKED, FactKind.REFUND_PAID)


def faults_of(c: Claimed, last_kind: FactKind = LAST_TOLD) -> tuple[Int, Int]:
    """Row numbers and faults, by row; a row with several faults is there several times.

    Kinds beyond `last_kind` are the platform's own: no feed and no seller can tell them.
    """
    is_placed = c.kind == FactKind.PLACED
    is_line = c.kind == FactKind.LINE
    is_refund = np.isin(c.kind, _REFUNDS)
    tests = {
        Fault.SELLER_EMPTY: c.seller_id == MISSING,
        Fault.SELLER_UNKNOWN: (c.seller_id != MISSING) & ~c.is_seller_known,
        Fault.SELLER_ELSEWHERE: c.is_seller_known & ~c.is_seller_here,
        Fault.ORDER_EMPTY: c.order_id == MISSING,
        Fault.KIND_UNKNOWN: _outside(c.kind, min(FactKind), last_kind),
        Fault.TIME_OUT_OF_RANGE: _outside(c.at_us, EARLIEST_US, LATEST_US),
        Fault.SHIP_BY_OUT_OF_RANGE: _given_outside(c.ship_by_us, EARLIEST_US, LATEST_US),
        Fault.BUYER_EMPTY: is_placed & (c.buyer_id == MISSING),
        Fault.GOODS_WRONG: _outside_if(is_placed, c.goods_minor, 0, MOST_MINOR),
        Fault.FREIGHT_WRONG: _given_outside(c.freight_minor, 0, MOST_MINOR),
        Fault.CURRENCY_WRONG: np.where(
            c.is_currency_missing, is_placed, ~c.is_currency_right
        ),
        Fault.SHIP_HOURS_WRONG: _given_outside(c.ship_hours, 1, MOST_HOURS),
        Fault.ROUTE_UNKNOWN: _given_outside(c.route, min(Route), max(Route)),
        Fault.REASON_UNKNOWN: _given_outside(c.reason, min(CancelReason), max(CancelReason)),
        Fault.AMOUNT_WRONG: np.where(
            is_refund, _outside(c.amount_minor, 1, MOST_MINOR),
            _given_outside(c.amount_minor, 0, MOST_MINOR),
        ),
        Fault.ITEM_EMPTY: is_line & (c.item_id == MISSING),
        Fault.QUANTITY_WRONG: _outside_if(is_line, c.quantity, 1, MOST_QUANTITY),
        Fault.PRICE_WRONG: _outside_if(is_line, c.price_minor, 0, MOST_MINOR),
        Fault.NAMES_CLASH: c.has_clashing_name,
        Fault.TEXT_BROKEN: c.has_broken_text,
    }  # fmt: skip
    rows = [np.flatnonzero(test) for test in tests.values()]
    row = np.concatenate([c.row[found] for found in rows])
    fault = np.repeat(np.array([int(f) for f in tests]), [len(found) for found in rows])
    order = np.lexsort((fault, row))
    return row[order], fault[order]


def _outside(values: Int, least: int, most: int) -> Mask:
    return (values < least) | (values > most)


def _given_outside(values: Int, least: int, most: int) -> Mask:
    found: Mask = (values != MISSING) & _outside(values, least, most)
    return found


def _outside_if(needed: Mask, values: Int, least: int, most: int) -> Mask:
    """Outside where needed; elsewhere only where given."""
    found: Mask = (needed | (values != MISSING)) & _outside(values, least, most)
    return found
