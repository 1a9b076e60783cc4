"""Find the breaches whose clocks ran out: claim, judge, share out, record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import psycopg
from django.db import transaction

from xiaobao.kernel.columns import Int, groups_of
from xiaobao.kernel.references import EVERYBODY, causes_of
from xiaobao.orders.acts.judging import broken_promises, may_be_stalled
from xiaobao.orders.facts import (
    BREACH_CAUSE,
    Breaches,
    Clock,
    Details,
    Ground,
    OrderStates,
)
from xiaobao.orders.rules import RULES_VERSION
from xiaobao.orders.rules.amounts import is_capped, owed_to_buyer, without_punishment
from xiaobao.orders.rules.clocks import as_known
from xiaobao.orders.rules.refunds import details_until
from xiaobao.orders.rules.sharing import Shares, shared
from xiaobao.orders.rules.watching import as_of, is_judged, next_due, with_kinds
from xiaobao.orders.store import breaches as breach_store
from xiaobao.orders.store import clocks as clock_store
from xiaobao.orders.store import facts as fact_store
from xiaobao.orders.store.breaches import BreachRows, DetailRows, PairDays
from xiaobao.orders.store.clocks import Watches
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from xiaobao.kernel.references import Part
    from xiaobao.orders.rules.judging import Broken

_TRIES = 3
_BY_DETAIL = (Clock.TRACKING, Clock.REFUND)
# A parcel that stalled may be out of stock, which the shipping clock judges.
_BY_SCANS = (Ground.NO_UPDATE_AFTER_PICK_UP, Ground.PARCEL_STALLED)
_JUDGED_FACTS = (
    "goods_minor", "freight_minor", "ordered_us", "ship_by_us", "ship_hours", "route", "paid_us",
    "labelled_us", "first_scan_us", "delivered_us", "signed_us", "completed_us", "cancelled_us",
    "cancel_reason", "return_shipped_us", "return_received_us", "refund_asked_us",
)  # fmt: skip


@promises.one_catalogue()
@transaction.atomic
def find_breaches(*, until_us: int, limit: int, part: Part = EVERYBODY) -> Breaches:
    """Find and record breaches whose clocks ran out by `until_us`, in due order, about `limit`.

    Each is decided as of its own moment `due_us`, under the terms of its order's time, so running
    late finds the same. Empty only when no clock that is free to claim is due. A breach may pay
    nothing: its group or its pair's day has had all there is; it is recorded all the same.
    Several who each ask for a `part` of all sellers never meet.
    """
    while True:
        watches = clock_store.claim_watches(until_us, limit, part)
        if not len(watches):
            return _as_found(_NO_BREACHES)
        found = _settle(watches, _horizon(watches, until_us, limit))
        if len(found):
            return _as_found(found)


def _horizon(watches: Watches, until_us: int, limit: int) -> int:
    """The last moment judged now: none is passed over whose turn comes before it.

    Where more clocks may be due than were claimed, those of the last moment wait for the next
    call, unless all are of that one moment.
    """
    if len(watches) < limit:
        return until_us
    first, last = int(watches.due_us[0]), int(watches.due_us[-1])
    return max(first, last - 1)


def _settle(watches: Watches, horizon_us: int) -> BreachRows:
    states, day = clock_store.orders_of(watches)
    details = _details(watches, states)
    broken = broken_promises(states, details, watches.clock)
    v = broken.verdicts
    due_now = (v.due_us <= horizon_us) & ~is_judged(watches.judged[v.row], v.kind)
    rank = np.flatnonzero(due_now)
    keys = states.order_id[v.row], states.seller_id[v.row], v.due_us
    rank = rank[np.lexsort((v.kind[rank], *(key[rank] for key in keys)))]
    found = _record_again_if_met(_Found(watches, states, details, day, broken.take(rank)))

    judged = with_kinds(watches.judged, v.row[rank], v.kind[rank])
    paid = watches.paid_minor.copy()
    np.add.at(paid, v.row[rank], found.buyer_minor)
    punished = watches.platform_minor.copy()
    np.add.at(punished, v.row[rank], found.platform_minor)
    columns = np.zeros((len(watches), len(Clock) + 1), np.int64)
    columns[np.arange(len(watches)), watches.clock] = judged
    due = next_due(v, broken.clock, columns)[np.arange(len(watches)), watches.clock]
    moved = Watches(
        **{
            **watches.as_dict(), "judged": judged, "due_us": due, "paid_minor": paid,
            "platform_minor": punished,
        }
    )  # fmt: skip
    is_moved = (due != watches.due_us) | (judged != watches.judged)
    clock_store.change_watches(moved.take(is_moved))
    return found


def _details(watches: Watches, states: OrderStates) -> Details:
    """What must be judged one by one: scans and refunds for their clocks, reports for any.

    Scans count for the shipping clock too where a stalled parcel may be out of stock.
    """
    by_detail = np.isin(watches.clock, _BY_DETAIL) | (states.reports > 0)
    rows = np.flatnonzero(by_detail | may_be_stalled(states))
    d = fact_store.details_of(states.seller_id[rows], states.order_id[rows])
    return Details(**{**d.as_dict(), "row": rows[d.row]})


@dataclass(frozen=True)
class _Found:
    """Breaches in due order, with the clocks and orders they belong to."""

    watches: Watches
    states: OrderStates
    details: Details
    day: Int
    broken: Broken


def _record_again_if_met(found: _Found) -> BreachRows:
    """Record; where another sweep just paid the same pair for the same day, count that in."""
    for _ in range(_TRIES - 1):
        try:
            with transaction.atomic():
                return _record(found)
        except psycopg.errors.UniqueViolation:
            continue
    return _record(found)


def _record(found: _Found) -> BreachRows:
    v = found.broken.verdicts
    if not len(v):
        return _NO_BREACHES
    rows = _rows(found, _paid(found))
    breach_store.add_breaches(rows)
    breach_store.add_details(_judged_details(found))
    return rows


def _judged_details(found: _Found) -> DetailRows:
    """The scans and refunds that breaches were judged on; nothing later than their own moment."""
    v = found.broken.verdicts
    by_detail = np.isin(found.broken.clock, _BY_DETAIL) | np.isin(v.ground, _BY_SCANS)
    # Where a report was decided, the deadline follows from it, whatever the breach.
    is_reported = found.states.reports[v.row] > 0
    breach = np.flatnonzero(by_detail | is_reported)
    d = found.details
    pair, detail = details_until(v.row[breach], v.due_us[breach], as_known(d))
    breach, d = breach[pair], d.take(detail)
    f = found.states.take(v.row[breach])
    return DetailRows(
        seller_id=f.seller_id, order_id=f.order_id, at_us=d.at_us, amount_minor=d.amount_minor,
        waybill_id=d.waybill_id, number=np.arange(len(d)), kind=v.kind[breach], fact=d.kind,
        recorded_us=d.recorded_us,
    )  # fmt: skip


def _paid(found: _Found) -> Shares:
    """Share out in due order, and write what the pairs now have had."""
    v = found.broken.verdicts
    terms = without_punishment(found.broken.compensation, v.is_platforms)
    f, day = found.states.take(v.row), found.day[v.row]
    pair = groups_of(f.seller_id, f.buyer_id, day, v.kind)
    _, first = np.unique(pair, return_index=True)
    had = np.zeros(len(first), np.int64)
    capped = np.flatnonzero(is_capped(terms)[first])
    rows = first[capped]
    pairs = PairDays(f.seller_id[rows], f.buyer_id[rows], day[rows], v.kind[rows], had[capped])
    had[capped], is_there = breach_store.hold_pair_days(pairs)
    shares = shared(
        owed_to_buyer(v.base_minor, terms), terms,
        lane=groups_of(f.seller_id, f.buyer_id, day, found.broken.clock),
        order=v.row, order_paid=found.watches.paid_minor,
        order_punished=found.watches.platform_minor, pair=pair, pair_paid=had,
    )  # fmt: skip
    np.add.at(had, pair, shares.buyer_minor)
    had_now = PairDays(**{**pairs.as_dict(), "paid_minor": had[capped]})
    breach_store.put_pair_days(had_now, is_there)
    return shares


def _rows(found: _Found, paid: Shares) -> BreachRows:
    v, terms = found.broken.verdicts, found.broken.compensation
    f = as_of(found.states.take(v.row), v.due_us)
    cause_hi, cause_lo = causes_of(BREACH_CAUSE, v.due_us, f.seller_id, f.order_id, v.kind)
    return BreachRows(
        seller_id=f.seller_id,
        order_id=f.order_id,
        kind=v.kind,
        clock=found.broken.clock,
        market_id=f.market_id,
        ground=v.ground,
        rules_version=np.full(len(v), RULES_VERSION),
        is_paid_by_itself=terms.is_paid_by_itself,
        ordered_day=found.day[v.row],
        buyer_id=f.buyer_id,
        due_at=v.due_us,
        cause_hi=cause_hi,
        cause_lo=cause_lo,
        terms_version=terms.version,
        shipping_version=found.broken.shipping_version,
        base_minor=v.base_minor,
        owed_minor=paid.owed_minor,
        order_had_minor=paid.order_had_minor,
        pair_had_minor=paid.pair_had_minor,
        buyer_minor=paid.buyer_minor,
        platform_minor=paid.platform_minor,
        platform_had_minor=paid.platform_had_minor,
        since_us=v.since_us,
        is_platforms=v.is_platforms,
        **{name: getattr(f, name) for name in _JUDGED_FACTS},
    )


_NO_BREACHES = BreachRows(
    **{
        name: np.zeros(0, np.bool_ if name.startswith("is_") else np.int64)
        for name in BreachRows.names()
    }
)


def _as_found(rows: BreachRows) -> Breaches:
    return Breaches(
        seller_id=rows.seller_id,
        order_id=rows.order_id,
        kind=rows.kind,
        market_id=rows.market_id,
        buyer_id=rows.buyer_id,
        cause_hi=rows.cause_hi,
        cause_lo=rows.cause_lo,
        due_us=rows.due_at,
        buyer_minor=rows.buyer_minor,
        platform_minor=rows.platform_minor,
        is_paid_by_itself=rows.is_paid_by_itself,
        is_platforms=rows.is_platforms,
    )
