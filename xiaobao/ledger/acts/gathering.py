"""Group commit: postings that arrive together on many threads are one batch and one transaction.

Nobody waits for company. A caller who finds nobody posting leads: it posts what waits, its own
included, and hands on to the first of those who came meanwhile. Batches grow as commits slow down.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import numpy as np
import psycopg
from django.db import Error

from xiaobao.database import sets
from xiaobao.ledger import rules
from xiaobao.ledger.acts.posting import post
from xiaobao.ledger.facts import Postings, Receipt

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int


def post_with_others(postings: Postings) -> Receipt:
    """Post as `post` does, in one transaction with what other threads ask at the same time.

    Returns once its own postings are durable, or refused. Inside a transaction of the caller's
    there are no others: the postings are the transaction's own.
    """
    if sets.in_transaction():
        return post(postings)
    caller = _Caller(postings)
    batch = _desk.come(caller)
    if not batch:
        caller.woken.acquire()
        batch = caller.batch
    if batch:
        _lead(batch)
    # Where the batch failed, each asks for itself: the fault may be another's, or the moment's.
    return post(postings) if caller.outcome is None else Receipt(caller.outcome)


class _Caller:
    """Somebody with postings, waiting to be answered or to lead."""

    def __init__(self, postings: Postings) -> None:
        self.postings = postings
        self.batch: list[_Caller] = []  # to lead, where not empty
        self.outcome: Int | None = None
        self.woken = threading.Lock()
        self.woken.acquire()


class _Desk:
    """Who waits, and whether somebody leads. A second leader was measured, and gains nothing."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._waiting: list[_Caller] = []
        self._is_led = False

    def come(self, caller: _Caller) -> list[_Caller]:
        """The batch to lead; none where somebody leads and the caller is to wait."""
        with self._gate:
            self._waiting.append(caller)
            if self._is_led:
                return []
            self._is_led = True
            return self._taken()

    def hand_on(self) -> None:
        """A batch is done: the first who waits leads the next, of all who wait."""
        with self._gate:
            batch = self._taken()
            if not batch:
                self._is_led = False
                return
        batch[0].batch = batch
        batch[0].woken.release()

    def _taken(self) -> list[_Caller]:
        batch, self._waiting = self._waiting, []
        return batch


_desk = _Desk()


def _start_anew() -> None:
    """In a process that was forked: those who waited and led are in the other one."""
    global _desk  # noqa: PLW0603 -- one desk a process
    _desk = _Desk()


os.register_at_fork(after_in_child=_start_anew)


def _lead(batch: list[_Caller]) -> None:
    """Answer everybody in the batch, hand on, and wake them; the leader is the first.

    Nobody is answered where one asks what cannot be asked, or the database refuses the batch:
    whoever asks again repeats what stood.
    """
    try:
        outcomes = posted_together([caller.postings for caller in batch])
        for caller, outcome in zip(batch, outcomes or [], strict=outcomes is not None):
            caller.outcome = outcome
    finally:
        _desk.hand_on()
        for caller in batch[1:]:
            caller.woken.release()


def posted_together(parts: list[Postings]) -> list[Int] | None:
    """What became of each part's postings, in one transaction; None where it could not be."""
    asked = Postings.concat(parts)
    try:
        if len(parts) > 1 and not rules.is_sound(asked):
            return None
        outcome = post(asked).outcome
    except (psycopg.Error, Error):
        return None
    return np.split(outcome, np.cumsum([len(part) for part in parts])[:-1])
