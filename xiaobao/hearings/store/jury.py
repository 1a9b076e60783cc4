"""Jurors, panels, seals, votes and answers, added."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from xiaobao.hearings.facts import Candidates, JurorKind, Tally, Vote

_SEAT = {
    "seller_id": "i8", "claim_id": "i8", "juror_id": "i8", "weight_bps": "i4", "number": "i2",
    "kind": "i2",
}  # fmt: skip


def add_juror(juror_id: int, name: str, kind: JurorKind, *, at: datetime) -> int:
    """Add a juror, or have one who left back; return how many rows that touched."""
    return sets.execute(
        "INSERT INTO hearings_juror (juror_id, joined_at, left_at, kind, name) "
        "VALUES (%s, %s, 'infinity', %s, %s) ON CONFLICT (juror_id) DO UPDATE "
        "SET left_at = 'infinity', kind = excluded.kind, joined_at = excluded.joined_at "
        "WHERE hearings_juror.left_at < 'infinity'",
        [juror_id, at, kind.value, name],
    )


def end_juror(juror_id: int, *, at: datetime) -> int:
    return sets.execute(
        "UPDATE hearings_juror SET left_at = %s WHERE juror_id = %s AND left_at = 'infinity'",
        [at, juror_id],
    )


def add_known_case(case_id: int, name: str, vote: Vote, words: str, *, at: datetime) -> int:
    return sets.execute(
        "INSERT INTO hearings_known_case (case_id, added_at, vote, name, words) "
        "VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [case_id, at, vote.value, name, words],
    )


def add_known_vote(juror_id: int, case_id: int, vote: Vote, *, at: datetime) -> int:
    return sets.execute(
        "INSERT INTO hearings_known_vote (juror_id, case_id, voted_at, vote) "
        "VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [juror_id, case_id, at, vote.value],
    )


def add_panel(
    case: tuple[int, int, int],
    reference: UUID,
    *,
    seed: int,
    key: int,
    called_at: datetime,
    seal_until: datetime,
    open_until: datetime,
    quorum: int,
    majority_bps: int,
    is_binding: bool,
    seats: dict[JurorKind, int],
    candidates: Candidates,
    drawn: Candidates,
) -> None:
    """Add a panel with its seats, and what it was drawn from."""
    columns = candidates.as_dict().values()
    rows = [list(row) for row in zip(*(c.tolist() for c in columns), strict=True)]
    sets.execute(
        "INSERT INTO hearings_panel (seller_id, claim_id, number, reference, seed, key, "
        "called_at, seal_until, open_until, quorum, majority_bps, is_binding, seats, candidates) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *case, reference, seed, key, called_at, seal_until, open_until, quorum, majority_bps,
            is_binding, json.dumps({kind.name: n for kind, n in seats.items()}), json.dumps(rows),
        ],
    )  # fmt: skip
    count = len(drawn)
    sets.copy_in(
        "hearings_seat",
        {
            "seller_id": np.full(count, case[0]), "claim_id": np.full(count, case[1]),
            "number": np.full(count, case[2]), **drawn.as_dict(),
        },
        _SEAT,
    )  # fmt: skip


def add_seal(case: tuple[int, int, int], juror_id: int, sha256: str, *, at: datetime) -> None:
    sets.execute(
        "INSERT INTO hearings_seal (seller_id, claim_id, number, juror_id, sha256, sealed_at) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        [*case, juror_id, sha256, at],
    )


def add_vote(
    case: tuple[int, int, int], juror_id: int, vote: Vote, salt: str, words: str, *, at: datetime
) -> None:
    sets.execute(
        "INSERT INTO hearings_vote (seller_id, claim_id, number, juror_id, vote, salt, words, "
        "opened_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [*case, juror_id, vote.value, salt, words, at],
    )


def add_answer(case: tuple[int, int, int], tally: Tally, *, at: datetime) -> None:
    sets.execute(
        "INSERT INTO hearings_answer (seller_id, claim_id, number, votes, uphold_bps, "
        "reject_bps, outcome, answered_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *case, tally.votes, tally.uphold_bps, tally.reject_bps,
            0 if tally.outcome is None else tally.outcome.value, at,
        ],
    )  # fmt: skip
