"""Statements sent together: one round trip for several, in the order in which they came.

A read may be asked before its answer is wanted, and a write whose answer nobody needs may wait:
they go out with the next statement that is not put off, or with the transaction's COMMIT. The
server runs them one after another, each seeing what those before it did, as it would otherwise.
Where one fails those after it are not run, and the error is raised by whoever had them sent.
"""

from __future__ import annotations

import threading
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

import psycopg
from django.db import connections

from xiaobao.database import plans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

V = TypeVar("V")
W = TypeVar("W")
# Statements that one connection may keep parsed; whoever asks more of them parses some anew.
MOST_PREPARED = 500
_rowcount = attrgetter("rowcount")


class Statement(Generic[V]):
    """One statement, and its answer once it was sent."""

    __slots__ = ("_answer", "binary", "is_answered", "params", "prepare", "query", "read")

    def __init__(
        self, query: Any, params: Any = None, *, prepare: bool | None = None,
        binary: bool | None = None, read: Callable[[psycopg.Cursor[Any]], V],
    ) -> None:  # fmt: skip
        self.query, self.params, self.prepare, self.binary = query, params, prepare, binary
        self.read = read
        self.is_answered = False
        self._answer: V | None = None

    def hear(self, cursor: psycopg.Cursor[Any]) -> None:
        self._answer = self.read(cursor)
        self.is_answered = True
        if cursor.pgresult is not None:
            # The cursor stays, and what it was told may be large.
            cursor.pgresult.clear()

    @property
    def answer(self) -> V:
        """The answer; where it waits still, or what it waited for was undone, it is asked now."""
        if not self.is_answered:
            django = of_house()
            if self not in django.waiting:
                django.waiting.append(self)
            send(django)
        return cast("V", self._answer)


class Django(Protocol):
    """What is used here of Django's connection, as `engine` makes it."""

    connection: Any
    in_atomic_block: bool
    waiting: list[Statement[Any]]
    known: dict[str, Any]

    def close(self) -> None: ...
    def ensure_connection(self) -> None: ...


class Asked(Generic[W]):
    """What will be made of an answer, once somebody wants it."""

    __slots__ = ("_made", "_statement")

    def __init__(self, statement: Statement[V], made: Callable[[V], W]) -> None:
        self._statement: Statement[Any] = statement
        self._made: Callable[[Any], W] = made

    @property
    def answer(self) -> W:
        return self._made(self._statement.answer)


_here = threading.local()


def of_house() -> Django:
    """The connection that acts and queries of this thread run on."""
    # Each thread has one for good; Django's own way to it takes as long as a small statement.
    found: Django | None = getattr(_here, "house", None)
    if found is None:
        found = _here.house = cast("Django", connections["default"])
    return found


def _nothing(cursor: psycopg.Cursor[Any]) -> None:
    """What BEGIN and its like answer."""


def plain(query: str) -> Statement[None]:
    """A statement that answers nothing."""
    return Statement(query, prepare=False, read=_nothing)


def counted(query: str, params: Any, *, prepare: bool | None) -> Statement[int]:
    """A statement that answers how many rows it touched."""
    return Statement(query, params, prepare=prepare, read=_rowcount)


def known() -> dict[str, Any]:
    """What this transaction found out and takes for so until it ends, whatever others commit."""
    return of_house().known


def begin() -> Statement[None]:
    return plain("BEGIN")


def put_off(statement: Statement[V], made: Callable[[V], W]) -> Asked[W]:
    """Let a statement wait; a write outside a transaction must not, as nothing would send it."""
    of_house().waiting.append(statement)
    return Asked(statement, made)


def run(statement: Statement[V]) -> V:
    """Send a statement, with whatever waits before it."""
    django = of_house()
    send(django, statement)
    return statement.answer


def send(django: Django | None = None, last: Statement[Any] | None = None) -> None:
    """Send whatever waits, and one more after it."""
    django = of_house() if django is None else django
    if last is None and not django.waiting:
        return
    connection = usable(django)
    waiting, django.waiting = django.waiting, []
    _send(connection, waiting if last is None else [*waiting, last])


def commit(django: Django) -> None:
    """End the transaction, with what waits still; one in which nothing was asked is none."""
    waiting, django.waiting = django.waiting, []
    has_begun = django.connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE
    if has_begun or any(one.query != "BEGIN" for one in waiting):
        _send(django.connection, [*waiting, Statement("COMMIT", prepare=False, read=_committed)])


def _committed(cursor: psycopg.Cursor[Any]) -> None:
    """The server undoes a transaction in which a statement failed, and calls that no error."""
    if cursor.statusmessage != "COMMIT":
        raise psycopg.errors.InFailedSqlTransaction("a statement of it failed: nothing stands")


def usable(django: Django) -> psycopg.Connection[Any]:
    """Its connection; a lost one made anew, where no transaction was lost with it."""
    if django.connection is not None and django.connection.closed and not django.in_atomic_block:
        # Django learns of lost connections from its own cursors alone: a server that was started
        # anew would be out of reach for as long as this process lives.
        waiting, django.waiting = django.waiting, []
        django.close()
        django.ensure_connection()
        # What waits outside a transaction is questions: the new one is asked them.
        django.waiting = waiting
    if django.connection is None:
        django.ensure_connection()
    connection: psycopg.Connection[Any] = django.connection
    return connection


def _send(connection: psycopg.Connection[Any], statements: Sequence[Statement[Any]]) -> None:
    plans.throw_old_away(connection)
    cursors = _cursors_of(connection).taken_for(statements)
    if len(statements) == 1:
        _execute(cursors[0], statements[0])
    else:
        try:
            _send_together(connection, cursors, statements)
        except psycopg.Error:
            if connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE:
                _make_good(connection, cursors, statements)
            raise
    for statement, cursor in zip(statements, cursors, strict=True):
        statement.hear(cursor)


def _execute(cursor: psycopg.Cursor[Any], one: Statement[Any]) -> None:
    cursor.execute(one.query, one.params, prepare=one.prepare, binary=one.binary)


def _send_together(
    connection: psycopg.Connection[Any],
    cursors: Sequence[psycopg.Cursor[Any]],
    statements: Sequence[Statement[Any]],
) -> None:
    trouble: psycopg.Error | None = None
    try:
        with connection.pipeline():
            try:
                for cursor, one in zip(cursors, statements, strict=True):
                    _execute(cursor, one)
            except psycopg.Error as first:
                # Raised once the pipeline has ended: what ends it would else be logged.
                trouble = first
    except psycopg.Error as last:
        raise trouble or _first(last) from None
    if trouble is not None:
        raise trouble


def _make_good(
    connection: psycopg.Connection[Any],
    cursors: Sequence[psycopg.Cursor[Any]],
    statements: Sequence[Statement[Any]],
) -> None:
    """Where statements failed together and no transaction will be undone because of it."""
    for statement, cursor in zip(statements, cursors, strict=True):
        if cursor.pgresult is None:
            break
        # Asked anew, a lock of the session would be held twice.
        statement.hear(cursor)
    # The driver takes for parsed what was not run, until a transaction is undone.
    connection.execute("BEGIN", prepare=False)
    connection.rollback()


def _first(error: psycopg.Error) -> psycopg.Error:
    """What failed, rather than what was not run because of it."""
    while isinstance(error, psycopg.errors.PipelineAborted) and isinstance(
        error.__context__, psycopg.Error
    ):
        error = error.__context__
    return error


class _Cursors:
    """Cursors that stay with their connection, each with the statement it was last used for.

    Making one takes as long as a small statement, and one that runs the same text again knows how
    its parameters are written.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        connection.prepared_max = MOST_PREPARED
        self._connection = connection
        self._by_text: dict[str, tuple[str, psycopg.Cursor[Any]]] = {}
        self._spare: list[psycopg.Cursor[Any]] = []

    def taken_for(self, statements: Sequence[Statement[Any]]) -> list[psycopg.Cursor[Any]]:
        """One for each; the last used is the last to be given up."""
        taken = []
        for one in statements:
            # Taken out while it is in use: the same text twice needs two.
            text, cursor = self._by_text.pop(one.query, (one.query, None))
            # The driver knows a text by its being the very same object.
            one.query = text
            taken.append(cursor or self._another())
        for one, cursor in zip(statements, taken, strict=True):
            kept = self._by_text.get(one.query)
            if one.prepare is False or kept is not None:
                self._spare.append(cursor)
            else:
                self._by_text[one.query] = one.query, cursor
        while len(self._by_text) > MOST_PREPARED:
            self._by_text.pop(next(iter(self._by_text)))
        return taken

    def _another(self) -> psycopg.Cursor[Any]:
        return self._spare.pop() if self._spare else psycopg.Cursor(self._connection)


def _cursors_of(connection: psycopg.Connection[Any]) -> _Cursors:
    kept: _Cursors | None = getattr(connection, "kept_cursors", None)
    if kept is None:
        kept = _Cursors(connection)
        connection.kept_cursors = kept  # type: ignore[attr-defined]
    return kept
