"""Evidence: handed in by a party, or recorded of the order itself; what it shows is marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims.acts.beginning import begin
from xiaobao.claims.acts.course import row_of
from xiaobao.claims.acts.judging import take_turns
from xiaobao.claims.facts import ClaimEvent, ClaimState, Mark, Party
from xiaobao.claims.queries.finding import ClaimUnknown, claims_of
from xiaobao.claims.rules.lifecycle import GATHERING
from xiaobao.evidence import acts as evidence
from xiaobao.evidence.facts import Kind, Submission
from xiaobao.evidence.facts import Party as Shown
from xiaobao.evidence.rules.admission import limits_at
from xiaobao.evidence.terms import EvidenceTerms
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from xiaobao.claims.acts.course import Course
    from xiaobao.claims.facts import ClaimRow, Claims, Handed
    from xiaobao.evidence.acts import Prepared

# Kinds with a bit of their own; the rest shows nothing that a burden asks for.
MOST_BIT = 60


def prepared_of(claims: Claims, party: Party, handed: Sequence[Handed], at: datetime) -> Any:
    """What is handed in, examined and safe on the disk: before any transaction.

    :raises EvidenceRefused: for the first that cannot be taken
    """
    if not handed:
        return [], None
    limits = limits_at(promises.book_of(EvidenceTerms, int(claims.market_id[0])), at)
    person = {Party.BUYER: int(claims.buyer_id[0]), Party.SELLER: int(claims.seller_id[0])}
    given = [
        Submission(
            int(claims.seller_id[0]), int(claims.claim_id[0]), one.kind, Shown(party.value),
            one.body, at, party_id=person.get(party, 0), words=one.words, name=one.name,
        )
        for one in handed
    ]  # fmt: skip
    return evidence.prepare(given, limits, at=at), limits


def known_claim(seller_id: int, claim_id: int) -> Claims:
    """:raises ClaimUnknown: if there is none"""
    claims = claims_of(np.array([seller_id]), np.array([claim_id]))
    if len(claims) == 0:
        raise ClaimUnknown(claim=claim_id)
    return claims


@promises.one_catalogue()
def add_evidence(
    seller_id: int,
    claim_id: int,
    *,
    by: Party,
    handed: Sequence[Handed],
    key: str,
    at: datetime,
) -> ClaimRow:
    """Hand evidence in; whose turn it is may change by it.

    :raises EvidenceRefused: for the first piece that cannot be taken
    :raises ClaimMoveImpossible: where the claim is decided or over
    """
    assert handed, "a door asks for at least one piece"
    prepared, limits = prepared_of(known_claim(seller_id, claim_id), by, handed, at)
    with transaction.atomic():
        shown = [f"{one.given.kind}:{one.sha256.hex()}" for one in prepared]
        begun = begin(seller_id, claim_id, "evidence", by, *shown, key=key, at=at)
        if begun.is_known:
            return row_of(begun.claims, is_new=False)
        show(begun.course, by, prepared, limits, at)
        if int(begun.claims.state[0]) in (*GATHERING, ClaimState.UNDER_REVIEW):
            take_turns(begun.course)
        return row_of(begun.course.record(), is_new=True)


def show(
    course: Course, party: Party, prepared: Sequence[Prepared], limits: Any, at: datetime,
    own: Sequence[Prepared] = (),
) -> None:  # fmt: skip
    """Record what was prepared, facts of our `own` first, and mark what the party shows."""
    if own or prepared:
        evidence.record_prepared([*own, *prepared], limits, at=at)
    if not prepared:
        return
    bits = 0
    for one in prepared:
        bits |= 1 << one.given.kind if one.given.kind < MOST_BIT else 0
    course.happens(ClaimEvent.EVIDENCE_ADDED, party=party, bits=bits)
    course.unmark(Mark.FOR_PERSON)
    column = {Party.BUYER: "evidence_buyer", Party.SELLER: "evidence_seller"}.get(party)
    if column is not None:
        course.put(**{column: getattr(course.claims, column) | bits})


def order_prepared(seller_id: int, claim_id: int, detail: Any, at: datetime) -> list[Prepared]:
    """The offer as it stood and what happened on the way, as evidence by themselves."""
    offer = {
        "order": detail.order,
        "buyer": detail.buyer or "",
        "ordered_at": detail.ordered_at.isoformat(),
        "goods_minor": detail.goods_minor,
        "freight_minor": detail.freight_minor,
        "lines": [
            {
                "item": line.item, "title": line.title, "quantity": line.quantity,
                "price_minor": line.price_minor, "is_covered": str(line.is_covered).lower(),
            }
            for line in detail.lines
        ],
    }  # fmt: skip
    way = {
        "order": detail.order,
        "facts": [
            {
                "fact": fact.kind.name.lower(),
                "happened_at": fact.happened_at.isoformat(),
                "recorded_at": fact.recorded_at.isoformat(),
                "amount_minor": fact.amount_minor or 0,
                "waybill": fact.waybill or "",
            }
            for fact in detail.facts
        ],
    }
    return [
        evidence.facts_prepared(
            seller_id, claim_id, Kind.SNAPSHOT, offer, happened_at=detail.ordered_at
        ),
        evidence.facts_prepared(seller_id, claim_id, Kind.LOGISTICS_FACTS, way, happened_at=at),
    ]
