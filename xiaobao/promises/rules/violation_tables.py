"""The tables of violations: kinds and their points, classes, rungs of penalties, thresholds."""

from __future__ import annotations

from xiaobao.promises.facts import PointsClass, ViolationKind
from xiaobao.promises.rules.shapes import Format, Keys, names_of

_BREACHES = (
    "late_shipment", "out_of_stock", "out_of_stock_long", "out_of_stock_malicious",
    "tracking_slow", "tracking_abnormal", "fake_shipment", "refund_overdue",
)  # fmt: skip
_CLAIMS = (
    "not_received", "not_as_described", "defective", "counterfeit", "wrong_item", "missing_item",
    "damaged", "allergy", "late_shipment", "false_shipment", "refund_not_paid",
    "promise_not_kept", "fraud", "unsafe_food", "return_refused",
)  # fmt: skip
_RUNGS = tuple(f"{name}_{rung}" for name in names_of(PointsClass) for rung in range(1, 5))

VIOLATION_TABLES: dict[str, Format] = {
    "violation_kinds": Format(
        "违规种类与扣分", "kinds of violations and their points",
        (
            "points_class", "points", "strikes", "penalty_minor", "lenient_times",
            "lenient_units", "is_correction_asked", "bundle_days", "cap_days", "cap_points",
        ),
        keys=Keys.WORDS, words=names_of(ViolationKind), needs=(),
    ),
    "violation_classes": Format(
        "扣分的清零与结转", "how points expire and are carried over",
        (
            "is_cleared_yearly", "kept_from_points", "kept_points", "never_cleared_points",
            "life_days",
        ),
        keys=Keys.WORDS, words=names_of(PointsClass), needs=names_of(PointsClass),
    ),
    "violation_steps": Format(
        "处罚的阶梯", "the rungs of penalties",
        (
            "at_points", "again_points", "at_strikes", "days", "is_warned",
            "is_listing_stopped", "is_campaign_barred", "is_hidden", "is_closed",
            "is_restricting", "is_forced_out",
        ),
        keys=Keys.WORDS, words=_RUNGS, needs=(),
    ),
    "violation_breaches": Format(
        "违约成为违规的界限", "when breaches become a violation",
        ("violation", "least_breaches", "share_bps"),
        keys=Keys.WORDS, words=_BREACHES, needs=(),
    ),
    "violation_claims": Format(
        "裁决成为违规", "when a ruling becomes a violation",
        ("violation",),
        keys=Keys.WORDS, words=_CLAIMS, needs=(),
    ),
    "violation_rules": Format(
        "违规规则", "how violations are found, shown and enforced",
        (
            "breach_period_days", "forced_exit_wait_days", "money_published_days",
            "is_natural_person_masked",
        ),
    ),
}  # fmt: skip
