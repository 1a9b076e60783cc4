"""A claim as a party may see it: the other side's words masked, no signs of abuse."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xiaobao.claims.facts import ABUSE_WORDS, Party
from xiaobao.evidence.rules.masking import masked

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimDetail, ProposedRow


def as_told(detail: ClaimDetail, party: Party) -> ClaimDetail:
    """The claim for its buyer or its seller: personal data in others' words masked."""
    return replace(
        detail,
        words=detail.words if party is Party.BUYER else masked(detail.words),
        proposed=None if detail.proposed is None else _without_signs(detail.proposed),
        abuse=[],
        timeline=[_masked(entry, party) for entry in detail.timeline],
        offers=[_masked(offer, party) for offer in detail.offers],
        stops=[_masked(stop, party) for stop in detail.stops],
    )


def _without_signs(proposed: ProposedRow) -> ProposedRow:
    """Signs of abuse tell of a buyer's other claims: staff weigh them, parties do not see them."""
    signs = {words.zh for words in ABUSE_WORDS.values()}
    return replace(proposed, lines=tuple(one for one in proposed.lines if one.zh not in signs))


def _masked(row: Any, party: Party) -> Any:
    """An entry, an offer or a stop."""
    return row if row.party is party else replace(row, words=masked(row.words))
