"""Reports of force majeure: what rules see of them, and what pages show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from xiaobao.kernel.columns import Columns, Int, Mask
from xiaobao.orders.facts.pages import Words

if TYPE_CHECKING:
    from datetime import datetime


class ReportState(IntEnum):
    WAITING = 1  # the clock stands until somebody of the platform has looked at it
    APPROVED = 2
    REFUSED = 3
    LAPSED = 4  # nobody looked in time: what breaks is the platform's to pay


REPORT_WORDS = {
    ReportState.WAITING: Words(
        "待平台核实，时限暂停", "waits for the platform's review; the clock stands"
    ),
    ReportState.APPROVED: Words(
        "已核实，持续的时间不计时，至", "approved: the time it lasted does not count, until"
    ),
    ReportState.REFUSED: Words(
        "未予认可，时限照常", "refused: the clock runs as if it had not been reported"
    ),
    ReportState.LAPSED: Words(
        "平台逾期未核实，由保障基金赔付，不由卖家承担",
        "not reviewed in time: the fund pays the buyer, not the seller",
    ),
}
# For buyers: why the clock of their order stands.
REPORTS_BY = Words(
    "卖家报备了不可抗力（灾害、管制等），平台正在核实。核实之前时限暂停；不属实的，照常赔付给您；平台逾期未核实的，由保障基金赔付给您。",
    "The seller reported force majeure (a disaster, a control), and the platform is looking into "
    "it. The clock stands meanwhile. If it is not true you are paid as promised; if the platform "
    "is late, the guarantee fund pays you.",
)


@dataclass(frozen=True, slots=True)
class Reports(Columns):
    """The report of each order that counts, row for row; FAR_US where there is none."""

    told_us: Int
    event_us: Int
    until_us: Int  # of what was approved; the event itself where nothing was
    free_us: Int  # when it was decided, or lapsed; FAR_US while it waits
    is_lapsed: Mask


@dataclass(frozen=True, slots=True)
class Stood(Columns):
    """A clock with the time taken out in which it stood for a report."""

    deadline_us: Int  # by when the promise has to be kept
    due_us: Int  # when it can be told whether it was
    is_waiting: Mask  # the report was not decided: nothing is broken as yet
    is_lapsed: Mask


@dataclass(frozen=True)
class ReportRow:
    """One report as the desk, its shop and its buyer see it."""

    seller_id: int
    order_id: int
    seller: str
    order: str
    happened_at: datetime
    reported_at: datetime
    due_at: datetime
    state: ReportState
    until_at: datetime | None  # of what was approved
    decided_at: datetime | None
    by: str
    words: str
