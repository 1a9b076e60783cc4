"""Clocks of claims: the daily window, and that looking only at late ones misses none."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.claims.law import DAY, ORDERED, facts, law, pack
from xiaobao.claims.facts import CountsFrom
from xiaobao.claims.rules.windows import ended_us, is_after_window
from xiaobao.claims.terms import ClaimTerms
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises.facts import ClockKind, ClockUnit
from xiaobao.promises.rules.books import draft_book
from xiaobao.promises.rules.clocks import due_of
from xiaobao.promises.terms import ClockTerms

CASES = tomllib.loads(
    (Path(__file__).parent / "cases" / "clocks.toml").read_text(encoding="utf-8")
)["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: str(c["name"]))
def test_the_sellers_evidence(case: dict[str, Any]) -> None:
    started = np.array([us_of(case["starts"])])
    terms = draft_book(ClockTerms, pack("cn")).in_force(
        started, np.array([ClockKind.SELLER_EVIDENCE])
    )
    due = due_of(started, terms, zone=law().zone, calendar=law().calendar)
    assert moment_of(int(due[0])) == case["due"]


@given(
    st.sampled_from(list(CountsFrom)),
    st.sampled_from(list(ClockUnit)),
    st.integers(0, 40),
    st.integers(-DAY, 100 * DAY),
)
def test_late_is_what_the_calendar_says(
    counts_from: CountsFrom, unit: ClockUnit, amount: int, after: int
) -> None:
    signed = ORDERED + 3 * DAY
    f = facts(signed_us=signed, completed_us=signed + DAY, filed_us=signed + after)
    given_terms = law().claims.take(np.array([0])).as_dict()
    given_terms |= {
        "counts_from": np.array([counts_from]), "window_unit": np.array([unit]),
        "window_amount": np.array([amount]),
    }  # fmt: skip
    t = ClaimTerms(**given_terms)
    ended = ended_us(f, t, law())
    assert is_after_window(f, t, law()).tolist() == (f.filed_us >= ended).tolist()
    assert (ended[0] == FAR_US) == (counts_from == CountsFrom.NOTHING)
