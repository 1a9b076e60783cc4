"""The gateway's book in SQLite: opened, read and written."""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from typing import TYPE_CHECKING
from uuid import UUID

from xiaobao.gateways.payments import Movement, Result
from xiaobao.gateways.test_gateway.behaving import Known, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from xiaobao.gateways.payments import Direction

BUSY_SECONDS = 60
_IN_ONE_QUESTION = 500

_SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS movement (
    id BLOB PRIMARY KEY, direction INTEGER NOT NULL, account TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0), currency TEXT NOT NULL,
    moved_us INTEGER, known_us INTEGER NOT NULL, last_attempt INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempt (
    id BLOB NOT NULL, attempt INTEGER NOT NULL, result INTEGER NOT NULL, said TEXT NOT NULL,
    PRIMARY KEY (id, attempt)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS holder (
    account TEXT PRIMARY KEY, real_name TEXT NOT NULL
) WITHOUT ROWID;
"""


def open_book(file: Path) -> sqlite3.Connection:
    book = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
    # One flush for each batch, instead of several.
    book.execute("PRAGMA journal_mode = WAL")
    book.execute("PRAGMA synchronous = FULL")
    for statement in _SCHEMA.split(";\n"):
        book.execute(statement)
    return book


def settings_in(book: sqlite3.Connection) -> Settings:
    kept = dict(book.execute("SELECT name, value FROM setting"))
    return Settings(**{f.name: kept[f.name] for f in fields(Settings) if f.name in kept})


def real_names_in(book: sqlite3.Connection) -> dict[str, str]:
    """In which real name each account stands that the gateway knows."""
    return dict(book.execute("SELECT account, real_name FROM holder"))


def _portions(ids: Iterable[UUID]) -> Iterator[list[bytes]]:
    names = [one.bytes for one in dict.fromkeys(ids)]
    for start in range(0, len(names), _IN_ONE_QUESTION):
        yield names[start : start + _IN_ONE_QUESTION]


def known_in(book: sqlite3.Connection, ids: Iterable[UUID]) -> dict[UUID, Known]:
    return {
        UUID(bytes=row[0]): Known(*row[1:])
        for names in _portions(ids)
        for row in book.execute(
            "SELECT id, direction, account, amount_minor, currency, moved_us IS NOT NULL, "
            f"known_us, last_attempt FROM movement WHERE id IN ({_marks(names)})",
            names,
        )
    }


def answered_in(
    book: sqlite3.Connection, ids: Iterable[UUID]
) -> dict[tuple[UUID, int], tuple[Result, str]]:
    """What was answered to each attempt."""
    return {
        (UUID(bytes=row[0]), row[1]): (Result(row[2]), row[3])
        for names in _portions(ids)
        for row in book.execute(
            f"SELECT id, attempt, result, said FROM attempt WHERE id IN ({_marks(names)})", names
        )
    }


def _marks(names: Sequence[bytes]) -> str:
    return ",".join("?" * len(names))


def write(
    book: sqlite3.Connection,
    movements: Sequence[Movement],
    known: dict[UUID, Known],
    earlier: dict[tuple[UUID, int], tuple[Result, str]],
    direction: Direction,
) -> None:
    """Keep what was decided; what stood before is written again as it was."""
    asked = {m.id: m for m in movements}
    rows = (
        (
            one.bytes, direction, now.account, now.amount_minor, now.currency,
            asked[one].at_us if now.is_moved else None, now.known_us, now.last_attempt,
        )
        for one, now in known.items() if now.direction == direction
    )  # fmt: skip
    book.executemany(
        "INSERT INTO movement (id, direction, account, amount_minor, currency, moved_us, "
        "known_us, last_attempt) VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET moved_us = coalesce(moved_us, excluded.moved_us), "
        "known_us = excluded.known_us, last_attempt = excluded.last_attempt",
        rows,
    )
    book.executemany(
        "INSERT INTO attempt VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        ((one.bytes, n, result, said) for (one, n), (result, said) in earlier.items()),
    )
