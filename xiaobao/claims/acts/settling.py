"""The parties agree: what is asked is accepted, or what is offered; it is paid at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims import store
from xiaobao.claims.acts.beginning import begin
from xiaobao.claims.acts.course import row_of
from xiaobao.claims.acts.goods import agree_on_goods
from xiaobao.claims.acts.judging import due_on, payable, proposed, take_turns
from xiaobao.claims.acts.money import hold_clocks, pay_settlement
from xiaobao.claims.acts.problems import AmountWrong, AskWidened, OfferOfOneself, OfferUnknown
from xiaobao.claims.acts.showing import known_claim, prepared_of, show
from xiaobao.claims.acts.sweeping import RETURN_LOOK_US, call_platform
from xiaobao.claims.facts import (
    ASK_WORDS,
    Answer,
    Ask,
    ClaimEvent,
    ClaimState,
    Mark,
    OfferState,
    Party,
)
from xiaobao.claims.queries.clocks import clock_due
from xiaobao.claims.rules.amounts import in_goods
from xiaobao.kernel.columns import among
from xiaobao.orders import acts as orders
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.claims.acts.course import Course
    from xiaobao.claims.facts import ClaimRow, Handed
    from xiaobao.kernel.columns import Int

_E, _S = ClaimEvent, ClaimState
_ALL = np.array([True])


@promises.one_catalogue()
def answer_claim(
    seller_id: int,
    claim_id: int,
    *,
    answer: Answer,
    amount_minor: int = 0,
    with_return: bool = False,
    handed: Sequence[Handed] = (),
    seen: tuple[Ask, int | None] | None = None,
    words: str = "",
    key: str,
    at: datetime,
) -> ClaimRow:
    """The seller accepts what is asked, denies it with or without evidence, or offers something.

    A denial alone is no evidence: the burden table says what it is worth. `seen` is what the
    seller saw asked for and, where it knows, up to which sum: what was widened since it does not
    accept.

    :raises AskWidened: where something else is asked for than was seen
    :raises ClaimMoveImpossible: where the claim is decided or over
    :raises EvidenceRefused: for the first piece that cannot be taken
    """
    if answer == Answer.OFFER:
        return make_offer(
            seller_id, claim_id, by=Party.SELLER, amount_minor=amount_minor,
            with_return=with_return, words=words, key=key, at=at,
        )  # fmt: skip
    prepared, limits = prepared_of(known_claim(seller_id, claim_id), Party.SELLER, handed, at)
    with transaction.atomic():
        shown = [f"{one.given.kind}:{one.sha256.hex()}" for one in prepared]
        begun = begin(seller_id, claim_id, "answer", answer, words, *shown, key=key, at=at)
        if begun.is_known:
            return row_of(begun.claims, is_new=False)
        course = begun.course
        if answer == Answer.ACCEPT:
            _check_seen(course, seen)
            _accept(course, words)
        else:
            _deny(course, words)
            show(course, Party.SELLER, prepared, limits, at)
            take_turns(course)
        return row_of(course.record(), is_new=True)


def _check_seen(course: Course, seen: tuple[Ask, int | None] | None) -> None:
    ask, asked_minor = Ask(int(course.claims.ask[0])), int(course.claims.asked_minor[0])
    if seen is not None and (seen[0] != ask or seen[1] not in (None, asked_minor)):
        raise AskWidened(ask_zh=ASK_WORDS[ask].zh, ask_en=ASK_WORDS[ask].en)


def _accept(course: Course, words: str) -> None:
    """Pay what is due for what is asked, and no more than was asked."""
    claims = course.claims
    held = orders.hold_orders(claims.seller_id, claims.order_id)
    hold_clocks(claims)
    course.mark(Mark.ANSWERED | Mark.ACCEPTED)
    proposal = proposed(course.claims, course.at_us, held)
    due = proposal.refund_minor + proposal.compensation_minor + proposal.freight_minor
    amount = np.where(claims.asked_minor > 0, np.minimum(due, claims.asked_minor), due)
    with_return = claims.ask == Ask.RETURN_AND_REFUND
    is_back = held.return_shipped_us <= course.at_us
    course.happens(_E.ACCEPTED, party=Party.SELLER, amount_minor=amount, words=words)
    waits = bool((with_return & ~is_back)[0])
    # Where nothing is due any more nobody lost.
    test = np.where(amount > 0, claims.test_minor, 0)
    if in_goods(claims.ask)[0]:
        agree_on_goods(course, held)
        return
    _settle(course, int(amount[0]), waits=waits, test_minor=test)


def _deny(course: Course, words: str) -> None:
    state = course.claims.state
    course.happens(_E.DENIED, party=Party.SELLER, words=words)
    course.mark(Mark.ANSWERED | Mark.DENIED)
    # The clock that ran was that of the answer; the one for evidence is another.
    answered = among(state, (_S.NEGOTIATING, _S.AWAITING_SELLER))
    course.end("seller", answered)
    course.end("talks", answered)


def _settle(
    course: Course, amount_minor: int, *, waits: bool, test_minor: Int | None = None
) -> None:
    """Pay now; or, where goods have to come back, once they are on their way.

    What a test cost is the seller's where it gives in; where both meet, nobody lost.
    """
    claims = course.claims
    store.close_offers(claims, course.at_us)
    for clock in ("seller", "buyer", "talks", "platform"):
        course.end(clock)
    if not waits or amount_minor == 0:
        pay_settlement(course, _ALL, np.array([amount_minor]), test_minor)
        return
    course.mark(Mark.WITH_RETURN)
    course.put(agreed_minor=np.array([amount_minor]))
    course.start("buyer", due_on(course, ClockKind.NEGOTIATION, _ALL))
    course.start("platform", course.at_us + RETURN_LOOK_US)


# -- offers --------------------------------------------------------------------------------------


@promises.one_catalogue()
@transaction.atomic
def make_offer(
    seller_id: int,
    claim_id: int,
    *,
    by: Party,
    amount_minor: int,
    with_return: bool = False,
    words: str = "",
    key: str,
    at: datetime,
) -> ClaimRow:
    """Offer the other party a sum, with or without the goods coming back.

    The seller's first offer instead of an answer opens talks, for as long as the pack gives them
    from the filing on; once the platform was called in it does not.

    :raises AmountWrong: for nothing, or more than the claim could cost
    :raises ClaimMoveImpossible: where the claim is decided or over
    """
    begun = begin(
        seller_id, claim_id, "offer", by, amount_minor, int(with_return), words, key=key, at=at
    )
    if begun.is_known:
        return row_of(begun.claims, is_new=False)
    course = begun.course
    most = int((course.claims.exposure_minor - course.claims.test_minor)[0])
    course.happens(_E.OFFERED, party=by, amount_minor=amount_minor, words=words)
    if not 1 <= amount_minor <= most:
        raise AmountWrong(
            amount_minor=amount_minor, least_minor=1, most_minor=most,
            currency=promises.market_of(int(course.claims.market_id[0])).currency,
        )  # fmt: skip
    number = int(course.claims.offers[0]) + 1
    store.add_offer(
        seller_id, claim_id, number, party=by, amount_minor=amount_minor,
        with_return=with_return, words=words, at=at,
    )  # fmt: skip
    course.put(offers=np.array([number]))
    if by == Party.SELLER:
        _open_talks(course)
    return row_of(course.record(), is_new=True)


def _open_talks(course: Course) -> None:
    claims = course.claims
    ends = clock_due(claims, ClockKind.NEGOTIATION, claims.filed_us)
    was_called = (claims.marks & (Mark.CALLED | Mark.ANSWERED)) != 0
    opens = (claims.state == _S.AWAITING_SELLER) & ~was_called & (ends > course.at_us)
    course.happens(_E.TALKS_OPENED, opens, party=Party.SELLER, due_us=ends)
    course.start("talks", ends, opens)
    course.end("seller", opens)
    course.mark(Mark.TALKED, opens)


@promises.one_catalogue()
@transaction.atomic
def accept_offer(
    seller_id: int, claim_id: int, *, by: Party, number: int, words: str = "", key: str,
    at: datetime,
) -> ClaimRow:  # fmt: skip
    """Accept what the other party offered: the claim is settled, and paid at once.

    What the shop has refunded in the meantime is not paid again.

    :raises OfferUnknown: if no such offer stands
    :raises OfferOfOneself: if it is one's own
    """
    begun = begin(seller_id, claim_id, "accept offer", by, number, key=key, at=at)
    if begun.is_known:
        return row_of(begun.claims, is_new=False)
    course = begun.course
    offered, with_return = _standing(course, seller_id, claim_id, number, by, _E.OFFER_ACCEPTED)
    claims = course.claims
    held = orders.hold_orders(claims.seller_id, claims.order_id)
    hold_clocks(claims)
    most = int(payable(claims, course.at_us, held)[0])
    amount = min(offered, most)
    is_back = bool(held.return_shipped_us[0] <= course.at_us[0])
    course.happens(_E.OFFER_ACCEPTED, party=by, amount_minor=amount, words=words)
    store.answer_offers(seller_id, claim_id, OfferState.ACCEPTED, at=at, number=number)
    _settle(course, amount, waits=with_return and not is_back)
    return row_of(course.record(), is_new=True)


@promises.one_catalogue()
@transaction.atomic
def decline_offer(
    seller_id: int, claim_id: int, *, by: Party, number: int, words: str = "", key: str,
    at: datetime,
) -> ClaimRow:  # fmt: skip
    """Decline what the other party offered; the claim goes on.

    :raises OfferUnknown: if no such offer stands
    :raises OfferOfOneself: if it is one's own
    """
    begun = begin(seller_id, claim_id, "decline offer", by, number, key=key, at=at)
    if begun.is_known:
        return row_of(begun.claims, is_new=False)
    offered, _ = _standing(begun.course, seller_id, claim_id, number, by, _E.OFFER_DECLINED)
    begun.course.happens(_E.OFFER_DECLINED, party=by, amount_minor=offered, words=words)
    store.answer_offers(seller_id, claim_id, OfferState.DECLINED, at=at, number=number)
    return row_of(begun.course.record(), is_new=True)


def _standing(
    course: Course, seller_id: int, claim_id: int, number: int, by: Party, event: ClaimEvent
) -> tuple[int, bool]:
    """The sum of an offer that stands, and whether it is with a return."""
    found = store.offer(seller_id, claim_id, number)
    course.check(event)
    if found is None or found[1] != OfferState.STANDING:
        raise OfferUnknown(number=number)
    if found[0] == by:
        raise OfferOfOneself(number=number)
    return found[2], found[3]


@promises.one_catalogue()
@transaction.atomic
def end_talks(
    seller_id: int, claim_id: int, *, by: Party, words: str = "", key: str, at: datetime
) -> ClaimRow:
    """Call the platform in: the talks are over, and the seller has to answer.

    :raises ClaimMoveImpossible: where nobody is negotiating
    """
    begun = begin(seller_id, claim_id, "end talks", by, key=key, at=at)
    if begun.is_known:
        return row_of(begun.claims, is_new=False)
    call_platform(begun.course, _ALL, party=by, words=words)
    return row_of(begun.course.record(), is_new=True)
