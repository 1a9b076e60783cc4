"""Sets of rows as columns: binary COPY out to numpy and in from it, arrays as parameters.

No Python object is built per row. Everything runs on Django's own connection, so inside the
transaction of the act that calls. What is asked with `ask_…` and done with `write` waits for the
next statement, or for the transaction's end: one round trip for all (see `trips`).
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import psycopg
from django.db import connection, connections, transaction
from psycopg import sql

from xiaobao.database import plans, trips
from xiaobao.database.arrays import read_array
from xiaobao.database.literals import literal
from xiaobao.database.trips import Asked, Statement
from xiaobao.database.wire import (
    COPY_HEADER,
    COPY_TRAILER,
    SQL_TYPES,
    VARYING,
    Layout,
    array_of,
    build_wide,
    count_of,
    fixed_pieces,
    layout_of,
    parse_fixed,
    parse_wide,
    read_cells,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from xiaobao.database.trips import Django

    Params = Sequence[Any] | Mapping[str, Any] | None

V = TypeVar("V")

# Up to so many rows one INSERT is no slower than a COPY, which waits for the server thrice; and
# cells are read one by one in less time than the server takes to plan and gather columns.
FEW = 16


def cursor(using: str = "default") -> psycopg.Cursor[Any]:
    """A plain psycopg cursor on Django's connection: parameters are bound by the server."""
    django = cast("Django", connections[using])
    trips.send(django)
    return psycopg.Cursor(kept_connection() if using == "default" else trips.usable(django))


def execute(query: str, params: Params = None) -> int:
    """Run one statement; return how many rows it touched."""
    return trips.run(trips.counted(query, params, prepare=plans.may_be_kept(params)))


def execute_prepared(query: str, params: Mapping[str, Any]) -> int:
    """As `execute`, for a statement that is asked thousands of times a second."""
    return trips.run(trips.counted(query, params, prepare=True))


def write(query: str, params: Params = None) -> None:
    """Run one statement whose answer nobody needs: inside a transaction, with what comes next."""
    statement = trips.counted(query, params, prepare=plans.may_be_kept(params))
    if in_transaction():
        trips.put_off(statement, int)
    else:
        trips.run(statement)


def kept_connection() -> psycopg.Connection[Any]:
    """The connection of this thread, for statements that are sent past cursors."""
    connection = trips.usable(trips.of_house())
    plans.throw_old_away(connection)
    return connection


def fetch_rows(query: str, params: Params = None) -> list[tuple[Any, ...]]:
    """Few rows, as tuples; for many, `fetch_columns`."""
    return trips.run(_tuples(query, params))


def ask_rows(query: str, params: Params, made: Callable[[list[tuple[Any, ...]]], V]) -> Asked[V]:
    """As `fetch_rows`, and what is `made` of them: asked with what is asked or done next."""
    return trips.put_off(_tuples(query, params), made)


def _tuples(query: str, params: Params) -> Statement[list[tuple[Any, ...]]]:
    kept = plans.may_be_kept(params)
    return Statement(query, params, prepare=kept, binary=True, read=psycopg.Cursor.fetchall)


def fetch_columns(query: str, params: Params, spec: Mapping[str, str]) -> dict[str, NDArray[Any]]:
    """Run `query` and return its columns, in the order of `spec` (name -> kind).

    Columns of fixed width may not be NULL: coalesce them, and select an `is_` column beside.
    Text may not be NULL either.
    """
    with cursor() as cur:
        # COPY takes no bound parameters: psycopg merges them, quoted, on the client.
        statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT BINARY)").format(
            literal(cur, query, params)
        )
        with cur.copy(statement) as copy:
            wire = b"".join(bytes(block) for block in copy)
    body = wire[len(COPY_HEADER) : len(wire) - len(COPY_TRAILER)]
    if "text" in spec.values():
        return parse_wide(body, spec)
    return parse_fixed(body, spec)


def fetch_arrays(query: str, params: Params, spec: Mapping[str, str]) -> dict[str, NDArray[Any]]:
    """As `fetch_columns`, for reads on a hot path: parameters are bound, arrays in binary.

    The server gathers each column into one array. Measured at 6,000 rows: two thirds of the time
    of a COPY. Where the keys, which come first, are few, so are the rows: then they are read cell
    by cell. The query may lock rows; it may not change any. No text.
    """
    return trips.run(_columns(query, params, spec))


def ask_arrays(
    query: str, params: Params, spec: Mapping[str, str], made: Callable[..., V]
) -> Asked[V]:
    """As `fetch_arrays`, and what is `made` of them by name: asked with what comes next."""
    return trips.put_off(_columns(query, params, spec), lambda columns: made(**columns))


def _columns(
    query: str, params: Params, spec: Mapping[str, str]
) -> Statement[dict[str, NDArray[Any]]]:
    layout = layout_of(tuple(spec.items()))
    if _are_few(params):
        return Statement(query, params, binary=True, read=partial(_cells, layout))
    prepare = plans.may_be_kept(params)
    return Statement(
        _gathered(query, layout), params, prepare=prepare, binary=True, read=partial(_arrays, spec)
    )


def _cells(layout: Layout, cur: psycopg.Cursor[Any]) -> dict[str, NDArray[Any]]:
    assert cur.pgresult is not None
    return read_cells(cur.pgresult, layout)


def _arrays(spec: Mapping[str, str], cur: psycopg.Cursor[Any]) -> dict[str, NDArray[Any]]:
    result = cur.pgresult
    assert result is not None
    out: dict[str, NDArray[Any]] = {}
    for place, (name, kind) in enumerate(spec.items()):
        values = read_array(result.get_value(0, place), kind)
        if kind == "uuid":
            halves = np.ascontiguousarray(values).view(">i8").reshape(-1, 2)
            out[f"{name}_hi"] = halves[:, 0].astype("i8")
            out[f"{name}_lo"] = halves[:, 1].astype("i8")
        else:
            out[name] = values
    return out


def _are_few(params: Params) -> bool:
    values: Iterable[Any] = params.values() if isinstance(params, dict) else params or ()
    keys: Any = next(iter(values), None)
    return isinstance(keys, np.ndarray) and keys.dtype == np.int64 and len(keys) <= FEW


@lru_cache(maxsize=1000)
def _gathered(query: str, layout: Layout) -> str:
    gathered = ", ".join(f"array_agg({name})" for name in layout.names)
    return f"SELECT {gathered} FROM ({query}) AS q ({', '.join(layout.names)})"


def copy_in(
    table: str,
    columns: Mapping[str, Any],
    spec: Mapping[str, str],
    nulls: Mapping[str, NDArray[np.bool_]] | None = None,
) -> int:
    """COPY columns into `table` in one go, or INSERT them where they are few; how many rows.

    `spec` names table columns and kinds; a `uuid` column NAME is read from NAME_hi and NAME_lo.
    `nulls` marks, per column, the rows that are NULL.
    """
    count = count_of(columns, spec)
    if count == 0:
        return 0
    if count <= FEW and not nulls:
        rows = [array_of(columns, name, kind) for name, kind in spec.items()]
        return execute(insert_of(table, tuple(spec.items())), rows)
    if nulls or not VARYING.isdisjoint(spec.values()):
        pieces: Iterable[bytes] = (build_wide(columns, spec, nulls or {}, count),)
    else:
        pieces = fixed_pieces(columns, spec, count)
    names = sql.SQL(", ").join(sql.Identifier(name) for name in spec)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), names
    )
    with cursor() as cur, cur.copy(statement) as copy:
        copy.write(COPY_HEADER)
        for piece in pieces:
            copy.write(piece)
        copy.write(COPY_TRAILER)
    plans.wrote(count)
    return count


def put_in(table: str, columns: Mapping[str, Any], spec: Mapping[str, str]) -> None:
    """As `copy_in`, for rows that nobody asks about next: few wait for the next statement.

    A row that stands already is then an error of whatever is sent next, or of the COMMIT.
    """
    count = count_of(columns, spec)
    if count > FEW:
        copy_in(table, columns, spec)
    elif count:
        rows = [array_of(columns, name, kind) for name, kind in spec.items()]
        write(insert_of(table, tuple(spec.items())), rows)


@lru_cache(maxsize=1000)
def insert_of(table: str, spec: tuple[tuple[str, str], ...]) -> str:
    """An INSERT of rows given as one array per column."""
    # In a SELECT list arrays are read in step, row by row; in FROM they would be stored first.
    rows = ", ".join(f"unnest(%b::{SQL_TYPES[kind]}[])" for _, kind in spec)
    return f"INSERT INTO {table} ({', '.join(name for name, _ in spec)}) SELECT {rows}"


def rows_of(*kinds: str) -> str:
    """Arrays given as parameters, as rows to look other rows up by their keys.

    Each goes by the index, for how many there are is kept from the planner: it would take
    thousands for two hundred different ones, and rather read and hash all of the table (measured
    at 8,192 of 100,000 orders: 140 ms for 55, and more with each order).
    """
    return f"(SELECT {', '.join(f'unnest({given})' for given in _given(kinds))})"


def numbered_rows_of(*kinds: str) -> str:
    """The same with their numbers, from 1 on, as the last column."""
    return f"unnest({', '.join(_given(kinds))}) WITH ORDINALITY"


def _given(kinds: Sequence[str]) -> list[str]:
    return [f"(SELECT %b::{SQL_TYPES[kind]}[])" for kind in kinds]


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Read as of one moment, whatever others commit; inside a transaction, as that one reads."""
    if in_transaction():
        yield
        return
    # What was asked before would begin the transaction, which has to be told how first.
    trips.send()
    with transaction.atomic():
        # By Django's own cursor: to throw old plans away first would count as having read.
        with connection.cursor() as first:
            first.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def one_transaction() -> Iterator[None]:
    """The caller's transaction where there is one, else one of its own.

    For steps of larger acts: a savepoint for each would ask the server twice more. What such a
    step has written when it raises is undone with all that its caller did.
    """
    if in_transaction():
        yield
        return
    with transaction.atomic():
        yield


def in_transaction() -> bool:
    return trips.of_house().in_atomic_block


def locks_rows() -> bool:
    """Whether our own code is in a transaction; one that a test is wrapped in holds up nobody."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
