"""Verbs about violations: record, appeal, decide; points counted, penalties begun and ended."""

from xiaobao.violations.acts.counting import count_points
from xiaobao.violations.acts.forcing import finish_forced_exits
from xiaobao.violations.acts.looking import expect_looks, look_for_violations
from xiaobao.violations.acts.moving import (
    appeal_violation,
    decide_violation,
    move_due_violations,
)
from xiaobao.violations.acts.penalties import end_penalties
from xiaobao.violations.acts.problems import (
    SamePersonDecides,
    ViolationInFuture,
    ViolationMoveImpossible,
    ViolationNameTaken,
    ViolationNotNameable,
    ViolationNotRuled,
    ViolationSellerUnknown,
    ViolationUnitsWrong,
)
from xiaobao.violations.acts.recording import Recorded, record_violation, record_violations

__all__ = [
    "Recorded",
    "SamePersonDecides",
    "ViolationInFuture",
    "ViolationMoveImpossible",
    "ViolationNameTaken",
    "ViolationNotNameable",
    "ViolationNotRuled",
    "ViolationSellerUnknown",
    "ViolationUnitsWrong",
    "appeal_violation",
    "count_points",
    "decide_violation",
    "end_penalties",
    "expect_looks",
    "finish_forced_exits",
    "look_for_violations",
    "move_due_violations",
    "record_violation",
    "record_violations",
]
