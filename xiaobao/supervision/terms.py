"""The numbers of this room: how weeks are counted, how wide limits are, how large samples."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class WatchTerms:
    """As `packs/watch.toml` has them, where each says what it means and where it comes from."""

    settle_days: int
    rate_weeks: int
    chart_weeks: int
    baseline_weeks: int
    limit_sigmas: int
    run_weeks: int
    least_broken: int
    sure_bps: int
    sought_bps: int


@dataclass(frozen=True)
class JudgedBy:
    """The numbers that a week was judged by, by name; and the hash of the file they stood in."""

    sha256: str
    numbers: Mapping[str, int]

    def terms(self) -> WatchTerms | None:
        """None where another release had other numbers than this one knows."""
        known = {one.name for one in fields(WatchTerms)}
        return WatchTerms(**self.numbers) if set(self.numbers) == known else None


@dataclass(frozen=True)
class PairTerms:
    """As `packs/pairs.toml` has them."""

    pair_days: int
    least_claims: int
    least_sharing: int


@dataclass(frozen=True)
class TermWords:
    """One number as people read it."""

    name: str
    amount: int
    zh: str
    en: str
    source: str
    certainty: str
