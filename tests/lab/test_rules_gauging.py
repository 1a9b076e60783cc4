"""The live gauge of cheating: what became of each bad sale, and the shares that come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.claims.facts import Abouts
from xiaobao.kernel.money import WHOLE_BPS
from xiaobao.lab.gauging import fates_of, limits, measured_of
from xiaobao.lab.reports.cheating import EVERY
from xiaobao.orders.facts import BadSales
from xiaobao.supervision.facts import SampleTotals

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Mask

LATE, SLOW = 1, 5
# A promise of an order broken: seller, order, kind, category, paid by itself.
sales = st.lists(
    st.tuples(st.integers(1, 2), st.integers(1, 4), st.sampled_from([LATE, SLOW]),
              st.integers(1, 2), st.booleans()),
    max_size=12, unique_by=lambda one: one[:3],
)  # fmt: skip
# A claim: seller, order, kinds it is about, brought money, over.
claims = st.lists(
    st.tuples(st.integers(1, 2), st.integers(1, 5), st.sets(st.sampled_from([LATE, SLOW])),
              st.booleans(), st.booleans()),
    max_size=12,
)  # fmt: skip
samples = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(
    lambda p: SampleTotals(max(p), min(p))
)


def of_sales(rows: list[tuple[int, int, int, int, bool]]) -> BadSales:
    seller, order, kind, category, pays = (
        (list(one) for one in zip(*rows, strict=True)) if rows else ([], [], [], [], [])
    )
    zero = np.zeros(len(rows), np.int64)
    ints = {"seller_id": seller, "order_id": order, "kind": kind, "category_id": category}
    return BadSales(
        **{name: np.array(column, np.int64) for name, column in ints.items()}, clock=zero,
        base_minor=zero + 100, buyer_minor=zero + 7, platform_minor=zero,
        is_paid_by_itself=np.array(pays, np.bool_),
    )  # fmt: skip


def of_claims(rows: list[tuple[int, int, set[int], bool, bool]]) -> Abouts:
    def flags(place: int) -> Mask:
        return np.array([row[place] for row in rows], np.bool_)

    return Abouts(
        seller_id=np.array([row[0] for row in rows], np.int64),
        order_id=np.array([row[1] for row in rows], np.int64),
        kinds=np.array([sum(1 << kind for kind in row[2]) for row in rows], np.int64),
        is_paid=flags(3), is_over=flags(4),
    )  # fmt: skip


@given(sales, claims, samples)
def test_shares_are_counted_sale_by_sale(
    sold: list[tuple[int, int, int, int, bool]],
    about: list[tuple[int, int, set[int], bool, bool]],
    seen: SampleTotals,
) -> None:
    """Beside the columns, the same by hand: one bad sale after another."""
    found: dict[tuple[int, int], list[int]] = {}
    for seller, order, kind, category, pays in sold:
        mine = [one for one in about if one[:2] == (seller, order) and kind in one[2]]
        is_paid = pays or any(one[3] for one in mine)
        is_over = is_paid or all(one[4] for one in mine)
        is_found = pays or bool(mine)
        for key in ((kind, category), (kind, EVERY)):
            counts = found.setdefault(key, [0, 0, 0, 0])
            for place, counts_it in enumerate(
                (True, is_found, is_found and is_over, is_found and is_over and is_paid)
            ):
                counts[place] += counts_it
    known, broken = (seen.known, seen.broken) if seen.broken else (1, 1)
    assert measured_of(fates_of(of_sales(sold), of_claims(about)), seen) == {
        key: (light * known * WHOLE_BPS // (count * broken),
              upheld * WHOLE_BPS // ended if ended else 0)
        for key, (count, light, ended, upheld) in found.items()
    }  # fmt: skip


def test_a_claim_about_another_promise_brings_nothing_to_light() -> None:
    sold = of_sales([(1, 1, LATE, 1, False), (1, 2, LATE, 1, False), (1, 3, LATE, 1, True)])
    about = of_claims([(1, 1, {SLOW}, True, True), (1, 2, {LATE}, False, False)])
    fates = fates_of(sold, about)
    assert fates.is_found.tolist() == [False, True, True]
    assert fates.is_over.tolist() == [True, False, True]
    assert fates.is_upheld.tolist() == [False, False, True]
    assert measured_of(fates, SampleTotals(4, 3))[LATE, EVERY] == (5_000, 10_000)


def test_what_it_cannot_know_is_said_in_both_languages() -> None:
    assert len(limits()) == 5
    assert all(one["zh"] and one["en"] for one in limits())
