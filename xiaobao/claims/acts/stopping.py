"""The clocks of a claim stand still, for a reason and not for ever, and go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims import store
from xiaobao.claims.acts.beginning import begin
from xiaobao.claims.acts.course import row_of
from xiaobao.claims.acts.problems import (
    AuthorityDocumentMissing,
    ClaimSuspendedBefore,
    OtherHasToAgree,
    ResumedByOthers,
    SuspendedByParties,
    SuspendedByTest,
)
from xiaobao.claims.acts.showing import known_claim, prepared_of, show
from xiaobao.claims.acts.sweeping import resume
from xiaobao.claims.facts import ClaimEvent, ClaimState, Mark, Party, StopReason
from xiaobao.claims.queries.clocks import clock_due, clock_due_or
from xiaobao.claims.rules.clocks_of import SUSPENSIONS
from xiaobao.claims.rules.stopping import (
    ASKED_BY,
    Stopping,
    may_resume,
    stopping,
    stops_in,
)
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.claims.acts.course import Course
    from xiaobao.claims.facts import ClaimRow, Handed
    from xiaobao.kernel.columns import Int
    from xiaobao.kernel.problems import Problem

_E = ClaimEvent
_REFUSED: dict[Stopping, type[Problem]] = {
    Stopping.BY_TEST: SuspendedByTest,
    Stopping.BY_PARTIES: SuspendedByParties,
    Stopping.NO_DOCUMENT: AuthorityDocumentMissing,
    Stopping.ASKED_BEFORE: OtherHasToAgree,
    Stopping.STOPPED_BEFORE: ClaimSuspendedBefore,
}
_SHOWN = {Party.BUYER: "evidence_buyer", Party.SELLER: "evidence_seller"}


@promises.one_catalogue()
def suspend_claim(
    seller_id: int,
    claim_id: int,
    *,
    reason: StopReason,
    by: Party,
    words: str = "",
    handed: Sequence[Handed] = (),
    key: str,
    at: datetime,
) -> ClaimRow:
    """Every clock of the claim stands still, for as long as the pack lets this reason last.

    For talks the first of the parties asks, and the second agrees by asking too. A party stops
    for a court or the police with an authority's document, handed in now or before; where the
    platform has not accepted it within the pack's time, the clocks go on. The platform accepts
    it by suspending for the same reason, or suspends by itself.

    :raises SuspendedByTest: for a test, which is ordered
    :raises SuspendedByParties: where the platform would stop the clocks for talks
    :raises AuthorityDocumentMissing: where a party shows none
    :raises OtherHasToAgree: where the same party asked for talks before
    :raises ClaimSuspendedBefore: for a reason for which the claim stood still before
    :raises EvidenceRefused: for the first piece that cannot be taken
    :raises ClaimMoveImpossible: where the claim is decided, over, or suspended
    """
    prepared, limits = prepared_of(known_claim(seller_id, claim_id), by, handed, at)
    with transaction.atomic():
        shown = [f"{one.given.kind}:{one.sha256.hex()}" for one in prepared]
        begun = begin(seller_id, claim_id, "suspend", reason, by, *shown, key=key, at=at)
        if begun.is_known:
            return row_of(begun.claims, is_new=False)
        course = begun.course
        if int(course.claims.state[0]) != ClaimState.SUSPENDED:
            course.check(_E.SUSPENDED)
            show(course, by, prepared, limits, at)
        _stop(course, reason, by, words)
        return row_of(course.record(), is_new=True)


def _stop(course: Course, reason: StopReason, by: Party, words: str) -> None:
    claims = course.claims
    stops = stops_in(store.stops_of(claims))
    shown = int(getattr(claims, _SHOWN[by])[0]) if by in _SHOWN else 0
    made = stopping(reason, by, marks=int(claims.marks[0]), stops=stops, shown=shown)
    if made in _REFUSED:
        raise _REFUSED[made]
    if made is Stopping.ACCEPTED:
        _accept(course, reason, words)
        return
    if made is Stopping.ASKED:
        course.happens(_E.STOP_ASKED, party=by, words=words)
        course.mark(ASKED_BY[by])
        return
    is_accepted = made is Stopping.STOPPED
    until_us = clock_due(claims, SUSPENSIONS[reason], course.at_us)
    if not is_accepted:
        until_us = np.minimum(until_us, _proof_due(course, reason))
    course.happens(_E.SUSPENDED, party=by, due_us=until_us, words=words)
    number = int(claims.stops[0]) + 1
    store.add_stop(
        int(claims.seller_id[0]), int(claims.claim_id[0]), number, reason=reason, party=by,
        words=words, at=moment_of(int(course.at_us[0])), until=moment_of(int(until_us[0])),
        is_accepted=is_accepted,
    )  # fmt: skip
    course.put(stops=np.array([number]), stop_until_us=until_us)
    course.unmark(Mark.BUYER_ASKED_STOP | Mark.SELLER_ASKED_STOP)
    if not is_accepted:
        course.mark(Mark.STOP_UNPROVEN)


def _proof_due(course: Course, reason: StopReason) -> Int:
    proof = ClockKind.SUSPENSION_PROOF
    return clock_due_or(course.claims, proof, SUSPENSIONS[reason], course.at_us)


def _accept(course: Course, reason: StopReason, words: str) -> None:
    """The stop lasts from its own beginning for as long as the pack lets the reason last."""
    claims = course.claims
    stops = store.stops_of(claims)
    since_us = stops.stop_us[stops.resume_us >= FAR_US]
    until_us = clock_due(claims, SUSPENSIONS[reason], since_us)
    course.happens(_E.STOP_ACCEPTED, party=Party.PLATFORM, due_us=until_us, words=words)
    store.accept_stop(
        int(claims.seller_id[0]), int(claims.claim_id[0]), until=moment_of(int(until_us[0]))
    )
    course.put(stop_until_us=until_us)
    course.unmark(Mark.STOP_UNPROVEN)


@promises.one_catalogue()
@transaction.atomic
def resume_claim(
    seller_id: int, claim_id: int, *, by: Party, words: str = "", key: str, at: datetime
) -> ClaimRow:
    """The claim goes on where it stood, each clock later by the time it stood still.

    :raises ResumedByOthers: where only others can end the stop
    :raises ClaimMoveImpossible: where it is not suspended
    """
    begun = begin(seller_id, claim_id, "resume", by, key=key, at=at)
    if begun.is_known:
        return row_of(begun.claims, is_new=False)
    begun.course.check(_E.RESUMED)
    standing = [one for one in stops_in(store.stops_of(begun.course.claims)) if one.is_standing]
    if not all(may_resume(one, by) for one in standing):
        raise ResumedByOthers
    resume(begun.course, party=by, words=words)
    return row_of(begun.course.record(), is_new=True)
