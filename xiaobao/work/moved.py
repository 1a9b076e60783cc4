"""A movement known by the number that the gateway has for it, of whichever room; and booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances import acts as advances
from xiaobao.advances import queries as advances_now
from xiaobao.advances.facts import PayoutAnswer, PayoutAnswers
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.deposits.facts import Heard, Lodgements
from xiaobao.exits import acts as exits
from xiaobao.exits import queries as exits_now
from xiaobao.gateways.payments import Direction
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import halves_of

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.deposits.facts import Moved
    from xiaobao.gateways.alipay.names import Named


def moved_named(about: Named) -> Moved | None:
    """The movement as it stands; None where nobody ever asked for it."""
    lookups = (
        [deposits_now.lodgements_named]
        if about.direction is Direction.IN
        else [advances_now.payouts_named, exits_now.refunds_named]
    )
    found = [one for lookup in lookups for one in lookup([about.seller_id], [about.id])]
    return found[0] if found else None


def record_moved(
    about: Named, moved: Moved, *, ref: str, said: str, at: datetime, heard: Heard = Heard.ASKED
) -> None:
    """The money has moved: book it, whatever it was held for until now; once.

    :raises LodgementEnding: for a deposit that is being called off
    :raises LodgementAnswered: for a deposit that failed, where the gateway was not asked
    """
    if about.direction is Direction.IN:
        deposits.confirm_lodgements(
            as_lodgement(moved), at=at, refs=[ref], answer=said, heard=heard
        )
        return
    hi, lo = halves_of(moved.id)
    one = np.ones(1, np.int64)
    answers = PayoutAnswers(
        seller_id=one * moved.seller_id, payout_hi=one * hi, payout_lo=one * lo,
        # A confirmation is believed of whatever attempt.
        attempt=one * 0, answer=one * PayoutAnswer.CONFIRMED, at_us=one * us_of(at),
        gateway_ref=np.array([ref], object), said=np.array([said], object),
    )  # fmt: skip
    if advances_now.payouts_named([about.seller_id], [about.id]):
        advances.record_payout_answers(answers)
    else:
        exits.record_refund_answers(answers)


def as_lodgement(moved: Moved) -> Lodgements:
    hi, lo = halves_of(moved.id)
    one = np.ones(1, np.int64)
    return Lodgements(
        seller_id=one * moved.seller_id, lodgement_hi=one * hi, lodgement_lo=one * lo,
        amount_minor=one * moved.amount_minor, state=one * moved.state, asked_us=one * 0,
        attempts=one * 0, is_ending=one == 0,
    )  # fmt: skip
