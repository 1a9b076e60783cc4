"""The tables of claims: windows, burdens of proof, what is paid on top, patterns and abuse."""

from __future__ import annotations

from xiaobao.promises.rules.shapes import Format, Keys, pairs_of
from xiaobao.promises.rules.vocabulary import CLAIM_KINDS, GROUNDS, STAGES

CLAIM_TABLES: dict[str, Format] = {
    "claims": Format(
        "维权期限与处理方式", "claims: their time and what a rule may decide",
        (
            "is_heard", "counts_from", "window_amount", "window_unit", "lifted_by",
            "needs_promise", "price_asks", "is_freight_returned", "fund_bps", "rounding",
            "is_rule_decided", "rule_most_minor", "reasonable_units", "seller_proves_days",
        ),
        keys=Keys.WORDS_CATEGORY, words=CLAIM_KINDS, needs=pairs_of(CLAIM_KINDS, ("general",)),
    ),
    "burdens": Format(
        "举证责任", "who has to show what",
        (
            "may_ask", "asks_until_shipped",
            "first", "first_shows", "first_silent", "first_other",
            "then", "then_shows", "then_silent", "then_other",
            "last", "last_shows", "last_silent", "last_other",
            "bare_denial", "has_cure", "all_shown",
        ),
        keys=Keys.WORDS, words=pairs_of(CLAIM_KINDS, STAGES),
        needs=pairs_of(CLAIM_KINDS, STAGES),
    ),
    "awards": Format(
        "货款之外的赔偿", "what is paid on top of the price",
        (
            "needs_promise", "award_asks", "price_bps", "loss_bps", "least_minor", "most_minor",
            "platform_bps", "is_for_reasonable_use", "rounding",
        ),
        keys=Keys.WORDS, words=pairs_of(CLAIM_KINDS, GROUNDS), needs=(),
    ),
    "test_rules": Format(
        "检测与鉴定费用", "what a test ordered by the platform costs whom",
        ("loser_bps", "most_minor", "most_days", "rounding"), needs=(), may_lack=True,
    ),
    "claim_rules": Format(
        "类案与滥用", "patterns and abuse",
        (
            "pattern_claims", "pattern_bps", "pattern_days", "frequent_claims", "frequent_days",
            "reasonable_days",
        ),
    ),
}  # fmt: skip
