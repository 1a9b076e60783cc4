"""The terms of this room: which duties two persons carry out together, and from which amount."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DutyTerms:
    """`from_minor` says, by currency, from which amount on it takes two persons."""

    name: str
    is_always: bool
    from_minor: dict[str, int]
    zh: str
    en: str
    source_zh: str
    source_en: str
    certainty: str
