"""What is ruled without a person: clear claims by rule, those the platform was late for.

Every claim that comes to review is looked at once, and again when something changes: evidence
arrives, the jury answers, the platform's clock runs out. What no rule decides waits for a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims import acts as claims_acts
from xiaobao.claims import queries as claims_now
from xiaobao.claims.facts import ClaimState, Mark
from xiaobao.claims.rules.amounts import in_goods
from xiaobao.hearings.acts.bench import Texts, read_bench, rule, said_by
from xiaobao.hearings.acts.jury_answers import binding_answers
from xiaobao.hearings.facts import Outcome, Ruled, RuledBy, Said, Verdict
from xiaobao.hearings.rules.deciding import by_default, by_rule
from xiaobao.kernel.columns import among
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from xiaobao.claims.facts import Claims
    from xiaobao.hearings.acts.bench import Bench
    from xiaobao.kernel.columns import Int, Mask


@promises.one_catalogue()
@transaction.atomic
def look_at_claims(*, until_us: int, limit: int = 512) -> Ruled:
    """Look at the claims that wait for a ruling, those waiting longest first; at most `limit`.

    Each is ruled as of the last thing that happened to it, as a clock fires at its own moment.
    Call until none is looked at.
    """
    found = claims_now.to_look_at(until_us, limit)
    if len(found) == 0:
        return Ruled()
    claims = claims_acts.hold_claims(found.seller_id, found.claim_id, at_us=until_us)
    waits = among(claims.state, (ClaimState.UNDER_REVIEW, ClaimState.APPEALED)) & (
        (claims.marks & Mark.FOR_PERSON) == 0
    )
    return _look(claims.take(waits)) if waits.any() else Ruled(looked=len(found))


def _look(claims: Claims) -> Ruled:
    bench = read_bench(claims, claims_now.last_moment_us(claims))
    first = claims.state == ClaimState.UNDER_REVIEW
    is_late = (claims.marks & Mark.PLATFORM_LATE) != 0
    answer = binding_answers(claims, bench.at_us)
    # That it is upheld was decided before; only its time ran out.
    goods_late = bench.facts.is_goods_late & in_goods(bench.facts.ask)
    by_jury = first & (answer > 0) & ~goods_late
    ruled = first & ~by_jury & (by_rule(bench.proposal, bench.terms) | goods_late)
    late = first & ~by_jury & ~ruled & is_late & by_default(bench.proposal, bench.terms)
    rest = ~by_jury & ~ruled & ~late
    if rest.any():
        claims_acts.leave_to_person(claims.take(rest))
    uphold: Int = np.full(len(claims), int(Verdict.UPHOLD))
    verdict = np.where(by_jury & (answer == Outcome.REJECTED), int(Verdict.REJECT), uphold)
    paid = sum(
        ruled_without_person(bench, where, by, verdict)
        for where, by in (
            (by_jury, RuledBy.JURY), (ruled, RuledBy.RULE), (late, RuledBy.DEFAULT),
        )
    )  # fmt: skip
    return Ruled(
        looked=len(claims), by_rule=int(ruled.sum()), by_jury=int(by_jury.sum()),
        by_default=int(late.sum()), for_person=int(rest.sum()), paid_minor=paid,
    )  # fmt: skip


def ruled_without_person(bench: Bench, where: Mask, by: RuledBy, verdict: Int) -> int:
    """Rule these as proposed, or reject them; how much they pay."""
    if not where.any():
        return 0
    part = bench.take(where)
    # No key of a person's act is negative.
    texts = [Texts(key=-int(number)) for number in part.round + 1]
    decided = rule(part, Said(**said_by(by, verdict[where])), texts)
    pay = decided.pay_refund_minor + decided.pay_freight_minor + decided.pay_compensation_minor
    return int(pay.sum())
