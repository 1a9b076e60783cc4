"""The numbers of leaving: what each condition holds or waits for, and how the clocks are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xiaobao.exits.facts import Blocker
from xiaobao.kernel.columns import Columns, Int, Mask


@dataclass(frozen=True, slots=True)
class ConditionTerms(Columns):
    """What one kind of blocker does, keyed by it."""

    TABLE: ClassVar[str] = "exit_conditions"
    KEY: ClassVar[type[Blocker] | None] = Blocker

    version: Int
    is_asked: Mask  # the condition counts at all
    is_waited_for: Mask  # all that is required waits for it, not its own amount alone
    hold_bps: Int  # share of what it is about that is held
    most_days: Int  # it stands no longer than this, whatever happens


@dataclass(frozen=True, slots=True)
class ExitRules(Columns):
    """How exits go; one row at a time."""

    TABLE: ClassVar[str] = "exit_rules"
    KEY: ClassVar[type[Blocker] | None] = None

    version: Int
    quiet_from: Int  # QuietFrom
    sales_least_minor: Int  # the threshold of the condition `sales`
    late_interest_bps: Int  # a year, on what the platform is late with
    payee_wait_days: Int  # so long after the bound account changed nothing is paid to it
