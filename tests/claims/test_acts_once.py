"""What a claim and a breach are both about is paid once, whichever of them comes first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from tests.claims.making import (
    FREIGHT,
    GOODS,
    NOW,
    SHOP,
    Ask,
    ClaimKind,
    book,
    file,
    key,
    later,
    place,
    standing,
    tell,
)
from tests.orders.making import batch, hours
from xiaobao.advances.acts import settle_due_breaches
from xiaobao.claims.acts import accept_offer, answer_claim, make_offer
from xiaobao.claims.facts import Answer, Party
from xiaobao.claims.queries import exposure_of, facts_of, proposal_for
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.clocks import us_of
from xiaobao.ledger.queries import check
from xiaobao.orders.acts import record_facts

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import ClaimRow
    from xiaobao.promises.facts import Market

LATE, OUT_OF_STOCK = 3_000, 10_000  # what each pays on an order of a thousand
EARLY = hours(24)  # the shipping clock runs out 48 hours after payment


def late_claim(at: datetime, *, asked_minor: int = 0) -> ClaimRow:
    return file(
        kind=ClaimKind.LATE_SHIPMENT, ask=Ask.COMPENSATION, order="B", at=at,
        asked_minor=asked_minor,
    )  # fmt: skip


def accepted(row: ClaimRow, at: datetime) -> ClaimRow:
    return answer_claim(*key(row), answer=Answer.ACCEPT, key="yes", at=at)


def breaches(until: datetime) -> list[int]:
    """What each breach of the order pays its buyer, in the order in which they were found."""
    settle_due_breaches(until_us=us_of(until))
    rows = fetch_rows("SELECT buyer_minor FROM orders_breach WHERE order_id IN (SELECT order_id "
                      "FROM orders_order WHERE order_name = 'B') ORDER BY due_at")  # fmt: skip
    return [row[0] for row in rows]


def owed() -> int:
    """What is owed for the order B: in the book, less what breaches of the other order pay."""
    ((other,),) = fetch_rows(
        "SELECT coalesce(sum(buyer_minor), 0)::bigint FROM orders_breach WHERE order_id IN "
        "(SELECT order_id FROM orders_order WHERE order_name <> 'B')"
    )
    return book()["buyers"] - int(other)


def test_a_late_shipment_claimed_early_is_not_paid_again_by_its_breach(world: Market) -> None:
    place("B", world, until="paid")
    row = accepted(late_claim(EARLY), EARLY + timedelta(hours=1))
    assert (row.paid_minor, owed()) == (LATE, LATE)
    held = standing(row)
    # What was asked for was no part of the price: none of it is given back.
    assert (int(held.refund_minor[0]), int(held.compensation_minor[0])) == (0, LATE)
    assert breaches(hours(60)) == [0]
    assert owed() == LATE
    # Out of stock gives more than late shipping: what the claim brought is part of it.
    assert breaches(hours(200)) == [0, OUT_OF_STOCK - LATE]
    assert owed() == OUT_OF_STOCK
    assert check() == []


def test_an_offer_taken_counts_as_well(world: Market) -> None:
    place("B", world, until="paid")
    row = late_claim(EARLY, asked_minor=2_000)
    make_offer(*key(row), by=Party.SELLER, amount_minor=1_200, key="o", at=EARLY)
    accept_offer(*key(row), by=Party.BUYER, number=1, key="y", at=EARLY + timedelta(hours=1))
    assert breaches(hours(60)) == [LATE - 1_200]
    assert owed() == LATE
    assert check() == []


def test_a_breach_that_paid_first_leaves_the_claim_nothing(world: Market) -> None:
    place("B", world, until="paid")
    assert breaches(hours(60)) == [LATE]
    row = accepted(late_claim(hours(61)), hours(62))
    assert (row.paid_minor, row.locked_minor, owed()) == (0, 0, LATE)
    assert check() == []


def test_late_and_fake_shipping_claimed_of_one_order_pay_once(world: Market) -> None:
    place("B", world, until="paid")
    accepted(late_claim(EARLY), EARLY + timedelta(hours=1))
    fake = file("C2", kind=ClaimKind.FALSE_SHIPMENT, ask=Ask.COMPENSATION, order="B", at=hours(30))
    paid = accepted(fake, hours(31))
    assert (paid.paid_minor, owed()) == (0, LATE)


def two_items(market: Market) -> None:
    """An order of a mug and a plate, the mug a third of the price."""
    rows = [
        {"fact": "placed", "at": hours(0), "buyer": "buyer", "goods": 90_000, "freight": FREIGHT,
         "currency": "CNY"},
        {"fact": "line", "at": hours(0), "item": "mug", "quantity": 1, "price": 30_000},
        {"fact": "line", "at": hours(0), "item": "plate", "quantity": 2, "price": 30_000},
        {"fact": "paid", "at": hours(1)},
        {"fact": "scanned", "at": hours(5), "waybill": "WT"},
        {"fact": "signed", "at": NOW - timedelta(days=1)},
    ]  # fmt: skip
    told = [{"seller": SHOP, "order": "T", **row} for row in rows]
    record_facts(batch(told), market_id=market.market_id, at=NOW - timedelta(hours=1))


def due_now(row: ClaimRow) -> tuple[int, int]:
    """The price that is still due, and what the claim could cost at most."""
    facts = facts_of(standing(row), judged_us=np.array([us_of(later(days=1))]))
    return int(proposal_for(facts).refund_minor[0]), int(exposure_of(facts)[0])


def test_a_refund_for_another_item_takes_nothing_from_a_claim_about_one(world: Market) -> None:
    two_items(world)
    row = file("mug", order="T", item="mug", kind=ClaimKind.WRONG_ITEM)
    whole = file("all", order="T", kind=ClaimKind.MISSING_ITEM, at=later(minutes=1))
    assert due_now(row) == (30_000, 30_000 + FREIGHT)
    tell(world, "refund_paid", later(hours=1), "T", amount=60_000, item="plate")
    assert due_now(row) == (30_000, 30_000 + FREIGHT)
    # About the whole order every refund counts.
    assert due_now(whole)[0] == 30_000
    # More for the plates than they cost can only have been for the mug too.
    tell(world, "refund_paid", later(hours=2), "T", amount=10_000, item="plate")
    assert due_now(row)[0] == 20_000
    # One that names no item may have been for this one, and is not paid twice.
    tell(world, "refund_paid", later(hours=3), "T", amount=5_000)
    assert due_now(row)[0] == 15_000
    tell(world, "refund_paid", later(hours=4), "T", amount=15_000, item="mug")
    assert due_now(row)[0] == 0
    assert check() == []


def test_a_refund_for_one_item_counts_for_it_alone(world: Market) -> None:
    two_items(world)
    mug = file("mug", order="T", item="mug", kind=ClaimKind.WRONG_ITEM)
    plate = file("plate", order="T", item="plate", kind=ClaimKind.DAMAGED, at=later(minutes=1))
    tell(world, "refund_paid", later(hours=1), "T", amount=30_000, item="mug")
    assert (due_now(mug)[0], due_now(plate)[0]) == (0, 60_000)
    assert GOODS > 90_000  # the order's own price, not another's, bounds both
