"""A claim for other systems, as whoever asks may have it: alone, or with its files beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.claims.facts import Party
from xiaobao.claims.queries import as_told, claim_page
from xiaobao.evidence import acts as evidence
from xiaobao.evidence.facts import Viewer
from xiaobao.evidence.queries import pieces_of
from xiaobao.evidence.rules.dossiers import packed
from xiaobao.gateways.disputes import erc1497, paypal, stripe
from xiaobao.gateways.disputes.case import Case, Document
from xiaobao.hearings.queries import rulings_of
from xiaobao.orders.queries import order_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

SHAPES: dict[str, Callable[[Case], dict[str, Any]]] = {
    "paypal": paypal.as_dispute, "stripe": stripe.as_dispute, "erc1497": erc1497.as_bundle,
}  # fmt: skip
_FILES: dict[str, Callable[[Case], list[tuple[str, bytes]]]] = {
    "paypal": paypal.as_files, "stripe": stripe.as_files, "erc1497": erc1497.as_files,
}  # fmt: skip
_PARTIES = {Viewer.BUYER: Party.BUYER, Viewer.SELLER: Party.SELLER}


def case_for(
    claim: str, seller: str | None, viewer: Viewer, *, viewer_id: int, with_files: bool, why: str,
    at: datetime,
) -> Case:  # fmt: skip
    """The claim as its reader may have it; files that leave with it are written into its chain.

    :raises ClaimUnknown: if there is none
    :raises ReasonMissing: where others' files leave unmasked and no reason is given
    """
    detail = claim_page(claim, "en", seller=seller, at=at)
    if viewer in _PARTIES:
        detail = as_told(detail, _PARTIES[viewer])
    key = detail.seller_id, detail.claim_id
    rulings, order = rulings_of(*key), order_of(detail.seller, detail.order)
    if not with_files:
        return Case(detail, pieces_of(*key, viewer=viewer), rulings, order)
    leaving = evidence.export_case(*key, viewer, viewer_id=viewer_id, at=at, why=why)
    files = {
        one.piece.seq: Document(one.body, one.suffix, one.is_original)
        for one in leaving
        if not one.withheld_zh
    }
    return Case(detail, [one.piece for one in leaving], rulings, order, files)


def archive_of(case: Case, shape: str) -> bytes:
    """A zip of the claim in one of the shapes, and of its files: equal cases make equal bytes."""
    return packed(_FILES[shape](case))
