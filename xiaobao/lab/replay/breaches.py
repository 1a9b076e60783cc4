"""Breaches over history: the live rules, a piece of orders at a time, then shared out in turn.

Every order of a pair of buyer and seller lies in one bucket of sellers, so the caps on what a
pair gets in a day, and what one order's group of promises pays, come out as they did live.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import days_of
from xiaobao.kernel.columns import Columns, Int, Mask, groups_of
from xiaobao.lab.history.shapes import Stretch
from xiaobao.lab.history.tables import Paid
from xiaobao.lab.replay.policies import Policy, same_terms
from xiaobao.orders.rules.amounts import owed_to_buyer
from xiaobao.orders.rules.judging import broken_among, promised
from xiaobao.orders.rules.screening import may_be_broken, shortest_of
from xiaobao.orders.rules.sharing import shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xiaobao.kernel.clocks import Zone
    from xiaobao.orders.rules.judging import Broken, Found

# Orders looked at once: their columns stay in the processor's own memory.
PIECE_ROWS = 16_384


@dataclass(frozen=True, slots=True)
class Breaches(Columns):
    """Promises broken under one policy, and what they pay, by seller, order and kind.

    Orders are numbered from 0 in the order in which a bucket is read: small numbers are grouped
    several times as quickly as ids.
    """

    order_no: Int
    seller_id: Int
    order_id: Int
    kind: Int
    clock: Int
    buyer_id: Int
    category_id: Int
    ordered_us: Int
    ordered_day: Int
    due_us: Int
    known_us: Int
    ground: Int
    base_minor: Int
    owed_minor: Int
    pair_day_most_minor: Int
    platform_bps: Int
    rounding: Int
    is_paid_by_itself: Mask
    is_platforms: Mask  # the fund bears it, and it is nobody's fault
    buyer_minor: Int  # after caps, and less what its group of promises had paid before
    platform_minor: Int


def breaches_under(
    stretches: Iterable[Stretch], policies: Sequence[Policy], zone: Zone, paid: Paid
) -> list[Breaches]:
    """The breaches of a bucket of sellers under each policy; what claims paid is a fact."""
    parts: list[list[Breaches]] = [[] for _ in policies]
    numbers = Numbers()
    shortest = shortest_of([policy.shipping.rows for policy in policies])
    # Of most orders a glance tells that nothing is broken: the few others are judged together.
    asked = [
        piece.take(may_be_broken(piece.states, piece.details, shortest))
        for stretch in stretches for piece in stretch.pieces(PIECE_ROWS)
    ]  # fmt: skip
    for piece in Stretch.concat(asked).pieces(PIECE_ROWS) if asked else ():
        for place, found in enumerate(piece_under(piece, policies, numbers)):
            parts[place].append(found)
    return [shared_out(_first_found(_all(found)), zone, paid) for found in parts]


class Numbers:
    """The orders of a bucket numbered as they are read."""

    def __init__(self) -> None:
        self._next = 0
        self._last = (-1, -1)

    def of(self, piece: Stretch) -> Int:
        """The number of each row's order; rows of one order stand together."""
        seller, order = piece.states.seller_id, piece.states.order_id
        begins = piece.is_first
        # A piece may begin with another row of the order that ended the one before.
        begins[0] = (int(seller[0]), int(order[0])) != self._last
        numbers: Int = self._next + np.cumsum(begins) - 1
        self._next = int(numbers[-1]) + 1
        self._last = int(seller[-1]), int(order[-1])
        return numbers


def piece_under(piece: Stretch, policies: Sequence[Policy], numbers: Numbers) -> list[Breaches]:
    """The breaches of a piece of orders under each policy, not yet shared out."""
    rows = np.arange(len(piece))
    order_no = numbers.of(piece)
    judged: list[tuple[Policy, Found]] = []
    out = []
    for policy in policies:
        # Where both packs have the same clocks, one look at the orders serves both.
        same = (f for p, f in judged if same_terms(p.shipping, policy.shipping))
        found = next(same, None)
        if found is None:
            found = broken_among(piece.states, piece.details, rows, None, policy.shipping)
            judged.append((policy, found))
        broken = promised(piece.states.ordered_us, found, policy.compensation)
        out.append(_of(piece, broken, order_no))
    return out


def _of(piece: Stretch, broken: Broken, order_no: Int) -> Breaches:
    """Those breaches that were found while the row's knowledge held; nothing is paid yet."""
    v = broken.verdicts
    kept = np.flatnonzero(v.due_us <= piece.until_us[v.row])
    v, terms, f = v.take(kept), broken.compensation.take(kept), piece.states
    none = np.zeros(len(v), np.int64)
    return Breaches(
        order_no=order_no[v.row],
        seller_id=f.seller_id[v.row],
        order_id=f.order_id[v.row],
        kind=v.kind,
        clock=broken.clock[kept],
        buyer_id=f.buyer_id[v.row],
        category_id=f.category_id[v.row],
        ordered_us=f.ordered_us[v.row],
        ordered_day=piece.ordered_day[v.row],
        due_us=v.due_us,
        known_us=piece.known_us[v.row],
        ground=v.ground,
        base_minor=v.base_minor,
        owed_minor=owed_to_buyer(v.base_minor, terms),
        pair_day_most_minor=terms.pair_day_most_minor,
        platform_bps=np.where(v.is_platforms, 0, terms.platform_bps),
        rounding=terms.rounding,
        is_paid_by_itself=terms.is_paid_by_itself,
        is_platforms=v.is_platforms,
        buyer_minor=none,
        platform_minor=none,
    )


def _first_found(b: Breaches) -> Breaches:
    """Each promise of an order breaks once: as the earliest knowledge that saw it found it."""
    key = groups_of(b.order_no, b.kind)
    rank = np.argsort(key, kind="stable")
    group, known = key[rank], b.known_us[rank]
    again = group[1:] == group[:-1]
    if again.any():
        rank = rank[np.lexsort((known, group))]
        group = key[rank]
        again = group[1:] == group[:-1]
    return b.take(rank[np.append(True, ~again)]) if len(b) else b


def shared_out(b: Breaches, zone: Zone, by_claims: Paid) -> Breaches:
    """What each breach pays once those before it have paid, in the order in which they paid."""
    # The night on which a breach was found: of its own day, or of the day that told of it.
    night = np.maximum(days_of(b.due_us, zone), days_of(b.known_us, zone))
    turn = np.lexsort((b.kind, b.order_id, b.seller_id, b.due_us))
    if (b.known_us > 0).any():
        turn = turn[np.argsort(night[turn], kind="stable")]
    t = b.take(turn)
    order = groups_of(t.order_no, t.clock)
    _, seller_no = np.unique(t.seller_id, return_inverse=True)
    _, buyer_no = np.unique(t.buyer_id, return_inverse=True)
    pair = groups_of(seller_no, buyer_no, t.ordered_day, t.kind)
    none = np.zeros(len(t), np.int64)
    shares = shared(
        t.owed_minor, t,
        lane=groups_of(seller_no, buyer_no, t.ordered_day, t.clock),
        order=order, pair=pair, order_paid=_had_of_claims(t, order, night[turn], by_claims),
        order_punished=none, pair_paid=none,
    )  # fmt: skip
    buyer, platform = np.empty(len(b), np.int64), np.empty(len(b), np.int64)
    buyer[turn], platform[turn] = shares.buyer_minor, shares.platform_minor
    return replace(b, buyer_minor=buyer, platform_minor=platform)


def _had_of_claims(t: Breaches, order: Int, night: Int, by_claims: Paid) -> Int:
    """What claims had paid by the night of each group's first breach, group by group."""
    had = np.zeros(len(t), np.int64)
    if len(by_claims) == 0 or len(t) == 0:
        return had
    both = groups_of(
        *(np.concatenate([getattr(t, n), getattr(by_claims, n)]) for n in Paid.names()[:3])
    )
    group = np.full(int(both.max()) + 1, -1)
    group[both[: len(t)]] = order
    first = np.full(len(t), np.iinfo(np.int64).max)
    np.minimum.at(first, order, night)
    mine = group[both[len(t) :]]
    counts = (mine >= 0) & (by_claims.counts_from <= first[mine])
    np.add.at(had, mine[counts], by_claims.amount_minor[counts])
    return had


def _all(parts: list[Breaches]) -> Breaches:
    return Breaches.concat([no_breaches(), *parts])


def no_breaches() -> Breaches:
    return Breaches(
        **{
            name: np.zeros(0, np.bool_ if name.startswith("is_") else np.int64)
            for name in Breaches.names()
        }
    )
