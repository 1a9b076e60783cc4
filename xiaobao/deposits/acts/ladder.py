"""The ladder of a shortfall: clocks start, steps are climbed, all ends when the money is there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.database import sets
from xiaobao.deposits import queries, rules, store
from xiaobao.deposits.acts import reading
from xiaobao.deposits.facts import CauseKind, Ladder, LadderEvent
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import causes_of
from xiaobao.outbox import acts as outbox
from xiaobao.outbox.facts import EventKind
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as sellers_now
from xiaobao.sellers.facts import Restriction, Standing

if TYPE_CHECKING:
    from xiaobao.deposits.facts import Mixes, Requirements
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.ledger.facts import Balances
    from xiaobao.sellers.facts import Standings

_TOLD = {
    LadderEvent.FELL_SHORT: EventKind.DEPOSIT_SHORT,
    LadderEvent.CLIMBED: EventKind.DEPOSIT_LADDER_CLIMBED,
    LadderEvent.CLEARED: EventKind.DEPOSIT_MET,
}


@dataclass(frozen=True)
class LadderReport:
    """What a look at some sellers found."""

    looked: int
    fell_short: int
    climbed: int
    cleared: int
    ended: int


@sets.one_transaction()
def check_shortfalls(seller_ids: Int, *, at_us: Int | int) -> LadderReport:
    """Compare what is asked for with what is there: start, climb or end clocks.

    For sellers whose deposit moved, at one moment or one for each. Sellers never quoted are
    passed over. A repeat at the same moment changes nothing.
    """
    ids, first = np.unique(seller_ids, return_index=True)
    moments = np.broadcast_to(np.asarray(at_us, np.int64), len(seller_ids))[first]
    held = store.hold(ids)
    if len(held) == 0:
        return LadderReport(0, 0, 0, 0, 0)
    return look(held, moments[np.searchsorted(ids, held.seller_id)])


@transaction.atomic
def climb_ladder(until_us: int, limit: int = 8192) -> LadderReport:
    """Fire the ladder's clocks that ran out by then, earliest first, one step for each seller.

    A seller with several steps due is at the next one when called again: call until nobody is
    looked at.
    """
    held = store.claim_due("next_due_at", until_us, limit)
    return look(held, held.next_due_us)


def look(held: Requirements, at_us: Int, balances: Balances | None = None) -> LadderReport:
    """Look at held requirements, each at its moment, and record what changed.

    `balances` are their books, row for row, where the caller has read them.
    """
    if len(held) == 0:
        return LadderReport(0, 0, 0, 0, 0)
    cover, mixes = queries.ask_cover(held.seller_id, at_us), queries.ask_mixes(held.seller_id)
    standing = sellers_now.ask_standing(held.seller_id)
    # The books are asked for last, and all the others with them.
    books = reading.balances_of(held.seller_id) if balances is None else balances
    reports = []
    for market_id in np.unique(held.market_id).tolist():
        here = held.market_id == market_id
        rows = held.take(here)
        beside = cover.answer[here], mixes.answer, standing.answer
        reports.append(_look(rows, at_us[here], market_id, books.take(here), beside))
    counts = np.sum(reports, axis=0)
    return LadderReport(len(held), *(int(counts[event]) for event in LadderEvent))


def _look(
    held: Requirements, at_us: Int, market_id: int, balances: Balances,
    beside: tuple[Int, Mixes, Standings],
) -> Int:  # fmt: skip
    """The sellers of one market; returns how often each event happened, by its number."""
    cover, mixes, standing = beside
    sizing = reading.sizing_of(market_id, at_us)
    before = Ladder(held.short_since_us, held.top_up_due_us, held.step, held.next_due_us)
    since_us = np.where(held.short_since_us < FAR_US, held.short_since_us, at_us)
    after_hours = reading.after_hours_of(market_id, since_us, rules.step_to_time(before))
    available = reading.counted_of(held.required_minor, balances, sizing, cover)
    goes = reading.stands_as(standing, held.seller_id, (Standing.EXITING,))
    available = available + queries.leaving_of(held.seller_id, goes, balances.locked)
    missing = held.required_minor - available
    deferred, is_ahead = reading.deferred_of(held.seller_id, missing, mixes)
    if is_ahead.any():
        store.trim_plans(held.seller_id[is_ahead], np.maximum(missing[is_ahead], 0))
    available = available + deferred
    inside = reading.stands_as(standing, held.seller_id, reading.INSIDE)

    move = rules.ladder_step(
        before, held.required_minor - available, inside, at_us, sizing.top_up_hours, after_hours
    )

    moved = move.event != rules.NO_EVENT
    after = replace(
        held, short_since_us=move.short_since_us, top_up_due_us=move.top_up_due_us,
        step=move.step, next_due_us=move.next_due_us, seq=held.seq + moved,
    )  # fmt: skip
    if moved.any():
        _record(after, move.event, available, at_us)
        restricts = moved & reading.restricting(market_id, since_us, move.step)
        _restrict(after, move.event, restricts, at_us)
    return np.bincount(move.event, minlength=len(LadderEvent) + 1)


def _record(after: Requirements, event: Int, available: Int, at_us: Int) -> None:
    moved = event != rules.NO_EVENT
    rows = after.take(moved)
    store.put(rows)
    store.add_events(
        rows.seller_id, rows.seq, event[moved], rows.step, rows.required_minor,
        available[moved], at_us[moved],
    )  # fmt: skip
    for kind, told in _TOLD.items():
        here = event == kind
        rows, moments = after.take(here), at_us[here]
        cause = causes_of(CauseKind.LADDER_MOVED, moments, rows.seller_id, rows.seq)
        outbox.tell(
            told, rows.seller_id, *cause, at_us=moments, subject_id=rows.step,
            amount_minor=np.maximum(rows.required_minor - available[here], 0),
        )  # fmt: skip


def _restrict(after: Requirements, event: Int, restricts: Mask, at_us: Int) -> None:
    sellers.restrict_sellers(
        after.seller_id[restricts], Restriction.SHORTFALL, at_us=at_us[restricts]
    )
    cleared = event == LadderEvent.CLEARED
    sellers.lift_restriction(after.seller_id[cleared], Restriction.SHORTFALL, at_us=at_us[cleared])
