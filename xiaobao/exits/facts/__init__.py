"""Shapes of exits: what stands in the way, what comes of it, exits and payments, rows to read."""

from xiaobao.exits.facts.codes import (
    Actor,
    Blocker,
    CauseKind,
    ExitEvent,
    ExitState,
    Mark,
    PaymentKind,
    Reason,
    Scope,
)
from xiaobao.exits.facts.judged import Exits, Judged, Payments, Plan, Standings, Things
from xiaobao.exits.facts.rows import (
    BlockerRow,
    CheckRow,
    EventRow,
    ExitDetail,
    ExitRow,
    HeldRow,
    Moved,
    PaymentRow,
    StageRow,
)
from xiaobao.exits.facts.words import (
    ACTOR_WORDS,
    BLOCKER_WORDS,
    EVENT_WORDS,
    PAYMENT_WORDS,
    REASON_WORDS,
    SCOPE_WORDS,
    SOONER_WORDS,
    STATE_WORDS,
)

RULES_VERSION = 1

__all__ = [
    "ACTOR_WORDS",
    "BLOCKER_WORDS",
    "EVENT_WORDS",
    "PAYMENT_WORDS",
    "REASON_WORDS",
    "RULES_VERSION",
    "SCOPE_WORDS",
    "SOONER_WORDS",
    "STATE_WORDS",
    "Actor",
    "Blocker",
    "BlockerRow",
    "CauseKind",
    "CheckRow",
    "EventRow",
    "ExitDetail",
    "ExitEvent",
    "ExitRow",
    "ExitState",
    "Exits",
    "HeldRow",
    "Judged",
    "Mark",
    "Moved",
    "PaymentKind",
    "PaymentRow",
    "Payments",
    "Plan",
    "Reason",
    "Scope",
    "StageRow",
    "Standings",
    "Things",
]
