"""Refunding on time: after a return came back, and where nothing was shipped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import FAR_US, Columns, Int
from xiaobao.orders.facts import (
    BreachKind,
    Details,
    FactKind,
    Ground,
    OrderStates,
    Verdicts,
)
from xiaobao.orders.rules.clocks import after, excuse_of, moved_us, of_kind, verdicts

if TYPE_CHECKING:
    from xiaobao.orders.terms import ShippingTerms


@dataclass(frozen=True, slots=True)
class Refunds(Columns):
    """Moments by which a refund was owed."""

    row: Int
    since_us: Int
    due_us: Int
    ground: Int
    outstanding_minor: Int  # owed and not paid at `due_us`


def judge_refunds(f: OrderStates, d: Details, t: ShippingTerms) -> Verdicts:
    """The refund promise of every order; the base is what is still outstanding."""
    owed = refunds_owed(f, d, t)
    overdue = np.flatnonzero((owed.due_us < FAR_US) & (owed.outstanding_minor > 0))
    first = overdue[np.lexsort((owed.since_us[overdue], owed.due_us[overdue], owed.row[overdue]))]
    chosen = np.full(len(f), -1)
    chosen[owed.row[first[::-1]]] = first[::-1]
    found = chosen >= 0
    due = np.where(found, _of(owed.due_us, chosen), FAR_US)
    no = np.zeros(len(f), np.bool_)
    # Force majeure stops parcels, not money.
    excuse = excuse_of(f, due, is_called_off=no, is_forced=no, is_kept=~found)
    return verdicts(
        BreachKind.REFUND_OVERDUE, _of(owed.ground, chosen), due, _of(owed.since_us, chosen),
        excuse, np.where(found, _of(owed.outstanding_minor, chosen), 0),
    )  # fmt: skip


def _of(values: Int, chosen: Int) -> Int:
    return values[chosen] if len(values) else np.zeros(len(chosen), np.int64)


def refunds_owed(f: OrderStates, d: Details, t: ShippingTerms) -> Refunds:
    """Every moment by which some refund of an order was due, and what was then outstanding."""
    asks = of_kind(d, FactKind.REFUND_ASKED)
    rows = np.flatnonzero(f.return_received_us < FAR_US)
    returned_us = f.return_received_us[rows]
    by_return = after(returned_us, t.refund_after_return_hours[rows])
    # Unshipped: nothing had moved when the time for the refund ran out.
    by_request = after(asks.at_us, t.refund_unshipped_hours[asks.row])
    by_request = np.where(moved_us(f)[asks.row] > by_request, by_request, FAR_US)

    row = np.concatenate([rows, asks.row])
    since = np.concatenate([returned_us, asks.at_us])
    due = np.concatenate([by_return, by_request])
    due = np.where(f.paid_us[row] <= due, due, FAR_US)
    asked = amount_until(row, since, asks)
    # A return without any request is owed whole; no request is owed beyond the price.
    owed = np.where(asked > 0, asked, f.goods_minor[row])
    owed = np.minimum(owed, (f.goods_minor + f.freight_minor)[row])
    paid = amount_until(row, due, of_kind(d, FactKind.REFUND_PAID))
    ground = np.concatenate(
        [
            np.full(len(rows), Ground.RETURN_NOT_REFUNDED, np.int64),
            np.full(len(asks), Ground.UNSHIPPED_NOT_REFUNDED, np.int64),
        ]
    )
    return Refunds(row, since, due, ground, np.maximum(owed - paid, 0))


def amount_until(row: Int, until_us: Int, d: Details) -> Int:
    """The sum of the details of each row's order up to its moment, that moment included."""
    asking, detail = details_until(row, until_us, d)
    out = np.zeros(len(row), np.int64)
    np.add.at(out, asking, d.amount_minor[detail])
    return out


def details_until(row: Int, until_us: Int, d: Details) -> tuple[Int, Int]:
    """Pairs of a row asked for and a detail of its order up to its moment, that included."""
    by_row = np.argsort(d.row, kind="stable")
    ordered = d.row[by_row]
    start = np.searchsorted(ordered, row, side="left")
    count = np.searchsorted(ordered, row, side="right") - start
    asking = np.repeat(np.arange(len(row)), count)
    within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    detail = by_row[np.repeat(start, count) + within]
    in_time = d.at_us[detail] <= until_us[asking]
    return asking[in_time], detail[in_time]
