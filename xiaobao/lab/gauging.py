"""Does cheating pay, as things are: the lab's own gauge on what live orders, claims, samples say.

What a bad sale costs is what its breach was found to pay. How likely it is to be found is measured
too: found is what paid by itself or was claimed about, less what samples show that facts miss;
upheld is, of what was found and has come to its end, what brought the buyer money.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims import queries as claims
from xiaobao.kernel.clocks import days_of, midnight_of, zone_of
from xiaobao.kernel.columns import Columns, Int, Mask, groups_of
from xiaobao.kernel.money import WHOLE_BPS
from xiaobao.lab.outside import Scenario, outside
from xiaobao.lab.reports.cheating import EVERY, cheating
from xiaobao.lab.tallies.comparing import sanction_of, sanctions_of
from xiaobao.lab.tallies.shapes import CUBES, Side, Sums, summed
from xiaobao.orders import queries as orders
from xiaobao.promises import queries as promises
from xiaobao.supervision import queries as supervision

if TYPE_CHECKING:
    from xiaobao.claims.facts import Abouts
    from xiaobao.orders.facts import BadSales
    from xiaobao.supervision.facts import SampleTotals

Figures = dict[str, Any]
MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class Fates(Columns):
    """Bad sales as they happened, each with whether it came to light, and what came of that."""

    order_no: Int
    clock: Int
    kind: Int
    category_id: Int
    base_minor: Int
    buyer_minor: Int
    platform_minor: Int
    is_found: Mask
    is_over: Mask
    is_upheld: Mask


def gauged(market: str, *, days: int, at_us: int, seller_id: int | None = None) -> Figures:
    """The gauge over orders of so many days up to a moment, of one seller where one is named.

    :raises MarketUnknown: if no pack was published for it
    """
    place = promises.market(market)
    zone = zone_of(place.zone)
    until_day = int(days_of(np.array([at_us]), zone)[0]) + 1
    since_day = until_day - days
    since_us, until_us = midnight_of(np.array([since_day, until_day]), zone).tolist()
    sales = orders.bad_sales(place.market_id, since_day, until_day, seller_id=seller_id)
    about = claims.claims_on_orders(place.market_id, since_us, until_us, seller_id=seller_id)
    fates = fates_of(sales, about)
    samples = supervision.sample_totals(place.market_id, since_us, until_us, seller_id=seller_id)
    sanctions, floors = sanctions_of(
        Side.OLD, fates, sanction_of(fates), outside().floors_minor(place.currency)
    )
    measured = measured_of(fates, samples)
    found = cheating(
        _rows("sanctions", sanctions), _rows("floors", floors),
        promises.categories(place.market_id),
        {key: _scenario(*shares) for key, shares in measured.items()},
    )  # fmt: skip
    return {
        "market": place.name, "currency": place.currency,
        "since_day": since_day, "until_day": until_day,
        "bad_sales": len(fates), "samples": samples,
        "rows": [
            _row(row, *shares)
            for row, (_, shares) in zip(found["rows"], sorted(measured.items()), strict=True)
        ],
        "scenarios": [_told(_scenario(0, 0)), *found["scenarios"]],
        "gains": found["gains"], "not_known": limits(),
    }  # fmt: skip


def fates_of(sales: BadSales, about: Abouts) -> Fates:
    """What became of each bad sale: it paid by itself, or claims on its order say."""
    count = len(sales)
    group = groups_of(
        np.concatenate([sales.seller_id, about.seller_id]),
        np.concatenate([sales.order_id, about.order_id]),
    )
    claimed, running, paid = (np.zeros(int(group.max(initial=-1)) + 1, np.int64) for _ in range(3))
    on = group[count:]
    np.bitwise_or.at(claimed, on, about.kinds)
    np.bitwise_or.at(running, on, np.where(about.is_over, 0, about.kinds))
    np.bitwise_or.at(paid, on, np.where(about.is_paid, about.kinds, 0))
    order, bit = group[:count], np.int64(1) << sales.kind.astype(np.int64)
    by_itself = sales.is_paid_by_itself
    is_paid = (paid[order] & bit) > 0
    return Fates(
        order_no=order, clock=sales.clock, kind=sales.kind, category_id=sales.category_id,
        base_minor=sales.base_minor, buyer_minor=sales.buyer_minor,
        platform_minor=sales.platform_minor,
        is_found=by_itself | ((claimed[order] & bit) > 0),
        is_over=by_itself | is_paid | ((running[order] & bit) == 0),
        is_upheld=by_itself | is_paid,
    )  # fmt: skip


def measured_of(f: Fates, samples: SampleTotals) -> dict[tuple[int, int], tuple[int, int]]:
    """By promise and category, and by promise alone: shares found and upheld, rounded down."""
    ends = f.is_found & f.is_over
    counted = (f.is_found, ends, ends & f.is_upheld)
    values = [np.ones(len(f), np.int64), *(one.astype(np.int64) for one in counted)]
    every = np.full(len(f), EVERY)
    sums = {**summed([f.kind, f.category_id], values), **summed([f.kind, every], values)}
    seen, broken = (samples.known, samples.broken) if samples.broken else (1, 1)
    return {
        (kind, category): (
            found * seen * WHOLE_BPS // (count * broken),
            upheld * WHOLE_BPS // ended if ended else 0,
        )
        for (kind, category), (count, found, ended, upheld) in sums.items()
    }


def _scenario(found_bps: int, upheld_bps: int) -> Scenario:
    return Scenario(
        MEASURED, "按实际：已查出或有人维权的比例，其中成立的比例",
        "as measured: the share found or claimed about, and what was upheld of it",
        found_bps, upheld_bps, "facts, claims and samples of this time",
        "这段时间的订单事实、维权和抽查", "medium",
    )  # fmt: skip


def _told(one: Scenario) -> Figures:
    return {
        "key": one.key, "words": {"zh": one.zh, "en": one.en},
        "source": {"zh": one.source_zh, "en": one.source}, "certainty": one.certainty,
    }  # fmt: skip


def _rows(cube: str, sums: Sums) -> list[tuple[dict[str, int], dict[str, int]]]:
    keys, values = CUBES[cube]
    return [
        (dict(zip(keys, key, strict=True)), dict(zip(values, told, strict=True)))
        for key, told in sorted(sums.items())
    ]


def _row(row: Figures, found_bps: int, upheld_bps: int) -> Figures:
    """One side only: nothing is compared here; and the shares that were measured."""
    side = row.pop(Side.OLD.name.lower())
    side["scenarios"][MEASURED] |= {"found_bps": found_bps, "upheld_bps": upheld_bps}
    return {**row, **side}


@cache
def limits() -> list[dict[str, str]]:
    """What the gauge cannot know."""
    text = files(__package__).joinpath("gauge_limits.toml").read_text(encoding="utf-8")
    told: list[dict[str, str]] = tomllib.loads(text)["limits"]
    return told
