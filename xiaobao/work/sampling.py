"""In a generated marketplace a supervisor inspects, by sample, the shops that rates point at.

What truly happened decides what is found. Which orders are drawn follows from the log of this
very home, so nothing that is counted may hang on it: a shop is chosen by its facts, and what is
found of it is one order or none, by the plan's seed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.references import id_of
from xiaobao.lab.generate.plans import MARKET, ShopKind
from xiaobao.people.facts import Actor
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ViolationKind
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import Standing
from xiaobao.supervision import acts, queries
from xiaobao.supervision.facts import Finding, InspectionState, Outcome, Watched

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.lab.generate.marketplace import Marketplace
    from xiaobao.supervision.facts import InspectionRow

SUPERVISOR = Actor(0, "supervisor")
EVERY_DAYS, _OPEN, _EVERYBODY = 14, 50, 20_000
_LEAST_ORDERS = 20
_TRADING = (Standing.ACTIVE, Standing.RESTRICTED)
_CLOSES_AFTER = timedelta(days=2)
_DRAWN = 10_000  # draws are ten-thousandths
# How often a shop of a kind hides what nobody complained of: shares that this project chose.
_HIDES = {ShopKind.CHEATING: 9_000, ShopKind.SLOPPY: 3_000, ShopKind.GOOD: 0}


def watch(market: Marketplace, day: int, at: datetime) -> None:
    """One morning: an inspection is opened now and then, looked through, and closed."""
    kinds = dict(zip(market.shop_names, market.shops.kind.tolist(), strict=True))
    for one in queries.inspections(limit=_OPEN):
        if one.state is InspectionState.OPEN and at - one.opened_at >= _CLOSES_AFTER:
            _close(market, one, ShopKind(kinds[_name_of(one)]), at)
    if day % EVERY_DAYS == 0:
        _open(day, at)


def _open(day: int, at: datetime) -> None:
    """The shop that broke most by its facts, of those that trade and were not inspected yet."""
    market_id = promises.market(MARKET).market_id
    rows = queries.shops_ranked(market_id, Watched.ANY, limit=_EVERYBODY)
    many = [row for row in rows if row.orders >= _LEAST_ORDERS]
    for row in sorted(many, key=lambda one: (-one.broken * _DRAWN // one.orders, one.seller_id)):
        shop = sellers.seller(_name(row.seller_id))
        if shop is not None and shop.state in _TRADING and not _was_inspected(shop.name):
            acts.open_inspection(
                row.seller_id, watched=Watched.ANY, words="违约率居前，抽查核对",
                by=SUPERVISOR, key=f"day-{day}", at=at,
            )  # fmt: skip
            return


def _close(market: Marketplace, one: InspectionRow, kind: ShopKind, at: datetime) -> None:
    sample = queries.sample_of(one.seller_id, one.number)
    findings = {
        drawn.order: (Finding.BROKEN, "订单事实或维权已显示") if drawn.is_known
        else (Finding.KEPT, "")
        for drawn in sample
    }  # fmt: skip
    fresh = [drawn.order for drawn in sample if not drawn.is_known]
    is_breach = bool(fresh) and _hides(market, one.seller_id, kind)
    if is_breach:
        findings[fresh[0]] = (Finding.BROKEN, "买家回访：实物与描述不符")
    acts.record_findings(
        one.seller_id, one.number, findings, by=SUPERVISOR, key=f"found-{one.number}", at=at
    )
    acts.close_inspection(
        one.seller_id, one.number,
        outcome=Outcome.BREACH if is_breach else Outcome.NO_BREACH,
        kind=ViolationKind.MISDESCRIBED if is_breach else None,
        words="实物与描述不符" if is_breach else "没有发现新的问题",
        by=SUPERVISOR, key=f"close-{one.number}", at=at,
    )  # fmt: skip


def _hides(market: Marketplace, seller_id: int, kind: ShopKind) -> bool:
    """Never of a shop most of whose orders are known to be broken: a sample may hold no other."""
    market_id = promises.market(MARKET).market_id
    known = [one for one in queries.standing_of(seller_id, market_id) if not one.watched]
    draw = np.random.default_rng([market.plan.seed, seller_id])
    is_hiding = int(draw.integers(_DRAWN)) < _HIDES[kind]
    return is_hiding and all(one.broken * 2 < one.orders for one in known)


def _was_inspected(shop: str) -> bool:
    return queries.last_inspection(id_of(shop)) > 0


def _name(seller_id: int) -> str:
    return sellers.names_of(np.array([seller_id]))[seller_id]


def _name_of(one: InspectionRow) -> str:
    return _name(one.seller_id)
