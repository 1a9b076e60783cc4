"""Callers that are coroutines: sent together without a thread, and to each its own answer."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from django.db import connections, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.ledger_model import Asked, Ledger, postings
from tests.ledger.test_acts_gathering import transactions_of
from xiaobao.database import pipeline
from xiaobao.database.sets import cursor, fetch_rows
from xiaobao.ledger import acts, queries
from xiaobao.ledger.acts.awaiting import KEPT, TRIED, Pace
from xiaobao.ledger.facts import Account, Op, Outcome, Postings

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from xiaobao.ledger.acts import Gathering

pytestmark = pytest.mark.usefixtures("committed")
START = datetime(2026, 1, 1, tzinfo=UTC)
TO_BUYERS = {"source": int(Account.DEPOSIT), "target": int(Account.BUYERS)}


async def told(together: Gathering, *rows: Asked) -> list[Outcome]:
    return [Outcome(one) for one in (await together.post(postings(list(rows)))).outcome]


async def waiting(together: Gathering, sent: int, behind: int) -> None:
    """Until so many batches are under way, and so many callers wait behind them."""
    for _ in range(2000):
        if (together._under_way, len(together._waiting)) == (sent, behind):
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"never {sent} under way with {behind} waiting")


@pytest.fixture
def books() -> None:
    """Three books, two of them with 100."""
    acts.open_books(np.array([3, 5, 8]), "CNY", at=START)
    acts.post_all(postings([Asked(3, 1, amount=100), Asked(5, 1, amount=100)]))


@contextmanager
def locked(seller: int) -> Iterator[None]:
    """On a thread of its own: Django's connections are not for an event loop's."""
    is_locked, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            acts.hold_books(np.array([seller]))
            is_locked.set()
            may_end.wait()
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    is_locked.wait()
    try:
        yield
    finally:
        may_end.set()
        thread.join()


@pytest.mark.usefixtures("books")
def test_who_comes_meanwhile_is_posted_together_and_answered_apart() -> None:
    async def live() -> list[list[Outcome] | BaseException]:
        async with acts.Gathering() as together:
            asks: list[Coroutine[None, None, list[Outcome]]] = [
                told(together, Asked(3, 2, amount=10, **TO_BUYERS)),
                told(together, Asked(3, 3, amount=10, **TO_BUYERS)),
                # Nine of these are one too many for the book.
                *(told(together, Asked(3, n, amount=10, **TO_BUYERS)) for n in range(4, 13)),
                told(together, Asked(5, 2, amount=7), Asked(3, 20, amount=999, **TO_BUYERS)),
                told(together, Asked(5, 3, amount=7), Asked(5, 4, amount=107, **TO_BUYERS)),
                told(together, Asked(5, 5, op=Op.HOLD, source=1, target=2, amount=7, hold=5)),
                told(together, Asked(5, 6, op=Op.HOLD, source=1, target=2, amount=7)),
                told(together, Asked(9, 4, amount=7)),
                told(together, *(Asked(8, n) for n in range(300))),
                told(together),
            ]
            with locked(3):
                tasks = []
                for place, ask in enumerate(asks):
                    tasks.append(asyncio.create_task(ask))
                    if place < 2:
                        await waiting(together, place + 1, 0)
                # A batch of 300 and nothing at all wait for nobody here.
                await waiting(together, 2, len(asks) - 4)
                await asyncio.wait(tasks[-2:])
            return await asyncio.gather(*tasks, return_exceptions=True)

    answers = asyncio.run(live())
    assert answers[:10] == [[Outcome.POSTED]] * 10
    assert answers[10] == [Outcome.INSUFFICIENT]
    assert answers[11] == [Outcome.POSTED, Outcome.INSUFFICIENT]
    assert answers[12] == [Outcome.POSTED, Outcome.POSTED]
    assert answers[13] == [Outcome.POSTED]
    assert isinstance(answers[14], AssertionError)
    assert answers[15:] == [[Outcome.UNKNOWN_BOOK], [Outcome.POSTED] * 300, []]
    # As it began, and two alone; what this book refused of the others is decided all at once.
    assert transactions_of(3) == [1, 1, 1, 8]
    found = queries.balances(np.array([3, 5, 8]))
    assert found.deposit.tolist() == [0, 0, 300]
    assert found.buyers.tolist() == [100, 107, 0]
    assert found.locked.tolist() == [0, 7, 0]
    assert queries.check() == []


@pytest.mark.usefixtures("books")
def test_a_caller_alone_needs_no_thread_for_holds_and_is_told_why_it_is_refused() -> None:
    held = Asked(5, 2, op=Op.HOLD, source=1, target=2, amount=90, hold=5)
    taken = Asked(5, 3, op=Op.CAPTURE, source=2, target=5, amount=60, hold=5)
    free = Asked(5, 4, op=Op.RELEASE, source=2, target=1, amount=0, hold=5)

    async def live() -> tuple[list[Outcome], bool, list[Outcome]]:
        async with acts.Gathering() as together:
            straight = [(await told(together, row))[0] for row in (held, taken)]
            is_lone = not together._thread._threads
            return straight, is_lone, [(await told(together, row))[0] for row in (free, held)]

    straight, is_lone, apart = asyncio.run(live())
    assert straight == [Outcome.POSTED] * 2
    assert is_lone
    assert apart == [Outcome.HOLD_RESOLVED, Outcome.REPLAY]
    found = queries.balances(np.array([5]))
    assert (found.deposit[0], found.locked[0], found.buyers[0]) == (40, 0, 60)
    assert queries.check() == []


@pytest.mark.usefixtures("books")
def test_who_asks_for_fractions_fails_alone() -> None:
    halves: dict[str, Any] = {
        name: column / 2 for name, column in postings([Asked(3, 2)]).as_dict().items()
    }

    async def live() -> tuple[Any, Any]:
        async with acts.Gathering() as together:
            with pytest.raises(TypeError):
                await together.post(Postings(**halves))
            asks = together.post(Postings(**halves)), told(together, Asked(5, 2, amount=7))
            return await asyncio.gather(*asks, return_exceptions=True)

    fault, answer = asyncio.run(live())
    assert isinstance(fault, TypeError)
    assert answer == [Outcome.POSTED]
    assert queries.balances(np.array([3, 5])).deposit.tolist() == [100, 107]


@pytest.mark.usefixtures("books")
def test_a_repeat_among_others_is_a_replay_and_they_stand() -> None:
    async def live() -> list[list[Outcome]]:
        async with acts.Gathering() as together:
            first = await told(together, Asked(5, 2, amount=7))
            asks = [Asked(5, 2, amount=7), Asked(5, 2, amount=8), Asked(3, 2, amount=9)]
            return [first, *await asyncio.gather(*(told(together, ask) for ask in asks))]

    answers = asyncio.run(live())
    assert answers == [
        [Outcome.POSTED], [Outcome.REPLAY], [Outcome.OTHER_CONTENT], [Outcome.POSTED]
    ]  # fmt: skip
    assert queries.balances(np.array([3, 5])).deposit.tolist() == [109, 107]
    assert queries.check() == []


@pytest.mark.usefixtures("books")
def test_who_is_cancelled_may_ask_again() -> None:
    async def live() -> list[list[Outcome]]:
        async with acts.Gathering() as together:
            with locked(3):
                asks = [Asked(3, 2, amount=1), Asked(3, 3, amount=1), Asked(3, 4, amount=1)]
                tasks = []
                for place, ask in enumerate(asks):
                    tasks.append(asyncio.create_task(told(together, ask)))
                    await waiting(together, min(place + 1, 2), max(place - 1, 0))
                tasks[0].cancel()
                tasks[2].cancel()
            assert await tasks[1] == [Outcome.POSTED]
            return [await told(together, ask) for ask in asks]

    # The first was under way, the third was never sent.
    assert asyncio.run(live()) == [[Outcome.REPLAY], [Outcome.REPLAY], [Outcome.POSTED]]
    assert queries.check() == []


@pytest.mark.usefixtures("books")
def test_a_lost_connection_loses_no_posting() -> None:
    def end(*pids: int) -> None:
        with cursor("owner") as owner:
            for pid in pids:
                owner.execute("SELECT pg_terminate_backend(%s)", [pid])
        connections.close_all()

    async def live() -> list[list[Outcome]]:
        async with acts.Gathering() as together:
            # The thread has its connection too; both are gone before anybody notices.
            answers = [await told(together, Asked(9, 1))]
            loop = asyncio.get_running_loop()
            ((pid,),) = await loop.run_in_executor(
                together._thread, fetch_rows, "SELECT pg_backend_pid()"
            )
            with locked(3):
                tasks = [asyncio.create_task(told(together, Asked(3, 2)))]
                await waiting(together, 1, 0)
                tasks.append(asyncio.create_task(told(together, Asked(3, 3))))
                await waiting(together, 2, 0)
                await asyncio.to_thread(end, pid, together._pipeline._server.backend_pid)
                await waiting(together, 0, 0)
            answers += await asyncio.gather(*tasks)
            lost = together._pipeline
            assert lost.is_lost
            while together._pipeline is lost:
                answers.append(await told(together, Asked(5, 100 + len(answers))))
            return [*answers, await told(together, Asked(5, 2))]

    answers = asyncio.run(live())
    assert answers[0] == [Outcome.UNKNOWN_BOOK]
    assert answers[1:] == [[Outcome.POSTED]] * (len(answers) - 1)
    assert queries.check() == []


def test_it_ends_with_its_block_and_belongs_to_its_loop() -> None:
    async def live() -> Gathering:
        async with acts.Gathering() as together:
            stranger: list[BaseException] = []

            def ask() -> None:
                try:
                    asyncio.run(told(together, Asked(3, 2)))
                except AssertionError as fault:
                    stranger.append(fault)

            await asyncio.to_thread(ask)
            assert [str(fault) for fault in stranger] == ["a gathering belongs to one event loop"]
        return together

    over = asyncio.run(live())
    with pytest.raises(AssertionError, match="inside its `async with`"):
        asyncio.run(told(over, Asked(3, 2)))


@pytest.mark.usefixtures("books")
def test_two_loops_on_the_same_books_lose_nothing_and_double_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Plans are thrown away before every batch, which changes nothing.
    monkeypatch.setattr(pipeline, "KEPT_SECONDS", 0)
    answers: list[Outcome] = []

    def run(first: int) -> None:
        async def live() -> None:
            async with acts.Gathering() as together:
                asks = [Asked(s, n, amount=1, **TO_BUYERS) for n in range(60) for s in (5, 3)]
                asks += [Asked(s, first + n, amount=3) for n in range(60) for s in (3, 5)]
                said = await asyncio.gather(*(told(together, ask) for ask in asks[:240]))
                answers.extend(one for part in said for one in part)

        asyncio.run(live())

    threads = [threading.Thread(target=run, args=(1000 * n,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # What both ask for is paid once. Cause 1 has stood since the books were opened.
    assert answers.count(Outcome.OTHER_CONTENT) == 4
    assert answers.count(Outcome.REPLAY) == 118
    assert answers.count(Outcome.POSTED) == 118 + 240
    found = queries.balances(np.array([3, 5]))
    assert found.deposit.tolist() == [100 - 59 + 360] * 2
    assert queries.check() == []


def told_of(pace: Pace, batches: int, seconds: dict[bool, float], now: float) -> float:
    """So many batches, of 64 callers or of two halves; each way takes as long as it does."""
    for _ in range(batches):
        now += seconds[pace.in_halves]
        pace.answered(32 if pace.in_halves else 64, now)
    return now


def test_many_go_in_halves_where_that_is_quicker_and_together_where_it_is_not() -> None:
    quick_disk, slow_disk = {True: 0.5, False: 1.6}, {True: 1.5, False: 2.0}
    pace, now = Pace(0.0), 0.0
    in_halves = []
    for batches, disk in (
        (TRIED, quick_disk), (TRIED, quick_disk), (KEPT - 1, quick_disk),
        # What was quicker is tried beside the other again, as disks change: and found slow now.
        (1, quick_disk), (TRIED, slow_disk), (KEPT + TRIED, slow_disk),
    ):  # fmt: skip
        now = told_of(pace, batches, disk, now)
        in_halves.append(pace.in_halves)
    assert in_halves == [False, True, True, False, True, False]


def test_a_rest_says_nothing_about_the_way() -> None:
    pace = Pace(0.0)
    now = told_of(pace, TRIED - 1, {True: 1.0}, 0.0)
    pace.rest(now + 3600)
    told_of(pace, TRIED, {True: 0.5, False: 1.6}, now + 3600)
    assert pace._rates == {True: 64.0}


# -- as if one by one ---------------------------------------------------------------------------

bases = count(1000, 10)
rows = st.builds(
    lambda cause, leg, op, source, target, amount, hold, ends: Asked(
        0, cause, leg, op, source, target, amount, hold=hold if op else 0, expires=ends, at=5
    ),
    st.integers(1, 4), st.integers(0, 1), st.sampled_from([Op.MOVE] * 6 + list(Op)[1:5]),
    st.integers(-1, 8), st.integers(0, 7), st.integers(0, 9), st.integers(1, 3),
    st.sampled_from([3, 9]),
)  # fmt: skip
# Round by round, by seller, what its one caller asks.
rounds = st.lists(
    st.dictionaries(st.integers(0, 5), st.lists(rows, min_size=1, max_size=4)), max_size=5
)


@settings(max_examples=30)
@given(rounds)
def test_callers_of_different_sellers_are_answered_as_if_one_by_one(
    asked: list[dict[int, list[Asked]]],
) -> None:
    base = next(bases)
    # The sixth seller has no book.
    sellers = [base + n for n in range(5)]
    acts.open_books(np.array(sellers), "CNY", at=START.replace(year=1970))
    model = Ledger()
    for seller in sellers:
        model.open(seller)

    async def live() -> None:
        async with acts.Gathering() as together:
            for turn in [
                {n: [Asked(0, cause=9, amount=12)] for n in range(5)}, *asked
            ]:  # fmt: skip
                named = [
                    [Asked(**{**row.__dict__, "seller": base + n}) for row in mine]
                    for n, mine in turn.items()
                ]
                answers = await asyncio.gather(*(told(together, *mine) for mine in named))
                assert answers == [[model.post(row) for row in mine] for mine in named]

    asyncio.run(live())
    found = queries.balances(np.array(sellers))
    for place, seller in enumerate(sellers):
        book = {int(a): int(getattr(found, a.name.lower())[place]) for a in Account}
        assert book == model.balance[seller]
    assert fetch_rows(
        "SELECT count(*) FROM ledger_posting WHERE seller_id = ANY(%s)", [sellers]
    ) == [(len(model.lines),)]
