"""Four reasons, four paths: a change of policy, hardship, a violation, a mistake."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.exits.making import (
    NOW,
    SELLER,
    SHOP,
    apply,
    approve,
    book,
    completed,
    detail,
    later,
    order,
    pay,
    standing,
    state,
    steps,
    sweep,
)
from xiaobao.claims.facts import Handed
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.evidence.facts import Kind
from xiaobao.evidence.queries import pieces_of
from xiaobao.exits import acts, queries
from xiaobao.exits.facts import ExitState, Reason, Relief, Scope, Tip
from xiaobao.kernel.clocks import us_of
from xiaobao.sellers import queries as sellers_now
from xiaobao.sellers.acts import enrol_sellers, update_profile
from xiaobao.sellers.facts import Objection, Standing

if TYPE_CHECKING:
    from xiaobao.gateways.test_gateway import TestGateway
    from xiaobao.promises.facts import Market


def test_a_change_of_policy_is_a_ground_for_who_objected(
    world: Market, through: TestGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(acts.ObjectionMissing):
        apply(reason=Reason.POLICY_CHANGE)
    assert standing() is Standing.ACTIVE
    old_us = us_of(later(days=-3))
    objected = Objection(SELLER, 1, "2026-01-01", later(days=-2), SHOP, old_us + 1, old_us)
    monkeypatch.setattr(sellers_now, "objection_of", lambda _: objected)
    notice = Handed(Kind.POLICY_NOTICE, b"the notice", "notice.txt")
    from tests.exits.test_acts_forced import violate
    from xiaobao.promises.facts import ViolationKind

    completed(world, "first", 500_000, later(days=-40))
    deposits.quote_deposits(np.array([SELLER]), at=NOW)
    violate(world, "V2", ViolationKind.COUNTERFEIT, later(days=15))
    apply(reason=Reason.POLICY_CHANGE, handed=[notice])
    # The terms before the change govern, and what others wait for blocks nothing.
    assert state() is ExitState.UNDER_REVIEW
    (piece,) = pieces_of(SELLER, SELLER)
    assert (piece.kind, piece.name) == (Kind.POLICY_NOTICE, "notice.txt")
    with pytest.raises(acts.RefusalNeedsBlocker):
        acts.refuse_exit(SELLER, by="staff", words="fraud", at=NOW)
    assert approve(later(days=1)) == 100_000
    pay(later(days=1), through)
    assert (state(), book()) == (ExitState.PAID, {})


def test_hardship_is_offered_relief_first_and_silence_goes_on(world: Market) -> None:
    apply(reason=Reason.HARDSHIP, handed=[Handed(Kind.HARDSHIP_PROOF, b"no orders", "proof.txt")])
    assert steps() == ["DRAFTED", "SUBMITTED", "OFFERS_MADE"]
    assert state() is ExitState.SUBMITTED
    offers = {row.kind for row in queries.reliefs_of(SELLER, at=NOW)}
    assert offers == {Relief.PAUSE, Relief.SPECIALIST}
    sweep(later(days=3) - timedelta(microseconds=1))
    assert state() is ExitState.SUBMITTED
    sweep(later(days=3))
    assert steps()[3:] == ["OFFERS_DECLINED", "CHECKED", "REVIEW_BEGUN"]


def test_who_declines_goes_on_at_once(world: Market) -> None:
    apply(reason=Reason.HARDSHIP)
    acts.decline_relief(SELLER, by=SHOP, at=later(hours=1))
    assert state() is ExitState.UNDER_REVIEW
    with pytest.raises(acts.ExitMoveImpossible):
        acts.decline_relief(SELLER, by=SHOP, at=later(hours=2))


def test_who_takes_relief_stays_and_it_begins_at_once(world: Market) -> None:
    apply(reason=Reason.HARDSHIP)
    with pytest.raises(acts.ReliefNotOffered):
        acts.take_relief(SELLER, Relief.INSTALMENTS, by=SHOP, at=NOW)
    acts.take_relief(SELLER, Relief.PAUSE, by=SHOP, at=later(hours=1))
    assert (state(), standing()) == (ExitState.CANCELLED, Standing.ACTIVE)
    assert sellers_now.items_covered(SELLER) == 0
    apply(reason=Reason.HARDSHIP, key="k2", at=later(hours=2))
    acts.take_relief(SELLER, Relief.SPECIALIST, by=SHOP, at=later(hours=3))
    (thread,) = queries.consults_of(SELLER)
    # Two working days from a Wednesday: the end of Friday.
    assert (thread.due_at, len(thread.words)) == (later(days=2, hours=14), 1)
    assert acts.mark_late_consults(until_us=us_of(later(days=2, hours=14))) == 1
    assert queries.consults_of(SELLER)[0].is_late
    acts.say_in_consult(
        SELLER, 1, words="talk to us", by="staff", is_specialist=True, at=later(days=3)
    )
    (thread,) = queries.consults_of(SELLER)
    assert (thread.due_at, thread.is_late, len(thread.words)) == (None, False, 2)
    acts.close_consult(SELLER, 1, at=later(days=4))
    with pytest.raises(acts.ConsultClosed):
        acts.say_in_consult(
            SELLER, 1, words="more", by=SHOP, is_specialist=False, at=later(days=5)
        )
    with pytest.raises(acts.ConsultUnknown):
        acts.close_consult(SELLER, 2, at=later(days=5))


def test_what_is_missing_is_paid_in_instalments_and_is_no_shortfall_until_due(
    world: Market,
) -> None:
    # 2,000.00 more than is there is asked for.
    completed(world, "large", 10_000_000, later(days=-40))
    order(world, "open", 10_000_000, placed=later(days=-2))
    deposits.quote_deposits(np.array([SELLER]), at=NOW)
    one = np.array([SELLER])
    page = deposits_now.deposit_of(SELLER, at=NOW)
    assert page is not None
    assert (page.required_minor, page.shortfall_minor) == (300_000, 200_000)
    assert page.short_since == NOW
    apply(reason=Reason.HARDSHIP)
    acts.take_relief(SELLER, Relief.INSTALMENTS, by=SHOP, at=later(hours=1))
    page = deposits_now.deposit_of(SELLER, at=later(hours=1))
    assert page is not None
    assert page.short_since is None
    mix = deposits_now.mixes_of(one)
    assert (int(mix.deferred_minor[0]), int(mix.instalment_minor[0])) == (200_000, 33_334)
    with pytest.raises(deposits.InstalmentsRun):
        deposits.pay_in_instalments(SELLER, 3, at=later(hours=2))
    # Nor is a second plan offered.
    offered = [offer.kind for offer in queries.reliefs_of(SELLER, at=later(hours=2))]
    assert Relief.INSTALMENTS not in offered
    # A month later the first is due, and is missing.
    assert deposits.move_due_instalments(us_of(later(days=31, hours=1))) == 1
    page = deposits_now.deposit_of(SELLER, at=later(days=31, hours=1))
    assert page is not None
    assert page.short_since == later(days=31, hours=1)
    for _ in range(5):
        deposits.move_due_instalments(us_of(later(days=200)))
    mix = deposits_now.mixes_of(one)
    assert (int(mix.deferred_minor[0]), deposits_now.next_instalment_us()) == (0, None)


def test_a_share_of_settlements_may_stand_in_for_cash(world: Market) -> None:
    one = np.array([SELLER])
    deposits.withhold_share(SELLER, 1_000, at=NOW)
    assert [int(column[0]) for column in deposits_now.ladder_terms(one)] == [0, 1_000]
    for wrong in (-1, 10_001):
        with pytest.raises(deposits.MixOutOfRange):
            deposits.withhold_share(SELLER, wrong, at=NOW)
    with pytest.raises(deposits.NothingToSpread):
        deposits.pay_in_instalments(SELLER, 3, at=NOW)


def test_a_mistake_seen_in_time_is_undone_by_a_rule(world: Market, through: TestGateway) -> None:
    with pytest.raises(acts.MistakeTooLate):
        apply(reason=Reason.MISTAKE)
    assert standing() is Standing.ACTIVE
    enrol_sellers(["new"], market_id=world.market_id, signed_by="new", at=NOW)
    new = sellers_now.seller_named("new").seller_id
    update_profile(new, {"payout_account": "n@example.com", "legal_name": "新店"}, at=NOW)
    asked = deposits.request_lodgements(np.array([new]), np.array([5_000]), keys=1, at=NOW)
    deposits.confirm_lodgements(asked, at=NOW)
    acts.apply_for_exit(
        new, scope=Scope.WHOLE, reason=Reason.MISTAKE, key="k", by="new", at=later(days=6)
    )
    pay(later(days=6), through)
    found = queries.exit_detail(new, "new")
    assert found.exit.state is ExitState.PAID
    assert [e.by for e in found.events if e.event.name == "APPROVED"] == ["rule"]
    assert [line.amount_minor for line in through.bill()] == [5_000]


def test_leaving_for_a_violation_takes_the_same_path_with_its_notice_on_file(
    world: Market,
) -> None:
    apply(
        reason=Reason.VIOLATION,
        handed=[Handed(Kind.PENALTY_NOTICE, b"points: 12", "notice.txt")],
    )
    assert state() is ExitState.UNDER_REVIEW
    assert [piece.kind for piece in pieces_of(SELLER, SELLER)] == [Kind.PENALTY_NOTICE]
    assert detail().exit.reason is Reason.VIOLATION


def test_the_coach_reckons_each_tip_by_the_rules_of_the_check(world: Market) -> None:
    order(world, "open", 30_000, placed=later(days=-2))
    completed(world, "done", 100_000, later(days=-20))
    found = queries.coach_of(SELLER, at=NOW)
    assert (found.free_minor, found.all_free_at) == (88_000, later(days=43))
    ended = [tip for tip in found.tips if tip.tip is Tip.END_BLOCKER]
    assert [(tip.more_minor, tip.days_sooner) for tip in ended] == [(8_100, 0)]
    missing = [tip for tip in found.tips if tip.tip is Tip.COMPLETE_PROFILE]
    assert len(missing) == 6
    update_profile(SELLER, {"legal_name": ""}, at=NOW)
    assert queries.coach_of(SELLER, at=NOW).tips[0].tip is Tip.BIND_ACCOUNT
