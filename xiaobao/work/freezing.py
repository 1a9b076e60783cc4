"""Sums that stay frozen with sellers: what is owed is taken of them, and their ends are looked at.

What is asked of the gateway is committed first; a lost answer is asked about, and a part is asked
for again, under its one name, only where the gateway says that it has not moved.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.deposits.acts import TakingAnswers
from xiaobao.deposits.facts import LodgementState
from xiaobao.exits import acts as exits
from xiaobao.gateways.payments import CLOSED_FOR_GOOD, Direction, Movement, Query, Result, Way
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import halves_of, uuid_of
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.work.paying import answered, batch_of

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.deposits.facts import Authorisations, FrozenRow, Moved, Takings
    from xiaobao.gateways.payments import Answer, PaymentGateway
    from xiaobao.kernel.columns import Int, Mask

BATCH = 1024
_STATES = {
    Result.CONFIRMED: LodgementState.CONFIRMED,
    # Nothing of it is at the gateway: sent again when its time comes.
    Result.FAILED: LodgementState.REQUESTED,
    Result.UNKNOWN: LodgementState.UNKNOWN,
    Result.NOT_FOUND: LodgementState.UNKNOWN,
}


def take_what_is_owed(until_us: int, gateway: PaymentGateway) -> int:
    """Ask for what is owed of frozen sums, send what is due by then, look at their ends.

    Return how many parts came in.
    """
    deposits.ask_takings(at=moment_of(until_us))
    came = _send(until_us, gateway)
    _look_at_ends(until_us, gateway)
    return came


def _send(until_us: int, gateway: PaymentGateway) -> int:
    came, limit = 0, batch_of(gateway, BATCH)
    while True:
        deposits.rename_takings(CLOSED_FOR_GOOD, until_us=until_us)
        due, due_us, is_query = deposits.claim_due_takings(
            until_us=until_us, limit=limit, now_us=gateway.now_us()
        )
        if len(due) == 0:
            return came

        def sent_again(wanted: Mask, due: Takings = due, due_us: Int = due_us) -> Mask:
            return deposits.send_takings_again(due.take(wanted), due_us[wanted])

        movements = _movements(due, due_us)
        answers = answered(movements, is_query.tolist(), gateway, sent_again, Direction.IN)
        heard = _as_columns(due, due_us, answers)
        came += deposits.record_takings(heard) + _make_room_for(heard)
        _look_at_refused(due, due_us, answers, gateway)


def _movements(due: Takings, due_us: Int) -> list[Movement]:
    currency = {market.market_id: market.currency for market in promises.markets()}
    refs = deposits_now.refs_of_frozen(due.seller_id, due.lodgement_hi, due.lodgement_lo)
    rows = zip(
        due.seller_id.tolist(), due.taking_hi.tolist(), due.taking_lo.tolist(),
        due.lodgement_hi.tolist(), due.lodgement_lo.tolist(), due.amount_minor.tolist(),
        due.attempts.tolist(), due.sent_us.tolist(), due_us.tolist(),
        sellers.markets_of(due.seller_id).tolist(), strict=True,
    )  # fmt: skip
    return [
        Movement(
            uuid_of(hi, lo), f"S{seller}", amount, currency[market], attempt, at_us,
            seller_id=seller, sent_us=sent_us, way=Way.TAKEN, of=uuid_of(of_hi, of_lo),
            of_ref=refs[seller, uuid_of(of_hi, of_lo)],
        )
        for seller, hi, lo, of_hi, of_lo, amount, attempt, sent_us, at_us, market in rows
    ]  # fmt: skip


def _as_columns(due: Takings, due_us: Int, answers: list[Answer]) -> TakingAnswers:
    names = zip(due.taking_hi.tolist(), due.taking_lo.tolist(), strict=True)
    row_of = {uuid_of(hi, lo): row for row, (hi, lo) in enumerate(names)}
    # Each once, a certain answer before an uncertain one.
    said: dict[int, Answer] = {}
    for answer in sorted(answers, key=lambda a: a.result):
        said.setdefault(row_of[answer.id], answer)
    rows = np.array(list(said), np.int64)
    return TakingAnswers(
        due.take(rows), np.array([_STATES[a.result].value for a in said.values()], np.int64),
        due_us[rows], [a.gateway_ref for a in said.values()], [a.said for a in said.values()],
    )  # fmt: skip


def _look_at_refused(
    due: Takings, due_us: Int, answers: list[Answer], gateway: PaymentGateway
) -> None:
    """Whether what was refused is refused for ever: nothing may stand frozen any more."""
    refused = {a.id for a in answers if a.result is Result.FAILED}
    if not refused:
        return
    names = [uuid_of(*key) for key in zip(due.taking_hi.tolist(), due.taking_lo.tolist(),
                                          strict=True)]  # fmt: skip
    rows = np.flatnonzero([name in refused for name in names])
    lodgements = {
        (int(due.seller_id[n]), int(due.lodgement_hi[n]), int(due.lodgement_lo[n])) for n in rows
    }
    at_us = int(due_us[rows].max())
    for seller_id, hi, lo in sorted(lodgements):
        _look_at(seller_id, (hi, lo), at_us, gateway)


def _look_at(
    seller_id: int, lodgement: tuple[int, int], at_us: int, gateway: PaymentGateway
) -> bool:
    """Ask whether a sum stands frozen yet; where it does not, what was not taken is lost."""
    name = uuid_of(*lodgement)
    [frozen] = [one for one in deposits_now.frozen_of(seller_id) if one.lodgement == name]
    asked = Query(name, at_us, Direction.IN, frozen.amount_minor, 1, seller_id, way=Way.FROZEN)
    if [a.result for a in gateway.query([asked])] != [Result.FAILED]:
        return False
    return deposits.lose_frozen(seller_id, lodgement, at=moment_of(at_us)) is not None


def _look_at_ends(until_us: int, gateway: PaymentGateway) -> None:
    """Sellers are told in time; what stands is asked about in its turn, past its end daily."""
    while len(due := deposits_now.frozen_looks_due(until_us)):
        at = moment_of(max(until_us, gateway.now_us()))
        if deposits.tell_of_ends(due, at=at):
            # What is locked is secured before it ends.
            deposits.ask_takings(at=at)
            _send(us_of(at), gateway)
        _look_at_standing(due, at, gateway)


def _look_at_standing(stood: Authorisations, at: datetime, gateway: PaymentGateway) -> None:
    for seller_id, hi, lo in zip(
        stood.seller_id.tolist(), stood.lodgement_hi.tolist(), stood.lodgement_lo.tolist(),
        strict=True,
    ):  # fmt: skip
        _look_at(seller_id, (hi, lo), us_of(at), gateway)
    deposits.look_later(stood, at=at)


def _make_room_for(heard: TakingAnswers) -> int:
    """Book what came and found no room, having been called back meanwhile; return how many."""
    came = np.flatnonzero(heard.state == LodgementState.CONFIRMED)
    rows = heard.rows.take(came)
    names = [uuid_of(*key) for key in zip(rows.taking_hi.tolist(), rows.taking_lo.tolist(),
                                          strict=True)]  # fmt: skip
    left = {
        one.id: one
        for one in deposits_now.takings_named(rows.seller_id.tolist(), names)
        if one.state == LodgementState.FAILED
    }
    booked = 0
    for row, name in zip(came.tolist(), names, strict=True):
        if name in left:
            at = moment_of(int(heard.at_us[row]))
            with suppress(TakenTooLate):  # the bill has a line of it
                record_taken(left[name], ref=heard.refs[row], said=heard.said[row], at=at)
                booked += 1
    return booked


class TakenTooLate(Problem):
    """A part came that had been called back, and what it is of is being let go of."""

    code = "taken_too_late"
    status = 409
    zh = (
        "转支付 {taking} 撤回后仍然到账，而所属的冻结资金正在解冻：{missing_minor} 分"
        "尚不能入账；请待解冻有结果后再询问"
    )
    en = (
        "taking {taking} came although it was called back, and what it is of is being let go of: "
        "{missing_minor} of it cannot be booked yet; ask again once letting go is answered"
    )


def _make_room(moved: Moved, at: datetime) -> int:
    """What comes late is of what was let go of, or was to be: as much is transferred instead.

    Return how much of it comes besides, all that there was having been let go of.

    :raises TakenTooLate: while nobody knows what becomes of letting go
    """
    assert moved.of is not None, "it is a part of a frozen sum"
    if moved.state != LodgementState.FAILED:
        return 0
    lodgement = halves_of(moved.of)
    missing = moved.amount_minor - _room_in(moved)
    if missing <= 0:
        return 0
    missing -= exits.transfer_instead(moved.seller_id, lodgement, missing, at=at)
    if missing <= 0:
        return 0
    if _frozen(moved).leaving_minor or not exits.send_back(
        moved.seller_id, lodgement, missing, at=at
    ):
        raise TakenTooLate(taking=moved.id, missing_minor=missing)
    return missing


def _frozen(moved: Moved) -> FrozenRow:
    rows = deposits_now.frozen_of(moved.seller_id)
    return next(one for one in rows if one.lodgement == moved.of)


def _room_in(moved: Moved) -> int:
    """What of its sum is free, or was held for lost."""
    one = _frozen(moved)
    return one.frozen_minor - one.taking_minor - one.leaving_minor + one.lost_minor


@transaction.atomic
def record_taken(moved: Moved, *, ref: str, said: str, at: datetime) -> None:
    """A part of a frozen sum has come, as a notify or a person's question says.

    :raises TakenTooLate: while what it is of is being let go of; nothing moved
    """
    # Told twice at once, the second finds it booked, and makes no room anew.
    exits.hold_desk(moved.seller_id)
    [now] = deposits_now.takings_named([moved.seller_id], [moved.id])
    besides = _make_room(now, at)
    hi, lo = halves_of(moved.id)
    one = np.ones(1, np.int64)
    held = deposits_now.taking_named(one * moved.seller_id, one * hi, one * lo)
    booked = deposits.record_takings(
        TakingAnswers(held, one * LodgementState.CONFIRMED, one * us_of(at), [ref], [said]),
        besides_minor=besides,
    )
    if now.state == LodgementState.FAILED and not booked:
        # Its room was taken since it was looked at: nothing of this stands.
        raise TakenTooLate(taking=now.id, missing_minor=now.amount_minor)
