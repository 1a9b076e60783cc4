"""What a pack's tables look like: their columns, keys, and how a cell becomes a number.

The kind of a column follows from its name, as everywhere: `…_minor` is money in minor units,
`…_bps` ten-thousandths, `…_hours`, `…_days`, `…_minute` whole counts, `is_…` and `has_…` yes or
no; those in `WORDS_OF` and `vocabulary` are words from a list, or sets of them. Columns in
`texts` hold words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.kernel.money import Rounding
from xiaobao.promises.facts import (
    ClockKind,
    ClockUnit,
    PointsClass,
    Promise,
    ViolationKind,
)
from xiaobao.promises.rules.claim_tables import CLAIM_TABLES
from xiaobao.promises.rules.shapes import Format, Keys, names_of, pairs_of
from xiaobao.promises.rules.violation_tables import VIOLATION_TABLES
from xiaobao.promises.rules.vocabulary import CODES, SETS, set_of, set_shown
from xiaobao.promises.terms import QuietFrom

if TYPE_CHECKING:
    from enum import IntEnum

__all__ = [
    "FORMATS",
    "MOST_BPS",
    "UNLIMITED",
    "UNLIMITED_MINOR",
    "WORDS_OF",
    "BadCell",
    "Format",
    "Keys",
    "cell",
    "names_of",
    "pairs_of",
    "shown",
]

# No cap: larger than any amount, and still safe to multiply by 10,000 in 64 bits.
UNLIMITED = "unlimited"
UNLIMITED_MINOR = 900_000_000_000_000
MOST_BPS = 1_000_000


_BREACHES = (
    "late_shipment", "out_of_stock", "out_of_stock_long", "out_of_stock_malicious",
    "tracking_slow", "tracking_abnormal", "fake_shipment", "refund_overdue",
)  # fmt: skip
_CONDITIONS = (
    "open_trade", "refund", "claim", "quiet", "arrears", "violation", "sales", "fraud",
)  # fmt: skip
_FILES = ("image", "video", "document", "text")

FORMATS: dict[str, Format] = {
    "promises": Format(
        "承诺", "promises",
        ("is_basic",),
        keys=Keys.WORDS, words=names_of(Promise), needs=(),
        texts=("trigger_zh", "trigger_en", "evidence_zh", "evidence_en", "remedy_zh", "remedy_en"),
    ),
    "shipping": Format(
        "发货与物流时效", "shipping and tracking clocks",
        (
            "ship_hours", "label_scan_hours", "is_judged_on_handover", "out_of_stock_hours",
            "short_promise_hours", "fake_hours", "first_update_hours",
            "no_update_abnormal_hours",
            "stall_slow_same_hours", "stall_slow_cross_hours", "stall_slow_remote_hours",
            "stall_abnormal_same_hours", "stall_abnormal_cross_hours",
            "stall_abnormal_remote_hours", "stalled_out_of_stock_hours",
            "refund_after_return_hours", "refund_unshipped_hours",
            "force_majeure_report_hours",
        ),
    ),
    "compensation": Format(
        "违约赔付", "what a breach pays",
        (
            "is_promised", "rate_bps", "least_minor", "most_minor", "platform_bps",
            "pair_day_most_minor", "rounding", "is_paid_by_itself",
        ),
        keys=Keys.WORDS, words=_BREACHES, needs=_BREACHES,
    ),
    "deposit": Format(
        "保证金标准", "deposit by category",
        ("base_minor", "special_minor", "exposure_bps"),
        keys=Keys.CATEGORY, needs=("general",),
    ),
    "deposit_rules": Format(
        "保证金规则", "how the deposit is sized",
        (
            "resize_day", "window_days", "zero_start_days", "zero_start_sales_most_minor",
            "risk_free_breach_bps", "risk_breach_bps", "risk_advance_bps",
            "is_not_lowered_in_arrears", "is_not_raised_without_arrears",
            "has_turnover_ceiling", "turnover_ceiling_bps", "is_reserve_counted",
            "is_cover_counted", "cover_most_bps", "cover_price_bps", "frozen_days",
            "frozen_look_days", "frozen_notice_days", "top_up_hours", "rounding",
        ),
    ),
    "deposit_ladder": Format(
        "缺口阶梯", "the ladder of a shortfall",
        ("after_hours", "settlement_days", "withhold_bps", "is_restricting"),
        keys=Keys.WORDS,
        words=(
            "none", "longer_settlement", "no_campaigns", "hidden", "supervised",
            "payment_controlled",
        ),
        needs=(),
    ),
    "payouts": Format(
        "付款重试", "payout retries",
        (
            "retry_first_minutes", "retry_most_minutes", "query_first_minutes",
            "query_most_minutes",
        ),
    ),
    "item_rules": Format(
        "标记商品", "marking items",
        ("unusual_count", "unusual_bps"),
    ),
    "exit_conditions": Format(
        "退保条件", "conditions of leaving",
        ("is_asked", "is_waited_for", "hold_bps", "most_days"),
        keys=Keys.WORDS, words=_CONDITIONS, needs=_CONDITIONS,
    ),
    "exit_rules": Format(
        "退保规则", "how sellers leave",
        ("quiet_from", "sales_least_minor", "late_interest_bps", "payee_wait_days"),
    ),
    "clocks": Format(
        "时限", "clocks",
        ("amount", "unit", "opens_minute", "closes_minute"),
        keys=Keys.WORDS, words=names_of(ClockKind), needs=(),
    ),
    "majority": Format(
        "重大变更", "when a change is major", ("change_bps", "touch_bps", "sellers_bps"),
    ),
    "hearings": Format(
        "裁决、申诉与大众评审", "rulings, appeals and the jury",
        (
            "is_ruled_by_rule", "rule_most_minor", "is_default_for_buyer",
            "default_most_minor", "appeals_most", "is_new_information_needed", "is_jury",
            "is_jury_binding", "jury_most_minor", "jury_buyers", "jury_sellers", "jury_experts",
            "jury_quorum", "jury_majority_bps", "jury_commit_hours", "jury_reveal_hours",
            "jury_test_cases", "jury_accuracy_bps",
        ),
        needs=(),
    ),
    "evidence": Format(
        "证据文件", "files of evidence",
        ("largest_bytes", "most_pixels", "most_pieces"),
        keys=Keys.WORDS, words=_FILES, needs=_FILES,
    ),
    **CLAIM_TABLES,
    **VIOLATION_TABLES,
}  # fmt: skip

WORDS_OF: dict[str, type[IntEnum]] = {
    "rounding": Rounding,
    "unit": ClockUnit,
    "points_class": PointsClass,
    "violation": ViolationKind,
    "quiet_from": QuietFrom,
    "window_unit": ClockUnit,
}
_CODES = CODES | {
    column: {word.name.lower(): int(word) for word in words} for column, words in WORDS_OF.items()
}


class BadCell(ValueError):  # noqa: N818
    """A cell cannot be read as its column's kind; says what is expected, in zh and en."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def cell(column: str, raw: object, *, is_text: bool) -> int | bool | str:
    """The value to store for what a file says.

    :raises BadCell: if it is not of the column's kind
    """
    if is_text:
        if not isinstance(raw, str) or not raw.strip():
            raise BadCell("写上文字", "write words")
        return raw.strip()
    if column.startswith(("is_", "has_")):
        return _truth(raw)
    if column in _CODES:
        return _code(_CODES[column], raw)
    if column in SETS:
        return _set(SETS[column], raw)
    if column.endswith("_minor") and "most" in column and raw == UNLIMITED:
        return UNLIMITED_MINOR
    return _whole(column, raw)


def shown(column: str, value: int | bool | str) -> str:
    """A stored value as a file would write it: what `cell` reads back."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if column in _CODES:
        return next(word for word, code in _CODES[column].items() if code == value)
    if column in SETS:
        return set_shown(SETS[column], int(value))
    return UNLIMITED if value == UNLIMITED_MINOR else str(value)


def _truth(raw: object) -> bool:
    said = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.strip().lower() in said:
        return said[raw.strip().lower()]
    raise BadCell("写 true 或 false", "write true or false")


def _code(codes: dict[str, int], raw: object) -> int:
    if isinstance(raw, str) and raw.strip() in codes:
        return codes[raw.strip()]
    raise BadCell(f"从这些词中选：{'、'.join(codes)}", f"choose one of: {', '.join(codes)}")


def _set(words: dict[str, int], raw: object) -> int:
    bits = set_of(words, raw) if isinstance(raw, str) else None
    if bits is None:
        raise BadCell(
            f"写这些词中的若干个，以 | 分隔，或写 none：{'、'.join(words)}",
            f"write any of these with | between them, or none: {', '.join(words)}",
        )
    return bits


def _whole(column: str, raw: object) -> int:
    text = raw.strip() if isinstance(raw, str) else raw
    if isinstance(text, str) and text.isascii() and text.isdigit():
        text = int(text)
    if not isinstance(text, int) or isinstance(text, bool) or text < 0:
        raise BadCell(*_EXPECTED["minor" if column.endswith("_minor") else "count"])
    most = MOST_BPS if column.endswith("_bps") else UNLIMITED_MINOR
    if text > most:
        raise BadCell(f"最大为 {most}", f"at most {most}")
    return text


_EXPECTED = {
    "minor": (
        "金额用最小货币单位（分）的非负整数，不带小数和符号；无上限写 unlimited（仅限 …most… 列）",
        (
            "money is a whole number of minor units (fen, centavos), no fraction and no sign; "
            "`unlimited` where a …most… column has no cap"
        ),
    ),
    "count": ("写非负整数", "write a whole number, not negative"),
}
