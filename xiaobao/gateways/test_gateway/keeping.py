"""The gateway's book in SQLite: opened, read and written."""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from typing import TYPE_CHECKING
from uuid import UUID

from xiaobao.gateways.payments import Movement, Result
from xiaobao.gateways.test_gateway.behaving import Frozen, Known, Settings

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
    moved_us INTEGER, known_us INTEGER NOT NULL, last_attempt INTEGER NOT NULL,
    way INTEGER NOT NULL DEFAULT 0, of_id BLOB NOT NULL DEFAULT x''
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempt (
    id BLOB NOT NULL, attempt INTEGER NOT NULL, result INTEGER NOT NULL, said TEXT NOT NULL,
    PRIMARY KEY (id, attempt)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS holder (
    account TEXT PRIMARY KEY, real_name TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ended (id BLOB PRIMARY KEY) WITHOUT ROWID;
"""
# Books that were begun before sums could stay frozen.
_LATER = (
    "ALTER TABLE movement ADD COLUMN way INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE movement ADD COLUMN of_id BLOB NOT NULL DEFAULT x''",
)
# Finds what is of a frozen sum; made once the column is there.
_OF = "CREATE INDEX IF NOT EXISTS movement_of ON movement (of_id) WHERE of_id <> x''"


def open_book(file: Path) -> sqlite3.Connection:
    book = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
    # One flush for each batch, instead of several.
    book.execute("PRAGMA journal_mode = WAL")
    book.execute("PRAGMA synchronous = FULL")
    for statement in _SCHEMA.split(";\n"):
        book.execute(statement)
    columns = {row[1] for row in book.execute("PRAGMA table_info(movement)")}
    if "way" not in columns:
        for statement in _LATER:
            book.execute(statement)
    book.execute(_OF)
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
            f"known_us, last_attempt, way, of_id FROM movement WHERE id IN ({_marks(names)})",
            names,
        )
    }


def frozen_in(book: sqlite3.Connection, ids: Iterable[UUID]) -> dict[UUID, Frozen]:
    """What stands of these frozen sums; who never was frozen is left out."""
    return {
        UUID(bytes=row[0]): Frozen(not row[1], row[2])
        for names in _portions(ids)
        for row in book.execute(
            "SELECT m.id, e.id IS NOT NULL, m.amount_minor - coalesce((SELECT sum(t.amount_minor) "
            "FROM movement t WHERE t.of_id = m.id AND t.of_id <> x'' "
            "AND t.moved_us IS NOT NULL), 0) "
            "FROM movement m LEFT JOIN ended e ON e.id = m.id "
            f"WHERE m.way = 1 AND m.moved_us IS NOT NULL AND m.id IN ({_marks(names)})",
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
            now.way, now.of,
        )
        for one, now in known.items() if now.direction == direction
    )  # fmt: skip
    book.executemany(
        "INSERT INTO movement (id, direction, account, amount_minor, currency, moved_us, "
        "known_us, last_attempt, way, of_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET moved_us = coalesce(moved_us, excluded.moved_us), "
        "known_us = excluded.known_us, last_attempt = excluded.last_attempt",
        rows,
    )
    book.executemany(
        "INSERT INTO attempt VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        ((one.bytes, n, result, said) for (one, n), (result, said) in earlier.items()),
    )
