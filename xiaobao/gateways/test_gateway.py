"""A payment gateway to try things on: local, durable, and as unreliable as it is told to be.

It keeps its own book in SQLite, which survives a kill at any moment and may be used by several
processes at once. What it does with an attempt follows from its seed, the movement's id and the
attempt's number alone, so the same life gives the same answers. It knows no clock: an unknown
result becomes known once it is asked late enough.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from xiaobao.database.places import places
from xiaobao.gateways.payments import Answer, BillLine, Direction, Movement, Result
from xiaobao.kernel.clocks import MINUTE_US

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from xiaobao.gateways.payments import Query

BUSY_SECONDS = 60
_IN_ONE_QUESTION = 500
_MILLION = 1_000_000

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
"""


@dataclass(frozen=True)
class Settings:
    """How the gateway behaves: parts of a million attempts, and the seed that picks them."""

    seed: int = 0
    fail_ppm: int = 10_000
    unknown_moved_ppm: int = 3_000
    unknown_still_ppm: int = 2_000
    twice_ppm: int = 5_000  # answers twice
    known_after_minutes: int = 30  # an unknown result is known from then on


class Totals(NamedTuple):
    direction: Direction
    currency: str
    movements: int
    amount_minor: int


class _Known(NamedTuple):
    """A movement as the gateway's book has it."""

    direction: int
    account: str
    amount_minor: int
    currency: str
    is_moved: bool
    known_us: int
    last_attempt: int


class _Behaviour(NamedTuple):
    result: Result
    moves: bool
    said: str
    answers: int


_CONFIRMS = _Behaviour(Result.CONFIRMED, True, "OK", 1)
_CONFIRMS_TWICE = _Behaviour(Result.CONFIRMED, True, "OK", 2)
_FAILS = _Behaviour(Result.FAILED, False, "ACCOUNT_BUSY", 1)
_LOSES_ANSWER = _Behaviour(Result.UNKNOWN, True, "TIMEOUT", 1)
_STALLS = _Behaviour(Result.UNKNOWN, False, "TIMEOUT", 1)


class TestGateway:
    """See the module; `folder` is where its book lies."""

    __test__ = False  # a gateway for tests, not a test
    name = "test"

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = places().test_gateway if folder is None else folder
        self._kept: tuple[int, sqlite3.Connection] | None = None

    # -- behaving ------------------------------------------------------------------------------

    def settings(self) -> Settings:
        with self._book() as book:
            return _settings(book)

    def set_behaviour(self, settings: Settings) -> None:
        """From now on; attempts made before keep their answers."""
        with self._book() as book:
            book.executemany(
                "INSERT INTO setting VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                asdict(settings).items(),
            )

    # -- moving --------------------------------------------------------------------------------

    def transfer_out(self, movements: Sequence[Movement]) -> list[Answer]:
        return self._move(Direction.OUT, movements)

    def collect(self, movements: Sequence[Movement]) -> list[Answer]:
        return self._move(Direction.IN, movements)

    def _move(self, direction: Direction, movements: Sequence[Movement]) -> list[Answer]:
        with self._book() as book:
            settings = _settings(book)
            known = _known(book, [m.id for m in movements])
            earlier = _earlier(book, [m.id for m in movements])
            answers: list[Answer] = []
            for movement in movements:
                answers += _one(direction, movement, settings, known, earlier)
            _write(book, movements, known, earlier, direction)
        return answers

    # -- telling -------------------------------------------------------------------------------

    def query(self, asked: Sequence[Query]) -> list[Answer]:
        with self._book() as book:
            known = _known(book, [q.id for q in asked])
            earlier = _earlier(book, [q.id for q in asked])
        return [_told(q, known.get(q.id), earlier) for q in asked]

    def bill(self) -> list[BillLine]:
        with self._book() as book:
            rows = book.execute(
                "SELECT id, direction, account, amount_minor, currency FROM movement "
                "WHERE moved_us IS NOT NULL ORDER BY id"
            ).fetchall()
        return [
            BillLine(UUID(bytes=name), Direction(way), account, amount, currency, _ref_of(name))
            for name, way, account, amount, currency in rows
        ]

    def totals(self) -> list[Totals]:
        """What moved, by direction and currency."""
        with self._book() as book:
            rows = book.execute(
                "SELECT direction, currency, count(*), sum(amount_minor) FROM movement "
                "WHERE moved_us IS NOT NULL GROUP BY direction, currency ORDER BY 1, 2"
            ).fetchall()
        return [Totals(Direction(row[0]), *row[1:]) for row in rows]

    # -- keeping -------------------------------------------------------------------------------

    @contextmanager
    def _book(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone with the book: whatever happens, all of it stands or nothing."""
        book = self._opened()
        book.execute("BEGIN IMMEDIATE")
        try:
            yield book
        except BaseException:
            book.execute("ROLLBACK")
            raise
        book.execute("COMMIT")

    def _opened(self) -> sqlite3.Connection:
        """The connection of this process; a child must not use its parent's."""
        if self._kept is None or self._kept[0] != os.getpid():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with (self._folder / "opening.lock").open("a") as lock:
                # Two that make the book at once would refuse each other.
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._kept = (os.getpid(), _open(self._folder / "gateway.sqlite3"))
        return self._kept[1]


def _open(file: Path) -> sqlite3.Connection:
    book = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
    # One flush for each batch, instead of several.
    book.execute("PRAGMA journal_mode = WAL")
    book.execute("PRAGMA synchronous = FULL")
    for statement in _SCHEMA.split(";\n"):
        book.execute(statement)
    return book


def _settings(book: sqlite3.Connection) -> Settings:
    kept = dict(book.execute("SELECT name, value FROM setting"))
    return Settings(**{f.name: kept[f.name] for f in fields(Settings) if f.name in kept})


def _portions(ids: Iterable[UUID]) -> Iterator[list[bytes]]:
    names = [one.bytes for one in dict.fromkeys(ids)]
    for start in range(0, len(names), _IN_ONE_QUESTION):
        yield names[start : start + _IN_ONE_QUESTION]


def _known(book: sqlite3.Connection, ids: Iterable[UUID]) -> dict[UUID, _Known]:
    return {
        UUID(bytes=row[0]): _Known(*row[1:])
        for names in _portions(ids)
        for row in book.execute(
            "SELECT id, direction, account, amount_minor, currency, moved_us IS NOT NULL, "
            f"known_us, last_attempt FROM movement WHERE id IN ({_marks(names)})",
            names,
        )
    }


def _earlier(
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


def _one(
    direction: Direction,
    movement: Movement,
    settings: Settings,
    known: dict[UUID, _Known],
    earlier: dict[tuple[UUID, int], tuple[Result, str]],
) -> list[Answer]:
    """Decide on one movement; `known` and `earlier` grow by it."""
    key = (movement.id, movement.attempt)
    if key in earlier:
        return [_answer(movement, *earlier[key])]
    before = known.get(movement.id)
    content = (direction, movement.account, movement.amount_minor, movement.currency)
    if before is not None and before[:4] != content:
        return [_answer(movement, Result.FAILED, "OTHER_CONTENT")]
    if before is not None and before.is_moved:
        # It moved under an earlier attempt: once is enough.
        earlier[key] = (Result.CONFIRMED, "ALREADY_DONE")
        return [_answer(movement, *earlier[key])]
    does = _behaviour(settings, movement)
    earlier[key] = (does.result, does.said)
    known_us = movement.at_us
    if does.result is Result.UNKNOWN:
        known_us += settings.known_after_minutes * MINUTE_US
    known[movement.id] = _Known(*content, does.moves, known_us, movement.attempt)
    return [_answer(movement, does.result, does.said)] * does.answers


def _behaviour(settings: Settings, movement: Movement) -> _Behaviour:
    seed = f"{settings.seed}/{movement.attempt}/".encode() + movement.id.bytes
    draw = int.from_bytes(blake2b(seed, digest_size=8).digest(), "big") % _MILLION
    for part, does in (
        (settings.fail_ppm, _FAILS),
        (settings.unknown_moved_ppm, _LOSES_ANSWER),
        (settings.unknown_still_ppm, _STALLS),
        (settings.twice_ppm, _CONFIRMS_TWICE),
    ):
        if draw < part:
            return does
        draw -= part
    return _CONFIRMS


def _answer(movement: Movement, result: Result, said: str) -> Answer:
    ref = _ref(movement.id) if result is Result.CONFIRMED else ""
    return Answer(movement.id, result, movement.attempt, ref, said)


def _ref(one: UUID) -> str:
    return _ref_of(one.bytes)


def _ref_of(name: bytes) -> str:
    return f"T{int.from_bytes(name, 'big') % 10**16:016d}"


def _told(
    asked: Query, known: _Known | None, earlier: dict[tuple[UUID, int], tuple[Result, str]]
) -> Answer:
    """What the last attempt came to, in the words it was first told in."""
    if known is None:
        return Answer(asked.id, Result.NOT_FOUND, 0, "", "NOT_FOUND")
    result, said = earlier[asked.id, known.last_attempt]
    if result is Result.UNKNOWN and asked.at_us >= known.known_us:
        result, said = (Result.CONFIRMED, "OK") if known.is_moved else (Result.FAILED, "NOT_MOVED")
    ref = _ref(asked.id) if result is Result.CONFIRMED else ""
    return Answer(asked.id, result, known.last_attempt, ref, said)


def _write(
    book: sqlite3.Connection,
    movements: Sequence[Movement],
    known: dict[UUID, _Known],
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
