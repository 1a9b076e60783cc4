"""Money: shares, caps and words, against exact fractions."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.kernel.money import MINOR_DIGITS, Rounding, clamp, in_words, share_of

EXACT = {
    Rounding.DOWN: floor,
    Rounding.HALF_UP: lambda x: floor(x + Fraction(1, 2)),
    Rounding.UP: ceil,
}


@given(st.lists(st.tuples(
    st.integers(0, 10**14), st.integers(0, 1_000_000), st.sampled_from(Rounding)
), max_size=20))  # fmt: skip
def test_a_share_is_exact(rows: list[tuple[int, int, Rounding]]) -> None:
    amount, bps, rounding = (np.array([r[i] for r in rows], np.int64) for i in range(3))
    expected = [EXACT[r](Fraction(a * b, 10_000)) for a, b, r in rows]
    assert share_of(amount, bps, rounding).tolist() == expected


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_most_wins_over_least(amount: int, least: int, most: int) -> None:
    assert clamp(*(np.array([n]) for n in (amount, least, most)))[0] == min(
        max(amount, least), most
    )


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (123450, "CNY", "¥1,234.50"), (-5, "CNY", "-¥0.05"), (0, "BRL", "R$0.00"),
        (1234, "JPY", "JP¥1,234"), (1234, "KWD", "KWD 1.234"), (100000000, "USD", "$1,000,000.00"),
    ],
)  # fmt: skip
def test_amounts_as_people_read_them(minor: int, currency: str, words: str) -> None:
    assert in_words(minor, currency) == words


@given(st.integers(-(10**15), 10**15), st.sampled_from(sorted(MINOR_DIGITS)))
def test_words_lose_nothing(minor: int, currency: str) -> None:
    words = in_words(minor, currency)
    digits = "".join(c for c in words if c.isdigit())
    assert int(digits) == abs(minor)
    assert words.startswith("-") == (minor < 0)
