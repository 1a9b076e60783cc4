"""Rulings as plain values, with their words: for dossiers and whoever is told of them."""

from __future__ import annotations

from typing import Any

from xiaobao.claims.facts import FINDING_WORDS, PARTY_WORDS, Words
from xiaobao.hearings.facts import BY_WORDS, GROUND_WORDS, OUTCOME_WORDS, RulingRow
from xiaobao.hearings.queries.reading import appeals_of, content_named, rulings_of
from xiaobao.hearings.queries.replaying import explanation_named
from xiaobao.hearings.rules.content import words_of

_SUMS = (
    "refund_minor", "freight_minor", "compensation_minor", "punitive_minor", "fund_minor",
    "paid_minor", "owed_back_minor", "stopped_minor", "test_minor", "test_owed_minor",
)  # fmt: skip


def rulings_told(seller_id: int, claim_id: int, *, names_rulers: bool) -> list[dict[str, Any]]:
    """Every ruling about a claim with its reasons, lines and the appeals against it, in order.

    Parties are not told which person ruled, nor what lies behind the decision's own words; signs
    of abuse are for staff.
    """
    appeals = appeals_of(seller_id, claim_id)
    return [
        _told(ruling, names_rulers=names_rulers)
        | {
            "appeals": [
                {"party": _both(PARTY_WORDS[one.party]), "words": one.words,
                 "appealed_at": one.appealed_at.isoformat()}
                for one in appeals
                if one.round == ruling.round
            ]
        }
        for ruling in rulings_of(seller_id, claim_id)
    ]  # fmt: skip


def _told(ruling: RulingRow, *, names_rulers: bool) -> dict[str, Any]:
    said = explanation_named(ruling.reference, names_signs=names_rulers)
    told: dict[str, Any] = {
        "reference": str(ruling.reference), "round": ruling.round,
        "ruled_at": ruling.ruled_at.isoformat(), "by": _both(BY_WORDS[ruling.by]),
        "outcome": _both(OUTCOME_WORDS[ruling.outcome]),
        "ground": _both(GROUND_WORDS[ruling.ground]),
        "finding": _both(FINDING_WORDS[ruling.finding]),
        "is_departure": ruling.is_departure, "is_final": ruling.is_final,
        "words": ruling.words, "departure": ruling.departure, **words_of(said),
        "terms_version": ruling.terms_version,
        "rules_version": ruling.rules_version, "sha256": ruling.sha256,
    }  # fmt: skip
    told |= {name: getattr(ruling, name) for name in _SUMS}
    if not names_rulers:
        return told
    return told | {"ruler": ruling.ruler, "content": content_named(ruling.reference)}


def _both(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
