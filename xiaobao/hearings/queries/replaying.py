"""A decision taken again on its stored facts, under the terms of its order's time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims.facts import ClaimFacts, Explanation, Line
from xiaobao.claims.queries import explained, proposal_for, without_signs
from xiaobao.database import sets
from xiaobao.hearings.facts import Before, Replayed, Said
from xiaobao.hearings.queries.reading import content_named, ruling_named
from xiaobao.hearings.rules import RULES_VERSION
from xiaobao.hearings.rules.content import columns_of, content_of
from xiaobao.hearings.rules.deciding import decide
from xiaobao.kernel.replays import compared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from xiaobao.kernel.replays import Replayed as Several

_COMPUTED = ("facts", "proposal", "before", "said", "decided", "lines", "changes")


def explanation_named(reference: UUID | str, *, names_signs: bool = False) -> Explanation:
    """The lines a decision rested on, with clause and arithmetic, and what would change it.

    Signs of abuse are named to staff alone; what is stored keeps them.

    :raises RulingUnknown: if there is none of this name
    """
    told: dict[str, Any] = json.loads(content_named(reference))
    lines = tuple(Line(**line) for line in told["lines"])
    return Explanation(
        lines if names_signs else without_signs(lines),
        tuple(Line(**line) for line in told["changes"]),
    )


def replayed(reference: UUID | str) -> Replayed:
    """The decision as stored, and the bytes that its facts give today.

    :raises RulingUnknown: if there is none of this name
    """
    ruling = ruling_named(reference)
    stored = content_named(ruling.reference)
    told: dict[str, Any] = json.loads(stored)
    facts = columns_of(ClaimFacts, told["facts"])
    before, said = columns_of(Before, told["before"]), columns_of(Said, told["said"])
    proposal = proposal_for(facts)
    again = content_of(
        facts=facts,
        proposal=proposal,
        before=before,
        said=said,
        decided=decide(facts, proposal, before, said),
        explanation=explained(facts, proposal)[0],
        named={name: told[name] for name in told if name not in _COMPUTED},
        row=0,
        stored=told,
    )
    return Replayed(ruling.reference, stored.encode(), again)


# -- in sets -------------------------------------------------------------------------------------

KIND = "ruling"
_AT_ONCE = 2_000
_DECIDED = (
    "outcome", "ground", "refund_minor", "freight_minor", "compensation_minor", "punitive_minor",
    "fund_minor", "bears_minor", "owed_back_minor",
)  # fmt: skip


def replayed_rulings() -> Iterator[Several]:
    """Every ruling ever made, made again in sets."""
    after = (-(2**63), 0, 0)
    while rows := _fetched(
        "WHERE (seller_id, claim_id, round) > (%s, %s, %s) "
        "ORDER BY seller_id, claim_id, round LIMIT %s",
        [*after, _AT_ONCE],
    ):
        yield _all_again(rows)
        after = rows[-1][:3]


def replayed_ruling(reference: UUID) -> Several | None:
    """One ruling made again, by its reference; None where there is none."""
    rows = _fetched("WHERE reference = %s", [reference])
    return _all_again(rows) if rows else None


def _fetched(where: str, params: list[Any]) -> list[tuple[Any, ...]]:
    return sets.fetch_rows(
        f"SELECT seller_id, claim_id, round, reference, rules_version, content, "
        f"{', '.join(_DECIDED)} FROM hearings_ruling {where}",
        params,
    )


def _all_again(rows: list[tuple[Any, ...]]) -> Several:
    """The rows' own columns and every byte of their content, beside what comes out today."""
    told: list[dict[str, Any]] = [json.loads(row[5]) for row in rows]
    facts = ClaimFacts.concat([columns_of(ClaimFacts, one["facts"]) for one in told])
    before = Before.concat([columns_of(Before, one["before"]) for one in told])
    said = Said.concat([columns_of(Said, one["said"]) for one in told])
    proposal = proposal_for(facts)
    decided = decide(facts, proposal, before, said)
    lines = explained(facts, proposal)
    again = [
        content_of(
            facts=facts, proposal=proposal, before=before, said=said, decided=decided,
            explanation=lines[row], row=row, stored=one,
            named={name: one[name] for name in one if name not in _COMPUTED},
        ).decode()
        for row, one in enumerate(told)
    ]  # fmt: skip
    stored = {name: np.array([row[6 + n] for row in rows]) for n, name in enumerate(_DECIDED)}
    made = {name: getattr(decided, name) for name in _DECIDED}
    return compared(
        KIND,
        lambda row: str(rows[row][3]),
        stored | {"content": np.array([row[5] for row in rows], object)},
        made | {"content": np.array(again, object)},
        has_rules=np.array([row[4] == RULES_VERSION for row in rows]),
    )
