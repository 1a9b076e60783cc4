"""The terms of this room: how long what came of attempts is kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KeptTerms:
    """So many days, with whose word that is."""

    days: int
    zh: str
    en: str
    source_zh: str
    source_en: str
    certainty: str
