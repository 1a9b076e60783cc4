"""How states sound on a page: what went well, what waits for somebody, what went badly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.advances.facts import PayoutState
from xiaobao.claims.facts import ClaimState, OfferState
from xiaobao.deposits.facts import LodgementState
from xiaobao.exits.facts import ExitState
from xiaobao.outbox.facts import DeliveryState
from xiaobao.promises.facts import PackState
from xiaobao.sellers.facts import Standing
from xiaobao.violations.facts import PenaltyState, State

if TYPE_CHECKING:
    from enum import Enum

GOOD: list[Enum] = [
    ClaimState.PAID, ClaimState.SETTLED, OfferState.ACCEPTED, LodgementState.CONFIRMED,
    ExitState.PAID, PayoutState.CONFIRMED, PayoutState.RECONCILED, DeliveryState.DELIVERED,
    PackState.IN_FORCE, Standing.ACTIVE, State.REVOKED,
]  # fmt: skip
WARN: list[Enum] = [
    ClaimState.NEGOTIATING, ClaimState.AWAITING_SELLER, ClaimState.AWAITING_BUYER_EVIDENCE,
    ClaimState.AWAITING_SELLER_EVIDENCE, ClaimState.AWAITING_BOTH_EVIDENCE,
    ClaimState.UNDER_REVIEW, ClaimState.WITH_JURY, ClaimState.APPEALED, ClaimState.RECOVERING,
    ClaimState.GOODS_OWED,
    OfferState.STANDING, LodgementState.REQUESTED, LodgementState.UNKNOWN,
    ExitState.SUBMITTED, ExitState.QUIET, ExitState.UNDER_REVIEW, ExitState.PAYING,
    PayoutState.SENT, PayoutState.UNKNOWN, PackState.ANNOUNCED, Standing.EXITING,
    State.NOTIFIED, State.APPEALED,
]  # fmt: skip
BAD: list[Enum] = [
    LodgementState.FAILED, ExitState.REFUSED, PayoutState.FAILED, PayoutState.STOPPED,
    DeliveryState.DEAD, PackState.WITHDRAWN, Standing.RESTRICTED, Standing.FORCED_OUT,
    State.CONFIRMED, PenaltyState.RUNNING,
]  # fmt: skip
# By kind as well: numbers of different kinds are equal.
TONES = {
    (type(one), one): words
    for words, states in (("good", GOOD), ("warn", WARN), ("bad", BAD)) for one in states
}  # fmt: skip
