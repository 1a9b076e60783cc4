"""Exits, their events, what checks kept, and payments back to sellers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.advances.facts import PayoutState
from xiaobao.database import sets
from xiaobao.database.arrays import uuids
from xiaobao.exits.facts import RULES_VERSION, Exits, Payments
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import uuid_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from xiaobao.exits.facts import Judged, Payee, Things
    from xiaobao.kernel.columns import Int

_SMALL = ("market_id", "scope", "reason", "state", "kind")
_MIDDLE = ("number", "marks", "seq", "tranches", "payments", "attempts", "queries")
_FIXED = ("seller_id", "number", "market_id", "scope", "reason", "asked_minor", "drafted_us")
_SQL_TYPES = {"i2": "smallint", "i4": "integer", "i8": "bigint", "ts": "timestamptz"}


def _kind_of(name: str) -> str:
    if name.endswith("_us"):
        return "ts"
    return "i2" if name in _SMALL else "i4" if name in _MIDDLE else "i8"


def _column_of(name: str) -> str:
    return name.removesuffix("_us") + "_at" if name.endswith("_us") else name


SPEC = {name: _kind_of(name) for name in Exits.names()}
COLUMNS = ", ".join(f"e.{_column_of(name)}" for name in SPEC)
_CHANGED = {n: k for n, k in SPEC.items() if n in {"seller_id", "number"} or n not in _FIXED}
_CHANGED_NAMES = ", ".join(map(_column_of, _CHANGED))
_CHANGED_ARRAYS = ", ".join(f"%s::{_SQL_TYPES[kind]}[]" for kind in _CHANGED.values())
_CHANGES = ", ".join(
    f"{_column_of(n)} = u.{_column_of(n)}" for n in _CHANGED if n not in {"seller_id", "number"}
)
PAYMENT_SPEC = {
    "seller_id": "i8", "payment": "uuid", "market_id": "i2", "number": "i4", "kind": "i2",
    "amount_minor": "i8", "state": "i2", "attempts": "i4", "queries": "i4", "due_us": "ts",
    "next_us": "ts", "lodgement": "uuid",
}  # fmt: skip
PAYMENT_COLUMNS = ", ".join(f"p.{_column_of(name)}" for name in PAYMENT_SPEC)


def _array(values: Int, kind: str) -> NDArray[Any]:
    if kind == "ts":
        return np.ascontiguousarray(values).view("M8[us]")
    return np.ascontiguousarray(values.astype(kind))


# -- exits ---------------------------------------------------------------------------------------


def hold_desk(seller_id: int) -> None:
    """Lock whatever is done about this seller's exits, until the transaction ends."""
    sets.execute("INSERT INTO exits_desk VALUES (%s) ON CONFLICT DO NOTHING", [seller_id])
    sets.execute("SELECT 1 FROM exits_desk WHERE seller_id = %s FOR UPDATE", [seller_id])


def add(one: Exits, *, hi: int, lo: int, digest: int, words: str) -> None:
    columns: dict[str, Any] = {_column_of(n): c for n, c in one.as_dict().items()}
    columns |= {
        "cause_hi": np.array([hi]), "cause_lo": np.array([lo]), "digest": np.array([digest]),
        "words": [words],
    }  # fmt: skip
    spec = {_column_of(n): k for n, k in SPEC.items()}
    sets.copy_in("exits_exit", columns, {**spec, "cause": "uuid", "digest": "i8", "words": "text"})


def change(one: Exits) -> None:
    """Write an exit that is held as it stands now; what was asked stays as it was."""
    columns = one.as_dict()
    sets.execute(
        f"UPDATE exits_exit e SET {_CHANGES} FROM unnest({_CHANGED_ARRAYS}) "
        f"AS u({_CHANGED_NAMES}) WHERE e.seller_id = u.seller_id AND e.number = u.number",
        [_array(columns[name], kind) for name, kind in _CHANGED.items()],
    )


def add_event(
    one: Exits, event: int, *, by: str, amount_minor: int, at_us: int, words: str
) -> None:
    """Write down what happened; `one` stands as it does after it."""
    sets.execute(
        "INSERT INTO exits_event (seller_id, number, seq, event, state, by, amount_minor, "
        "happened_at, words) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            int(one.seller_id[0]), int(one.number[0]), int(one.seq[0]), event,
            int(one.state[0]), by, amount_minor, moment_of(at_us), words,
        ],
    )  # fmt: skip


def add_kept(one: Exits, things: Things, judged: Judged, shares: Int) -> None:
    """Write down what the check of this moment kept, thing by thing."""
    kept = judged.is_standing & ((shares > 0) | judged.is_waited_for)
    rows, of = things.take(kept), judged.take(kept)
    count = len(rows)
    sets.copy_in(
        "exits_kept",
        {
            "seller_id": rows.seller_id, "number": np.full(count, one.number[0]),
            "seq": np.full(count, one.seq[0]), "kind": rows.kind, "subject_id": rows.subject_id,
            "basis_minor": rows.basis_minor, "held_minor": shares[kept],
            "since_at": rows.since_us, "ends_at": of.ends_us, "terms_version": of.version,
            "rules_version": np.full(count, RULES_VERSION), "is_waited_for": of.is_waited_for,
        },
        {
            "seller_id": "i8", "number": "i4", "seq": "i4", "kind": "i2", "subject_id": "i8",
            "basis_minor": "i8", "held_minor": "i8", "since_at": "ts", "ends_at": "ts",
            "terms_version": "i8", "rules_version": "i2", "is_waited_for": "bool",
        },
    )  # fmt: skip


# -- payments ------------------------------------------------------------------------------------


def add_payment(one: Payments, payee: Payee | None, *, at_us: int) -> None:
    """A payment to be sent; without a payee it waits for one."""
    account, holder, changed_us, by = _named(payee)
    columns: dict[str, Any] = {_column_of(n): c for n, c in one.as_dict().items()}
    columns |= {
        "created_at": np.array([at_us]), "ended_at": one.next_us * 0 + FAR_US,
        "account": [account], "holder": [holder], "gateway_ref": [""], "said": [""],
        "payee_changed_at": np.array([changed_us]), "payee_changed_by": [by],
    }  # fmt: skip
    spec = {_column_of(n): k for n, k in PAYMENT_SPEC.items()}
    spec |= dict.fromkeys(("created_at", "ended_at", "payee_changed_at"), "ts")
    texts = ("account", "holder", "gateway_ref", "said", "payee_changed_by")
    sets.copy_in("exits_payment", columns, spec | dict.fromkeys(texts, "text"))


def _named(payee: Payee | None) -> tuple[str, str, int, str]:
    """What a payment keeps of whom it goes to: account, name, and who changed them when."""
    if payee is None:
        return "", "", FAR_US, ""
    changed_us = FAR_US if payee.changed_at is None else us_of(payee.changed_at)
    return payee.account, payee.holder, changed_us, payee.changed_by


def hold_due_payments(until_us: int, limit: int) -> tuple[Payments, list[str], list[str]]:
    """Payments whose time has come, those that waited longest first, with account and holder."""
    columns = sets.fetch_columns(
        f"SELECT {PAYMENT_COLUMNS}, p.account, p.holder FROM exits_payment p "
        "WHERE p.next_at <= %s::timestamptz AND p.next_at < 'infinity' "
        "ORDER BY p.next_at, p.seller_id, p.payment LIMIT %s",
        [moment_of(until_us), limit],
        {**PAYMENT_SPEC, "account": "text", "holder": "text"},
    )
    account, holder = columns.pop("account").tolist(), columns.pop("holder").tolist()
    return Payments.of(**columns), account, holder


def hold_payments(seller_id: Int, hi: Int, lo: Int) -> Payments:
    """These payments, each once, locked in the order of their names."""
    columns = sets.fetch_arrays(
        f"SELECT {PAYMENT_COLUMNS} FROM exits_payment p WHERE (p.seller_id, p.payment) IN "
        "(SELECT u.seller_id, u.payment FROM unnest(%s::bigint[], %s::uuid[]) "
        "AS u(seller_id, payment)) ORDER BY p.seller_id, p.payment FOR UPDATE OF p",
        [seller_id, uuids(hi, lo)],
        PAYMENT_SPEC,
    )
    return Payments.of(**columns)


def sent_us_of(rows: Payments) -> Int:
    """When each of these was last handed to the gateway, row for row; 0 where it never was."""
    columns = sets.fetch_arrays(
        "SELECT coalesce((SELECT max(e.happened_at) FROM exits_payment_event e "
        "WHERE e.seller_id = u.seller_id AND e.payment = u.payment AND e.state = %s), 'epoch') "
        "FROM unnest(%s::bigint[], %s::uuid[]) WITH ORDINALITY AS u(seller_id, payment, n) "
        "ORDER BY u.n",
        [PayoutState.SENT.value, rows.seller_id, uuids(rows.payment_hi, rows.payment_lo)],
        {"sent_us": "ts"},
    )
    return columns["sent_us"]


def move_payments(rows: Payments, *, at_us: Int, refs: Sequence[str], said: Sequence[str]) -> None:
    """Write where payments that are held stand now, and the step of their history."""
    names = uuids(rows.payment_hi, rows.payment_lo)
    moments = np.ascontiguousarray(at_us).view("M8[us]")
    sets.execute(
        "UPDATE exits_payment p SET state = u.state, attempts = u.attempts, "
        "queries = u.queries, next_at = u.next_at, "
        "ended_at = CASE WHEN u.next_at = 'infinity' THEN u.at ELSE p.ended_at END, "
        "gateway_ref = CASE WHEN u.ref = '' THEN p.gateway_ref ELSE u.ref END, said = u.said "
        "FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[], "
        "%s::timestamptz[], %s::timestamptz[], %s::text[], %s::text[]) "
        "AS u(seller_id, payment, state, attempts, queries, next_at, at, ref, said) "
        "WHERE p.seller_id = u.seller_id AND p.payment = u.payment",
        [
            rows.seller_id, names, rows.state, rows.attempts, rows.queries,
            np.ascontiguousarray(rows.next_us).view("M8[us]"), moments, list(refs), list(said),
        ],
    )  # fmt: skip
    sets.execute(
        "INSERT INTO exits_payment_event (seller_id, payment, happened_at, attempt, state, "
        "gateway_ref, said) SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::timestamptz[], "
        "%s::bigint[], %s::bigint[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING",
        [rows.seller_id, names, moments, rows.attempts, rows.state, list(refs), list(said)],
    )


def name_account(seller_id: int, hi: int, lo: int, payee: Payee, *, at_us: int) -> None:
    """Say where a payment goes that had no account; only while it was never sent.

    While there was none, the platform could not pay: its clock stood still.
    """
    account, holder, changed_us, by = _named(payee)
    changed_at = "infinity" if changed_us >= FAR_US else moment_of(changed_us)
    sets.execute(
        "UPDATE exits_payment SET account = %s, holder = %s, "
        "payee_changed_at = %s::timestamptz, payee_changed_by = %s, "
        "due_at = due_at + (%s::timestamptz - created_at) WHERE seller_id = %s "
        "AND payment = %s AND account = '' AND attempts = 0",
        [account, holder, changed_at, by, moment_of(at_us), seller_id, uuid_of(hi, lo)],
    )


def mark_reconciled(seller_id: Int, hi: Int, lo: Int) -> int:
    """Confirmed payments that the gateway's own book shows too; return how many were new."""
    return sets.execute(
        "UPDATE exits_payment p SET state = %s FROM unnest(%s::bigint[], %s::uuid[]) "
        "AS u(seller_id, payment) WHERE p.seller_id = u.seller_id AND p.payment = u.payment "
        "AND p.state = %s",
        [PayoutState.RECONCILED.value, seller_id, uuids(hi, lo), PayoutState.CONFIRMED.value],
    )
