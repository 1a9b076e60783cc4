"""Callers on many threads: one batch, one transaction, and to each its own answer."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from time import sleep
from typing import TYPE_CHECKING

import numpy as np
import psycopg
import pytest
from django.db import connections, transaction

from tests.ledger.ledger_model import Asked, postings
from xiaobao.database.sets import fetch_rows
from xiaobao.ledger import acts, queries
from xiaobao.ledger.acts import gathering
from xiaobao.ledger.facts import Op, Outcome, Postings, Receipt

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("committed")
START = datetime(2026, 1, 1, tzinfo=UTC)
Answer = list[Outcome] | Exception


class Callers:
    """Threads that each ask something once; their answers by their place."""

    def __init__(self) -> None:
        self.answers: dict[int, Answer] = {}
        self.threads: list[threading.Thread] = []

    def ask(self, *rows: Asked) -> None:
        thread = threading.Thread(target=self._ask, args=(len(self.threads), list(rows)))
        self.threads.append(thread)
        thread.start()

    def _ask(self, place: int, rows: list[Asked]) -> None:
        try:
            said = acts.post_with_others(postings(rows)).outcome
            self.answers[place] = [Outcome(outcome) for outcome in said]
        except Exception as problem:  # noqa: BLE001 -- looked at by the test
            self.answers[place] = problem
        finally:
            connections.close_all()

    def wait_for(self, waiting: int) -> None:
        """Until so many stand behind the one who leads."""
        for _ in range(2000):
            if gathering._desk._is_led and len(gathering._desk._waiting) == waiting:
                return
            sleep(0.01)
        raise AssertionError(f"never {waiting} callers waiting")

    def all(self) -> list[Answer]:
        for thread in self.threads:
            thread.join()
        return [self.answers[place] for place in range(len(self.threads))]


@pytest.fixture
def callers() -> Iterator[Callers]:
    acts.open_books(np.array([3, 5, 8]), "CNY", at=START)
    acts.post_all(postings([Asked(3, 1, amount=100), Asked(5, 1, amount=100)]))
    came = Callers()
    yield came
    came.all()


def transactions_of(seller: int) -> list[int]:
    """How many of a book's postings each transaction wrote, first to last."""
    rows = fetch_rows(
        "SELECT count(*) FROM ledger_posting WHERE seller_id = %s GROUP BY xmin::text "
        "ORDER BY min(seq)",
        [seller],
    )
    return [count for (count,) in rows]


def test_who_comes_meanwhile_is_posted_together_and_answered_apart(callers: Callers) -> None:
    with transaction.atomic():
        acts.hold_books(np.array([3]))
        callers.ask(Asked(3, 2, source=1, target=5, amount=10))
        for cause in range(3, 15):
            callers.wait_for(cause - 3)
            callers.ask(Asked(3, cause, source=1, target=5, amount=10))
        callers.wait_for(12)
        callers.ask(Asked(3, 3, source=1, target=5, amount=10), Asked(3, 20, amount=5))
        callers.wait_for(13)
    answers = callers.all()
    assert answers[:10] == [[Outcome.POSTED]] * 10
    # In the order in which they came: the book had enough for ten of them.
    assert answers[10:13] == [[Outcome.INSUFFICIENT]] * 3
    assert answers[13] == [Outcome.REPLAY, Outcome.POSTED]
    assert transactions_of(3) == [1, 1, 10]
    found = queries.balances(np.array([3]))
    assert (int(found.deposit[0]), int(found.buyers[0])) == (5, 100)
    assert queries.check() == []


def test_what_one_asked_wrongly_is_no_fault_of_the_others(callers: Callers) -> None:
    with transaction.atomic():
        acts.hold_books(np.array([3]))
        callers.ask(Asked(3, 2, amount=1))
        callers.wait_for(0)
        callers.ask(Asked(5, 2, amount=7))
        callers.ask(Asked(5, 3, op=Op.HOLD, source=1, target=2, amount=7))
        callers.ask(Asked(9, 4, amount=7))
        callers.wait_for(3)
    first, second, nameless, stranger = callers.all()
    assert first == second == [Outcome.POSTED]
    assert isinstance(nameless, AssertionError)
    assert stranger == [Outcome.UNKNOWN_BOOK]
    assert transactions_of(5) == [1, 1]
    assert queries.check() == []


def test_where_the_database_refuses_the_batch_each_asks_alone(
    callers: Callers, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[int] = []

    def post_unless_together(asked: Postings) -> Receipt:
        if len(asked) > 1:
            refused.append(len(asked))
            raise psycopg.OperationalError("gone")
        return acts.post(asked)

    monkeypatch.setattr(gathering, "post", post_unless_together)
    with transaction.atomic():
        acts.hold_books(np.array([3]))
        callers.ask(Asked(3, 2, amount=1))
        callers.wait_for(0)
        callers.ask(Asked(5, 2, amount=7))
        callers.ask(Asked(9, 4, amount=7))
        callers.wait_for(2)
    first, second, stranger = callers.all()
    assert refused == [2]
    assert first == second == [Outcome.POSTED]
    assert stranger == [Outcome.UNKNOWN_BOOK]
    assert queries.check() == []


def test_inside_a_transaction_it_is_the_transactions_own(callers: Callers) -> None:
    with transaction.atomic():
        assert acts.post_with_others(postings([Asked(8, 1)])).posted == 1
        transaction.set_rollback(True)
    assert queries.statement(8) == []
    assert acts.post_with_others(postings([Asked(8, 1)])).posted == 1
    assert len(queries.statement(8)) == 1


def test_hundreds_at_once_are_as_if_one_by_one(callers: Callers) -> None:
    """Each thread asks for one of the other's payments again: it is paid once."""
    for cause in range(100, 220):
        callers.ask(Asked(3, cause // 2, source=1, target=5), Asked(5, cause, source=1, target=5))
    answers = callers.all()
    assert not any(isinstance(answer, Exception) for answer in answers)
    firsts = [answer[0] for answer in answers if isinstance(answer, list)]
    assert (firsts.count(Outcome.POSTED), firsts.count(Outcome.REPLAY)) == (60, 60)
    seconds = [answer[1] for answer in answers if isinstance(answer, list)]
    assert (seconds.count(Outcome.POSTED), seconds.count(Outcome.INSUFFICIENT)) == (100, 20)
    assert queries.check() == []
