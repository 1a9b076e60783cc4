"""A claim as its next actions depend on it, and how an action is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.claims.facts import NextAction
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import ClaimState, Mark, Party
    from xiaobao.claims.rules.stopping import Stop


@dataclass(frozen=True)
class Standing:
    """A claim as its next actions depend on it; moments are FAR_US where no clock runs."""

    state: ClaimState
    marks: Mark
    at_us: int
    seller_due_us: int
    buyer_due_us: int
    talks_due_us: int
    platform_due_us: int
    stop_until_us: int
    appeal_until_us: int
    offers_by: frozenset[Party]  # whose offers stand
    missing_zh: str  # typed evidence that is missing, any of which would do; "" where none is
    missing_en: str
    more_zh: str = ""  # what the buyer could ask for that brings more; "" where nothing does
    more_en: str = ""
    stop: Stop | None = None  # why the clocks stand still; None where they run


def _by(us: int) -> datetime | None:
    return None if us >= FAR_US else moment_of(us)


def act(
    party: Party, what: tuple[str, str], us: int, otherwise: tuple[str, str], *commands: str
) -> NextAction:
    return NextAction(party, what[0], what[1], _by(us), otherwise[0], otherwise[1], commands)


GOES_ON = ("维权照常进行", "the claim goes on")
ESCALATED = (
    "记为平台超时，升级处理并计入平台公开报告",
    "it is marked as the platform's own delay, escalated, and counted in its public report",
)
