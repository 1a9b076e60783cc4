"""Tracking that moves: the gaps between one parcel's scans, and from its last scan on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import HOUR_US
from xiaobao.kernel.columns import FAR_US, Columns, Int, Mask
from xiaobao.orders.facts import (
    BreachKind,
    Details,
    FactKind,
    Ground,
    OrderStates,
    Reports,
    Route,
    Verdicts,
)
from xiaobao.orders.rules.clocks import after, excuse_of, of_kind, reports_of, stood, verdicts

if TYPE_CHECKING:
    from xiaobao.orders.terms import ShippingTerms


@dataclass(frozen=True, slots=True)
class Gaps(Columns):
    """Spans without a scan, by order, parcel and time."""

    row: Int
    since_us: Int
    until_us: Int  # the next scan, or the end of the journey; FAR_US where neither has come
    is_first: Mask  # after pick-up


def judge_tracking(f: OrderStates, d: Details, t: ShippingTerms) -> Verdicts:
    """Both tracking promises of every order."""
    return Verdicts.concat(tracking_promises(f, d, t))


def tracking_promises(f: OrderStates, d: Details, t: ShippingTerms) -> list[Verdicts]:
    """The same, promise by promise."""
    gaps = gaps_of(f, d)
    r = reports_of(len(f), d, t.force_majeure_report_hours)
    slow = _slow_hours(f, t)
    abnormal = _by_route(
        f, t.stall_abnormal_same_hours, t.stall_abnormal_cross_hours,
        t.stall_abnormal_remote_hours,
    )  # fmt: skip
    return [
        _stalled(f, gaps, r, BreachKind.TRACKING_SLOW, t.first_update_hours, slow),
        _stalled(f, gaps, r, BreachKind.TRACKING_ABNORMAL, t.no_update_abnormal_hours, abnormal),
    ]


def long_stalled(f: OrderStates, d: Details, t: ShippingTerms, r: Reports) -> Verdicts:
    """Parcels that stood still so long beyond the slow limit that they count as never sent."""
    beyond = t.stalled_out_of_stock_hours
    first = np.where(beyond > 0, t.first_update_hours + beyond, 0)
    later = np.where(beyond > 0, _slow_hours(f, t) + beyond, 0)
    return _stalled(f, gaps_of(f, d), r, BreachKind.OUT_OF_STOCK, first, later)


def least_stall_hours(versions: ShippingTerms) -> int:
    """The shortest rest after which any of these versions takes a parcel for unsent; 0: none."""
    t = versions.take(versions.stalled_out_of_stock_hours > 0)
    slow = [t.first_update_hours, t.stall_slow_same_hours, t.stall_slow_cross_hours,
            t.stall_slow_remote_hours]  # fmt: skip
    return int((np.min(slow, axis=0) + t.stalled_out_of_stock_hours).min()) if len(t) else 0


def is_long_under_way(f: OrderStates, least_hours: int) -> Mask:
    """Scanned so long before the journey's end that a parcel can have rested for so long."""
    is_moving = (f.first_scan_us < FAR_US) & (least_hours > 0)
    return is_moving & (journey_end_us(f) - f.first_scan_us >= least_hours * HOUR_US)


def _slow_hours(f: OrderStates, t: ShippingTerms) -> Int:
    return _by_route(
        f, t.stall_slow_same_hours, t.stall_slow_cross_hours, t.stall_slow_remote_hours
    )


def _by_route(f: OrderStates, same: Int, cross: Int, remote: Int) -> Int:
    return np.where(
        f.route == Route.REMOTE, remote, np.where(f.route == Route.CROSS_PROVINCE, cross, same)
    )


def journey_end_us(f: OrderStates) -> Int:
    """When nobody waits for a scan any more."""
    arrived = np.minimum(np.minimum(f.delivered_us, f.signed_us), f.completed_us)
    return np.minimum(arrived, np.minimum(f.cancelled_us, f.return_shipped_us))


def gaps_of(f: OrderStates, d: Details) -> Gaps:
    """From each scan before the journey's end to the next one of the same parcel."""
    scans = of_kind(d, FactKind.SCANNED)
    scans = _in_order(scans)
    is_first = np.ones(len(scans), np.bool_)
    is_first[1:] = (scans.row[1:] != scans.row[:-1]) | (
        scans.waybill_id[1:] != scans.waybill_id[:-1]
    )
    following = np.full(len(scans), FAR_US)
    following[:-1] = np.where(is_first[1:], FAR_US, scans.at_us[1:])
    end = journey_end_us(f)[scans.row]
    gaps = Gaps(scans.row, scans.at_us, np.minimum(following, end), is_first)
    return gaps.take(scans.at_us < end)


def _in_order(scans: Details) -> Details:
    """By order, parcel and time. History is kept so, and looking costs a tenth of sorting."""
    row, parcel, at = scans.row, scans.waybill_id, scans.at_us
    same_row = row[1:] == row[:-1]
    same_parcel = parcel[1:] == parcel[:-1]
    later = (parcel[1:] > parcel[:-1]) | (same_parcel & (at[1:] >= at[:-1]))
    if bool(((row[1:] > row[:-1]) | (same_row & later)).all()):
        return scans
    return scans.take(np.lexsort((at, parcel, row)))


def _stalled(
    f: OrderStates, g: Gaps, r: Reports, kind: BreachKind, first_hours: Int, hours: Int
) -> Verdicts:
    """The earliest gap that reached its limit, which is when the limit's last hour has passed."""
    limit = np.where(g.is_first, first_hours[g.row], hours[g.row])
    clock = stood(after(g.since_us, limit), g.since_us, r.take(g.row))
    due = clock.due_us
    holds = np.flatnonzero((g.until_us >= clock.deadline_us) & (clock.deadline_us < FAR_US))
    # Of each order the gap that ran out first; of two at once the parcel that stood still longer.
    first = holds[np.lexsort((g.since_us[holds], due[holds], g.row[holds]))][::-1]
    chosen = np.full(len(f), -1)
    chosen[g.row[first]] = first
    found = chosen >= 0
    if not len(g):
        return _none_running(f, kind)
    due_us = np.where(found, due[chosen], FAR_US)
    excuse = excuse_of(
        f, due_us,
        is_called_off=np.zeros(len(f), np.bool_),
        is_forced=found & clock.is_waiting[chosen],
        is_kept=~found,
    )  # fmt: skip
    ground = np.where(
        g.is_first[chosen], int(Ground.NO_UPDATE_AFTER_PICK_UP), int(Ground.PARCEL_STALLED)
    )
    return verdicts(
        kind, ground, due_us, g.since_us[chosen], excuse, f.goods_minor,
        found & clock.is_lapsed[chosen],
    )  # fmt: skip


def _none_running(f: OrderStates, kind: BreachKind) -> Verdicts:
    never = np.full(len(f), FAR_US)
    no = np.zeros(len(f), np.bool_)
    excuse = excuse_of(f, never, is_called_off=no, is_forced=no, is_kept=no)
    return verdicts(kind, Ground.PARCEL_STALLED, never, never, excuse, f.goods_minor)
