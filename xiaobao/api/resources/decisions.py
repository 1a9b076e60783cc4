"""Decisions: a ruling by its name, and any decision made again from what was stored with it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from xiaobao.api.asking import needs
from xiaobao.api.resources.rulings import RulingTold, ruling_told
from xiaobao.api.shapes import Told
from xiaobao.hearings import queries as hearings
from xiaobao.ledger.queries import currency_of
from xiaobao.work.decisions import replayed

router = Router(tags=["decisions"])


class DecisionTold(RulingTold):
    content: str


class ReplayedTold(Told):
    """One decision made again, beside what was stored: equal digests are equal bytes."""

    kind: str
    is_same: bool
    looked: int
    stored_sha256: str
    made_sha256: str
    differences: list[str]


class ReplayTold(Told):
    decision: str
    is_same: bool
    kinds: list[ReplayedTold]


@router.get("/decisions/{uuid:decision}", **needs("decisions:read"), response=DecisionTold,
            summary="A ruling, with all that it was taken on")  # fmt: skip
def one_decision(request: HttpRequest, decision: UUID) -> DecisionTold:  # noqa: ARG001
    row = hearings.ruling_named(decision)
    currency = currency_of(row.seller_id)
    assert currency is not None, "a ruling about a seller without a book"
    return DecisionTold(
        **ruling_told(row, currency, names_ruler=True).model_dump(),
        content=hearings.content_named(decision),
    )


@router.get("/decisions/{name:decision}/replay", **needs("decisions:read"), response=ReplayTold,
            summary="A decision made again")  # fmt: skip
def replay(request: HttpRequest, decision: str) -> ReplayTold:  # noqa: ARG001
    """Breaches, payments, rulings and juries by UUID; quotes, exits, violations by their names."""
    found = replayed(decision)
    return ReplayTold(
        decision=decision,
        is_same=all(one.is_same for one in found.values()),
        kinds=[
            ReplayedTold(
                kind=name, is_same=one.is_same, looked=one.looked,
                stored_sha256=one.stored_sha256, made_sha256=one.made_sha256,
                differences=[
                    f"{each.reference}: {each.name} {each.stored} {each.made}"
                    for each in one.differences
                ],
            )
            for name, one in found.items()
        ],
    )  # fmt: skip
