"""What is judged and what is proposed: kinds, parties, states, findings, columns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from xiaobao.kernel.columns import Columns, Int, Mask


class ClaimKind(IntEnum):
    """What the buyer says went wrong."""

    NOT_RECEIVED = 1
    NOT_AS_DESCRIBED = 2
    DEFECTIVE = 3  # a defect that does not show at once
    COUNTERFEIT = 4
    WRONG_ITEM = 5
    MISSING_ITEM = 6
    DAMAGED = 7
    ALLERGY = 8
    LATE_SHIPMENT = 9
    FALSE_SHIPMENT = 10
    REFUND_NOT_PAID = 11
    PROMISE_NOT_KEPT = 12
    FRAUD = 13
    UNSAFE_FOOD = 14
    RETURN_REFUSED = 15  # the seven-day right


class Ask(IntEnum):
    """What the buyer asks for."""

    REFUND = 1
    RETURN_AND_REFUND = 2
    REPLACEMENT = 3
    REPAIR = 4
    COMPENSATION = 5  # what the promise pays
    STATUTORY = 6  # what the law pays: fraud, unsafe food


class Party(IntEnum):
    BUYER = 1
    SELLER = 2
    PLATFORM = 3


class Stage(IntEnum):
    """When in the life of the order the claim speaks of; burdens differ."""

    BEFORE_SIGNING = 1
    AFTER_SIGNING = 2  # signed, receipt not yet confirmed
    AFTER_COMPLETION = 3  # the buyer confirmed receipt, or time did


class ClaimState(IntEnum):
    NEGOTIATING = 1
    AWAITING_SELLER = 2
    AWAITING_BUYER_EVIDENCE = 3
    AWAITING_SELLER_EVIDENCE = 4
    AWAITING_BOTH_EVIDENCE = 5
    UNDER_REVIEW = 6
    WITH_JURY = 7
    RULED = 8  # decided, not yet executed
    PAID = 9
    RECOVERING = 10  # the fund bore a part; the seller owes it
    CLOSED = 11
    SETTLED = 12
    WITHDRAWN = 13
    LAPSED = 14
    SUSPENDED = 15
    APPEALED = 16
    GOODS_OWED = 17  # a repair or a replacement, by a moment; else the price is paid


class Finding(IntEnum):
    """What the burden table says of a claim as it stands."""

    OPEN = 0  # a party still has time to show something: `missing` and `due_us` name it
    UPHELD = 1
    REJECTED = 2
    NEEDS_PERSON = 3  # both sides showed something: judgement is needed


@dataclass(frozen=True, slots=True)
class ClaimFacts(Columns):
    """A claim as it is judged, one row each. Money is minor units; unknown moments FAR_US.

    `evidence_buyer` and `evidence_seller` are bit masks of typed evidence shown
    (bit = evidence kind's number). `promises` is a bit mask of promises in force on the item at
    order time. `similar_upheld` counts other upheld claims of the same kind on the same item.
    """

    seller_id: Int
    claim_id: Int
    market_id: Int
    order_id: Int
    buyer_id: Int
    category_id: Int
    kind: Int
    ask: Int
    stage: Int
    ordered_us: Int
    signed_us: Int
    completed_us: Int
    filed_us: Int
    judged_us: Int  # the moment of this judgement
    is_shipped: Mask
    is_signed: Mask
    is_completed: Mask
    goods_minor: Int  # price really paid for the goods claimed about
    freight_minor: Int
    refunded_minor: Int  # the shop's own refunds of this order so far
    compensated_minor: Int  # what breaches of the same promise paid before
    loss_minor: Int  # further loss shown (unsafe food), or what sending goods back cost
    evidence_buyer: Int
    evidence_seller: Int
    promises: Int
    is_answered: Mask  # the seller answered at all
    is_denied: Mask  # denied
    is_accepted: Mask  # agreed to what is asked
    seller_due_us: Int  # the seller's running clock, FAR_US where none
    buyer_due_us: Int
    is_cured: Mask  # the one cure period has been used
    similar_upheld: Int
    similar_sold: Int  # units of the item sold in the pattern window
    is_person_asked: Mask
    asked_minor: Int  # what the buyer asks for; 0 for all that is due
    abuse: Int  # AbuseSign, found at filing
    units: Int  # of the goods claimed about
    # What this buyer claimed before about the same item: statutory claims are taken together.
    before_units: Int
    before_goods_minor: Int
    before_paid_minor: Int  # what they brought on top of the price
    test_minor: Int  # of a test that the platform ordered: borne by whoever loses
    is_goods_late: Mask  # owed in goods, and not done in time: the price is due instead


@dataclass(frozen=True, slots=True)
class Proposal(Columns):
    """A proposed ruling, one row per claim.

    The buyer gets refund + compensation + freight; `punitive_minor` goes to the platform beside
    it; `reason` is the first rule that decided (`Reason`), `basis` which of law, platform rule
    and own promise gave most on top of the price (`Basis`). Amounts are what would be due where
    the finding is still open.
    """

    finding: Int
    reason: Int
    basis: Int
    refund_minor: Int
    compensation_minor: Int
    freight_minor: Int
    punitive_minor: Int
    fund_minor: Int  # the part the fund bears for good, not the seller
    missing: Int  # evidence bits whose absence decided or is waited for
    missing_party: Int
    due_us: Int
    terms_version: Int  # of the row of terms for the kind and the goods
    burden_version: Int  # of the row of terms for the burden of proof
    is_clear: Mask  # a rule may decide it: nobody asked for a person, and the pack allows it
