"""Spans: when a clock began, when it was to run out, and when what it was for was done."""

from __future__ import annotations

from dataclasses import dataclass

from xiaobao.kernel.columns import Columns, Int


@dataclass(frozen=True, slots=True)
class Spans(Columns):
    """One clock a row; `ended_us` is FAR_US while it is not done."""

    market_id: Int
    since_us: Int
    due_us: Int
    ended_us: Int
