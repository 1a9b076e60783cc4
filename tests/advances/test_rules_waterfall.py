"""The waterfall: exact cases, and the laws it keeps whatever is owed."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.advances.making import owed_by
from xiaobao.advances.facts import Available, Leg, Split
from xiaobao.advances.rules import postings_of, waterfall
from xiaobao.ledger.facts import Account, Why

CASES = tomllib.loads((Path(__file__).parent / "cases" / "waterfall.toml").read_text())["case"]
SOURCES = ("reserve", "deposit", "cover", "fund")


def available(count: int, reserve: Any, deposit: Any, cover: Any) -> Available:
    return Available(*(np.full(count, amount, np.int64) for amount in (reserve, deposit, cover)))


def parts(split: Split, whose: str) -> list[dict[str, int]]:
    columns = [getattr(split, f"{whose}_{source}_minor") for source in SOURCES]
    return [dict(zip(SOURCES, map(int, row), strict=True)) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_case_is_borne_as_written(case: dict[str, Any]) -> None:
    rows = case["owed"]
    owed = owed_by([7] * len(rows), [r["buyer"] for r in rows], [r["platform"] for r in rows])
    has = available(len(rows), case["reserve"], case["deposit"], case["cover"])
    split = waterfall(owed, has)
    assert parts(split, "buyer") == case["buyer"]
    assert parts(split, "platform") == case["platform"]
    book = {account.name.lower(): 0 for account in Account}
    book |= {"reserve": case["reserve"], "deposit": case["deposit"]}
    book["outside"] = -case["reserve"] - case["deposit"]
    move(book, postings_of(owed, split).as_dict())
    assert sum(book.values()) == 0
    assert {name: book[name] for name in case["after"]} == case["after"]


def move(book: dict[str, int], postings: dict[str, Any]) -> None:
    columns = (postings[n].tolist() for n in ("source", "target", "amount_minor"))
    for source, target, amount in zip(*columns, strict=True):
        book[Account(source).name.lower()] -= amount
        book[Account(target).name.lower()] += amount


amounts = st.integers(0, 60) | st.integers(0, 10**12)
batches = st.lists(st.tuples(st.integers(1, 4), amounts, amounts), max_size=20)
books = st.lists(st.tuples(amounts, amounts, amounts), min_size=5, max_size=5)


@given(batches, books)
def test_a_batch_is_a_stack_of_singles(
    rows: list[tuple[int, int, int]], has: list[tuple[int, int, int]]
) -> None:
    owed = owed_by([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])
    books_now = np.array(has, np.int64)
    whole = waterfall(owed, Available(*books_now[owed.seller_id].T))
    for row in range(len(owed)):
        one = owed.take(np.array([row]))
        single = waterfall(one, Available(*books_now[one.seller_id].T))
        for name, column in single.as_dict().items():
            assert getattr(whole, name)[row] == column[0]
            source = name.split("_")[1]
            if source != "fund":
                books_now[one.seller_id[0], SOURCES.index(source)] -= column[0]
    assert (books_now >= 0).all()


@given(batches, books)
def test_money_is_conserved_and_the_buyer_is_whole(
    rows: list[tuple[int, int, int]], has: list[tuple[int, int, int]]
) -> None:
    owed = owed_by([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])
    books_now = np.array(has, np.int64)
    split = waterfall(owed, Available(*books_now[owed.seller_id].T))
    columns = np.stack(list(split.as_dict().values()), axis=1) if len(owed) else np.zeros((0, 8))
    assert (columns >= 0).all()
    assert (columns[:, :4].sum(axis=1) == owed.buyer_minor).all()
    assert (columns[:, 4:].sum(axis=1) == owed.platform_minor).all()
    # Nobody pays more than there is, and the fund pays only once nothing else is left.
    for seller in np.unique(owed.seller_id):
        mine = columns[owed.seller_id == seller].reshape(-1, 2, 4).sum(axis=(0, 1))
        assert (mine[:3] <= books_now[seller]).all()
        if mine[3]:
            assert (mine[:3] == books_now[seller]).all()


@given(batches, books)
def test_postings_say_the_split_and_nothing_else(
    rows: list[tuple[int, int, int]], has: list[tuple[int, int, int]]
) -> None:
    owed = owed_by([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])
    split = waterfall(owed, Available(*np.array(has, np.int64)[owed.seller_id].T))
    postings = postings_of(owed, split)
    assert (postings.amount_minor > 0).all()
    for leg in list(Leg)[:8]:
        mine = postings.take(postings.leg == leg)
        column = list(split.as_dict().values())[leg]
        assert mine.amount_minor.tolist() == column[column > 0].tolist()
        assert mine.seller_id.tolist() == owed.seller_id[column > 0].tolist()
        assert mine.cause_lo.tolist() == owed.cause_lo[column > 0].tolist()


def test_legs_sources_and_reasons_are_fixed() -> None:
    owed = owed_by([1], [40], [40])
    postings = postings_of(owed, Split(*(np.array([10]) for _ in range(8))))
    assert postings.leg.tolist() == list(range(8))
    assert postings.source.tolist() == [
        Account.RESERVE, Account.DEPOSIT, Account.OUTSIDE, Account.FUND,
    ] * 2  # fmt: skip
    assert postings.target.tolist() == [Account.BUYERS] * 4 + [Account.PENALTY] * 4
    assert postings.why.tolist() == [
        Why.COMPENSATION, Why.COMPENSATION, Why.COVER_DRAWN, Why.ADVANCE,
        Why.PENALTY, Why.PENALTY, Why.COVER_DRAWN, Why.PENALTY,
    ]  # fmt: skip
