"""Shapes of calls about exits: drawn by `make map` from the OpenAPI, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from xiaobao.client.shapes.shared import Money


class BlockerTold(TypedDict):
    """One thing in the way: what, why, who can end it sooner, how much, until when."""

    kind: str
    subject: str
    what_zh: str
    what_en: str
    clause: str
    actor: str
    sooner_zh: str
    sooner_en: str
    held: Money
    is_waited_for: bool
    ends_at: str | None


class CheckTold(TypedDict):
    """What may leave now, what holds the rest, and when how much can go."""

    scope: str
    checked_at: str
    deposit: Money
    required: Money
    locked: Money
    set_off: Money
    kept: Money
    free: Money
    is_waiting: bool
    groups: list[GroupTold]
    blockers: list[BlockerTold]
    stages: list[StageTold]
    all_free_at: str | None
    missing: list[str]
    payee_changed_at: str | None
    payee_waits_until: str | None


class CoachTold(TypedDict):
    """What would let a seller leave sooner, or with more."""

    free: Money
    all_free_at: str | None
    profile_complete_bps: int
    tips: list[TipTold]


class ExitEventTold(TypedDict):
    seq: int
    event: str
    state: str
    by: str
    amount: Money
    words: str
    happened_at: str


class ExitTold(TypedDict):
    seller: str
    number: int
    scope: str
    reason: str
    state: str
    is_late: bool
    asked: Money
    locked: Money
    sent: Money
    paid: Money
    interest: Money
    held: Money
    drafted_at: str
    submitted_at: str | None
    quiet_until: str | None
    review_due_at: str | None
    approved_at: str | None
    payout_due_at: str | None
    ended_at: str | None
    words: str


class ExitWhole(TypedDict):
    """One exit whole: its events, and the payments back to the seller."""

    seller: str
    number: int
    scope: str
    reason: str
    state: str
    is_late: bool
    asked: Money
    locked: Money
    sent: Money
    paid: Money
    interest: Money
    held: Money
    drafted_at: str
    submitted_at: str | None
    quiet_until: str | None
    review_due_at: str | None
    approved_at: str | None
    payout_due_at: str | None
    ended_at: str | None
    words: str
    events: list[ExitEventTold]
    payments: list[PaymentTold]
    waits_for: WaitTold | None
    etag: str


class GroupTold(TypedDict):
    """All of one kind that the same can end, together."""

    kind: str
    actor: str
    count: int
    held: Money
    locked: Money
    is_waited_for: bool
    last_ends_at: str | None
    clause: str


class PaymentTold(TypedDict):
    payment: str
    kind: str
    amount: Money
    state: str
    created_at: str
    ended_at: str | None
    gateway_ref: str
    unfrozen: bool
    payee_changed_at: str | None
    waits_until: str | None


class SaidTold(TypedDict):
    seq: int
    by: str
    is_specialist: bool
    words: str
    said_at: str


class StageTold(TypedDict):
    at: str
    amount: Money
    total: Money


class ThreadTold(TypedDict):
    """One thread whole; `due_at` is by when the platform owes an answer."""

    number: int
    topic: str
    opened_at: str
    due_at: str | None
    closed_at: str | None
    is_late: bool
    said: list[SaidTold]


class ThreadWaiting(TypedDict):
    seller: str
    number: int
    opened_at: str
    due_at: str | None
    is_late: bool
    said: int


class TipTold(TypedDict):
    zh: str
    en: str
    more: Money
    days_sooner: int


class WaitTold(TypedDict):
    """Approved, and not on its way: a part is being taken of the frozen deposit."""

    amount: Money
    asked_again_at: str
    what_zh: str
    what_en: str
