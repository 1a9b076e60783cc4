"""Whose turn it is: what a proposed ruling means for a claim that is not decided yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import ClaimEvent, ClaimState, Finding, Mark, Party
from xiaobao.claims.rules.lifecycle import GATHERING
from xiaobao.kernel.columns import FAR_US, Columns, Int, Mask, among

if TYPE_CHECKING:
    from xiaobao.claims.facts import Claims, Proposal

_E, _S = ClaimEvent, ClaimState
_WAITING = {
    _E.BUYER_ASKED: _S.AWAITING_BUYER_EVIDENCE,
    _E.SELLER_ASKED: _S.AWAITING_SELLER_EVIDENCE,
    _E.BOTH_ASKED: _S.AWAITING_BOTH_EVIDENCE,
}


@dataclass(frozen=True, slots=True)
class Turn(Columns):
    """What happens next to each claim; `event` is 0 where nothing does."""

    event: Int  # BUYER_ASKED, SELLER_ASKED, BOTH_ASKED, REVIEW_BEGUN, LAPSED
    starts_buyer: Mask  # the clock for evidence begins, or begins again to cure
    starts_seller: Mask
    is_cure: Mask


def turn(claims: Claims, proposal: Proposal, at_us: Int) -> Turn:
    """Ask the party whose evidence is missing while it has time, else let it be decided.

    A party is asked once, and once more where its time ran out and the cure period is unused.
    A buyer who was asked and showed nothing at all has given up: the claim lapses.
    """
    waits = _waits(claims, at_us)
    is_open = (proposal.finding == Finding.OPEN) & ~waits
    of_buyer = is_open & (proposal.missing_party != Party.SELLER)
    of_seller = is_open & (proposal.missing_party != Party.BUYER)
    is_cured = (claims.marks & Mark.CURED) != 0
    buyer = _asks(of_buyer, claims.buyer_due_us, at_us, is_cured)
    seller = _asks(of_seller, claims.seller_due_us, at_us, is_cured)
    event = np.select(
        [buyer & seller, buyer, seller], [_E.BOTH_ASKED, _E.BUYER_ASKED, _E.SELLER_ASKED], 0
    )
    cures_buyer = buyer & (claims.buyer_due_us <= at_us)
    cures_seller = seller & (claims.seller_due_us <= at_us)
    starts_buyer = buyer & (claims.buyer_due_us >= FAR_US) | cures_buyer
    starts_seller = seller & (claims.seller_due_us >= FAR_US) | cures_seller
    decides = among(claims.state, GATHERING) & ~waits & (event == 0)
    lapses = decides & _has_given_up(claims, proposal, at_us)
    event = np.where(decides, np.where(lapses, _E.LAPSED, _E.REVIEW_BEGUN), event)
    goes_on = _is_asked_already(claims.state, event) & ~starts_buyer & ~starts_seller
    return Turn(
        event=np.where(goes_on, 0, event),
        starts_buyer=starts_buyer,
        starts_seller=starts_seller,
        is_cure=cures_buyer | cures_seller,
    )


def _waits(claims: Claims, at_us: Int) -> Mask:
    """Talks go on, or the seller still has time to answer: nothing is asked or decided yet."""
    is_answered = (claims.marks & Mark.ANSWERED) != 0
    talks = (claims.state == _S.NEGOTIATING) & (claims.talks_due_us > at_us)
    asked = (claims.state == _S.AWAITING_SELLER) & (claims.seller_due_us > at_us)
    waits: Mask = (talks | asked) & ~is_answered
    return waits


def _asks(missing: Mask, due_us: Int, at_us: Int, is_cured: Mask) -> Mask:
    """Which parties whose evidence is missing have time, or get some."""
    asks: Mask = missing & ((due_us > at_us) | ~is_cured)
    return asks


def _has_given_up(claims: Claims, proposal: Proposal, at_us: Int) -> Mask:
    is_silent = (claims.evidence_buyer == 0) & (claims.buyer_due_us <= at_us)
    rejected = (proposal.finding == Finding.REJECTED) & (proposal.missing_party == Party.BUYER)
    gives_up: Mask = is_silent & rejected
    return gives_up


def _is_asked_already(state: Int, event: Int) -> Mask:
    is_same = np.zeros(len(state), np.bool_)
    for asked, waiting in _WAITING.items():
        is_same |= (event == asked) & (state == waiting)
    return is_same
