"""A ruling is appealed: in time, with something new, and no oftener than the pack lets a party."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims import acts as claims_acts
from xiaobao.claims import queries as claims_now
from xiaobao.claims.queries import ClaimUnknown
from xiaobao.evidence import queries as evidence_now
from xiaobao.hearings import store
from xiaobao.hearings.acts.problems import (
    AppealsUsedUp,
    AppealTooLate,
    NewInformationMissing,
    RulingKeyReused,
)
from xiaobao.hearings.queries.reading import appeal_under, appeals_of
from xiaobao.hearings.queries.reading import before as stands_before
from xiaobao.hearings.queries.terms_of import terms_for
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.references import digests_of, id_of
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.claims.facts import Claims, Handed, Party
    from xiaobao.hearings.facts import AppealRow


@promises.one_catalogue()
def appeal_claim(
    seller_id: int,
    claim_id: int,
    *,
    by: Party,
    words: str,
    handed: Sequence[Handed] = (),
    key: str,
    at: datetime,
) -> AppealRow:
    """Ask for a new ruling by another person.

    :raises ClaimUnknown: if there is none
    :raises EvidenceRefused: for the first piece that cannot be taken
    :raises RulingKeyReused: if the key names another appeal
    :raises ClaimMoveImpossible: where no ruling stands
    :raises AppealTooLate: after the time to appeal
    :raises AppealsUsedUp: where the party has appealed as often as the pack allows
    :raises NewInformationMissing: without words, or without the new evidence the pack asks for
    """
    known = claims_now.claims_of(np.array([seller_id]), np.array([claim_id]))
    if len(known) == 0:
        raise ClaimUnknown(claim=claim_id)
    prepared, limits = claims_acts.prepare_shown(known, by, handed, at)
    shown = [one.sha256.hex() for one in prepared]
    number_of_key, digest = id_of(key), _digest(by, words, shown)
    with transaction.atomic():
        claims = claims_acts.hold_claims(known.seller_id, known.claim_id, at_us=us_of(at))
        stands = appeal_under(seller_id, claim_id, number_of_key)
        if stands is not None:
            if stands[1] != digest:
                raise RulingKeyReused(key=key)
            return replace(appeals_of(seller_id, claim_id)[stands[0] - 1], is_new=False)
        claims_acts.check_appeal(claims)
        _check(claims, by, words, shown, at)
        _, rounds, appeals = stands_before(claims)
        claims_acts.mark_appealed(
            claims, party=by, key=np.array([number_of_key]), at_us=np.array([us_of(at)]),
            words=words, shown=(prepared, limits),
        )  # fmt: skip
        store.add_appeal(
            seller_id, claim_id, int(appeals[0]) + 1, after_round=int(rounds[0]), party=by,
            words=words, key=number_of_key, digest=digest, at=at,
        )  # fmt: skip
        return appeals_of(seller_id, claim_id)[-1]


def _digest(by: Party, words: str, shown: Sequence[str]) -> int:
    parts = [np.array([int(by)]), *(np.array([id_of(text)]) for text in (words, *shown))]
    return int(digests_of(*parts)[0])


def _check(claims: Claims, by: Party, words: str, shown: Sequence[str], at: datetime) -> None:
    until_us = int(claims.appeal_until_us[0])
    if until_us <= us_of(at):
        raise AppealTooLate(until=moment_of(until_us))
    seller_id, claim_id = int(claims.seller_id[0]), int(claims.claim_id[0])
    terms = terms_for(claims)
    most = int(terms.appeals_most[0])
    if sum(one.party == by for one in appeals_of(seller_id, claim_id)) >= most:
        raise AppealsUsedUp(most=most)
    seen = {piece.sha256.hex() for piece in evidence_now.pieces_of(seller_id, claim_id)}
    has_new = bool(set(shown) - seen)
    if not words.strip() or (terms.is_new_information_needed[0] and not has_new):
        raise NewInformationMissing
