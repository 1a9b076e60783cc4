"""The book of the local Alipay in SQLite: what was asked, what moved, what is still to be told."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, NamedTuple

from xiaobao.gateways.alipay.names import named
from xiaobao.gateways.payments import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

FILE = "alipay.sqlite3"
BUSY_SECONDS = 60

_SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS asked (
    number TEXT NOT NULL, method TEXT NOT NULL, times INTEGER NOT NULL,
    PRIMARY KEY (number, method)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS transfer (
    number TEXT PRIMARY KEY, payee TEXT NOT NULL, name TEXT NOT NULL, fen INTEGER NOT NULL,
    ref TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS trade (
    number TEXT PRIMARY KEY, ref TEXT NOT NULL UNIQUE, fen INTEGER NOT NULL, status TEXT NOT NULL,
    at TEXT NOT NULL, subject TEXT NOT NULL, notify_url TEXT NOT NULL, due_ms INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refund (
    number TEXT PRIMARY KEY, trade TEXT NOT NULL, fen INTEGER NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS auth (
    number TEXT PRIMARY KEY, ref TEXT NOT NULL UNIQUE, fen INTEGER NOT NULL,
    rest INTEGER NOT NULL CHECK (rest >= 0), paid INTEGER NOT NULL, status TEXT NOT NULL,
    at TEXT NOT NULL, notify_url TEXT NOT NULL, due_ms INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS step (
    number TEXT PRIMARY KEY, auth TEXT NOT NULL, kind TEXT NOT NULL, fen INTEGER NOT NULL,
    ref TEXT NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, number TEXT NOT NULL, ref TEXT NOT NULL,
    party TEXT NOT NULL, fen INTEGER NOT NULL, balance INTEGER NOT NULL, at TEXT NOT NULL,
    title TEXT NOT NULL, remark TEXT NOT NULL, request TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS notice (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, body TEXT NOT NULL, due_ms INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, is_done INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS notice_due ON notice (due_ms) WHERE is_done = 0
"""


@dataclass(frozen=True)
class Behaviour:
    """How badly it behaves: parts of a million requests, and the seed that picks them.

    `scan_after_ms` is how long after it was shown a code is scanned and paid; below 0: never.
    """

    seed: int = 0
    fail_ppm: int = 0  # refuses, and nothing moved
    busy_moved_ppm: int = 0  # says that it is busy, and the money has moved
    busy_still_ppm: int = 0  # says that it is busy, and nothing moved
    lost_ppm: int = 0  # does it, and hangs up without an answer
    forged_ppm: int = 0  # does it, and its answer is signed over other words
    twice_ppm: int = 0  # tells a notify twice
    delay_ms: int = 0  # answers so late at most
    spread_ms: int = 0  # tells notifies so late at most, and so out of order
    scan_after_ms: int = 0


class Entry(NamedTuple):
    """One movement on the account, positive where it came in."""

    seq: int
    kind: str  # 交易 | 退款 | 转账
    number: str
    ref: str
    party: str
    fen: int
    balance: int
    at: str
    title: str
    remark: str
    request: str


class Book:
    """The file; each `turn` is one transaction, alone with it."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.turn() as book:
            for statement in _SCHEMA.split(";\n"):
                book.execute(statement)

    @contextmanager
    def turn(self) -> Iterator[sqlite3.Connection]:
        book = sqlite3.connect(self._file, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            # A kill loses nothing so; only the power going out could.
            book.execute("PRAGMA journal_mode = WAL")
            book.execute("PRAGMA synchronous = NORMAL")
            book.execute("BEGIN IMMEDIATE")
            try:
                yield book
            except BaseException:
                book.execute("ROLLBACK")
                raise
            book.execute("COMMIT")
        finally:
            book.close()

    def behave(self, behaviour: Behaviour) -> None:
        """From now on."""
        with self.turn() as book:
            book.executemany(
                "INSERT INTO setting VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                asdict(behaviour).items(),
            )

    def entries(self, day: str = "") -> list[Entry]:
        """What moved, in order; of one day (`2026-11-26`), or ever."""
        with self.turn() as book:
            rows = book.execute(
                "SELECT * FROM entry WHERE at LIKE ? || '%' ORDER BY at, seq", (day,)
            ).fetchall()
        return [Entry(*row) for row in rows]

    def untold(self) -> int:
        """How many notifies nobody has taken yet."""
        with self.turn() as book:
            row = book.execute("SELECT count(*) FROM notice WHERE is_done = 0").fetchone()
        return int(row[0])


def moved_at(folder: Path) -> dict[tuple[UUID, Direction], int]:
    """What moved of our own movements, by the book that lies there; nothing where none does.

    What came and was given back moved nothing.
    """
    if not (folder / FILE).is_file():
        return {}
    moved: dict[tuple[UUID, Direction], int] = {}
    for entry in Book(folder).entries():
        about = named(entry.number)
        if about is not None:
            fen = entry.fen if about.direction is Direction.IN else -entry.fen
            key = (about.id, about.direction)
            moved[key] = moved.get(key, 0) + fen
    return {key: fen for key, fen in moved.items() if fen}


def behaviour_in(book: sqlite3.Connection) -> Behaviour:
    kept = dict(book.execute("SELECT name, value FROM setting"))
    return Behaviour(**{f.name: kept[f.name] for f in fields(Behaviour) if f.name in kept})


def add_entry(
    book: sqlite3.Connection, kind: str, number: str, ref: str, party: str, fen: int, at: str,
    title: str, *, remark: str = "", request: str = "",
) -> None:  # fmt: skip
    row = book.execute("SELECT balance FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
    book.execute(
        "INSERT INTO entry (kind, number, ref, party, fen, balance, at, title, remark, request) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (kind, number, ref, party, fen, (row[0] if row else 0) + fen, at, title, remark, request),
    )
