"""Rulings and appeals as they stand: of a claim, by name, as columns for the next ruling."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import numpy as np

from xiaobao.claims.facts import Finding, Mark, Party, Reason
from xiaobao.database import sets
from xiaobao.hearings.facts import (
    AppealRow,
    Before,
    Ground,
    Outcome,
    RuledBy,
    RulingRow,
)
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.claims.facts import Claims
    from xiaobao.kernel.columns import Int, Mask


class RulingUnknown(Problem):
    code = "ruling_unknown"
    status: ClassVar[int] = 404
    zh = "decision 字段：没有编号为“{reference}”的裁决；编号见 xiaobao hearings show"
    en = "decision: there is no ruling '{reference}'; xiaobao hearings show names them"


_RULING = (
    "reference, seller_id, claim_id, round, by, ruler, finding, outcome, ground, is_departure, "
    "is_final, refund_minor, freight_minor, compensation_minor, punitive_minor, fund_minor, "
    "paid_minor, bears_minor, owed_back_minor, stopped_minor, test_minor, test_owed_minor, words, "
    "departure, terms_version, rules_version, sha256, ruled_at"
)


def _row(values: Sequence[Any]) -> RulingRow:
    one = dict(zip(_RULING.split(", "), values, strict=True))
    one |= {
        "by": RuledBy(one["by"]),
        "finding": Finding(one["finding"]),
        "outcome": Outcome(one["outcome"]),
        "ground": Ground(one["ground"]),
    }
    return RulingRow(**one)


def rulings_of(seller_id: int, claim_id: int) -> list[RulingRow]:
    """Every ruling about a claim, in order."""
    rows = sets.fetch_rows(
        f"SELECT {_RULING} FROM hearings_ruling WHERE seller_id = %s AND claim_id = %s "
        "ORDER BY round",
        [seller_id, claim_id],
    )
    return [_row(row) for row in rows]


def rulings_between(
    since: datetime, until: datetime, *, seller_id: int | None = None, limit: int = 10_000
) -> list[RulingRow]:
    """Rulings made from `since` on and before `until`, in order: for those who act on them."""
    rows = sets.fetch_rows(
        f"SELECT {_RULING} FROM hearings_ruling WHERE ruled_at >= %s AND ruled_at < %s "
        "AND (%s::bigint IS NULL OR seller_id = %s) "
        "ORDER BY ruled_at, seller_id, claim_id, round LIMIT %s",
        [since, until, seller_id, seller_id, limit],
    )
    return [_row(row) for row in rows]


def proposed_reasons() -> dict[UUID, Reason]:
    """Why what was proposed to each ruling was proposed."""
    rows = sets.fetch_rows(
        "SELECT reference, (content::jsonb -> 'proposal' ->> 'reason')::int FROM hearings_ruling"
    )
    return {reference: Reason(reason) for reference, reason in rows}


def platform_total() -> int:
    """What rulings took from sellers for the platform, in minor units, whatever came of it."""
    rows = sets.fetch_rows("SELECT coalesce(sum(platform_minor), 0)::bigint FROM hearings_ruling")
    return int(rows[0][0])


def ruling_named(reference: UUID | str) -> RulingRow:
    """:raises RulingUnknown: if there is none of this name"""
    rows = sets.fetch_rows(
        f"SELECT {_RULING} FROM hearings_ruling WHERE reference = %s", [_uuid(reference)]
    )
    if not rows:
        raise RulingUnknown(reference=reference)
    return _row(rows[0])


def content_named(reference: UUID | str) -> str:
    """All that a decision was taken on, as stored.

    :raises RulingUnknown: if there is none of this name
    """
    rows = sets.fetch_rows(
        "SELECT content FROM hearings_ruling WHERE reference = %s", [_uuid(reference)]
    )
    if not rows:
        raise RulingUnknown(reference=reference)
    return str(rows[0][0])


def _uuid(reference: UUID | str) -> UUID:
    if isinstance(reference, UUID):
        return reference
    try:
        return UUID(reference)
    except ValueError as trouble:
        raise RulingUnknown(reference=reference) from trouble


def appeals_of(seller_id: int, claim_id: int) -> list[AppealRow]:
    """Every appeal about a claim, in order."""
    rows = sets.fetch_rows(
        "SELECT number, round, party, words, appealed_at FROM hearings_appeal "
        "WHERE seller_id = %s AND claim_id = %s ORDER BY number",
        [seller_id, claim_id],
    )
    return [AppealRow(row[0], row[1], Party(row[2]), *row[3:]) for row in rows]


# -- as columns ----------------------------------------------------------------------------------

_BEFORE = """
    SELECT coalesce(max(r.round), 0)::smallint,
        coalesce((array_agg(r.bears_minor ORDER BY r.round DESC) FILTER (WHERE r.round > 0))[1],
            0)::bigint,
        (SELECT count(*) FROM hearings_appeal a
         WHERE a.seller_id = u.seller_id AND a.claim_id = u.claim_id)::bigint
    FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS u (seller_id, claim_id, n)
    LEFT JOIN hearings_ruling r USING (seller_id, claim_id)
    GROUP BY u.n, u.seller_id, u.claim_id ORDER BY u.n
"""


def before(claims: Claims) -> tuple[Before, Int, Int]:
    """What stands of each claim before it is ruled; its rulings, and its appeals, so far."""
    found = sets.fetch_arrays(
        _BEFORE,
        [claims.seller_id, claims.claim_id],
        {"round": "i2", "bears_minor": "i8", "appeals": "i8"},
    )
    stands = {
        "paid_refund_minor": claims.refund_minor,
        "paid_freight_minor": claims.freight_back_minor,
        "paid_compensation_minor": claims.compensation_minor,
        "punitive_minor": claims.punitive_minor,
        "bears_minor": found["bears_minor"],
    }
    is_counted = (claims.marks & Mark.REOPENED) != 0
    counted = _when_reopened(claims, stands, is_counted)
    made = Before(**stands, **counted, is_counted=is_counted)
    return made, found["round"].astype(np.int64), found["appeals"]


def _when_reopened(claims: Claims, stands: dict[str, Int], is_counted: Mask) -> dict[str, Int]:
    """What stood when claims were reopened: as the first ruling since found it, or as it is."""
    counted = {name: np.where(is_counted, column, 0) for name, column in stands.items()}
    for row in np.flatnonzero(is_counted).tolist():
        found = sets.fetch_rows(
            "SELECT content::jsonb -> 'before' FROM hearings_ruling WHERE seller_id = %s "
            "AND claim_id = %s AND (content::jsonb -> 'before' ->> 'is_counted')::boolean "
            "ORDER BY round LIMIT 1",
            [int(claims.seller_id[row]), int(claims.claim_id[row])],
        )
        for name in counted if found else ():
            counted[name][row] = found[0][0][name]
    return {f"counted_{n.removeprefix('paid_')}": column for n, column in counted.items()}


def as_counted(claims: Claims, before: Before) -> Claims:
    """The claims as facts of a ruling are read: paid is what was until they were reopened."""
    return replace(
        claims,
        counted_refund_minor=before.counted_refund_minor,
        counted_freight_minor=before.counted_freight_minor,
        counted_compensation_minor=before.counted_compensation_minor,
    )


def causes_borne(seller_id: int, claim_id: int, rounds: int) -> dict[str, Int]:
    """The causes under which a claim's first rulings paid, as columns."""
    return sets.fetch_arrays(
        "SELECT seller_id, reference FROM hearings_ruling WHERE seller_id = (%s::bigint[])[1] "
        "AND claim_id = (%s::bigint[])[1] AND round <= (%s::bigint[])[1] "
        "AND paid_minor + platform_minor > 0 ORDER BY round",
        [np.array([seller_id]), np.array([claim_id]), np.array([rounds])],
        {"seller_id": "i8", "cause": "uuid"},
    )


def known_under(seller_id: int, claim_id: int, key: int) -> tuple[int, int] | None:
    """The round made under a key, and the digest of what was said; None where none was."""
    rows = sets.fetch_rows(
        "SELECT round, digest FROM hearings_ruling "
        "WHERE seller_id = %s AND claim_id = %s AND key = %s",
        [seller_id, claim_id, key],
    )
    return rows[0] if rows else None


def appeal_under(seller_id: int, claim_id: int, key: int) -> tuple[int, int] | None:
    """As `known_under`, of an appeal: its number and digest."""
    rows = sets.fetch_rows(
        "SELECT number, digest FROM hearings_appeal "
        "WHERE seller_id = %s AND claim_id = %s AND key = %s",
        [seller_id, claim_id, key],
    )
    return rows[0] if rows else None


def has_ruled(seller_id: int, claim_id: int, ruler_id: int) -> bool:
    """Whether this person has ruled on the claim before."""
    return bool(
        sets.fetch_rows(
            "SELECT 1 FROM hearings_ruling WHERE seller_id = %s AND claim_id = %s "
            "AND ruler_id = %s LIMIT 1",
            [seller_id, claim_id, ruler_id],
        )
    )
