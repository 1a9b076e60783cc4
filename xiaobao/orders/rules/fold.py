"""Fold facts into the state of their orders: least, greatest, count and sum of distinct facts.

Nothing here depends on the order in which facts arrived, and a fact told twice counts once.
Where facts contradict each other the earliest one counts (of equally early ones the one with the
smaller digest), and the order is flagged.
"""

from __future__ import annotations

import numpy as np

from xiaobao.kernel.columns import FAR_US, Int, Mask
from xiaobao.orders.facts import (
    DETAIL_KINDS,
    REPORT_KINDS,
    Contradiction,
    Details,
    FactKind,
    Facts,
    OrderStates,
)

# Kinds of which one order has at most one; a second one with another content contradicts it.
_ONLY_ONE = {
    FactKind.PLACED: Contradiction.TWO_PLACED,
    FactKind.PAID: Contradiction.TWO_PAID,
    FactKind.DELIVERED: Contradiction.TWO_DELIVERED,
    FactKind.SIGNED: Contradiction.TWO_SIGNED,
    FactKind.COMPLETED: Contradiction.TWO_COMPLETED,
    FactKind.CANCELLED: Contradiction.TWO_CANCELLED,
}
# Reports tell of events beside the order, and lines carry the moment their file gives.
_BESIDE = (FactKind.LINE, *REPORT_KINDS)


def distinct(f: Facts) -> Facts:
    """The facts by order, kind, time and digest, each once, with its earliest record."""
    if len(f) == 0:
        return f
    keys = (f.seller_id, f.order_id, f.kind, f.at_us, f.digest, f.recorded_us)
    # A batch of new orders comes sorted: to see that costs a tenth of sorting it.
    if not _is_sorted(*keys):
        f = f.take(np.lexsort(keys[::-1]))
    return f.take(_changes(f.seller_id, f.order_id, f.kind, f.at_us, f.digest))


def _is_sorted(*keys: Int) -> bool:
    """Whether each row comes after the one before it, or equals it, key by key."""
    equal = np.ones(len(keys[0]) - 1, np.bool_)
    after = np.zeros(len(equal), np.bool_)
    for key in keys:
        after |= equal & (key[1:] > key[:-1])
        equal &= key[1:] == key[:-1]
    return bool((after | equal).all())


def _changes(*keys: Int) -> Mask:
    """Where a row differs from the one before it; the first row does."""
    changed = np.zeros(len(keys[0]), np.bool_)
    changed[:1] = True
    for key in keys:
        changed[1:] |= key[1:] != key[:-1]
    return changed


def orders_among(f: Facts) -> Int:
    """The order's position for each row of distinct facts: 0, 1, 2 … by seller and order."""
    return np.cumsum(_changes(f.seller_id, f.order_id)) - 1


class _Segments:
    """Distinct facts cut by order and kind."""

    def __init__(self, f: Facts) -> None:
        self.facts = f
        self.group = orders_among(f)
        self.count = int(self.group[-1]) + 1 if len(f) else 0
        starts = _changes(self.group, f.kind)
        self._heads = np.flatnonzero(starts)
        self._tails = np.append(self._heads[1:], len(f)) - 1 if len(f) else self._heads
        self._kind = f.kind[self._heads]

    def first(self, kind: FactKind, column: str, unknown: int) -> Int:
        """Of each order, `column` of its earliest fact of a kind."""
        return self._pick(self._heads[self._kind == kind], column, unknown)

    def last(self, kind: FactKind, column: str, unknown: int) -> Int:
        return self._pick(self._tails[self._kind == kind], column, unknown)

    def _pick(self, rows: Int, column: str, unknown: int) -> Int:
        out = np.full(self.count, unknown, np.int64)
        out[self.group[rows]] = getattr(self.facts, column)[rows]
        return out

    def how_many(self, kind: FactKind) -> Int:
        mine = self._kind == kind
        out = np.zeros(self.count, np.int64)
        out[self.group[self._heads[mine]]] = (self._tails - self._heads)[mine] + 1
        return out

    def total(self, kind: FactKind) -> Int:
        out = np.zeros(self.count, np.int64)
        mine = np.flatnonzero(self.facts.kind == kind)
        np.add.at(out, self.group[mine], self.facts.amount_minor[mine])
        return out


def fold(f: Facts) -> OrderStates:
    """The state of every order among the facts, by seller and order."""
    return fold_distinct(distinct(f))


def fold_distinct(f: Facts) -> OrderStates:
    """The same, of facts that `distinct` has ordered."""
    cut = _Segments(f)
    heads = np.flatnonzero(_changes(f.seller_id, f.order_id))
    at = {kind: cut.first(kind, "at_us", FAR_US) for kind in FactKind}
    placed = {
        name: cut.first(FactKind.PLACED, name, 0)
        for name in (
            "buyer_id", "category_id", "goods_minor", "freight_minor", "ship_hours", "route",
        )
    }  # fmt: skip
    state = OrderStates(
        seller_id=f.seller_id[heads],
        order_id=f.order_id[heads],
        market_id=f.market_id[heads],
        **placed,
        ordered_us=at[FactKind.PLACED],
        ship_by_us=cut.first(FactKind.PLACED, "ship_by_us", FAR_US),
        paid_us=at[FactKind.PAID],
        labelled_us=at[FactKind.LABELLED],
        first_scan_us=at[FactKind.SCANNED],
        last_scan_us=cut.last(FactKind.SCANNED, "at_us", FAR_US),
        delivered_us=at[FactKind.DELIVERED],
        signed_us=at[FactKind.SIGNED],
        completed_us=at[FactKind.COMPLETED],
        cancelled_us=at[FactKind.CANCELLED],
        cancel_reason=cut.first(FactKind.CANCELLED, "reason", 0),
        refund_asked_us=at[FactKind.REFUND_ASKED],
        refund_asked_minor=cut.total(FactKind.REFUND_ASKED),
        refund_paid_us=cut.last(FactKind.REFUND_PAID, "at_us", FAR_US),
        refund_paid_minor=cut.total(FactKind.REFUND_PAID),
        return_shipped_us=at[FactKind.RETURN_SHIPPED],
        return_received_us=at[FactKind.RETURN_RECEIVED],
        scans=cut.how_many(FactKind.SCANNED),
        reports=cut.how_many(FactKind.FORCE_MAJEURE),
        facts=np.bincount(cut.group, minlength=cut.count).astype(np.int64),
        placed_digest=cut.first(FactKind.PLACED, "digest", 0),
        flags=np.zeros(cut.count, np.int64),
    )
    state.flags[:] = _flags(state, cut)
    return state


def _flags(s: OrderStates, cut: _Segments) -> Int:
    """Which facts of each order cannot all be right."""
    counted = np.flatnonzero(~np.isin(cut.facts.kind, _BESIDE))
    earliest = np.full(cut.count, FAR_US)
    np.minimum.at(earliest, cut.group[counted], cut.facts.at_us[counted])
    is_placed = s.ordered_us < FAR_US
    is_delivered = np.minimum(s.delivered_us, s.signed_us) < FAR_US
    # An unknown time is later than any other, so `a < b` with b unknown must not count.
    tests = {
        Contradiction.SHIPPED_BEFORE_PAID: _before(s.first_scan_us, s.paid_us),
        Contradiction.DELIVERED_BEFORE_SHIPPED: _before(s.delivered_us, s.first_scan_us),
        Contradiction.SIGNED_BEFORE_DELIVERED: _before(s.signed_us, s.delivered_us),
        Contradiction.CANCELLED_YET_DELIVERED: (s.cancelled_us < FAR_US) & is_delivered,
        Contradiction.SHIPPED_AFTER_CANCELLED: _before(s.cancelled_us, s.first_scan_us),
        Contradiction.SCANNED_AFTER_COMPLETED: _before(s.completed_us, s.last_scan_us),
        Contradiction.HAPPENED_BEFORE_PLACED: is_placed & (earliest < s.ordered_us),
        Contradiction.REFUNDED_ABOVE_PRICE: is_placed
        & (s.refund_paid_minor > s.goods_minor + s.freight_minor),
    }
    tests |= {flag: cut.how_many(kind) > 1 for kind, flag in _ONLY_ONE.items()}
    flags = np.zeros(cut.count, np.int64)
    for flag, test in tests.items():
        flags |= np.where(test, int(flag), 0)
    return flags


def _before(one_us: Int, other_us: Int) -> Mask:
    """Both are known, and the first lies before the second."""
    return (other_us < FAR_US) & (one_us < other_us)


def details_among(f: Facts) -> Details:
    """Of distinct facts, those that are judged one by one; `row` as `fold` orders the orders."""
    mine = np.flatnonzero(np.isin(f.kind, DETAIL_KINDS))
    return Details(
        row=orders_among(f)[mine],
        kind=f.kind[mine],
        at_us=f.at_us[mine],
        recorded_us=f.recorded_us[mine],
        amount_minor=f.amount_minor[mine],
        waybill_id=f.waybill_id[mine],
    )
