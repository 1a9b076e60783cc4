"""One week of a market judged: every shop's rate, chart and signals, for each thing watched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.supervision.facts import Signal, Watched, Weeks
from xiaobao.supervision.rules.charting import chart
from xiaobao.supervision.rules.estimating import Counts, estimate, prior_of

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int
    from xiaobao.supervision.facts import Estimates
    from xiaobao.supervision.terms import WatchTerms


@dataclass(frozen=True)
class History:
    """A market's shops up to one week: matrices with a row per shop and a column per week.

    Samples are those of inspections that are over, found broken or not, over the span of rates.
    """

    seller_id: Int
    orders: Int
    broken: dict[Watched, Int]
    sampled: dict[Watched, Int]
    sample_broken: dict[Watched, Int]
    since_week: dict[Watched, Int]  # of a signal that stood the week before; 0 where none did


def judge(h: History, *, market_id: int, week: int, terms: WatchTerms) -> Weeks:
    """Every shop and thing watched; only of `ANY` are there rows where nothing broke."""
    shown = [_shown(h, watched, terms) for watched in Watched]
    samples = [
        Counts(h.sampled[watched], h.sample_broken[watched], one.prior)
        for watched, one in zip(Watched, shown, strict=True)
    ]
    # In one call: the search for intervals costs little more for all of them than for one.
    found = estimate([*shown, *samples], sure_bps=terms.sure_bps)
    by_facts, by_sample = found[: len(shown)], found[len(shown) :]
    parts = [
        _judged(h, *each, market_id=market_id, week=week, terms=terms)
        for each in zip(Watched, shown, by_facts, by_sample, strict=True)
    ]
    return Weeks.concat(parts)


def _shown(h: History, watched: Watched, terms: WatchTerms) -> Counts:
    """What facts and claims show over the weeks that rates come from."""
    span = slice(-terms.rate_weeks, None)
    orders, broken = h.orders[:, span].sum(axis=1), h.broken[watched][:, span].sum(axis=1)
    return Counts(orders, broken, prior_of(orders, broken))


def _judged(
    h: History, watched: Watched, shown: Counts, found: Estimates, by_sample: Estimates, *,
    market_id: int, week: int, terms: WatchTerms,
) -> Weeks:  # fmt: skip
    count = len(h.seller_id)
    broken, prior = h.broken[watched], shown.prior
    span_orders, span_broken = shown.orders, shown.broken
    charted = chart(h.orders, broken, span_orders, span_broken, prior, terms)
    sampled, sample_broken = h.sampled[watched], h.sample_broken[watched]
    # What facts show is the least that can be: a sample counts where it shows more.
    is_more = (sampled > 0) & (by_sample.rate_bps > found.rate_bps)
    is_hidden = is_more & (by_sample.least_bps > found.most_bps)
    signals = charted.signals + is_hidden * Signal.HIDDEN
    before = h.since_week[watched]
    zero = np.zeros(count, np.int64)
    rows = Weeks(
        seller_id=h.seller_id, watched=zero + watched, week=zero + week,
        market_id=zero + market_id, orders=h.orders[:, -1], broken=broken[:, -1],
        span_orders=span_orders, span_broken=span_broken, sampled=sampled,
        sample_broken=sample_broken,
        rate_bps=np.where(is_more, by_sample.rate_bps, found.rate_bps),
        least_bps=np.where(
            is_more, np.maximum(by_sample.least_bps, found.least_bps), found.least_bps
        ),
        most_bps=np.where(is_more, by_sample.most_bps, found.most_bps),
        **charted.limits.as_dict(), market_bps=zero + prior.mean_bps,
        funnel_bps=charted.funnel_bps, signals=signals.astype(np.int64),
        since_week=np.where(signals > 0, np.where(before > 0, before, week), 0),
    )  # fmt: skip
    has = (span_broken > 0) | (sampled > 0) if watched else span_orders > 0
    return rows.take(has)
