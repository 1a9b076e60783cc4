"""A lone posting: its book moved, its line written and its hold made or resolved at a stroke."""

from __future__ import annotations

from functools import cache
from struct import Struct
from typing import TYPE_CHECKING, Any

from psycopg.types.numeric import Int2, Int8

from xiaobao.database import sets
from xiaobao.database.alone import run_alone
from xiaobao.database.arrays import moment_to
from xiaobao.database.pipeline import Statement
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import uuid_of
from xiaobao.ledger.facts import CEILINGS, FLOORS, LEGS, Account, HoldState, Op, Why
from xiaobao.ledger.store.batches import ACCOUNTS

if TYPE_CHECKING:
    from xiaobao.ledger.facts import Postings

_LINE = (
    "INSERT INTO ledger_posting (seller_id, seq, at, amount, source_after, target_after, "
    "expires_at, cause, hold, leg, op, source, target, why)"
)
_RESOLVED_AS = {
    Op.CAPTURE: HoldState.CAPTURED, Op.RELEASE: HoldState.RELEASED, Op.EXPIRE: HoldState.EXPIRED
}  # fmt: skip
# Where a hold may come from, and so where what it frees goes back to.
_HOLDABLE = {
    account.value: account.name.lower()
    for account in Account
    if account not in (Account.LOCKED, Account.FUND)
}


def write_straight(asked: Postings) -> bool:
    """Write a lone posting in one statement; whether its book and its hold let it.

    False, and nothing is written: there is no such book or open hold, or a floor, a ceiling, the
    book's clock or what is held forbids it.

    :raises psycopg.errors.UniqueViolation: if its key or its new hold's name stands already
    """
    if sets.in_transaction():
        row = _row(asked)
        return bool(sets.execute_prepared(_statement(row), _params(row)))
    return bool(run_alone(*straight(asked)).command_tuples)


def straight(asked: Postings) -> tuple[Statement, list[bytes]]:
    """What writes a lone posting where its book and its hold let it, to be sent by itself."""
    row = _row(asked)
    return _numbered(_statement(row)), _values(row)


def _row(asked: Postings) -> dict[str, int]:
    return {name: int(column[0]) for name, column in asked.as_dict().items()}


def _statement(row: dict[str, int]) -> str:
    if row["op"] <= Op.HOLD:
        return _moving(row["op"], row["source"], row["target"])
    return _resolving(row["op"], row["target"])


def _ends(row: dict[str, int]) -> int:
    return row["expires_us"] if row["op"] == Op.HOLD else FAR_US


def _params(row: dict[str, int]) -> dict[str, Any]:
    ends = _ends(row)
    return {
        "seller": Int8(row["seller_id"]), "amount": Int8(row["amount_minor"]),
        "at": moment_of(row["at_us"]).isoformat(), "leg": Int2(row["leg"]),
        "cause": uuid_of(row["cause_hi"], row["cause_lo"]), "why": Int2(row["why"]),
        "hold": uuid_of(row["hold_hi"], row["hold_lo"]),
        "ends": "infinity" if ends >= FAR_US else moment_of(ends).isoformat(),
    }  # fmt: skip


# The same in binary, in their order: how each is laid out, and its type as pg_type numbers it.
_LONG, _SHORT, _PAIR = Struct(">q"), Struct(">h"), Struct(">qq")
_TYPES = {
    "seller": 20, "amount": 20, "at": 1184, "leg": 21, "cause": 2950, "why": 21, "hold": 2950,
    "ends": 1184,
}  # fmt: skip


def _values(row: dict[str, int]) -> list[bytes]:
    return [
        _LONG.pack(row["seller_id"]), _LONG.pack(row["amount_minor"]),
        _LONG.pack(moment_to(row["at_us"])), _SHORT.pack(row["leg"]),
        _PAIR.pack(row["cause_hi"], row["cause_lo"]), _SHORT.pack(row["why"]),
        _PAIR.pack(row["hold_hi"], row["hold_lo"]), _LONG.pack(moment_to(_ends(row))),
    ]  # fmt: skip


@cache
def _numbered(statement: str) -> Statement:
    numbers = {name: f"${number}" for number, name in enumerate(_TYPES, 1)}
    return Statement(statement % numbers, tuple(_TYPES.values()))


@cache
def _moving(op: int, source: int, target: int) -> str:
    """The statement of a lone MOVE or HOLD between two accounts."""
    paying, paid = ACCOUNTS[source], ACCOUNTS[target]
    is_hold = op == Op.HOLD
    in_time = "AND greatest(last_at, %(at)s::timestamptz) < %(ends)s::timestamptz" * is_hold
    made = (
        ", made AS (INSERT INTO ledger_hold (seller_id, amount, captured, expires_at, hold, "
        "cause, source, state) SELECT %(seller)s, %(amount)s, 0, %(ends)s::timestamptz, %(hold)s, "
        f"%(cause)s, {source}, {HoldState.OPEN.value} FROM moved)"
    ) * is_hold
    return f"""
        WITH moved AS (
            UPDATE ledger_book SET seq = seq + 1, last_at = greatest(last_at, %(at)s::timestamptz),
                {paying} = {paying} - %(amount)s, {paid} = {paid} + %(amount)s
            WHERE seller_id = %(seller)s AND {paying} - %(amount)s >= {FLOORS[Account(source)]}
                AND {paid} + %(amount)s <= {CEILINGS[Account(target)]} {in_time}
            RETURNING seq, last_at, {paying} AS source_after, {paid} AS target_after
        ){made}
        {_LINE}
        SELECT %(seller)s, seq, last_at, %(amount)s, source_after, target_after,
            {"%(ends)s::timestamptz" if is_hold else "'infinity'"}, %(cause)s, %(hold)s, %(leg)s,
            {op}, {source}, {target}, %(why)s
        FROM moved
    """


@cache
def _resolving(op: int, target: int) -> str:
    """The statement of a lone CAPTURE, RELEASE or EXPIRE to an account.

    The book is locked before its hold, as in a batch. What a capture leaves goes back in a second
    line. Every balance is written, as it was locked: the statement sees the book as it began, and
    its CHECKs are asked before a version that came meanwhile is.
    """
    paid, is_capture = ACCOUNTS[target], op == Op.CAPTURE
    taken = "%(amount)s" if is_capture else "h.amount"
    fits = (
        "%(amount)s <= h.amount" if is_capture
        else f"%(amount)s IN (0, h.amount) AND h.source = {target}"
    )  # fmt: skip
    in_time = "b.at >= h.expires_at" if op == Op.EXPIRE else "b.at < h.expires_at"
    changes = ", ".join(
        f"{name} = b.{name}"
        + f" + CASE t.source WHEN {account} THEN t.rest ELSE 0 END" * (account in _HOLDABLE)
        + " - t.taken - t.rest" * (account == Account.LOCKED)
        + " + t.taken" * (account == target)
        for account, name in enumerate(ACCOUNTS)
    )
    kept = " ".join(f"WHEN {account} THEN m.{name}" for account, name in _HOLDABLE.items())
    returned = f"""
        UNION ALL SELECT %(seller)s, m.seq, m.last_at, t.rest, m.locked, CASE t.source {kept} END,
            'infinity', %(cause)s, %(hold)s, %(leg)s + {LEGS}, {Op.RETURN.value},
            {Account.LOCKED.value}, t.source, {Why.EXPOSURE_FREED.value}
        FROM told AS t, moved AS m WHERE t.rest > 0
    """
    return f"""
        WITH b AS MATERIALIZED (
            SELECT *, greatest(last_at, %(at)s::timestamptz) AS at FROM ledger_book
            WHERE seller_id = %(seller)s FOR UPDATE
        ), told AS (
            UPDATE ledger_hold AS h SET state = {_RESOLVED_AS[Op(op)].value},
                captured = {"%(amount)s" if is_capture else 0}
            FROM b WHERE h.seller_id = b.seller_id AND h.hold = %(hold)s
                AND h.state = {HoldState.OPEN.value} AND {fits} AND {in_time}
                AND b.{paid} + {taken} <= {CEILINGS[Account(target)]}
            RETURNING h.source, {taken} AS taken, h.amount - {taken} AS rest
        ), moved AS (
            UPDATE ledger_book AS k SET seq = b.seq + 1 + (t.rest > 0)::int, last_at = b.at,
                {changes}
            FROM b, told AS t WHERE k.seller_id = b.seller_id
            RETURNING k.*
        )
        {_LINE}
        SELECT %(seller)s, b.seq + 1, b.at, t.taken, b.locked - t.taken, b.{paid} + t.taken,
            'infinity'::timestamptz, %(cause)s, %(hold)s, %(leg)s, {op}, {Account.LOCKED.value},
            {target}, %(why)s
        FROM b, told AS t
        {returned if is_capture else ""}
    """
