"""One claim whole: timeline, evidence, burden, proposed ruling, next actions, money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import (
    ABUSE_WORDS,
    ASK_WORDS,
    Ask,
    Basis,
    ClaimDetail,
    ClaimEvent,
    ClaimKind,
    ClaimMoney,
    ClaimState,
    EntryRow,
    Finding,
    Mark,
    NextAction,
    OfferRow,
    OfferState,
    Party,
    ProposedRow,
    Reason,
    Stage,
    StopReason,
    StopRow,
)
from xiaobao.claims.queries.facts_of import facts_of
from xiaobao.claims.queries.finding import ClaimUnknown, claim_named, claims_of
from xiaobao.claims.queries.law import explained, proposal_for, wider_asks_of
from xiaobao.claims.rules.lifecycle import OPEN, WIDENED_IN
from xiaobao.claims.rules.next_actions import Standing, next_actions
from xiaobao.claims.rules.stopping import Stop
from xiaobao.database.sets import fetch_rows
from xiaobao.evidence.facts import KINDS, Kind
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import ClaimFacts, MayAsk


def claim_page(
    claim: str, language: str = "zh", *, seller: str | None = None, at: datetime
) -> ClaimDetail:
    """All of one claim as it stands at a moment, with what each party can or must do now.

    :raises ClaimUnknown: if there is none of this name
    :raises ClaimNameShared: if several sellers have one, and none is named
    """
    key = claim_named(claim, seller)
    return claim_detail(key.seller_id, key.claim_id, language, at=at)


def claim_detail(
    seller_id: int, claim_id: int, language: str = "zh", *, at: datetime
) -> ClaimDetail:
    """As `claim_page`, by the ids of the house.

    :raises ClaimUnknown: if there is none of these ids
    """
    claims = claims_of(np.array([seller_id]), np.array([claim_id]))
    if len(claims) == 0:
        raise ClaimUnknown(claim=claim_id)
    names = fetch_rows(
        "SELECT claim_name, order_name, buyer_name, words FROM claims_claim "
        "WHERE seller_id = %s AND claim_id = %s",
        [seller_id, claim_id],
    )[0]
    state, facts = ClaimState(int(claims.state[0])), None
    if state in (*OPEN, ClaimState.SUSPENDED, ClaimState.APPEALED):
        facts = facts_of(claims, judged_us=np.array([us_of(at)]))
    proposed = None if facts is None else _proposed(facts, language)
    wider = wider_asks_of(facts) if facts is not None and state in WIDENED_IN else []
    offers, stops = _offers_of(seller_id, claim_id), _stops_of(seller_id, claim_id)
    one = {name: int(column[0]) for name, column in claims.as_dict().items()}
    appeal_us = one["appeal_until_us"]
    return ClaimDetail(
        seller_id=seller_id,
        claim_id=claim_id,
        claim=names[0],
        order=names[1],
        buyer=names[2],
        seller=sellers.names_of(claims.seller_id).get(seller_id, ""),
        market_id=one["market_id"],
        kind=ClaimKind(one["kind"]),
        ask=Ask(one["ask"]),
        stage=Stage(one["stage"]),
        state=state,
        marks=Mark(one["marks"]),
        words=names[3],
        filed_at=moment_of(one["filed_us"]),
        appeal_until=None if appeal_us >= FAR_US else moment_of(appeal_us),
        next_actions=_next_actions(one, proposed, offers, stops, us_of(at), wider),
        money=_money(one),
        proposed=proposed,
        abuse=[
            words.en if language.startswith("en") else words.zh
            for sign, words in ABUSE_WORDS.items()
            if one["abuse"] & sign
        ],
        evidence_buyer=evidence_words(one["evidence_buyer"], language),
        evidence_seller=evidence_words(one["evidence_seller"], language),
        offers=offers,
        stops=stops,
        wider=wider,
        timeline=timeline_of(seller_id, claim_id, language),
    )


def evidence_words(bits: int, language: str) -> list[str]:
    """Typed evidence in words."""
    shown = [KINDS[kind] for kind in Kind if bits >> kind & 1]
    return [one.en if language.startswith("en") else one.zh for one in shown]


def _proposed(facts: ClaimFacts, language: str) -> ProposedRow:
    """What the rules propose as the claim stands."""
    proposal = proposal_for(facts)
    said = explained(facts, proposal)[0]
    one = {name: int(column[0]) for name, column in proposal.as_dict().items()}
    return ProposedRow(
        finding=Finding(one["finding"]),
        refund_minor=one["refund_minor"],
        compensation_minor=one["compensation_minor"],
        freight_minor=one["freight_minor"],
        punitive_minor=one["punitive_minor"],
        fund_minor=one["fund_minor"],
        missing_bits=one["missing"],
        missing=evidence_words(one["missing"], language),
        missing_party=Party(one["missing_party"]) if one["missing_party"] else None,
        reason=Reason(one["reason"]),
        basis=Basis(one["basis"]),
        is_clear=bool(one["is_clear"]),
        lines=said.lines,
        changes=said.changes,
    )


def _next_actions(
    one: dict[str, int], proposed: ProposedRow | None, offers: list[OfferRow],
    stops: list[StopRow], at_us: int, wider: list[MayAsk],
) -> list[NextAction]:  # fmt: skip
    bits = proposed.missing_bits if proposed else 0
    standing = [offer.party for offer in offers if offer.state == OfferState.STANDING]
    return next_actions(
        Standing(
            state=ClaimState(one["state"]),
            marks=Mark(one["marks"]),
            at_us=at_us,
            seller_due_us=one["seller_due_us"],
            buyer_due_us=one["buyer_due_us"],
            talks_due_us=one["talks_due_us"],
            platform_due_us=one["platform_due_us"],
            stop_until_us=one["stop_until_us"],
            appeal_until_us=one["appeal_until_us"],
            offers_by=frozenset(standing),
            more_zh="、".join(ASK_WORDS[one.ask].zh for one in wider),
            more_en=", ".join(ASK_WORDS[one.ask].en for one in wider),
            missing_zh="、".join(evidence_words(bits, "zh")),
            missing_en=", ".join(evidence_words(bits, "en")),
            stop=next(
                (
                    Stop(one.reason, one.party, one.is_accepted, is_standing=True)
                    for one in stops
                    if one.resume_at is None
                ),
                None,
            ),
        )
    )


def _money(one: dict[str, int]) -> ClaimMoney:
    currency = promises.market_of(one["market_id"]).currency
    names = [name for name in ClaimMoney.__dataclass_fields__ if name != "currency"]
    return ClaimMoney(currency=currency, **{name: one[name] for name in names})


def timeline_of(seller_id: int, claim_id: int, language: str) -> list[EntryRow]:
    """What happened, in order."""
    rows = fetch_rows(
        "SELECT seq, event, state, party, amount_minor, bits, happened_at, "
        "nullif(due_at, 'infinity'), words FROM claims_event "
        "WHERE seller_id = %s AND claim_id = %s ORDER BY seq",
        [seller_id, claim_id],
    )
    return [
        EntryRow(
            seq, ClaimEvent(event), ClaimState(state), Party(party) if party else None, amount,
            evidence_words(bits, language), happened_at, due_at, words,
        )
        for seq, event, state, party, amount, bits, happened_at, due_at, words in rows
    ]  # fmt: skip


def _offers_of(seller_id: int, claim_id: int) -> list[OfferRow]:
    rows = fetch_rows(
        "SELECT number, party, amount_minor, with_return, state, words, made_at, "
        "nullif(answered_at, 'infinity') FROM claims_offer "
        "WHERE seller_id = %s AND claim_id = %s ORDER BY number",
        [seller_id, claim_id],
    )
    return [
        OfferRow(number, Party(party), amount, with_return, OfferState(state), *rest)
        for number, party, amount, with_return, state, *rest in rows
    ]


def _stops_of(seller_id: int, claim_id: int) -> list[StopRow]:
    rows = fetch_rows(
        "SELECT reason, party, words, stop_at, until_at, nullif(resume_at, 'infinity'), "
        "is_accepted FROM claims_stop WHERE seller_id = %s AND claim_id = %s ORDER BY number",
        [seller_id, claim_id],
    )
    return [StopRow(StopReason(reason), Party(party), *rest) for reason, party, *rest in rows]
