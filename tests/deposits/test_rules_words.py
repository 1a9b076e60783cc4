"""A quote in words: every figure in the advice is reckoned, and what it saves is true."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given

from tests.deposits.shapes import SIZING, TERMS, cases, one
from xiaobao.deposits.facts import DepositFacts, LastQuote, Line, LineRow
from xiaobao.deposits.rules import explain, quote
from xiaobao.deposits.terms import DepositRules, DepositTerms

Case = tuple[LastQuote, DepositFacts, DepositTerms, DepositRules]
OPENED = {"is_quoted": True, "is_zero_start": True}


def lines_of(
    facts: dict[str, Any],
    before: dict[str, Any] | None = None,
    terms: dict[str, Any] | None = None,
    sizing: dict[str, Any] | None = None,
) -> dict[Line, LineRow]:
    case = (
        one(LastQuote, OPENED if before is None else before),
        one(DepositFacts, {"has_sold": True, "midnights_since_sale": 40} | facts),
        one(DepositTerms, TERMS | (terms or {})),
        one(DepositRules, SIZING | (sizing or {})),
    )
    made = explain(
        *case, quote(*case), currency="CNY", category=("通用", "General"),
        clauses={Line.BASE: "cn.deposit.amount"},
    )  # fmt: skip
    return {line.code: line for line in made}


def test_the_base_names_its_category_clause_and_what_cover_would_cost() -> None:
    base = lines_of({})[Line.BASE]
    assert (base.amount_minor, base.clause, base.saves_minor) == (100_000, "cn.deposit.amount", 0)
    assert base.zh == "类目“通用”的基础金额 ¥1,000.00"
    assert base.en == "the base of the category 'General' is ¥1,000.00"
    assert "最多可抵 ¥1,000.00，每年约 ¥30.00" in base.lower_zh
    assert base.lower_en.endswith("up to ¥1,000.00, at about ¥30.00 a year")
    bare = lines_of({}, sizing={"is_cover_counted": False})[Line.BASE]
    assert bare.lower_en == "set by the category; nothing lowers it"


def test_exposure_says_how_much_to_complete() -> None:
    line = lines_of({"open_orders": 80, "open_goods_minor": 4_000_000})[Line.EXPOSURE]
    assert (line.amount_minor, line.saves_minor) == (20_000, 20_000)
    assert line.lower_en == "complete orders of ¥6,666.67 more and this line is gone"
    assert line.zh == "80 笔在途订单共 ¥40,000.00，按 3% 计，超出基础金额 ¥200.00"


def test_risk_says_how_many_breaches_fewer_and_what_debt_to_repay() -> None:
    facts = {"orders": 250, "breaches": 5, "breach_minor": 9_000, "debt_minor": 150_000}
    line = lines_of(facts)[Line.RISK]
    assert (line.amount_minor, line.saves_minor) == (218_000, 218_000)
    assert line.lower_zh == "违约次数减少 3 次，并偿还欠款 ¥500.00，本项即为零"
    assert line.lower_en == "3 breaches fewer and ¥500.00 of the debt repaid: this line is gone"
    assert "5 breaches in 250 orders of the last 30 days (2 not counted)" in line.en
    only_debt = lines_of({"debt_minor": 150_000})[Line.RISK]
    assert only_debt.lower_en == "¥500.00 of the debt repaid: this line is gone"


def test_special_ceiling_kept_and_zero_start_speak_too() -> None:
    special = lines_of({}, terms={"special_minor": 5_000})[Line.SPECIAL]
    assert (special.saves_minor, special.lower_zh) == (5_000, "不再经营该类目，本项 ¥50.00 即取消")
    ceiling = lines_of(
        {"orders": 100, "goods_minor": 550_000, "breaches": 3, "breach_minor": 9_000},
        sizing={"has_turnover_ceiling": True, "turnover_ceiling_bps": 2_000},
    )[Line.CEILING]
    assert (ceiling.amount_minor, ceiling.saves_minor) == (-8_000, 0)
    assert "not more than 20% of the turnover of ¥5,500.00" in ceiling.en
    last = {"is_quoted": True, "required_minor": 130_000}
    kept = lines_of({"debt_minor": 1}, before=last)[Line.KEPT]
    assert (kept.amount_minor, kept.saves_minor) == (30_000, 30_000)
    assert "¥1,300.00" in kept.zh
    low = lines_of({"open_goods_minor": 9_000_000}, before=last)[Line.KEPT]
    assert (low.amount_minor, low.saves_minor) == (-140_000, 0)
    start = lines_of({"goods_minor": 250_000, "midnights_since_sale": 0})[Line.ZERO_START]
    assert start.amount_minor == -100_000
    assert start.lower_en == "¥7,500.00 of sales are left; then ¥1,000.00 is due"


@given(cases())
def test_words_are_there_in_both_languages_and_what_advice_saves_is_true(case: Case) -> None:
    made = quote(*case)
    for row in range(len(made)):
        lines = explain(
            *case, made, currency="CNY", category=("通用", "General"), clauses={}, row=row
        )
        assert sum(line.amount_minor for line in lines) == made.required_minor[row]
        for line in lines:
            for words in (line.zh, line.en, line.lower_zh, line.lower_en):
                assert words.strip()


@given(cases())
def test_following_the_exposure_advice_saves_what_it_says(case: Case) -> None:
    before, facts, terms, sizing = case
    made = quote(*case)
    free = terms.base_minor * 10_000 // np.maximum(terms.exposure_bps, 1)
    then = quote(before, replace(facts, open_goods_minor=free), terms, sizing)
    for row in np.flatnonzero(made.exposure_minor):
        lines = explain(*case, made, currency="CNY", category=("", ""), clauses={}, row=int(row))
        [line] = [one for one in lines if one.code is Line.EXPOSURE]
        assert then.exposure_minor[row] == 0
        assert line.saves_minor == made.required_minor[row] - then.required_minor[row]
