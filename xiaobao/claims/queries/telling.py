"""A claim as a party may see it: the other side's words masked, no signs of abuse."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xiaobao.claims.facts import ABUSE_WORDS, Party
from xiaobao.evidence.rules.masking import masked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.claims.facts import ClaimDetail, Line

_SIGNS = frozenset(words.zh for words in ABUSE_WORDS.values())


def as_told(detail: ClaimDetail, party: Party) -> ClaimDetail:
    """The claim for its buyer or its seller: personal data in others' words masked."""
    return replace(
        detail,
        words=detail.words if party is Party.BUYER else masked(detail.words),
        proposed=None
        if detail.proposed is None
        else replace(detail.proposed, lines=without_signs(detail.proposed.lines)),
        abuse=[],
        timeline=[_masked(entry, party) for entry in detail.timeline],
        offers=[_masked(offer, party) for offer in detail.offers],
        stops=[_masked(stop, party) for stop in detail.stops],
    )


def without_signs(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Signs of abuse tell of a buyer's other claims: staff weigh them, parties do not see them."""
    return tuple(one for one in lines if one.zh not in _SIGNS)


def _masked(row: Any, party: Party) -> Any:
    """An entry, an offer or a stop."""
    return row if row.party is party else replace(row, words=masked(row.words))
