"""Many hands at one ruling: two adjudicators, the sweep, appeals and refunds; paid once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.claims.making import (
    FREIGHT,
    GOODS,
    book,
    deny,
    file,
    key,
    later,
    open_world,
    paper,
    place,
    standing,
    sweep,
    tell,
)
from tests.claims.test_acts_together import together
from tests.hearings.making import appeal, award, look, reject, uphold
from xiaobao.advances.queries import payouts_of
from xiaobao.claims.acts import ClaimMoveImpossible
from xiaobao.claims.facts import Party
from xiaobao.hearings.facts import RulingRow
from xiaobao.hearings.queries import appeals_of, rulings_of
from xiaobao.ledger.queries import check

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market

WHOLE = GOODS + FREIGHT


@pytest.fixture
def market(committed: None) -> Market:
    return open_world()


def test_two_adjudicators_and_a_refund_at_once_pay_once(market: Market) -> None:
    row = file()
    deny(row, paper(), at=later(hours=5))
    refunded = later(hours=20)
    done = together(
        [
            lambda: uphold(row, by="ada"),
            lambda: uphold(row, by="bob"),
            lambda: tell(market, "refund_paid", refunded, amount=30_000),
            lambda: reject(row, by="eve"),
            lambda: uphold(row, by="ada"),
        ]
    )
    made = [one for one in done if isinstance(one, RulingRow)]
    refused = [one for one in done if isinstance(one, ClaimMoveImpossible)]
    # One ruled; whoever repeats that one is told so, and the others that it is ruled.
    assert len({one.reference for one in made}) == 1
    assert sum(one.is_new for one in made) == 1
    assert len(made) + len(refused) == 4
    (ruling,) = rulings_of(*key(row))
    paid = int(standing(row).paid_minor[0])
    assert paid == ruling.paid_minor
    assert paid in (0, WHOLE, WHOLE - 30_000)
    assert sum(one.amount_minor for one in payouts_of(row.seller_id)) == paid
    assert book() == {"outside": -500_000, "deposit": 500_000 - paid} | (
        {"buyers": paid} if paid else {}
    )
    assert check() == []


def test_looks_appeals_and_rulings_at_once_neither_wait_for_ever_nor_pay_twice(
    market: Market,
) -> None:
    place("B", market)
    place("C", market)
    silent, other = file("C1"), file("C2", order="B")
    sweep(later(days=9))
    heard = file("C3", order="C", at=later(days=9))
    deny(heard, paper(), at=later(days=9, hours=1), name="k3")
    award(heard, refund_minor=30_000, at=later(days=10))
    now = later(days=11)
    together(
        [
            lambda: look(now),
            lambda: look(now),
            lambda: uphold(silent, at=now),
            lambda: appeal(heard, by=Party.BUYER, at=now),
            lambda: appeal(heard, by=Party.SELLER, at=now, colour=141),
            lambda: look(now),
        ]
    )
    assert [len(rulings_of(*key(row))) for row in (silent, other, heard)] == [1, 1, 1]
    assert len(appeals_of(*key(heard))) == 1
    assert sorted(one.amount_minor for one in payouts_of(heard.seller_id)) == [
        30_000, WHOLE, WHOLE,
    ]  # fmt: skip
    assert check() == []
