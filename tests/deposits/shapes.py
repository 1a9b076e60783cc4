"""Columns for tests: facts, terms and quotes of one row or of many, from plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from hypothesis import strategies as st

from xiaobao.deposits.facts import DepositFacts, LastQuote
from xiaobao.deposits.terms import DepositRules, DepositTerms
from xiaobao.kernel.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T", bound=Columns)

SIZING = {
    "resize_day": 6, "window_days": 30, "zero_start_days": 1,
    "zero_start_sales_most_minor": 1_000_000, "risk_free_breach_bps": 100,
    "risk_breach_bps": 20_000, "risk_advance_bps": 20_000, "is_not_lowered_in_arrears": True,
    "is_not_raised_without_arrears": True, "has_turnover_ceiling": False,
    "turnover_ceiling_bps": 0, "is_reserve_counted": True, "is_cover_counted": True,
    "cover_most_bps": 10_000, "cover_price_bps": 300, "frozen_days": 360,
    "frozen_look_days": 7, "frozen_notice_days": 15, "top_up_hours": 72, "rounding": 2,
}  # fmt: skip
TERMS = {"base_minor": 100_000, "special_minor": 0, "exposure_bps": 300}


def rows(of: type[T], given: Sequence[Mapping[str, Any]]) -> T:
    """Columns from rows; what a row does not say is zero, or false."""
    made = {}
    for name in of.names():
        is_mask = name.startswith(("is_", "has_"))
        values = [row.get(name, is_mask and False) for row in given]
        made[name] = np.array(values, np.bool_ if is_mask else np.int64)
    return of(**made)


def one(of: type[T], given: Mapping[str, Any]) -> T:
    return rows(of, [given])


MONEY = st.integers(0, 10**12)
BPS = st.integers(0, 1_000_000)


def cases() -> st.SearchStrategy[tuple[LastQuote, DepositFacts, DepositTerms, DepositRules]]:
    """Batches of anything that can be judged."""
    row = st.fixed_dictionaries(
        {
            "seller_id": st.integers(1, 2**62), "orders": st.integers(0, 10**6),
            "goods_minor": MONEY, "open_orders": st.integers(0, 10**6),
            "open_goods_minor": MONEY, "breaches": st.integers(0, 10**4),
            "breach_minor": MONEY, "has_sold": st.booleans(),
            "midnights_since_sale": st.integers(0, 400), "debt_minor": MONEY,
            "is_short": st.booleans(), "is_quoted": st.booleans(),
            "is_zero_start": st.booleans(), "required_minor": MONEY, "base_minor": MONEY,
            "special_minor": MONEY, "exposure_bps": st.integers(0, 10_000),
            "resize_day": st.integers(1, 28), "window_days": st.just(30),
            "zero_start_days": st.integers(0, 60), "zero_start_sales_most_minor": MONEY,
            "risk_free_breach_bps": st.integers(0, 10_000), "risk_breach_bps": BPS,
            "risk_advance_bps": BPS, "is_not_lowered_in_arrears": st.booleans(),
            "is_not_raised_without_arrears": st.booleans(),
            "has_turnover_ceiling": st.booleans(), "turnover_ceiling_bps": BPS,
            "is_reserve_counted": st.booleans(), "is_cover_counted": st.booleans(),
            "cover_most_bps": st.integers(0, 10_000), "cover_price_bps": st.integers(0, 10_000),
            "frozen_days": st.just(360), "frozen_look_days": st.just(7),
            "frozen_notice_days": st.just(15),
            "top_up_hours": st.integers(0, 1000), "rounding": st.integers(0, 2),
        }
    )  # fmt: skip
    return st.lists(row, min_size=1, max_size=8).map(
        lambda given: (
            rows(LastQuote, given),
            rows(DepositFacts, given),
            rows(DepositTerms, given),
            rows(DepositRules, given),
        )
    )
