"""Laws of what has memory: sellers touch nobody else, and what comes later nothing earlier."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.making import SHANGHAI, cn
from xiaobao.kernel.clocks import DAY_US
from xiaobao.kernel.columns import FAR_US
from xiaobao.lab.history.tables import (
    Covers,
    Endings,
    Money,
    Recorded,
    Rulings,
    Sellers,
    Stays,
    from_rows,
    none_of,
)
from xiaobao.lab.replay.breaches import no_breaches
from xiaobao.lab.replay.claims import Redecided
from xiaobao.lab.replay.days import Days, Lived, OfSellers, Sold
from xiaobao.lab.replay.deposits import DayEnd, day_ends
from xiaobao.lab.replay.violations import Placed, Punished, punished_under
from xiaobao.promises.facts import ViolationKind
from xiaobao.violations.facts import Source

POLICY = cn()
# 2025-06-01 in Shanghai, and half a year of days.
FIRST_DAY = 20_240
START_US = FIRST_DAY * DAY_US - 8 * DAY_US // 24
DAYS = range(FIRST_DAY, FIRST_DAY + 180)
KINDS = (ViolationKind.LATE_SHIPMENT, ViolationKind.MISDESCRIBED, ViolationKind.COUNTERFEIT)
seeds = st.integers(0, 2**32 - 1)


def recorded_by_staff(seed: int, count: int = 40) -> Recorded:
    rng = np.random.default_rng(seed)
    at = START_US + np.sort(rng.choice(180 * 24, count, replace=False)) * (DAY_US // 24)
    revoked = np.where(rng.random(count) < 0.2, at + rng.integers(1, 20, count) * DAY_US, FAR_US)
    return Recorded.of(
        seller_id=rng.integers(1, 5, count), violation_id=rng.integers(1, 2**60, count),
        kind=rng.choice(KINDS, count), source=np.full(count, Source.STAFF.value),
        incident_id=rng.integers(0, 3, count), subject_id=np.zeros(count, np.int64),
        units=rng.integers(1, 5, count), is_corrected=rng.random(count) < 0.3,
        happened_us=at - DAY_US, recorded_us=at, revoked_us=revoked,
    )  # fmt: skip


def punished(recorded: Recorded, until_us: int = START_US + 400 * DAY_US) -> Punished:
    nothing = (none_of(Rulings), none_of(Redecided))
    return punished_under(
        recorded, none_of(Endings), nothing, no_breaches(), Placed.none(), POLICY.violations,
        zone=SHANGHAI, horizon_us=until_us,
    )  # fmt: skip


def rows(one: Punished, seller: int) -> list[list[list[int]]]:
    mine = one.violations.seller_id == seller
    return [
        [column[mine].tolist() for column in one.weights.as_dict().values()],
        [c[one.tallies.seller_id == seller].tolist() for c in one.tallies.as_dict().values()],
        [c[one.nights.seller_id == seller].tolist() for c in one.nights.as_dict().values()],
    ]


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_violations_are_a_stack_of_sellers(seed: int) -> None:
    recorded = recorded_by_staff(seed)
    whole = punished(recorded)
    assert len(whole.nights) > 0
    for seller in np.unique(recorded.seller_id).tolist():
        alone = punished(recorded.take(recorded.seller_id == seller))
        assert rows(whole, seller) == rows(alone, seller)


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_what_is_recorded_later_weighs_nothing_earlier(seed: int) -> None:
    recorded = recorded_by_staff(seed)
    half = int(recorded.recorded_us[len(recorded) // 2])
    early = punished(recorded.take(recorded.recorded_us <= half))
    whole = punished(recorded)
    for name, column in early.weights.as_dict().items():
        assert getattr(whole.weights, name)[: len(column)].tolist() == column.tolist(), name


def bucket(seed: int, sellers: int = 6) -> tuple[OfSellers, Sold]:
    rng = np.random.default_rng(seed)
    ids, none = np.arange(1, sellers + 1), np.zeros(sellers, np.int64)
    joined = START_US + rng.integers(0, 30, sellers) * DAY_US
    leaves = np.where(rng.random(sellers) < 0.4, START_US + 120 * DAY_US, FAR_US)
    of = OfSellers(
        Sellers(ids, none, joined),
        Stays(ids, joined, leaves),
        from_rows(Covers, {"seller_id": [1], "limit_minor": [50_000],
                           "from_us": [START_US + 40 * DAY_US], "to_us": [FAR_US]}),
        from_rows(
            Money,
            {
                "seller_id": rng.integers(1, sellers + 1, 60),
                "day": rng.integers(FIRST_DAY, FIRST_DAY + 180, 60),
                "deposit_minor": rng.integers(-20_000, 90_000, 60),
                "reserve_minor": rng.integers(0, 5_000, 60),
                "debt_minor": rng.integers(0, 9_000, 60), "cover_minor": [0] * 60,
                "unseen_minor": rng.integers(-9_000, 9_000, 60),
                "released_minor": rng.integers(-900, 1, 60), "is_looked": rng.random(60) < 0.8,
            },
        ),
    )  # fmt: skip
    day = rng.integers(FIRST_DAY, FIRST_DAY + 170, 300)
    told = day + np.where(rng.random(300) < 0.1, rng.integers(1, 9, 300), 0)
    sold = Sold(rng.integers(1, sellers + 1, 300), day, told, rng.integers(100, 90_000, 300),
                day + 1, day + rng.integers(1, 20, 300))  # fmt: skip
    return of, sold


def ends(of: OfSellers, sold: Sold) -> list[DayEnd]:
    return [end for _, end in day_ends(of, [sold], [(POLICY, no_breaches())], SHANGHAI, DAYS)]


@given(seeds)
@settings(max_examples=6, deadline=None)
def test_deposits_are_a_stack_of_sellers(seed: int) -> None:
    of, sold = bucket(seed)
    whole = ends(of, sold)
    assert len(whole) == 6
    for row, seller in enumerate(of.sellers.seller_id.tolist()):
        one = replace(of, sellers=of.sellers.take(of.sellers.seller_id == seller))
        for together, alone in zip(whole, ends(one, sold), strict=True):
            for name in {f.name for f in fields(DayEnd)} - {"day", "seller_id"}:
                assert getattr(together, name)[row] == getattr(alone, name)[0], name


@given(seeds)
@settings(max_examples=6, deadline=None)
def test_windows_count_what_was_told_by_then(seed: int) -> None:
    of, sold = bucket(seed)
    lived = Lived(Days(of.sellers, of, sold, DAYS, SHANGHAI), no_breaches())
    for day in (DAYS[3], DAYS[40], DAYS[41], DAYS[120], DAYS[40]):
        orders, goods = lived.sold.in_window(day, 30)
        for row, seller in enumerate(of.sellers.seller_id.tolist()):
            counts = (
                (sold.seller_id == seller) & (sold.ordered_day < day)
                & (sold.ordered_day >= day - 30) & (sold.known_day <= day)
            )  # fmt: skip
            assert orders[row] == counts.sum()
            assert goods[row] == sold.goods_minor[counts].sum()
