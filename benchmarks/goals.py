"""Goals beside what was measured: a benchmark prints its own, `all.py` all of them at the end."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

# Where `all.py` wants the rows told again.
KEPT = "XIAOBAO_BENCH_GOALS"
HEAD = "| goal | aim | measured | |\n|---|---:|---:|---|"


@dataclass(frozen=True)
class Goal:
    """What was aimed at: at least so much, or at most."""

    what: str
    aim: float
    measured: float
    unit: str = ""
    at_most: bool = False

    def row(self) -> str:
        is_met = self.measured <= self.aim if self.at_most else self.measured >= self.aim
        sign = "≤" if self.at_most else "≥"
        shown = [
            f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
            for value in (self.aim, self.measured)
        ]
        unit = self.unit and f" {self.unit}"
        return (
            f"| {self.what} | {sign} {shown[0]}{unit} | {shown[1]}{unit} "
            f"| {'met' if is_met else 'missed'} |"
        )


def show(goals: list[Goal]) -> None:
    rows = "\n".join(goal.row() for goal in goals)
    print(f"\n{HEAD}\n{rows}")
    if kept := os.environ.get(KEPT):
        with Path(kept).open("a", encoding="utf-8") as file:
            file.write(f"{rows}\n")
