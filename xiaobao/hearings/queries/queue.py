"""The queue of those who rule: by clock, late ones first, each with what is proposed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims import queries as claims_now
from xiaobao.claims.facts import ClaimKind, ClaimState, Finding, Mark
from xiaobao.database.lists import Place, straight
from xiaobao.database.sets import fetch_rows
from xiaobao.hearings.facts import QueueRow
from xiaobao.hearings.queries.jury import answers_for
from xiaobao.hearings.queries.reading import as_counted, before
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import Claims


def queue(
    *,
    at: datetime,
    kind: ClaimKind | None = None,
    only_late: bool = False,
    place: Place | None = None,
    limit: int = 100,
) -> list[QueueRow]:
    """Claims that wait for a ruling, those whose clock runs, or ran, out first."""
    claims = claims_now.waiting_for_ruling(
        limit, kind=kind, due_until=at if only_late else None, place=place
    )
    if len(claims) == 0:
        return []
    judged = np.full(len(claims), us_of(at))
    facts = claims_now.facts_of(as_counted(claims, before(claims)[0]), judged_us=judged)
    proposal = claims_now.proposal_for(facts)
    exposure = claims_now.exposure_of(facts)
    names, rulers = claims_now.names_of(claims), _rulers(claims)
    answers = answers_for(claims)
    rows = []
    for row in range(len(claims)):
        one = {name: int(column[row]) for name, column in claims.as_dict().items()}
        key = one["seller_id"], one["claim_id"]
        due_us = one["platform_due_us"]
        rows.append(
            QueueRow(
                seller_id=key[0], claim_id=key[1], claim=names[key], market_id=one["market_id"],
                kind=ClaimKind(one["kind"]), state=ClaimState(one["state"]),
                is_late=due_us <= us_of(at),
                is_person_asked=bool(one["marks"] & Mark.PERSON_ASKED),
                due_at=None if due_us >= FAR_US else moment_of(due_us),
                finding=Finding(int(proposal.finding[row])),
                at_stake_minor=int(exposure[row]),
                refund_minor=int(proposal.refund_minor[row]),
                freight_minor=int(proposal.freight_minor[row]),
                compensation_minor=int(proposal.compensation_minor[row]),
                punitive_minor=int(proposal.punitive_minor[row]),
                rulers=rulers.get(key, []), jury=answers.get(key),
            )
        )  # fmt: skip
    return straight(rows, place)


def _rulers(claims: Claims) -> dict[tuple[int, int], list[str]]:
    rows = fetch_rows(
        "SELECT r.seller_id, r.claim_id, array_agg(r.ruler ORDER BY r.round) "
        "FROM unnest(%s::bigint[], %s::bigint[]) AS u(seller_id, claim_id) "
        "JOIN hearings_ruling r USING (seller_id, claim_id) WHERE r.ruler <> '' GROUP BY 1, 2",
        [claims.seller_id.tolist(), claims.claim_id.tolist()],
    )
    return {(row[0], row[1]): row[2] for row in rows}
