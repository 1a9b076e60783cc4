"""What a ruling comes to: entitlement in all, what is paid now, what the seller bears after it.

A ruling never takes money back from the buyer: where it entitles to less than was paid, what the
seller bore is reversed and it bears the new sum again, towards the fund, which bears the rest.
Only where fraud of the buyer is ruled does the buyer owe it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import ClaimKind, Finding, Party, Reason
from xiaobao.hearings.facts import Decided, Ground, Outcome, RuledBy, Verdict
from xiaobao.kernel.columns import among

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimFacts, Proposal
    from xiaobao.hearings.facts import Before, Said
    from xiaobao.hearings.terms import HearingTerms
    from xiaobao.kernel.columns import Int, Mask

_SUMS = ("refund_minor", "freight_minor", "compensation_minor", "punitive_minor")

# What upholding or rejecting a claim of each kind says, where nobody names a ground.
_UPHELD = np.full(max(ClaimKind) + 1, int(Ground.QUALITY_OR_QUANTITY), np.int64)
_REJECTED = np.full(max(ClaimKind) + 1, int(Ground.ON_WHAT_IS_KNOWN), np.int64)
for _kind, _upheld, _rejected in (
    (ClaimKind.NOT_RECEIVED, Ground.NOT_DELIVERED, Ground.DELIVERED),
    (ClaimKind.NOT_AS_DESCRIBED, Ground.NOT_AS_DESCRIBED, Ground.AS_DESCRIBED),
    (ClaimKind.COUNTERFEIT, Ground.MISREPRESENTED, Ground.AS_DESCRIBED),
    (ClaimKind.WRONG_ITEM, Ground.NOT_AS_DESCRIBED, Ground.AS_DESCRIBED),
    (ClaimKind.DAMAGED, Ground.QUALITY_OR_QUANTITY, Ground.NOT_DAMAGED),
    (ClaimKind.LATE_SHIPMENT, Ground.DELIVERED_LATE, Ground.DELIVERED),
    (ClaimKind.FALSE_SHIPMENT, Ground.TRACKING_INVALID, Ground.DELIVERED),
    (ClaimKind.REFUND_NOT_PAID, Ground.REFUND_REFUSED, Ground.REFUNDED_ALREADY),
    (ClaimKind.PROMISE_NOT_KEPT, Ground.NOT_AS_DESCRIBED, Ground.NOT_COVERED),
    (ClaimKind.FRAUD, Ground.MISREPRESENTED, Ground.AS_DESCRIBED),
    (ClaimKind.RETURN_REFUSED, Ground.RETURN_REFUSED, Ground.NOT_COVERED),
):
    _UPHELD[_kind], _REJECTED[_kind] = _upheld, _rejected

# What rejecting a claim says that the promise does not cover; 0 where it is no such reason.
_REFUSED = np.zeros(max(Reason) + 1, np.int64)
for _reason, _refused in (
    (Reason.NOT_HEARD, Ground.NOT_COVERED),
    (Reason.NOT_PROMISED, Ground.NOT_COVERED),
    (Reason.ASK_NOT_OFFERED, Ground.ASK_NOT_OFFERED),
    (Reason.SHIPPED_ALREADY, Ground.SHIPPED_ALREADY),
    (Reason.TOO_LATE, Ground.TOO_LATE),
    (Reason.NOTHING_ON_TOP, Ground.NOTHING_ON_TOP),
    (Reason.ALREADY_WHOLE, Ground.ALREADY_WHOLE),
):
    _REFUSED[_reason] = _refused


def decide(facts: ClaimFacts, proposal: Proposal, before: Before, said: Said) -> Decided:
    """What each claim comes to by what is said of it."""
    sums = {name: _sum(name, proposal, said) for name in _SUMS}
    buyer = sums["refund_minor"] + sums["freight_minor"] + sums["compensation_minor"]
    # Reopened, the facts hold what was paid until then: what is said comes on top of it.
    in_all = {name: sums[name] + getattr(before, f"counted_{name}") for name in _SUMS}
    due = _buyers(in_all)
    pays, pay = _no_more_than_due(before, due, in_all)
    fund = np.minimum(_fund_of(proposal, said, buyer), buyer)
    at_stake = buyer + sums["punitive_minor"]
    # Whoever loses bears the test; where the platform was late, nobody lost.
    test = np.where(said.by == RuledBy.DEFAULT, 0, facts.test_minor)
    test_of_seller = np.where(at_stake > 0, test, 0)
    bears = buyer - fund + sums["punitive_minor"] + test_of_seller + before.counted_bears_minor
    is_reversed = bears < before.bears_minor
    charged = np.maximum(bears - np.where(is_reversed, 0, before.bears_minor), 0)
    from_seller = np.minimum(pays - np.minimum(fund, pays), charged)
    return Decided(
        outcome=_outcome(proposal, buyer, at_stake),
        ground=_ground(facts, proposal, said, at_stake),
        is_departure=_departs(proposal, said, sums, at_stake),
        **in_all,
        fund_minor=fund,
        pay_refund_minor=pay["refund_minor"],
        pay_freight_minor=pay["freight_minor"],
        pay_compensation_minor=pay["compensation_minor"],
        granted_minor=pays - from_seller,
        platform_minor=charged - from_seller,
        is_reversed=is_reversed,
        bears_minor=bears,
        owed_back_minor=np.where(said.is_fraud, np.maximum(_paid(before) - due, 0), 0),
        test_minor=test_of_seller,
        test_owed_minor=test - test_of_seller,
    )


def exceeds(facts: ClaimFacts, exposure_minor: Int, said: Said) -> Mask:
    """Where the sums that somebody names are more than the claim could come to at most."""
    price_left = np.maximum(facts.goods_minor - facts.refunded_minor, 0)
    total = np.sum([getattr(said, name) for name in _SUMS], axis=0)
    too_much = (
        (said.refund_minor > price_left)
        | (said.freight_minor > facts.freight_minor)
        | (total > exposure_minor - facts.test_minor)
    )
    mask: Mask = (said.verdict == Verdict.AMOUNTS) & too_much
    return mask


def by_rule(proposal: Proposal, terms: HearingTerms) -> Mask:
    """Which claims a rule may rule alone: clear ones with little enough at stake."""
    is_little = _proposed(proposal) <= terms.rule_most_minor
    mask: Mask = proposal.is_clear & terms.is_ruled_by_rule & is_little
    return mask


def by_default(proposal: Proposal, terms: HearingTerms) -> Mask:
    """Which claims the fund pays because the platform missed its clock."""
    at_stake = _buyers_of(proposal)
    is_little = (at_stake > 0) & (at_stake <= terms.default_most_minor)
    mask: Mask = terms.is_default_for_buyer & is_little
    return mask


def _buyers(sums: dict[str, Int]) -> Int:
    return sums["refund_minor"] + sums["freight_minor"] + sums["compensation_minor"]


def _paid(before: Before) -> Int:
    paid: Int = (
        before.paid_refund_minor + before.paid_freight_minor + before.paid_compensation_minor
    )
    return paid


def _no_more_than_due(
    before: Before, due: Int, in_all: dict[str, Int]
) -> tuple[Int, dict[str, Int]]:
    """What is paid now, part by part, no more in all than what is due less what was paid."""
    pays = np.maximum(due - _paid(before), 0)
    left, cut = pays, {}
    for name in _SUMS[:3]:
        cut[name] = np.minimum(np.maximum(in_all[name] - getattr(before, f"paid_{name}"), 0), left)
        left = left - cut[name]
    return pays, cut


def _sum(name: str, proposal: Proposal, said: Said) -> Int:
    is_nothing = said.verdict == Verdict.REJECT
    if name == "punitive_minor":
        # What the platform itself brought about is nobody's punishment.
        is_nothing = is_nothing | (said.by == RuledBy.DEFAULT)
    named: Int = np.where(
        is_nothing,
        0,
        np.where(said.verdict == Verdict.AMOUNTS, getattr(said, name), getattr(proposal, name)),
    )
    return named


def _fund_of(proposal: Proposal, said: Said, buyer: Int) -> Int:
    """The part that the fund bears: all by default, as proposed, none of a person's own sums."""
    by_default_or_proposed = np.where(said.by == RuledBy.DEFAULT, buyer, proposal.fund_minor)
    return np.where(said.verdict == Verdict.UPHOLD, by_default_or_proposed, 0)


def _proposed(proposal: Proposal) -> Int:
    total: Int = np.sum([getattr(proposal, name) for name in _SUMS], axis=0)
    return total


def _outcome(proposal: Proposal, buyer: Int, at_stake: Int) -> Int:
    """In part where the buyer gets less than was proposed."""
    outcome: Int = np.select(
        [at_stake == 0, buyer < _buyers_of(proposal)],
        [int(Outcome.REJECTED), int(Outcome.PARTLY)],
        int(Outcome.UPHELD),
    ).astype(np.int64)
    return outcome


def _buyers_of(proposal: Proposal) -> Int:
    return _buyers({name: getattr(proposal, name) for name in _SUMS})


def _departs(proposal: Proposal, said: Said, sums: dict[str, Int], at_stake: Int) -> Mask:
    """Whether a person says something else than was proposed.

    Where the rules leave it to a person, upholding as proposed and rejecting both follow.
    """
    differs = np.zeros(len(said), np.bool_)
    for name in _SUMS:
        differs |= sums[name] != getattr(proposal, name)
    is_open = among(proposal.finding, (Finding.NEEDS_PERSON, Finding.OPEN))
    departs: Mask = differs & ~(is_open & (at_stake == 0)) & (said.by == RuledBy.PERSON)
    return departs


def _ground(facts: ClaimFacts, proposal: Proposal, said: Said, at_stake: Int) -> Int:
    of_seller = proposal.missing_party == Party.SELLER
    of_buyer = proposal.missing_party == Party.BUYER
    is_upheld = at_stake > 0
    refused = _REFUSED[proposal.reason]
    ground: Int = np.select(
        [
            said.by == RuledBy.DEFAULT,
            said.ground > 0,
            said.is_fraud,
            is_upheld & facts.is_accepted,
            is_upheld & of_seller & ~facts.is_answered,
            is_upheld & of_seller,
            ~is_upheld & of_buyer,
            ~is_upheld & (refused > 0),
            is_upheld,
        ],
        [
            int(Ground.PLATFORM_LATE), said.ground, int(Ground.BUYER_FRAUD),
            int(Ground.SELLER_AGREED), int(Ground.SELLER_SILENT),
            int(Ground.SELLER_SHOWED_NOTHING), int(Ground.BUYER_SHOWED_NOTHING),
            refused, _UPHELD[facts.kind],
        ],
        _REJECTED[facts.kind],
    ).astype(np.int64)  # fmt: skip
    return ground
