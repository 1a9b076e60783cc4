"""The ruling that is proposed for a claim: who had to show what, who did, and what is due.

Who has the first burden and shows nothing by its time loses, after one cure period; where the
other side shows nothing in turn, it loses; where both did, a person judges. What is due is the
price really paid and the freight, less what was given back.
"""

from __future__ import annotations

import numpy as np

from xiaobao.claims.facts import (
    Ask,
    ClaimFacts,
    ClaimKind,
    Finding,
    Party,
    Proposal,
    Reason,
    Stage,
)
from xiaobao.evidence.facts import Kind
from xiaobao.kernel.columns import FAR_US, Int, Mask

# The seller has the first burden: of sending, of quality that does not show, of what it withheld
# (Taobao dispute rules, articles 26, 38, 66, 74; Consumer Law, article 23).
_SELLER_FIRST = np.zeros(max(ClaimKind) + 1, np.bool_)
_SELLER_FIRST[
    [
        ClaimKind.NOT_RECEIVED, ClaimKind.DEFECTIVE, ClaimKind.COUNTERFEIT,
        ClaimKind.MISSING_ITEM, ClaimKind.LATE_SHIPMENT, ClaimKind.FALSE_SHIPMENT,
        ClaimKind.REFUND_NOT_PAID, ClaimKind.RETURN_REFUSED,
    ]
] = True  # fmt: skip
# These speak of what was never confirmed: confirming receipt shifts no burden to the buyer.
_WHATEVER_STAGE = np.zeros(max(ClaimKind) + 1, np.bool_)
_WHATEVER_STAGE[
    [ClaimKind.LATE_SHIPMENT, ClaimKind.FALSE_SHIPMENT, ClaimKind.REFUND_NOT_PAID,
     ClaimKind.COUNTERFEIT]
] = True  # fmt: skip
_IN_GOODS = np.isin(np.arange(max(Ask) + 1), (Ask.REPLACEMENT, Ask.REPAIR))
BUYER_MAY_SHOW = (
    1 << Kind.PHOTO | 1 << Kind.UNBOXING_VIDEO | 1 << Kind.CHAT_RECORD
    | 1 << Kind.INSPECTION_REPORT | 1 << Kind.APPRAISAL | 1 << Kind.MEDICAL_RECORD
)  # fmt: skip
SELLER_MAY_SHOW = (
    1 << Kind.PACKING_VIDEO | 1 << Kind.CARRIER_RECORD | 1 << Kind.SIGNATURE_PROOF
    | 1 << Kind.PURCHASE_CHAIN | 1 << Kind.INVOICE | 1 << Kind.CERTIFICATE
    | 1 << Kind.INSPECTION_REPORT | 1 << Kind.CHAT_RECORD | 1 << Kind.REFUND_PROOF
)  # fmt: skip


def exposure(facts: ClaimFacts) -> Int:
    """The most that a claim could cost its seller: what filing locks."""
    return _price_left(facts) + facts.freight_minor


def propose(facts: ClaimFacts) -> Proposal:
    """What the burden of proof says of each claim at its moment of judgement."""
    missing_party = _who_is_missing(facts)
    finding = _finding(facts, missing_party)
    upheld = (finding != Finding.REJECTED) & ~_IN_GOODS[facts.ask]
    none = np.zeros(len(facts), np.int64)
    return Proposal(
        finding=finding,
        reason=_reason(facts, finding, missing_party),
        basis=none,
        refund_minor=np.where(upheld, _price_left(facts), 0),
        compensation_minor=none,
        freight_minor=np.where(upheld, facts.freight_minor, 0),
        punitive_minor=none,
        fund_minor=none,
        missing=np.select(
            [missing_party == Party.BUYER, missing_party == Party.SELLER],
            [BUYER_MAY_SHOW, SELLER_MAY_SHOW],
            0,
        ),
        missing_party=missing_party,
        due_us=np.where(
            missing_party == Party.BUYER,
            facts.buyer_due_us,
            np.where(missing_party == Party.SELLER, facts.seller_due_us, FAR_US),
        ),
        terms_version=none,
        burden_version=none,
        is_clear=np.isin(finding, (Finding.UPHELD, Finding.REJECTED)) & ~facts.is_person_asked,
    )


def _reason(facts: ClaimFacts, finding: Int, missing_party: Int) -> Int:
    of_seller = missing_party == Party.SELLER
    is_open = finding == Finding.OPEN
    reason: Int = np.select(
        [
            facts.is_accepted,
            is_open & of_seller,
            is_open,
            of_seller & ~facts.is_answered,
            of_seller & facts.is_denied,
            of_seller,
            finding == Finding.REJECTED,
        ],
        [
            Reason.ACCEPTED,
            Reason.SELLER_HAS_TIME,
            Reason.BUYER_HAS_TIME,
            Reason.SELLER_SILENT,
            Reason.SELLER_DENIES_BARELY,
            Reason.SELLER_SHOWED_NOTHING,
            Reason.BUYER_SHOWED_NOTHING,
        ],
        Reason.ALL_SHOWN,
    ).astype(np.int64)
    return reason


def _price_left(facts: ClaimFacts) -> Int:
    left: Int = np.maximum(facts.goods_minor - facts.refunded_minor, 0)
    return left


def _who_is_missing(facts: ClaimFacts) -> Int:
    """The party whose evidence is missing first; 0 where nobody's is."""
    buyer_shows, seller_shows = facts.evidence_buyer != 0, facts.evidence_seller != 0
    seller_first = _SELLER_FIRST[facts.kind] & (
        (facts.stage != Stage.AFTER_COMPLETION) | _WHATEVER_STAGE[facts.kind]
    )
    first_missing = np.where(seller_first, ~seller_shows, ~buyer_shows)
    second_missing = np.where(seller_first, ~buyer_shows, ~seller_shows)
    first = np.where(seller_first, Party.SELLER, Party.BUYER)
    second = np.where(seller_first, Party.BUYER, Party.SELLER)
    return np.where(first_missing, first, np.where(second_missing, second, 0))


def _finding(facts: ClaimFacts, missing_party: Int) -> Int:
    of_seller, of_buyer = missing_party == Party.SELLER, missing_party == Party.BUYER
    seller_loses = of_seller & (_is_silent(facts) | _is_over(facts, facts.seller_due_us))
    buyer_loses = of_buyer & _is_over(facts, facts.buyer_due_us)
    finding: Int = np.select(
        [facts.is_accepted, seller_loses, buyer_loses, missing_party == 0],
        [Finding.UPHELD, Finding.UPHELD, Finding.REJECTED, Finding.NEEDS_PERSON],
        Finding.OPEN,
    ).astype(np.int64)
    return finding


def _is_silent(facts: ClaimFacts) -> Mask:
    """The seller did not even answer."""
    return ~facts.is_answered & (facts.seller_due_us <= facts.judged_us)


def _is_over(facts: ClaimFacts, due_us: Int) -> Mask:
    """A party's time ran out, the cure period included."""
    over: Mask = facts.is_cured & (due_us <= facts.judged_us)
    return over
