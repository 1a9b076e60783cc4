"""Lodgements on their way in, insurance cover and what was drawn from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.database.arrays import uuids
from xiaobao.deposits.facts import CoverAsked, Lodgements, LodgementState
from xiaobao.kernel.references import uuid_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.kernel.columns import Int

LODGEMENT = "seller_id, lodgement, amount_minor, state, asked_at, attempts, is_ending, is_frozen"
LODGEMENT_SPEC = {
    "seller_id": "i8", "lodgement": "uuid", "amount_minor": "i8", "state": "i2",
    "asked_us": "ts", "attempts": "i2", "is_ending": "bool", "is_frozen": "bool",
}  # fmt: skip


def add_lodgements(
    seller_ids: Int, hi: Int, lo: Int, amounts_minor: Int, at: datetime, query_at: datetime,
    *, is_frozen: bool,
) -> int:  # fmt: skip
    """Add the lodgements that are not there; return how many were new."""
    return sets.execute(
        "INSERT INTO deposits_lodgement (seller_id, lodgement, amount_minor, state, asked_at, "
        "next_query_at, is_frozen, attempts, gateway_ref, answer) "
        "SELECT u.seller_id, u.lodgement, u.amount, %s, %s::timestamptz, %s::timestamptz, %s, "
        "0, '', '' FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[]) "
        "AS u(seller_id, lodgement, amount) ORDER BY 1, 2 ON CONFLICT DO NOTHING",
        [
            LodgementState.REQUESTED.value, at, query_at, is_frozen, seller_ids, uuids(hi, lo),
            amounts_minor,
        ],
    )  # fmt: skip


def hold_lodgements(seller_ids: Int, hi: Int, lo: Int) -> Lodgements:
    """These lodgements, each once, locked in the order of their keys."""
    columns = sets.fetch_arrays(
        f"SELECT {LODGEMENT} FROM deposits_lodgement WHERE (seller_id, lodgement) IN "
        "(SELECT u.seller_id, u.lodgement FROM unnest(%s::bigint[], %s::uuid[]) "
        "AS u(seller_id, lodgement)) ORDER BY seller_id, lodgement FOR UPDATE",
        [seller_ids, uuids(hi, lo)],
        LODGEMENT_SPEC,
    )
    return Lodgements.of(**columns)


def ask_by(seller_id: int, hi: int, lo: int, *, at: datetime) -> None:
    """The gateway is asked about one lodgement then, or before, if it waits for an answer."""
    sets.execute(
        "UPDATE deposits_lodgement SET next_query_at = least(next_query_at, %s) "
        "WHERE seller_id = %s AND lodgement = %s AND next_query_at IS NOT NULL",
        [at, seller_id, uuid_of(hi, lo)],
    )


def mark_ending(rows: Lodgements) -> None:
    """Mark lodgements that are held as about to be called off at the gateway."""
    sets.execute(
        "UPDATE deposits_lodgement SET is_ending = true WHERE (seller_id, lodgement) IN "
        "(SELECT u.seller_id, u.lodgement FROM unnest(%s::bigint[], %s::uuid[]) "
        "AS u(seller_id, lodgement))",
        [rows.seller_id, uuids(rows.lodgement_hi, rows.lodgement_lo)],
    )


def answer_lodgements(
    rows: Lodgements,
    state: LodgementState,
    *,
    at: datetime,
    next_query_us: Int,
    refs: Sequence[str],
    answer: str,
) -> None:
    """Write what the gateway said about lodgements that are held."""
    sets.execute(
        "UPDATE deposits_lodgement l SET state = %s, answered_at = %s::timestamptz, "
        "next_query_at = nullif(u.query_at, 'infinity'), attempts = l.attempts + 1, "
        "gateway_ref = CASE WHEN u.ref = '' THEN l.gateway_ref ELSE u.ref END, answer = %s, "
        "is_ending = l.is_ending AND %s "
        "FROM unnest(%s::bigint[], %s::uuid[], %s::timestamptz[], %s::text[]) "
        "AS u(seller_id, lodgement, query_at, ref) "
        "WHERE l.seller_id = u.seller_id AND l.lodgement = u.lodgement",
        [
            state.value, at, answer, state is LodgementState.UNKNOWN, rows.seller_id,
            uuids(rows.lodgement_hi, rows.lodgement_lo),
            np.ascontiguousarray(next_query_us).view("M8[us]"), list(refs),
        ],
    )  # fmt: skip


def add_cover(
    seller_id: int,
    cover_id: int,
    name: str,
    insurer: str,
    limit_minor: int,
    premium_minor: int,
    begins_at: datetime,
    ends_at: datetime,
) -> bool:
    """Add a cover unless its name is there; say whether it was new."""
    return bool(
        sets.execute(
            "INSERT INTO deposits_cover (seller_id, cover_id, name, insurer, limit_minor, "
            "premium_minor, drawn_minor, begins_at, ends_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, 0, %s, %s) "
            "ON CONFLICT (seller_id, cover_id) DO NOTHING",
            [seller_id, cover_id, name, insurer, limit_minor, premium_minor, begins_at, ends_at],
        )
    )


def hold_cover(seller_ids: Int, cause_hi: Int, cause_lo: Int, at_us: Int) -> CoverAsked:
    """For each row its cover in force, locked, and what its cause drew before."""
    sets.execute(
        "SELECT 1 FROM deposits_cover WHERE seller_id = ANY(%s::bigint[]) "
        "ORDER BY seller_id, cover_id FOR UPDATE",
        [seller_ids],
    )
    columns = sets.fetch_arrays(
        "SELECT coalesce(d.cover_id, c.cover_id, 0), "
        "coalesce(c.limit_minor - c.drawn_minor, 0), d.cause IS NOT NULL, "
        "coalesce(d.amount_minor, 0) "
        "FROM unnest(%s::bigint[], %s::uuid[], %s::timestamptz[]) WITH ORDINALITY "
        "AS u(seller_id, cause, at, n) "
        "LEFT JOIN deposits_draw d ON d.seller_id = u.seller_id AND d.cause = u.cause "
        "LEFT JOIN deposits_cover c ON c.seller_id = u.seller_id "
        "AND c.begins_at <= u.at AND c.ends_at > u.at ORDER BY u.n",
        [seller_ids, uuids(cause_hi, cause_lo), np.ascontiguousarray(at_us).view("M8[us]")],
        {"cover_id": "i8", "left_minor": "i8", "is_drawn": "bool", "drawn_minor": "i8"},
    )
    return CoverAsked.of(**columns)


def draw_cover(
    seller_ids: Int, cause_hi: Int, cause_lo: Int, cover_ids: Int, amounts: Int, at_us: Int
) -> None:
    """Draw from covers that are held; every amount is positive."""
    sets.copy_in(
        "deposits_draw",
        {
            "seller_id": seller_ids, "cause_hi": cause_hi, "cause_lo": cause_lo,
            "cover_id": cover_ids, "amount_minor": amounts, "drawn_at": at_us,
        },
        {
            "seller_id": "i8", "cause": "uuid", "cover_id": "i8", "amount_minor": "i8",
            "drawn_at": "ts",
        },
    )  # fmt: skip
    sets.execute(
        "UPDATE deposits_cover c SET drawn_minor = c.drawn_minor + u.amount FROM ("
        "SELECT v.seller_id, v.cover_id, sum(v.amount)::bigint AS amount "
        "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS v(seller_id, cover_id, amount) "
        "GROUP BY v.seller_id, v.cover_id) AS u "
        "WHERE c.seller_id = u.seller_id AND c.cover_id = u.cover_id",
        [seller_ids, cover_ids, amounts],
    )


def return_cover(seller_ids: Int, cause_hi: Int, cause_lo: Int, at_us: Int) -> int:
    """Undo what these causes drew, once each; return how many covers grew."""
    return sets.execute(
        """
        WITH given_back AS (
            INSERT INTO deposits_return (seller_id, cause, cover_id, amount_minor, returned_at)
            SELECT d.seller_id, d.cause, d.cover_id, d.amount_minor, u.at
            FROM unnest(%s::bigint[], %s::uuid[], %s::timestamptz[]) AS u(seller_id, cause, at)
            JOIN deposits_draw d USING (seller_id, cause)
            ON CONFLICT DO NOTHING RETURNING seller_id, cover_id, amount_minor
        )
        UPDATE deposits_cover c SET drawn_minor = c.drawn_minor - r.amount
        FROM (SELECT seller_id, cover_id, sum(amount_minor)::bigint AS amount
              FROM given_back GROUP BY seller_id, cover_id) AS r
        WHERE c.seller_id = r.seller_id AND c.cover_id = r.cover_id
        """,
        [seller_ids, uuids(cause_hi, cause_lo), np.ascontiguousarray(at_us).view("M8[us]")],
    )


def cover_row(seller_id: int, cover_id: int) -> tuple[object, ...] | None:
    """What a cover says: name, insurer, limit, begin, end."""
    rows = sets.fetch_rows(
        "SELECT name, insurer, limit_minor, begins_at, ends_at FROM deposits_cover "
        "WHERE seller_id = %s AND cover_id = %s",
        [seller_id, cover_id],
    )
    return rows[0] if rows else None
