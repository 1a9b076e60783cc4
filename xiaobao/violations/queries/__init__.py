"""Questions about violations: what is open, what is due, points, penalties, the register."""

from xiaobao.violations.queries.checking import LAWS, check
from xiaobao.violations.queries.counted import exits_forced, penalties_begun, recorded
from xiaobao.violations.queries.finding import (
    BY_RECORDING,
    ViolationNameShared,
    ViolationUnknown,
    counts_by_state,
    name_of,
    next_due_us,
    violation_detail,
    violation_named,
    violations_listed,
)
from xiaobao.violations.queries.judging import (
    counted_of,
    counted_on,
    facts_of,
    known,
    next_days,
    recorded_by,
)
from xiaobao.violations.queries.leaving import (
    forced_exits_due,
    forced_exits_of,
    next_forced_exit_us,
    open_violations_of,
)
from xiaobao.violations.queries.register import (
    BY_PUBLICATION,
    counts_by_kind,
    counts_of,
    penalties_of,
    register,
    tallies_of,
    totals,
)
from xiaobao.violations.queries.replaying import (
    replayed_night,
    replayed_nights,
    replayed_violation,
    replayed_violations,
)
from xiaobao.violations.queries.timing import decision_spans, publication_spans

__all__ = [
    "BY_PUBLICATION",
    "BY_RECORDING",
    "LAWS",
    "ViolationNameShared",
    "ViolationUnknown",
    "check",
    "counted_of",
    "counted_on",
    "counts_by_kind",
    "counts_by_state",
    "counts_of",
    "decision_spans",
    "exits_forced",
    "facts_of",
    "forced_exits_due",
    "forced_exits_of",
    "known",
    "name_of",
    "next_days",
    "next_due_us",
    "next_forced_exit_us",
    "open_violations_of",
    "penalties_begun",
    "penalties_of",
    "publication_spans",
    "recorded",
    "recorded_by",
    "register",
    "replayed_night",
    "replayed_nights",
    "replayed_violation",
    "replayed_violations",
    "tallies_of",
    "totals",
    "violation_detail",
    "violation_named",
    "violations_listed",
]
