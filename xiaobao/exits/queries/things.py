"""What could stand in the way of sellers of one market, read from all the rooms below."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims import queries as claims
from xiaobao.claims.facts import ClaimState
from xiaobao.exits.facts import Actor, Blocker, Things
from xiaobao.exits.terms import ConditionTerms, ExitRules
from xiaobao.kernel.clocks import DAY_US, add_days, moment_of, zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import id_of
from xiaobao.orders import queries as orders
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind, ClockUnit, ViolationKind
from xiaobao.promises.rules.clocks import calendar_of, due_of
from xiaobao.promises.terms import ClockTerms, QuietFrom
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import Event
from xiaobao.violations import queries as violations
from xiaobao.violations.facts import BlockKind

if TYPE_CHECKING:
    from xiaobao.claims.facts import Claims
    from xiaobao.kernel.clocks import Zone
    from xiaobao.kernel.columns import Int
    from xiaobao.orders.facts import OrderStates
    from xiaobao.promises.facts import Market

# What counts as fraud among violations.
FRAUDS = frozenset(
    {
        ViolationKind.FRAUD, ViolationKind.FAKE_TRADE, ViolationKind.FAKE_TRADE_SERIOUS,
        ViolationKind.FAKE_TRADE_EXTREME, ViolationKind.COUNTERFEIT,
        ViolationKind.COUNTERFEIT_SERIOUS, ViolationKind.COUNTERFEIT_EXTREME,
    }
)  # fmt: skip
_ACTORS = {
    BlockKind.APPEALABLE: Actor.SELLER,
    BlockKind.APPEALED: Actor.PLATFORM,
    BlockKind.PENALTY: Actor.TIME,
}
# No clock of any pack is longer than so many days for each of its units.
_DAYS_OF_UNIT = {ClockUnit.MONTHS: 31, ClockUnit.YEARS: 366, ClockUnit.WORKING_DAYS: 4}


@dataclass(frozen=True)
class Terms:
    """What governs exits of one market at one moment."""

    market: Market
    at_us: int
    rules: ExitRules
    quiet: ClockTerms
    is_unblockable: bool = False  # a change of policy is the ground: nothing is waited for

    @property
    def zone(self) -> Zone:
        return zone_of(self.market.zone)

    def of(self, kinds: Int) -> ConditionTerms:
        """The terms of each of these kinds of blockers, row for row."""
        moments = np.full(len(kinds), self.at_us, np.int64)
        terms = promises.book_of(ConditionTerms, self.market.market_id).in_force(moments, kinds)
        if self.is_unblockable:
            return replace(terms, is_waited_for=np.zeros(len(kinds), np.bool_))
        return terms

    def quiet_ends(self, since_us: Int) -> Int:
        terms = self.quiet.take(np.zeros(len(since_us), np.int64))
        calendar = calendar_of(self.market.zone)
        return due_of(since_us, terms, zone=self.zone, calendar=calendar)

    def quiet_days_most(self) -> int:
        unit = ClockUnit(int(self.quiet.unit[0]))
        return int(self.quiet.amount[0]) * _DAYS_OF_UNIT.get(unit, 1) + 1


def terms_at(market_id: int, at_us: int, *, is_unblockable: bool = False) -> Terms:
    """The terms of leaving in force then."""
    moment = np.array([at_us])
    quiet = np.array([ClockKind.EXIT_QUIET.value])
    return Terms(
        promises.market_of(market_id),
        at_us,
        promises.book_of(ExitRules, market_id).in_force(moment),
        promises.book_of(ClockTerms, market_id).in_force(moment, quiet),
        is_unblockable,
    )


def things_of(
    seller_ids: Int, terms: Terms, *, closing_us: int, at_us: int
) -> tuple[Things, dict[int, str]]:
    """Everything that could stand in the way; what has ended already is told apart later.

    Beside it the names of violations, by id. `closing_us` is from when a quiet time counts that
    begins with closing.
    """
    violated, named = _violations(seller_ids, at_us)
    running = claims.running_of(seller_ids)
    since_us = min(at_us, closing_us) - terms.quiet_days_most() * DAY_US
    # A trade of which nothing was told is presumed completed, and quiet from then on.
    states = orders.states_of(*orders.unsettled(seller_ids, since_us))
    claimed = np.isin(states.order_id, running.order_id)
    parts = [
        *_trades(states, terms, closing_us),
        _refunds(states.take(~claimed)),
        _claims(running),
        violated,
        _sales(seller_ids, terms, at_us),
    ]
    return Things.concat(parts), named


def _row(seller_id: Int, kind: Blocker, actor: Actor, **columns: Int) -> Things:
    none = np.zeros(len(seller_id), np.int64)
    made = {
        "subject_id": none, "basis_minor": none, "locked_minor": none, "since_us": none + FAR_US,
        "until_us": none + FAR_US, "least_us": none,
    }  # fmt: skip
    return Things(seller_id=seller_id, kind=none + kind, actor=none + actor, **(made | columns))


def _trades(states: OrderStates, terms: Terms, closing_us: int) -> tuple[Things, Things]:
    """Open trades, and the quiet time after each trade, completed or presumed to be."""
    kept = states.take((states.cancelled_us == FAR_US) & (states.paid_us < FAR_US))
    is_open = kept.completed_us == FAR_US
    last = _last_told(kept)
    most = terms.of(np.full(len(kept), Blocker.OPEN_TRADE, np.int64)).most_days
    over = np.where(is_open, add_days(last, most, terms.zone), kept.completed_us)
    from_closing = int(terms.rules.quiet_from[0]) == QuietFrom.CLOSING
    counted = np.full(len(kept), closing_us, np.int64) if from_closing else over
    quiet = _row(
        kept.seller_id, Blocker.QUIET, Actor.TIME, subject_id=kept.order_id,
        basis_minor=kept.goods_minor, since_us=over,
        until_us=np.maximum(terms.quiet_ends(counted), over),
    )  # fmt: skip
    running = kept.take(is_open)
    trades = _row(
        running.seller_id, Blocker.OPEN_TRADE, Actor.SELLER, subject_id=running.order_id,
        basis_minor=running.goods_minor, since_us=last[is_open],
    )  # fmt: skip
    return trades, quiet


def _last_told(states: OrderStates) -> Int:
    """The last thing that was told of each order's way."""
    told = [
        states.ordered_us, states.paid_us, states.labelled_us, states.last_scan_us,
        states.delivered_us, states.signed_us,
    ]  # fmt: skip
    known = np.stack([np.where(one < FAR_US, one, 0) for one in told])
    latest: Int = known.max(axis=0)
    return latest


def _refunds(states: OrderStates) -> Things:
    """Refunds asked for and not paid in full; one with a claim about it is the claim's."""
    rows = states.take(states.refund_asked_minor > states.refund_paid_minor)
    goods = rows.goods_minor + rows.freight_minor
    owed = np.minimum(rows.refund_asked_minor, goods) - rows.refund_paid_minor
    back = np.where(rows.return_received_us < FAR_US, rows.return_received_us, 0)
    return _row(
        rows.seller_id, Blocker.REFUND, Actor.SELLER, subject_id=rows.order_id,
        basis_minor=np.maximum(owed, 0), since_us=np.maximum(rows.refund_asked_us, back),
    )  # fmt: skip


def _claims(running: Claims) -> Things:
    """Open claims: what no deposit covers is held, the rest is locked for the claim itself."""
    suspended = running.state == ClaimState.SUSPENDED
    return _row(
        running.seller_id, Blocker.CLAIM, Actor.PLATFORM, subject_id=running.claim_id,
        basis_minor=running.uncovered_minor, locked_minor=running.locked_minor,
        since_us=running.filed_us, least_us=np.where(suspended, running.stop_until_us, 0),
    )  # fmt: skip


def _violations(seller_ids: Int, at_us: int) -> tuple[Things, dict[int, str]]:
    """What violations leave open, reminders apart: those hold up nobody.

    Each clears by itself; its money is locked already as far as the deposit went, and what went
    beyond is held.
    """
    found = [
        (seller_id, one)
        for seller_id in seller_ids.tolist()
        for one in violations.open_violations_of(seller_id, at=moment_of(at_us))
        if not one.is_reminder
    ]
    # One violation may leave several things open: its place tells them apart.
    ids = [id_of(f"{n}/{one.violation}") for n, (_, one) in enumerate(found)]
    named = {key: one.violation for key, (_, one) in zip(ids, found, strict=True)}
    kinds = [Blocker.FRAUD if one.kind in FRAUDS else Blocker.VIOLATION for _, one in found]
    made = _row(
        np.array([seller_id for seller_id, _ in found], np.int64), Blocker.VIOLATION, Actor.TIME,
        subject_id=np.array(ids, np.int64),
        basis_minor=np.array([one.unheld_minor for _, one in found], np.int64),
        locked_minor=np.array([one.held_minor for _, one in found], np.int64),
        until_us=np.array([one.clears_us for _, one in found], np.int64),
    )  # fmt: skip
    actors = [_ACTORS[one.block] for _, one in found]
    return replace(made, kind=np.array(kinds, np.int64), actor=np.array(actors, np.int64)), named


def _sales(seller_ids: Int, terms: Terms, at_us: int) -> Things:
    """Sellers below the threshold on sales, where the pack has one; since they joined."""
    least = int(terms.rules.sales_least_minor[0])
    sold = orders.turnover(seller_ids, 0, at_us)
    below = sold.seller_id[sold.goods_minor < least] if least else seller_ids[:0]
    joined = sellers.last_moved(below, Event.ACTIVATE)
    return _row(below, Blocker.SALES, Actor.SELLER, since_us=joined)
