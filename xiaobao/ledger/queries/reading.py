"""Balances now and at a past moment, statements, totals, debtors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database import sets
from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import Columns
from xiaobao.ledger.facts import Account, Balances, Op, Postings, Why

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from xiaobao.kernel.columns import Int

ACCOUNTS = [account.name.lower() for account in Account]
BALANCES_SPEC = dict.fromkeys(Balances.names(), "i8")
BALANCES = ", ".join(Balances.names())


@dataclass(frozen=True)
class Line:
    """One line of a statement.

    `change_minor` and `after_minor` speak of the account asked for; on the statement of a whole
    book they are None, and the two running balances stand beside each other.
    """

    seq: int
    at: datetime
    op: Op
    source: Account
    target: Account
    amount_minor: int
    source_after: int
    target_after: int
    change_minor: int | None
    after_minor: int | None
    why: Why
    cause: UUID
    leg: int
    hold: UUID | None


@dataclass(frozen=True, slots=True)
class Movements(Columns):
    """Postings as they stand, in the order of their books."""

    seller_id: Int
    cause_hi: Int
    cause_lo: Int
    leg: Int
    op: Int
    source: Int
    target: Int
    amount_minor: Int
    source_after: Int
    target_after: Int


@dataclass(frozen=True)
class TrialRow:
    """One account summed over every book of one currency."""

    currency: str
    account: Account
    books: int
    sum_minor: int


def balances(seller_ids: Int) -> Balances:
    """The books of these sellers as they stand, by id; a seller without a book has no row."""
    found = sets.fetch_arrays(
        f"SELECT {BALANCES} FROM ledger_book WHERE seller_id = ANY(%s::bigint[]) "
        "ORDER BY seller_id",
        [seller_ids],
        BALANCES_SPEC,
    )
    return Balances(**found)


LINE = "seq, at, op, source, target, amount, source_after, target_after, why, cause, leg, hold"


BY_NUMBER: Order[Line] = Order(
    (Part("seq", is_descending=True),), lambda line: (line.seq,)
)  # fmt: skip


def statement(
    seller_id: int,
    account: Account | None = None,
    before_seq: int | None = None,
    limit: int = 50,
    *,
    place: Place | None = None,
) -> list[Line]:
    """The last lines of a book or of one of its accounts, newest first.

    The next page begins before the `seq` of this page's last line.
    """
    place = Place((before_seq,)) if before_seq is not None else place
    rows = sets.fetch_rows(
        f"SELECT {LINE} FROM ledger_posting WHERE seller_id = %(seller)s "
        "AND (%(account)s::smallint IS NULL OR source = %(account)s OR target = %(account)s)"
        f"{BY_NUMBER.after(place)}{BY_NUMBER.by(place)} LIMIT %(limit)s",
        {"seller": seller_id, "account": None if account is None else int(account), "limit": limit}
        | BY_NUMBER.params(place),
    )
    return straight([line_of(row, account) for row in rows], place)


def lines_under(seller_id: int, causes: Sequence[UUID]) -> list[Line]:
    """The postings of a book under these causes, in the order in which they were made."""
    rows = sets.fetch_rows(
        f"SELECT {LINE} FROM ledger_posting WHERE seller_id = %s AND cause = ANY(%s) ORDER BY seq",
        [seller_id, list(causes)],
    )
    return [line_of(row, None) for row in rows]


def movements_of(seller_ids: Int) -> Movements:
    """Every posting of these sellers, by seller and number, as columns."""
    spec = {
        "seller_id": "i8", "cause": "uuid", "leg": "i2", "op": "i2", "source": "i2",
        "target": "i2", "amount_minor": "i8", "source_after": "i8", "target_after": "i8",
    }  # fmt: skip
    return Movements(
        **sets.fetch_arrays(
            "SELECT seller_id, cause, leg, op, source, target, amount, source_after, target_after "
            "FROM ledger_posting WHERE seller_id = ANY(%s::bigint[]) ORDER BY seller_id, seq",
            [seller_ids],
            spec,
        )
    )


def line_of(row: tuple[Any, ...], account: Account | None) -> Line:
    seq, at, op, source, target, amount, source_after, target_after, why, cause, leg, hold = row
    is_in = target == account
    return Line(
        seq=seq,
        at=at,
        op=Op(op),
        source=Account(source),
        target=Account(target),
        amount_minor=amount,
        source_after=source_after,
        target_after=target_after,
        change_minor=None if account is None else amount if is_in else -amount,
        after_minor=None if account is None else target_after if is_in else source_after,
        why=Why(why),
        cause=cause,
        leg=leg,
        hold=hold if hold.int else None,
    )


def balance_at(seller_id: int, moment: datetime) -> Balances:
    """The book as it stood after everything up to and at `moment`; no row without a book.

    A book's clock never runs back, so the last posting by then is found by halving the numbers;
    then each account's last posting up to there is looked for, newest first.
    """
    seq = _last_seq(seller_id, moment)
    if seq is None:
        return Balances(**dict.fromkeys(Balances.names(), np.zeros(0, np.int64)))
    columns = ", ".join(
        f"""coalesce((SELECT CASE WHEN target = {account.value} THEN target_after
            ELSE source_after END FROM ledger_posting
            WHERE seller_id = b.seller_id AND seq <= b.seq
            AND (source = {account.value} OR target = {account.value})
            ORDER BY seq DESC LIMIT 1), 0) AS {account.name.lower()}"""
        for account in Account
    )
    found = sets.fetch_arrays(
        f"SELECT seller_id, seq, {columns} FROM (SELECT %s::bigint, %s::bigint) "
        "AS b (seller_id, seq)",
        [seller_id, seq],
        BALANCES_SPEC,
    )
    return Balances(**found)


def _last_seq(seller_id: int, moment: datetime) -> int | None:
    """The number of the last posting by `moment` (0: none yet); None without a book."""
    book = sets.fetch_rows("SELECT seq FROM ledger_book WHERE seller_id = %s", [seller_id])
    if not book:
        return None
    # low is at or before the moment, high is after it.
    found = sets.fetch_rows(
        """
        WITH RECURSIVE halving (low, high) AS (
            SELECT 0::bigint, %s::bigint + 1
            UNION ALL
            SELECT CASE WHEN p.at <= %s THEN p.seq ELSE h.low END,
                   CASE WHEN p.at <= %s THEN h.high ELSE p.seq END
            FROM halving AS h
            JOIN ledger_posting AS p ON p.seller_id = %s AND p.seq = (h.low + h.high) / 2
            WHERE h.high - h.low > 1
        )
        SELECT max(low) FROM halving
        """,
        [book[0][0], moment, moment, seller_id],
    )
    return int(found[0][0])


def trial_balance() -> list[TrialRow]:
    """Each account summed over all books, per currency; each currency sums to zero."""
    sums = ", ".join(f"sum({name})::numeric" for name in ACCOUNTS)
    rows = sets.fetch_rows(
        f"SELECT currency, count(*), {sums} FROM ledger_book GROUP BY currency ORDER BY currency"
    )
    return [
        TrialRow(row[0], account, row[1], int(amount))
        for row in rows
        for account, amount in zip(Account, row[2:], strict=True)
    ]


def moved_since(seller_ids: Int, account: Account, why: Why, since_us: Int) -> Int:
    """How much came into each book's account for one purpose after its moment, row for row.

    A book's clock never runs back: its lines are read from the last one back to the moment.
    """
    found = sets.fetch_arrays(
        "SELECT u.n, (SELECT coalesce(sum(p.amount), 0)::bigint FROM ledger_posting AS p "
        "WHERE p.seller_id = u.seller_id AND p.target = %(account)s AND p.why = %(why)s "
        "AND p.seq > coalesce((SELECT b.seq FROM ledger_posting AS b "
        "WHERE b.seller_id = u.seller_id AND b.at <= u.since ORDER BY b.seq DESC LIMIT 1), 0)) "
        "FROM unnest(%(sellers)s::bigint[], %(since)s::timestamptz[]) WITH ORDINALITY "
        "AS u(seller_id, since, n)",
        {
            "sellers": seller_ids, "since": np.ascontiguousarray(since_us).view("M8[us]"),
            "account": account.value, "why": why.value,
        },
        {"n": "i8", "moved_minor": "i8"},
    )  # fmt: skip
    moved: Int = np.zeros(len(seller_ids), np.int64)
    moved[found["n"] - 1] = found["moved_minor"]
    return moved


def next_expiry_us() -> int | None:
    """When the next open hold runs out; None where none does."""
    found = sets.fetch_rows(
        "SELECT min(expires_at) FROM ledger_hold WHERE state = 0 AND expires_at < 'infinity'"
    )
    return None if found[0][0] is None else us_of(found[0][0])


def seller_spans(books: int = 2_000) -> list[tuple[int, int]]:
    """All sellers with a book, cut into spans of ids (both ends included) of so many books."""
    rows = sets.fetch_rows(
        "SELECT min(seller_id), max(seller_id) FROM (SELECT seller_id, "
        "(row_number() OVER (ORDER BY seller_id) - 1) / %s AS part FROM ledger_book) AS b "
        "GROUP BY part ORDER BY 1",
        [books],
    )
    return [(int(first), int(last)) for first, last in rows]


def posted_for(whys: Sequence[Why], span: tuple[int, int]) -> Postings:
    """The postings of these purposes in the books of a span of sellers, as they were asked for."""
    columns = sets.fetch_columns(
        "SELECT seller_id, cause, leg, op, source, target, amount, why, hold, expires_at, at "
        "FROM ledger_posting WHERE seller_id BETWEEN %s AND %s AND why = ANY(%s::smallint[])",
        [*span, np.array(whys)],
        {
            "seller_id": "i8", "cause": "uuid", "leg": "i2", "op": "i2", "source": "i2",
            "target": "i2", "amount_minor": "i8", "why": "i2", "hold": "uuid",
            "expires_us": "ts", "at_us": "ts",
        },
    )  # fmt: skip
    return Postings(**{name: column.astype(np.int64) for name, column in columns.items()})


def all_postings(rows_at_once: int = 10_000) -> Iterator[list[tuple[Any, ...]]]:
    """Every posting with its book's currency, by seller and number, in portions; for export."""
    seller_id, seq = -(2**63), 0
    while True:
        rows = sets.fetch_rows(
            "SELECT p.seller_id, p.seq, p.at, b.currency, p.op, p.source, p.target, p.amount, "
            "p.source_after, p.target_after, p.why, p.cause, p.leg, p.hold "
            "FROM ledger_posting AS p JOIN ledger_book AS b USING (seller_id) "
            "WHERE (p.seller_id, p.seq) > (%s, %s) ORDER BY p.seller_id, p.seq LIMIT %s",
            [seller_id, seq, rows_at_once],
        )
        if not rows:
            return
        yield rows
        seller_id, seq = rows[-1][0], rows[-1][1]
