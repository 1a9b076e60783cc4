"""Lodgements: money asked of sellers' accounts, and what the gateway said became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from django.db import transaction

from xiaobao.deposits import rules, store
from xiaobao.deposits.acts.causes import check_amounts, check_sellers, keyed_causes
from xiaobao.deposits.acts.freezing import stand_frozen
from xiaobao.deposits.acts.ladder import check_shortfalls
from xiaobao.deposits.facts import CauseKind, Heard, Lodgements, LodgementState
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.money import in_words
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import uuid_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Account, Postings, Why
from xiaobao.outbox import acts as outbox
from xiaobao.outbox.facts import EventKind
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from xiaobao.kernel.columns import Int, Mask

OPEN = (LodgementState.REQUESTED, LodgementState.UNKNOWN)
# Where each answer is new. Money that came is believed whenever the gateway was asked about it.
NEW = {
    LodgementState.CONFIRMED: (*OPEN, LodgementState.FAILED), LodgementState.FAILED: OPEN,
}  # fmt: skip


class LodgementDiffers(Problem):
    code: ClassVar[str] = "lodgement_differs"
    zh: ClassVar[str] = (
        "amount 字段：该幂等键已申请缴存 {known_minor}，与 {amount_minor} 不同；请改用新的键"
    )
    en: ClassVar[str] = (
        "amount: this key asked for {known_minor} before, not {amount_minor}; use another key"
    )
    page_zh: ClassVar[str] = "这张表单已申请缴存 {known}，与 {amount} 不同；请刷新页面，重新填写"
    page_en: ClassVar[str] = (
        "this form has asked for {known} already, not {amount}; reload the page and "
        "fill it in anew"
    )


class LodgementOtherWay(Problem):
    code: ClassVar[str] = "lodgement_other_way"
    zh: ClassVar[str] = "frozen 字段：该幂等键此前以另一方式申请缴存（冻结或付款）；请改用新的键"
    en: ClassVar[str] = (
        "frozen: this key asked before for the other way (frozen, or paid); use another key"
    )


class LodgementUnknown(Problem):
    code: ClassVar[str] = "lodgement_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = "lodgement 字段：卖家 {seller_id} 没有缴存申请 {lodgement}；请先申请"
    en: ClassVar[str] = "lodgement: seller {seller_id} never asked for {lodgement}; request it"


class LodgementAnswered(Problem):
    code: ClassVar[str] = "lodgement_answered"
    zh: ClassVar[str] = "缴存 {lodgement} 已有结果 {state}，不能改为 {wanted}；请与网关账单核对"
    en: ClassVar[str] = (
        "lodgement {lodgement} was answered {state} and cannot become {wanted}; "
        "reconcile it with the gateway's bill"
    )


class LodgementEnding(Problem):
    """It is being called off: what is here of it is known once that is answered."""

    code: ClassVar[str] = "lodgement_ending"
    zh: ClassVar[str] = "缴存 {lodgement} 正在网关撤销；请待撤销有结果后再试，或改用新的键另行缴存"
    en: ClassVar[str] = (
        "lodgement {lodgement} is being called off at the gateway; try again once that is "
        "answered, or lodge under another key"
    )


@transaction.atomic
def request_lodgements(
    seller_ids: Int, amounts_minor: Int, *, keys: Int | int, at: datetime,
    is_frozen: bool = False,
) -> Lodgements:  # fmt: skip
    """Ask for money from sellers' accounts; return the lodgements, row for row.

    What `is_frozen` stays in the seller's own account, and is taken only where it is owed.

    `keys` tells one request of a seller from another: the same key with the same amount is the
    same lodgement, however often and whenever it is asked for.

    :raises SellerUnknown: for an id nobody has
    :raises AmountNotPositive: for an amount of nothing or less
    :raises LodgementDiffers: for a key that asked for another amount before
    :raises LodgementOtherWay: for a key that asked for it to be paid, or to stay frozen
    """
    check_sellers(seller_ids)
    check_amounts(seller_ids, amounts_minor)
    at_us = us_of(at)
    hi, lo = keyed_causes(CauseKind.LODGED, seller_ids, keys)
    query_us = int(rules.next_query_us(np.array([at_us]), np.zeros(1, np.int64))[0])
    store.add_lodgements(
        seller_ids, hi, lo, amounts_minor, at, moment_of(query_us), is_frozen=is_frozen
    )
    rows = _in_order(store.hold_lodgements(seller_ids, hi, lo), seller_ids, hi, lo)
    differs = np.flatnonzero(rows.amount_minor != amounts_minor)
    if len(differs):
        first = int(differs[0])
        known, amount = int(rows.amount_minor[first]), int(amounts_minor[first])
        market_id = int(sellers.markets_of(seller_ids[first : first + 1])[0])
        currency = promises.market_of(market_id).currency
        raise LodgementDiffers(
            known_minor=known, amount_minor=amount, known=in_words(known, currency),
            amount=in_words(amount, currency),
        )  # fmt: skip
    if (rows.is_frozen != is_frozen).any():
        raise LodgementOtherWay
    return rows


@transaction.atomic
def confirm_lodgements(
    lodgements: Lodgements, *, at: datetime, refs: Sequence[str] = (), answer: str = "",
    heard: Heard = Heard.TOLD,
) -> int:  # fmt: skip
    """The money came: book it and end what shortfall it ends. Return how many it came for anew.

    Only the keys of `lodgements` count; `refs` are the gateway's own, one per row. One that was
    held for failed is booked as well, where the gateway was asked: the money is here. What it
    tells by itself may be older than its giving the money back.

    :raises LodgementUnknown: for one that was never asked for
    :raises LodgementEnding: for one that is being called off, from whoever does not do so
    :raises LodgementAnswered: for one that failed, where nobody asked
    """
    rows, row_refs = _answered_anew(lodgements, LodgementState.CONFIRMED, refs, heard)
    at_us = np.full(len(rows), us_of(at), np.int64)
    ledger.post_all(
        Postings.moves(
            seller_id=rows.seller_id, cause_hi=rows.lodgement_hi, cause_lo=rows.lodgement_lo,
            leg=_zeros(rows), source=_zeros(rows) + Account.OUTSIDE,
            target=_zeros(rows) + Account.DEPOSIT, amount_minor=rows.amount_minor,
            why=_zeros(rows) + Why.DEPOSIT_LODGED, at_us=at_us,
        )
    )  # fmt: skip
    _finish(rows, row_refs, LodgementState.CONFIRMED, at, answer)
    stand_frozen(rows, row_refs, at=at)
    check_shortfalls(rows.seller_id, at_us=us_of(at))
    return len(rows)


@transaction.atomic
def fail_lodgements(
    lodgements: Lodgements, *, at: datetime, refs: Sequence[str] = (), answer: str = ""
) -> int:
    """The money will not come; nothing moves. Return how many failed anew.

    :raises LodgementUnknown: for one that was never asked for
    :raises LodgementAnswered: for one that was confirmed before
    """
    rows, row_refs = _answered_anew(lodgements, LodgementState.FAILED, refs)
    _finish(rows, row_refs, LodgementState.FAILED, at, answer)
    return len(rows)


@transaction.atomic
def fail_what_did_not_come(
    lodgements: Lodgements, *, at: datetime, refs: Sequence[str], answer: str
) -> Lodgements:
    """As `fail_lodgements`, but for those that were confirmed meanwhile: return those.

    :raises LodgementUnknown: for one that was never asked for
    """
    held, _ = _held(lodgements, refs)
    came = _in_order(held, *_keys(lodgements)).state == LodgementState.CONFIRMED
    rest = [ref for ref, is_here in zip(refs, came.tolist(), strict=True) if not is_here]
    fail_lodgements(lodgements.take(~came), at=at, refs=rest, answer=answer)
    return lodgements.take(came)


@transaction.atomic
def mark_lodgements_unknown(
    lodgements: Lodgements, *, at: datetime, refs: Sequence[str] = (), answer: str = ""
) -> int:
    """The gateway does not know yet: ask again later, less and less often.

    Return how many still wait; one that was answered meanwhile keeps its answer.

    :raises LodgementUnknown: for one that was never asked for
    """
    held, row_refs = _held(lodgements, refs)
    waits = np.isin(held.state, OPEN)
    rows = held.take(waits)
    store.answer_lodgements(
        rows, LodgementState.UNKNOWN, at=at, answer=answer,
        next_query_us=rules.next_query_us(_zeros(rows) + us_of(at), rows.attempts + 1),
        refs=[r for r, w in zip(row_refs, waits.tolist(), strict=True) if w],
    )  # fmt: skip
    return len(rows)


@transaction.atomic
def begin_calling_off(lodgements: Lodgements) -> Mask:
    """Mark those that stand as they were read; of each row, whether it may be called off now.

    One that was asked for or answered meanwhile is left alone: its code is looked at by somebody.
    The mark stays until it is known what became of it.

    :raises LodgementUnknown: for one that was never asked for
    """
    held, _ = _held(lodgements, ())
    now = _in_order(held, *_keys(lodgements))
    same: Mask = np.isin(now.state, OPEN) & (now.attempts == lodgements.attempts)
    store.mark_ending(lodgements.take(same))
    return same


def _held(asked: Lodgements, refs: Sequence[str]) -> tuple[Lodgements, list[str]]:
    """The rows asked about, each once and locked, with their references."""
    held = store.hold_lodgements(asked.seller_id, asked.lodgement_hi, asked.lodgement_lo)
    keys = list(zip(*(c.tolist() for c in _keys(asked)), strict=True))
    known = set(zip(*(c.tolist() for c in _keys(held)), strict=True))
    for key in keys:
        if key not in known:
            raise LodgementUnknown(seller_id=key[0], lodgement=uuid_of(key[1], key[2]))
    ref_of = dict(zip(keys, refs or [""] * len(keys), strict=True))
    return held, [ref_of[k] for k in zip(*(c.tolist() for c in _keys(held)), strict=True)]


def _keys(rows: Lodgements) -> tuple[Int, Int, Int]:
    return rows.seller_id, rows.lodgement_hi, rows.lodgement_lo


def _answered_anew(
    asked: Lodgements, wanted: LodgementState, refs: Sequence[str], heard: Heard = Heard.ENDING
) -> tuple[Lodgements, list[str]]:
    """The rows for which this answer is new; the same answer again is none."""
    held, row_refs = _held(asked, refs)
    is_open = np.isin(held.state, OPEN if heard is Heard.TOLD else NEW[wanted])
    ending = np.flatnonzero(is_open & held.is_ending & (heard < Heard.ENDING))
    if len(ending):
        raise LodgementEnding(lodgement=_name(held, int(ending[0])))
    other = np.flatnonzero(~is_open & (held.state != wanted))
    if len(other):
        first = int(other[0])
        raise LodgementAnswered(
            lodgement=_name(held, first),
            state=LodgementState(int(held.state[first])).name.lower(),
            wanted=wanted.name.lower(),
        )
    return held.take(is_open), [r for r, o in zip(row_refs, is_open.tolist(), strict=True) if o]


def _finish(
    rows: Lodgements, refs: Sequence[str], state: LodgementState, at: datetime, answer: str
) -> None:
    store.answer_lodgements(
        rows, state, at=at, next_query_us=_zeros(rows) + FAR_US, refs=refs, answer=answer
    )
    confirmed = state is LodgementState.CONFIRMED
    outbox.tell(
        EventKind.DEPOSIT_CONFIRMED if confirmed else EventKind.DEPOSIT_FAILED,
        rows.seller_id, rows.lodgement_hi, rows.lodgement_lo, at_us=us_of(at),
        amount_minor=rows.amount_minor,
    )  # fmt: skip


def _in_order(rows: Lodgements, seller_ids: Int, hi: Int, lo: Int) -> Lodgements:
    """The rows in the order of these keys, as often as they are named."""
    keys = zip(*(c.tolist() for c in _keys(rows)), strict=True)
    place = {key: n for n, key in enumerate(keys)}
    wanted = zip(seller_ids.tolist(), hi.tolist(), lo.tolist(), strict=True)
    return rows.take(np.array([place[key] for key in wanted], np.int64))


def _name(rows: Lodgements, row: int) -> UUID:
    return uuid_of(rows.lodgement_hi[row], rows.lodgement_lo[row])


def _zeros(rows: Lodgements) -> Int:
    return np.zeros(len(rows), np.int64)
