"""What was known when: an order told late is judged as the sweeps of the time saw it.

Clocks fire in day windows. A clock that ran out on a day was judged that night, on the facts told
by then; a fact told on a later day than it happened changes what later nights saw, never what was
found before. So an order has a row for each day on which such a late fact came, and each row
answers for the clocks that ran out before the next one. Facts told on their own day need no row
of their own: no verdict depends on what happened after its moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import days_of, midnight_of
from xiaobao.kernel.columns import FAR_US, groups_of
from xiaobao.orders.facts import DETAIL_KINDS, Details, FactKind, Facts, OrderStates
from xiaobao.orders.rules.fold import fold

if TYPE_CHECKING:
    from xiaobao.kernel.clocks import Zone
    from xiaobao.kernel.columns import Int, Mask

NO_MORE = FAR_US


@dataclass(frozen=True)
class Known:
    """Orders as they were known: states, and from and until when each row answers."""

    states: OrderStates
    known_us: Int
    until_us: Int
    details: Details


def as_it_was_known(f: Facts, zone: Zone) -> Known:
    """A row for each order and each day on which it was told something late."""
    told = days_of(f.recorded_us, zone)
    is_late = (told > days_of(f.at_us, zone)) & (f.kind != FactKind.LINE)
    order = groups_of(f.seller_id, f.order_id)
    days, day_order = _late_days(order, told, is_late)
    parts = []
    turn = 0
    while True:
        # The row of this turn answers from its late day (none at first) to the next one.
        since, until = _span(days, day_order, turn, len(np.unique(order)) if len(order) else 0)
        if turn and not (since < NO_MORE).any():
            break
        parts.append(_row_of_turn(f, told, order, since, until, zone))
        turn += 1
    return _joined(parts)


def _late_days(order: Int, told: Int, is_late: Mask) -> tuple[Int, Int]:
    """The days on which each order was told something late, by order and day."""
    pairs = np.unique(np.stack([order[is_late], told[is_late]], axis=1), axis=0)
    return pairs[:, 1], pairs[:, 0]


def _span(days: Int, day_order: Int, turn: int, count: int) -> tuple[Int, Int]:
    """From which late day to which each order's row of this turn answers; NO_MORE where none."""
    first = np.searchsorted(day_order, np.arange(count), side="left")
    how_many = np.searchsorted(day_order, np.arange(count), side="right") - first
    padded = np.append(days, NO_MORE)
    since = np.full(count, -1, np.int64)
    if turn:
        since = np.where(
            how_many >= turn, padded[np.minimum(first + turn - 1, len(days))], NO_MORE
        )
    until = np.where(how_many > turn, padded[np.minimum(first + turn, len(days))], NO_MORE)
    return since, until


def _row_of_turn(f: Facts, told: Int, order: Int, since: Int, until: Int, zone: Zone) -> Known:
    """Each order's row of one turn, of the facts told before its next late day."""
    rows = np.flatnonzero((told < until[order]) & (since[order] < NO_MORE))
    facts, group = f.take(rows), order[rows]
    states = fold(facts)
    of_state = np.unique(group)
    is_placed = states.ordered_us < FAR_US
    kept = of_state[is_placed]
    place = np.full(len(since), -1)
    place[kept] = np.arange(len(kept))
    is_detail = np.isin(facts.kind, DETAIL_KINDS) & (place[group] >= 0)
    asked = facts.take(is_detail)
    ends = until[kept]
    return Known(
        states.take(is_placed),
        np.where(since[kept] < 0, 0, midnight_of(np.maximum(since[kept], 0), zone)),
        np.where(ends < NO_MORE, midnight_of(np.where(ends < NO_MORE, ends, 0), zone) - 1, FAR_US),
        Details(
            place[group[is_detail]], asked.kind, asked.at_us, asked.recorded_us,
            asked.amount_minor, asked.waybill_id,
        ),
    )  # fmt: skip


def _joined(parts: list[Known]) -> Known:
    starts = np.cumsum([0, *(len(p.states) for p in parts)])
    return Known(
        OrderStates.concat([p.states for p in parts]),
        np.concatenate([p.known_us for p in parts]),
        np.concatenate([p.until_us for p in parts]),
        Details.concat(
            [
                Details(**{**p.details.as_dict(), "row": p.details.row + int(start)})
                for p, start in zip(parts, starts, strict=False)
            ]
        ),
    )
