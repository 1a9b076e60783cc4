"""Shapes of the quarterly report: a quarter, what happened in it, and a report as it was kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.advances.facts import SplitTotals
    from xiaobao.claims.facts import Endings
    from xiaobao.hearings.facts import RulingsMade
    from xiaobao.kernel.columns import Int
    from xiaobao.ledger.facts import Balances
    from xiaobao.orders.facts import OrdersBroken
    from xiaobao.promises.facts import Version
    from xiaobao.supervision.facts import ClockRow
    from xiaobao.violations.facts import PenaltiesBegun, Recorded

REPORT_FORMAT = "xiaobao.report/1"
PACK_FORMAT = "xiaobao.regulator-pack/1"


class Quarter(NamedTuple):
    """Three months of a market's own calendar; read and written as 2025-Q3."""

    year: int
    number: int  # 1 to 4

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.number}"


class Ending(IntEnum):
    """What a claim came to."""

    FOR_BUYER = 1
    AGAINST_BUYER = 2
    CONCEDED = 3
    SETTLED = 4
    WITHDRAWN = 5
    LAPSED = 6


# zh, en.
ENDING_WORDS = {
    Ending.FOR_BUYER: ("裁决赔付", "ruled, buyer paid"),
    Ending.AGAINST_BUYER: ("裁决不赔付", "ruled, nothing due"),
    Ending.CONCEDED: ("卖家同意", "conceded by the seller"),
    Ending.SETTLED: ("和解", "settled"),
    Ending.WITHDRAWN: ("买家撤回", "withdrawn"),
    Ending.LAPSED: ("失效", "lapsed"),
}


@dataclass(frozen=True)
class Happened:
    """All that one quarter of one market is told from."""

    clocks: Sequence[ClockRow]
    orders: OrdersBroken
    filed: Int  # the seller of each claim filed
    endings: Endings
    hours: Int  # from filing to the first money, of claims first paid
    rulings: RulingsMade
    recorded: Recorded
    penalties: PenaltiesBegun
    forced_exits: int
    fund: SplitTotals
    books: Balances  # of every seller of the market, as they stand
    versions: Sequence[Version]


@dataclass(frozen=True)
class ReportRow:
    """One report as it was published, or a correction beside it; `body` is its very bytes."""

    market_id: int
    quarter: Quarter
    number: int  # 1 is the report; those after it correct it
    published_at: datetime
    why: str  # of a correction
    by: str
    body: str
