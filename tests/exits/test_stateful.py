"""A shop that would leave, whatever happens meanwhile: trades, claims, refusals, a bad gateway.

At every moment what is approved, held, on its way and paid is no more than was ever lodged, every
fen held names its thing, and the dates told are true: living on to a date with nothing new clears
its thing that day and not the day before. Called off, all is as it was. In the end each payment
arrived exactly once, however often it was asked for, sent, lost or answered twice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import numpy as np
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.exits.making import (
    NOW,
    SELLER,
    SHOP,
    book,
    everything_else,
    open_world,
    order,
    sweep,
)
from xiaobao.advances import acts as advances
from xiaobao.advances.facts import PayoutState
from xiaobao.claims import acts as claims
from xiaobao.claims.facts import Ask, ClaimKind
from xiaobao.claims.queries import running_of
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits import acts as deposits
from xiaobao.exits import acts, queries
from xiaobao.exits.facts import ExitState, Reason, Scope
from xiaobao.exits.rules.lifecycle import BEFORE_PAYING
from xiaobao.gateways.test_gateway import Settings, TestGateway
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.problems import Problem
from xiaobao.ledger.queries import check as broken_laws
from xiaobao.sellers.acts import update_profile
from xiaobao.work.refunding import send_refunds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from xiaobao.exits.facts import CheckRow, ExitDetail
    from xiaobao.gateways.payments import Answer, Movement

WORST = Settings(7, 300_000, 250_000, 250_000, 500_000, known_after_minutes=30)
RELIABLE = Settings(1, 0, 0, 0, 0)
LODGED = 100_000
# Of the pack's `payee_wait_days`, where no clock is put forward or back.
WAIT = timedelta(days=3)


class Dying(TestGateway):
    """Moves the money, and takes the process with it."""

    def transfer_out(self, movements: Sequence[Movement]) -> list[Answer]:
        super().transfer_out(movements)
        raise KeyboardInterrupt


class Leaver(RuleBasedStateMachine):
    """One shop with a deposit; what it and the platform do, and time."""

    folder: ClassVar[Path]
    examples: ClassVar[int] = 0

    @initialize()
    def begin(self) -> None:
        self.mark = transaction.savepoint()
        self.market = open_world(deposit=LODGED)
        Leaver.examples += 1
        self.home = self.folder / str(Leaver.examples)
        self.gateway = TestGateway(self.home)
        self.gateway.set_behaviour(WORST)
        self.now = NOW
        self.keys = iter(range(1, 10**9))
        self.orders: list[str] = []
        self.lodged = LODGED
        self.changed: dict[str, datetime] = {}

    def teardown(self) -> None:
        if not hasattr(self, "mark"):
            return
        self.all_of_it_arrives()
        transaction.savepoint_rollback(self.mark)

    # -- what happens ---------------------------------------------------------------------------

    def attempt(self, act: Callable[..., Any], **more: Any) -> Any:
        """Do it; None where it is refused, and then nothing moved."""
        before = everything_else()
        try:
            return act(at=self.now, **more)
        except Problem:
            assert everything_else() == before
            return None

    @rule(goods=st.sampled_from([500, 20_000, 150_000]), days=st.integers(0, 40),
          ends=st.booleans())  # fmt: skip
    def something_is_sold(self, goods: int, days: int, *, ends: bool) -> None:
        name, at = f"o{next(self.keys)}", self.now - timedelta(days=days, hours=1)
        told = {"placed": at, "scanned": at, "delivered": at, "signed": at}
        order(self.market, name, goods, **told, **({"completed": at} if ends else {}))
        self.orders.append(name)

    @rule(which=st.integers(0, 9))
    def a_buyer_claims(self, which: int) -> None:
        if self.orders:
            key = f"C{next(self.keys)}"
            self.attempt(
                claims.file_claim, seller=SHOP, order=self.orders[which % len(self.orders)],
                buyer="buyer", kind=ClaimKind.NOT_AS_DESCRIBED, ask=Ask.REFUND, claim=key,
                words="another colour",
            )  # fmt: skip

    @rule(amount=st.sampled_from([1_000, 60_000]))
    def a_settlement_is_withheld(self, amount: int) -> None:
        self.lodged += amount
        deposits.withhold_settlement(
            np.array([SELLER]), np.array([amount]), keys=next(self.keys), at=self.now
        )

    @rule(
        scope=st.sampled_from([Scope.WHOLE, Scope.PART]),
        amount=st.sampled_from([1, 40_000, 99_999, 500_000]),
        reason=st.sampled_from([Reason.OWN_WISH, Reason.HARDSHIP]),
    )
    def it_asks_to_leave(self, scope: Scope, amount: int, reason: Reason) -> None:
        more = {"scope": scope, "amount_minor": amount, "reason": reason, "by": SHOP,
                "key": f"k{next(self.keys)}"}  # fmt: skip
        number = self.attempt(acts.apply_for_exit, seller_id=SELLER, **more)
        if number is not None:
            after = everything_else()
            assert self.attempt(acts.apply_for_exit, seller_id=SELLER, **more) == number
            assert everything_else() == after, "submitted twice"

    @rule()
    def it_declines_relief(self) -> None:
        self.attempt(acts.decline_relief, seller_id=SELLER, by=SHOP)

    @rule()
    def staff_approve(self) -> None:
        amount = self.attempt(acts.approve_exit, seller_id=SELLER, by="staff")
        if amount is not None:
            after = everything_else()
            assert self.attempt(acts.approve_exit, seller_id=SELLER, by="staff") == amount
            assert everything_else() == after, "approved twice"

    @rule()
    def staff_refuse(self) -> None:
        self.attempt(acts.refuse_exit, seller_id=SELLER, by="staff", words="not now")

    @rule(approves=st.booleans())
    def it_asks_and_calls_it_off(self, *, approves: bool) -> None:
        """As it was, but for debts that an approval sets off: those are repaid for good."""
        advances.recover_debts(np.array([SELLER]), at=self.now)
        before = everything_else()
        key = f"k{next(self.keys)}"
        number = self.attempt(
            acts.apply_for_exit, seller_id=SELLER, scope=Scope.WHOLE, reason=Reason.OWN_WISH,
            by=SHOP, key=key,
        )  # fmt: skip
        if number is None:
            return
        if approves:
            self.attempt(acts.approve_exit, seller_id=SELLER, by="staff")
        if queries.exit_detail(SELLER, SHOP, number).exit.state in BEFORE_PAYING:
            assert self.attempt(acts.cancel_exit, seller_id=SELLER, by=SHOP) == number
            ladder = {"deposits_event", "deposits_requirement"}
            after = everything_else()
            assert {t: d for t, d in after.items() if t not in ladder} == {
                t: d for t, d in before.items() if t not in ladder
            }

    @rule()
    def the_account_is_changed(self) -> None:
        account = f"{next(self.keys)}@example.com"
        update_profile(SELLER, {"payout_account": account}, by="somebody", at=self.now)
        self.changed[account] = self.now

    @rule()
    def it_calls_off(self) -> None:
        self.attempt(acts.cancel_exit, seller_id=SELLER, by=SHOP)

    @rule(
        hours=st.sampled_from([1, 30, 24 * 8, 24 * 35]), dies=st.sampled_from([False] * 4 + [True])
    )
    def time_passes(self, hours: int, *, dies: bool) -> None:
        self.now += timedelta(hours=hours)
        self.live(dies=dies)

    def live(self, *, dies: bool = False) -> None:
        """Every clock fires, and money sets out; a process that dies leaves what it committed."""
        until_us = us_of(self.now)
        while claims.move_due_claims(until_us=until_us).looked:
            pass
        sweep(self.now)
        while acts.release_due_reserves(until_us=until_us):
            pass
        if dies:
            try:
                send_refunds(until_us, Dying(self.home))
            except KeyboardInterrupt:
                return
        send_refunds(until_us, self.gateway)

    # -- what always holds ------------------------------------------------------------------------

    @invariant()
    def nothing_is_promised_twice(self) -> None:
        if not hasattr(self, "mark"):
            return
        assert broken_laws() == []
        held, exits = book(), self.exits()
        paid = sum(one.exit.paid_minor for one in exits)
        on_its_way = sum(
            p.amount_minor for one in exits for p in one.payments
            if p.state.name not in ("CONFIRMED", "RECONCILED")
        )  # fmt: skip
        assert paid + on_its_way - sum(o.exit.interest_minor for o in exits) <= self.lodged
        assert paid + held.get("deposit", 0) + held.get("locked", 0) <= self.lodged
        locked = [one.exit.locked_minor for one in exits if one.exit.locked_minor]
        claimed = int(running_of(np.array([SELLER])).locked_minor.sum())
        assert held.get("locked", 0) == sum(locked) + claimed, "locked for something unnamed"

    @invariant()
    def no_account_is_paid_that_was_changed_to_within_the_wait(self) -> None:
        if not hasattr(self, "mark"):
            return
        for account, sent_at in fetch_rows(
            "SELECT p.account, min(e.happened_at) FROM exits_payment p JOIN exits_payment_event e "
            "USING (seller_id, payment) WHERE e.state = %s AND p.lodgement = %s "
            "GROUP BY p.account, p.payment",
            [PayoutState.SENT.value, UUID(int=0)],
        ):
            assert account not in self.changed or sent_at >= self.changed[account] + WAIT

    @invariant()
    def every_fen_held_names_its_thing_and_day(self) -> None:
        if not hasattr(self, "mark"):
            return
        for one in self.exits():
            if one.held:
                assert all(row.held_minor > 0 for row in one.held)
                if one.exit.state is ExitState.PAYING and one.exit.held_minor:
                    assert sum(row.held_minor for row in one.held) == one.exit.held_minor
        found = self.check(0)
        named = sum(row.held_minor for row in found.blockers)
        assert named == found.kept_minor + found.set_off_minor
        assert found.set_off_minor + found.kept_minor + found.free_minor == found.deposit_minor

    @invariant()
    def every_date_told_is_true(self) -> None:
        if not hasattr(self, "mark"):
            return
        told = {(r.kind, r.subject): r.ends_at for r in self.check(0).blockers if r.ends_at}
        later = [at for at in told.values() if at > self.now]
        for moment in sorted(later)[:2]:
            for instant, stands in ((moment - timedelta(microseconds=1), True), (moment, False)):
                now = {(r.kind, r.subject) for r in self.check_at(instant).blockers}
                for thing, at in told.items():
                    if at == moment and thing[0].name != "ARREARS":
                        assert (thing in now) is stands, f"{thing} at {instant}"

    def check(self, hours: float) -> CheckRow:
        return self.check_at(self.now + timedelta(hours=hours))

    def check_at(self, at: datetime) -> CheckRow:
        return queries.check_of(SELLER, Scope.WHOLE, at=at, closing_at=self.now)

    def exits(self) -> list[ExitDetail]:
        rows = fetch_rows("SELECT number FROM exits_exit WHERE seller_id = %s", [SELLER])
        return [queries.exit_detail(SELLER, SHOP, number) for (number,) in rows]

    # -- the end --------------------------------------------------------------------------------

    def all_of_it_arrives(self) -> None:
        """The gateway mends its ways: what was approved and not called off is there, once."""
        self.gateway.set_behaviour(RELIABLE)
        for _ in range(4):
            self.now += timedelta(days=2)
            send_refunds(us_of(self.now), self.gateway)
        bill = [line.amount_minor for line in self.gateway.bill()]
        arrived = fetch_rows(
            "SELECT amount_minor FROM exits_payment WHERE seller_id = %s", [SELLER]
        )
        assert sorted(bill) == sorted(amount for (amount,) in arrived)
        assert book().get("refunds", 0) == 0
        assert broken_laws() == []


def test_whatever_happens_each_payment_arrives_once(db: None, tmp_path: Path) -> None:
    Leaver.folder = tmp_path
    run_state_machine_as_test(
        Leaver,
        settings=settings(
            max_examples=12, stateful_step_count=14, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
