"""References: the same name, the same id, in any batch; causes in the order of their moments."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.kernel.references import cause_of, causes_of, halves_of, id_of, ids_of, uuid_of

NAMES = st.lists(st.text(max_size=40), max_size=20)
MOMENT_US = st.integers(0, 4_102_444_800_000_000)


@given(NAMES)
def test_a_batch_is_a_stack_of_singles(names: list[str]) -> None:
    whole = ids_of(names)
    assert whole.tolist() == [id_of(name) for name in names]
    assert (whole >= 0).all()
    assert len(set(whole.tolist())) == len(set(names))


@given(NAMES)
def test_arrow_columns_of_any_cut_give_the_same(names: list[str]) -> None:
    whole = ids_of(names)
    for array in (
        pa.array(names, pa.string()),
        pa.array(["x", *names], pa.large_string())[1:],
        pa.chunked_array([pa.array(names[:3], pa.string()), pa.array(names[3:], pa.string())]),
    ):
        assert ids_of(array).tolist() == whole.tolist()


def test_ids_stay_the_same_for_ever() -> None:
    names = ["", "1", "订单-1", "b1b3948701c5c72445495bd161b83a4c"]
    assert ids_of(names).tolist() == [
        7_070_836_379_803_831_727,
        3_610_748_832_718_253_731,
        8_402_083_808_067_241_748,
        920_074_390_551_265_522,
    ]


def test_a_missing_name_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="missing"):
        ids_of(pa.array(["a", None]))


def test_many_names_do_not_meet() -> None:
    assert len(np.unique(ids_of([f"order-{n}" for n in range(200_000)]))) == 200_000


@given(MOMENT_US, st.integers(0, 999), st.lists(st.integers(-(2**63), 2**63 - 1), max_size=4))
def test_a_cause_is_a_uuid_of_version_8_that_sorts_by_its_moment(
    moment: int, kind: int, parts: list[int]
) -> None:
    high, low = cause_of(kind, moment, *parts)
    key = uuid_of(high, low)
    assert (key.version, key.variant) == (8, "specified in RFC 4122")
    assert key.int >> 80 == moment // 1000
    assert halves_of(key) == (high, low)
    assert cause_of(kind, moment, *parts) == (high, low)


@given(st.lists(st.tuples(MOMENT_US, st.integers(0, 2**62)), min_size=1, max_size=20))
def test_causes_of_a_batch_are_those_of_its_rows(rows: list[tuple[int, int]]) -> None:
    moments, parts = (np.array([r[i] for r in rows], np.int64) for i in range(2))
    high, low = causes_of(7, moments, parts)
    singles = [cause_of(7, *row) for row in rows]
    assert list(zip(high.tolist(), low.tolist(), strict=True)) == singles
    assert len(set(singles)) == len(set(rows))


def test_every_part_counts() -> None:
    told = {
        cause_of(*parts)
        for parts in (
            (1, 5, 6), (2, 5, 6), (1, 6, 6), (1, 5, 7), (1, 5, 6, 0), (1, 5), (1, 5, 6, 7),
            (1, 5, 7, 6),
        )
    }  # fmt: skip
    assert len(told) == 8


def test_halves_of_any_uuid() -> None:
    key = UUID("ffffffff-ffff-8fff-bfff-ffffffffffff")
    assert uuid_of(*halves_of(key)) == key
