"""In a generated marketplace a supervisor inspects, by sample, the shops that rates point at.

What truly happened decides what is found; everything follows from the plan's seed and what stands,
so a life that was cut off goes on as it would have.
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
    from xiaobao.supervision.facts import InspectionRow, SampledRow

SUPERVISOR = Actor(0, "supervisor")
EVERY_DAYS, _LOOKED_AT = 14, 50
_TRADING = (Standing.ACTIVE, Standing.RESTRICTED)
_CLOSES_AFTER = timedelta(days=2)
_DRAWN = 10_000  # draws are ten-thousandths
# How often goods of a shop of a kind are not as offered, where nobody has complained: shares that
# this project chose, to show every path.
_HIDDEN = {ShopKind.CHEATING: 3_000, ShopKind.SLOPPY: 300, ShopKind.GOOD: 0}


def watch(market: Marketplace, day: int, at: datetime) -> None:
    """One morning: an inspection is opened now and then, looked through, and closed."""
    kinds = dict(zip(market.shop_names, market.shops.kind.tolist(), strict=True))
    for one in queries.inspections(limit=_LOOKED_AT):
        if one.state is InspectionState.OPEN and at - one.opened_at >= _CLOSES_AFTER:
            _close(market, one, ShopKind(kinds[_name_of(one)]), at)
    if day % EVERY_DAYS == 0:
        _open(day, at)


def _open(day: int, at: datetime) -> None:
    """The shop whose rate is surely highest among those that trade and were not inspected yet."""
    market_id = promises.market(MARKET).market_id
    for row in queries.shops_ranked(market_id, Watched.ANY, limit=_LOOKED_AT):
        shop = sellers.seller(_name(row.seller_id))
        if shop is not None and shop.state in _TRADING and not _was_inspected(shop.name):
            acts.open_inspection(
                row.seller_id, watched=Watched.ANY, words="违约率的下限居前，抽查核对",
                by=SUPERVISOR, key=f"day-{day}", at=at,
            )  # fmt: skip
            return


def _close(market: Marketplace, one: InspectionRow, kind: ShopKind, at: datetime) -> None:
    findings = {
        drawn.order: _found(market, one, drawn, kind)
        for drawn in queries.sample_of(one.seller_id, one.number)
    }
    acts.record_findings(
        one.seller_id, one.number, findings, by=SUPERVISOR, key=f"found-{one.number}", at=at
    )
    is_breach = any(words == _SEEN for _, words in findings.values())
    acts.close_inspection(
        one.seller_id, one.number,
        outcome=Outcome.BREACH if is_breach else Outcome.NO_BREACH,
        kind=ViolationKind.MISDESCRIBED if is_breach else None,
        words="实物与描述不符" if is_breach else "没有发现新的问题",
        by=SUPERVISOR, key=f"close-{one.number}", at=at,
    )  # fmt: skip


_SEEN = "买家回访：实物与描述不符"


def _found(
    market: Marketplace, one: InspectionRow, drawn: SampledRow, kind: ShopKind
) -> tuple[Finding, str]:
    if drawn.is_known:
        return Finding.BROKEN, "订单事实或维权已显示"
    draw = np.random.default_rng([market.plan.seed, one.seller_id, drawn.order_id])
    is_hidden = int(draw.integers(_DRAWN)) < _HIDDEN[kind]
    return (Finding.BROKEN, _SEEN) if is_hidden else (Finding.KEPT, "")


def _was_inspected(shop: str) -> bool:
    return queries.last_inspection(id_of(shop)) > 0


def _name(seller_id: int) -> str:
    return sellers.names_of(np.array([seller_id]))[seller_id]


def _name_of(one: InspectionRow) -> str:
    return _name(one.seller_id)
