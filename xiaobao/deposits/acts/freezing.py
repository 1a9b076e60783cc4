"""Sums that stay frozen in sellers' own accounts: they stand, are let go of, end, or are lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.deposits import rules, store
from xiaobao.deposits.acts.ladder import check_shortfalls
from xiaobao.deposits.facts import CauseKind, LodgementState
from xiaobao.deposits.terms import DepositRules
from xiaobao.kernel.clocks import DAY_US, us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import cause_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger import queries as books_now
from xiaobao.outbox import acts as outbox
from xiaobao.outbox.facts import EventKind
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.deposits.facts import Authorisations, Lodgements
    from xiaobao.kernel.columns import Int


def stand_frozen(confirmed: Lodgements, refs: Sequence[str], *, at: datetime) -> None:
    """Those of the lodgements that were to stay frozen do so from now on, until their end."""
    frozen = np.flatnonzero(confirmed.is_frozen)
    rows = confirmed.take(frozen)
    if len(rows) == 0:
        return
    days, look_days, notice_days = _days(rows.seller_id, np.full(len(rows), us_of(at), np.int64))
    ends_us = us_of(at) + days * DAY_US
    look_us = np.minimum(us_of(at) + look_days * DAY_US, ends_us - notice_days * DAY_US)
    store.add_authorisations(
        rows.seller_id, rows.lodgement_hi, rows.lodgement_lo, rows.amount_minor,
        [refs[n] for n in frozen.tolist()], at=at, ends_us=ends_us, look_us=look_us,
    )  # fmt: skip


def _days(seller_ids: Int, frozen_us: Int) -> Int:
    """How long sums frozen then stand, how often they are looked at, how long before told."""
    days = np.zeros((3, len(seller_ids)), np.int64)
    markets = sellers.markets_of(seller_ids)
    for market_id in np.unique(markets).tolist():
        here = np.flatnonzero(markets == market_id)
        terms = promises.book_of(DepositRules, market_id).in_force(frozen_us[here])
        days[:, here] = terms.frozen_days, terms.frozen_look_days, terms.frozen_notice_days
    return days


def reserve_frozen(seller_id: int, amount_minor: int) -> list[tuple[int, int, int]]:
    """Set parts of what stands frozen apart, to be let go of; what cannot be is cash's to pay.

    Return of each part its lodgement and amount. Only inside the transaction that owes them.
    """
    one = np.array([seller_id], np.int64)
    ledger.hold_books(one)
    held = store.hold_authorisations(one)
    parts = rules.let_go(held, amount_minor)
    store.put_authorisations(replace(held, leaving_minor=held.leaving_minor + parts))
    return [
        (hi, lo, part)
        for hi, lo, part in zip(
            held.lodgement_hi.tolist(), held.lodgement_lo.tolist(), parts.tolist(), strict=True
        )
        if part
    ]


def let_go_of_frozen(seller_id: int, lodgement: tuple[int, int], amount_minor: int) -> None:
    """A part that was set apart is the seller's own again, as the gateway says."""
    held = _held(seller_id, lodgement)
    store.put_authorisations(
        replace(
            held, leaving_minor=held.leaving_minor - amount_minor,
            let_go_minor=held.let_go_minor + amount_minor,
        )
    )  # fmt: skip


def keep_frozen(seller_id: int, lodgement: tuple[int, int], amount_minor: int) -> None:
    """A part that was set apart is not let go of after all. Only inside its transaction."""
    held = _held(seller_id, lodgement)
    store.put_authorisations(replace(held, leaving_minor=held.leaving_minor - amount_minor))


@transaction.atomic
def tell_of_ends(frozen: Authorisations, *, at: datetime) -> int:
    """Tell sellers of those that end soon; from now on what is locked is taken of them."""
    held = store.hold_authorisation(frozen.seller_id, frozen.lodgement_hi, frozen.lodgement_lo)
    _, _, notice_days = _days(held.seller_id, held.frozen_us)
    ends_soon = held.ends_us - notice_days * DAY_US <= us_of(at)
    fresh = held.take(~held.is_told & ends_soon)
    store.put_authorisations(replace(fresh, is_told=~fresh.is_told))
    outbox.tell(
        EventKind.DEPOSIT_ENDING, fresh.seller_id, fresh.lodgement_hi, fresh.lodgement_lo,
        at_us=us_of(at), amount_minor=rules.standing_minor(fresh),
    )  # fmt: skip
    return len(fresh)


@transaction.atomic
def look_later(frozen: Authorisations, *, at: datetime) -> None:
    """They stand yet: looked at again in their turn, when it is time to tell, and at their end.

    Past their end they are looked at every day.
    """
    held = store.hold_authorisation(frozen.seller_id, frozen.lodgement_hi, frozen.lodgement_lo)
    _, look_days, notice_days = _days(held.seller_id, held.frozen_us)
    turn_us = us_of(at) + np.maximum(look_days, 1) * DAY_US
    least_us = np.where(held.is_told, held.ends_us, held.ends_us - notice_days * DAY_US)
    is_ahead = least_us > us_of(at)
    later = np.where(is_ahead, np.minimum(turn_us, least_us), us_of(at) + DAY_US)
    store.look_later(held.seller_id, held.lodgement_hi, held.lodgement_lo, later)


def look_soon(seller_id: int, lodgement: tuple[int, int], *, at: datetime) -> None:
    """Something is told of a sum: it is looked at by then, if anything of it stands.

    Where it is not known yet whether it is frozen, that is asked by then.
    """
    store.look_by(seller_id, *lodgement, at=at)
    store.ask_by(seller_id, *lodgement, at=at)


@transaction.atomic
def lose_frozen(seller_id: int, lodgement: tuple[int, int], *, at: datetime) -> int | None:
    """A frozen sum ended at the gateway: what was not taken of it is the seller's own again.

    What of it is free is no deposit any more; the rest the seller owes the fund. What is being
    let go of is left to its payment, which arrived so. Return how much was lost: None while what
    became of a taking is open, for it may have come.
    """
    held = _held(seller_id, lodgement)
    takings = store.hold_open_takings(held.seller_id, held.lodgement_hi, held.lodgement_lo)
    if (takings.state != LodgementState.REQUESTED).any():
        return None
    lost = rules.standing_minor(held) - held.leaving_minor
    none = np.zeros(len(takings), np.int64)
    store.put_takings(
        replace(takings, state=none + LodgementState.FAILED, next_us=none + FAR_US),
        ended=none == 0, at_us=none + us_of(at), refs=[""] * len(takings),
        answers=[""] * len(takings),
    )  # fmt: skip
    if int(lost[0]) == 0:
        return 0
    store.put_authorisations(
        replace(
            held, taking_minor=held.taking_minor * 0, lost_minor=held.lost_minor + lost
        )
    )  # fmt: skip
    store.mark_lost(seller_id, *lodgement, at=at)
    hi, lo = cause_of(CauseKind.LOST, 0, seller_id, *lodgement)
    book = books_now.balances(held.seller_id)
    ledger.post_all(
        rules.lost_postings(
            held.seller_id, np.array([hi]), np.array([lo]), lost, book.deposit, us_of(at)
        )
    )
    outbox.tell(
        EventKind.DEPOSIT_LOST, held.seller_id, held.lodgement_hi, held.lodgement_lo,
        at_us=us_of(at), amount_minor=lost,
    )  # fmt: skip
    check_shortfalls(held.seller_id, at_us=us_of(at))
    return int(lost[0])


def _held(seller_id: int, lodgement: tuple[int, int]) -> Authorisations:
    """One sum, held; its seller's book before it, as whoever charges and pays a seller does."""
    one = np.array([seller_id], np.int64)
    ledger.hold_books(one)
    held = store.hold_authorisation(one, np.array([lodgement[0]]), np.array([lodgement[1]]))
    assert len(held) == 1, f"no frozen sum {lodgement} of seller {seller_id}"
    return held
