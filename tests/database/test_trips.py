"""Statements sent together: in their order, answered as alone, and failing as one would."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from xiaobao.database import sets, trips
from xiaobao.database.alone import run_alone
from xiaobao.database.pipeline import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("committed")
_ADD = "INSERT INTO trips_note VALUES (%s)"


@pytest.fixture(autouse=True)
def notes(committed: None) -> Iterator[None]:
    """A table of numbers that this connection alone sees."""
    sets.execute("CREATE TEMPORARY TABLE trips_note (n int PRIMARY KEY)")
    yield
    sets.execute("DROP TABLE trips_note")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many statements went out at each time that any did."""
    counts: list[int] = []
    send = trips._send

    def counted(connection: Any, statements: Any) -> None:
        counts.append(len(statements))
        send(connection, statements)

    monkeypatch.setattr(trips, "_send", counted)
    return counts


def write(*numbers: int) -> None:
    for number in numbers:
        sets.write(_ADD, [number])


def write_and_break(number: int) -> None:
    write(number)
    raise ZeroDivisionError


def write_and_ask(*numbers: int) -> None:
    write(*numbers)
    noted()


def noted() -> list[int]:
    return [n for (n,) in sets.fetch_rows("SELECT n FROM trips_note ORDER BY n")]


def test_a_transaction_begins_and_ends_with_its_statements(sent: list[int]) -> None:
    with transaction.atomic():
        sets.write(_ADD, [1])
        before = sets.ask_rows("SELECT count(*) FROM trips_note", None, list)
        sets.write(_ADD, [2])
        after = sets.ask_rows("SELECT count(*) FROM trips_note", None, list)
        assert sent == []
        assert (after.answer, before.answer) == ([(2,)], [(1,)])
        sets.write(_ADD, [3])
    # BEGIN with the four, and COMMIT with the last.
    assert sent == [5, 2]
    assert noted() == [1, 2, 3]


def test_a_transaction_that_asks_nothing_asks_nothing(sent: list[int]) -> None:
    with transaction.atomic():
        pass
    assert sent == []
    sets.write(_ADD, [1])
    assert sent == [1]
    assert noted() == [1]


def test_what_is_undone_is_never_sent_and_its_questions_are_asked_anew(sent: list[int]) -> None:
    asked = sets.ask_rows("SELECT count(*) FROM trips_note", None, list)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write_and_break(1)
    assert sent == []
    assert asked.answer == [(0,)]
    with transaction.atomic():
        sets.write(_ADD, [4])
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            write_and_break(5)
    assert noted() == [4]


def test_a_write_that_fails_fails_what_it_was_sent_with() -> None:
    sets.write(_ADD, [1])
    with pytest.raises(psycopg.errors.UniqueViolation), transaction.atomic():
        write_and_ask(2, 1, 3)
    with pytest.raises(DatabaseError), transaction.atomic():
        write(2, 1)
    assert noted() == [1]
    assert not connection.in_atomic_block


def test_savepoints_travel_too(sent: list[int]) -> None:
    with transaction.atomic():
        with transaction.atomic():
            pass
        with transaction.atomic():
            assert noted() == []
            assert sent == [3]
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            write_and_break(1)
        with transaction.atomic():
            write(2)
        # The end of the first with what comes next; the write between its own.
        assert sent == [3, 4]
        with pytest.raises(DatabaseError), transaction.atomic():
            write(3, 2)
        assert noted() == [2]
        write(4)
    assert noted() == [2, 4]


def test_django_sees_what_waits() -> None:
    with transaction.atomic():
        sets.write(_ADD, [7])
        with connection.cursor() as cursor:
            cursor.execute("SELECT n FROM trips_note")
            assert cursor.fetchall() == [(7,)]
        with transaction.atomic():
            sets.write(_ADD, [8])
    assert noted() == [7, 8]


def test_a_lock_that_was_taken_beside_what_failed_is_not_taken_twice() -> None:
    lock = sets.ask_rows("SELECT pg_try_advisory_lock(77, 78)", None, list)
    with pytest.raises(psycopg.errors.DivisionByZero):
        sets.execute("SELECT n / 0 FROM generate_series(1, 2) AS n")
    assert lock.answer == [(True,)]
    assert sets.fetch_rows("SELECT pg_advisory_unlock(77, 78)") == [(True,)]
    assert sets.fetch_rows(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 77"
    ) == [(0,)]


def test_what_was_to_be_parsed_beside_what_failed_is_parsed_the_next_time() -> None:
    query = "SELECT 41 + %s::int"
    for number in range(5):
        sets.fetch_rows(query, [number])
    sets.ask_rows("SELECT 1 / %s::int", [0], list)
    with pytest.raises(psycopg.errors.DivisionByZero):
        sets.fetch_rows(query, [1])
    assert sets.fetch_rows(query, [1]) == [(42,)]


def test_what_is_sent_past_cursors_comes_after_what_was_asked_before() -> None:
    before = sets.ask_rows("SELECT count(*) FROM trips_note", None, list)
    run_alone(Statement("INSERT INTO trips_note VALUES (1)", ()), [])
    assert before.answer == [(0,)]


def write_twice_and_go_on() -> None:
    sets.execute(_ADD, [1])
    with suppress(psycopg.errors.UniqueViolation):
        sets.execute(_ADD, [1])


def test_who_goes_on_past_a_failure_is_told_that_nothing_stands() -> None:
    with pytest.raises(DatabaseError, match="nothing stands"), transaction.atomic():
        write_twice_and_go_on()
    assert noted() == []
    assert not connection.in_atomic_block


def write_and_go_on_past_a_block(asks_on: bool) -> None:
    """A write of this block fails once it is sent from one within, whose error is caught."""
    noted()
    write(1, 1)
    with suppress(DatabaseError, psycopg.Error), transaction.atomic():
        noted()
    if asks_on:
        write(2)


@pytest.mark.parametrize("asks_on", [False, True])
def test_a_block_whose_own_write_failed_within_another_is_told_so(asks_on: bool) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        write_and_go_on_past_a_block(asks_on)
    assert (noted(), connection.in_atomic_block, connection.needs_rollback) == ([], False, False)
    # Of several it is the one that wrote: what is around it stands.
    with transaction.atomic():
        write(5)
        with pytest.raises((DatabaseError, psycopg.Error)), transaction.atomic():
            write_and_go_on_past_a_block(asks_on)
        assert noted() == [5]
        write(6)
    assert noted() == [5, 6]


def test_a_block_within_that_fails_by_itself_leaves_the_one_around_it(sent: list[int]) -> None:
    with transaction.atomic():
        write(1)
        with suppress(psycopg.errors.UniqueViolation), transaction.atomic():
            sets.execute(_ADD, [1])
        write(2)
    assert noted() == [1, 2]
    # What waits goes with the first that asks within, as ever.
    assert sent[0] == 4
