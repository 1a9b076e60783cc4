"""What sellers owe is taken of their frozen sums: asked for once, sent, asked about, booked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.deposits import queries, rules, store
from xiaobao.deposits.acts.ladder import check_shortfalls
from xiaobao.deposits.facts import CauseKind, LodgementState, Takings
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import FAR_US, drawn_within, running_within
from xiaobao.kernel.references import causes_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger import queries as books_now
from xiaobao.outbox import acts as outbox
from xiaobao.outbox.facts import EventKind
from xiaobao.sellers import queries as sellers_now
from xiaobao.sellers.facts import Standing

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.deposits.facts import Authorisations
    from xiaobao.kernel.columns import Int, Mask

# What is said of a taking that was given up before it was at the gateway.
CALLED_BACK = "called back"


@dataclass(frozen=True)
class TakingAnswers:
    """What the gateway said of takings, row for row."""

    rows: Takings
    state: Int  # CONFIRMED; REQUESTED: nothing of it is at the gateway; UNKNOWN
    at_us: Int
    refs: list[str]
    said: list[str]


@transaction.atomic
def ask_takings(*, at: datetime) -> int:
    """Ask for what stands frozen beyond what is their sellers' own, as the books stand.

    It follows from what stands, not from who charged: asked again it asks for nothing more, and
    what was missed is asked for next time. Return how many were asked for.
    """
    sellers = queries.sellers_to_take_from()
    if len(sellers) == 0:
        return 0
    held = store.hold_authorisations(sellers)
    # Read once these are held: whoever lets go of a part of them holds them, too.
    books = books_now.balances(np.unique(held.seller_id))
    place = np.searchsorted(books.seller_id, held.seller_id)
    parts = rules.to_take(
        held, books.deposit[place], books.locked[place], _leaving(held.seller_id, us_of(at))
    )
    asked = np.flatnonzero(parts)
    rows, parts = held.take(asked), parts[asked]
    none = np.zeros(len(rows), np.int64)
    at_us = none + us_of(at)
    hi, lo = causes_of(
        CauseKind.TAKEN, at_us, rows.seller_id, rows.lodgement_hi, rows.lodgement_lo,
        rows.takings + 1,
    )  # fmt: skip
    store.put_authorisations(
        replace(rows, taking_minor=rows.taking_minor + parts, takings=rows.takings + 1)
    )
    taking = Takings(
        rows.seller_id, hi, lo, rows.lodgement_hi, rows.lodgement_lo, parts,
        none + LodgementState.REQUESTED, none, none, at_us, none,
    )  # fmt: skip
    store.add_takings(taking, at_us=at_us)
    return len(taking)


def _leaving(seller_ids: Int, at_us: int) -> Mask:
    """Who leaves the guarantee or has left it, row for row; who never joined does neither."""
    now = sellers_now.standing(np.unique(seller_ids))
    state = now.state[np.searchsorted(now.seller_id, seller_ids)]
    moments = np.full(len(seller_ids), at_us, np.int64)
    leaving: Mask = (state == Standing.EXITING) | sellers_now.outside(seller_ids, moments)
    return leaving


def call_back_takings(seller_id: int, *, at: datetime) -> int:
    """Give up what was asked for and is not at the gateway: that much is free again.

    What is owed all the same is asked for anew. Return how much is at the gateway yet, so that
    nobody knows what becomes of it. Until the caller's transaction ends nothing more is asked for.
    """
    one = np.array([seller_id], np.int64)
    ledger.hold_books(one)
    held = store.hold_authorisations(one)
    takings = store.hold_open_takings(held.seller_id, held.lodgement_hi, held.lodgement_lo)
    idle = takings.take(takings.state == LodgementState.REQUESTED)
    none = np.zeros(len(idle), np.int64)
    after = replace(idle, state=none + LodgementState.FAILED, next_us=none + FAR_US)
    store.put_takings(
        after, ended=none != 0, at_us=none + us_of(at), refs=[""] * len(idle),
        answers=[CALLED_BACK] * len(idle),
    )  # fmt: skip
    back = np.zeros(len(held), np.int64)
    np.add.at(back, _places_of_sums(held, idle), idle.amount_minor)
    after_all = replace(held, taking_minor=held.taking_minor - back)
    store.put_authorisations(after_all)
    return int(after_all.taking_minor.sum())


@transaction.atomic
def claim_due_takings(*, until_us: int, limit: int, now_us: int) -> tuple[Takings, Int, Mask]:
    """Take up what is due; with the moment, and which are asked about.

    What is to be sent is marked as sent before the gateway is called: whatever happens to the
    caller, it is found as sent, and asked about.
    """
    held = store.hold_due_takings(until_us, limit)
    due_us = np.maximum(held.next_us, now_us)
    is_query = held.state == LodgementState.UNKNOWN
    sending = np.flatnonzero(~is_query)
    after = _sent(held, due_us)
    _put(after.take(sending), due_us[sending], ended=False)
    sent_before = held.sent_us
    rows = replace(
        after, state=np.where(is_query, held.state, after.state),
        attempts=np.where(is_query, held.attempts, after.attempts),
        queries=np.where(is_query, held.queries, 0),
        next_us=np.where(is_query, held.next_us, after.next_us), sent_us=sent_before,
    )  # fmt: skip
    return rows, due_us, is_query


@transaction.atomic
def send_takings_again(rows: Takings, at_us: Int) -> Mask:
    """Which of these are still to be sent again, each marked so, row for row."""
    held = store.hold_takings(rows.seller_id, rows.taking_hi, rows.taking_lo)
    place = _places(rows, held)
    is_open = (held.state == LodgementState.UNKNOWN) & (held.attempts == rows.attempts[place])
    again = np.zeros(len(rows), np.bool_)
    again[place[is_open]] = True
    sent, moments = held.take(is_open), at_us[place[is_open]]
    _put(replace(_sent(sent, moments), attempts=sent.attempts), moments, ended=False)
    return again


def _sent(rows: Takings, at_us: Int) -> Takings:
    """Due as before until it is answered: cut off in between, it is asked about at once."""
    none = np.zeros(len(rows), np.int64)
    return replace(
        rows, state=none + LodgementState.UNKNOWN, attempts=rows.attempts + 1, queries=none,
        sent_us=at_us,
    )  # fmt: skip


@transaction.atomic
def record_takings(answers: TakingAnswers, *, besides_minor: int = 0) -> int:
    """Write what the gateway said; what is confirmed has come to the platform, once.

    Return how many came anew. What was held for lost and came all the same stands as deposit
    again: it repays the debt that it left. What was called back and came is taken of what is
    free; for so much of it as is named, the caller's transaction owes it back to the seller. What
    there is no room for is left as it was.
    """
    asked = answers.rows
    ledger.hold_books(asked.seller_id)
    frozen = store.hold_authorisation(asked.seller_id, asked.lodgement_hi, asked.lodgement_lo)
    held = store.hold_takings(asked.seller_id, asked.taking_hi, asked.taking_lo)
    place = _places(asked, held)
    said, at_us = answers.state[place], answers.at_us[place]
    refs, words = [answers.refs[n] for n in place], [answers.said[n] for n in place]
    is_new = np.isin(held.state, (LodgementState.REQUESTED, LodgementState.UNKNOWN))
    is_late = (held.state == LodgementState.FAILED) & (said == LodgementState.CONFIRMED)
    moving = np.flatnonzero(is_new | (is_late & _has_room(frozen, held, is_late, besides_minor)))
    held, said, at_us, is_late = held.take(moving), said[moving], at_us[moving], is_late[moving]
    came = said == LodgementState.CONFIRMED
    waits = np.where(said == LodgementState.UNKNOWN, held.queries + 1, held.attempts)
    next_us = np.where(came, FAR_US, rules.next_query_us(at_us, waits))
    after = replace(
        held, state=said, queries=held.queries + (said == LodgementState.UNKNOWN),
        next_us=next_us,
    )  # fmt: skip
    store.put_takings(
        after, ended=came, at_us=at_us, refs=[refs[n] for n in moving],
        answers=[words[n] for n in moving],
    )  # fmt: skip
    paid, paid_us = after.take(came), at_us[came]
    of = _places_of_sums(frozen, paid)
    late_minor = np.where(is_late[came], paid.amount_minor, 0)
    # What goes back is not found as well, whatever was lost of its sum since.
    kept_minor = np.maximum(late_minor - besides_minor, 0)
    found_minor = drawn_within(kept_minor, of, frozen.lost_minor[of])
    store.put_authorisations(
        _booked(frozen, of, paid.amount_minor, late_minor, found_minor, besides_minor)
    )
    _find_again(paid, found_minor, paid_us)
    outbox.tell(
        EventKind.DEPOSIT_TAKEN, paid.seller_id, paid.taking_hi, paid.taking_lo,
        at_us=paid_us, amount_minor=paid.amount_minor,
    )  # fmt: skip
    return len(paid)


def _has_room(frozen: Authorisations, held: Takings, is_late: Mask, besides_minor: int) -> Mask:
    """Which of these there is room for: in what was lost of its sum, is free of it, or besides."""
    of = _places_of_sums(frozen, held)
    room = (frozen.lost_minor + rules.free_minor(frozen) + besides_minor)[of]
    fits: Mask = running_within(np.where(is_late, held.amount_minor, 0), of) <= room
    return fits


def _booked(
    frozen: Authorisations, of: Int, paid_minor: Int, late_minor: Int, found_minor: Int,
    besides_minor: int,
) -> Authorisations:  # fmt: skip
    """The frozen sums after these parts of them were paid, each once."""
    taken, late, found = np.zeros((3, len(frozen)), np.int64)
    np.add.at(taken, of, paid_minor)
    np.add.at(late, of, late_minor)
    np.add.at(found, of, found_minor)
    besides = np.where(late > 0, besides_minor, 0)
    return replace(
        frozen, taken_minor=frozen.taken_minor + taken - besides,
        taking_minor=frozen.taking_minor - (taken - late), lost_minor=frozen.lost_minor - found,
        besides_minor=frozen.besides_minor + besides,
    )  # fmt: skip


def _places_of_sums(frozen: Authorisations, takings: Takings) -> Int:
    """Of each taking, which of these sums it is a part of."""
    place = {key: row for row, key in enumerate(_sums_of(frozen))}
    return np.array([place[key] for key in _sums_of(takings)], np.int64)


def _find_again(paid: Takings, found_minor: Int, at_us: Int) -> None:
    rows = np.flatnonzero(found_minor)
    late, moments = paid.take(rows), at_us[rows]
    if len(late):
        ledger.post_all(
            rules.found_postings(
                late.seller_id, late.taking_hi, late.taking_lo, found_minor[rows], moments
            )
        )
        check_shortfalls(np.unique(late.seller_id), at_us=int(moments.max()))


def _sums_of(rows: Authorisations | Takings) -> list[tuple[int, int, int]]:
    return list(
        zip(
            rows.seller_id.tolist(), rows.lodgement_hi.tolist(), rows.lodgement_lo.tolist(),
            strict=True,
        )
    )  # fmt: skip


def _places(asked: Takings, held: Takings) -> Int:
    """Of each row held, which of those asked it is."""
    keys = zip(
        asked.seller_id.tolist(), asked.taking_hi.tolist(), asked.taking_lo.tolist(), strict=True
    )
    place = {key: row for row, key in enumerate(keys)}
    wanted = zip(
        held.seller_id.tolist(), held.taking_hi.tolist(), held.taking_lo.tolist(), strict=True
    )
    return np.array([place[key] for key in wanted], np.int64)


def _put(rows: Takings, at_us: Int, *, ended: bool) -> None:
    none = [""] * len(rows)
    store.put_takings(
        rows, ended=np.full(len(rows), ended, np.bool_), at_us=at_us, refs=none, answers=none
    )
