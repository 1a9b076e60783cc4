"""Group commit for coroutines: what waits is one statement and one commit, sent without a thread.

Nobody waits for company: a caller alone is sent at once, and who comes meanwhile is in the next
batch. Many may go as two halves, so that the server runs one while this process answers the other.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Self

import numpy as np
import psycopg
from django.db import Error, connections

from xiaobao.database.pipeline import Pipeline
from xiaobao.ledger import rules, store
from xiaobao.ledger.acts.gathering import posted_together
from xiaobao.ledger.acts.posting import post
from xiaobao.ledger.facts import Op, Postings, Receipt

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from psycopg.pq.abc import PGresult

    from xiaobao.kernel.columns import Int, Mask

# From how many callers on two halves may be worth more than one batch.
MANY = 16
# For how many batches one way is tried, and for how many the better one is then kept.
TRIED, KEPT = 24, 500


class Pace:
    """Whether many go as two halves or all at once: the way that was quicker when last tried.

    Halves let server and process work at the same time, for one more flush of the log: on a slow
    disk that costs more than it gains.
    """

    def __init__(self, now: float) -> None:
        self.in_halves = True
        self._rates: dict[bool, float] = {}
        self._left = TRIED
        self._begin(now)

    def _begin(self, now: float) -> None:
        self._began, self._count, self._batches = now, 0, 0

    def rest(self, now: float) -> None:
        """There was nothing to do meanwhile: what was counted says nothing about the way."""
        self._begin(now)

    def answered(self, count: int, now: float) -> None:
        """So many callers were answered at once."""
        self._count += count
        self._batches += 1
        if self._batches < self._left:
            return
        self._rates[self.in_halves] = self._count / max(now - self._began, 1e-9)
        was_tried, self._left = self._left == TRIED, TRIED
        if was_tried and len(self._rates) == len((True, False)):
            self.in_halves = self._rates[True] >= self._rates[False]
            self._left = KEPT
        else:
            self.in_halves = not self.in_halves
        self._begin(now)


class _Caller:
    """Somebody with postings, waiting for what becomes of them."""

    __slots__ = ("answer", "count", "outcome", "postings", "undecided")

    def __init__(self, postings: Postings, answer: asyncio.Future[Receipt]) -> None:
        self.postings, self.answer = postings, answer
        # Asked of one column: to ask it of all costs a caller a tenth of its time.
        self.count = len(postings.seller_id)
        self.outcome: Int = np.zeros(self.count, np.int64)
        self.undecided: Mask | slice = slice(None)

    def tell(self, fault: BaseException | None = None) -> None:
        if self.answer.done():
            return  # Cancelled: nobody listens.
        if fault is None:
            self.answer.set_result(Receipt(self.outcome))
        else:
            self.answer.set_exception(fault)


class Gathering:
    """Postings of many coroutines of one event loop, made durable together.

    `async with Gathering() as together: receipt = await together.post(postings)`
    """

    def __init__(self) -> None:
        self._is_open = self._is_called = self._is_deciding = self._is_connecting = False
        self._waiting: list[_Caller] = []
        self._under_way = 0
        self._pace = Pace(time.monotonic())
        # Those who are decided as `post` does it, on a thread with a connection of its own.
        self._apart: list[_Caller] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Connect.

        :raises django.db.Error: if the database cannot be reached
        """
        self._loop = asyncio.get_running_loop()
        self._pipeline = await Pipeline.opened()
        self._over = self._loop.create_future()
        self._thread = ThreadPoolExecutor(1, "xiaobao-gathering")
        self._is_open = True
        return self

    async def __aexit__(self, *_: object) -> None:
        """Whoever came before is answered first."""
        self._is_open = False
        self._call()
        try:
            await self._over
        finally:
            self._pipeline.close()
            await self._loop.run_in_executor(self._thread, connections.close_all)
            self._thread.shutdown()

    async def post(self, postings: Postings) -> Receipt:
        """Post as `ledger.acts.post` does, in one transaction with what others ask meanwhile.

        Returns once they are durable, or refused. They are no part of a transaction of the
        caller's. Who is cancelled meanwhile may have posted, and learns it by asking again.

        :raises django.db.Error: if the database cannot be reached, or refuses to post them
        """
        assert self._is_open, "a gathering posts inside its `async with`"
        assert asyncio.get_running_loop() is self._loop, "a gathering belongs to one event loop"
        caller = _Caller(postings, self._loop.create_future())
        if 0 < caller.count <= store.FEW:
            self._waiting.append(caller)
            self._call()
        else:
            self._set_apart([caller])
        return await caller.answer

    def _call(self) -> None:
        """Send soon: after all who are just awake have come."""
        if not self._is_called:
            self._is_called = True
            self._loop.call_soon(self._send_waiting)

    def _send_waiting(self) -> None:
        self._is_called = False
        while self._waiting and self._under_way < 1 + self._pace.in_halves:
            self._send(self._taken())
        is_idle = not (self._waiting or self._under_way or self._tasks)
        if is_idle and not self._is_open and not self._over.done():
            self._over.set_result(None)

    def _taken(self) -> list[_Caller]:
        """Those who go next: half of many where nothing is under way, and else all who fit."""
        waiting = [caller for caller in self._waiting if not caller.answer.done()]
        count = len(waiting)
        if not self._under_way:
            if count < MANY:
                self._pace.rest(time.monotonic())
            elif self._pace.in_halves:
                count = count // 2
        ends = np.cumsum([caller.count for caller in waiting[:count]])
        count = int(np.searchsorted(ends, store.FEW, "right"))
        self._waiting = waiting[count:]
        return waiting[:count]

    def _send(self, batch: list[_Caller]) -> None:
        if not batch:
            return
        if self._pipeline.is_lost:
            self._reconnect()
            self._set_apart(batch)
            return
        asked = Postings.concat([caller.postings for caller in batch])
        is_integer = asked.seller_id.dtype == np.int64
        if len(asked) == 1 and is_integer and _is_straight(asked):
            written = store.straight(asked)
        elif (is_plain := rules.plain(asked)).all():
            written = store.few_by_book(rules.relative(asked))
        else:
            parts = _parts(batch, is_plain)
            self._set_apart([c for c, part in zip(batch, parts, strict=True) if not part.all()])
            self._send([c for c, part in zip(batch, parts, strict=True) if part.all()])
            return
        self._under_way += 1
        self._pipeline.send(*written, partial(self._answer, batch, asked))

    def _answer(
        self, batch: list[_Caller], asked: Postings, found: PGresult | psycopg.Error
    ) -> None:
        """Tell everybody whose books let their movements stand; the others are decided apart."""
        self._under_way -= 1
        self._pace.answered(len(batch), time.monotonic())
        if isinstance(found, psycopg.Error):
            # A key that stands already, or no answer at all: who asks again repeats what stood.
            self._set_apart(batch)
        elif (found.command_tuples or 0) >= len(asked):
            for caller in batch:
                caller.tell()
        else:
            refused = ~np.isin(asked.seller_id, store.moved_by(found))
            for caller, part in zip(batch, _parts(batch, refused), strict=True):
                caller.undecided = part
                if not part.any():
                    caller.tell()
            self._set_apart([caller for caller in batch if not caller.answer.done()])
        self._call()

    def _set_apart(self, callers: list[_Caller]) -> None:
        self._apart += callers
        if self._apart and not self._is_deciding:
            self._is_deciding = True
            self._start(self._decide_apart())

    async def _decide_apart(self) -> None:
        """As `post` decides; where that fails each is asked for alone: the fault may be one's."""
        while self._apart:
            callers, self._apart = self._apart, []
            parts = [caller.postings.take(caller.undecided) for caller in callers]
            outcomes = await self._decided(parts)
            for caller, outcome in zip(callers, outcomes, strict=True):
                if isinstance(outcome, BaseException):
                    caller.tell(outcome)
                else:
                    caller.outcome[caller.undecided] = outcome
                    caller.tell()
        self._is_deciding = False

    async def _decided(self, parts: list[Postings]) -> Sequence[Int | BaseException]:
        together = self._loop.run_in_executor(self._thread, posted_together, parts)
        (found,) = await asyncio.gather(together, return_exceptions=True)
        if isinstance(found, list):
            return found
        alone = [self._loop.run_in_executor(self._thread, _posted, part) for part in parts]
        return await asyncio.gather(*alone, return_exceptions=True)

    def _reconnect(self) -> None:
        """Meanwhile, and where it fails until somebody comes again, all are decided apart."""
        if not self._is_connecting:
            self._is_connecting = True
            self._start(self._connect())

    async def _connect(self) -> None:
        try:
            self._pipeline = await Pipeline.opened()
        except Error:
            return
        finally:
            self._is_connecting = False

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._call()


def _is_straight(asked: Postings) -> bool:
    # What a sweep ends is decided under the lock of its book.
    return rules.is_straight(asked) and bool(asked.op[0] != Op.EXPIRE)


def _posted(part: Postings) -> Int:
    return post(part).outcome


def _parts(batch: list[_Caller], mask: Mask) -> list[Mask]:
    """What of a mask over a batch is each caller's."""
    ends = np.cumsum([caller.count for caller in batch])
    return np.split(mask, ends[:-1])
