"""All parties and all clocks in any order, legal and not: what must hold holds at every moment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.claims.making import (
    FREIGHT,
    GOODS,
    NOW,
    SHOP,
    book,
    everything,
    file,
    key,
    open_world,
    paper,
    photo,
    place,
    standing,
    sweep,
    tell,
)
from xiaobao.advances.acts import compensate
from xiaobao.advances.facts import Owed
from xiaobao.advances.queries import payouts_of
from xiaobao.claims import acts, queries
from xiaobao.claims.acts.course import Course
from xiaobao.claims.acts.money import free_exposure
from xiaobao.claims.facts import (
    Answer,
    Ask,
    ClaimKind,
    ClaimRow,
    ClaimState,
    Mark,
    Party,
    StopReason,
)
from xiaobao.evidence.facts import Kind
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of
from xiaobao.ledger.queries import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.claims.facts import Claims

ORDERS = ("A", "B")
WHOLE = GOODS + FREIGHT
OVER = {ClaimState.CLOSED, ClaimState.WITHDRAWN, ClaimState.LAPSED}
parties = st.sampled_from([Party.BUYER, Party.SELLER])
which = st.integers(0, 3)
ONE = np.array([1])


class Hearing(RuleBasedStateMachine):
    """Two orders of one shop, a few claims about them, and everybody who can do something."""

    @initialize(deposit=st.sampled_from([0, 60_000, 500_000]))
    def begin(self, deposit: int) -> None:
        self.mark = transaction.savepoint()
        self.market = open_world(deposit=deposit)
        place("B", self.market, until="completed")
        self.now = NOW
        self.keys = iter(range(10**9))
        self.claims: list[ClaimRow] = []
        self.refunds = dict.fromkeys(ORDERS, 0)
        self.paid = dict.fromkeys(ORDERS, 0)

    def teardown(self) -> None:
        if hasattr(self, "mark"):
            transaction.savepoint_rollback(self.mark)

    # -- doing something, and doing it again ---------------------------------------------------

    def attempt(self, act: Callable[..., ClaimRow], *ids: int, **more: Any) -> ClaimRow | None:
        """Do it; refused, nothing moved; done, the same again moves nothing."""
        before = everything()
        name = {"key": f"k{next(self.keys)}"} if "claim" not in more else {}
        try:
            done = act(*ids, at=self.now, **name, **more)
        except Problem as problem:
            refused = problem.says("zh")
        else:
            refused = ""
        if refused:
            assert everything() == before, f"{refused} moved something"
            return None
        after = everything()
        again = act(*ids, at=self.now, **name, **more)
        assert not again.is_new
        assert everything() == after, "the same again moved something"
        return done

    def about(self, act: Callable[..., ClaimRow], claim: int, /, **more: Any) -> None:
        if self.claims:
            row = self.claims[claim % len(self.claims)]
            self.attempt(act, *key(row), **more)

    def held(self, number: int) -> tuple[Claims, dict[str, Any]]:
        row = self.claims[number % len(self.claims)]
        at_us = us_of(self.now)
        ids = np.array([row.seller_id]), np.array([row.claim_id])
        how = {"key": np.array([next(self.keys)]), "at_us": np.array([at_us])}
        return acts.hold_claims(*ids, at_us=at_us), how

    # -- time and the shop -----------------------------------------------------------------------

    @rule(hours=st.sampled_from([1, 5, 24, 80, 250]), sweeps=st.booleans())
    def time_passes(self, hours: int, sweeps: bool) -> None:
        self.now += timedelta(hours=hours)
        if sweeps:
            sweep(self.now)

    @rule(order=st.sampled_from(ORDERS), amount=st.sampled_from([700, 40_000]))
    def the_shop_refunds(self, order: str, amount: int) -> None:
        if self.refunds[order] + amount <= WHOLE:
            # Facts of one content are one fact: the moment tells two refunds apart.
            self.now += timedelta(minutes=1)
            tell(self.market, "refund_paid", self.now, order, amount=amount)
            self.refunds[order] += amount

    @rule(order=st.sampled_from(ORDERS))
    def goods_go_back(self, order: str) -> None:
        tell(self.market, "return_shipped", self.now, order)

    # -- the buyer and the seller ----------------------------------------------------------------

    @rule(
        order=st.sampled_from(ORDERS),
        kind=st.sampled_from(
            [ClaimKind.NOT_AS_DESCRIBED, ClaimKind.NOT_RECEIVED, ClaimKind.COUNTERFEIT]
        ),
        ask=st.sampled_from([Ask.REFUND, Ask.RETURN_AND_REFUND, Ask.REPAIR]),
        asked=st.sampled_from([0, 30_000]),
        talks=st.booleans(),
        shows=st.booleans(),
    )
    def the_buyer_files(
        self, order: str, kind: ClaimKind, ask: Ask, asked: int, talks: bool, shows: bool
    ) -> None:
        made = self.attempt(
            file, claim=f"C{next(self.keys)}", order=order, kind=kind, ask=ask,
            asked_minor=asked, negotiates=talks, handed=[photo()] if shows else [],
        )  # fmt: skip
        if made is not None:
            self.claims.append(made)

    @rule(number=which, accepts=st.booleans(), shows=st.booleans())
    def the_seller_answers(self, number: int, accepts: bool, shows: bool) -> None:
        answer = Answer.ACCEPT if accepts else Answer.DENY
        handed = [paper()] if shows and not accepts else []
        self.about(acts.answer_claim, number, answer=answer, handed=handed)

    @rule(number=which, by=parties, amount=st.sampled_from([0, 900, 50_000]), back=st.booleans())
    def somebody_offers(self, number: int, by: Party, amount: int, back: bool) -> None:
        self.about(acts.make_offer, number, by=by, amount_minor=amount, with_return=back)

    @rule(number=which, by=parties, offer=st.integers(1, 3), yes=st.booleans())
    def an_offer_is_answered(self, number: int, by: Party, offer: int, yes: bool) -> None:
        act = acts.accept_offer if yes else acts.decline_offer
        self.about(act, number, by=by, number=offer)

    @rule(number=which, by=parties)
    def evidence_is_added(self, number: int, by: Party) -> None:
        handed = [photo(50)] if by == Party.BUYER else [paper()]
        self.about(acts.add_evidence, number, by=by, handed=handed)

    @rule(number=which, by=parties, talks=st.booleans())
    def the_platform_is_called(self, number: int, by: Party, talks: bool) -> None:
        self.about(acts.end_talks if talks else acts.ask_for_person, number, by=by)

    @rule(number=which, ask=st.sampled_from([Ask.STATUTORY, Ask.REFUND, Ask.COMPENSATION]))
    def the_buyer_asks_for_more(self, number: int, ask: Ask) -> None:
        self.about(acts.widen_claim, number, ask=ask)

    @rule(number=which, by=parties, shows=st.booleans())
    def goods_are_done(self, number: int, by: Party, shows: bool) -> None:
        self.about(acts.finish_goods, number, by=by, handed=[photo(60)] if shows else [])

    @rule(number=which)
    def the_buyer_withdraws(self, number: int) -> None:
        self.about(acts.withdraw_claim, number)

    @rule(
        number=which,
        by=st.sampled_from(list(Party)),
        reason=st.sampled_from(list(StopReason)),
        stops=st.booleans(),
        shows=st.booleans(),
    )
    def it_is_suspended_or_resumed(
        self, number: int, by: Party, reason: StopReason, stops: bool, shows: bool
    ) -> None:
        if stops:
            handed = [paper(Kind.AUTHORITY_DOCUMENT)] if shows else []
            self.about(acts.suspend_claim, number, by=by, reason=reason, handed=handed)
        else:
            self.about(acts.resume_claim, number, by=by)

    @rule(number=which, words=st.sampled_from(["", "it broke"]))
    def the_buyer_brings_new_facts(self, number: int, words: str) -> None:
        self.about(acts.reopen_claim, number, words=words)

    # -- the platform ----------------------------------------------------------------------------

    @precondition(lambda self: self.claims)
    @rule(number=which, upholds=st.booleans())
    def the_platform_rules(self, number: int, upholds: bool) -> None:
        claims, how = self.held(number)
        before = everything()
        try:
            ruled = acts.mark_ruled(claims, amount_minor=ONE * upholds, **how)
        except Problem:
            assert everything() == before
            return
        due = self.still_due(ruled) if upholds else {}
        if not sum(due.values()):
            acts.mark_closed(ruled, **how | {"key": np.array([next(self.keys)])})
            return
        self.pay(ruled, due)

    def still_due(self, claims: Claims) -> dict[str, int]:
        """What is proposed, the claim taken as it stands under this lock."""
        proposal = queries.proposal_for(
            queries.facts_of(claims, judged_us=np.array([us_of(self.now)]))
        )
        # Reopened, what was paid before is among the facts already.
        own = 0 if int(claims.marks[0]) & Mark.REOPENED else 1
        refund = int(proposal.refund_minor[0]) - own * int(claims.refund_minor[0])
        freight = int(proposal.freight_minor[0]) - own * int(claims.freight_back_minor[0])
        return {"refund_minor": max(refund, 0), "freight_minor": max(freight, 0)}

    def pay(self, claims: Claims, due: dict[str, int]) -> None:
        at_us = np.array([us_of(self.now)])
        course = Course(claims, at_us, key=np.array([next(self.keys)]))
        free_exposure(course, np.array([True]))
        number = np.array([next(self.keys)])
        report = compensate(
            Owed(
                seller_id=claims.seller_id, cause_hi=number, cause_lo=number,
                market_id=claims.market_id, subject_id=claims.claim_id,
                buyer_id=claims.buyer_id, buyer_minor=np.array([sum(due.values())]),
                platform_minor=ONE * 0, at_us=at_us,
            )
        )  # fmt: skip
        acts.mark_paid(
            course.record(), **{name: np.array([minor]) for name, minor in due.items()},
            compensation_minor=ONE * 0, punitive_minor=ONE * 0,
            fund_minor=np.array([report.advanced_minor]), key=np.array([next(self.keys)]),
            at_us=at_us,
        )  # fmt: skip

    @precondition(lambda self: self.claims)
    @rule(number=which, by=parties)
    def a_ruling_is_appealed(self, number: int, by: Party) -> None:
        claims, how = self.held(number)
        before = everything()
        try:
            acts.mark_appealed(claims, party=by, **how)
        except Problem:
            assert everything() == before

    # -- what holds at every moment --------------------------------------------------------------

    @invariant()
    def the_books_are_sound_and_what_is_locked_is_what_claims_lock(self) -> None:
        if not hasattr(self, "mark"):
            return
        assert check() == []
        rows = [standing(row) for row in self.claims]
        assert book().get("locked", 0) == sum(int(row.locked_minor[0]) for row in rows)
        for row in rows:
            assert_sound(row)

    @invariant()
    def money_is_paid_once_and_nobody_gets_more_than_is_due(self) -> None:
        if not hasattr(self, "mark"):
            return
        paid, on_top, total = dict.fromkeys(ORDERS, 0), dict.fromkeys(ORDERS, 0), 0
        for row in map(standing, self.claims):
            total += int(row.paid_minor[0])
            for order in ORDERS:
                if int(row.order_id[0]) == id_of(order):
                    on_top[order] += int(row.compensation_minor[0])
                    paid[order] += int(row.paid_minor[0]) - int(row.compensation_minor[0])
        payouts = [payout.amount_minor for payout in payouts_of(id_of(SHOP), limit=1000)]
        assert sum(payouts) == total == book().get("buyers", 0)
        for order in ORDERS:
            # What the shop refunds after it was paid is the shop's own affair.
            if paid[order] != self.paid[order]:
                assert paid[order] + self.refunds[order] <= WHOLE
            # Three times the price where it is a fake, a tenth of it where it is otherwise.
            assert on_top[order] <= GOODS * 31 // 10
        self.paid = paid

    @invariant()
    def every_claim_names_what_is_to_be_done(self) -> None:
        if not hasattr(self, "mark") or not self.claims:
            return
        row = self.claims[-1]
        named = queries.claim_detail(*key(row), "en", at=self.now).next_actions
        assert any(one.party == Party.PLATFORM for one in named)
        assert all(one.what_zh and one.otherwise_zh for one in named)


def assert_sound(row: Claims) -> None:
    """What one claim says of itself agrees with where it stands."""
    state, marks = ClaimState(int(row.state[0])), int(row.marks[0])
    locked, exposure = int(row.locked_minor[0]), int(row.exposure_minor[0])
    assert locked <= exposure
    if state in OVER or (state == ClaimState.SETTLED and not marks & Mark.WITH_RETURN):
        assert locked == 0
    if state in {ClaimState.AWAITING_SELLER, ClaimState.UNDER_REVIEW}:
        assert locked + int(row.uncovered_minor[0]) == exposure


def test_whatever_they_do(db: None) -> None:
    run_state_machine_as_test(
        Hearing,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
