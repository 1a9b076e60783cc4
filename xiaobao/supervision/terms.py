"""The numbers of this room: how weeks are counted, how wide limits are, how large samples."""

from __future__ import annotations

from dataclasses import dataclass


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
class TermWords:
    """One number as people read it."""

    name: str
    amount: int
    zh: str
    en: str
    source: str
    certainty: str
