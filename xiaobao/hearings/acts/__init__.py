"""Verbs of hearings: rule, by a person or by rule, carry out at once, appeal."""

from xiaobao.hearings.acts.appealing import appeal_claim
from xiaobao.hearings.acts.looking import look_at_claims
from xiaobao.hearings.acts.problems import (
    AppealsUsedUp,
    AppealTooLate,
    DepartureUnexplained,
    FraudWithMoney,
    JudgeInOwnCause,
    NewInformationMissing,
    RulingKeyReused,
    RulingTooHigh,
    SamePersonAgain,
)
from xiaobao.hearings.acts.ruling import rule_claim

__all__ = [
    "AppealTooLate",
    "AppealsUsedUp",
    "DepartureUnexplained",
    "FraudWithMoney",
    "JudgeInOwnCause",
    "NewInformationMissing",
    "RulingKeyReused",
    "RulingTooHigh",
    "SamePersonAgain",
    "appeal_claim",
    "look_at_claims",
    "rule_claim",
]
