"""Questions about violations: what is open, what is due, points, penalties, the register."""

from xiaobao.violations.queries.leaving import (
    forced_exits_due,
    forced_exits_of,
    next_forced_exit_us,
    open_violations_of,
)

__all__ = [
    "forced_exits_due",
    "forced_exits_of",
    "next_forced_exit_us",
    "open_violations_of",
]
