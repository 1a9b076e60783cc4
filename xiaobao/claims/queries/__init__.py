"""Questions about claims: by name, what is due, the facts of judgement, one claim whole."""

from xiaobao.claims.queries.burdens import burden_table
from xiaobao.claims.queries.clocks import clock_due, clocks_missing
from xiaobao.claims.queries.counted import endings, filed_against, hours_to_money
from xiaobao.claims.queries.facts_of import facts_of
from xiaobao.claims.queries.finding import (
    BY_CLOCK,
    BY_FILING,
    BY_RULING,
    ClaimNameShared,
    ClaimUnknown,
    claim_named,
    claims_about,
    claims_against,
    claims_by,
    claims_listed,
    claims_of,
    counts_by_event,
    counts_by_state,
    last_moment_us,
    name_of,
    names_of,
    next_due_us,
    next_to_look_at_us,
    paid_total,
    persons_with_claims,
    to_look_at,
    waiting_for_ruling,
)
from xiaobao.claims.queries.law import explained, exposure_of, proposal_for
from xiaobao.claims.queries.offering import kinds_offered
from xiaobao.claims.queries.pages import claim_detail, claim_page, evidence_words, timeline_of
from xiaobao.claims.queries.pairing import latest_claims, pairs_claimed
from xiaobao.claims.queries.running import running_of
from xiaobao.claims.queries.stopped import stops_to_accept
from xiaobao.claims.queries.telling import as_told, without_signs
from xiaobao.claims.queries.timing import claims_on_orders, paid_orders, ruling_spans
from xiaobao.claims.queries.upheld import first_ending_us, paid_since, upheld

__all__ = [
    "BY_CLOCK",
    "BY_FILING",
    "BY_RULING",
    "ClaimNameShared",
    "ClaimUnknown",
    "as_told",
    "burden_table",
    "claim_detail",
    "claim_named",
    "claim_page",
    "claims_about",
    "claims_against",
    "claims_by",
    "claims_listed",
    "claims_of",
    "claims_on_orders",
    "clock_due",
    "clocks_missing",
    "counts_by_event",
    "counts_by_state",
    "endings",
    "evidence_words",
    "explained",
    "exposure_of",
    "facts_of",
    "filed_against",
    "first_ending_us",
    "hours_to_money",
    "kinds_offered",
    "last_moment_us",
    "latest_claims",
    "name_of",
    "names_of",
    "next_due_us",
    "next_to_look_at_us",
    "paid_orders",
    "paid_since",
    "paid_total",
    "pairs_claimed",
    "persons_with_claims",
    "proposal_for",
    "ruling_spans",
    "running_of",
    "stops_to_accept",
    "timeline_of",
    "to_look_at",
    "upheld",
    "waiting_for_ruling",
    "without_signs",
]
