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
from xiaobao.advances.facts import Available, Backing, Split
from xiaobao.advances.rules import postings_of, waterfall
from xiaobao.advances.rules.waterfall import LEGS
from xiaobao.ledger.facts import Account, Op, Why

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


def borne_by_source(split: Split) -> Any:
    """The columns of what is borne, first the buyer's, then the platform's, one per source."""
    names = [f"{whose}_{source}_minor" for whose in ("buyer", "platform") for source in SOURCES]
    return np.stack([getattr(split, name) for name in names], axis=1)


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
            if source in SOURCES[:3]:
                books_now[one.seller_id[0], SOURCES.index(source)] -= column[0]
    assert (books_now >= 0).all()


@given(batches, books)
def test_money_is_conserved_and_the_buyer_is_whole(
    rows: list[tuple[int, int, int]], has: list[tuple[int, int, int]]
) -> None:
    owed = owed_by([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])
    books_now = np.array(has, np.int64)
    split = waterfall(owed, Available(*books_now[owed.seller_id].T))
    columns = borne_by_source(split)
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
    for leg, column in zip((leg for leg, *_ in LEGS), split.as_dict().values(), strict=True):
        mine = postings.take(postings.leg == leg)
        assert mine.amount_minor.tolist() == column[column > 0].tolist()
        assert mine.seller_id.tolist() == owed.seller_id[column > 0].tolist()
        assert mine.cause_lo.tolist() == owed.cause_lo[column > 0].tolist()


def test_legs_sources_and_reasons_are_fixed() -> None:
    owed = owed_by([1], [40], [40])
    postings = postings_of(owed, Split(*(np.array([10]) for _ in range(11))))
    a, w = Account, Why
    assert postings.leg.tolist() == [9, 10, 11, *range(8)]
    assert postings.source.tolist() == [
        a.LOCKED, a.DEPOSIT, a.OUTSIDE, *[a.RESERVE, a.DEPOSIT, a.OUTSIDE, a.FUND] * 2,
    ]  # fmt: skip
    assert postings.target.tolist() == [
        a.BUYERS, a.PENALTY, a.BUYERS, *[a.BUYERS] * 4, *[a.PENALTY] * 4,
    ]  # fmt: skip
    assert postings.why.tolist() == [
        w.COMPENSATION, w.PENALTY, w.FUND_GRANTED, w.COMPENSATION, w.COMPENSATION,
        w.COVER_DRAWN, w.ADVANCE, w.PENALTY, w.PENALTY, w.COVER_DRAWN, w.PENALTY,
    ]  # fmt: skip


def behind(*, locked: int, granted: int = 0, again: bool = False) -> Backing:
    hold_hi, hold_lo, held, good = (np.array([value]) for value in (5, 6, locked, granted))
    return Backing(hold_hi, hold_lo, held, good, np.array([again]))


@pytest.mark.parametrize(
    ("owes", "locked", "granted", "has", "expected"),
    [
        # What is locked for the claim comes before the reserve, then deposit, cover, fund.
        ((800, 0), 500, 0, (200, 50, 30), {"buyer_locked": 500, "buyer_reserve": 200,
                                           "buyer_deposit": 50, "buyer_cover": 30,
                                           "buyer_fund": 20}),
        # The rest of the hold serves the punitive part before the reserve does.
        ((300, 250), 500, 0, (200, 0, 0), {"buyer_locked": 300, "platform_locked": 200,
                                           "platform_reserve": 50}),
        # More is locked than owed: the rest is free.
        ((300, 0), 500, 0, (0, 0, 0), {"buyer_locked": 300}),
        # What the fund bears for good never touches the seller.
        ((300, 0), 500, 300, (9, 9, 9), {"buyer_grant": 300}),
        ((300, 100), 500, 300, (9, 9, 9), {"buyer_grant": 300, "platform_locked": 100}),
    ],
)  # fmt: skip
def test_what_is_locked_for_a_row_is_drawn_first(
    owes: tuple[int, int], locked: int, granted: int, has: tuple[int, int, int],
    expected: dict[str, int],
) -> None:  # fmt: skip
    owed, backing = owed_by([7], [owes[0]], [owes[1]]), behind(locked=locked, granted=granted)
    split = waterfall(owed, available(1, *has), backing)
    borne = {name: int(column[0]) for name, column in split.as_dict().items() if column[0]}
    assert borne == {f"{name}_minor": amount for name, amount in expected.items()}
    postings = postings_of(owed, split, backing)
    # The hold is resolved once, first of all; captured where the buyer takes of it, else freed.
    takes = expected.get("buyer_locked", 0)
    assert (postings.op != Op.MOVE).sum() == 1
    assert postings.op[0] == (Op.CAPTURE if takes else Op.RELEASE)
    assert postings.amount_minor[0] == (takes or locked)
    assert (postings.hold_hi[0], postings.hold_lo[0]) == (5, 6)
    book = {account.name.lower(): 0 for account in Account} | {"locked": locked}
    book |= {"reserve": has[0], "deposit": has[1]}
    move(book, postings.as_dict())
    if takes < locked and takes:
        book["locked"], book["deposit"] = 0, book["deposit"] + locked - takes
    assert (book["locked"], book["buyers"], book["penalty"]) == (0, *owes)
    assert min(book["deposit"], book["reserve"]) >= 0


def test_what_is_borne_again_is_no_penalty() -> None:
    owed, backing = owed_by([7], [0], [90]), behind(locked=0, again=True)
    postings = postings_of(owed, waterfall(owed, available(1, 50, 0, 0), backing), backing)
    assert postings.why.tolist() == [Why.BORNE_AGAIN, Why.BORNE_AGAIN]
    assert postings.source.tolist() == [Account.RESERVE, Account.FUND]
