"""Who leaves a generated marketplace, when and why."""

from __future__ import annotations

import pytest

from xiaobao.exits.facts import Reason, Scope
from xiaobao.lab.generate.marketplace import generate
from xiaobao.lab.generate.plans import Plan, ShopKind
from xiaobao.work.wishes import LEFT_DAYS, consults_on, objectors, wishes_of

SIZED = [
    Plan(),
    *(Plan(seed=seed, sellers=60, orders=3_000, days=60) for seed in (7, 8)),
]  # fmt: skip


@pytest.mark.parametrize("plan", SIZED, ids=["default", "60/7", "60/8"])
def test_shops_leave_for_every_reason_each_once(plan: Plan) -> None:
    market = generate(plan)
    wishes = wishes_of(market)
    shops = [wish.shop for wish in wishes]
    assert len(set(shops)) == len(shops)
    assert {wish.reason for wish in wishes if wish.scope is Scope.WHOLE} == set(Reason)
    assert sum(wish.insures for wish in wishes) == 3
    assert all(wish.scope is Scope.PART for wish in wishes if wish.insures)
    assert all(0 <= wish.day < plan.days for wish in wishes)
    consulted = consults_on(plan)
    assert consulted == plan.days // 2
    changed = [wish for wish in wishes if wish.reason is Reason.POLICY_CHANGE]
    assert [wish.shop for wish in changed] == objectors(market)
    assert {wish.day for wish in changed} == {consulted + LEFT_DAYS}
    assert len(changed) == 2
    assert {int(market.shops.kind[wish.shop]) for wish in changed} == {ShopKind.GOOD}
    assert wishes_of(market) == wishes


def test_in_a_few_days_nothing_is_announced() -> None:
    market = generate(Plan(sellers=3, orders=20, days=6))
    assert consults_on(market.plan) is None
    assert objectors(market) == []
