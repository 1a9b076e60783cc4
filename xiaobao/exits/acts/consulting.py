"""Consultations: a seller asks, a specialist answers within the pack's time, or is late."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from django.db import transaction

from xiaobao.exits import store
from xiaobao.exits.acts.course import clock_due
from xiaobao.exits.facts import CauseKind
from xiaobao.exits.queries.consulting import last_consult, said_under
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import cause_of
from xiaobao.outbox.acts import tell
from xiaobao.outbox.facts import EventKind
from xiaobao.promises.facts import ClockKind
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as sellers_now

if TYPE_CHECKING:
    from datetime import datetime


class ConsultUnknown(Problem):
    code: ClassVar[str] = "consult_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = "卖家 {seller_id} 没有第 {number} 号咨询；用 xiaobao consult show 查看"
    en: ClassVar[str] = "seller {seller_id} has no consultation {number}; see xiaobao consult show"


class ConsultClosed(Problem):
    code: ClassVar[str] = "consult_closed"
    zh: ClassVar[str] = "第 {number} 号咨询已结束；请另开一个"
    en: ClassVar[str] = "consultation {number} is closed; open another one"


class AnswerOwed(Problem):
    """The platform ends no clock of its own but by answering."""

    code: ClassVar[str] = "consult_answer_owed"
    zh: ClassVar[str] = "第 {number} 号咨询还欠卖家一个答复：先答复，再结束"
    en: ClassVar[str] = "consultation {number} is owed an answer: answer first, then close it"


class NothingSaid(Problem):
    code: ClassVar[str] = "consult_nothing_said"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "words 字段：请写下要说的话"
    en: ClassVar[str] = "words: write what there is to say"


class ConsultKeyReused(Problem):
    code: ClassVar[str] = "consult_key_reused"
    zh: ClassVar[str] = "key 字段：“{key}”已用于另外说过的话；请换一个 key"
    en: ClassVar[str] = "key: '{key}' names other words said before; give another key"


@transaction.atomic
def open_consult(
    seller_id: int, *, topic: str, words: str, by: str, at: datetime, key: str = ""
) -> int:
    """Open a thread with a question; return its number. From here the platform's clock runs.

    The same key with the same words opens it once, however often and from wherever it is sent.

    :raises SellerUnknown: for an id nobody has
    :raises NothingSaid: without words
    :raises ConsultKeyReused: if the key names other words
    """
    if not words.strip():
        raise NothingSaid
    if int(sellers_now.markets_of(np.array([seller_id]))[0]) == 0:
        raise sellers.SellerUnknown(seller_id=seller_id)
    store.hold_desk(seller_id)
    number = last_consult(seller_id) + 1
    said = said_under(seller_id, key) if key else None
    if said is not None:
        if said[1:] != (1, words):
            raise ConsultKeyReused(key=key)
        return said[0]
    store.add_consult(seller_id, number, topic, at)
    _say(seller_id, number, words, by, at, is_specialist=False, key=key)
    return number


@transaction.atomic
def say_in_consult(
    seller_id: int,
    number: int,
    *,
    words: str,
    by: str,
    is_specialist: bool,
    at: datetime,
    key: str = "",
) -> int:
    """Say something more; return which words of the thread these are.

    A specialist's words end the clock; a seller's begin it, unless it runs or ran out already.
    The same key with the same words says them once.

    :raises ConsultUnknown: if there is no such thread
    :raises ConsultClosed: if it is closed
    :raises NothingSaid: without words
    :raises ConsultKeyReused: if the key names other words
    """
    if not words.strip():
        raise NothingSaid
    return _say(seller_id, number, words, by, at, is_specialist=is_specialist, key=key)


@transaction.atomic
def close_consult(
    seller_id: int, number: int, *, at: datetime, is_specialist: bool = False
) -> None:
    """Close a thread; closed before, nothing changes.

    :raises ConsultUnknown: if there is no such thread
    :raises AnswerOwed: for a specialist who has not answered
    """
    seq, is_closed, is_late, due_us = _held(seller_id, number)
    if not is_closed:
        if is_specialist and (is_late or due_us is not None):
            raise AnswerOwed(number=number)
        store.change_consult(
            seller_id, number, seq=seq, due_us=None, is_late=is_late, closed_at=at
        )


def _held(seller_id: int, number: int) -> tuple[int, bool, bool, int | None]:
    found = store.hold_consult(seller_id, number)
    if found is None:
        raise ConsultUnknown(seller_id=seller_id, number=number)
    return found


def _say(
    seller_id: int,
    number: int,
    words: str,
    by: str,
    at: datetime,
    *,
    is_specialist: bool,
    key: str,
) -> int:
    seq, is_closed, was_late, due_us = _held(seller_id, number)
    said = said_under(seller_id, key) if key else None
    if said is not None:
        if (said[0], said[2]) != (number, words):
            raise ConsultKeyReused(key=key)
        return said[1]
    if is_closed:
        raise ConsultClosed(number=number)
    store.add_words(
        seller_id, number, seq + 1, by=by, is_specialist=is_specialist, words=words, key=key, at=at
    )
    market_id = int(sellers_now.markets_of(np.array([seller_id]))[0])
    at_us = us_of(at)
    # Who says more before the answer gives the platform no more time for it.
    if due_us is None and not was_late:
        due_us = clock_due(market_id, ClockKind.CONSULT_ANSWER, at_us, at_us)
    store.change_consult(
        seller_id, number, seq=seq + 1, due_us=None if is_specialist else due_us,
        is_late=was_late and not is_specialist,
    )  # fmt: skip
    return seq + 1


@transaction.atomic
def mark_late_consults(*, until_us: int, limit: int = 1024) -> int:
    """Answers that did not come in time are marked and told; return how many there were."""
    due = store.hold_due_consults(until_us, limit)
    for seller_id, number, seq, due_us in due:
        store.change_consult(seller_id, number, seq=seq, due_us=None, is_late=True)
        hi, lo = cause_of(CauseKind.CONSULT_LATE, due_us, seller_id, number, seq)
        tell(
            EventKind.EXIT_CONSULT_OVERDUE, np.array([seller_id]), np.array([hi]),
            np.array([lo]), at_us=due_us, subject_id=number,
        )  # fmt: skip
    return len(due)
