"""Upheld in goods: repaired or replaced by a moment, proved or confirmed; else the price."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.claims.making import (
    FREIGHT,
    GOODS,
    SHOP,
    book,
    due,
    everything,
    file,
    key,
    later,
    open_world,
    paper,
    photo,
    standing,
    state,
    sweep,
    tell,
    timeline,
)
from xiaobao.advances.queries import payouts_of
from xiaobao.claims.acts import (
    ClaimMoveImpossible,
    GoodsProofMissing,
    answer_claim,
    finish_goods,
    make_offer,
    order_test,
    reopen_claim,
    resume_claim,
    withdraw_claim,
)
from xiaobao.claims.facts import Answer, Ask, ClaimFacts, ClaimKind, ClaimState, Party
from xiaobao.claims.queries import claim_page
from xiaobao.evidence.facts import Kind
from xiaobao.hearings.acts import DepartureUnexplained, appeal_claim, look_at_claims, rule_claim
from xiaobao.hearings.facts import Ground, Outcome, RuledBy, Verdict
from xiaobao.hearings.queries import replayed, rulings_of
from xiaobao.hearings.rules.content import columns_of
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import id_of
from xiaobao.ledger.queries import check

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import ClaimRow
    from xiaobao.promises.facts import Market

WHOLE, COST = GOODS + FREIGHT, 20_000
LOCKED = {"outside": -500_000, "deposit": 500_000 - WHOLE, "locked": WHOLE}
FREE = {"outside": -500_000, "deposit": 500_000}
PAID = {"outside": -500_000, "deposit": 500_000 - WHOLE, "buyers": WHOLE}
RULED = later(days=10)
LATE = later(days=25)


@pytest.fixture
def row(world: Market) -> ClaimRow:
    """A claim for a repair, which the shop never answered, under review."""
    made = file(ask=Ask.REPAIR)
    sweep(later(days=4))
    assert state(made) == ClaimState.UNDER_REVIEW
    assert book() == LOCKED
    return made


def rule(
    row: ClaimRow, verdict: Verdict = Verdict.UPHOLD, at: datetime = RULED, **more: Any
) -> Any:
    given = {"by": "ada", "key": f"rule {at}", "words": "so"} | more
    return rule_claim(*key(row), verdict=verdict, at=at, **given)


def run(until: datetime) -> None:
    sweep(until)
    while look_at_claims(until_us=us_of(until)).looked:
        sweep(until)


def sums(row: ClaimRow) -> dict[str, int]:
    one = standing(row)
    return {
        name: int(getattr(one, f"{name}_minor")[0])
        for name in ("locked", "refund", "freight_back", "compensation", "paid")
    }


def test_an_upheld_repair_is_upheld_and_the_price_stays_locked(row: ClaimRow) -> None:
    ruling = rule(row)
    assert (ruling.outcome, ruling.is_departure, ruling.paid_minor) == (Outcome.UPHELD, False, 0)
    assert ruling.ground == Ground.SELLER_SILENT
    assert (state(row), due(row)) == (ClaimState.GOODS_OWED, LATE)
    assert book() == LOCKED
    told = claim_page("C1", "en", at=RULED).next_actions
    done = {one.party: one.by_at for one in told if "claims goods-done" in one.commands}
    assert done == {Party.SELLER: LATE, Party.BUYER: LATE}
    assert replayed(ruling.reference).is_same
    assert payouts_of(id_of(SHOP), limit=9) == []
    assert check() == []


def test_what_is_younger_than_a_ruling_was_not() -> None:
    known = columns_of(ClaimFacts, {"is_accepted": True, "units": 2})
    assert (known.is_goods_late.tolist(), known.is_accepted.tolist()) == ([False], [True])
    assert known.is_goods_late.dtype == np.bool_


def test_silence_pays_the_buyer_the_price_once(row: ClaimRow) -> None:
    rule(row)
    run(LATE)
    first, second = rulings_of(*key(row))
    assert (second.by, second.outcome, second.ground) == (
        RuledBy.RULE, Outcome.UPHELD, Ground.GOODS_LATE,
    )  # fmt: skip
    assert (first.paid_minor, second.paid_minor, second.bears_minor) == (0, WHOLE, WHOLE)
    assert second.ruled_at == LATE
    assert book() == PAID
    assert sums(row) == {
        "locked": 0, "refund": GOODS, "freight_back": FREIGHT, "compensation": 0, "paid": WHOLE,
    }  # fmt: skip
    assert [one.amount_minor for one in payouts_of(id_of(SHOP), limit=9)] == [WHOLE]
    assert all(replayed(one.reference).is_same for one in (first, second))
    before = everything()
    run(LATE)
    with pytest.raises(ClaimMoveImpossible):
        finish_goods(*key(row), by=Party.SELLER, handed=[photo(7)], key="late", at=LATE)
    assert everything() == before
    assert check() == []


def test_the_sellers_proof_ends_it_and_the_buyer_may_appeal(row: ClaimRow) -> None:
    rule(row)
    before = everything()
    with pytest.raises(GoodsProofMissing):
        finish_goods(*key(row), by=Party.SELLER, key="d", at=later(days=12))
    assert everything() == before
    done = finish_goods(
        *key(row), by=Party.SELLER, handed=[paper(Kind.WAYBILL)], key="d", at=later(days=12)
    )
    assert (done.state, done.locked_minor) == (ClaimState.CLOSED, 0)
    assert book() == FREE
    after = everything()
    run(later(days=40, hours=-1))
    assert everything() == after
    assert check() == []


def test_after_a_proof_that_is_none_another_person_gives_the_price(row: ClaimRow) -> None:
    rule(row)
    finish_goods(*key(row), by=Party.SELLER, handed=[photo(7)], key="d", at=later(days=20))
    appeal_claim(
        *key(row), by=Party.BUYER, words="nothing came back", handed=[photo(8)], key="a",
        at=later(days=21),
    )  # fmt: skip
    assert book() == LOCKED
    ruling = rule(
        row, Verdict.AMOUNTS, later(days=22), by="bea", refund_minor=GOODS, freight_minor=FREIGHT,
        departure="it was never repaired",
    )  # fmt: skip
    assert (ruling.outcome, ruling.paid_minor) == (Outcome.UPHELD, WHOLE)
    assert book() == PAID
    assert check() == []


def test_the_buyer_confirms(row: ClaimRow) -> None:
    rule(row)
    done = finish_goods(*key(row), by=Party.BUYER, key="d", at=later(days=12))
    assert done.state == ClaimState.CLOSED
    assert book() == FREE
    assert timeline(row)[-2:] == [("GOODS_OWED", "GOODS_OWED"), ("GOODS_DONE", "CLOSED")]


def test_who_loses_bears_the_test_once(row: ClaimRow) -> None:
    order_test(*key(row), cost_minor=COST, key="t", at=later(days=5))
    resume_claim(*key(row), by=Party.PLATFORM, key="r", at=later(days=6))
    assert book()["locked"] == WHOLE + COST
    first = rule(row)
    assert (first.test_minor, first.test_owed_minor, first.bears_minor) == (COST, 0, COST)
    assert book() == {
        "outside": -500_000, "deposit": 500_000 - WHOLE - COST, "locked": WHOLE, "penalty": COST,
    }  # fmt: skip
    run(LATE)
    second = rulings_of(*key(row))[-1]
    assert (second.paid_minor, second.bears_minor) == (WHOLE, WHOLE + COST)
    assert book() == {
        "outside": -500_000, "deposit": 500_000 - WHOLE - COST, "buyers": WHOLE, "penalty": COST,
    }  # fmt: skip
    assert check() == []


def test_rejecting_what_the_rules_uphold_is_a_departure(row: ClaimRow) -> None:
    before = everything()
    with pytest.raises(DepartureUnexplained):
        rule(row, Verdict.REJECT)
    assert everything() == before
    ruling = rule(row, Verdict.REJECT, departure="the photo shows another shop's goods")
    assert (ruling.outcome, ruling.is_departure) == (Outcome.REJECTED, True)
    assert state(row) == ClaimState.CLOSED
    assert book() == FREE


def test_what_the_shop_gave_back_meanwhile_is_not_paid_again(row: ClaimRow, world: Market) -> None:
    rule(row)
    tell(world, "refund_paid", later(days=12), amount=WHOLE)
    run(LATE)
    second = rulings_of(*key(row))[-1]
    assert (second.outcome, second.ground, second.paid_minor) == (
        Outcome.REJECTED, Ground.ALREADY_WHOLE, 0,
    )  # fmt: skip
    assert book() == FREE


def test_who_gave_the_price_back_instead_bears_the_test_all_the_same(
    row: ClaimRow, world: Market
) -> None:
    order_test(*key(row), cost_minor=COST, key="t", at=later(days=5))
    resume_claim(*key(row), by=Party.PLATFORM, key="r", at=later(days=6))
    rule(row)
    tell(world, "refund_paid", later(days=12), amount=WHOLE)
    run(LATE)
    second = rulings_of(*key(row))[-1]
    assert (second.ground, second.paid_minor) == (Ground.ALREADY_WHOLE, 0)
    assert (second.test_minor, second.test_owed_minor, second.bears_minor) == (COST, 0, COST)
    assert book() == {"outside": -500_000, "deposit": 500_000 - COST, "penalty": COST}
    assert replayed(second.reference).is_same
    assert check() == []


def test_who_is_late_with_goods_gets_no_more_time_by_agreeing(row: ClaimRow) -> None:
    order_test(*key(row), cost_minor=COST, key="t", at=later(days=5))
    resume_claim(*key(row), by=Party.PLATFORM, key="r", at=later(days=6))
    rule(row)
    before, at = everything(), LATE + timedelta(minutes=1)
    # Its time has run out, and no run has ruled yet.
    with pytest.raises(ClaimMoveImpossible):
        answer_claim(*key(row), answer=Answer.ACCEPT, key="y", at=at)
    with pytest.raises(ClaimMoveImpossible):
        make_offer(*key(row), by=Party.SELLER, amount_minor=1, key="o", at=at)
    with pytest.raises(ClaimMoveImpossible):
        withdraw_claim(*key(row), key="w", at=at)
    assert everything() == before
    run(at)
    second = rulings_of(*key(row))[-1]
    assert (second.ground, second.paid_minor, second.bears_minor) == (
        Ground.GOODS_LATE, WHOLE, WHOLE + COST,
    )  # fmt: skip
    assert check() == []


def test_what_the_fund_advanced_of_a_test_stands_on_the_claim(db: None) -> None:
    open_world(deposit=COST // 2)
    row = file(ask=Ask.REPAIR)
    sweep(later(days=4))
    order_test(*key(row), cost_minor=COST, key="t", at=later(days=5))
    resume_claim(*key(row), by=Party.PLATFORM, key="r", at=later(days=6))
    rule(row)
    assert state(row) == ClaimState.GOODS_OWED
    assert book() == {"outside": -COST // 2, "penalty": COST, "fund": -COST // 2}
    assert int(standing(row).fund_minor[0]) == COST // 2
    run(LATE)
    assert int(standing(row).fund_minor[0]) == COST // 2 + WHOLE
    assert check() == []


def test_a_seller_that_agrees_owes_the_goods_as_well(world: Market) -> None:
    made = file(ask=Ask.REPLACEMENT, kind=ClaimKind.DAMAGED)
    row = answer_claim(*key(made), answer=Answer.ACCEPT, key="y", at=later(hours=1))
    assert (row.state, row.locked_minor) == (ClaimState.GOODS_OWED, WHOLE)
    assert due(made) == later(days=15, hours=1)
    assert book() == LOCKED
    before = everything()
    with pytest.raises(ClaimMoveImpossible):
        appeal_claim(*key(made), by=Party.SELLER, words="no", handed=[photo(9)], key="a",
                     at=later(hours=2))  # fmt: skip
    assert everything() == before
    run(later(days=15, hours=1))
    (ruling,) = rulings_of(*key(made))
    assert (ruling.by, ruling.ground, ruling.paid_minor) == (
        RuledBy.RULE, Ground.GOODS_LATE, WHOLE,
    )  # fmt: skip
    assert book() == PAID
    assert check() == []


def test_a_seller_that_agrees_after_a_test_bears_it_at_once(world: Market) -> None:
    made = file(ask=Ask.REPAIR)
    order_test(*key(made), cost_minor=COST, key="t", at=later(hours=1))
    resume_claim(*key(made), by=Party.PLATFORM, key="r", at=later(hours=2))
    answer_claim(*key(made), answer=Answer.ACCEPT, key="y", at=later(hours=3))
    held = {
        "outside": -500_000, "deposit": 500_000 - WHOLE - COST, "locked": WHOLE, "penalty": COST,
    }  # fmt: skip
    assert book() == held
    run(later(days=15, hours=3))
    (ruling,) = rulings_of(*key(made))
    assert (ruling.paid_minor, ruling.bears_minor, ruling.test_minor) == (WHOLE, WHOLE, 0)
    assert book() == {
        "outside": -500_000, "deposit": 500_000 - WHOLE - COST, "buyers": WHOLE, "penalty": COST,
    }  # fmt: skip
    assert check() == []


def test_after_an_agreed_repair_new_facts_open_it_again(world: Market) -> None:
    made = file(ask=Ask.REPAIR)
    answer_claim(*key(made), answer=Answer.ACCEPT, key="y", at=later(hours=1))
    finish_goods(*key(made), by=Party.SELLER, handed=[photo(7)], key="d", at=later(days=2))
    assert book() == FREE
    again = reopen_claim(*key(made), words="it broke again", key="r", at=later(days=3))
    assert (again.state, again.locked_minor) == (ClaimState.AWAITING_SELLER, WHOLE)
    # Silent this time, the seller is ruled to owe it by rule.
    run(later(days=5))
    assert state(made) == ClaimState.GOODS_OWED
    assert book() == LOCKED
    assert check() == []
