"""Who may let the clocks of a claim stand still, for what, and who lets them go on; pure.

For talks both parties have to agree. For a court or the police the platform stops the clocks, or
a party who shows an authority's document: its stop ends by itself where the platform has not
accepted it in time. A party stops for each reason once, and so does the platform for good.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from xiaobao.claims.facts import Mark, Party, StopReason
from xiaobao.evidence.facts import Kind
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    from xiaobao.claims.facts import Stops

# What a party asks of the other, as it is marked on the claim.
ASKED_BY = {Party.BUYER: Mark.BUYER_ASKED_STOP, Party.SELLER: Mark.SELLER_ASKED_STOP}
OTHER = {Party.BUYER: Party.SELLER, Party.SELLER: Party.BUYER}
OF_AUTHORITIES = (StopReason.COURT, StopReason.POLICE)


class Stopping(IntEnum):
    """What comes of asking for a stop."""

    ASKED = 1  # the other party has to agree
    STOPPED = 2
    STOPPED_UNPROVEN = 3  # until the platform accepts the document, or its time runs out
    ACCEPTED = 4  # the platform accepts the stop of a party
    # Refused:
    BY_TEST = 5  # a test is ordered
    BY_PARTIES = 6  # talks are the parties' own
    NO_DOCUMENT = 7
    ASKED_BEFORE = 8
    STOPPED_BEFORE = 9


class Stop(NamedTuple):
    """One time in which the clocks stood still, or do."""

    reason: StopReason
    party: Party
    is_accepted: bool
    is_standing: bool


def stops_in(stops: Stops) -> list[Stop]:
    """The stops of one claim, in order."""
    rows = zip(
        stops.reason.tolist(), stops.party.tolist(), stops.is_accepted.tolist(),
        stops.resume_us.tolist(), strict=True,
    )  # fmt: skip
    return [
        Stop(StopReason(reason), Party(party), bool(is_accepted), resume_us >= FAR_US)
        for reason, party, is_accepted, resume_us in rows
    ]


def stopping(
    reason: StopReason, by: Party, *, marks: int, stops: list[Stop], shown: int
) -> Stopping:
    """What comes of it where this party asks for a stop; `shown` is what evidence it showed."""
    if reason is StopReason.TEST:
        return Stopping.BY_TEST
    same = [one for one in stops if one.reason is reason]
    if by is Party.PLATFORM:
        return _of_platform(reason, same)
    if same:
        return Stopping.STOPPED_BEFORE
    if reason is StopReason.SELF_SETTLEMENT:
        return _of_talks(by, marks)
    has_document = shown >> Kind.AUTHORITY_DOCUMENT & 1
    return Stopping.STOPPED_UNPROVEN if has_document else Stopping.NO_DOCUMENT


def _of_platform(reason: StopReason, same: list[Stop]) -> Stopping:
    if reason is StopReason.SELF_SETTLEMENT:
        return Stopping.BY_PARTIES
    if any(one.is_accepted for one in same):
        return Stopping.STOPPED_BEFORE
    # What a party stopped and the platform did not accept in time, the platform may stop itself.
    return Stopping.ACCEPTED if any(one.is_standing for one in same) else Stopping.STOPPED


def _of_talks(by: Party, marks: int) -> Stopping:
    if marks & ASKED_BY[OTHER[by]]:
        return Stopping.STOPPED
    return Stopping.ASKED_BEFORE if marks & ASKED_BY[by] else Stopping.ASKED


def may_resume(stop: Stop, by: Party) -> bool:
    """Whether this party ends the stop: the platform any, a party its own, and talks either."""
    return by is Party.PLATFORM or stop.reason is StopReason.SELF_SETTLEMENT or stop.party is by
