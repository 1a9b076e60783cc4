"""Control charts of breach rates: a shop beside its own past, and beside its market; pure.

Its own past: Laney's p' chart ("Improved control charts for attributes", Quality Engineering 14
(2002), 531-537): limits of each week for as many orders as it had, wider where weeks differ more
than chance makes them, never narrower. The market: a funnel plot with limits widened for what
shops differ anyway (D. J. Spiegelhalter, "Funnel plots for comparing institutional performance",
Statistics in Medicine 24 (2005), 1185-1202).

Weeks are matrices: a row for each shop, a column for each week, the latest last; a week without
orders says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.money import WHOLE_BPS
from xiaobao.supervision.facts import Limits, Signal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.supervision.rules.estimating import Prior
    from xiaobao.supervision.terms import WatchTerms

    Float = NDArray[np.float64]

# The mean of the distance between two draws of a normal distribution of spread 1.
_MOVING = 2 / np.sqrt(np.pi)
_OUTERMOST = 0.1  # of shops at either end count as if they stood where the next ones do


@dataclass(frozen=True)
class Charted:
    """The latest week of each shop on its chart, and what it signals."""

    limits: Limits
    funnel_bps: Int
    signals: Int


def chart(
    orders: Int, broken: Int, span_orders: Int, span_broken: Int, prior: Prior, terms: WatchTerms
) -> Charted:
    """Judge the latest week of each shop: its own limits, its run, and its market's funnel."""
    limits = limits_of(orders, broken, prior, terms)
    funnel = funnel_bps(span_orders, span_broken, prior, terms)
    many = terms.least_broken
    now_orders, now_broken = orders[:, -1], broken[:, -1]
    above = (
        (now_broken * WHOLE_BPS > limits.high_bps * now_orders)
        & (now_broken >= many)
        & is_limited(orders, terms)
    )
    run = runs(orders, broken, limits.centre_bps) >= terms.run_weeks
    outside = (span_broken * WHOLE_BPS > funnel * span_orders) & (span_broken >= many)
    signals = above * Signal.ABOVE_OWN + run * Signal.RUN + outside * Signal.ABOVE_MARKET
    return Charted(limits, funnel, signals.astype(np.int64))


def is_limited(orders: Int, terms: WatchTerms) -> Mask:
    """Whether enough weeks before the latest had orders."""
    mask: Mask = (orders[:, :-1] > 0).sum(axis=1) >= terms.baseline_weeks
    return mask


def limits_of(orders: Int, broken: Int, prior: Prior, terms: WatchTerms) -> Limits:
    """The centre from the weeks before, drawn towards the market; limits for the latest week."""
    before, bad = orders[:, :-1], broken[:, :-1]
    whole = prior.broken + prior.kept
    centre = (bad.sum(axis=1) + prior.broken) / (before.sum(axis=1) + whole)
    chance = centre * (1 - centre)
    wide = np.maximum(_own_spread(before, bad, centre), 1.0)
    now = np.maximum(orders[:, -1], 1)
    reach = terms.limit_sigmas * wide * np.sqrt(chance / now)
    return Limits(
        centre_bps=np.rint(centre * WHOLE_BPS).astype(np.int64),
        low_bps=np.floor(np.maximum(centre - reach, 0) * WHOLE_BPS).astype(np.int64),
        high_bps=np.ceil(np.minimum(centre + reach, 1) * WHOLE_BPS).astype(np.int64),
    )


def _own_spread(orders: Int, broken: Int, centre: Float) -> Float:
    """How far weeks of a shop differ, chance being 1: from each week to the next with orders."""
    count = len(orders)
    n = np.maximum(orders, 1)
    chance = np.sqrt(centre * (1 - centre))[:, None] / np.sqrt(n)
    z = (broken / n - centre[:, None]) / chance
    moved, steps = np.zeros(count), np.zeros(count)
    last, has_last = np.zeros(count), np.zeros(count, np.bool_)
    for week in range(orders.shape[1]):
        has = orders[:, week] > 0
        counts = has & has_last
        moved += np.where(counts, np.abs(z[:, week] - last), 0)
        steps += counts
        last, has_last = np.where(has, z[:, week], last), has | has_last
    spread: Float = moved / np.maximum(steps, 1) / _MOVING
    return spread


def runs(orders: Int, broken: Int, centre_bps: Int) -> Int:
    """How many weeks up to the latest, one after another, lay above the centre."""
    run = np.zeros(len(orders), np.int64)
    for week in range(orders.shape[1]):
        has = orders[:, week] > 0
        is_above = broken[:, week] * WHOLE_BPS > centre_bps * orders[:, week]
        run = np.where(has, np.where(is_above, run + 1, 0), run)
    return run


def funnel_bps(orders: Int, broken: Int, prior: Prior, terms: WatchTerms) -> Int:
    """The upper limit of the market's funnel for as many orders as each shop has."""
    mean = prior.broken / (prior.broken + prior.kept)
    chance = np.sqrt(mean * (1 - mean) / np.maximum(orders, 1))
    z = np.sort(((broken / np.maximum(orders, 1) - mean) / chance)[orders > 0])
    wide = 1.0
    if len(z):
        cut = int(len(z) * _OUTERMOST)
        wide = max(float((np.clip(z, z[cut], z[-1 - cut]) ** 2).mean()), 1.0)
    high = np.minimum(mean + terms.limit_sigmas * np.sqrt(wide) * chance, 1)
    funnel: Int = np.ceil(high * WHOLE_BPS).astype(np.int64)
    return funnel
