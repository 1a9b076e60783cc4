"""Verbs of supervision: count weeks; open, look through and close inspections."""

from xiaobao.supervision.acts.counting import Counted, count_weeks, expect_weeks
from xiaobao.supervision.acts.inspecting import (
    close_inspection,
    open_inspection,
    record_findings,
)
from xiaobao.supervision.acts.problems import (
    FindingStands,
    InspectionClosed,
    InspectionKeyReused,
    InspectionOpen,
    InspectionWithoutReasons,
    NothingToInspect,
    OrderNotSampled,
    OutcomeContradicts,
    SampleUnfinished,
)

__all__ = [
    "Counted",
    "FindingStands",
    "InspectionClosed",
    "InspectionKeyReused",
    "InspectionOpen",
    "InspectionWithoutReasons",
    "NothingToInspect",
    "OrderNotSampled",
    "OutcomeContradicts",
    "SampleUnfinished",
    "close_inspection",
    "count_weeks",
    "expect_weeks",
    "open_inspection",
    "record_findings",
]
