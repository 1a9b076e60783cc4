"""Panels drawn again from their seed and candidates, and their opened votes counted again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database import sets
from xiaobao.hearings.facts import Candidates, JurorKind, Votes
from xiaobao.hearings.rules import jury
from xiaobao.kernel.replays import compared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from xiaobao.kernel.columns import Columns
    from xiaobao.kernel.replays import Replayed

DRAW, ANSWER = "jury_draw", "jury_answer"
_AT_ONCE = 2_000
_DRAWN = """
    SELECT p.seller_id, p.claim_id, p.number, p.reference, p.seed, p.seats, p.candidates,
        (SELECT json_agg(json_build_array(s.juror_id, s.kind, s.weight_bps) ORDER BY s.juror_id)
         FROM hearings_seat s WHERE s.seller_id = p.seller_id AND s.claim_id = p.claim_id
            AND s.number = p.number)::text
    FROM hearings_panel p
"""
_COUNTED = """
    SELECT p.seller_id, p.claim_id, p.number, p.reference, p.quorum, p.majority_bps,
        (SELECT json_agg(json_build_array(v.vote, s.weight_bps))
         FROM hearings_vote v JOIN hearings_seat s USING (seller_id, claim_id, number, juror_id)
         WHERE v.seller_id = p.seller_id AND v.claim_id = p.claim_id
            AND v.number = p.number)::text,
        a.outcome, a.votes, a.uphold_bps, a.reject_bps
    FROM hearings_panel p JOIN hearings_answer a USING (seller_id, claim_id, number)
"""
_SUMS = ("outcome", "votes", "uphold_bps", "reject_bps")

Rows = list[tuple[Any, ...]]


def replayed_draws() -> Iterator[Replayed]:
    """Every panel ever drawn, drawn again."""
    return _in_sets(_DRAWN, _drawn_again)


def replayed_draw(reference: UUID) -> Replayed | None:
    """One panel drawn again, by its reference; None where there is none."""
    return _one(_DRAWN, _drawn_again, reference)


def replayed_answers() -> Iterator[Replayed]:
    """Every answer a jury ever gave, counted again."""
    return _in_sets(_COUNTED, _counted_again)


def replayed_answer(reference: UUID) -> Replayed | None:
    """One panel's answer counted again; None where there is no panel, or no answer yet."""
    return _one(_COUNTED, _counted_again, reference)


def _in_sets(query: str, again: Callable[[Rows], Replayed]) -> Iterator[Replayed]:
    after = (-(2**63), 0, 0)
    where = (
        "WHERE (p.seller_id, p.claim_id, p.number) > (%s, %s, %s) "
        "ORDER BY p.seller_id, p.claim_id, p.number LIMIT %s"
    )
    while rows := sets.fetch_rows(query + where, [*after, _AT_ONCE]):
        yield again(rows)
        after = rows[-1][:3]


def _one(query: str, again: Callable[[Rows], Replayed], reference: UUID) -> Replayed | None:
    rows = sets.fetch_rows(query + "WHERE p.reference = %s", [reference])
    return again(rows) if rows else None


def _drawn_again(rows: Rows) -> Replayed:
    made = []
    for row in rows:
        drawn = jury.draw(
            Candidates(*_columns(row[6], of=3)),
            {JurorKind[name]: count for name, count in json.loads(row[5]).items()},
            seed=row[4],
            case=row[:3],
        )
        made.append(_seats(drawn))
    return compared(
        DRAW,
        lambda row: str(rows[row][3]),
        {"seats": np.array([row[7] for row in rows], object)},
        {"seats": np.array(made, object)},
    )


def _seats(drawn: Columns) -> str:
    """Juror, kind and weight by juror, as PostgreSQL writes them."""
    columns = drawn.as_dict().values()
    return json.dumps(sorted(zip(*(c.tolist() for c in columns), strict=True)))


def _counted_again(rows: Rows) -> Replayed:
    counted = [
        jury.tally(Votes(*_columns(row[6] or "[]", of=2)), quorum=row[4], majority_bps=row[5])
        for row in rows
    ]
    made = [(one.outcome or 0, one.votes, one.uphold_bps, one.reject_bps) for one in counted]
    return compared(
        ANSWER,
        lambda row: str(rows[row][3]),
        {name: np.array([row[7 + n] for row in rows], np.int64) for n, name in enumerate(_SUMS)},
        {name: np.array([one[n] for one in made], np.int64) for n, name in enumerate(_SUMS)},
    )


def _columns(told: str, *, of: int) -> np.ndarray[Any, Any]:
    return np.array(json.loads(told), np.int64).reshape(-1, of).T
