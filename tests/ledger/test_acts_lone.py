"""Lone postings: one statement each, also of holds and refusals; and what they meet."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import numpy as np
import pytest
from django.db import connections, transaction

from tests.ledger.ledger_model import Asked, Ledger, postings
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.columns import FAR_US, Int
from xiaobao.ledger import acts, queries, store
from xiaobao.ledger.facts import Account, Books, Op, Outcome

pytestmark = pytest.mark.usefixtures("committed")
START = datetime(2026, 1, 1, tzinfo=UTC)
START_US = int(START.timestamp()) * 1_000_000


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Fills with the books that were locked to decide a batch."""
    sellers: list[int] = []
    hold_books = store.hold_books

    def noted(seller_ids: Int, *accounts: list[Account]) -> Books:
        sellers.extend(seller_ids.tolist())
        return hold_books(seller_ids, *accounts)

    monkeypatch.setattr(store, "hold_books", noted)
    return sellers


def a_life() -> list[Asked]:
    """Holds made, taken whole and in part, freed, run out, refused and asked again."""
    chosen = np.random.default_rng(3)

    def some(*values: int) -> int:
        return int(chosen.choice(values))

    said = [Asked(3, n, target=n, amount=60) for n in (1, 3, 5, 6, 7)]
    said.append(Asked(3, 9, source=Account.FUND, target=Account.BUYERS, amount=4))
    for hold in range(10, 90):
        source, at = some(0, 1, 3, 5, 6, 7), START_US + 10 * hold
        ends, taken = some(FAR_US, FAR_US, at + 2), some(*range(8))
        free = some(Op.RELEASE, Op.RELEASE, Op.EXPIRE)
        said += [
            Asked(3, hold, op=Op.HOLD, source=source, target=2, amount=some(3, 3, 90), hold=hold,
                  expires=ends, at=at),
            Asked(3, hold, 1, Op.RELEASE, 2, some(source, source, 1, 3), some(0, 2, 3), hold=hold,
                  at=at + some(1, 3)),
            Asked(3, hold, 2, Op.CAPTURE, 2, 1 if taken == 2 else taken, some(1, 2, 3, 3, 4, 5),
                  hold=hold, at=at + 4),
            Asked(3, hold, 3, free, 2, source, some(0, 0, 3), hold=hold, at=at + 5),
        ]  # fmt: skip
        said.append(said[some(*range(len(said)))])
    return said


def test_holds_one_by_one_are_as_the_model_says(locked: list[int]) -> None:
    """And only a sweep, or a key that stands, makes two of them wait for the book."""
    model = Ledger()
    model.open(3)
    acts.open_books(np.array([3]), "CNY", at=START)
    found: list[tuple[Asked, Outcome, bool]] = []
    for row in a_life():
        before = len(locked)
        outcome = Outcome(acts.post(postings([row])).outcome[0])
        assert outcome == model.post(row), row
        found.append((row, outcome, len(locked) > before))
    assert {
        Outcome.REPLAY, Outcome.INSUFFICIENT, Outcome.ABOVE_CEILING, Outcome.HOLD_RESOLVED,
        Outcome.HOLD_EXPIRED, Outcome.EXCEEDS_HOLD, Outcome.NOT_WHOLE_HOLD, Outcome.UNKNOWN_HOLD,
        Outcome.WRONG_HOLD_ACCOUNT,
    } < {outcome for _, outcome, _ in found}  # fmt: skip
    assert {row.op for row, outcome, _ in found if outcome == Outcome.POSTED} == {0, 1, 2, 3, 4}
    waited = [(row, outcome) for row, outcome, has_waited in found if has_waited]
    of_balance = (Outcome.REPLAY, Outcome.ABOVE_CEILING)
    assert {row.op for row, outcome in waited if outcome not in of_balance} <= {Op.EXPIRE}
    lines = fetch_rows(
        "SELECT seller_id, ('x' || left(cause::text, 8) || substr(cause::text, 10, 4) "
        "|| substr(cause::text, 15, 4))::bit(64)::bigint, leg, op, source, target, amount "
        "FROM ledger_posting ORDER BY seq"
    )
    assert lines == model.lines
    balances = queries.balances(np.array([3]))
    says = {int(a): int(getattr(balances, a.name.lower())[0]) for a in Account}
    assert says == model.balance[3]
    assert queries.check() == []


def test_a_few_movements_wait_for_no_lock_of_ours(locked: list[int]) -> None:
    """All stand in one statement; where one cannot, or a key stands, they are decided in order."""
    acts.open_books(np.array([3, 5]), "CNY", at=START)
    few = [Asked(3, n, amount=n) for n in (1, 2)] + [
        Asked(5, 1, amount=9),
        Asked(3, 3, 0, 0, 1, 5),
    ]
    with transaction.atomic():
        assert acts.post_all(postings(few)).counts() == {"posted": 4}
    assert locked == []
    assert acts.post(postings([*few, Asked(5, 2)])).counts() == {"replay": 4, "posted": 1}
    assert locked == [3, 5]
    spent = [Asked(5, 7, 0, 0, 1, 5, 8), Asked(3, 8, 0, 0, 1, 5, 4), Asked(5, 9, 0, 0, 1, 5, 2)]
    assert acts.post(postings(spent)).outcome.tolist() == [0, Outcome.INSUFFICIENT, 0]
    assert locked == [3, 5] * 2
    assert queries.check() == []


def test_few_movements_of_many_writers_are_all_made(locked: list[int]) -> None:
    """Six at once over the same four books, in no order of theirs, between all accounts."""
    books = np.array([3, 5, 8, 9])
    acts.open_books(books, "CNY", at=START)
    acts.post_all(
        postings([Asked(int(s), n, target=n, amount=9999) for s in books for n in (1, 3)])
    )
    said: list[int] = []
    errors: list[Exception] = []

    def write(writer: int) -> None:
        chance = np.random.default_rng(writer)
        try:
            for turn in range(25):
                first = 10**6 * writer + 100 * turn
                rows = [
                    Asked(int(chance.choice(books)), cause, source=int(chance.choice([1, 3, 4])),
                          target=int(chance.choice([0, 5, 7])))
                    for cause in range(first, first + int(chance.choice([1, 2, 25])))
                ]  # fmt: skip
                said.extend(acts.post(postings(rows)).outcome.tolist())
        except Exception as problem:  # noqa: BLE001 -- looked at below
            errors.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert set(said) == {Outcome.POSTED}
    assert locked == []
    assert fetch_rows("SELECT count(*) FROM ledger_posting") == [(len(said) + 8,)]
    assert queries.check() == []


def test_lone_captures_and_batches_of_the_same_holds_resolve_each_once() -> None:
    """Four writers capture, free and take in batches the same sixty holds of three books."""
    books = np.array([3, 5, 8])
    acts.open_books(books, "CNY", at=START)
    names = range(1, 61)
    acts.post_all(postings([Asked(int(s), 1, amount=100) for s in books]))
    acts.post_all(
        postings([
            Asked(int(books[n % 3]), 100 + n, op=Op.HOLD, source=1, target=2, amount=3, hold=n)
            for n in names
        ])
    )  # fmt: skip
    said: list[int] = []

    def write(writer: int) -> None:
        op, target, amount = ((Op.RELEASE, 1, 0), (Op.CAPTURE, 5, 2))[writer % 2]
        rows = [
            Asked(int(books[n % 3]), 1000 * writer + n, op=op, source=2, target=target,
                  amount=amount, hold=n)
            for n in np.random.default_rng(writer).permutation(names).tolist()
        ]  # fmt: skip
        size = 1 if writer < 3 else 20
        try:
            for start in range(0, len(rows), size):
                said.extend(acts.post(postings(rows[start : start + size])).outcome.tolist())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count(Outcome.POSTED) == 60
    assert said.count(Outcome.HOLD_RESOLVED) == 180
    rows = queries.balances(books)
    assert int((rows.deposit + rows.buyers).sum()) == 300
    assert int(rows.locked.sum()) == 0
    assert queries.check() == []


def test_what_the_server_forgot_is_parsed_anew() -> None:
    """When a transaction is undone the driver has all statements forgotten, ours too."""
    parsed = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'alone%'"
    acts.open_books(np.array([3]), "CNY", at=START)
    assert acts.post(postings([Asked(3, 1)])).posted == 1
    assert fetch_rows(parsed) == [(1,)]
    with transaction.atomic():
        assert acts.post(postings([Asked(3, 2)])).posted == 1
        transaction.set_rollback(True)
    assert fetch_rows(parsed) == [(0,)]
    assert acts.post(postings([Asked(3, 2)])).posted == 1
    assert [line.seq for line in queries.statement(3)] == [2, 1]
    assert fetch_rows(parsed) == [(1,)]
