"""Posting to the database: outcomes, what is stored, what is refused, and to whom."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
import pytest
from django.db import transaction

from tests.ledger.ledger_model import Asked, Ledger, postings
from xiaobao.database.sets import cursor, execute, fetch_rows
from xiaobao.kernel.columns import FAR_US
from xiaobao.ledger import acts, queries
from xiaobao.ledger.facts import Account, Op, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

pytestmark = pytest.mark.usefixtures("committed")

START = datetime(2026, 1, 1, tzinfo=UTC)
START_US = int(START.timestamp()) * 1_000_000


def opened(*sellers: int) -> None:
    acts.open_books(np.array(sellers), "CNY", at=START)


def outcomes(rows: list[Asked]) -> list[Outcome]:
    return [Outcome(o) for o in acts.post(postings(rows)).outcome]


def book(seller: int) -> dict[str, int]:
    found = queries.balances(np.array([seller]))
    return {a.name.lower(): int(v) for a in Account if (v := getattr(found, a.name.lower())[0])}


def tables() -> tuple[Any, ...]:
    return tuple(
        fetch_rows(f"SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM {table} AS t")[
            0
        ]
        for table in ("ledger_book", "ledger_posting")
    ) + tuple(
        fetch_rows("SELECT seller_id, amount, captured, state FROM ledger_hold ORDER BY 1, 2")
    )


def test_one_posting_moves_and_leaves_a_line() -> None:
    opened(3)
    assert outcomes([Asked(3, 1, amount=500, at=START_US + 7)]) == [Outcome.POSTED]
    assert book(3) == {"outside": -500, "deposit": 500}
    (line,) = queries.statement(3)
    assert (line.seq, line.at, line.amount_minor) == (1, START + timedelta(microseconds=7), 500)
    assert (line.source, line.target) == (Account.OUTSIDE, Account.DEPOSIT)
    assert (line.source_after, line.target_after, line.hold) == (-500, 500, None)
    assert queries.check() == []


@pytest.mark.parametrize("others", [0, 200])
def test_a_repeat_moves_nothing_and_other_content_is_refused(others: int) -> None:
    """In a small batch and among many others in a large one."""
    opened(3, 5)
    many = [Asked(5, 1000 + i, amount=i + 1) for i in range(others)]
    first = [
        Asked(3, 1, amount=500),
        Asked(3, 2, op=Op.HOLD, source=1, target=2, amount=70, hold=9),
    ]
    assert outcomes(first) == [Outcome.POSTED, Outcome.POSTED]
    before = book(3)
    again = [
        *many,
        Asked(3, 1, amount=500),
        Asked(3, 1, amount=501),
        Asked(3, 1, amount=500, why=2),
        Asked(3, 2, op=Op.HOLD, source=1, target=2, amount=70, hold=9, at=START_US + 5),
        Asked(3, 2, op=Op.HOLD, source=1, target=2, amount=70, hold=9, expires=START_US + 9),
    ]
    assert outcomes(again) == [Outcome.POSTED] * others + [
        Outcome.REPLAY,
        Outcome.OTHER_CONTENT,
        Outcome.OTHER_CONTENT,
        Outcome.REPLAY,
        Outcome.OTHER_CONTENT,
    ]
    assert book(3) == before
    state = tables()
    assert set(outcomes(many)) <= {Outcome.REPLAY}
    assert tables() == state
    assert queries.check() == []


def test_a_repeat_of_what_could_not_be_paid_again_is_a_repeat() -> None:
    opened(3)
    spend = [Asked(3, 100 + i, source=1, target=5, amount=1) for i in range(100)]
    assert set(outcomes([Asked(3, 1, amount=100), *spend])) == {Outcome.POSTED}
    assert book(3) == {"outside": -100, "buyers": 100}
    assert set(outcomes(spend)) == {Outcome.REPLAY}
    assert outcomes([*spend, Asked(3, 999, source=1, target=5)])[-1] == Outcome.INSUFFICIENT
    assert book(3) == {"outside": -100, "buyers": 100}


def test_a_large_batch_is_as_the_model_says() -> None:
    chosen = np.random.default_rng(7)
    sellers = list(range(1, 41))
    opened(*sellers)
    model = Ledger()
    for seller in sellers:
        model.open(seller)
    for batch in range(4):
        rows = [
            _random_row(chosen, int(chosen.integers(1, 42)), START_US + batch * 1000 + int(n))
            for n in chosen.integers(0, 1000, 1500)
        ]
        assert outcomes(rows) == [model.post(row) for row in rows]
        found = queries.balances(np.array(sellers))
        for place, seller in enumerate(sellers):
            assert {
                int(a): int(getattr(found, a.name.lower())[place]) for a in Account
            } == model.balance[seller]
        assert queries.check() == []
    stored = fetch_rows("SELECT count(*), count(*) FILTER (WHERE op = 5) FROM ledger_posting")
    assert stored[0][0] == len(model.lines)
    assert stored[0][1] > 0


@pytest.mark.parametrize("callers", [nullcontext, transaction.atomic])
def test_postings_one_by_one_are_as_the_model_says(
    callers: Callable[[], AbstractContextManager[None]],
) -> None:
    """Each a transaction of its own, or all inside one of the caller's."""
    chosen = np.random.default_rng(11)
    sellers = [1, 2, 3]
    opened(*sellers)
    model = Ledger()
    for seller in sellers:
        model.open(seller)
    with callers():
        for number in range(400):
            row = _random_row(chosen, int(chosen.integers(1, 5)), START_US + number * 10)
            row = replace(row, cause=row.cause % 200)
            assert outcomes([row]) == [model.post(row)]
    for seller in sellers:
        said = {Account(a).name.lower(): v for a, v in model.balance[seller].items() if v}
        assert book(seller) == said
    assert queries.check() == []
    assert fetch_rows("SELECT count(*) FROM ledger_posting") == [(len(model.lines),)]


def _random_row(chosen: np.random.Generator, seller: int, at: int) -> Asked:
    kind = chosen.integers(0, 6)
    cause, amount = int(chosen.integers(1, 4000)), int(chosen.integers(1, 50))
    hold, ends = int(chosen.integers(1, 60)), [FAR_US, START_US + 2500][chosen.integers(0, 2)]
    free = [Op.RELEASE, Op.EXPIRE][chosen.integers(0, 2)]
    return [
        Asked(seller, cause, amount=amount * 3, at=at),
        Asked(seller, cause, source=1, target=5, amount=amount, at=at),
        Asked(seller, cause, source=5, target=0, amount=amount, at=at),
        Asked(
            seller, cause, op=Op.HOLD, source=1, target=2, amount=amount, hold=hold, expires=ends,
            at=at,
        ),
        Asked(seller, cause, op=Op.CAPTURE, source=2, target=5, amount=amount, hold=hold, at=at),
        Asked(seller, cause, op=free, source=2, target=1, amount=0, hold=hold, at=at),
    ][kind]  # fmt: skip


def test_postings_that_must_all_stand_stand_or_none_does() -> None:
    opened(3, 5)
    rows = [Asked(3, 1, amount=10), Asked(5, 2, source=1, target=5, amount=1)]
    before = tables()
    with pytest.raises(acts.PostingsRefused) as refused:
        acts.post_all(postings(rows))
    assert tables() == before
    assert refused.value.fields["row"] == 1
    assert refused.value.fields["outcome"] == "insufficient"
    assert refused.value.says("en") == (
        "posting 1 was refused: the source account has too little (seller 5, cause "
        "00000000-0000-0002-0000-00000000000e/0, deposit -> buyers, 1). "
        "Nothing of the batch was posted."
    )
    assert "余额不足" in refused.value.says("zh")
    assert acts.post_all(postings(rows[:1])).counts() == {"posted": 1}
    assert acts.post_all(postings(rows[:1])).counts() == {"replay": 1}


@pytest.mark.parametrize("count", [1, 100])
def test_a_batch_refused_whole_leaves_the_callers_transaction_usable(count: int) -> None:
    opened(3)
    rows = [Asked(3, 1 + i, amount=10) for i in range(count)]
    with transaction.atomic():
        with pytest.raises(acts.PostingsRefused), transaction.atomic():
            acts.post_all(postings([*rows, Asked(4, 1)]))
        acts.post_all(postings(rows))
    assert book(3) == {"outside": -10 * count, "deposit": 10 * count}
    assert queries.check() == []


def test_books_are_opened_once_and_keep_their_currency() -> None:
    assert acts.open_books(np.array([3, 5, 3]), "CNY", at=START) == 2
    assert acts.open_books(np.array([3, 5, 8]), "CNY", at=START) == 1
    assert queries.currency_of(3) == "CNY"
    assert queries.currency_of(4) is None
    with pytest.raises(acts.BookInOtherCurrency) as refused:
        acts.open_books(np.array([5, 13]), "BRL", at=START)
    assert refused.value.fields == {"seller_id": 5, "currency": "CNY", "asked": "BRL"}
    assert fetch_rows("SELECT seller_id FROM ledger_book ORDER BY 1") == [(3,), (5,), (8,)]
    with pytest.raises(acts.UnknownCurrency):
        acts.open_books(np.array([13]), "ABC", at=START)


def test_history_may_be_told_to_a_book_opened_later() -> None:
    opened(3)
    long_ago = START_US - 10**12
    acts.post_all(postings([Asked(3, 1, at=long_ago + 5), Asked(3, 2, at=long_ago)]))
    assert [line.at for line in queries.statement(3)] == [
        START + timedelta(microseconds=5 - 10**12)
    ] * 2


def test_holds_run_out_when_their_time_has_come() -> None:
    opened(3, 5)
    rows = [
        Asked(3, 1, amount=100),
        Asked(3, 2, op=Op.HOLD, source=1, target=2, amount=30, hold=1, expires=START_US + 10),
        Asked(3, 3, op=Op.HOLD, source=1, target=2, amount=20, hold=2, expires=START_US + 20),
        Asked(3, 4, op=Op.HOLD, source=1, target=2, amount=10, hold=3),
        Asked(5, 5, target=3, amount=100),
        Asked(5, 6, op=Op.HOLD, source=3, target=2, amount=40, hold=1, expires=START_US + 10),
    ]
    assert set(outcomes(rows)) == {Outcome.POSTED}
    assert acts.expire_holds(START_US + 9) == 0
    assert acts.expire_holds(START_US + 10, limit=1) == 1
    assert acts.expire_holds(START_US + 10) == 1
    assert acts.expire_holds(START_US + 10) == 0
    assert book(3) == {"outside": -100, "deposit": 70, "locked": 30}
    assert book(5) == {"outside": -100, "reserve": 100}
    assert acts.expire_holds(START_US + 1_000_000) == 1
    assert book(3) == {"outside": -100, "deposit": 90, "locked": 10}
    assert queries.statement(3)[0].at == START + timedelta(microseconds=20)
    assert queries.check() == []


def test_a_hold_is_kept_for_the_caller_until_its_transaction_ends() -> None:
    opened(3, 5)
    with transaction.atomic():
        held = acts.hold_books(np.array([5, 3, 9, 5]))
        assert held.seller_id.tolist() == [3, 5]
        with psycopg.connect(_url(), autocommit=True) as other:
            free = other.execute("SELECT seller_id FROM ledger_book FOR UPDATE SKIP LOCKED")
            assert free.fetchall() == []


def _url() -> str:
    from xiaobao.database.connections import database_url

    return database_url()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_posting SET amount = 1",
        "DELETE FROM ledger_posting",
        "TRUNCATE ledger_posting",
        "DELETE FROM ledger_book",
        "DELETE FROM ledger_hold",
    ],
)
def test_the_application_role_may_not_change_what_was_said(statement: str) -> None:
    opened(3)
    outcomes([Asked(3, 1, amount=5)])
    table = next(word for word in statement.split() if word.startswith("ledger_"))
    before = tables()
    with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused, transaction.atomic():
        execute(statement)
    assert refused.value.diag.message_primary == f"permission denied for table {table}"
    assert tables() == before


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("deposit = deposit + 1", "ledger_book_sums_to_zero"),
        ("deposit = -1, outside = 1", "ledger_book_floors"),
        ("fund = 1, outside = -1 - deposit", "ledger_book_floors"),
    ],
)
def test_the_database_itself_refuses_a_book_that_cannot_be(change: str, constraint: str) -> None:
    opened(3)
    outcomes([Asked(3, 1, amount=5)])
    with pytest.raises(psycopg.errors.CheckViolation) as refused, transaction.atomic():
        execute(f"UPDATE ledger_book SET {change}")
    assert refused.value.diag.constraint_name == constraint
    assert book(3) == {"outside": -5, "deposit": 5}


def test_an_error_after_a_batch_leaves_nothing_of_it() -> None:
    opened(3)
    before = tables()
    with pytest.raises(ZeroDivisionError):
        _post_and_fail()
    assert tables() == before
    with cursor("owner") as owner:
        assert owner.execute("SELECT count(*) FROM ledger_posting").fetchall() == [(0,)]


@transaction.atomic
def _post_and_fail() -> None:
    acts.post_all(postings([Asked(3, 1, amount=5)]))
    acts.post_all(postings([Asked(3, 100 + i) for i in range(100)]))
    raise ZeroDivisionError


def test_a_batch_that_stands_whole_is_not_refused_for_what_it_repeats() -> None:
    opened(3)
    one, other = (Asked(3, n, source=1, target=0, amount=300) for n in (2, 3))
    assert outcomes([Asked(3, 1, amount=600), one]) == [Outcome.POSTED] * 2
    found = acts.post_all(postings([one, other])).outcome.tolist()
    assert found == [Outcome.REPLAY, Outcome.POSTED]
    assert book(3) == {}
