"""The quote: cases a lawyer can read, and laws that hold for every quote."""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given

from tests.deposits.shapes import SIZING, cases, one
from xiaobao.deposits.facts import DepositFacts, LastQuote, Quote
from xiaobao.deposits.rules import midnights_since, next_quotes, quote
from xiaobao.deposits.terms import DepositRules, DepositTerms
from xiaobao.kernel.clocks import us_of, zone_of
from xiaobao.kernel.columns import FAR_US

FILE = tomllib.loads((Path(__file__).parent / "cases" / "quotes.toml").read_text())
LINES = ("base", "exposure", "risk", "special", "ceiling", "kept", "zero_start")
Case = tuple[LastQuote, DepositFacts, DepositTerms, DepositRules]


@pytest.mark.parametrize("case", FILE["case"], ids=lambda c: c["name"])
def test_a_case_is_quoted_as_the_file_says(case: dict[str, Any]) -> None:
    made = quote(
        one(LastQuote, case.get("before", {})),
        one(DepositFacts, case["facts"]),
        one(DepositTerms, FILE["terms"] | case.get("terms", {})),
        one(DepositRules, FILE["sizing"] | case.get("sizing", {})),
    )
    got = {name: int(getattr(made, f"{name}_minor")[0]) for name in (*LINES, "required")}
    expect = {name: case["expect"].get(name, 0) for name in (*LINES, "required")}
    assert got == expect
    assert bool(made.is_zero_start[0]) is case["expect"]["is_zero_start"]


@given(cases())
def test_a_batch_is_a_stack_of_singles(case: Case) -> None:
    whole = quote(*case)
    for i in range(len(whole)):
        row = np.array([i])
        before, facts, terms, sizing = case
        single = quote(before.take(row), facts.take(row), terms.take(row), sizing.take(row))
        for name, column in single.as_dict().items():
            assert column[0] == getattr(whole, name)[i], name


@given(cases())
def test_lines_sum_to_what_is_asked_for_and_it_is_never_negative(case: Case) -> None:
    made = quote(*case)
    lines = sum(getattr(made, f"{line}_minor") for line in LINES)
    assert (lines == made.required_minor).all()
    assert (made.required_minor >= 0).all()
    for line in ("base", "exposure", "risk", "special"):
        assert (getattr(made, f"{line}_minor") >= 0).all()
    assert (made.ceiling_minor <= 0).all()
    assert (made.zero_start_minor <= 0).all()
    assert (made.required_minor[made.is_zero_start] == 0).all()


@given(cases())
def test_a_repeated_quote_changes_nothing(case: Case) -> None:
    _, facts, terms, sizing = case
    first = quote(*case)
    again = quote(_as_last(first), facts, terms, sizing)
    if not (first.is_zero_start == again.is_zero_start).all():
        raise AssertionError("a zero start came or went by asking twice")
    assert again.required_minor.tolist() == first.required_minor.tolist()


def _as_last(made: Quote) -> LastQuote:
    return LastQuote(np.ones(len(made), bool), made.is_zero_start, made.required_minor)


@given(cases())
def test_arrears_never_lower_and_their_absence_never_raises(case: Case) -> None:
    before, facts, _, sizing = case
    made = quote(*case)
    arrears = (facts.debt_minor > 0) | facts.is_short
    last = before.is_quoted & ~before.is_zero_start
    held = last & arrears & sizing.is_not_lowered_in_arrears
    assert (made.required_minor[held] >= before.required_minor[held]).all()
    capped = last & ~arrears & sizing.is_not_raised_without_arrears
    assert (made.required_minor[capped] <= before.required_minor[capped]).all()


def us(text: str) -> int:
    return us_of(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")))


@pytest.mark.parametrize(
    ("at", "is_zero", "then"),
    [
        ("2026-03-01 15:00", False, "2026-03-06 00:00"),
        ("2026-03-05 23:59:59.999999", False, "2026-03-06 00:00"),
        ("2026-03-06 00:00", False, "2026-04-06 00:00"),
        ("2026-12-06 00:00", False, "2027-01-06 00:00"),
        ("2026-12-31 23:00", True, "2027-01-01 00:00"),
        ("2026-03-06 00:00", True, "2026-03-07 00:00"),
    ],
)
def test_the_next_quote_falls_on_the_packs_day_or_the_next_midnight(
    at: str, is_zero: bool, then: str
) -> None:
    made = next_quotes(
        np.array([us(at)]), np.array([is_zero]), one(DepositRules, SIZING),
        zone_of("Asia/Shanghai"),
    )  # fmt: skip
    assert made.tolist() == [us(then)]


def test_midnights_are_counted_in_the_markets_zone() -> None:
    sold = np.array(
        [us("2026-03-01 23:59"), us("2026-03-01 00:00"), us("2026-02-01 12:00"), FAR_US]
    )
    now = np.full(4, us("2026-03-02 00:00"))
    zone = zone_of("Asia/Shanghai")
    assert midnights_since(sold, now, zone).tolist() == [1, 1, 29, 0]
