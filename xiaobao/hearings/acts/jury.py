"""The jury: jurors tested on known cases, a panel drawn for a claim, votes sealed, then opened."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims import acts as claims_acts
from xiaobao.claims.facts import ClaimState, Mark
from xiaobao.claims.queries import ClaimUnknown, exposure_of, facts_of
from xiaobao.evidence.queries import lot_of
from xiaobao.hearings import store
from xiaobao.hearings.acts.bench import read_bench
from xiaobao.hearings.acts.jury_answers import answer
from xiaobao.hearings.acts.looking import ruled_without_person
from xiaobao.hearings.acts.problems import (
    JurorStands,
    JuryOnce,
    JuryTooSmall,
    KnownCaseTaken,
    KnownCaseUnknown,
    NoJury,
    NotOnPanel,
    NotYetOpen,
    OpensOther,
    SealClosed,
    SealWrong,
    VoteWithoutReasons,
)
from xiaobao.hearings.facts import CauseKind, Outcome, RuledBy, Verdict
from xiaobao.hearings.queries.jury import (
    candidates_for,
    juror_of,
    known_case_vote,
    panels_of,
    seal_of,
)
from xiaobao.hearings.queries.terms_of import terms_for
from xiaobao.hearings.rules import jury
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.references import cause_of, id_of, uuid_of
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import Claims
    from xiaobao.hearings.facts import JurorKind, PanelRow, SeatRow, Vote

_SHA256 = re.compile(r"[0-9a-f]{64}")


@transaction.atomic
def add_juror(name: str, kind: JurorKind, *, at: datetime) -> None:
    """:raises JurorStands: if there is one of this name"""
    if not store.add_juror(id_of(name), name, kind, at=at):
        raise JurorStands(juror=name)


@transaction.atomic
def end_juror(name: str, *, at: datetime) -> None:
    """The juror is drawn no more; seats on panels stay.

    :raises JurorUnknown: if there is none
    """
    store.end_juror(juror_of(id_of(name), name).juror_id, at=at)


@transaction.atomic
def add_known_case(name: str, vote: Vote, *, words: str, at: datetime) -> None:
    """Add a case whose right answer is known.

    :raises KnownCaseTaken: if there is one of this name
    """
    if not store.add_known_case(id_of(name), name, vote, words, at=at):
        raise KnownCaseTaken(case=name)


@transaction.atomic
def judge_known_case(juror: str, case: str, vote: Vote, *, at: datetime) -> bool:
    """A juror judges a known case, once; whether rightly.

    :raises JurorUnknown: if there is none of this name
    :raises KnownCaseUnknown: if there is no such case
    :raises KnownCaseTaken: if the juror judged it before
    """
    row = juror_of(id_of(juror), juror)
    right = known_case_vote(id_of(case))
    if right is None:
        raise KnownCaseUnknown(case=case)
    if not store.add_known_vote(row.juror_id, id_of(case), vote, at=at):
        raise KnownCaseTaken(case=case)
    return vote == right


# -- panels --------------------------------------------------------------------------------------


@promises.one_catalogue()
@transaction.atomic
def call_panel(seller_id: int, claim_id: int, *, key: str, at: datetime) -> PanelRow:
    """Put a claim under review to a jury, drawn by lot.

    Nobody can try lots: the seed follows from the case and the log as they stood when the claim
    came to review.

    :raises ClaimUnknown: if there is none
    :raises ClaimMoveImpossible: where the claim is not under review
    :raises NoJury: where the pack lets no jury judge it
    :raises JuryOnce: if it was put to one before
    :raises JuryTooSmall: if fewer than the quorum could be drawn
    """
    claims = _held(seller_id, claim_id, at)
    for panel in panels_of(seller_id, claim_id):
        if panel.key == id_of(key):
            return replace(panel, is_new=False)
        raise JuryOnce
    claims_acts.check_jury(claims)
    terms = terms_for(claims)
    facts = facts_of(claims, judged_us=np.array([us_of(at)]))
    if not terms.is_jury[0] or exposure_of(facts)[0] > terms.jury_most_minor[0]:
        raise NoJury(most_minor=int(terms.jury_most_minor[0]))
    case, seats = (seller_id, claim_id, 1), jury.seats_of(terms)
    candidates = candidates_for(claims, terms)
    seed = jury.seed_of(lot_of(seller_id, claim_id, moment_of(int(claims.platform_since_us[0]))))
    drawn = jury.draw(candidates, seats, seed=seed, case=case)
    quorum = int(terms.jury_quorum[0])
    if len(drawn) < max(quorum, 1):
        raise JuryTooSmall(found=len(drawn), quorum=quorum)
    seal_until = at + timedelta(hours=int(terms.jury_commit_hours[0]))
    open_until = seal_until + timedelta(hours=int(terms.jury_reveal_hours[0]))
    claims_acts.call_jury(
        claims, key=np.array([id_of(key)]), at_us=np.array([us_of(at)]),
        due_us=np.array([us_of(open_until)]),
    )  # fmt: skip
    is_asked = bool(int(claims.marks[0]) & Mark.PERSON_ASKED)
    store.add_panel(
        case, uuid_of(*cause_of(CauseKind.PANEL, us_of(at), *case)), seed=seed, key=id_of(key),
        called_at=at, seal_until=seal_until, open_until=open_until, quorum=quorum,
        majority_bps=int(terms.jury_majority_bps[0]),
        # Where a party asked for a person, a person decides: the jury advises.
        is_binding=bool(terms.is_jury_binding[0]) and not is_asked,
        seats=seats, candidates=candidates, drawn=drawn,
    )  # fmt: skip
    return panels_of(seller_id, claim_id)[0]


@transaction.atomic
def seal_vote(seller_id: int, claim_id: int, *, juror: str, sha256: str, at: datetime) -> PanelRow:
    """A juror hands in a vote sealed: nobody can tell it, and it cannot be changed.

    :raises NotOnPanel: if the juror has no seat on an open panel of the claim
    :raises SealWrong: if it is no SHA-256
    :raises SealClosed: after the time for it, or a second time with another vote
    """
    panel, seat = _seat(_held(seller_id, claim_id, at), juror)
    if not _SHA256.fullmatch(sha256):
        raise SealWrong
    sealed = seal_of(panel, seat.juror_id)
    if sealed == sha256:
        return replace(panel, is_new=False)
    if sealed or at >= panel.seal_until:
        raise SealClosed(until=panel.seal_until)
    store.add_seal(_case(panel), seat.juror_id, sha256, at=at)
    return panels_of(seller_id, claim_id)[-1]


@transaction.atomic
def open_vote(
    seller_id: int, claim_id: int, *, juror: str, vote: Vote, salt: str, words: str, at: datetime
) -> PanelRow:
    """A juror opens the vote that was sealed, with reasons; the last one ends the panel's time.

    :raises NotOnPanel: if the juror has no seat on an open panel of the claim
    :raises NotYetOpen: while others may still seal theirs
    :raises OpensOther: if it is not what was sealed
    :raises VoteWithoutReasons: without reasons
    """
    claims = _held(seller_id, claim_id, at)
    panel, seat = _seat(claims, juror)
    if seat.vote == vote:
        return replace(panel, is_new=False)
    all_sealed = all(one.sealed_at is not None for one in panel.seats)
    if not all_sealed and at < panel.seal_until:
        raise NotYetOpen(until=panel.seal_until)
    if seal_of(panel, seat.juror_id) != jury.seal(panel.reference, seat.juror_id, vote, salt):
        raise OpensOther
    if not words.strip():
        raise VoteWithoutReasons
    store.add_vote(_case(panel), seat.juror_id, vote, salt, words, at=at)
    panel = panels_of(seller_id, claim_id)[-1]
    if all(one.vote is not None for one in panel.seats if one.sealed_at is not None):
        _end(claims, panel, at)
        panel = panels_of(seller_id, claim_id)[-1]
    return panel


def _end(claims: Claims, panel: PanelRow, at: datetime) -> None:
    """Every sealed vote is opened: staff have the claim again, or the answer rules it."""
    found = answer(panel, at=at)
    at_us = np.array([us_of(at)])
    key = np.array([cause_of(CauseKind.PANEL, us_of(at), *_case(panel), 1)[1]])
    given_back = claims_acts.take_jury_answer(claims, key=key, at_us=at_us)
    if panel.is_binding and found.outcome is not None:
        is_upheld = found.outcome == Outcome.UPHELD
        verdict = np.array([int(Verdict.UPHOLD if is_upheld else Verdict.REJECT)])
        bench = read_bench(given_back, at_us)
        ruled_without_person(bench, np.array([True]), RuledBy.JURY, verdict)


def _held(seller_id: int, claim_id: int, at: datetime) -> Claims:
    claims = claims_acts.hold_claims(np.array([seller_id]), np.array([claim_id]), at_us=us_of(at))
    if len(claims) == 0:
        raise ClaimUnknown(claim=claim_id)
    return claims


def _seat(claims: Claims, juror: str) -> tuple[PanelRow, SeatRow]:
    """The open panel of a claim, and the juror's seat on it."""
    if int(claims.state[0]) == ClaimState.WITH_JURY:
        panel = panels_of(int(claims.seller_id[0]), int(claims.claim_id[0]))[-1]
        for seat in panel.seats:
            if seat.juror_id == id_of(juror):
                return panel, seat
    raise NotOnPanel(juror=juror)


def _case(panel: PanelRow) -> tuple[int, int, int]:
    return panel.seller_id, panel.claim_id, panel.number
