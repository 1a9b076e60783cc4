"""Kinds of everything: violations, their classes and sources, states and events, penalties."""

from __future__ import annotations

from enum import IntEnum


class CauseKind(IntEnum):
    """Kinds of the causes that this room names; each kind's parts stand beside it."""

    MOVED = 901  # seller, violation, number of the event
    HELD = 902  # seller, violation
    TAKEN = 903  # seller, violation
    PENALTY = 904  # seller, day, step, event
    FORCED_EXIT = 905  # seller, day, step, event


class Source(IntEnum):
    """How a violation came to be known."""

    RULING = 1  # a claim ended for the buyer, and nobody can appeal any more
    BREACHES = 2  # promises broken more often than the pack bears
    INSPECTION = 3
    STAFF = 4


class State(IntEnum):
    RECORDED = 1
    NOTIFIED = 2  # the seller was told; its time to appeal runs
    APPEALED = 3
    CONFIRMED = 4
    REVOKED = 5


class Event(IntEnum):
    """What happens to a violation; `rules.lifecycle` says where each may happen."""

    RECORD = 1
    NOTIFY = 2
    APPEAL = 3
    LAPSE = 4  # the time to appeal ended
    UPHOLD = 5
    REVOKE = 6
    MISS = 7  # the platform missed its own clock for the appeal


class Effect(IntEnum):
    """What a violation counts, and why; the first that applies."""

    BUNDLED = 1  # the same incident was counted before
    REMINDED = 2  # one of the first, and corrected where the pack asks for it
    CAPPED = 3  # the most that may be counted within some days is reached: less, or nothing
    COUNTED = 4


class PenaltyStep(IntEnum):
    """The rungs of each class: ten times the class and the rung; also the key of their table."""

    GENERAL_1 = 11
    GENERAL_2 = 12
    GENERAL_3 = 13
    GENERAL_4 = 14
    SERIOUS_1 = 21
    SERIOUS_2 = 22
    SERIOUS_3 = 23
    SERIOUS_4 = 24
    COUNTERFEIT_1 = 31
    COUNTERFEIT_2 = 32
    COUNTERFEIT_3 = 33
    COUNTERFEIT_4 = 34


RUNGS = 4
# The rung of a penalty that is money alone.
MONEY_RUNG = 0


class PenaltyState(IntEnum):
    RUNNING = 1
    ENDED = 2
    REVOKED = 3


class PenaltyEvent(IntEnum):
    BEGUN = 1
    ENDED = 2
    REVOKED = 3


class ForcedExitState(IntEnum):
    """What became of the decision that a seller has to leave."""

    DUE = 1
    DONE = 2
    REVOKED = 3


class BlockKind(IntEnum):
    """What a violation leaves open, for whoever asks whether a seller may leave."""

    APPEALABLE = 1  # the time to appeal runs
    APPEALED = 2  # the platform has to decide
    PENALTY = 3  # a penalty runs
