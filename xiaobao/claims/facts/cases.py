"""A claim as it stands: its columns, what may happen to it, and what is marked on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING

from xiaobao.kernel.columns import Columns, Int, Mask

if TYPE_CHECKING:
    from xiaobao.evidence.facts import Kind
    from xiaobao.kernel.contents import Content


class CauseKind(IntEnum):
    """Kinds of the causes that this room names; each kind's parts stand beside it."""

    ACT = 701  # seller, claim, key, number of the entry within the act
    CLOCK = 702  # the clock's moment; seller, claim, state, number of the entry
    HOLD = 703  # the moment of locking; seller, claim, times locked
    SETTLEMENT = 704  # the moment of filing; seller, claim, times reopened
    FREED = 705  # as HOLD, of the hold that is freed
    TEST_OWED = 706  # seller, claim: the buyer gave up, and owes what a test cost


class ClaimEvent(IntEnum):
    """What happens in the life of a claim; `rules.lifecycle` says where each may happen."""

    FILED = 1
    TALKS_OPENED = 2
    PLATFORM_CALLED = 3  # talks are over: the seller has to answer
    ACCEPTED = 4
    DENIED = 5
    OFFERED = 6
    OFFER_ACCEPTED = 7
    OFFER_DECLINED = 8
    EVIDENCE_ADDED = 9
    BUYER_ASKED = 10  # to show something by a moment
    SELLER_ASKED = 11
    BOTH_ASKED = 12
    CURE_OPENED = 13  # the one period in which what is missing may still be shown
    TIME_RAN_OUT = 14  # of a party
    PERSON_ASKED = 15  # that a person decides
    REVIEW_BEGUN = 16
    PLATFORM_LATE = 17  # the platform missed its own clock
    JURY_CALLED = 18
    JURY_ANSWERED = 19
    RULED = 20
    PAID = 21
    RECOVERY_BEGUN = 22
    CLOSED = 23
    APPEALED = 24
    REOPENED = 25
    WITHDRAWN = 26
    LAPSED = 27
    SUSPENDED = 28
    RESUMED = 29
    RETURN_SHIPPED = 30  # what was settled with a return is paid now
    STOP_ASKED = 31  # by one party, that the clocks stand still while both talk
    STOP_ACCEPTED = 32  # an authority's document, for which a party stopped the clocks
    ASK_WIDENED = 33  # the buyer asks for more than before
    GOODS_OWED = 34  # the seller has to repair or replace by a moment
    GOODS_DONE = 35  # proved by the seller, or confirmed by the buyer


class Mark(IntFlag):
    """What is marked on a claim."""

    ANSWERED = 1  # the seller accepted or denied
    DENIED = 2
    ACCEPTED = 4
    CURED = 8  # the one cure period has been opened
    PERSON_ASKED = 16
    PLATFORM_LATE = 32  # of the platform's running clock; a new clock takes it away
    CALLED = 64  # the platform was called in: an offer opens no new talks
    WITH_RETURN = 128  # settled, to be paid once the goods are on their way back
    REOPENED = 256
    TALKED = 512  # talks were opened
    FOR_PERSON = 1024  # looked at as it stands: no rule decides it
    BUYER_ASKED_STOP = 2048  # that the clocks stand still for talks; the other has not agreed yet
    SELLER_ASKED_STOP = 4096
    STOP_UNPROVEN = 8192  # stands still on an authority's document that nobody accepted yet
    GOODS_LATE = 16384  # owed in goods and not done in time


class Answer(IntEnum):
    """What the seller says to a claim."""

    ACCEPT = 1
    DENY = 2
    OFFER = 3


class OfferState(IntEnum):
    STANDING = 1
    ACCEPTED = 2
    DECLINED = 3
    REPLACED = 4  # by another of the same party


class StopReason(IntEnum):
    """Why the clocks of a claim stand still; the pack says how long at most."""

    SELF_SETTLEMENT = 1
    COURT = 2
    POLICE = 3
    TEST = 4  # that the platform ordered: nobody else can suspend for it


@dataclass(frozen=True, slots=True)
class Claims(Columns):
    """Claims as they stand, one row each. Money is minor units; unknown moments are FAR_US.

    A clock has three moments: since when it runs, when it would run out had it never stood still
    (`…_base_us`), and when it does (`…_due_us`); FAR_US where it does not run. `due_us` is the
    moment at which something is to be done about the claim. The part of `exposure_minor` that
    the seller's deposit held is `locked_minor` until the hold is resolved, the rest
    `uncovered_minor`.
    """

    seller_id: Int
    claim_id: Int
    order_id: Int
    buyer_id: Int
    item_id: Int  # 0 where the claim is about more than one item
    promises: Int  # bits of promises in force on the item at order time
    evidence_buyer: Int  # bits of typed evidence shown
    evidence_seller: Int
    asked_minor: Int  # what the buyer asks for; 0 for all that is due
    goods_minor: Int
    freight_minor: Int
    loss_minor: Int
    exposure_minor: Int
    locked_minor: Int
    uncovered_minor: Int
    agreed_minor: Int  # settled, to be paid once the goods are on their way back
    refund_minor: Int  # decided or settled so far, to the buyer: the price's part
    freight_back_minor: Int
    compensation_minor: Int  # what comes on top
    punitive_minor: Int
    paid_minor: Int  # owed to the buyer in the books, once and for all
    fund_minor: Int  # of it and of the punitive part: borne by the guarantee fund
    counted_refund_minor: Int  # of what was decided: what stood when the claim was reopened
    counted_freight_minor: Int
    counted_compensation_minor: Int
    test_minor: Int  # of a test that the platform ordered: borne by whoever loses
    ordered_us: Int
    filed_us: Int
    seller_since_us: Int
    seller_base_us: Int
    seller_due_us: Int
    buyer_since_us: Int
    buyer_base_us: Int
    buyer_due_us: Int
    talks_since_us: Int
    talks_base_us: Int
    talks_due_us: Int
    platform_since_us: Int
    platform_base_us: Int
    platform_due_us: Int
    stop_until_us: Int  # the latest end of the present suspension
    appeal_until_us: Int
    due_us: Int
    locked_us: Int  # when the hold was made
    category_id: Int
    marks: Int  # Mark
    abuse: Int  # signs of abuse, shown with their reasons; they block nothing
    seq: Int  # entries in the timeline
    offers: Int
    stops: Int
    holds: Int  # how often the exposure was locked: names the hold
    market_id: Int
    kind: Int  # ClaimKind
    ask: Int  # Ask
    stage: Int  # Stage
    state: Int  # ClaimState
    before: Int  # the state in which it was suspended


@dataclass(frozen=True, slots=True)
class Entries(Columns):
    """Entries of timelines, to be added.

    `bits` is typed evidence: added or missing. `due_us` is by when, FAR_US where nothing is.
    `digest` is of the content of the act, so that a key used again for something else is seen.
    """

    seller_id: Int
    claim_id: Int
    seq: Int
    cause_hi: Int
    cause_lo: Int
    digest: Int
    event: Int
    state: Int  # after it
    party: Int  # who acted, or whose clock ran out
    amount_minor: Int
    bits: Int
    at_us: Int
    due_us: Int


@dataclass(frozen=True, slots=True)
class Stops(Columns):
    """Times in which clocks stood still; `resume_us` FAR_US while they do."""

    seller_id: Int
    claim_id: Int
    number: Int
    reason: Int
    party: Int  # who stopped them
    is_accepted: Mask  # by both parties, or by the platform
    stop_us: Int
    resume_us: Int


@dataclass(frozen=True, slots=True)
class Upheld(Columns):
    """Claims ruled for their buyers for good, one row each."""

    seller_id: Int
    claim_id: Int
    item_id: Int  # 0 where the claim is about more than one item
    kind: Int  # ClaimKind
    closed_us: Int


@dataclass(frozen=True)
class Handed:
    """A piece of evidence as a party hands it in."""

    kind: Kind
    body: bytes | Content
    name: str = ""  # of the file
    words: str = ""


@dataclass(frozen=True)
class Moved:
    """What a sweep did."""

    looked: int = 0
    asked: int = 0  # somebody has to show something now
    to_review: int = 0
    lapsed: int = 0
    resumed: int = 0
    closed: int = 0
    overdue: int = 0  # clocks of the platform that it missed

    def __add__(self, other: Moved) -> Moved:
        return Moved(
            self.looked + other.looked,
            self.asked + other.asked,
            self.to_review + other.to_review,
            self.lapsed + other.lapsed,
            self.resumed + other.resumed,
            self.closed + other.closed,
            self.overdue + other.overdue,
        )


@dataclass(frozen=True, slots=True)
class Abouts(Columns):
    """Claims on orders of a time: a bit for each kind of breach one is about, and its end."""

    seller_id: Int
    order_id: Int
    kinds: Int
    is_paid: Mask
    is_over: Mask
