"""Shapes of the catalogue: promises, markets, packs, and what a term says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Promise(IntEnum):
    """What a seller promises a buyer. `promises.csv` of a pack says which are basic."""

    SHIPS_ON_TIME = 1  # 按时发货
    IN_STOCK = 2  # 有货承诺
    TRACKING_MOVES = 3  # 物流时效
    REAL_SHIPMENT = 4  # 真实发货
    REFUND_ON_TIME = 5  # 按时退款
    AS_DESCRIBED = 10  # 如实描述
    GENUINE = 11  # 正品保障
    RETURN_7_DAYS = 12  # 七天无理由退货
    BREAKAGE = 13  # 破损包退
    REPAIR_30_DAYS = 14  # 30天维修
    ALLERGY = 15  # 过敏包退
    GENUINE_FOURFOLD = 16  # 假一赔四
    GENUINE_TENFOLD = 17  # 假一赔十
    FREIGHT_INSURANCE = 18  # 运费险


class PointsClass(IntEnum):
    """Classes of violations, whose points are counted separately."""

    GENERAL = 1  # A 一般违规
    SERIOUS = 2  # B 严重违规
    COUNTERFEIT = 3  # C 售假


class ViolationKind(IntEnum):
    """What was done against the rules; also the key of the `violation_kinds` table."""

    LATE_SHIPMENT = 1  # 严重延迟发货: too many late shipments
    OUT_OF_STOCK = 2  # 严重缺货
    TRACKING = 3  # 严重物流异常
    FAKE_SHIPMENT = 4  # 虚假发货
    REFUND_WITHHELD = 5  # 拖延退款
    PROMISE_BROKEN = 6  # 违背承诺
    RETURN_REFUSED = 7  # 拒绝无理由退货
    MISDESCRIBED = 8  # 虚假宣传、描述不符
    FAKE_TRADE = 9  # 虚假交易
    FAKE_TRADE_SERIOUS = 10
    FAKE_TRADE_EXTREME = 11
    FRAUD = 12  # 欺诈
    UNSAFE_FOOD = 13  # 不安全食品
    BANNED_GOODS = 14  # 违禁商品
    COUNTERFEIT = 15  # 售假
    COUNTERFEIT_SERIOUS = 16
    COUNTERFEIT_EXTREME = 17


class Certainty(IntEnum):
    """How sure a number's source is."""

    HIGH = 1  # primary text read
    MEDIUM = 2  # secondary text, plausible or corroborated
    LOW = 3  # one weak source
    CONFLICTING = 4  # sources disagree


@dataclass(frozen=True)
class Market:
    """One marketplace: its currency, zone and the pack line that governs it."""

    market_id: int
    name: str
    currency: str
    zone: str


@dataclass(frozen=True)
class PackRow:
    """A published pack, for lists."""

    pack_id: int
    market: str
    name: str
    sha256: str
    published_at: datetime
    version: str
    market_id: int


class ClockKind(IntEnum):
    """Clocks that a pack sets beside those of shipping; also the keys of its `clocks` table."""

    SELLER_ANSWER = 1
    SELLER_EVIDENCE = 2
    BUYER_EVIDENCE = 3
    NEGOTIATION = 4
    RULING = 5
    RULING_EXECUTION = 6
    APPEAL = 7
    SUSPENSION_SELF_SETTLEMENT = 8
    SUSPENSION_COURT = 9
    SUSPENSION_POLICE = 10
    PENALTY_PUBLICATION = 11
    POLICY_NOTICE = 12
    POLICY_NOTICE_MAJOR = 13
    RETENTION = 14
    CLOSING_NOTICE = 15
    EXIT_REVIEW = 16
    EXIT_PAYOUT = 17
    EXIT_QUIET = 18
    FORCE_MAJEURE_REVIEW = 19
    RETURN_RIGHT = 20
    RETURN_REFUND = 21
    VIOLATION_APPEAL = 30
    VIOLATION_DECISION = 31
    ITEM_UNDO = 41  # a batch of marks may be undone as if it had not been
    ENROLMENT_UNDO = 42
    CONSULT_ANSWER = 43
    RESERVE_RELEASE = 44
    EXIT_OFFER = 45  # time to answer what relief is offered
    SUSPENSION_PROOF = 46  # a party's stop for a court or the police, until it is accepted
    GOODS_OWED = 47  # to repair or replace; then the price is paid


# Clocks that packs set at first and that nothing reads: the window of claims and the clocks of
# shipping say the same and act. They keep their numbers, and no pack may set them any more.
UNREAD_CLOCKS = frozenset(
    {ClockKind.CLOSING_NOTICE, ClockKind.RETURN_RIGHT, ClockKind.RETURN_REFUND}
)


class ClockUnit(IntEnum):
    """What a clock counts."""

    HOURS = 1
    DAYS = 2  # the same time of day
    WORKING_DAYS = 3  # ends at 24:00 of the last; the day it starts on does not count
    MONTHS = 4
    YEARS = 5
    WINDOW_HOURS = 6  # hours that run only between opening and closing time, every day
    DAYS_FROM_MIDNIGHT = 7  # whole days from the next 00:00


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a pack: where, what, and how to mend it.

    `row` is the line of a CSV file, or the number of the entry in a TOML file; 0 for the file.
    """

    code: str
    file: str
    row: int
    field: str
    zh: str
    en: str
    law: str = ""  # the law and article it rests on, as `ecommerce-law:34`


@dataclass(frozen=True)
class Clause:
    """A clause in words; numbers stand in the tables that refer to it."""

    ref: str
    title_zh: str
    title_en: str
    zh: str
    en: str


@dataclass(frozen=True)
class Category:
    """A kind of goods; what holds for the parent holds where a category has no row of its own."""

    code: str
    parent: str
    zh: str
    en: str


@dataclass(frozen=True)
class Agreement:
    """What a seller signs, in both languages."""

    version: str
    zh: str
    en: str
    sha256: str


@dataclass(frozen=True)
class Term:
    """One row of one table: its values over one span of time, with clause, source and certainty.

    `notes` holds, per column, what differs from the row: its own clause, source or certainty.
    `ends_us` is not included; FAR_US where open.
    """

    table: str
    key: str
    begins_us: int
    ends_us: int
    values: dict[str, int | bool | str]
    clause: str
    source: str
    certainty: int
    notes: dict[str, dict[str, str]]
    file: str = ""
    row: int = 0
    term_id: int = 0

    @property
    def name(self) -> tuple[str, str, int]:
        """What the row is, whatever it says."""
        return self.table, self.key, self.begins_us


@dataclass(frozen=True)
class Pack:
    """A pack as read from its files, not yet published."""

    name: str
    market: str
    version: str
    zone: str
    currency: str
    title_zh: str
    title_en: str
    law: str  # the name of the body of law it is under
    covers_from_us: int
    agreement: Agreement
    clauses: tuple[Clause, ...]
    categories: tuple[Category, ...]
    sources: dict[str, tuple[str, str]]  # by id, in zh and en
    terms: tuple[Term, ...]
    files: dict[str, str]
    sha256: str


@dataclass(frozen=True)
class PromiseRow:
    """A promise of a market as people read it."""

    promise: Promise
    is_basic: bool
    clause: str
    trigger_zh: str
    trigger_en: str
    evidence_zh: str
    evidence_en: str
    remedy_zh: str
    remedy_en: str
