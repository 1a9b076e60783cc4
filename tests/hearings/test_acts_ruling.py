"""Ruled by a person or by rule, and carried out at once: exact postings, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.claims.making import (
    FREIGHT,
    GOODS,
    SHOP,
    book,
    deny,
    due,
    file,
    later,
    open_world,
    paper,
    place,
    put,
    standing,
    state,
    sweep,
    tell,
    timeline,
)
from tests.hearings.making import (
    award,
    everything,
    look,
    postings,
    reject,
    uphold,
)
from xiaobao.advances.queries import payouts_of
from xiaobao.claims.acts import ClaimMoveImpossible, answer_claim, ask_for_person
from xiaobao.claims.facts import Answer, ClaimRow, ClaimState, Finding, Party
from xiaobao.hearings.acts import (
    DepartureUnexplained,
    FraudWithMoney,
    JudgeInOwnCause,
    RulingKeyReused,
    RulingTooHigh,
)
from xiaobao.hearings.facts import Ground, Outcome, RuledBy
from xiaobao.hearings.queries import queue, replayed, rulings_of
from xiaobao.kernel.references import id_of
from xiaobao.ledger.facts import Account
from xiaobao.ledger.queries import check

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market

WHOLE = GOODS + FREIGHT
ID = id_of(SHOP)


def test_what_is_upheld_is_paid_at_once_from_what_was_locked(reviewed: ClaimRow) -> None:
    before = len(postings(ID))
    ruling = uphold(reviewed, words="the colour differs")
    assert (ruling.outcome, ruling.by, ruling.ground) == (
        Outcome.UPHELD, RuledBy.PERSON, Ground.NOT_AS_DESCRIBED,
    )  # fmt: skip
    assert (ruling.refund_minor, ruling.freight_minor, ruling.bears_minor) == (
        GOODS, FREIGHT, WHOLE,
    )  # fmt: skip
    assert postings(ID)[before:] == [("locked", "buyers", WHOLE, "compensation")]
    assert book() == {"outside": -500_000, "deposit": 500_000 - WHOLE, "buyers": WHOLE}
    assert [p.amount_minor for p in payouts_of(ID)] == [WHOLE]
    assert payouts_of(ID)[0].payout == ruling.reference
    assert timeline(reviewed)[-2:] == [("RULED", "RULED"), ("PAID", "PAID")]
    assert due(reviewed) == later(days=8)
    assert check() == []
    # The same again is the same; another content under its key is refused.
    stood = everything()
    again = uphold(reviewed, words="the colour differs")
    assert (again.reference, again.is_new) == (ruling.reference, False)
    with pytest.raises(RulingKeyReused):
        uphold(reviewed, words="something else")
    # Nobody rules it a second time.
    with pytest.raises(ClaimMoveImpossible):
        reject(reviewed, by="bob")
    assert everything() == stood
    assert replayed(ruling.reference).is_same


def test_what_is_rejected_is_free_at_once(reviewed: ClaimRow) -> None:
    ruling = reject(reviewed)
    assert (ruling.outcome, ruling.ground) == (Outcome.REJECTED, Ground.AS_DESCRIBED)
    assert state(reviewed) == ClaimState.CLOSED
    assert book() == {"outside": -500_000, "deposit": 500_000}
    assert payouts_of(ID) == []
    assert replayed(str(ruling.reference)).is_same


def test_locked_then_reserve_then_deposit_then_fund(db: None) -> None:
    """Vector 9: a claim of 800 against settlement 200 and a deposit of 500."""
    market = open_world(deposit=50_000)
    place("V", market, goods=80_000 - FREIGHT)
    row = file("V9", order="V")
    assert int(standing(row).locked_minor[0]) == 50_000
    assert int(standing(row).uncovered_minor[0]) == 30_000
    put(SHOP, 20_000, Account.RESERVE)
    deny(row, paper(), at=later(hours=5))
    ruling = uphold(row)
    assert postings(ID)[-3:] == [
        ("locked", "buyers", 50_000, "compensation"),
        ("reserve", "buyers", 20_000, "compensation"),
        ("fund", "buyers", 10_000, "advance"),
    ]
    assert book() == {"outside": -70_000, "buyers": 80_000, "fund": -10_000}
    assert int(standing(row).fund_minor[0]) == 10_000
    assert ruling.paid_minor == 80_000
    # The seller owes it: recovering until it is repaid, closed then.
    sweep(later(days=9))
    assert state(row) == ClaimState.RECOVERING


def test_a_person_may_depart_with_a_reason_and_within_what_is_at_stake(
    reviewed: ClaimRow,
) -> None:
    before = everything()
    with pytest.raises(DepartureUnexplained):
        award(reviewed, refund_minor=50_000, departure=" ")
    with pytest.raises(RulingTooHigh):
        award(reviewed, refund_minor=GOODS + 1)
    with pytest.raises(RulingTooHigh):
        award(reviewed, refund_minor=GOODS, freight_minor=FREIGHT, compensation_minor=1)
    with pytest.raises(JudgeInOwnCause):
        uphold(reviewed, by=SHOP)
    with pytest.raises(FraudWithMoney):
        uphold(reviewed, is_fraud=True)
    assert everything() == before
    ruling = award(reviewed, refund_minor=50_000, ground=Ground.QUALITY_OR_QUANTITY)
    assert (ruling.outcome, ruling.is_departure) == (Outcome.PARTLY, True)
    assert ruling.departure == "half is enough"
    assert book() == {"outside": -500_000, "deposit": 450_000, "buyers": 50_000}
    assert replayed(ruling.reference).is_same


def test_what_the_shop_refunds_meanwhile_is_not_paid_again(
    world: Market, reviewed: ClaimRow
) -> None:
    tell(world, "refund_paid", later(hours=20), amount=60_000)
    ruling = uphold(reviewed)
    assert (ruling.refund_minor, ruling.paid_minor) == (40_000, 40_000 + FREIGHT)
    # All of the hold was resolved, though less was due.
    assert book() == {
        "outside": -500_000, "deposit": 500_000 - 40_000 - FREIGHT, "buyers": 40_000 + FREIGHT,
    }  # fmt: skip


def test_clear_claims_are_ruled_by_rule_as_of_when_they_came_to_review(world: Market) -> None:
    """The seller is silent: upheld. The buyer of another asked for a person: that one waits."""
    place("B", world)
    silent, asked = file("C1"), file("C2", order="B")
    ask_for_person(asked.seller_id, asked.claim_id, by=Party.BUYER, key="p", at=later(hours=1))
    sweep(later(days=9))
    assert [state(row) for row in (silent, asked)] == [ClaimState.UNDER_REVIEW] * 2
    done = look(later(days=9))
    assert (done.by_rule, done.for_person, done.paid_minor) == (1, 1, WHOLE)
    (ruling,) = rulings_of(silent.seller_id, silent.claim_id)
    assert (ruling.by, ruling.finding, ruling.ground) == (
        RuledBy.RULE, Finding.UPHELD, Ground.SELLER_SILENT,
    )  # fmt: skip
    # As of when it came to review, though the look came later.
    assert ruling.ruled_at < later(days=8)
    assert timeline(silent)[-3:] == [
        ("REVIEW_BEGUN", "UNDER_REVIEW"), ("RULED", "RULED"), ("PAID", "PAID"),
    ]  # fmt: skip
    assert replayed(ruling.reference).is_same
    (waits,) = queue(at=later(days=9))
    assert (waits.claim, waits.is_person_asked, waits.refund_minor) == ("C2", True, GOODS)
    assert look(later(days=9)).looked == 0
    # Found again under its clock: late first, and the fund pays what the pack lets it.
    sweep(later(days=30))
    assert queue(at=later(days=30))[0].is_late


def test_a_missed_ruling_is_paid_by_the_fund_and_not_by_the_seller(world: Market) -> None:
    place("S", world, goods=40_000)
    row = file("S1", order="S")
    deny(row, paper(), at=later(hours=5))
    assert look(later(days=1)).for_person == 1
    sweep(later(days=20))
    done = look(later(days=20))
    assert (done.by_default, done.paid_minor) == (1, 40_000 + FREIGHT)
    (ruling,) = rulings_of(row.seller_id, row.claim_id)
    assert (ruling.by, ruling.ground, ruling.bears_minor) == (
        RuledBy.DEFAULT, Ground.PLATFORM_LATE, 0,
    )  # fmt: skip
    assert postings(ID)[-2:] == [
        ("locked", "deposit", 40_000 + FREIGHT, "exposure_freed"),
        ("outside", "buyers", 40_000 + FREIGHT, "fund_granted"),
    ]
    assert book()["deposit"] == 500_000
    assert "fund" not in book()
    assert timeline(row)[-3:] == [
        ("PLATFORM_LATE", "UNDER_REVIEW"), ("RULED", "RULED"), ("PAID", "PAID"),
    ]  # fmt: skip
    assert replayed(ruling.reference).is_same
    sweep(later(days=40))
    assert state(row) == ClaimState.CLOSED


def test_more_than_the_pack_lets_the_fund_pay_stays_in_the_queue(reviewed: ClaimRow) -> None:
    sweep(later(days=20))
    done = look(later(days=20))
    assert (done.by_default, done.for_person) == (0, 1)
    assert state(reviewed) == ClaimState.UNDER_REVIEW
    assert uphold(reviewed, at=later(days=21)).paid_minor == WHOLE


def test_a_settlement_counts_as_the_price_only_so_far_as_that_was_not_given_back(
    world: Market,
) -> None:
    """Else a second claim about the order would pay its freight again."""
    row = file()
    tell(world, "refund_paid", later(hours=1), amount=700)
    answer_claim(row.seller_id, row.claim_id, answer=Answer.ACCEPT, key="yes", at=later(hours=2))
    held = standing(row)
    assert (int(held.refund_minor[0]), int(held.freight_back_minor[0])) == (GOODS - 700, FREIGHT)
    assert postings(ID)[-2:] == [
        ("locked", "buyers", WHOLE - 700, "compensation"),
        ("locked", "deposit", 700, "exposure_freed"),
    ]
    assert book() == {
        "outside": -500_000, "deposit": 500_000 - WHOLE + 700, "buyers": WHOLE - 700,
    }  # fmt: skip
