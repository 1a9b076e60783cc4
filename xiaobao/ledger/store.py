"""The only code that locks and writes books, postings and holds: in sets, by binary COPY."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database import sets
from xiaobao.database.arrays import uuids
from xiaobao.ledger.facts import Account, Balances, Books, Entries, Holds

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from xiaobao.kernel.columns import Int
    from xiaobao.ledger.facts import Decision, Postings

ACCOUNTS = [account.name.lower() for account in Account]

_BOOK_SPEC = {"seller_id": "i8", "seq": "i8", "last_at": "ts"} | dict.fromkeys(ACCOUNTS, "i8")
POSTING_SPEC = {
    "seller_id": "i8", "seq": "i8", "at": "ts", "amount": "i8", "source_after": "i8",
    "target_after": "i8", "expires_at": "ts", "cause": "uuid", "hold": "uuid", "leg": "i2",
    "op": "i2", "source": "i2", "target": "i2", "why": "i2",
}  # fmt: skip
_HOLD_SPEC = {
    "seller_id": "i8", "amount": "i8", "captured": "i8", "expires_at": "ts", "hold": "uuid",
    "cause": "uuid", "source": "i2", "state": "i2",
}  # fmt: skip
_SQL_TYPES = {"i8": "bigint", "i2": "smallint", "ts": "timestamptz", "uuid": "uuid"}


def _unnested(spec: dict[str, str]) -> str:
    return ", ".join(f"%s::{_SQL_TYPES[kind]}[]" for kind in spec.values())


_LOCK_BOOKS = f"""
    SELECT {", ".join(_BOOK_SPEC)} FROM ledger_book
    WHERE seller_id = ANY(%s::bigint[]) ORDER BY seller_id FOR UPDATE
"""
_UPDATE_BOOKS = f"""
    UPDATE ledger_book AS b SET {", ".join(f"{c} = n.{c}" for c in _BOOK_SPEC if c != "seller_id")}
    FROM unnest({_unnested(_BOOK_SPEC)}) AS n ({", ".join(_BOOK_SPEC)})
    WHERE b.seller_id = n.seller_id
"""
_ADD_POSTINGS = f"""
    INSERT INTO ledger_posting ({", ".join(POSTING_SPEC)})
    SELECT * FROM unnest({_unnested(POSTING_SPEC)})
"""
_POSTINGS_UNDER = f"""
    SELECT {", ".join(f"p.{name}" for name in POSTING_SPEC)}
    FROM unnest(%s::bigint[], %s::uuid[], %s::smallint[]) AS k (seller_id, cause, leg)
    JOIN ledger_posting AS p USING (seller_id, cause, leg)
"""
_HOLDS_NAMED = f"""
    SELECT {", ".join(f"h.{name}" for name in _HOLD_SPEC)}
    FROM (SELECT DISTINCT * FROM unnest(%s::bigint[], %s::uuid[]) AS n (seller_id, hold)) AS n
    JOIN ledger_hold AS h USING (seller_id, hold)
"""
_RESOLVE_HOLDS = """
    UPDATE ledger_hold AS h SET state = n.state, captured = n.captured
    FROM unnest(%s::bigint[], %s::uuid[], %s::smallint[], %s::bigint[])
        AS n (seller_id, hold, state, captured)
    WHERE h.seller_id = n.seller_id AND h.hold = n.hold
"""
_DUE_HOLDS = """
    SELECT seller_id, hold, source, expires_at FROM ledger_hold
    WHERE state = 0 AND expires_at < 'infinity' AND expires_at <= (%s::timestamptz[])[1]
    ORDER BY expires_at, seller_id, hold LIMIT %s
"""
# Above this many rows a COPY is quicker than an INSERT from arrays.
_COPIED_FROM = 64


def open_books(seller_ids: Int, currency: str, at: datetime) -> int:
    """Add the books that are missing; return how many those were."""
    zeros = ", ".join("0" for _ in ACCOUNTS)
    return sets.execute(
        f"INSERT INTO ledger_book (seller_id, currency, seq, last_at, {', '.join(ACCOUNTS)}) "
        f"SELECT s, %s, 0, %s, {zeros} FROM unnest(%s::bigint[]) AS s ORDER BY s "
        "ON CONFLICT DO NOTHING",
        [currency, at, seller_ids],
    )


def hold_books(seller_ids: Int) -> Books:
    """Lock these sellers' books, in the order of their ids, until the transaction ends."""
    found = sets.fetch_arrays(_LOCK_BOOKS, [seller_ids], _BOOK_SPEC)
    return Books(
        seller_id=found["seller_id"],
        seq=found["seq"],
        last_us=found["last_at"],
        balance=np.stack([found[name] for name in ACCOUNTS], axis=1),
    )


def balances_of(books: Books) -> Balances:
    columns = dict(zip(ACCOUNTS, books.balance.T, strict=True))
    return Balances(seller_id=books.seller_id, seq=books.seq, **columns)


def entries_under(asked: Postings) -> Entries:
    """The entries that stand under these postings' keys; their books are locked."""
    found = sets.fetch_arrays(
        _POSTINGS_UNDER,
        [asked.seller_id, uuids(asked.cause_hi, asked.cause_lo), asked.leg.astype("i2")],
        POSTING_SPEC,
    )
    return entries_from(found)


def entries_from(found: dict[str, Int]) -> Entries:
    """Rows of ledger_posting as columns."""
    renamed = {"at": "at_us", "amount": "amount_minor", "expires_at": "expires_us"}
    return Entries(
        **{renamed.get(name, name): column.astype(np.int64) for name, column in found.items()}
    )


def holds_named(asked: Postings) -> Holds:
    """The holds that stand under the names in these postings; their books are locked."""
    if len(asked) == 0:
        return Holds.none()
    found = sets.fetch_arrays(
        _HOLDS_NAMED, [asked.seller_id, uuids(asked.hold_hi, asked.hold_lo)], _HOLD_SPEC
    )
    renamed = {"amount": "amount_minor", "captured": "captured_minor", "expires_at": "expires_us"}
    return Holds(
        **{renamed.get(name, name): column.astype(np.int64) for name, column in found.items()}
    )


def due_holds(until_us: int, limit: int) -> dict[str, Int]:
    """Open holds whose time has run out by then, those that ran out first before the others."""
    return sets.fetch_arrays(
        _DUE_HOLDS,
        [np.array([until_us]).view("M8[us]"), limit],
        {"seller_id": "i8", "hold": "uuid", "source": "i2", "expires_at": "ts"},
    )


def record(decision: Decision) -> None:
    """Write what was decided.

    :raises psycopg.errors.UniqueViolation: if a key or a hold's name stands already
    """
    if len(decision.entries):
        _add_postings(decision.entries)
        _update_books(decision.books)
    if len(decision.made):
        _add_holds(decision.made)
    if len(decision.resolved):
        holds = decision.resolved
        sets.execute(
            _RESOLVE_HOLDS,
            [
                holds.seller_id, uuids(holds.hold_hi, holds.hold_lo), holds.state.astype("i2"),
                holds.captured_minor,
            ],
        )  # fmt: skip


def _add_postings(entries: Entries) -> None:
    columns = entries.as_dict() | {
        "at": entries.at_us, "amount": entries.amount_minor, "expires_at": entries.expires_us
    }  # fmt: skip
    if len(entries) >= _COPIED_FROM:
        sets.copy_in("ledger_posting", columns, POSTING_SPEC)
    else:
        sets.execute(_ADD_POSTINGS, [_parameter(columns, n, k) for n, k in POSTING_SPEC.items()])


def _parameter(columns: dict[str, Int], name: str, kind: str) -> NDArray[Any]:
    if kind == "uuid":
        return uuids(columns[f"{name}_hi"], columns[f"{name}_lo"])
    if kind == "ts":
        return columns[name].view("M8[us]")
    return columns[name].astype(kind)


def _update_books(books: Books) -> None:
    touched = sets.execute(
        _UPDATE_BOOKS,
        [
            books.seller_id, books.seq, books.last_us.view("M8[us]"),
            *np.ascontiguousarray(books.balance.T),
        ],
    )  # fmt: skip
    assert touched == len(books), "a locked book is gone"


def _add_holds(holds: Holds) -> None:
    columns = holds.as_dict() | {
        "amount": holds.amount_minor, "captured": holds.captured_minor,
        "expires_at": holds.expires_us,
    }  # fmt: skip
    sets.copy_in("ledger_hold", columns, _HOLD_SPEC)
