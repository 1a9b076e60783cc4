"""In a generated marketplace somebody inspects, sellers appeal, and another person decides.

Inspections find what a shop truly is, now and then what is not there; appeals against the latter
succeed. Everything follows from the plan's seed and what stands, so a life that was cut off goes
on as it would have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import ids_of
from xiaobao.lab.generate.plans import ShopKind
from xiaobao.promises.facts import ViolationKind
from xiaobao.violations import acts, queries
from xiaobao.violations.facts import Source, State, ViolationKey

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.lab.generate.marketplace import Marketplace
    from xiaobao.violations.facts import ViolationRow

INSPECTOR, REVIEWER = "inspector", "reviewer"
EVERY_DAYS = 7
INSPECTED = 6
_APPEAL_AFTER, _DECIDE_AFTER, _LATE_AFTER = 2, 5, 14
_DRAWN = 10_000  # draws are ten-thousandths
# How often what was recorded is appealed: shares this project chose, to show every path.
_APPEAL_MISTAKE, _APPEAL_FOUND, _APPEAL_BREACHES = 9_000, 2_500, 800
_PLATFORM_LATE = 300
# What an inspection of a shop of a kind finds: up to which draw, what.
_FINDS = {
    ShopKind.CHEATING: (
        (5_500, ViolationKind.COUNTERFEIT),
        (8_000, ViolationKind.FAKE_TRADE),
        (8_500, ViolationKind.COUNTERFEIT_SERIOUS),
    ),
    ShopKind.SLOPPY: ((4_000, ViolationKind.MISDESCRIBED),),
    ShopKind.GOOD: ((500, ViolationKind.COUNTERFEIT), (1_000, ViolationKind.MISDESCRIBED)),
}


def keep_order(market: Marketplace, day: int, at: datetime) -> None:
    """What inspectors, sellers and reviewers do on one morning."""
    if day % EVERY_DAYS == 0:
        _inspect(market, day, at)
    kinds = dict(zip(market.shop_names, market.shops.kind.tolist(), strict=True))
    for row in queries.violations_listed(state=State.NOTIFIED, limit=100_000):
        if _age(row, at) == _APPEAL_AFTER and _draw(market, row, 1) < _appeals(row, kinds):
            acts.appeal_violation(_key(row), by=row.seller, words="情况不符，请复核", at=at)
    for row in queries.violations_listed(state=State.APPEALED, limit=100_000):
        is_late = _draw(market, row, 2) < _PLATFORM_LATE
        if _age(row, at) == (_LATE_AFTER if is_late else _DECIDE_AFTER):
            is_upheld = not _is_mistake(row, kinds)
            words = "核对属实" if is_upheld else "核对有误，予以撤销"
            acts.decide_violation(_key(row), is_upheld=is_upheld, by=REVIEWER, words=words, at=at)


def _inspect(market: Marketplace, day: int, at: datetime) -> None:
    """Look at a few shops; one with a record is looked at more readily than one without."""
    draws = np.random.default_rng([market.plan.seed, day, INSPECTED])
    trades = (market.shops.joins_day < day) & (market.shops.leaves_day > day)
    open_shops = np.flatnonzero(trades)
    if len(open_shops) == 0:
        return
    ids = ids_of([market.shop_names[shop] for shop in open_shops.tolist()])
    weight = 1 + 8 * queries.counts_of(ids) ** 2
    count = min(INSPECTED, len(open_shops))
    chosen = draws.choice(open_shops, size=count, replace=False, p=weight / weight.sum())
    for shop in np.sort(chosen).tolist():
        found = _found(ShopKind(int(market.shops.kind[shop])), int(draws.integers(_DRAWN)))
        units, mended = int(draws.integers(20, 140)), bool(draws.integers(2))
        if found is not None:
            name = market.shop_names[shop]
            acts.record_violation(
                int(ids_of([name])[0]), f"inspection-{name}-{day}", kind=found,
                source=Source.INSPECTION, by=INSPECTOR, at=at,
                units=units if found is ViolationKind.FAKE_TRADE else 1,
                is_corrected=mended and found is ViolationKind.MISDESCRIBED,
            )  # fmt: skip


def _found(kind: ShopKind, draw: int) -> ViolationKind | None:
    return next((found for most, found in _FINDS[kind] if draw < most), None)


def _age(row: ViolationRow, at: datetime) -> int:
    """How many days ago a violation was recorded."""
    return (us_of(at) - us_of(row.recorded_at)) // 86_400_000_000


def _draw(market: Marketplace, row: ViolationRow, salt: int) -> int:
    """A number that belongs to the violation, whenever it is asked for."""
    of_row = [market.plan.seed, row.violation_id, row.seller_id, salt]
    return int(np.random.default_rng(of_row).integers(_DRAWN))


def _appeals(row: ViolationRow, kinds: dict[str, int]) -> int:
    if _is_mistake(row, kinds):
        return _APPEAL_MISTAKE
    return _APPEAL_FOUND if row.source is Source.INSPECTION else _APPEAL_BREACHES


def _is_mistake(row: ViolationRow, kinds: dict[str, int]) -> bool:
    """Whether an inspector saw what was not there."""
    return row.source is Source.INSPECTION and kinds[row.seller] == ShopKind.GOOD


def _key(row: ViolationRow) -> ViolationKey:
    return ViolationKey(row.seller_id, row.violation_id)
