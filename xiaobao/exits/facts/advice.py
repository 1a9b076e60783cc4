"""Relief in hardship, consultations, and what a seller can do: rows to read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Relief(IntEnum):
    """What is offered to a seller in hardship before it leaves."""

    INSTALMENTS = 1  # 分期
    COVER = 2  # 保险
    RESERVE = 3  # 以货款暂缓代替现金
    PAUSE = 4  # 暂停商品
    SPECIALIST = 5  # 专人咨询


RELIEF_WORDS = {
    Relief.INSTALMENTS: ("分期补缴", "instalments"),
    Relief.COVER: ("保险代替现金", "cover in place of cash"),
    Relief.RESERVE: ("货款暂缓代替现金", "withheld settlement in place of cash"),
    Relief.PAUSE: ("暂停商品", "pausing items"),
    Relief.SPECIALIST: ("专人咨询", "a specialist to talk to"),
}


@dataclass(frozen=True)
class ReliefRow:
    """One offer: what it frees or spares now, what it costs a year, in words."""

    kind: Relief
    frees_minor: int
    costs_minor: int
    zh: str
    en: str


class Tip(IntEnum):
    """What a seller can do to leave sooner, or with more."""

    BIND_ACCOUNT = 1
    COMPLETE_PROFILE = 2
    END_BLOCKER = 3
    REPAY = 4
    LOWER_REQUIREMENT = 5
    WAIT = 6


@dataclass(frozen=True)
class TipRow:
    """One thing to do, and what it changes: reckoned by the same rules as the check itself."""

    tip: Tip
    zh: str
    en: str
    more_minor: int  # may leave now in addition
    days_sooner: int  # by which all of it can have left


@dataclass(frozen=True)
class CoachRow:
    """Where a seller stands before leaving, and what would help, the most helpful first."""

    seller_id: int
    currency: str
    free_minor: int
    all_free_at: datetime | None  # None where something ends by an act alone
    profile_bps: int
    tips: tuple[TipRow, ...]


@dataclass(frozen=True)
class WordsRow:
    seq: int
    by: str
    is_specialist: bool
    words: str
    said_at: datetime


@dataclass(frozen=True)
class OpenConsultRow:
    """A thread as a specialist finds it: without its words, which are looked at one by one."""

    seller_id: int
    number: int
    opened_at: datetime
    due_at: datetime | None  # by when the platform owes an answer
    is_late: bool
    said: int


@dataclass(frozen=True)
class ConsultRow:
    number: int
    topic: str
    opened_at: datetime
    due_at: datetime | None  # by when the platform owes an answer
    closed_at: datetime | None
    is_late: bool
    words: tuple[WordsRow, ...]
