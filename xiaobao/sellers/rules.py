"""How a seller's standing moves and how complete a profile is; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.sellers.facts import PROFILE_PARTS, Completeness, Event, Restriction, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from xiaobao.kernel.columns import Int
    from xiaobao.sellers.facts import AnswerRow

LIFECYCLE = {
    (Standing.INVITED, Event.SIGN): Standing.SIGNED,
    (Standing.SIGNED, Event.SIGN): Standing.SIGNED,
    (Standing.ACTIVE, Event.SIGN): Standing.ACTIVE,
    (Standing.RESTRICTED, Event.SIGN): Standing.RESTRICTED,
    (Standing.SIGNED, Event.ACTIVATE): Standing.ACTIVE,
    (Standing.ACTIVE, Event.RESTRICT): Standing.RESTRICTED,
    (Standing.RESTRICTED, Event.RESTRICT): Standing.RESTRICTED,
    # A seller on the way out keeps its restriction in mind: it comes back when the exit is
    # called off.
    (Standing.EXITING, Event.RESTRICT): Standing.EXITING,
    (Standing.EXITING, Event.LIFT): Standing.EXITING,
    (Standing.RESTRICTED, Event.LIFT): Standing.ACTIVE,
    (Standing.ACTIVE, Event.LEAVE): Standing.EXITING,
    (Standing.RESTRICTED, Event.LEAVE): Standing.EXITING,
    (Standing.EXITING, Event.STAY): Standing.ACTIVE,
    (Standing.EXITING, Event.FINISH): Standing.EXITED,
    (Standing.ACTIVE, Event.FORCE_OUT): Standing.FORCED_OUT,
    (Standing.RESTRICTED, Event.FORCE_OUT): Standing.FORCED_OUT,
    (Standing.EXITING, Event.FORCE_OUT): Standing.FORCED_OUT,
    (Standing.FORCED_OUT, Event.FINISH): Standing.EXITED,
    (Standing.EXITED, Event.INVITE): Standing.INVITED,
}
NO_MOVE = 0

_TABLE = np.zeros((max(Standing) + 1, max(Event) + 1), np.int64)
for (_state, _event), _after in LIFECYCLE.items():
    _TABLE[_state, _event] = _after


def state_after(state: Int, restricted_by: Int, event: Event) -> Int:
    """The standing after `event`, NO_MOVE where the move is illegal.

    `restricted_by` is what holds after the event: whoever is active with a cause left is
    restricted.
    """
    after = _TABLE[state, event]
    return np.where(
        (after == Standing.ACTIVE) & (restricted_by != 0), Standing.RESTRICTED.value, after
    )


def causes_after(restricted_by: Int, event: Event, cause: int) -> Int:
    """The causes of restriction once `event` added or took away `cause`."""
    if event is Event.RESTRICT:
        return restricted_by | cause
    if event is Event.LIFT:
        return restricted_by & ~np.int64(cause)
    if event is Event.INVITE:
        return np.zeros_like(restricted_by)
    return restricted_by


def causes_in(restricted_by: int) -> tuple[Restriction, ...]:
    return tuple(cause for cause in Restriction if restricted_by & cause)


def is_unusual(changed: int, covered_before: int, unusual_count: int, unusual_bps: int) -> bool:
    """Whether so many items at once look like a mistake: many, and far more than were covered."""
    return changed >= unusual_count and changed * 10_000 > covered_before * unusual_bps


def completeness(profile: Mapping[str, str]) -> Completeness:
    """How much of a profile is there, by the weight of its parts; blanks do not count."""
    missing = tuple(p for p in PROFILE_PARTS if not profile.get(p.field, "").strip())
    return Completeness(10_000 - sum(p.weight_bps for p in missing), missing)


def objection_that_stands(
    answers: Sequence[AnswerRow], effects: Mapping[int, int], signed_at: datetime | None
) -> AnswerRow | None:
    """Of a seller's answers, oldest first, the objection to the version that takes effect first.

    `effects` says when each version not withdrawn takes effect. Accepting a version, or signing
    the agreement anew, is an end to every objection to it and to those before it.
    """
    standing: dict[int, AnswerRow] = {}
    for answer in answers:
        if answer.pack_id not in effects or (signed_at is not None and answer.said_at < signed_at):
            continue
        if answer.is_accepted:
            upto = effects[answer.pack_id]
            standing = {p: a for p, a in standing.items() if effects[p] > upto}
        else:
            standing[answer.pack_id] = answer
    return min(standing.values(), key=lambda a: (effects[a.pack_id], a.pack_id), default=None)
