"""The numbers of payouts: when to send a failed one again, when to ask about an unknown one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xiaobao.kernel.columns import Columns, Int


@dataclass(frozen=True, slots=True)
class PayoutTerms(Columns):
    """Waits double with each failure or query, up to the longest."""

    TABLE: ClassVar[str] = "payouts"
    KEY: ClassVar[None] = None

    version: Int
    retry_first_minutes: Int
    retry_most_minutes: Int
    query_first_minutes: Int
    query_most_minutes: Int
