"""Claims that rules decided, decided anew by the very law of claims under any policy pack.

What each was judged on is a fact, as it stood when it was ruled: evidence, answers, what breaches
and earlier claims had paid. Where a policy would not have let a rule decide, nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.rules.law import key_of
from xiaobao.claims.rules.proposing import propose
from xiaobao.hearings.facts import Decided, RuledBy, Said, Verdict
from xiaobao.hearings.rules.deciding import by_default, by_rule, decide
from xiaobao.kernel.columns import Columns, Int, Mask

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimFacts, Proposal
    from xiaobao.hearings.facts import Before
    from xiaobao.lab.history.tables import Rulings
    from xiaobao.lab.replay.policies import Policy


class Decision(IntEnum):
    """What a policy makes of a claim that a rule decided."""

    UPHELD = 1  # the buyer gets something, in money or in goods
    REJECTED = 2
    OPEN = 3  # a party would have been asked for something more
    NEEDS_PERSON = 4


@dataclass(frozen=True, slots=True)
class Redecided(Columns):
    """Rulings decided anew, row for row; sums are 0 where no rule decides."""

    decision: Int
    reason: Int
    buyer_minor: Int  # in all
    punitive_minor: Int
    bears_minor: Int  # the seller
    fund_minor: Int  # for good

    @property
    def is_decided(self) -> Mask:
        return self.decision <= Decision.REJECTED


@dataclass(frozen=True)
class Claims:
    """What rules decided, and what each policy makes of it, row for row."""

    rulings: Rulings
    facts: ClaimFacts
    old: Redecided
    new: Redecided


def decided_under(
    rulings: Rulings, facts: ClaimFacts, before: Before, policy: Policy
) -> Redecided:
    """Each ruling as the policy would have it."""
    count = len(rulings)
    columns = {name: np.zeros(count, np.int64) for name in Redecided.names()}
    columns["decision"] += Decision.NEEDS_PERSON
    rows = np.flatnonzero(_is_heard(facts, policy))
    if len(rows):
        part = _decided(rulings.take(rows), facts.take(rows), before.take(rows), policy)
        for name, column in part.as_dict().items():
            columns[name][rows] = column
    return Redecided(**columns)


def _is_heard(facts: ClaimFacts, policy: Policy) -> Mask:
    """Whether the policy had terms for the claim when its order was placed."""
    key = key_of(facts.kind, facts.category_id, facts.stage)
    _, found = policy.claims.book.positions(facts.ordered_us, key)
    _, has_terms = policy.hearings.positions(facts.ordered_us, np.zeros(len(facts), np.int64))
    heard: Mask = found & has_terms
    return heard


def _decided(rulings: Rulings, facts: ClaimFacts, before: Before, policy: Policy) -> Redecided:
    proposal = propose(facts, policy.claims)
    terms = policy.hearings.in_force(facts.ordered_us)
    by_a_rule = by_rule(proposal, terms)
    # The platform's lateness is a fact: what follows from it is the pack's.
    is_late = (rulings.by == RuledBy.DEFAULT) & ~by_a_rule & by_default(proposal, terms)
    decided = decide(facts, proposal, before, _said(is_late))
    is_ruled = by_a_rule | is_late
    buyer = decided.refund_minor + decided.freight_minor + decided.compensation_minor
    return Redecided(
        decision=_decision(proposal, decided, is_ruled),
        reason=proposal.reason,
        buyer_minor=np.where(is_ruled, buyer, 0),
        punitive_minor=np.where(is_ruled, decided.punitive_minor, 0),
        bears_minor=np.where(is_ruled, decided.bears_minor, 0),
        fund_minor=np.where(is_ruled, decided.fund_minor, 0),
    )


def _said(is_late: Mask) -> Said:
    """What is said where nobody rules: as proposed."""
    none = np.zeros(len(is_late), np.int64)
    return Said(
        by=np.where(is_late, int(RuledBy.DEFAULT), int(RuledBy.RULE)),
        verdict=none + int(Verdict.UPHOLD), ground=none, is_fraud=none > 0, refund_minor=none,
        freight_minor=none, compensation_minor=none, punitive_minor=none,
    )  # fmt: skip


def _decision(proposal: Proposal, decided: Decided, is_ruled: Mask) -> Int:
    buyer = decided.refund_minor + decided.freight_minor + decided.compensation_minor
    decision: Int = np.select(
        [
            is_ruled & ((buyer + decided.punitive_minor > 0) | decided.is_in_goods),
            is_ruled,
            proposal.finding == 0,
        ],
        [int(Decision.UPHELD), int(Decision.REJECTED), int(Decision.OPEN)],
        int(Decision.NEEDS_PERSON),
    ).astype(np.int64)
    return decision
