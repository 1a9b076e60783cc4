"""The gateway itself: one transaction of its book for each call."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from xiaobao.database.places import places
from xiaobao.gateways.payments import MOVING, Answer, BillLine, Direction, Query, Result, Way
from xiaobao.gateways.test_gateway import behaving, keeping
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from xiaobao.gateways.payments import Movement
    from xiaobao.gateways.test_gateway.behaving import Settings


# What stays in its owner's account is in no bill.
_MOVES = f"way IN ({', '.join(str(way.value) for way in sorted(MOVING))})"


class Totals(NamedTuple):
    direction: Direction
    currency: str
    movements: int
    amount_minor: int


class TestGateway:
    """See the module; `folder` is where its book lies."""

    __test__ = False  # a gateway for tests, not a test
    name = "test"
    known_after_us = 0  # what it was asked stands in its book before it answers

    def now_us(self) -> int:
        """It knows no clock: see the module."""
        return 0

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = places().test_gateway if folder is None else folder
        self._kept: tuple[int, sqlite3.Connection] | None = None

    # -- behaving ------------------------------------------------------------------------------

    def settings(self) -> Settings:
        with self._book() as book:
            return keeping.settings_in(book)

    def set_behaviour(self, settings: Settings) -> None:
        """From now on; attempts made before keep their answers."""
        with self._book() as book:
            book.executemany(
                "INSERT INTO setting VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                asdict(settings).items(),
            )

    def register_holder(self, account: str, real_name: str) -> None:
        """From now on this account stands in this real name."""
        with self._book() as book:
            book.execute(
                "INSERT INTO holder VALUES (?, ?) "
                "ON CONFLICT (account) DO UPDATE SET real_name = excluded.real_name",
                (account, real_name),
            )

    def end_frozen(self, one: UUID) -> None:
        """What is left of a frozen sum is its owner's again, as when its time is over."""
        with self._book() as book:
            book.execute("INSERT INTO ended VALUES (?) ON CONFLICT DO NOTHING", (one.bytes,))

    def frozen(self) -> dict[UUID, int]:
        """What is left of every sum that stands frozen."""
        with self._book() as book:
            ids = [UUID(bytes=row[0]) for row in book.execute("SELECT id FROM movement")]
            found = keeping.frozen_in(book, ids)
        return {one: now.rest_minor for one, now in found.items() if now.is_open}

    # -- moving --------------------------------------------------------------------------------

    def transfer_out(self, movements: Sequence[Movement]) -> list[Answer]:
        return self._move(Direction.OUT, movements)

    def collect(self, movements: Sequence[Movement]) -> list[Answer]:
        return self._move(Direction.IN, movements)

    def give_up(self, movements: Sequence[Movement]) -> list[Answer]:
        """It takes money at once or not at all: what it does not know cannot come."""
        return self.query([Query.about(one, Direction.IN) for one in movements])

    def _move(self, direction: Direction, movements: Sequence[Movement]) -> list[Answer]:
        with self._book() as book:
            settings = keeping.settings_in(book)
            known = keeping.known_in(book, [m.id for m in movements])
            earlier = keeping.answered_in(book, [m.id for m in movements])
            names = keeping.real_names_in(book)
            frozen = keeping.frozen_in(book, [m.of for m in movements if m.of is not None])
            answers: list[Answer] = []
            for movement in movements:
                answers += behaving.decide(
                    direction, movement, settings, known, earlier, names.get(movement.account),
                    frozen,
                )  # fmt: skip
            keeping.write(book, movements, known, earlier, direction)
        return answers

    # -- telling -------------------------------------------------------------------------------

    def query(self, asked: Sequence[Query]) -> list[Answer]:
        with self._book() as book:
            known = keeping.known_in(book, [q.id for q in asked])
            earlier = keeping.answered_in(book, [q.id for q in asked])
            frozen = keeping.frozen_in(book, [q.id for q in asked if q.way is Way.FROZEN])
        answers = [behaving.told(q, known.get(q.id), earlier) for q in asked]
        ended = {one for one, now in frozen.items() if not now.is_open}
        return [
            a._replace(result=Result.FAILED, said="ENDED") if a.id in ended else a for a in answers
        ]

    def bill(self) -> list[BillLine]:
        with self._book() as book:
            rows = book.execute(
                "SELECT id, direction, account, amount_minor, currency FROM movement "
                f"WHERE moved_us IS NOT NULL AND {_MOVES} ORDER BY id"
            ).fetchall()
        return [
            BillLine(
                UUID(bytes=name), Direction(way), account, amount, currency, behaving.ref_of(name)
            )
            for name, way, account, amount, currency in rows
        ]

    def moved_between(self, begins_us: int, ends_us: int) -> list[tuple[int, BillLine]]:
        """What moved in [begins, ends), each with its moment, in that order."""
        with self._book() as book:
            rows = book.execute(
                "SELECT moved_us, id, direction, account, amount_minor, currency FROM movement "
                f"WHERE moved_us >= ? AND moved_us < ? AND {_MOVES} ORDER BY moved_us, id",
                (begins_us, ends_us),
            ).fetchall()
        return [
            (
                at_us,
                BillLine(
                    UUID(bytes=name),
                    Direction(way),
                    account,
                    amount,
                    currency,
                    behaving.ref_of(name),
                ),
            )
            for at_us, name, way, account, amount, currency in rows
        ]

    def totals(self, before_us: int = FAR_US) -> list[Totals]:
        """What moved before then, by direction and currency."""
        with self._book() as book:
            rows = book.execute(
                "SELECT direction, currency, count(*), sum(amount_minor) FROM movement "
                f"WHERE moved_us < ? AND {_MOVES} GROUP BY direction, currency ORDER BY 1, 2",
                (before_us,),
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
                self._kept = (os.getpid(), keeping.open_book(self._folder / "gateway.sqlite3"))
        return self._kept[1]
