"""Shapes of trust: a shop's label, and the platform's own quarterly report."""

from xiaobao.trust.facts.label import (
    FORMAT,
    KEPT_DAYS,
    MOST_HEADROOM,
    PAYOUT_DAYS,
    VALID_HOURS,
    LabelRow,
    Records,
    Standings,
)
from xiaobao.trust.facts.report import (
    ENDING_WORDS,
    PACK_FORMAT,
    REPORT_FORMAT,
    Ending,
    Happened,
    Quarter,
    ReportRow,
)

__all__ = [
    "ENDING_WORDS",
    "FORMAT",
    "KEPT_DAYS",
    "MOST_HEADROOM",
    "PACK_FORMAT",
    "PAYOUT_DAYS",
    "REPORT_FORMAT",
    "VALID_HOURS",
    "Ending",
    "Happened",
    "LabelRow",
    "Quarter",
    "Records",
    "ReportRow",
    "Standings",
]
