"""The ruling that is proposed for a claim, under the terms of its order's time.

What the promise does not cover is refused first; then the burden of proof decides; and where the
claim is not rejected, the sums follow. A seller who accepts may give what could be refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import Finding, Proposal, Reason
from xiaobao.claims.rules import amounts, burden
from xiaobao.claims.rules.amounts import IN_GOODS
from xiaobao.claims.rules.refusals import Case, refusal
from xiaobao.kernel.columns import FAR_US, chosen

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimFacts
    from xiaobao.claims.rules.law import Law, Rows
    from xiaobao.claims.terms import ClaimTerms
    from xiaobao.kernel.columns import Int

# As numbers: looking a member up costs as much as a small calculation does.
_UPHELD, _REJECTED = int(Finding.UPHELD), int(Finding.REJECTED)
_ACCEPTED, _GOODS_LATE = int(Reason.ACCEPTED), int(Reason.GOODS_LATE)


def propose(f: ClaimFacts, law: Law) -> Proposal:
    """What is proposed for each claim at its moment of judgement."""
    rows, t = terms_of(f, law)
    b = law.burdens_at(rows.burden)
    award = amounts.highest(f, t, rows, law)
    refused = refusal(Case(f, t, b, award, law))
    weighed = burden.weighed(f, b, law.rules_at(rows.rule))
    # It was decided that goods are owed; in their place the price is, so far as it is left.
    late = f.is_goods_late & amounts.in_goods(f.ask)
    whole = refused == int(Reason.ALREADY_WHOLE)
    is_granted = f.is_accepted & ~late | late & ~whole
    is_refused = (refused > 0) & ~is_granted
    by_burden = ~is_granted & ~is_refused
    finding = chosen(is_refused, _REJECTED, weighed.finding)
    finding = chosen(is_granted, _UPHELD, finding)
    reason = chosen(is_refused, refused, weighed.reason)
    reason = chosen(is_granted, chosen(late, _GOODS_LATE, _ACCEPTED), reason)
    due = amounts.due(f, t, award, law, finding != _REJECTED)
    paid = due.refund_minor + due.freight_minor + due.compensation_minor
    is_decided = (finding == _UPHELD) | (finding == _REJECTED)
    is_simple = t.is_rule_decided & (paid <= t.rule_most_minor) & (f.abuse == 0)
    return Proposal(
        finding=finding,
        reason=reason,
        basis=chosen(due.compensation_minor > 0, award.basis, 0),
        refund_minor=due.refund_minor,
        compensation_minor=due.compensation_minor,
        freight_minor=due.freight_minor,
        punitive_minor=due.punitive_minor,
        fund_minor=due.fund_minor,
        missing=chosen(by_burden, weighed.missing, 0),
        missing_party=chosen(by_burden, weighed.party, 0),
        due_us=chosen(by_burden, weighed.due_us, FAR_US),
        terms_version=t.version,
        burden_version=b.version,
        is_clear=is_decided & is_simple & ~f.is_person_asked,
    )


def terms_of(f: ClaimFacts, law: Law) -> tuple[Rows, ClaimTerms]:
    """The rows in force for each claim, at the stage whose burdens count, and its own terms.

    The terms of a kind and its goods are the same at every stage.
    """
    rows = law.rows_of(f, f.stage)
    t = law.claims_at(rows.claim)
    stage = burden.stage_of(f, t)
    # Of one claim it is the very column where nothing changes.
    is_same = stage is f.stage or not (stage != f.stage).any()
    return (rows if is_same else law.rows_of(f, stage)), t


def exposure(f: ClaimFacts, law: Law) -> Int:
    """The most that a claim could cost its seller, however it is ruled: what filing locks."""
    rows, t = terms_of(f, law)
    t = _in_money(t)
    award = amounts.highest(f, t, rows, law)
    due = amounts.due(f, t, award, law, np.ones(len(f), np.bool_))
    paid = due.refund_minor + due.freight_minor + due.compensation_minor
    most: Int = paid + due.punitive_minor - due.fund_minor + f.test_minor
    return most


def parted(f: ClaimFacts, paid_minor: Int, law: Law) -> tuple[Int, Int, Int]:
    """What is paid by agreement as price and freight, where those are asked for, and on top."""
    asks = amounts.asks_price(f, _in_money(terms_of(f, law)[1]))
    refund = chosen(asks, np.minimum(paid_minor, amounts.price_left(f)), 0)
    freight = chosen(asks, np.minimum(paid_minor - refund, f.freight_minor), 0)
    return refund, freight, paid_minor - refund - freight


def _in_money(t: ClaimTerms) -> ClaimTerms:
    """What is asked for in goods may come to be paid in money instead."""
    return replace(t, price_asks=t.price_asks | IN_GOODS)
