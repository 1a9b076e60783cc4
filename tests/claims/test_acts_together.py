"""Many hands at once: filing, answering, withdrawing, sweeping; paid once, none waits for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from tests.claims.making import (
    NOW,
    book,
    file,
    key,
    later,
    open_world,
    photo,
    place,
    standing,
    sweep,
    tell,
)
from xiaobao.advances.queries import payouts_of
from xiaobao.claims import acts
from xiaobao.claims.facts import Answer, ClaimKind, ClaimState, Party
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of
from xiaobao.ledger.queries import check

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xiaobao.promises.facts import Market

HANDS = 6


@pytest.fixture
def market(committed: None) -> Market:
    return open_world()


def together(deeds: Sequence[Callable[[], object]]) -> list[object]:
    """Each deed on a connection of its own, all at once; what it gave, or the problem it met."""

    def do(deed: Callable[[], object]) -> object:
        try:
            return deed()
        except Problem as problem:
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(do, deeds))


def test_a_claim_told_many_times_at_once_is_filed_once(market: Market) -> None:
    rows = together([file] * HANDS)
    assert sorted(bool(row.is_new) for row in rows) == [False] * (HANDS - 1) + [True]  # type: ignore[attr-defined]
    assert fetch_rows("SELECT count(*) FROM claims_claim") == [(1,)]
    assert book()["locked"] == 100_800
    assert check() == []


def test_of_claims_of_a_kind_filed_at_once_about_one_order_one_stands(market: Market) -> None:
    told = together([lambda n=n: file(f"C{n}") for n in range(HANDS)])  # type: ignore[misc]
    assert sum(isinstance(one, acts.ClaimStands) for one in told) == HANDS - 1
    assert fetch_rows("SELECT count(*) FROM claims_claim") == [(1,)]
    assert book()["locked"] == 100_800


def test_claims_about_one_order_filed_at_once_lock_its_price_once(market: Market) -> None:
    kinds = [ClaimKind.NOT_AS_DESCRIBED, ClaimKind.NOT_RECEIVED, ClaimKind.MISSING_ITEM]
    together([lambda k=kind: file(f"C{k}", kind=k) for kind in kinds])  # type: ignore[misc]
    locked = fetch_rows("SELECT sum(locked_minor)::bigint, count(*) FROM claims_claim")
    assert locked[0][1] == len(kinds)
    assert book()["locked"] == locked[0][0] < 2 * 100_000


def test_accepted_offered_withdrawn_and_refunded_at_once_pays_once(market: Market) -> None:
    row = file()
    acts.make_offer(*key(row), by=Party.SELLER, amount_minor=60_000, key="o", at=later(hours=1))
    at = later(hours=2)
    together(
        [
            lambda: acts.answer_claim(*key(row), answer=Answer.ACCEPT, key="a", at=at),
            lambda: acts.accept_offer(*key(row), by=Party.BUYER, number=1, key="b", at=at),
            lambda: acts.withdraw_claim(*key(row), key="w", at=at),
            lambda: tell(market, "refund_paid", later(hours=1), amount=30_000),
            lambda: acts.answer_claim(*key(row), answer=Answer.ACCEPT, key="a", at=at),
            lambda: sweep(later(hours=1)),
        ]
    )
    ended = ClaimState(int(standing(row).state[0]))
    assert ended in {ClaimState.SETTLED, ClaimState.WITHDRAWN}
    paid = sum(payout.amount_minor for payout in payouts_of(id_of("shop")))
    assert paid == int(standing(row).paid_minor[0])
    assert paid in {0, 60_000, 70_800, 100_800}
    assert "locked" not in book()
    assert check() == []


def test_sweeps_and_parties_do_not_wait_for_each_other_for_ever(market: Market) -> None:
    orders = [f"O{number}" for number in range(24)]
    for number, order in enumerate(orders):
        place(order, market, goods=10_000 + number)
    rows = [
        file(f"C-{order}", order=order, handed=[photo(n)] if n % 2 else ())
        for n, order in enumerate(orders)
    ]

    def answer(number: int) -> object:
        row, moment = rows[number], NOW + timedelta(hours=47 + number % 4)
        kind = Answer.ACCEPT if number % 3 else Answer.DENY
        return acts.answer_claim(*key(row), answer=kind, key="a", at=moment)

    deeds: list[Callable[[], object]] = [lambda n=n: answer(n) for n in range(24)]  # type: ignore[misc]
    deeds[::4] = [lambda: sweep(later(days=9)) for _ in deeds[::4]]
    together(deeds)
    sweep(later(days=30))
    states = fetch_rows("SELECT DISTINCT state FROM claims_claim ORDER BY state")
    assert {ClaimState(row[0]) for row in states} <= {
        ClaimState.SETTLED, ClaimState.UNDER_REVIEW, ClaimState.LAPSED,
    }  # fmt: skip
    locked = fetch_rows("SELECT coalesce(sum(locked_minor), 0)::bigint FROM claims_claim")
    assert book().get("locked", 0) == locked[0][0]
    assert check() == []
