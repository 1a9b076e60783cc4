"""Questions about sums that stay frozen with their sellers: what stands, what is due, laws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database import sets
from xiaobao.database.arrays import uuids
from xiaobao.deposits.facts import (
    Authorisations,
    FrozenRow,
    FrozenTotals,
    LodgementState,
    TakingRow,
    Takings,
)
from xiaobao.deposits.store import AUTHORISATION, AUTHORISATION_SPEC, TAKING, TAKING_SPEC
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.ledger import queries as books_now
from xiaobao.ledger.facts import Account, Broken, Why

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from xiaobao.kernel.columns import Int

_STANDS = "amount_minor - taken_minor - let_go_minor - lost_minor"
_FREE = f"{_STANDS} - taking_minor - leaving_minor"


def sellers_to_take_from() -> Int:
    """Sellers of whom more stands frozen than is their own, as it stands now, or ends soon."""
    found = sets.fetch_arrays(
        f"SELECT seller_id, sum({_FREE})::bigint, bool_or(is_told) FROM deposits_authorisation "
        "WHERE look_at IS NOT NULL GROUP BY seller_id ORDER BY 1",
        [],
        {"seller_id": "i8", "free_minor": "i8", "is_told": "bool"},
    )
    seller_id: Int = found["seller_id"]
    if len(seller_id) == 0:
        return seller_id
    # By their keys: a join would read every book there is.
    books = books_now.balances(seller_id)
    held = np.searchsorted(books.seller_id, seller_id)
    own = books.deposit[held] + books.locked[held]
    wanted: Int = seller_id[(found["free_minor"] > own) | found["is_told"]]
    return wanted


def taking_named(seller_ids: Int, hi: Int, lo: Int) -> Takings:
    """These takings as they stand."""
    columns = sets.fetch_arrays(
        f"SELECT {TAKING} FROM deposits_taking t WHERE (t.seller_id, t.taking) IN "
        "(SELECT u.seller_id, u.taking FROM unnest(%s::bigint[], %s::uuid[]) "
        "AS u(seller_id, taking)) ORDER BY t.seller_id, t.taking",
        [seller_ids, uuids(hi, lo)],
        TAKING_SPEC,
    )
    return Takings.of(**columns)


def takings_answered(words: str, until_us: int) -> Takings:
    """Takings that were refused in these words, and are due to be sent again by then."""
    columns = sets.fetch_arrays(
        f"SELECT {TAKING} FROM deposits_taking t WHERE t.next_at <= %s::timestamptz "
        "AND t.state = %s AND t.answer = %s ORDER BY t.seller_id, t.taking",
        [moment_of(until_us), LodgementState.REQUESTED.value, words],
        TAKING_SPEC,
    )
    return Takings.of(**columns)


def next_taking_us() -> int | None:
    """When the next taking is to be sent or asked about; None where none is open."""
    rows = sets.fetch_rows("SELECT min(next_at) FROM deposits_taking WHERE next_at IS NOT NULL")
    return None if rows[0][0] is None else us_of(rows[0][0])


def next_frozen_look_us() -> int | None:
    """When the next frozen sum is to be looked at; None where none stands."""
    rows = sets.fetch_rows(
        "SELECT min(look_at) FROM deposits_authorisation WHERE look_at IS NOT NULL"
    )
    return None if rows[0][0] is None else us_of(rows[0][0])


def frozen_looks_due(until_us: int, limit: int = 256) -> Authorisations:
    """Frozen sums to be looked at by then, earliest first."""
    columns = sets.fetch_arrays(
        f"SELECT {AUTHORISATION} FROM deposits_authorisation a "
        "WHERE a.look_at <= %s::timestamptz ORDER BY a.look_at, a.seller_id, a.lodgement "
        "LIMIT %s",
        [moment_of(until_us), limit],
        AUTHORISATION_SPEC,
    )
    return Authorisations.of(**columns)


def refs_of_frozen(seller_ids: Int, hi: Int, lo: Int) -> dict[tuple[int, UUID], str]:
    """The gateway's own number of each of these sums."""
    rows = sets.fetch_rows(
        "SELECT seller_id, lodgement, gateway_ref FROM deposits_authorisation "
        "WHERE (seller_id, lodgement) IN (SELECT u.seller_id, u.lodgement "
        "FROM unnest(%s::bigint[], %s::uuid[]) AS u(seller_id, lodgement))",
        [seller_ids, uuids(hi, lo)],
    )
    return {(row[0], row[1]): row[2] for row in rows}


_ROW = (
    f"seller_id, lodgement, amount_minor, {_STANDS}, taking_minor, leaving_minor, taken_minor, "
    "let_go_minor, lost_minor, frozen_at, ends_at, gateway_ref"
)


def frozen_of(seller_id: int) -> list[FrozenRow]:
    """A seller's sums that were ever frozen, those that end first before the others."""
    rows = sets.fetch_rows(
        f"SELECT {_ROW} FROM deposits_authorisation WHERE seller_id = %s "
        "ORDER BY ends_at, lodgement",
        [seller_id],
    )
    return [FrozenRow(*row) for row in rows]


def frozen_minor(seller_id: int) -> int:
    """What of a seller's deposit stands frozen in its own account."""
    rows = sets.fetch_rows(
        f"SELECT coalesce(sum({_STANDS}), 0)::bigint FROM deposits_authorisation "
        "WHERE seller_id = %s",
        [seller_id],
    )
    return int(rows[0][0])


def lost_since(seller_id: int, since_us: int) -> int:
    """What of a seller's frozen sums ended before it was taken, from this moment on."""
    rows = sets.fetch_rows(
        "SELECT coalesce(sum(lost_minor), 0)::bigint FROM deposits_authorisation "
        "WHERE seller_id = %s AND lost_at >= %s",
        [seller_id, moment_of(since_us)],
    )
    return int(rows[0][0])


def frozen_total() -> list[tuple[int, int, int]]:
    """By market: how many sums stand frozen, and how much."""
    rows = sets.fetch_rows(
        f"SELECT s.market_id, count(*), sum({_STANDS})::bigint FROM deposits_authorisation a "
        "JOIN sellers_seller s USING (seller_id) WHERE a.look_at IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    return [(row[0], row[1], row[2]) for row in rows]


def frozen_totals() -> FrozenTotals:
    """What became of everything that was ever frozen."""
    rows = sets.fetch_rows(
        "SELECT count(DISTINCT seller_id), count(*), coalesce(sum(amount_minor), 0)::bigint, "
        f"coalesce(sum({_STANDS}), 0)::bigint, coalesce(sum(taken_minor), 0)::bigint, "
        "coalesce(sum(let_go_minor), 0)::bigint, coalesce(sum(lost_minor), 0)::bigint, "
        "(SELECT count(*) FROM deposits_taking WHERE state = %s) FROM deposits_authorisation",
        [LodgementState.CONFIRMED.value],
    )
    return FrozenTotals(*rows[0])


_TAKING = "seller_id, taking, lodgement, amount_minor, state, asked_at, ended_at, attempts, answer"


def takings_of(seller_id: int, limit: int = 50) -> list[TakingRow]:
    """What was asked of a seller's frozen sums, the latest first."""
    rows = sets.fetch_rows(
        f"SELECT {_TAKING} FROM deposits_taking WHERE seller_id = %s "
        "ORDER BY asked_at DESC, taking LIMIT %s",
        [seller_id, limit],
    )
    return [_taking(row) for row in rows]


def at_the_gateway(seller_id: int) -> tuple[int, datetime] | None:
    """What is being taken of a seller's frozen sums, and when it is asked about next.

    None where nothing is: what was never sent can be called back.
    """
    rows = sets.fetch_rows(
        "SELECT sum(amount_minor)::bigint, min(next_at) FROM deposits_taking "
        "WHERE seller_id = %s AND state = %s AND next_at IS NOT NULL",
        [seller_id, LodgementState.UNKNOWN.value],
    )
    return None if rows[0][0] is None else (rows[0][0], rows[0][1])


def takings_in_trouble(limit: int = 50) -> list[TakingRow]:
    """Takings that were refused and are still open, or that nothing stood frozen for any more.

    One that was called back never ended: nothing of it moved, and nothing was lost.
    """
    rows = sets.fetch_rows(
        f"SELECT {_TAKING} FROM deposits_taking WHERE (state = %s AND ended_at IS NOT NULL) "
        "OR (next_at IS NOT NULL AND state = %s AND attempts > 0) "
        "ORDER BY asked_at DESC, taking LIMIT %s",
        [LodgementState.FAILED.value, LodgementState.REQUESTED.value, limit],
    )
    return [_taking(row) for row in rows]


def _taking(row: tuple[Any, ...]) -> TakingRow:
    return TakingRow(row[0], row[1], row[2], row[3], LodgementState(row[4]), *row[5:])


# -- laws ----------------------------------------------------------------------------------------

LAWS = {
    "frozen": (
        "每笔冻结缴存须恰好有一笔授权，金额相同",
        "a deposit that came to stand frozen has its one frozen sum, of the same amount",
    ),
    "frozen_taken": (
        "从冻结资金转支付的金额须等于已确认及进行中的转支付之和",
        "what was taken of a frozen sum, and is being taken, is the sum of its takings",
    ),
    "frozen_lost": (
        "失效的冻结资金须与账本所记一致",
        "what was lost of a seller's frozen sums is what its book says was lost",
    ),
}
_CHECKS = {
    "frozen": (
        "SELECT seller_id, lodgement::text, coalesce(l.amount_minor, 0), "
        "coalesce(a.amount_minor, 0) FROM (SELECT * FROM deposits_lodgement "
        "WHERE is_frozen AND state = 2) l FULL JOIN deposits_authorisation a "
        "USING (seller_id, lodgement) WHERE l.amount_minor IS DISTINCT FROM a.amount_minor"
    ),
    "frozen_taken": (
        "SELECT a.seller_id, a.lodgement::text, "
        "coalesce(t.taken, 0) + coalesce(t.taking, 0), "
        "a.taken_minor + a.besides_minor + a.taking_minor "
        "FROM deposits_authorisation a LEFT JOIN (SELECT seller_id, lodgement, "
        "sum(amount_minor) FILTER (WHERE state = 2)::bigint AS taken, "
        "sum(amount_minor) FILTER (WHERE state IN (1, 4))::bigint AS taking "
        "FROM deposits_taking GROUP BY 1, 2) t USING (seller_id, lodgement) "
        "WHERE (coalesce(t.taken, 0), coalesce(t.taking, 0)) "
        "IS DISTINCT FROM (a.taken_minor + a.besides_minor, a.taking_minor)"
    ),
    "frozen_lost": (
        "SELECT seller_id, 'book', coalesce(a.lost, 0), coalesce(p.lost, 0) FROM "
        "(SELECT seller_id, sum(lost_minor)::bigint AS lost FROM deposits_authorisation "
        "GROUP BY 1 HAVING sum(lost_minor) > 0) a FULL JOIN (SELECT seller_id, "
        f"sum(CASE WHEN target = {Account.OUTSIDE:d} THEN amount ELSE -amount END)::bigint "
        f"AS lost FROM ledger_posting WHERE why = {Why.DEPOSIT_LOST:d} GROUP BY 1) p "
        "USING (seller_id) WHERE coalesce(a.lost, 0) <> coalesce(p.lost, 0)"
    ),
}


def check(limit_per_law: int = 100) -> list[Broken]:
    """Every breach of these laws."""
    return [
        Broken(law, row[0], row[1], int(row[2]), int(row[3]), *LAWS[law])
        for law, query in _CHECKS.items()
        for row in sets.fetch_rows(f"{query} ORDER BY 1, 2 LIMIT %s", [limit_per_law])
    ]
