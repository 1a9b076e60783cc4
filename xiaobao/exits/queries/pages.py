"""Exits by seller: the one under way, what is due, payments, lists, one exit whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import numpy as np

from xiaobao.advances.facts import PayoutState
from xiaobao.database import sets
from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.deposits import queries as deposits
from xiaobao.exits.facts import (
    WAITS_WORDS,
    Blocker,
    EventRow,
    ExitDetail,
    ExitEvent,
    ExitRow,
    Exits,
    ExitState,
    HeldRow,
    Mark,
    PaymentKind,
    PaymentRow,
    Payments,
    Reason,
    Scope,
    WaitRow,
)
from xiaobao.exits.queries.payees import payee_of
from xiaobao.exits.rules.lifecycle import UNDER_WAY
from xiaobao.exits.store import COLUMNS, PAYMENT_COLUMNS, PAYMENT_SPEC, SPEC
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import uuid_of
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.exits.facts import Payee


class ExitUnknown(Problem):
    code = "exit_unknown"
    status: ClassVar[int] = 404
    zh = "卖家“{seller}”没有退保记录；用 xiaobao exits apply 申请"
    en = "seller '{seller}' has no exit; apply with xiaobao exits apply"


# -- as acts need them ---------------------------------------------------------------------------


def exit_under_way(seller_id: int) -> Exits:
    """The exit this seller has under way, or none; of two the later, which was forced."""
    return Exits.of(
        **sets.fetch_arrays(
            f"SELECT {COLUMNS} FROM exits_exit e WHERE e.seller_id = %s "
            "AND e.state = ANY(%s::smallint[]) ORDER BY e.number DESC LIMIT 1",
            [seller_id, np.array(UNDER_WAY, np.int16)],
            SPEC,
        )
    )


def exit_numbered(seller_id: int, number: int) -> Exits:
    return Exits.of(
        **sets.fetch_arrays(
            f"SELECT {COLUMNS} FROM exits_exit e WHERE e.seller_id = %s AND e.number = %s",
            [seller_id, number],
            SPEC,
        )
    )


def known_under(seller_id: int, hi: int, lo: int) -> tuple[int, int] | None:
    """Number and digest of the exit this key asked for before."""
    rows = sets.fetch_rows(
        "SELECT number, digest FROM exits_exit WHERE seller_id = %s AND cause = %s",
        [seller_id, uuid_of(hi, lo)],
    )
    return (rows[0][0], rows[0][1]) if rows else None


def last_number(seller_id: int) -> int:
    rows = sets.fetch_rows(
        "SELECT coalesce(max(number), 0) FROM exits_exit WHERE seller_id = %s", [seller_id]
    )
    return int(rows[0][0])


def due_exits(until_us: int, limit: int) -> list[tuple[int, int, int]]:
    """Seller, number and moment of the exits whose clock ran out by then, earliest first."""
    rows = sets.fetch_rows(
        "SELECT seller_id, number, next_at FROM exits_exit WHERE next_at <= %s "
        "AND next_at < 'infinity' ORDER BY next_at, seller_id LIMIT %s",
        [moment_of(until_us), limit],
    )
    return [(row[0], row[1], us_of(row[2])) for row in rows]


def next_due_us() -> int | None:
    """When the clock of the first exit runs out; None where none runs."""
    rows = sets.fetch_rows("SELECT min(next_at) FROM exits_exit WHERE next_at < 'infinity'")
    return None if rows[0][0] is None else us_of(rows[0][0])


def next_refund_us() -> int | None:
    """When the next payment to a seller is to be sent, sent again, or asked about."""
    rows = sets.fetch_rows("SELECT min(next_at) FROM exits_payment WHERE next_at < 'infinity'")
    return None if rows[0][0] is None else us_of(rows[0][0])


# Said of a failed payment whose money another one carries now.
GIVEN_UP = "GIVEN_UP"
_GONE = (
    PayoutState.CONFIRMED.value, PayoutState.RECONCILED.value, PayoutState.PAID_UNOWED.value,
)  # fmt: skip
# Nothing is left to do about these, and the book owes nothing for them.
ENDED = (*_GONE, PayoutState.STOPPED.value)


def open_payments(seller_id: int, number: int) -> int:
    """How many payments of an exit have not arrived."""
    rows = sets.fetch_rows(
        "SELECT count(*) FROM exits_payment WHERE seller_id = %s AND number = %s "
        "AND NOT state = ANY(%s) AND said <> %s",
        [seller_id, number, list(ENDED), GIVEN_UP],
    )
    return int(rows[0][0])


def failed_payments(seller_id: int) -> Payments:
    """Payments that failed and have not been given up for another account."""
    return Payments.of(
        **sets.fetch_arrays(
            f"SELECT {PAYMENT_COLUMNS} FROM exits_payment p WHERE p.seller_id = %s "
            "AND p.state = %s AND p.said <> %s ORDER BY p.payment",
            [seller_id, PayoutState.FAILED.value, GIVEN_UP],
            PAYMENT_SPEC,
        )
    )


def letting_go(seller_id: int, lodgement: tuple[int, int]) -> Payments:
    """Payments that are to let go of parts of this frozen sum, not answered yet."""
    return Payments.of(
        **sets.fetch_arrays(
            f"SELECT {PAYMENT_COLUMNS} FROM exits_payment p WHERE p.seller_id = %s "
            "AND p.lodgement = %s AND NOT p.state = ANY(%s) AND p.said <> %s ORDER BY p.payment",
            [seller_id, uuid_of(*lodgement), list(ENDED), GIVEN_UP],
            PAYMENT_SPEC,
        )
    )


def sent_to(seller_id: int, hi: int, lo: int) -> tuple[str, str]:
    """The account and the real name a payment goes to."""
    rows = sets.fetch_rows(
        "SELECT account, holder FROM exits_payment WHERE seller_id = %s AND payment = %s",
        [seller_id, uuid_of(hi, lo)],
    )
    return rows[0][0], rows[0][1]


def paid_refunds() -> Payments:
    """Every payment that left, reconciled or not; what was let go of never moved."""
    return Payments.of(
        **sets.fetch_arrays(
            f"SELECT {PAYMENT_COLUMNS} FROM exits_payment p WHERE p.state = ANY(%s) "
            "AND p.lodgement = %s",
            [list(_GONE), UUID(int=0)],
            PAYMENT_SPEC,
        )
    )


# -- for people ----------------------------------------------------------------------------------

_ROW = (
    "e.seller_id, e.number, e.market_id, e.scope, e.reason, e.state, e.marks, "
    "e.asked_minor, e.locked_minor, e.sent_minor, e.paid_minor, e.interest_minor, e.held_minor, "
    "e.drafted_at, nullif(e.submitted_at, 'infinity'), nullif(e.quiet_until_at, 'infinity'), "
    "nullif(e.review_due_at, 'infinity'), nullif(e.approved_at, 'infinity'), "
    "nullif(e.payout_due_at, 'infinity'), nullif(e.ended_at, 'infinity'), "
    "nullif(e.next_at, 'infinity'), e.words "
    "FROM exits_exit e"
)


BY_PRESSURE: Order[ExitRow] = Order(
    (
        Part("e.next_at", "ts"), Part("e.review_due_at", "ts"), Part("e.seller_id"),
        Part("e.number"),
    ),
    lambda row: (row.next_at, row.review_due_at, row.seller_id, row.number),
)  # fmt: skip


def exits_listed(
    *,
    state: ExitState | None = None,
    seller_id: int | None = None,
    place: Place | None = None,
    limit: int = 100,
) -> list[ExitRow]:
    """Exits for a list: those the platform's clock presses for first."""
    rows = sets.fetch_rows(
        f"SELECT {_ROW} WHERE (%(state)s::smallint IS NULL OR e.state = %(state)s) "
        "AND (%(seller)s::bigint IS NULL OR e.seller_id = %(seller)s)"
        f"{BY_PRESSURE.after(place)}{BY_PRESSURE.by(place)} LIMIT %(limit)s",
        {"state": state, "seller": seller_id, "limit": limit} | BY_PRESSURE.params(place),
    )
    names = sellers.names_of(np.unique(np.array([row[0] for row in rows], np.int64)))
    currencies = {one.market_id: one.currency for one in promises.markets()}
    found = [_exit_row(row, names[row[0]], currencies[row[2]]) for row in rows]
    return straight(found, place)


def _exit_row(row: Sequence[Any], name: str, currency: str) -> ExitRow:
    seller_id, number, _, scope, reason, state, marks, *rest = row
    return ExitRow(
        seller_id, name, number, currency, Scope(scope),
        Reason(reason), ExitState(state), bool(marks & Mark.LATE), *rest,
    )  # fmt: skip


def exit_detail(seller_id: int, seller: str, number: int | None = None) -> ExitDetail:
    """One exit whole: the latest, where none is named.

    :raises ExitUnknown: if there is none
    """
    rows = sets.fetch_rows(
        f"SELECT {_ROW} WHERE e.seller_id = %s AND (%s::integer IS NULL OR e.number = %s) "
        "ORDER BY e.number DESC LIMIT 1",
        [seller_id, number, number],
    )
    if not rows:
        raise ExitUnknown(seller=seller)
    row = _exit_row(rows[0], seller, promises.market_of(rows[0][2]).currency)
    key = [seller_id, row.number]
    return ExitDetail(row, _held(key), _events(key), _payments(key), _wait(row))


def _wait(row: ExitRow) -> WaitRow | None:
    """What its money waits for: nobody knows yet what becomes of a part that is being taken."""
    if row.state not in (ExitState.APPROVED, ExitState.PAYING) or row.next_at is None:
        return None
    found = deposits.at_the_gateway(row.seller_id)
    return None if found is None else WaitRow(*found, *WAITS_WORDS)


def _held(key: list[int]) -> tuple[HeldRow, ...]:
    """What the latest check kept, those that end first before the others."""
    rows = sets.fetch_rows(
        "SELECT kind, subject_id, held_minor, ends_at, terms_version FROM exits_kept k "
        "WHERE seller_id = %s AND number = %s AND seq = (SELECT max(seq) FROM exits_kept "
        "WHERE seller_id = k.seller_id AND number = k.number) "
        "ORDER BY ends_at, kind, subject_id",
        key,
    )
    return tuple(HeldRow(Blocker(r[0]), r[1], r[2], r[3], promises.clause_of(r[4])) for r in rows)


def _events(key: list[int]) -> tuple[EventRow, ...]:
    rows = sets.fetch_rows(
        "SELECT seq, event, state, by, amount_minor, words, happened_at FROM exits_event "
        "WHERE seller_id = %s AND number = %s ORDER BY seq",
        key,
    )
    return tuple(EventRow(r[0], ExitEvent(r[1]), ExitState(r[2]), *r[3:]) for r in rows)


def _payments(key: list[int]) -> tuple[PaymentRow, ...]:
    """Each payment; one without an account waits until a changed one may be paid to."""
    payee = payee_of(key[0])
    rows = sets.fetch_rows(
        "SELECT payment, kind, amount_minor, state, attempts, account, holder, created_at, "
        "nullif(next_at, 'infinity'), nullif(ended_at, 'infinity'), gateway_ref, said, "
        "lodgement <> '00000000-0000-0000-0000-000000000000', "
        "nullif(payee_changed_at, 'infinity'), payee_changed_by FROM exits_payment "
        "WHERE seller_id = %s AND number = %s ORDER BY created_at, payment",
        key,
    )
    return tuple(_payment(row, payee) for row in rows)


def _payment(row: Sequence[Any], payee: Payee) -> PaymentRow:
    payment, kind, amount_minor, state, *rest = row
    told = PaymentKind(kind), amount_minor, PayoutState(state)
    return PaymentRow(payment, *told, *rest, *[_waits_until(row, payee)])


def _waits_until(row: Sequence[Any], payee: Payee) -> datetime | None:
    """Of a payment that has no account yet: until when, where what is bound was changed."""
    _, _, _, state, _, account, _, created_at, *_, is_let_go, _, _ = row
    is_waiting = state == PayoutState.CREATED and not account and not is_let_go
    if not is_waiting or payee.paid_from is None or payee.paid_from <= created_at:
        return None
    return payee.paid_from
