"""A person rules, with reasons; what is ruled is carried out at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims import acts as claims_acts
from xiaobao.claims.acts import MomentMissed
from xiaobao.claims.facts import ClaimState
from xiaobao.claims.queries import ClaimUnknown
from xiaobao.hearings.acts.bench import Texts, read_bench, rule, said_by
from xiaobao.hearings.acts.problems import (
    DepartureUnexplained,
    FraudWithMoney,
    JudgeInOwnCause,
    JuryHasIt,
    RulingKeyReused,
    RulingTooHigh,
    SamePersonAgain,
)
from xiaobao.hearings.facts import Ground, RuledBy, RulingRow, Said, Verdict
from xiaobao.hearings.queries.reading import has_ruled, known_under, rulings_of
from xiaobao.hearings.rules.deciding import decide, exceeds
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.references import digests_of, id_of
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import Claims
    from xiaobao.hearings.acts.bench import Bench


@promises.one_catalogue()
@transaction.atomic
def rule_claim(
    seller_id: int,
    claim_id: int,
    *,
    verdict: Verdict,
    by: str,
    ground: Ground | None = None,
    refund_minor: int = 0,
    freight_minor: int = 0,
    compensation_minor: int = 0,
    punitive_minor: int = 0,
    is_fraud: bool = False,
    words: str = "",
    departure: str = "",
    key: str,
    at: datetime,
) -> RulingRow:
    """An adjudicator rules a claim that is under review or appealed, and it is carried out.

    The sums count for Verdict.AMOUNTS; with UPHOLD what is proposed stands.

    :raises ClaimUnknown: if there is none
    :raises RulingKeyReused: if the key names another ruling
    :raises MomentMissed: if the ruling is told as of a moment before the claim was filed
    :raises JuryHasIt: while a jury is still to answer
    :raises ClaimMoveImpossible: where the claim is not under review, nor appealed
    :raises SamePersonAgain: if an appeal is to be ruled by who ruled before
    :raises JudgeInOwnCause: if the adjudicator is a party
    :raises RulingTooHigh: if the sums are more than the claim could come to
    :raises DepartureUnexplained: if the ruling is not as proposed, and no reason is given
    :raises FraudWithMoney: if fraud is ruled and the claim upheld
    """
    said = Said(
        **said_by(
            RuledBy.PERSON, np.array([int(verdict)]),
            ground=np.array([int(ground or 0)]), is_fraud=np.array([is_fraud]),
            refund_minor=np.array([refund_minor]), freight_minor=np.array([freight_minor]),
            compensation_minor=np.array([compensation_minor]),
            punitive_minor=np.array([punitive_minor]),
        )
    )  # fmt: skip
    texts = Texts(
        ruler=by, ruler_id=id_of(by), words=words, departure=departure, key=id_of(key),
        digest=_digest(said, by, words, departure),
    )  # fmt: skip
    at_us = us_of(at)
    claims = claims_acts.hold_claims(np.array([seller_id]), np.array([claim_id]), at_us=at_us)
    if len(claims) == 0:
        raise ClaimUnknown(claim=claim_id)
    known = known_under(seller_id, claim_id, texts.key)
    if known is not None:
        if known[1] != texts.digest:
            raise RulingKeyReused(key=key)
        return replace(rulings_of(seller_id, claim_id)[known[0] - 1], is_new=False)
    _check_moment(claims, at)
    if int(claims.state[0]) == ClaimState.WITH_JURY:
        raise JuryHasIt(until=moment_of(int(claims.platform_due_us[0])))
    claims_acts.check_ruling(claims)
    _check_person(claims, by, texts.ruler_id)
    bench = read_bench(claims, np.array([at_us]))
    _check(bench, said, departure)
    rule(bench, said, [texts])
    return rulings_of(seller_id, claim_id)[-1]


def _digest(said: Said, by: str, words: str, departure: str) -> int:
    texts = (np.array([id_of(text)]) for text in (by, words, departure))
    return int(digests_of(*(column.astype(np.int64) for column in said.as_dict().values()),
                          *texts)[0])  # fmt: skip


def _check_moment(claims: Claims, at: datetime) -> None:
    filed_us = int(claims.filed_us[0])
    if us_of(at) < filed_us:
        raise MomentMissed(at=at, filed_at=moment_of(filed_us))


def _check_person(claims: Claims, ruler: str, ruler_id: int) -> None:
    if ruler_id in (int(claims.seller_id[0]), int(claims.buyer_id[0])):
        raise JudgeInOwnCause(ruler=ruler)
    is_appealed = int(claims.state[0]) == ClaimState.APPEALED
    if is_appealed and has_ruled(int(claims.seller_id[0]), int(claims.claim_id[0]), ruler_id):
        raise SamePersonAgain(ruler=ruler)


def _check(bench: Bench, said: Said, departure: str) -> None:
    facts = bench.facts
    if exceeds(facts, bench.exposure_minor, said)[0]:
        raise RulingTooHigh(
            price_minor=max(int(facts.goods_minor[0]) - int(facts.refunded_minor[0]), 0),
            freight_minor=int(facts.freight_minor[0]),
            most_minor=int(bench.exposure_minor[0]),
        )
    decided = decide(facts, bench.proposal, bench.before, said)
    if said.is_fraud[0] and said.verdict[0] != Verdict.REJECT:
        raise FraudWithMoney
    if decided.is_departure[0] and not departure.strip():
        proposed = bench.proposal
        raise DepartureUnexplained(
            proposed_minor=int(
                proposed.refund_minor[0] + proposed.freight_minor[0]
                + proposed.compensation_minor[0] + proposed.punitive_minor[0]
            )
        )  # fmt: skip
