"""What pages and commands about exits show: frozen rows, each said in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from xiaobao.advances.facts import PayoutState
    from xiaobao.exits.facts.codes import (
        Actor,
        Blocker,
        ExitEvent,
        ExitState,
        PaymentKind,
        Reason,
        Scope,
    )


@dataclass(frozen=True)
class BlockerRow:
    """One thing that stands in the way: what, why, who can end it sooner, how much, until when."""

    kind: Blocker
    subject: str  # the order's, claim's or violation's outside name; "" for the shop as a whole
    what_zh: str
    what_en: str
    clause: str
    actor: Actor
    sooner_zh: str  # what would end it sooner, "" where only time does
    sooner_en: str
    held_minor: int
    locked_minor: int  # locked for it elsewhere: a claim's own exposure
    is_waited_for: bool  # the whole waits for it; else only its amount is held
    ends_at: datetime | None  # None where nothing but an act ends it


@dataclass(frozen=True)
class GroupRow:
    """All blockers of one kind that the same can end, in one row."""

    kind: Blocker
    actor: Actor
    count: int
    held_minor: int
    locked_minor: int
    is_waited_for: bool
    last_ends_at: datetime | None  # None where one ends by an act alone
    sooner_zh: str
    sooner_en: str
    clause: str


@dataclass(frozen=True)
class StageRow:
    """From this moment on so much can have left, if nothing new happens."""

    at: datetime
    amount_minor: int
    total_minor: int
    ends: tuple[tuple[Blocker, int], ...]  # what frees it by ending then, and how many


@dataclass(frozen=True)
class DayRow:
    """What leaves on one day, or on several days in a row that are told in one."""

    at: datetime
    until: datetime | None  # the last of several days
    amount_minor: int
    total_minor: int
    ends: tuple[tuple[Blocker, int], ...]


@dataclass(frozen=True)
class CheckRow:
    """The whole list, and when how much can go."""

    seller_id: int
    currency: str
    scope: Scope
    checked_at: datetime
    terms_at: datetime
    deposit_minor: int
    required_minor: int
    locked_minor: int
    set_off_minor: int
    kept_minor: int
    free_minor: int
    is_waiting: bool
    groups: tuple[GroupRow, ...]
    blockers: tuple[BlockerRow, ...]
    stages: tuple[StageRow, ...]
    all_free_at: datetime | None  # of the last stage; None where only an act ends something
    missing: tuple[str, ...]  # parts of the profile without which nothing can be paid
    payee_changed_at: datetime | None
    payee_waits_until: datetime | None  # nothing is paid before: the account was changed


@dataclass(frozen=True)
class EventRow:
    seq: int
    event: ExitEvent
    state: ExitState
    by: str
    amount_minor: int
    words: str
    happened_at: datetime


@dataclass(frozen=True)
class Payee:
    """Where a seller is paid, and from when where that was changed; blank: nothing is bound."""

    account: str
    holder: str
    changed_at: datetime | None = None
    changed_by: str = ""
    paid_from: datetime | None = None


@dataclass(frozen=True)
class PaymentRow:
    payment: UUID
    kind: PaymentKind
    amount_minor: int
    state: PayoutState
    attempts: int
    account: str
    holder: str
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    gateway_ref: str
    said: str
    is_let_go: bool  # of a frozen sum, in the account in which it stands
    payee_changed_at: datetime | None  # when the account was last changed before it was named
    payee_changed_by: str
    waits_until: datetime | None  # not sent before: the account was changed


@dataclass(frozen=True)
class ExitRow:
    """An exit for lists and pages."""

    seller_id: int
    seller: str
    number: int
    currency: str
    scope: Scope
    reason: Reason
    state: ExitState
    is_late: bool
    asked_minor: int
    locked_minor: int
    sent_minor: int
    paid_minor: int
    interest_minor: int
    held_minor: int
    drafted_at: datetime
    submitted_at: datetime | None
    quiet_until: datetime | None
    review_due_at: datetime | None
    approved_at: datetime | None
    payout_due_at: datetime | None
    ended_at: datetime | None
    next_at: datetime | None
    words: str


@dataclass(frozen=True)
class HeldRow:
    """What one check kept for one thing."""

    kind: Blocker
    subject_id: int
    held_minor: int
    ends_at: datetime
    clause: str


@dataclass(frozen=True)
class WaitRow:
    """What a payment back waits for before it sets out, though it was approved."""

    amount_minor: int
    asked_again_at: datetime
    what_zh: str
    what_en: str


@dataclass(frozen=True)
class ExitDetail:
    exit: ExitRow
    held: tuple[HeldRow, ...]
    events: tuple[EventRow, ...]
    payments: tuple[PaymentRow, ...]
    waits_for: WaitRow | None = None


@dataclass(frozen=True)
class Moved:
    """What a sweep over exits did."""

    looked: int = 0
    late: int = 0
    to_review: int = 0
    begun: int = 0  # payments that set out
    released: int = 0  # tails that ended
    ended: int = 0

    def __add__(self, other: Moved) -> Moved:
        return Moved(
            self.looked + other.looked,
            self.late + other.late,
            self.to_review + other.to_review,
            self.begun + other.begun,
            self.released + other.released,
            self.ended + other.ended,
        )
