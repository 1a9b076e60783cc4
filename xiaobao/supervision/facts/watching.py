"""Shapes of supervision: what is watched, weeks as counted and judged, inspections, clocks met."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING

from xiaobao.kernel.columns import Columns, Int
from xiaobao.promises.facts import ClockKind

if TYPE_CHECKING:
    from datetime import datetime

RULES_VERSION = 1
DAYS = 7  # of a week, Monday to Sunday in the market's zone


class Watched(IntEnum):
    """What an order may break; the first is any of the others. 1 to 3 are clocks of orders."""

    ANY = 0
    SHIPPING = 1
    TRACKING = 2
    REFUND = 3
    CLAIMS = 4  # a claim brought its buyer money


class Signal(IntFlag):
    """Why somebody should look at a shop."""

    ABOVE_OWN = 1  # this week, above the limit that its own earlier weeks set
    RUN = 2  # week after week above its own centre
    ABOVE_MARKET = 4  # over many weeks, above what chance makes of the market's rate
    HIDDEN = 8  # samples found more than facts and claims had shown


class InspectionState(IntEnum):
    OPEN = 1
    CLOSED = 2


class Outcome(IntEnum):
    """What an inspection came to."""

    NONE = 0
    NO_BREACH = 1  # none beyond what facts and claims had shown
    BREACH = 2  # recorded as a violation, in the same act
    CALLED_OFF = 3  # tells nothing: not every order was looked at


class Finding(IntEnum):
    """What was found about one order of a sample."""

    KEPT = 1
    BROKEN = 2


class InspectionEvent(IntEnum):
    OPENED = 1
    FOUND = 2
    CLOSED = 3


@dataclass(frozen=True, slots=True)
class Tallies(Columns):
    """Orders of one week of each seller, and how many of them broke what is watched."""

    seller_id: Int
    orders: Int
    any_broken: Int
    shipping_broken: Int
    tracking_broken: Int
    refund_broken: Int
    claims_broken: Int


@dataclass(frozen=True, slots=True)
class Estimates(Columns):
    """A rate as likely as not, and the bounds between which it surely lies; ten-thousandths."""

    rate_bps: Int
    least_bps: Int
    most_bps: Int


@dataclass(frozen=True, slots=True)
class Limits(Columns):
    """A control chart at one week: its centre, and the limits for as many orders as that week."""

    centre_bps: Int
    low_bps: Int
    high_bps: Int


@dataclass(frozen=True, slots=True)
class Weeks(Columns):
    """Weeks as counted and judged, one row for each seller and thing watched; see the model."""

    seller_id: Int
    watched: Int
    week: Int  # its Monday, in days since 1970-01-01
    market_id: Int
    orders: Int
    broken: Int
    span_orders: Int
    span_broken: Int
    sampled: Int
    sample_broken: Int
    rate_bps: Int
    least_bps: Int
    most_bps: Int
    centre_bps: Int
    low_bps: Int
    high_bps: Int
    market_bps: Int
    funnel_bps: Int
    signals: Int
    since_week: Int


@dataclass(frozen=True, slots=True)
class Looks(Columns):
    """The week that is to be counted next in each market, and when."""

    market_id: Int
    week: Int
    due_us: Int


@dataclass(frozen=True)
class RankRow:
    """One shop as its last counted week left it."""

    seller_id: int
    watched: Watched
    orders: int
    broken: int
    sampled: int
    sample_broken: int
    rate_bps: int
    least_bps: int
    most_bps: int
    market_bps: int
    funnel_bps: int
    signals: Signal
    since_week: int


@dataclass(frozen=True)
class ChartPoint:
    """One week of a shop's chart."""

    week: int
    orders: int
    broken: int
    share_bps: int
    centre_bps: int
    low_bps: int
    high_bps: int
    is_limited: bool  # had enough earlier weeks for limits of its own
    signals: Signal


@dataclass(frozen=True)
class InspectionRow:
    """One inspection of a shop, by its number."""

    seller_id: int
    number: int
    market_id: int
    watched: Watched
    state: InspectionState
    outcome: Outcome
    population: int
    sampled: int
    found: int
    broken: int
    since_at: datetime
    until_at: datetime
    opened_at: datetime
    closed_at: datetime | None
    opened_by: str
    words: str
    violation: str


@dataclass(frozen=True)
class SampledRow:
    """One order of a sample; known is what was shown before it was opened."""

    order_id: int
    order: str
    ordered_at: datetime
    is_known: bool
    finding: Finding | None
    words: str


@dataclass(frozen=True)
class SampleTotals:
    """Orders that inspections found broken, each once, and how many of them were known before."""

    broken: int
    known: int


@dataclass(frozen=True)
class InspectionEventRow:
    seq: int
    event: InspectionEvent
    by: str
    words: str
    happened_at: datetime


@dataclass(frozen=True)
class ClockRow:
    """The platform's own clocks of one kind that began in one month; times in minutes."""

    month: str
    clock: ClockKind
    ended: int
    met: int
    late: int  # ended late, or still open and late
    running: int
    half_minutes: int | None  # half of them took no longer
    most_minutes: int | None  # 95 of a hundred took no longer


@dataclass(frozen=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str


WATCHED_WORDS = {
    Watched.ANY: Words("任一承诺", "any promise"),
    Watched.SHIPPING: Words("按时发货", "shipping on time"),
    Watched.TRACKING: Words("物流正常", "parcels that move"),
    Watched.REFUND: Words("按时退款", "refunds in time"),
    Watched.CLAIMS: Words("维权成立", "claims that were paid"),
}
SIGNAL_WORDS = {
    Signal.ABOVE_OWN: Words(
        "本周高于本店自身的控制限：看这一周发生了什么变化",
        "this week above its own limit: see what changed in that week",
    ),
    Signal.RUN: Words(
        "连续多周高于本店自身的中心线：看是否在持续变差",
        "week after week above its own centre: see whether it gets worse for good",
    ),
    Signal.ABOVE_MARKET: Words(
        "高于市场漏斗图的上限：与同类店铺比较，并抽查",
        "above the funnel of its market: compare it with shops alike, and inspect it",
    ),
    Signal.HIDDEN: Words(
        "抽查发现的多于订单事实和维权所显示的：买家可能没有投诉",
        "samples found more than facts and claims had shown: buyers may not complain",
    ),
}
STATE_WORDS = {
    InspectionState.OPEN: Words("进行中", "open"),
    InspectionState.CLOSED: Words("已结束", "closed"),
}
OUTCOME_WORDS = {
    Outcome.NONE: Words("未有结论", "no outcome yet"),
    Outcome.NO_BREACH: Words("没有新的违约", "nothing broken that was not known"),
    Outcome.BREACH: Words("发现新的违约，记录违规", "breaches found, a violation recorded"),
    Outcome.CALLED_OFF: Words("中途取消，不作结论", "called off, tells nothing"),
}
FINDING_WORDS = {
    Finding.KEPT: Words("守约", "kept"),
    Finding.BROKEN: Words("违约", "broken"),
}
EVENT_WORDS = {
    InspectionEvent.OPENED: Words("开始抽查", "opened"),
    InspectionEvent.FOUND: Words("记录结果", "findings recorded"),
    InspectionEvent.CLOSED: Words("结束", "closed"),
}
CLOCK_WORDS = {
    ClockKind.RULING: Words("裁决", "rulings"),
    ClockKind.APPEAL: Words("申诉后的裁决", "rulings on appeal"),
    ClockKind.RULING_EXECUTION: Words("打款给买家", "payouts to buyers"),
    ClockKind.VIOLATION_DECISION: Words("违规申诉复核", "decisions on appealed violations"),
    ClockKind.PENALTY_PUBLICATION: Words("处罚公示", "penalties published"),
    ClockKind.EXIT_REVIEW: Words("退保审核", "reviews of exits"),
    ClockKind.EXIT_PAYOUT: Words("退还保证金", "deposits paid back"),
    ClockKind.CONSULT_ANSWER: Words("答复咨询", "answers to consultations"),
}
