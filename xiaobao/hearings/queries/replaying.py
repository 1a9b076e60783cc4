"""A decision taken again on its stored facts, under the terms of its order's time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from xiaobao.claims.facts import ClaimFacts, Explanation, Line
from xiaobao.claims.queries import explained, proposal_for
from xiaobao.hearings.facts import Before, Replayed, Said
from xiaobao.hearings.queries.reading import content_named, ruling_named
from xiaobao.hearings.rules.content import columns_of, content_of
from xiaobao.hearings.rules.deciding import decide

if TYPE_CHECKING:
    from uuid import UUID

_COMPUTED = ("facts", "proposal", "before", "said", "decided", "lines", "changes")


def explanation_named(reference: UUID | str) -> Explanation:
    """The lines a decision rested on, with clause and arithmetic, and what would change it.

    :raises RulingUnknown: if there is none of this name
    """
    told: dict[str, Any] = json.loads(content_named(reference))
    return Explanation(
        tuple(Line(**line) for line in told["lines"]),
        tuple(Line(**line) for line in told["changes"]),
    )


def replayed(reference: UUID | str) -> Replayed:
    """The decision as stored, and the bytes that its facts give today.

    :raises RulingUnknown: if there is none of this name
    """
    ruling = ruling_named(reference)
    stored = content_named(ruling.reference)
    told: dict[str, Any] = json.loads(stored)
    facts = ClaimFacts(**columns_of(told["facts"]))
    before, said = Before(**columns_of(told["before"])), Said(**columns_of(told["said"]))
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
    )
    return Replayed(ruling.reference, stored.encode(), again)
