"""What is ruled: by whom, on which ground, how much, and what carrying it out takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from xiaobao.kernel.columns import Columns, Int, Mask

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from xiaobao.claims.facts import ClaimKind, ClaimState, Finding, Party


class CauseKind(IntEnum):
    """Kinds of the causes that this room names; each kind's parts stand beside it."""

    RULING = 751  # the moment of the ruling; seller, claim, round: names it, and what it pays
    STEP = 752  # the ruling's halves, number of the step: what a ruling does to its claim
    PANEL = 753  # the moment of the call; seller, claim, number: names the panel


class RuledBy(IntEnum):
    RULE = 1
    PERSON = 2
    JURY = 3
    DEFAULT = 4  # the platform missed its clock, and the pack says what follows


class Verdict(IntEnum):
    """What a person says; the sums of the proposal stand where none are named."""

    UPHOLD = 1
    REJECT = 2
    AMOUNTS = 3  # sums of the person's own


class Outcome(IntEnum):
    UPHELD = 1
    PARTLY = 2  # less than proposed, more than nothing
    REJECTED = 3


class Ground(IntEnum):
    """The coded reason of a ruling."""

    SELLER_SILENT = 1
    SELLER_SHOWED_NOTHING = 2
    SELLER_PROOF_INVALID = 3
    SELLER_AGREED = 4
    BUYER_SILENT = 5
    BUYER_SHOWED_NOTHING = 6
    NOT_DELIVERED = 7
    NOT_SHIPPED = 8
    DELIVERED = 9
    DELIVERED_LATE = 10
    TRACKING_INVALID = 11
    NOT_AS_DESCRIBED = 12
    AS_DESCRIBED = 13
    MISREPRESENTED = 14
    QUALITY_OR_QUANTITY = 15
    NOT_DAMAGED = 16
    REFUND_REFUSED = 17
    RETURN_REFUSED = 18
    REFUNDED_ALREADY = 19
    NOT_COVERED = 20
    ON_WHAT_IS_KNOWN = 21
    BUYER_FRAUD = 22
    PLATFORM_LATE = 23
    APPEAL_UNFOUNDED = 24
    APPEAL_REPEATED = 25
    TOO_LATE = 26
    ASK_NOT_OFFERED = 27
    SHIPPED_ALREADY = 28
    NOTHING_ON_TOP = 29
    ALREADY_WHOLE = 30
    GOODS_LATE = 31


@dataclass(frozen=True, slots=True)
class Before(Columns):
    """What stands of each claim before it is ruled.

    `paid_…` is what the claim paid the buyer; `bears_minor` what of that, and of the punitive
    part, is the seller's after every reversal. Where `is_counted` the claim was reopened: the
    facts hold what stood then, `counted_…`, so that what is proposed comes on top of that. What
    was ruled since is ruled anew on appeal, and stands in neither.
    """

    paid_refund_minor: Int
    paid_freight_minor: Int
    paid_compensation_minor: Int
    punitive_minor: Int  # ruled so far
    bears_minor: Int
    counted_refund_minor: Int
    counted_freight_minor: Int
    counted_compensation_minor: Int
    counted_punitive_minor: Int
    counted_bears_minor: Int
    is_counted: Mask


@dataclass(frozen=True, slots=True)
class Said(Columns):
    """What whoever rules says of each claim; sums count for Verdict.AMOUNTS alone."""

    by: Int  # RuledBy
    verdict: Int  # Verdict
    ground: Int  # Ground; 0 for the one that follows from the claim itself
    is_fraud: Mask  # of the buyer: what was paid is owed back
    refund_minor: Int
    freight_minor: Int
    compensation_minor: Int
    punitive_minor: Int


@dataclass(frozen=True, slots=True)
class Decided(Columns):
    """What each claim is entitled to in all, and what carrying that out takes now."""

    outcome: Int  # Outcome
    ground: Int  # Ground
    is_departure: Mask  # from what was proposed
    refund_minor: Int  # in all, what was paid before included
    freight_minor: Int
    compensation_minor: Int
    punitive_minor: Int
    fund_minor: Int  # of the buyer's part, borne by the fund for good
    pay_refund_minor: Int  # to the buyer now
    pay_freight_minor: Int
    pay_compensation_minor: Int
    granted_minor: Int  # of what is paid now: by the fund, no debt of the seller
    platform_minor: Int  # from the seller to the platform now
    is_reversed: Mask  # what the seller bore before is given back first
    bears_minor: Int  # by the seller, after all that
    owed_back_minor: Int  # by the buyer, to the fund: only where fraud is ruled
    test_minor: Int  # of a test that the platform ordered: of what the seller bears
    test_owed_minor: Int  # of the same, by the buyer, to the platform
    is_in_goods: Mask  # the seller repairs or replaces by a moment; else the price is due


@dataclass(frozen=True)
class RulingRow:
    """One ruling as it stands, for ever."""

    reference: UUID  # names it everywhere: `xiaobao replay` takes it
    seller_id: int
    claim_id: int
    round: int
    by: RuledBy
    ruler: str  # "" where it was no person
    finding: Finding  # what the rules found
    outcome: Outcome
    ground: Ground
    is_departure: bool
    is_final: bool
    refund_minor: int
    freight_minor: int
    compensation_minor: int
    punitive_minor: int
    fund_minor: int
    paid_minor: int  # to the buyer, by this ruling
    bears_minor: int
    owed_back_minor: int
    stopped_minor: int  # of it: had not been sent yet, and was not
    test_minor: int  # of what the seller bears: a test that the platform ordered
    test_owed_minor: int  # the same, where the buyer lost, who owes it
    words: str
    departure: str
    terms_version: int
    rules_version: int
    sha256: str  # of the decision's content
    ruled_at: datetime
    is_new: bool = True  # False where the same act stood already under the same key


@dataclass(frozen=True)
class AppealRow:
    number: int
    round: int  # of the ruling appealed
    party: Party
    words: str
    appealed_at: datetime
    is_new: bool = True


@dataclass(frozen=True)
class QueueRow:
    """A claim that waits for a person, with what is proposed for it."""

    seller_id: int
    claim_id: int
    claim: str
    market_id: int
    kind: ClaimKind
    state: ClaimState  # under review, or appealed
    is_late: bool
    is_person_asked: bool
    due_at: datetime | None
    finding: Finding
    at_stake_minor: int  # the most that it could cost
    refund_minor: int  # as proposed
    freight_minor: int
    compensation_minor: int
    punitive_minor: int
    rulers: list[str]  # who ruled before: an appeal is for another person
    jury: Outcome | None  # what the jury answered, where it was asked


@dataclass(frozen=True)
class Replayed:
    """A decision taken again on its stored facts."""

    reference: UUID
    stored: bytes
    again: bytes

    @property
    def is_same(self) -> bool:
        return self.stored == self.again


@dataclass(frozen=True)
class Ruled:
    """What a sweep did."""

    looked: int = 0
    by_rule: int = 0
    by_jury: int = 0
    by_default: int = 0
    for_person: int = 0
    paid_minor: int = 0

    def __add__(self, other: Ruled) -> Ruled:
        return Ruled(
            self.looked + other.looked,
            self.by_rule + other.by_rule,
            self.by_jury + other.by_jury,
            self.by_default + other.by_default,
            self.for_person + other.for_person,
            self.paid_minor + other.paid_minor,
        )


@dataclass(frozen=True, slots=True)
class RulingsMade(Columns):
    """Rulings of a time, for whoever counts them."""

    seller_id: Int
    by: Int  # RuledBy
    is_for_buyer: Mask  # it brings the buyer, or the fund, something
    is_on_appeal: Mask
    is_overturned: Mask  # on appeal, and other sums than before
    paid_minor: Int
