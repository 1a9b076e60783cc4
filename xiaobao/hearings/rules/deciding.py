"""What a ruling comes to: entitlement in all, what is paid now, what the seller bears after it.

A ruling never takes money back from the buyer: where it entitles to less than was paid, what the
seller bore is reversed and it bears the new sum again, towards the fund, which bears the rest.
Only where fraud of the buyer is ruled does the buyer owe it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import ClaimKind, Finding, Party, Reason
from xiaobao.claims.rules.amounts import in_goods
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
    goods = _in_goods(facts, proposal, before, said) & (at_stake == 0)
    upheld = (at_stake > 0) | goods
    # Whoever loses bears the test; where the platform was late, nobody lost. Who owed goods and
    # gave the price back instead lost before.
    test = np.where(said.by == RuledBy.DEFAULT, 0, facts.test_minor)
    gave_back = _goods_late(facts) & (said.verdict == Verdict.UPHOLD)
    test_of_seller = np.where(upheld | gave_back, test, 0)
    bears = buyer - fund + sums["punitive_minor"] + test_of_seller + before.counted_bears_minor
    is_reversed = bears < before.bears_minor
    charged = np.maximum(bears - np.where(is_reversed, 0, before.bears_minor), 0)
    from_seller = np.minimum(pays - np.minimum(fund, pays), charged)
    return Decided(
        outcome=_outcome(proposal, buyer, upheld),
        ground=_ground(facts, proposal, said, upheld),
        is_departure=_departs(facts, proposal, said, sums, upheld),
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
        is_in_goods=goods,
    )


def _goods_late(facts: ClaimFacts) -> Mask:
    late: Mask = facts.is_goods_late & in_goods(facts.ask)
    return late


def _in_goods(facts: ClaimFacts, proposal: Proposal, before: Before, said: Said) -> Mask:
    """Where a repair or a replacement is upheld, and nothing was paid in its place.

    What the rules reject a person or a jury may still uphold.
    """
    by_people = among(said.by, (RuledBy.PERSON, RuledBy.JURY))
    is_upheld = (said.verdict == Verdict.UPHOLD) & (said.by != RuledBy.DEFAULT)
    is_upheld &= (proposal.finding != Finding.REJECTED) | by_people
    goods: Mask = is_upheld & in_goods(facts.ask) & ~facts.is_goods_late & (_paid(before) == 0)
    return goods


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


def _outcome(proposal: Proposal, buyer: Int, is_upheld: Mask) -> Int:
    """In part where the buyer gets less than was proposed."""
    outcome: Int = np.select(
        [~is_upheld, buyer < _buyers_of(proposal)],
        [int(Outcome.REJECTED), int(Outcome.PARTLY)],
        int(Outcome.UPHELD),
    ).astype(np.int64)
    return outcome


def _buyers_of(proposal: Proposal) -> Int:
    return _buyers({name: getattr(proposal, name) for name in _SUMS})


def _departs(
    facts: ClaimFacts, proposal: Proposal, said: Said, sums: dict[str, Int], is_upheld: Mask
) -> Mask:
    """Whether a person says something else than was proposed.

    Where the rules leave it to a person, upholding as proposed and rejecting both follow.
    """
    differs = np.zeros(len(said), np.bool_)
    for name in _SUMS:
        differs |= sums[name] != getattr(proposal, name)
    is_open = among(proposal.finding, (Finding.NEEDS_PERSON, Finding.OPEN))
    # What is owed in goods differs by no sum.
    goods = in_goods(facts.ask) & ~facts.is_goods_late & ~is_open
    differs |= goods & (is_upheld != (proposal.finding == Finding.UPHELD))
    departs: Mask = differs & ~(is_open & ~is_upheld) & (said.by == RuledBy.PERSON)
    return departs


def _ground(facts: ClaimFacts, proposal: Proposal, said: Said, is_upheld: Mask) -> Int:
    of_seller = proposal.missing_party == Party.SELLER
    of_buyer = proposal.missing_party == Party.BUYER
    refused = _REFUSED[proposal.reason]
    ground: Int = np.select(
        [
            said.by == RuledBy.DEFAULT,
            said.ground > 0,
            said.is_fraud,
            is_upheld & _goods_late(facts),
            is_upheld & facts.is_accepted,
            is_upheld & of_seller & ~facts.is_answered,
            is_upheld & of_seller,
            ~is_upheld & of_buyer,
            ~is_upheld & (refused > 0),
            is_upheld,
        ],
        [
            int(Ground.PLATFORM_LATE), said.ground, int(Ground.BUYER_FRAUD),
            int(Ground.GOODS_LATE),
            int(Ground.SELLER_AGREED), int(Ground.SELLER_SILENT),
            int(Ground.SELLER_SHOWED_NOTHING), int(Ground.BUYER_SHOWED_NOTHING),
            refused, _UPHELD[facts.kind],
        ],
        _REJECTED[facts.kind],
    ).astype(np.int64)  # fmt: skip
    return ground
