"""Where each version of a pack stands: announced, in force, superseded or withdrawn; by its dates.

Nothing has to happen for a version to come into force: its terms have their dates, and so has it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xiaobao.promises.facts import PackState, Version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def states_of(versions: Sequence[Version], line: str, at: datetime) -> list[Version]:
    """These versions of one market, oldest first, each with its state at a moment.

    `line` names the packs that govern the market; versions of another name are superseded.
    """
    of_line = [n for n, v in enumerate(versions) if v.name == line and v.withdrawn_at is None]
    in_force = [n for n in of_line if versions[n].effective_at <= at]
    # Who looks at a moment before the first publication is shown that: its terms have their dates.
    last = max(in_force or of_line[:1], key=lambda n: (versions[n].effective_at, n), default=-1)
    return [
        replace(v, state=_state(v, line, at, is_last=n == last)) for n, v in enumerate(versions)
    ]


def _state(version: Version, line: str, at: datetime, *, is_last: bool) -> PackState:
    if version.withdrawn_at is not None and version.withdrawn_at <= at:
        return PackState.WITHDRAWN
    if is_last:
        return PackState.IN_FORCE
    is_ahead = version.announced_at is not None and version.effective_at > at
    if version.name == line and is_ahead:
        return PackState.ANNOUNCED
    return PackState.SUPERSEDED
