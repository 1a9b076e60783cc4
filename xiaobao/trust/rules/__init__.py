"""What a record comes to, what a quarter's report says, and how both are signed; pure."""

from xiaobao.trust.rules.label import (
    LONGEST,
    CheckedLabel,
    checked,
    least_bps,
    spelt,
    standings,
)
from xiaobao.trust.rules.quarters import (
    ends_us,
    first_day,
    following,
    quarter_at,
    quarter_from,
    quarter_named,
    span_us,
)
from xiaobao.trust.rules.report import LONGEST_REPORT, big_shops, told, versions_of
from xiaobao.trust.rules.signing import (
    LabelRefused,
    opened,
    signed_text,
    spelling,
    with_signature,
)
from xiaobao.trust.rules.small import grouped, hidden

__all__ = [
    "LONGEST",
    "LONGEST_REPORT",
    "CheckedLabel",
    "LabelRefused",
    "big_shops",
    "checked",
    "ends_us",
    "first_day",
    "following",
    "grouped",
    "hidden",
    "least_bps",
    "opened",
    "quarter_at",
    "quarter_from",
    "quarter_named",
    "signed_text",
    "span_us",
    "spelling",
    "spelt",
    "standings",
    "told",
    "versions_of",
    "with_signature",
]
