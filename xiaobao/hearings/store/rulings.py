"""Rulings and appeals, added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.database import sets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_RULING = {
    "seller_id": "i8", "claim_id": "i8", "refund_minor": "i8", "freight_minor": "i8",
    "compensation_minor": "i8", "punitive_minor": "i8", "fund_minor": "i8", "paid_minor": "i8",
    "platform_minor": "i8", "bears_minor": "i8", "owed_back_minor": "i8",
    "stopped_minor": "i8", "test_minor": "i8", "test_owed_minor": "i8",
    "ruler_id": "i8",
    "terms_version": "i8", "key": "i8", "digest": "i8", "ruled_at": "ts", "reference": "uuid",
    "market_id": "i2", "round": "i2", "rules_version": "i2", "by": "i2", "finding": "i2",
    "outcome": "i2", "ground": "i2", "kind": "i2", "is_departure": "bool", "is_reversed": "bool",
    "is_final": "bool", "ruler": "text", "words": "text", "departure": "text", "sha256": "text",
    "content": "text",
}  # fmt: skip


def add_rulings(columns: Mapping[str, Any]) -> None:
    """Add rulings, sent with what comes next."""
    sets.put_in("hearings_ruling", columns, _RULING)


def add_appeal(
    seller_id: int,
    claim_id: int,
    number: int,
    *,
    after_round: int,
    party: int,
    words: str,
    key: int,
    digest: int,
    at: datetime,
) -> None:
    sets.execute(
        "INSERT INTO hearings_appeal (seller_id, claim_id, number, round, party, words, key, "
        "digest, appealed_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [seller_id, claim_id, number, after_round, party, words, key, digest, at],
    )
