"""Judge orders under books of terms: the breaches those terms know, live and over all history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from xiaobao.kernel.columns import Columns
from xiaobao.orders.facts import Clock, Details, Excuse, OrderStates, Verdicts
from xiaobao.orders.rules.clocks import no_verdicts
from xiaobao.orders.rules.refunds import judge_refunds
from xiaobao.orders.rules.shipping import shipping_promises
from xiaobao.orders.rules.tracking import tracking_promises
from xiaobao.orders.terms import CompensationTerms, ShippingTerms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xiaobao.kernel.books import Book
    from xiaobao.kernel.columns import Int, Mask

    Judge = Callable[[OrderStates, Details, ShippingTerms], list[Verdicts]]

T = TypeVar("T", bound=Columns)

_JUDGES: dict[Clock, Judge] = {
    Clock.SHIPPING: shipping_promises,
    Clock.TRACKING: tracking_promises,
    Clock.REFUND: lambda f, d, t: [judge_refunds(f, d, t)],
}


@dataclass(frozen=True)
class Found:
    """Promises broken, given all that is known, before anybody asks what that pays."""

    verdicts: Verdicts
    shipping_version: Int
    clock: Int


@dataclass(frozen=True)
class Broken:
    """Promises broken, given all that is known, each under the terms of its order's time."""

    verdicts: Verdicts
    compensation: CompensationTerms
    shipping_version: Int
    clock: Int

    def take(self, rows: Int) -> Broken:
        return Broken(
            self.verdicts.take(rows),
            self.compensation.take(rows),
            self.shipping_version[rows],
            self.clock[rows],
        )


def broken_among(
    f: OrderStates, d: Details, rows: Int, clock: Int | None, book: Book[ShippingTerms]
) -> Found:
    """Every breach among these rows of the orders; `row` is the order's position among all.

    `clock` says, order by order, which clock alone to judge. Orders without a `placed` fact, and
    orders of a time for which nothing was published, are promised nothing.
    """
    position, found = book.positions(f.ordered_us[rows], np.zeros(len(rows), np.int64))
    rows, position = _only(rows, found), _only(position, found)
    parts = [_judged(f, d, rows, position, clock, book, one) for one in _JUDGES]
    return Found(
        Verdicts.concat([p.verdicts for p in parts]),
        np.concatenate([p.shipping_version for p in parts]),
        np.concatenate([p.clock for p in parts]),
    )


def _judged(
    f: OrderStates, d: Details, rows: Int, position: Int, clock: Int | None,
    book: Book[ShippingTerms], one: Clock,
) -> Found:  # fmt: skip
    """The breaches of one clock."""
    mine = None if clock is None else np.flatnonzero(clock[rows] == one)
    asked = rows if mine is None else rows[mine]
    at = position if mine is None else position[mine]
    if len(asked) == 0:
        none = np.zeros(0, np.int64)
        return Found(no_verdicts(), none, none)
    # Nothing is copied where every order is judged, as over history.
    is_whole = len(asked) == len(f)
    states = f if is_whole else f.take(asked)
    details = d if is_whole else details_for(d, asked, len(f))
    terms = terms_at(book, at)
    # Few promises are broken: those alone are put together.
    promises = _JUDGES[one](states, details, terms)
    v = Verdicts.concat([p.take(np.flatnonzero(p.excuse == Excuse.NONE)) for p in promises])
    return Found(
        Verdicts(**{**v.as_dict(), "row": asked[v.row]}),
        terms.version[v.row],
        np.full(len(v), one, np.int64),
    )


def _only(values: Int, where: Mask) -> Int:
    return values if where.all() else values[where]


def terms_at(book: Book[T], position: Int) -> T:
    """The rows at these positions; one row for all is not copied out but only seen so often."""
    first = int(position[0])
    if (position == first).all():
        return type(book.rows)(
            **{
                name: np.broadcast_to(column[first], len(position))
                for name, column in book.rows.as_dict().items()
            }
        )
    return book.rows.take(position)


def promised(ordered_us: Int, found: Found, book: Book[CompensationTerms]) -> Broken:
    """Of these breaches those that the terms of the order's time promise to make good.

    `ordered_us` is that of all the orders that were judged.
    """
    v = found.verdicts
    position, is_known = book.positions(ordered_us[v.row], v.kind)
    kept = np.flatnonzero(is_known)
    kept = kept[book.rows.is_promised[position[kept]]]
    return Broken(
        v.take(kept), book.rows.take(position[kept]), found.shipping_version[kept],
        found.clock[kept],
    )  # fmt: skip


def together(parts: Sequence[Broken]) -> Broken:
    """Breaches one after another; none where there are no parts."""
    none = np.zeros(0, np.int64)
    no_terms = CompensationTerms(
        **{
            name: np.zeros(0, np.bool_ if name.startswith("is_") else np.int64)
            for name in CompensationTerms.names()
        }
    )
    return Broken(
        Verdicts.concat([no_verdicts(), *(p.verdicts for p in parts)]),
        CompensationTerms.concat([no_terms, *(p.compensation for p in parts)]),
        np.concatenate([none, *(p.shipping_version for p in parts)]),
        np.concatenate([none, *(p.clock for p in parts)]),
    )


def details_for(d: Details, rows: Int, count: int) -> Details:
    """The details of these orders, renumbered."""
    place = np.full(count, -1)
    place[rows] = np.arange(len(rows))
    mine = d.take(place[d.row] >= 0)
    return Details(**{**mine.as_dict(), "row": place[mine.row]})
