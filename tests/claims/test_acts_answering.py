"""Answers, offers and evidence: what each does to the claim, its clocks, and the money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.claims.making import (
    FREIGHT,
    GOODS,
    NOW,
    SHOP,
    book,
    deny,
    due,
    everything,
    file,
    key,
    later,
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
    AmountWrong,
    ClaimKeyReused,
    ClaimMoveImpossible,
    MomentMissed,
    OfferOfOneself,
    OfferUnknown,
    accept_offer,
    add_evidence,
    answer_claim,
    ask_for_person,
    decline_offer,
    end_talks,
    make_offer,
    withdraw_claim,
)
from xiaobao.claims.facts import Answer, Ask, ClaimState, Mark, Party
from xiaobao.evidence.facts import Kind
from xiaobao.kernel.money import in_words
from xiaobao.kernel.references import id_of
from xiaobao.ledger.queries import check
from xiaobao.outbox.queries import counts_by_kind

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimRow
    from xiaobao.promises.facts import Market

EXPOSURE = GOODS + FREIGHT


def test_accepting_settles_and_pays_at_once(world: Market) -> None:
    row = file()
    done = answer_claim(*key(row), answer=Answer.ACCEPT, key="a", at=later(hours=1))
    assert (done.state, done.paid_minor, done.locked_minor) == (ClaimState.SETTLED, EXPOSURE, 0)
    assert book() == {"outside": -500_000, "deposit": 500_000 - EXPOSURE, "buyers": EXPOSURE}
    (payout,) = payouts_of(id_of(SHOP))
    assert (payout.amount_minor, payout.buyer_id) == (EXPOSURE, id_of("buyer"))
    assert counts_by_kind()["claim.settled"] == 1
    before = everything()
    again = answer_claim(*key(row), answer=Answer.ACCEPT, key="a", at=later(hours=9))
    assert (again.is_new, again.paid_minor) == (False, EXPOSURE)
    assert everything() == before
    assert sweep(later(days=400)) == 0
    assert check() == []


def test_accepting_pays_no_more_than_was_asked(world: Market) -> None:
    row = file(asked_minor=30_000)
    done = answer_claim(*key(row), answer=Answer.ACCEPT, key="a", at=later(hours=1))
    assert done.paid_minor == 30_000
    assert book() == {"outside": -500_000, "deposit": 470_000, "buyers": 30_000}


def test_without_a_deposit_the_fund_pays_and_the_seller_owes(bare_world: Market) -> None:
    row = file()
    answer_claim(*key(row), answer=Answer.ACCEPT, key="a", at=later(hours=1))
    assert book() == {"fund": -EXPOSURE, "buyers": EXPOSURE}
    assert int(standing(row).fund_minor[0]) == EXPOSURE


def test_what_the_shop_refunded_meanwhile_is_not_paid_again(world: Market) -> None:
    row = file()
    tell(world, "refund_paid", later(hours=1), amount=40_000)
    done = answer_claim(*key(row), answer=Answer.ACCEPT, key="a", at=later(hours=2))
    assert done.paid_minor == EXPOSURE - 40_000
    assert book()["buyers"] == EXPOSURE - 40_000


def test_a_denial_alone_asks_the_seller_for_evidence(world: Market) -> None:
    row = file()
    done = deny(row, at=later(hours=5))
    assert done.state == ClaimState.AWAITING_SELLER_EVIDENCE
    assert done.marks == Mark.ANSWERED | Mark.DENIED
    # Wednesday 15:00 in Shanghai: three hours today, one tomorrow from 09:00.
    assert due(row) == later(days=1, hours=0)
    assert book()["locked"] == EXPOSURE


def test_a_denial_with_evidence_goes_to_review(world: Market) -> None:
    row = file()
    done = deny(row, paper(), at=later(hours=5))
    assert done.state == ClaimState.UNDER_REVIEW
    assert int(standing(row).evidence_seller[0]) == 1 << Kind.CERTIFICATE
    assert [e for e, _ in timeline(row)] == [
        "FILED", "EVIDENCE_ADDED", "DENIED", "EVIDENCE_ADDED", "REVIEW_BEGUN",
    ]  # fmt: skip
    # Seven working days after Wednesday the 15th, by the Chinese calendar: Friday the 24th.
    assert due(row) == later(days=9, hours=14)


def test_a_key_names_one_act(world: Market) -> None:
    row = file()
    deny(row, at=later(hours=5), name="k")
    before = everything()
    assert not deny(row, at=later(hours=6), name="k").is_new
    with pytest.raises(ClaimKeyReused):
        answer_claim(*key(row), answer=Answer.ACCEPT, key="k", at=later(hours=6))
    with pytest.raises(ClaimKeyReused):
        withdraw_claim(*key(row), key="k", at=later(hours=6))
    assert everything() == before


def test_an_act_before_the_filing_is_refused(world: Market) -> None:
    row = file()
    before = everything()
    with pytest.raises(MomentMissed):
        deny(row, at=later(hours=-1))
    assert everything() == before


def test_an_illegal_move_names_what_is_possible(world: Market) -> None:
    row = file()
    withdraw_claim(*key(row), key="w", at=later(hours=1))
    before = everything()
    with pytest.raises(ClaimMoveImpossible) as refused:
        deny(row, at=later(hours=2))
    assert "reopened" in refused.value.says("en")
    assert "重新受理" in refused.value.says("zh")
    assert everything() == before


def test_an_answer_after_the_clock_finds_what_silence_brought(world: Market) -> None:
    """The sweep had not run: the act lets the clock fire first, as of its own moment."""
    row = file()
    answer_claim(*key(row), answer=Answer.ACCEPT, key="late", at=later(hours=49))
    events = [e for e, _ in timeline(row)]
    assert events[2:] == ["TIME_RAN_OUT", "REVIEW_BEGUN", "ACCEPTED"]
    assert state(row) == ClaimState.SETTLED


# -- offers --------------------------------------------------------------------------------------


def offer(row: ClaimRow, amount: int, by: Party = Party.SELLER, **more: Any) -> ClaimRow:
    given: dict[str, Any] = {"key": f"o{amount}{by}", "at": later(hours=2)} | more
    return make_offer(*key(row), by=by, amount_minor=amount, **given)


def test_an_offer_instead_of_an_answer_opens_talks(world: Market) -> None:
    row = file()
    made = offer(row, 20_000)
    assert made.state == ClaimState.NEGOTIATING
    assert due(row) == later(days=10)
    assert int(standing(row).seller_due_us[0]) > 2**60  # the answer's clock waits


def test_an_accepted_offer_settles_and_pays(world: Market) -> None:
    row = file()
    offer(row, 20_000)
    done = accept_offer(*key(row), by=Party.BUYER, number=1, key="yes", at=later(hours=3))
    assert (done.state, done.paid_minor) == (ClaimState.SETTLED, 20_000)
    assert book() == {"outside": -500_000, "deposit": 480_000, "buyers": 20_000}
    assert check() == []


def test_a_counter_offer_is_accepted_by_the_seller(world: Market) -> None:
    row = file()
    offer(row, 20_000)
    decline_offer(*key(row), by=Party.BUYER, number=1, key="no", at=later(hours=3))
    offer(row, 60_000, Party.BUYER, at=later(hours=4))
    with pytest.raises(OfferOfOneself):
        accept_offer(*key(row), by=Party.BUYER, number=2, key="self", at=later(hours=5))
    with pytest.raises(OfferUnknown):
        accept_offer(*key(row), by=Party.BUYER, number=1, key="gone", at=later(hours=5))
    done = accept_offer(*key(row), by=Party.SELLER, number=2, key="yes", at=later(hours=5))
    assert done.paid_minor == 60_000


def test_a_later_offer_replaces_the_earlier(world: Market) -> None:
    row = file()
    offer(row, 20_000)
    offer(row, 30_000)
    with pytest.raises(OfferUnknown):
        accept_offer(*key(row), by=Party.BUYER, number=1, key="y", at=later(hours=5))
    assert accept_offer(
        *key(row), by=Party.BUYER, number=2, key="z", at=later(hours=5)
    ).paid_minor == 30_000  # fmt: skip


@pytest.mark.parametrize("amount", [0, -5, EXPOSURE + 1])
def test_an_offer_is_of_something_and_not_of_more_than_the_claim_could_cost(
    world: Market, amount: int
) -> None:
    row = file()
    before = everything()
    with pytest.raises(AmountWrong) as refused:
        offer(row, amount)
    assert everything() == before
    most = in_words(EXPOSURE, "CNY")
    assert refused.value.beside("zh") == f"金额须在 ¥0.01 与 {most} 之间"
    assert refused.value.beside("en") == f"give an amount between ¥0.01 and {most}"


def test_talks_that_run_out_bring_the_platform_in(world: Market) -> None:
    row = file(negotiates=True)
    sweep(later(days=10))
    assert state(row) == ClaimState.AWAITING_SELLER
    assert due(row) == later(days=12)
    # Called in, the platform lets no offer stop the seller's clock.
    assert offer(row, 5_000, at=later(days=11)).state == ClaimState.AWAITING_SELLER
    assert due(row) == later(days=12)


def test_a_party_may_call_the_platform_in(world: Market) -> None:
    row = file(negotiates=True)
    done = end_talks(*key(row), by=Party.BUYER, key="e", at=later(days=1))
    assert done.state == ClaimState.AWAITING_SELLER
    assert due(row) == later(days=3)
    with pytest.raises(ClaimMoveImpossible):
        end_talks(*key(row), by=Party.BUYER, key="e2", at=later(days=1))


def test_what_is_settled_with_a_return_is_paid_once_the_goods_are_on_their_way(
    world: Market,
) -> None:
    row = file()
    offer(row, 20_000, with_return=True)
    done = accept_offer(*key(row), by=Party.BUYER, number=1, key="yes", at=later(hours=3))
    assert (done.state, done.paid_minor) == (ClaimState.SETTLED, 0)
    assert book()["locked"] == EXPOSURE
    sweep(later(days=2))
    assert int(standing(row).paid_minor[0]) == 0
    tell(world, "return_shipped", later(days=2, hours=1))
    sweep(later(days=4))
    assert int(standing(row).paid_minor[0]) == 20_000
    assert book() == {"outside": -500_000, "deposit": 480_000, "buyers": 20_000}
    assert sweep(later(days=400)) == 0


def test_a_return_that_never_comes_lets_the_settlement_lapse(world: Market) -> None:
    row = file(ask=Ask.RETURN_AND_REFUND)
    answer_claim(*key(row), answer=Answer.ACCEPT, key="a", at=later(hours=1))
    assert book()["locked"] == EXPOSURE
    sweep(later(days=11))
    assert state(row) == ClaimState.LAPSED
    assert book() == {"outside": -500_000, "deposit": 500_000}
    assert int(standing(row).paid_minor[0]) == 0


# -- evidence and persons ------------------------------------------------------------------------


def test_evidence_answers_what_was_asked(world: Market) -> None:
    row = file()
    deny(row, at=later(hours=5))
    done = add_evidence(*key(row), by=Party.SELLER, handed=[paper()], key="e", at=later(hours=6))
    assert done.state == ClaimState.UNDER_REVIEW
    again = add_evidence(*key(row), by=Party.SELLER, handed=[paper()], key="e", at=later(hours=7))
    assert not again.is_new
    assert [e for e, _ in timeline(row)].count("EVIDENCE_ADDED") == 2


def test_evidence_of_a_decided_claim_is_refused(world: Market) -> None:
    row = file()
    answer_claim(*key(row), answer=Answer.ACCEPT, key="a", at=later(hours=1))
    before = everything()
    with pytest.raises(ClaimMoveImpossible):
        add_evidence(*key(row), by=Party.BUYER, handed=[photo(7)], key="e", at=later(hours=2))
    assert everything() == before


def test_a_person_can_be_asked_for_at_any_time_before_the_ruling(world: Market) -> None:
    row = file()
    done = ask_for_person(*key(row), by=Party.SELLER, key="p", at=later(hours=1))
    assert done.marks == Mark.PERSON_ASKED
    assert done.state == ClaimState.AWAITING_SELLER
    assert due(row) == NOW + (later(hours=48) - NOW)
