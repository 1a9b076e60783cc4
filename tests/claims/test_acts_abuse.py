"""Signs of abuse, found at filing: shown, never in the way; and small claims taken together."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from tests.claims.making import (
    FREIGHT,
    NOW,
    SHOP,
    file,
    key,
    later,
    photo,
    place,
    put,
    standing,
    sweep,
)
from tests.orders.making import batch, hours
from xiaobao.claims import queries
from xiaobao.claims.facts import AbuseSign, Ask, ClaimKind, ClaimRow, ClaimState
from xiaobao.hearings.acts import rule_claim
from xiaobao.hearings.facts import Verdict
from xiaobao.kernel.clocks import us_of
from xiaobao.orders.acts import record_facts

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import Market


def signs(row: ClaimRow) -> AbuseSign:
    return AbuseSign(int(standing(row).abuse[0]))


def snacks(market: Market, order: str, units: int, *, item: str = "snack") -> None:
    """An order of food at 9.90 a unit, signed for."""
    goods = units * 990
    steps = [
        {"fact": "placed", "at": hours(0), "buyer": "buyer", "goods": goods, "freight": FREIGHT,
         "currency": "CNY", "category": "food"},
        {"fact": "line", "at": hours(0), "item": item, "title": "a snack", "quantity": units,
         "price": 990},
        {"fact": "paid", "at": hours(1)},
        {"fact": "scanned", "at": hours(5), "waybill": f"W{order}"},
        {"fact": "signed", "at": NOW - timedelta(days=1)},
    ]  # fmt: skip
    rows = [{"seller": SHOP, "order": order, **step} for step in steps]
    record_facts(batch(rows), market_id=market.market_id, at=NOW - timedelta(hours=1))


def on_top(row: ClaimRow, at: datetime) -> int:
    facts = queries.facts_of(standing(row), judged_us=np.array([us_of(at)]))
    return int(queries.proposal_for(facts).compensation_minor[0])


def test_signs_are_shown_and_block_nothing(world: Market) -> None:
    first = file("C1", handed=[photo(7)])
    assert signs(first) == 0
    place("B", world)
    second = file("C2", order="B", handed=[photo(7)])
    assert (second.state, signs(second)) == (ClaimState.AWAITING_SELLER, AbuseSign.REUSED_PHOTO)
    # Two claims about one order may show the same picture.
    same = file("C3", kind=ClaimKind.MISSING_ITEM, handed=[photo(7)])
    assert signs(same) == AbuseSign.REUSED_PHOTO, "for it was shown of order B as well"
    fresh = file("C4", kind=ClaimKind.DAMAGED, order="B", handed=[photo(8)])
    assert signs(fresh) == 0
    snacks(world, "F", 7)
    much = file("C5", order="F", kind=ClaimKind.UNSAFE_FOOD, handed=[photo(7)], item="snack")
    wanted = AbuseSign.REUSED_PHOTO | AbuseSign.SWAPPED_GOODS | AbuseSign.MUCH_CONSUMED
    assert signs(much) == wanted
    sixth = file("C6", order="F", kind=ClaimKind.FRAUD, handed=[photo(9)])
    assert signs(sixth) == AbuseSign.FREQUENT, "five claims with the shop before it"
    page = queries.claim_page("C5", "en", at=NOW)
    assert "more was bought than a household reasonably uses" in page.abuse
    assert page.proposed is not None
    assert not page.proposed.is_clear
    assert "cn.claim.burden.food" in {line.clause for line in page.proposed.lines}
    assert queries.claim_page("C1", at=NOW).abuse == []


def test_small_claims_by_law_are_taken_together(world: Market) -> None:
    put(SHOP, 900_000)
    rows = []
    for order in ("F1", "F2"):
        snacks(world, order, 2)
        rows.append(
            file(order, order=order, kind=ClaimKind.UNSAFE_FOOD, ask=Ask.STATUTORY, item="snack")
        )
    at = later(days=3)
    sweep(at)
    # Each alone would bring the law's least.
    assert [on_top(row, at) for row in rows] == [100_000, 100_000]
    rule_claim(*key(rows[0]), by="ada", verdict=Verdict.UPHOLD, key="r1", at=at)
    # Together they bring ten times the price of both, or the least once.
    assert on_top(rows[1], at) == 0
    one = queries.facts_of(standing(rows[1]), judged_us=np.array([us_of(at)]))
    told = (one.units, one.before_units, one.before_goods_minor, one.before_paid_minor)
    assert [column.tolist() for column in told] == [[2], [2], [1_980], [100_000]]
