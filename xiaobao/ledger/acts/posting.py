"""Open books, post batches, let holds run out."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import numpy as np
import psycopg
from django.db import transaction

from xiaobao.database import sets
from xiaobao.kernel.columns import each_once
from xiaobao.kernel.money import MINOR_DIGITS
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import causes_of, uuid_of
from xiaobao.ledger import queries, rules, store
from xiaobao.ledger.facts import (
    Account,
    Balances,
    CauseKind,
    Decision,
    Entries,
    Op,
    Outcome,
    Postings,
    Receipt,
    Why,
)

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from xiaobao.kernel.columns import Int
    from xiaobao.ledger.facts import Books


class PostingsRefused(Problem):
    """At least one posting of a batch that had to stand whole was refused; nothing moved."""

    code = "postings_refused"
    zh = (
        "第 {row} 笔分录被拒绝：{reason_zh}（卖家 {seller_id}，事由 {cause}/{leg}，"
        "{source} → {target}，{amount_minor}）。本批未记账。"
    )
    en = (
        "posting {row} was refused: {reason_en} (seller {seller_id}, cause {cause}/{leg}, "
        "{source} -> {target}, {amount_minor}). Nothing of the batch was posted."
    )


class UnknownCurrency(Problem):
    """A book can be kept only in a currency whose minor unit is known."""

    code = "unknown_currency"
    status = 422
    zh = "currency：不支持的货币 {currency}；请使用 ISO 4217 代码：{known}。"
    en = "currency: {currency} is not known; use an ISO 4217 code, one of {known}."


class BookInOtherCurrency(Problem):
    """A seller's book is kept in one currency for good."""

    code = "book_in_other_currency"
    zh = "currency：卖家 {seller_id} 的账本币种为 {currency}，不能再开 {asked} 账本。"
    en = "currency: the book of seller {seller_id} is kept in {currency}, not in {asked}."


@transaction.atomic
def open_books(seller_ids: Int, currency: str, *, at: datetime) -> int:
    """Open the books that are missing; return how many those were.

    :raises UnknownCurrency: if the currency is none that books are kept in
    :raises BookInOtherCurrency: if one of these sellers has a book in another currency
    """
    if currency not in MINOR_DIGITS:
        raise UnknownCurrency(currency=currency, known=", ".join(MINOR_DIGITS))
    opened = store.open_books(each_once(seller_ids), currency, at)
    for seller_id, kept in queries.other_currencies(seller_ids, currency, limit=1):
        raise BookInOtherCurrency(seller_id=seller_id, currency=kept, asked=currency)
    return opened


def hold_books(seller_ids: Int) -> Balances:
    """Lock the books of these sellers until the caller's transaction ends.

    For an act that reads balances, decides on them and posts; sellers without a book are left
    out. Rows come in the order of their ids.
    """
    return store.balances_of(store.hold_books(each_once(seller_ids)))


def post(postings: Postings) -> Receipt:
    """Post a batch as if its postings came one by one; each stands or is refused by itself.

    A posting that is refused, or that repeats one that stands, moves nothing.
    """
    return _post(postings, whole=False)


def post_all(postings: Postings) -> Receipt:
    """Post a batch that stands whole or not at all.

    :raises PostingsRefused: if any posting is neither POSTED nor REPLAY; nothing moved then
    """
    return _post(postings, whole=True)


@transaction.atomic
def expire_holds(until_us: int, limit: int = 8192) -> int:
    """Free the holds whose time has run out by then; return how many did so now."""
    due = store.due_holds(until_us, limit)
    count = len(due["seller_id"])
    hi, lo = causes_of(
        CauseKind.HOLD_EXPIRED, due["expires_at"], due["seller_id"], due["hold_hi"], due["hold_lo"]
    )
    zeros = np.zeros(count, np.int64)
    expiries = Postings(
        seller_id=due["seller_id"], cause_hi=hi, cause_lo=lo, leg=zeros, op=zeros + Op.EXPIRE,
        source=zeros + Account.LOCKED, target=due["source"].astype(np.int64), amount_minor=zeros,
        why=zeros + Why.EXPOSURE_FREED, hold_hi=due["hold_hi"], hold_lo=due["hold_lo"],
        expires_us=due["expires_at"], at_us=due["expires_at"],
    )  # fmt: skip
    # Another sweep, or a late capture, may have come first: their outcomes are no fault here.
    return _post(expiries, whole=False).posted


def _post(asked: Postings, *, whole: bool) -> Receipt:
    """Post as if no key stood already, and, where one does, again with all of them looked up."""
    if len(asked) == 0:
        return Receipt(np.zeros(0, np.int64))
    try:
        if len(asked) == 1 and rules.is_straight(asked):
            outcome = _posted_straight(asked)
            if outcome is not None:
                _insist(asked, outcome, whole=whole)
                return Receipt(outcome)
        if 1 < len(asked) <= store.FEW and rules.is_plain(asked) and _wrote_few(asked):
            return Receipt(np.zeros(len(asked), np.int64))
        with transaction.atomic():
            return _decide_and_record(asked, whole=whole, looked_up=False)
    except psycopg.errors.UniqueViolation:
        with transaction.atomic():
            return _decide_and_record(asked, whole=whole, looked_up=True)


def _posted_straight(asked: Postings) -> Int | None:
    """What became of a lone posting, where no lock of ours is needed to say it."""
    if _wrote_straight(asked):
        return np.zeros(1, np.int64)
    if asked.op[0] == Op.EXPIRE:
        return None
    # Read one after another, as of three moments. A refusal is true at one of them: a book's clock
    # and a hold's end only go forward, and what made or resolved the hold wrote its key with it.
    # But a balance from before the hold that is to be resolved says nothing.
    books = store.books_of(asked.seller_id)
    holds = store.holds_named(asked.take(asked.op != Op.MOVE))
    outcome = rules.decide(asked, books, holds, store.entries_under(asked)).outcome
    is_of_balance = outcome[0] in (Outcome.INSUFFICIENT, Outcome.ABOVE_CEILING)
    if outcome[0] == Outcome.POSTED or (is_of_balance and asked.op[0] > Op.HOLD):
        return None
    return outcome


def _wrote_straight(asked: Postings) -> bool:
    with _one_statement():
        return store.write_straight(asked)


def _wrote_few(asked: Postings) -> bool:
    few = rules.relative(asked)
    with _one_statement():
        return store.write_few(few)


def _one_statement() -> AbstractContextManager[None]:
    """A transaction by itself where the caller has none: nothing needs to begin or end it."""
    return transaction.atomic() if sets.in_transaction() else nullcontext()


def _decide_and_record(asked: Postings, *, whole: bool, looked_up: bool) -> Receipt:
    books = store.hold_books(each_once(asked.seller_id), rules.accounts_moved(asked))
    decision = None if looked_up else _guess(asked, books, whole=whole)
    if decision is None:
        holds = store.holds_named(asked.take(asked.op != Op.MOVE))
        decision = rules.decide(asked, books, holds, store.entries_under(asked), walked=True)
    _insist(asked, decision.outcome, whole=whole)
    store.record(decision)
    return Receipt(decision.outcome)


def _guess(asked: Postings, books: Books, *, whole: bool) -> Decision | None:
    """Decide as if no key and no new hold's name stood already; None where a refusal is in doubt.

    What this lets stand and stood already, a unique index refuses; what was refused may be a
    repeat of what has stood for long, and is then answered as one. A batch that stands `whole` is
    refused before any index is asked: then every key is looked up.
    """
    holds = store.holds_named(asked.take(rules.names_to_read(asked)))
    decision = rules.decide(asked, books, holds, Entries.none())
    refused = (decision.outcome != Outcome.POSTED) & (decision.outcome != Outcome.REPLAY)
    if not refused.any():
        return decision
    is_about_hold = bool((asked.op[refused] != Op.MOVE).any())
    if is_about_hold or len(store.entries_under(asked if whole else asked.take(refused))):
        return None
    return decision


def _insist(asked: Postings, outcome: Int, *, whole: bool) -> None:
    stands = (outcome == Outcome.POSTED) | (outcome == Outcome.REPLAY)
    if not whole or stands.all():
        return
    row = int(np.flatnonzero(~stands)[0])
    source, target = int(asked.source[row]), int(asked.target[row])
    raise PostingsRefused(
        row=row,
        outcome=Outcome(outcome[row]).name.lower(),
        reason_zh=rules.outcome_words(int(outcome[row]), "zh"),
        reason_en=rules.outcome_words(int(outcome[row]), "en"),
        seller_id=int(asked.seller_id[row]),
        cause=uuid_of(asked.cause_hi[row], asked.cause_lo[row]),
        leg=int(asked.leg[row]),
        source=rules.account_name(source),
        target=rules.account_name(target),
        amount_minor=int(asked.amount_minor[row]),
    )
