"""Django's backend for PostgreSQL, save that BEGIN, COMMIT and savepoints travel with others.

psycopg itself stays in autocommit: a transaction's BEGIN waits for its first statement, and its
COMMIT takes along what still waits. Whatever goes by Django's own cursors sends that first. A
savepoint ends once all that was done within it is known to stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import Error
from django.db.backends.postgresql import base
from psycopg import errors, pq

from xiaobao.database import trips

if TYPE_CHECKING:
    from xiaobao.database.trips import Statement


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection, and what waits to be sent on it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.waiting: list[Statement[Any]] = []
        # What this transaction found out and takes for so until it ends.
        self.known: dict[str, Any] = {}
        self._never_begun = ""

    def connect(self) -> None:
        # What waits is asked in the role that the connection has yet to take on.
        waiting, self.waiting = self.waiting, []
        super().connect()
        self.waiting = waiting

    def create_cursor(self, name: str | None = None) -> Any:
        trips.send(self)
        return super().create_cursor(name)

    def _set_autocommit(self, autocommit: bool) -> None:
        self.known.clear()
        if not autocommit:
            trips.usable(self)
            # What was asked before is answered as the transaction sees it.
            self.waiting.insert(0, trips.begin())
        elif not self.connection.autocommit:
            with self.wrap_database_errors:
                self.connection.autocommit = True

    def _commit(self) -> None:
        self.known.clear()
        if self.connection is not None:
            with self.wrap_database_errors:
                trips.commit(self)

    def _rollback(self) -> None:
        self.waiting.clear()
        self.known.clear()
        if self.connection is not None:
            with self.wrap_database_errors:
                self.connection.rollback()

    def _savepoint(self, sid: str) -> None:
        self.waiting.append(trips.plain(self.ops.savepoint_create_sql(sid)))

    def _savepoint_commit(self, sid: str) -> None:
        if sid == self._never_begun:
            return
        begun = self._place_of(sid)
        if begun is not None and begun == len(self.waiting) - 1:
            # Nothing was asked since.
            self.waiting.pop()
            return
        ended = trips.plain(self.ops.savepoint_commit_sql(sid))
        if not self.waiting and not self._has_failed():
            # Nothing can fail any more: it goes with whatever comes next.
            self.waiting.append(ended)
            return
        with self.wrap_database_errors:
            trips.send(self, ended)

    def _savepoint_rollback(self, sid: str) -> None:
        self.known.clear()
        begun = self._place_of(sid)
        if begun is not None:
            del self.waiting[begun:]
            # Django ends it all the same.
            self._never_begun = sid
            return
        self.waiting.clear()
        try:
            super()._savepoint_rollback(sid)  # type: ignore[misc]
        except Error as trouble:
            if not isinstance(trouble.__cause__, errors.InvalidSavepointSpecification):
                raise
            # What had waited when this block began failed, and so it never did: nothing of the
            # block around it stands. That one is told so at its own end, whoever goes on here.
            self._never_begun = sid

    def _has_failed(self) -> bool:
        """Whether nothing can be done until something is undone."""
        return bool(self.connection.info.transaction_status == pq.TransactionStatus.INERROR)

    def _place_of(self, sid: str) -> int | None:
        """Where a savepoint waits to begin; None once it has."""
        query = self.ops.savepoint_create_sql(sid)
        return next((n for n, one in enumerate(self.waiting) if one.query == query), None)

    def _close(self) -> Any:
        self.waiting.clear()
        return super()._close()  # type: ignore[misc]
