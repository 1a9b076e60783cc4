"""One claim's burden of proof, step by step: who shows what by when, what silence means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import BurdenStep, BurdenTable, Finding, Party
from xiaobao.claims.queries.facts_of import facts_of
from xiaobao.claims.queries.finding import ClaimUnknown, claims_of
from xiaobao.claims.queries.law import law_in
from xiaobao.claims.queries.pages import evidence_words
from xiaobao.claims.rules.burden import is_met, is_pattern
from xiaobao.claims.rules.proposing import terms_of
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from datetime import datetime


def burden_table(
    seller_id: int, claim_id: int, language: str = "zh", *, at: datetime
) -> BurdenTable:
    """The steps of the claim's kind and stage, under the terms of its order's time.

    :raises ClaimUnknown: if there is none of these ids
    """
    claims = claims_of(np.array([seller_id]), np.array([claim_id]))
    if len(claims) == 0:
        raise ClaimUnknown(claim=claim_id)
    facts = facts_of(claims, judged_us=np.array([us_of(at)]))
    law = law_in(int(claims.market_id[0]))
    rows, _ = terms_of(facts, law)
    b = law.burdens.take(rows.burden)
    by_pattern = is_pattern(facts, law.rules.take(rows.rule))
    steps = []
    for party, shows, silent, other in (
        (b.first, b.first_shows, b.first_silent, b.first_other),
        (b.then, b.then_shows, b.then_silent, b.then_other),
        (b.last, b.last_shows, b.last_silent, b.last_other),
    ):
        if not party[0]:
            continue
        whose, met = Party(int(party[0])), bool(is_met(facts, party, shows, by_pattern)[0])
        due = facts.seller_due_us if whose is Party.SELLER else facts.buyer_due_us
        steps.append(
            BurdenStep(
                party=whose,
                shows=evidence_words(int(shows[0]), language),
                is_met=met,
                due_at=None if met or due[0] >= FAR_US else moment_of(int(due[0])),
                silent=Finding(int(silent[0])),
                other=Finding(int(other[0])),
            )
        )
    return BurdenTable(
        clause=promises.clause_of(int(b.version[0])),
        steps=tuple(steps),
        bare_denial=Finding(int(b.bare_denial[0])),
        all_shown=Finding(int(b.all_shown[0])),
        has_cure=bool(b.has_cure[0]),
    )
