"""A few plain movements: their books locked and moved and their lines written at a stroke.

A round trip in place of five, and books are neither sent out nor back.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database import sets
from xiaobao.database.arrays import as_parameter, uuids
from xiaobao.database.pipeline import Statement
from xiaobao.ledger.facts import CEILINGS, FLOORS, Account, Op
from xiaobao.ledger.store.batches import ACCOUNTS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from psycopg.pq.abc import PGresult

    from xiaobao.kernel.columns import Int
    from xiaobao.ledger.rules import Relative

# Above this COPY is quicker.
FEW = 256


def write_few(asked: Relative) -> bool:
    """Write all of these movements, or nothing: whether every book let all of its own.

    :raises psycopg.errors.UniqueViolation: if a key stands already, or comes twice
    """
    touched = _touched(asked)
    params: dict[str, Any] = {"books": len(asked.seller_id)}
    params |= _columns(asked, touched)
    return bool(sets.execute_prepared(_statement(touched, whole=True), params))


def few_by_book(asked: Relative) -> tuple[Statement, list[bytes]]:
    """What writes the movements of those books that let all of their own, for a pipeline."""
    touched = _touched(asked)
    columns = _columns(asked, touched)
    types, values = zip(*map(as_parameter, columns.values()), strict=True)
    return _numbered(touched, tuple(columns), types), list(values)


def moved_by(result: PGresult) -> Int:
    """The books that let their movements stand, once for each movement."""
    cells = [result.get_value(row, 0) or b"" for row in range(result.ntuples)]
    return np.frombuffer(b"".join(cells), ">i8").astype(np.int64)


def _touched(asked: Relative) -> tuple[int, ...]:
    seen = np.bincount(asked.moves.source, minlength=len(ACCOUNTS))
    seen += np.bincount(asked.moves.target, minlength=len(ACCOUNTS))
    return tuple(np.flatnonzero(seen).tolist())


def _columns(asked: Relative, touched: tuple[int, ...]) -> dict[str, NDArray[Any]]:
    """The parameters that are arrays: of the books, and of the movements."""
    m = asked.moves
    of_accounts = {
        f"{what}_{account}": np.ascontiguousarray(column[:, account])
        for account in touched
        for what, column in (
            ("change", asked.change),
            ("least", asked.least),
            ("most", asked.most),
        )
    }
    return of_accounts | {
        "seller": asked.seller_id, "count": asked.count, "last": asked.last_us.view("M8[us]"),
        "book": m.seller_id, "rank": m.rank, "at": m.at_us.view("M8[us]"),
        "amount": m.amount_minor, "out": m.source_run, "in": m.target_run,
        "cause": uuids(m.cause_hi, m.cause_lo), "leg": m.leg.astype("i2"),
        "source": m.source.astype("i2"), "target": m.target.astype("i2"),
        "why": m.why.astype("i2"),
    }  # fmt: skip


@cache
def _numbered(
    touched: tuple[int, ...], names: tuple[str, ...], types: tuple[int, ...]
) -> Statement:
    numbers = {name: f"${number}" for number, name in enumerate(names, 1)}
    return Statement(_statement(touched, whole=False) % numbers, types)


@cache
def _statement(touched: tuple[int, ...], *, whole: bool) -> str:
    """For movements between these accounts.

    Books are locked by their ids before the first is moved: two batches never wait for each other
    in a circle. Every balance is written as it was locked: the statement sees a book as it began,
    and the CHECKs are asked before a version that came meanwhile is. `whole`: if one book objects
    none moves.
    """
    news = ", ".join(
        f"unnest(%({what}_{account})s) AS {what}_{account}"
        for account in touched
        for what in ("change", "least", "most")
    )
    fits = " AND ".join(
        f"{ACCOUNTS[account]} + least_{account} >= {FLOORS[Account(account)]} "
        f"AND {ACCOUNTS[account]} + most_{account} <= {CEILINGS[Account(account)]}"
        for account in touched
    )
    changes = ", ".join(
        f"{name} = f.{name}" + f" + f.change_{account}" * (account in touched)
        for account, name in enumerate(ACCOUNTS)
    )
    kept = ", ".join(["seller_id", "seq", "last_at", *ACCOUNTS])
    told = ["seller_id", "seq", "last_at", *(ACCOUNTS[account] for account in touched)]
    whens = " ".join(f"WHEN {account} THEN m.{ACCOUNTS[account]}" for account in touched)
    return f"""
        WITH b AS MATERIALIZED (
            SELECT {kept} FROM ledger_book WHERE seller_id = ANY(%(seller)s)
            ORDER BY seller_id FOR UPDATE
        ), fit AS MATERIALIZED (
            SELECT b.*, n.count, n.last, {", ".join(f"change_{account}" for account in touched)}
                {", count(*) OVER () AS books" * whole}
            FROM b JOIN (
                SELECT unnest(%(seller)s) AS seller_id, unnest(%(count)s) AS count,
                    unnest(%(last)s) AS last, {news}
            ) AS n USING (seller_id) WHERE {fits}
        ), moved AS (
            UPDATE ledger_book AS k
            SET seq = f.seq + f.count, last_at = greatest(f.last_at, f.last), {changes}
            FROM fit AS f WHERE k.seller_id = f.seller_id {"AND f.books = %(books)s" * whole}
            RETURNING {", ".join(f"f.{name}" for name in told)}
        )
        INSERT INTO ledger_posting (seller_id, seq, at, amount, source_after, target_after,
            expires_at, cause, hold, leg, op, source, target, why)
        SELECT p.book, m.seq + p.rank, greatest(m.last_at, p.at), p.amount,
            CASE p.source {whens} END + p.out, CASE p.target {whens} END + p.in_, 'infinity',
            p.cause, '00000000-0000-0000-0000-000000000000', p.leg, {Op.MOVE.value}, p.source,
            p.target, p.why
        FROM (
            SELECT unnest(%(book)s) AS book, unnest(%(rank)s) AS rank, unnest(%(at)s) AS at,
                unnest(%(amount)s) AS amount, unnest(%(out)s) AS out, unnest(%(in)s) AS in_,
                unnest(%(cause)s) AS cause, unnest(%(leg)s) AS leg, unnest(%(source)s) AS source,
                unnest(%(target)s) AS target, unnest(%(why)s) AS why
        ) AS p JOIN moved AS m ON m.seller_id = p.book
        {"" if whole else "RETURNING seller_id"}
    """
