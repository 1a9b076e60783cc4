"""The evidence log is sealed at the end of every day of a run: what was new is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.evidence import acts as evidence
from xiaobao.evidence import queries as evidence_now
from xiaobao.kernel.clocks import moment_of

if TYPE_CHECKING:
    from xiaobao.work.report import ThisRun


def seal(until_us: int, done: ThisRun) -> None:
    """Seal what chains grew by; a damaged log is told of, and stops nobody's money."""
    if evidence_now.unsealed() == 0:
        return
    try:
        while (sealed := evidence.seal(moment_of(until_us))).added:
            done.sealed += sealed.added
    except evidence.LogDamaged:
        done.log_refused += 1
