"""The numbers of this room: when a quarter is reported, what is too small to tell, who is big."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportTerms:
    """As `packs/report.toml` has them, where each says what it means and where it comes from."""

    settle_days: int
    smallest: int
    big_share_bps: int
