"""Statements that are transactions by themselves, sent past the driver's cursors.

A cursor takes as long to look at its parameters as a small statement takes to run. What is sent
here is parsed once a connection, and its parameters are bytes already.
"""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING, Any

from psycopg import errors, generators
from psycopg.pq import ExecStatus, Format

from xiaobao.database import sets, trips

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg
    from psycopg.pq.abc import PGresult

    from xiaobao.database.pipeline import Statement

_kept = threading.local()
# Names are never given twice: the server may still have some of those that are forgotten here.
_numbers = itertools.count()


def run_alone(statement: Statement, values: Sequence[bytes]) -> PGresult:
    """Run it on this thread's connection, where no transaction is open.

    :raises psycopg.Error: as a cursor would
    """
    assert not sets.in_transaction(), "what is lost and parsed anew would undo the transaction"
    # What was asked before is answered as of before.
    trips.send()
    connection = sets.kept_connection()
    if getattr(_kept, "connection", None) is not connection:
        _kept.connection, _kept.names = connection, {}
    try:
        return _ran(connection, _kept.names, statement, values)
    except errors.InvalidSqlStatementName:
        # The driver has the server forget all that was parsed when a transaction is undone.
        _kept.names.clear()
        return _ran(connection, _kept.names, statement, values)


def _ran(
    connection: psycopg.Connection[Any],
    names: dict[str, bytes],
    statement: Statement,
    values: Sequence[bytes],
) -> PGresult:
    server = connection.pgconn
    with connection.lock:
        name = names.get(statement.text)
        if name is None:
            name = b"alone_%d" % next(_numbers)
            server.send_prepare(name, statement.text.encode(), statement.types)
            _result(connection)
            names[statement.text] = name
        server.send_query_prepared(name, values, [Format.BINARY] * len(values), Format.BINARY)
        return _result(connection)


def _result(connection: psycopg.Connection[Any]) -> PGresult:
    result: PGresult
    (result,) = connection.wait(generators.execute(connection.pgconn))
    if result.status == ExecStatus.FATAL_ERROR:
        raise errors.error_from_result(result)
    return result
