"""Questions about trust: a shop's label, the platform's reports, and a regulator's pack."""

from xiaobao.trust.queries.label import label_of, signed_label
from xiaobao.trust.queries.reports import (
    QuarterUnknown,
    ReportUnknown,
    markets_expected,
    next_due_us,
    published,
    quarter_asked,
    quarters_of,
    quarters_running,
    reckoned,
    report_terms,
    report_terms_in_words,
    reports_on,
    signed,
)

__all__ = [
    "QuarterUnknown",
    "ReportUnknown",
    "label_of",
    "markets_expected",
    "next_due_us",
    "published",
    "quarter_asked",
    "quarters_of",
    "quarters_running",
    "reckoned",
    "report_terms",
    "report_terms_in_words",
    "reports_on",
    "signed",
    "signed_label",
]
