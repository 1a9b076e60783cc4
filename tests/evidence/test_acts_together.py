"""Many at once: one chain per case, one piece for one thing, one order in the log."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import psycopg
import pytest
from django.db import connection, connections, transaction

from tests.evidence.making import AT, CASE, LIMITS, SELLER, handed_in, later, photo
from xiaobao.database.sets import cursor, fetch_rows
from xiaobao.evidence import acts, queries
from xiaobao.evidence.facts import Kind, Receipt, Sealed
from xiaobao.evidence.store import rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")
pytestmark = pytest.mark.usefixtures("committed", "kept")


def at_once(count: int, act: Callable[[int], T]) -> list[T]:
    def closing(n: int) -> T:
        try:
            return act(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(closing, range(count)))


def test_the_same_thing_from_eight_hands_is_one_piece(kept: Path) -> None:
    def hand_in(_: int) -> Receipt:
        return acts.submit_evidence(handed_in(photo()), limits=LIMITS, at=AT)

    receipts = at_once(16, hand_in)
    assert [r.seq for r in receipts] == [1] * 16
    assert sum(r.is_new for r in receipts) == 1
    assert len([path for path in kept.rglob("*") if path.is_file()]) == 1
    assert queries.check(with_bytes=True) == []


def test_chains_and_log_stay_whole_while_all_write_and_seal() -> None:
    def write(n: int) -> Receipt | Sealed:
        if n % 8 == 7:
            return acts.seal(later(minutes=n))
        return acts.record_snapshot(
            SELLER, CASE + n % 3, Kind.ORDER_FACTS, {"n": n}, happened_at=AT, at=later(minutes=n)
        )

    at_once(80, write)
    acts.seal(later(days=1))
    assert fetch_rows("SELECT sum(seq)::int FROM evidence_case") == [(70,)]
    assert queries.unsealed() == 0
    assert queries.check() == []


def test_who_meets_another_that_opens_the_case_has_it_locked_before_it_looks() -> None:
    is_open = threading.Event()

    def opening() -> None:
        with transaction.atomic():
            rows.hold_case(SELLER, CASE, AT)
            is_open.set()
            time.sleep(0.3)
        connections.close_all()

    thread = threading.Thread(target=opening)
    thread.start()
    is_open.wait()
    with transaction.atomic():
        locked = rows.ask_case(SELLER, CASE, AT)
        assert queries.pieces_of(SELLER, CASE) == []
        with cursor("owner") as other, pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute("SELECT FROM evidence_case FOR UPDATE NOWAIT")
        assert locked.answer.seq == 0
    thread.join()
