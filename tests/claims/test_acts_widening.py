"""The buyer asks for more until the ruling: it is locked, and nothing is locked twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.claims.making import (
    FREIGHT,
    GOODS,
    book,
    deny,
    everything,
    file,
    key,
    later,
    paper,
    place,
    standing,
    state,
    tell,
    timeline,
)
from xiaobao.claims.acts import (
    AskNotWider,
    AskWidened,
    ClaimMoveImpossible,
    answer_claim,
    widen_claim,
    withdraw_claim,
)
from xiaobao.claims.facts import Answer, Ask, Basis, ClaimKind, ClaimState, Party
from xiaobao.claims.queries import claim_page, kinds_offered
from xiaobao.kernel.references import id_of
from xiaobao.ledger.queries import check
from xiaobao.orders.queries import order_detail

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import ClaimRow, KindOffered, MayAsk
    from xiaobao.promises.facts import Market

PRICE = GOODS + FREIGHT
THREEFOLD = 3 * GOODS
FAKE = ClaimKind.COUNTERFEIT


def widen(row: ClaimRow, ask: Ask, at: datetime, name: str = "w") -> ClaimRow:
    return widen_claim(*key(row), ask=ask, key=name, at=at)


def more(at: datetime, claim: str = "C1") -> list[MayAsk]:
    return claim_page(claim, "en", at=at).wider


def offered(at: datetime, order: str = "A") -> dict[ClaimKind, KindOffered]:
    detail = order_detail(id_of("shop"), id_of(order))
    assert detail is not None
    return {one.kind: one for one in kinds_offered(detail, at=at)}


def test_a_fake_may_be_claimed_by_law_after_a_refund_was_asked_for(world: Market) -> None:
    row = file(kind=FAKE)
    assert (row.exposure_minor, row.locked_minor) == (PRICE, PRICE)
    (may,) = more(later(hours=1))
    assert (may.ask, may.amount_minor, may.on_top_minor, may.basis, may.clause) == (
        Ask.STATUTORY, PRICE + THREEFOLD, THREEFOLD, Basis.LAW, "cn.award.fraud",
    )  # fmt: skip
    told = claim_page("C1", "en", at=later(hours=1)).next_actions
    assert [one.party for one in told if "claims widen" in one.commands] == [Party.BUYER]
    before = everything()
    for ask in (Ask.REFUND, Ask.RETURN_AND_REFUND, Ask.REPAIR, Ask.COMPENSATION):
        with pytest.raises(AskNotWider) as refused:
            widen(row, ask, later(hours=1))
        assert "compensation by law" in refused.value.says("en")
    assert everything() == before
    done = widen(row, Ask.STATUTORY, later(hours=1))
    whole = PRICE + THREEFOLD
    assert (done.exposure_minor, done.locked_minor, done.uncovered_minor) == (whole, whole, 0)
    assert done.state == ClaimState.AWAITING_SELLER
    assert book() == {"outside": -500_000, "deposit": 500_000 - whole, "locked": whole}
    assert (int(standing(row).ask[0]), int(standing(row).asked_minor[0])) == (Ask.STATUTORY, 0)
    assert timeline(row)[-1] == ("ASK_WIDENED", "AWAITING_SELLER")
    after = everything()
    assert not widen(row, Ask.STATUTORY, later(hours=2)).is_new
    with pytest.raises(AskNotWider):
        widen(row, Ask.STATUTORY, later(hours=2), "again")
    assert everything() == after
    assert more(later(hours=2)) == []
    withdraw_claim(*key(row), key="x", at=later(hours=3))
    assert book() == {"outside": -500_000, "deposit": 500_000}
    assert check() == []


def test_what_no_deposit_covers_is_uncovered_and_paid_whole(world: Market) -> None:
    place("B", world, goods=400_000)
    row = file(kind=FAKE, order="B")
    done = widen(row, Ask.STATUTORY, later(hours=1))
    whole = 400_000 + FREIGHT + 1_200_000
    assert (done.exposure_minor, done.locked_minor) == (whole, 500_000)
    assert done.uncovered_minor == whole - 500_000
    assert book() == {"outside": -500_000, "locked": 500_000}
    assert check() == []


def test_a_price_that_another_claim_locked_is_not_locked_twice(world: Market) -> None:
    limited = file(asked_minor=30_000)
    other = file("C2", kind=ClaimKind.MISSING_ITEM)
    assert (limited.locked_minor, other.locked_minor) == (30_000, GOODS - 30_000 + FREIGHT)
    before = book()
    # All that is due is asked for now; but what is left of the price the other claim has.
    done = widen(limited, Ask.REFUND, later(hours=1))
    assert done.exposure_minor >= 30_000
    assert book()["locked"] <= GOODS + 2 * FREIGHT
    assert book()["locked"] + book()["deposit"] == before["locked"] + before["deposit"]
    assert int(standing(limited).asked_minor[0]) == 0
    assert check() == []


def test_the_seller_does_not_accept_what_it_has_not_seen(world: Market) -> None:
    row = file(kind=FAKE)
    widen(row, Ask.STATUTORY, later(hours=1))
    before = everything()
    with pytest.raises(AskWidened) as refused:
        answer_claim(*key(row), answer=Answer.ACCEPT, seen=(Ask.REFUND, 0), key="a",
                     at=later(hours=2))  # fmt: skip
    assert "compensation by law" in refused.value.says("en")
    assert everything() == before
    answer_claim(*key(row), answer=Answer.ACCEPT, seen=(Ask.STATUTORY, None), key="a",
                 at=later(hours=2))  # fmt: skip
    assert int(standing(row).paid_minor[0]) == PRICE + THREEFOLD
    assert book() == {
        "outside": -500_000, "deposit": 500_000 - PRICE - THREEFOLD, "buyers": PRICE + THREEFOLD,
    }  # fmt: skip


def test_it_goes_on_until_the_ruling_and_no_longer(world: Market) -> None:
    row = file(kind=FAKE)
    deny(row, paper(), at=later(hours=1))
    assert state(row) == ClaimState.AWAITING_BUYER_EVIDENCE
    assert widen(row, Ask.STATUTORY, later(hours=2)).state == ClaimState.AWAITING_BUYER_EVIDENCE
    withdraw_claim(*key(row), key="x", at=later(hours=3))
    before = everything()
    with pytest.raises(ClaimMoveImpossible):
        widen(row, Ask.STATUTORY, later(hours=4), "late")
    assert everything() == before


def test_the_form_offers_what_is_heard_with_its_sum_the_most_first(world: Market) -> None:
    found = offered(later(hours=1))
    assert ClaimKind.UNSAFE_FOOD not in found  # no food
    assert ClaimKind.ALLERGY not in found  # nothing promised
    fake = found[FAKE].asks[0]
    assert (fake.ask, fake.amount_minor, fake.basis) == (
        Ask.STATUTORY, PRICE + THREEFOLD, Basis.LAW,
    )  # fmt: skip
    described = found[ClaimKind.NOT_AS_DESCRIBED].asks
    assert [(one.ask, one.amount_minor) for one in described] == [
        (Ask.REFUND, PRICE), (Ask.RETURN_AND_REFUND, PRICE), (Ask.COMPENSATION, GOODS // 10),
        (Ask.REPLACEMENT, 0), (Ask.REPAIR, 0),
    ]  # fmt: skip
    assert [one.ask for one in found[ClaimKind.RETURN_REFUSED].asks] == [Ask.RETURN_AND_REFUND]
    # Shipped, late shipping brings no price back any more.
    assert [one.ask for one in found[ClaimKind.LATE_SHIPMENT].asks] == [Ask.COMPENSATION]
    tell(world, "refund_paid", later(hours=2), amount=PRICE)
    again = offered(later(hours=3))
    assert [(one.ask, one.amount_minor) for one in again[FAKE].asks] == [
        (Ask.STATUTORY, THREEFOLD), (Ask.REFUND, 0), (Ask.RETURN_AND_REFUND, 0),
        (Ask.COMPENSATION, 0),
    ]  # fmt: skip
