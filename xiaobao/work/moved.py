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
from xiaobao.gateways.payments import Direction, Query, Way
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import halves_of
from xiaobao.work.freezing import record_taken

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.deposits.facts import Moved
    from xiaobao.gateways.alipay.names import Named


def moved_named(about: Named) -> Moved | None:
    """The movement as it stands; None where nobody ever asked for it."""
    lookups = (
        [deposits_now.lodgements_named, deposits_now.takings_named]
        if about.direction is Direction.IN
        else [advances_now.payouts_named, exits_now.refunds_named]
    )
    found = [one for lookup in lookups for one in lookup([about.seller_id], [about.id])]
    return found[0] if found else None


def asked_of(about: Named, moved: Moved, *, at: datetime) -> Query:
    """What became of it, asked the way it moves."""
    way, ref = Way.FROZEN if moved.is_frozen else Way.PAID, ""
    if moved.of is not None:
        way = Way.TAKEN if about.direction is Direction.IN else Way.LET_GO
        hi, lo = (np.array([half]) for half in halves_of(moved.of))
        ref = deposits_now.refs_of_frozen(np.array([moved.seller_id]), hi, lo)[
            moved.seller_id, moved.of
        ]
    return Query(
        about.id, us_of(at), about.direction, moved.amount_minor, 0, about.seller_id, way=way,
        of=moved.of, of_ref=ref,
    )  # fmt: skip


def record_moved(
    about: Named, moved: Moved, *, ref: str, said: str, at: datetime, heard: Heard = Heard.ASKED
) -> None:
    """The money has moved: book it, whatever it was held for until now; once.

    :raises LodgementEnding: for a deposit that is being called off
    :raises LodgementAnswered: for a deposit that failed, where the gateway was not asked
    """
    if about.direction is Direction.IN and deposits_now.takings_named(
        [about.seller_id], [about.id]
    ):
        record_taken(moved, ref=ref, said=said, at=at)
        return
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
        attempts=one * 0, is_ending=one == 0, is_frozen=one == 0,
    )  # fmt: skip
