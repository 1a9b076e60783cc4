"""A connection of an event loop's own: statements are sent while the server still runs others.

Each statement is a transaction by itself, and is answered in the order in which it was sent. No
thread waits for it, and no Python object is built for a parameter or a row.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connections
from psycopg import errors
from psycopg.pq import ExecStatus, Format

from xiaobao.database.plans import KEPT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psycopg.pq.abc import PGresult

    Answered = Callable[[PGresult | psycopg.Error], None]


@dataclass(frozen=True)
class Statement:
    """A text with numbered parameters, and their types as pg_type numbers them."""

    text: str
    types: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Sent:
    text: str
    is_new: bool  # sent with it: the text itself, to be parsed
    answered: Answered


class Pipeline:
    """One connection as the application role; made and used on one event loop."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection, self._server = connection, connection.pgconn
        # Kept, as the driver closes the socket of a lost connection and forgets its number.
        self._socket = connection.pgconn.socket
        self._loop = asyncio.get_running_loop()
        # The names of what this connection has parsed, by text.
        self._names: dict[str, bytes] = {}
        self._parsed = 0
        self._sent: deque[_Sent] = deque()
        self._found: list[PGresult] = []
        self._planned_until = time.monotonic() + KEPT_SECONDS
        self._server.enter_pipeline_mode()
        self._loop.add_reader(self._socket, self._read)
        # Until it is lost: the next connection may get the same number.
        self._is_watched = True

    @classmethod
    async def opened(cls) -> Pipeline:
        """A new connection; the loop goes on meanwhile.

        :raises django.db.Error: if the database cannot be reached
        """
        return cls(await asyncio.to_thread(_connected))

    @property
    def is_lost(self) -> bool:
        return self._connection.closed

    def send(self, statement: Statement, values: Sequence[bytes], answered: Answered) -> None:
        """Have it run after all that was sent before; `answered` is called once."""
        is_new = statement.text not in self._names
        self._sent.append(_Sent(statement.text, is_new, answered))
        try:
            self._throw_old_plans_away()
            if is_new:
                self._parse(statement)
            name = self._names[statement.text]
            formats = [Format.BINARY] * len(values)
            self._server.send_query_prepared(name, values, formats, Format.BINARY)
            self._server.pipeline_sync()
            self._flush()
        except psycopg.Error as fault:
            self._lose(fault)

    def close(self) -> None:
        """Whoever still waits is told that the connection is gone."""
        self._lose(psycopg.OperationalError("the pipeline was closed"))

    def _parse(self, statement: Statement) -> None:
        self._parsed += 1
        name = self._names[statement.text] = b"pipeline_%d" % self._parsed
        self._server.send_prepare(name, statement.text.encode(), statement.types)

    def _throw_old_plans_away(self) -> None:
        """As `plans` does: what was planned for a small table would be slow on a big one."""
        now = time.monotonic()
        if now > self._planned_until:
            self._planned_until = now + KEPT_SECONDS
            self._server.send_query_params(b"DISCARD PLANS", None)

    def _flush(self) -> None:
        if self._server.flush():
            self._loop.add_writer(self._socket, self._write)

    def _write(self) -> None:
        try:
            if not self._server.flush():
                self._loop.remove_writer(self._socket)
        except psycopg.Error as fault:
            self._lose(fault)

    def _read(self) -> None:
        """All that has come: the results of each statement, up to its SYNC."""
        try:
            self._server.consume_input()
            is_between = False
            while self._sent and not self._server.is_busy():
                result = self._server.get_result()
                if result is None and is_between:
                    return
                is_between = result is None
                if result is None:
                    continue
                if result.status == ExecStatus.PIPELINE_SYNC:
                    self._answer()
                else:
                    self._found.append(result)
        except psycopg.Error as fault:
            self._lose(fault)

    def _answer(self) -> None:
        sent, found = self._sent.popleft(), self._found
        self._found = []
        failed = [result for result in found if result.status == ExecStatus.FATAL_ERROR]
        if failed and sent.is_new:
            # It may not have been parsed: then its name stands for nothing.
            self._names.pop(sent.text, None)
        sent.answered(errors.error_from_result(failed[0]) if failed else found[-1])

    def _lose(self, fault: psycopg.Error) -> None:
        if self._is_watched:
            self._is_watched = False
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._connection.close()
        while self._sent:
            self._sent.popleft().answered(fault)


def _connected() -> psycopg.Connection[Any]:
    """As Django connects: in its role, zone and settings; but nobody else's."""
    django = connections.create_connection("default")
    django.ensure_connection()
    connection: psycopg.Connection[Any] = django.connection
    return connection
