"""Shapes of hearings: what is said, what is decided, rulings and appeals as they stand, words."""

from xiaobao.hearings.facts.ruled import (
    AppealRow,
    Before,
    CauseKind,
    Decided,
    Ground,
    Outcome,
    QueueRow,
    Replayed,
    Ruled,
    RuledBy,
    RulingRow,
    Said,
    Verdict,
)
from xiaobao.hearings.facts.words import (
    BY_WORDS,
    GROUND_WORDS,
    OUTCOME_WORDS,
    PAYPAL_OUTCOME,
    PAYPAL_REASON,
    paypal_types,
)

__all__ = [
    "BY_WORDS",
    "GROUND_WORDS",
    "OUTCOME_WORDS",
    "PAYPAL_OUTCOME",
    "PAYPAL_REASON",
    "AppealRow",
    "Before",
    "CauseKind",
    "Decided",
    "Ground",
    "Outcome",
    "QueueRow",
    "Replayed",
    "Ruled",
    "RuledBy",
    "RulingRow",
    "Said",
    "Verdict",
    "paypal_types",
]
