"""Frozen deposits through whatever happens: charges, lost answers, ends, deaths, partial exits.

After every step what stands frozen is in neither of two hands, and the laws hold; once all has
come to rest our books and the gateway's agree to the fen: what is frozen here is frozen there,
what was taken came, what was let go of never moved, and each cash payment arrived once.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

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

from tests.exits.making import NOW, SELLER, SHOP, book, open_world, sweep
from xiaobao.advances.acts import recover_debts
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.deposits.facts import LodgementState
from xiaobao.exits import acts as exits
from xiaobao.exits.facts import Reason, Scope
from xiaobao.gateways.alipay.names import Named
from xiaobao.gateways.payments import Direction, Result
from xiaobao.gateways.test_gateway import Settings, TestGateway
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import halves_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Account, Op, Postings, Why
from xiaobao.sellers import queries as sellers
from xiaobao.work.checking import check_money
from xiaobao.work.collecting import confirm_deposits
from xiaobao.work.freezing import TakenTooLate, _movements, record_taken, take_what_is_owed
from xiaobao.work.lodging import lodge_deposit
from xiaobao.work.moved import moved_named
from xiaobao.work.reconciling import reconcile
from xiaobao.work.refunding import send_refunds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from uuid import UUID

    import pytest

    from xiaobao.gateways.payments import Answer, Movement

WORST = Settings(7, 300_000, 250_000, 250_000, 500_000, known_after_minutes=30)
RELIABLE = Settings(1, 0, 0, 0, 0)
MOST = int(os.environ.get("XIAOBAO_FROZEN_LIVES", "10"))


class Dying(TestGateway):
    """Does what it is asked, and takes the process with it."""

    def transfer_out(self, movements: Sequence[Movement]) -> list[Answer]:
        super().transfer_out(movements)
        raise KeyboardInterrupt

    def collect(self, movements: Sequence[Movement]) -> list[Answer]:
        super().collect(movements)
        raise KeyboardInterrupt


class Keeper(RuleBasedStateMachine):
    """One shop whose deposit is partly frozen with it; the platform, the gateway, and time."""

    folder: ClassVar[Path]
    examples: ClassVar[int] = 0

    @initialize()
    def begin(self) -> None:
        self.mark = transaction.savepoint()
        open_world(deposit=0)
        Keeper.examples += 1
        self.home = self.folder / str(Keeper.examples)
        self.gateway = TestGateway(self.home)
        self.gateway.set_behaviour(WORST)
        self.now, self.keys = NOW, iter(range(1, 10**9))
        self.holds: dict[int, int] = {}
        self.unheard: dict[UUID, int] = {}  # parts that came and nobody told us of, by name
        self.outside = 0  # what went by another way than this gateway, less what came

    def teardown(self) -> None:
        if not hasattr(self, "mark"):
            return
        self.all_comes_to_rest()
        transaction.savepoint_rollback(self.mark)

    @rule(
        amount=st.sampled_from([1, 30_000, 100_000]),
        is_frozen=st.sampled_from([True, True, False]),
    )
    def it_lodges(self, amount: int, *, is_frozen: bool) -> None:
        lodge_deposit(
            sellers.seller_named(SHOP), amount, key=next(self.keys), at=self.now,
            gateway=self.gateway, is_frozen=is_frozen,
        )  # fmt: skip

    def post(
        self, op: Op, source: Account, target: Account, amount: int, name: int, leg: int
    ) -> bool:
        hold = name if op is not Op.MOVE else 0
        receipt = ledger.post(
            Postings.of(
                seller_id=[SELLER], cause_hi=[name], cause_lo=[5], leg=[leg], op=[op],
                source=[source], target=[target], amount_minor=[amount],
                why=[Why.EXPOSURE_LOCKED], hold_hi=[hold], hold_lo=[5 if hold else 0],
                expires_us=[FAR_US], at_us=[us_of(self.now)],
            )
        )  # fmt: skip
        return int(receipt.outcome[0]) == 0

    @rule(amount=st.sampled_from([1, 20_000, 90_000]))
    def the_platform_charges(self, amount: int) -> None:
        """Paid for the seller by another way, as a premium is."""
        name = next(self.keys)
        if self.post(Op.MOVE, Account.DEPOSIT, Account.OUTSIDE, amount, name, 0):
            self.outside += amount

    @rule(amount=st.sampled_from([10_000, 80_000]))
    def a_claim_locks(self, amount: int) -> None:
        name = next(self.keys)
        if self.post(Op.HOLD, Account.DEPOSIT, Account.LOCKED, amount, name, 0):
            self.holds[name] = amount

    @rule(which=st.integers(0, 9), is_upheld=st.booleans())
    def a_claim_ends(self, which: int, *, is_upheld: bool) -> None:
        if not self.holds:
            return
        name = sorted(self.holds)[which % len(self.holds)]
        amount = self.holds.pop(name)
        op, to = (Op.CAPTURE, Account.OUTSIDE) if is_upheld else (Op.RELEASE, Account.DEPOSIT)
        assert self.post(op, Account.LOCKED, to, amount, name, 1)
        self.outside += amount if is_upheld else 0

    @rule(amount=st.sampled_from([1, 40_000, 0, 0]))
    def it_takes_back(self, amount: int) -> None:
        """A part, or all that is free of it; and staff approve."""
        try:
            with transaction.atomic():
                exits.apply_for_exit(
                    SELLER, scope=Scope.PART if amount else Scope.WHOLE, amount_minor=amount,
                    reason=Reason.OWN_WISH, key=f"k{next(self.keys)}", by=SHOP, at=self.now,
                )  # fmt: skip
                exits.approve_exit(SELLER, by="staff", at=self.now)
        except Problem:
            return

    @rule(which=st.integers(0, 9), is_seen=st.booleans())
    def a_frozen_sum_ends(self, which: int, *, is_seen: bool) -> None:
        """At the gateway; what is seen of it at once may come before an exit's money sets out."""
        rows = [one for one in deposits_now.frozen_of(SELLER) if one.frozen_minor]
        if rows:
            one = rows[which % len(rows)].lodgement
            self.gateway.end_frozen(one)
            if is_seen:
                deposits.lose_frozen(SELLER, halves_of(one), at=self.now)

    @rule()
    def a_part_comes_and_nobody_hears(self) -> None:
        """Held for not at the gateway, so that it may be called back."""
        open_ = [
            one for one in deposits_now.takings_of(SELLER)
            if one.state is LodgementState.REQUESTED and one.taking not in self.unheard
        ]  # fmt: skip
        self.gateway.set_behaviour(RELIABLE)
        for one in open_:
            hi, lo = (np.array([half]) for half in halves_of(one.taking))
            due = deposits_now.taking_named(np.array([SELLER]), hi, lo)
            sent = replace(due, attempts=due.attempts + 10_000)
            [answer] = self.gateway.collect(_movements(sent, np.array([us_of(self.now)])))
            if answer.result is Result.CONFIRMED:
                self.unheard[one.taking] = one.amount_minor
        self.gateway.set_behaviour(WORST)

    @rule()
    def it_is_told_late(self) -> None:
        for name in list(self.unheard):
            moved = moved_named(Named(Direction.IN, SELLER, name))
            assert moved is not None
            with suppress(TakenTooLate):
                record_taken(moved, ref="late", said="late", at=self.now)
        self.still_unheard()

    def still_unheard(self) -> dict[UUID, int]:
        """Of each sum, what came of it that we hold for not asked for."""
        known = {one.taking: one for one in deposits_now.takings_of(SELLER)}
        for name in list(self.unheard):
            if known[name].state is LodgementState.CONFIRMED:
                del self.unheard[name]
        of: dict[UUID, int] = {}
        for name, amount in self.unheard.items():
            moved = moved_named(Named(Direction.IN, SELLER, name))
            assert moved is not None
            assert moved.of is not None
            if moved.state == LodgementState.FAILED:
                of[moved.of] = of.get(moved.of, 0) + amount
        return of

    @rule(
        hours=st.sampled_from([1, 30, 24 * 8, 24 * 350]),
        dies=st.sampled_from([False, False, False, True]),
    )
    def time_passes(self, hours: int, *, dies: bool) -> None:
        self.now += timedelta(hours=hours)
        self.live(Dying(self.home) if dies else self.gateway)

    def live(self, through: TestGateway) -> None:
        """Every clock fires; a process that dies leaves what it committed, and others go on."""
        until_us = us_of(self.now)
        self.unless_it_dies(lambda: confirm_deposits(until_us, through))
        sweep(self.now)
        self.unless_it_dies(lambda: take_what_is_owed(until_us, through))
        self.unless_it_dies(lambda: send_refunds(until_us, through))
        recover_debts(np.array([SELLER]), at=self.now)

    def unless_it_dies(self, step: Callable[[], object]) -> None:
        try:
            step()
        except KeyboardInterrupt:
            return

    @invariant()
    def laws_hold_and_nothing_is_promised_twice(self) -> None:
        if not hasattr(self, "mark"):
            return
        assert check_money() == []
        there, unheard = self.gateway.frozen(), self.still_unheard()
        for row in deposits_now.frozen_of(SELLER):
            # What moved there and is not heard of yet was on its way here.
            gone = row.frozen_minor - there.get(row.lodgement, 0)
            assert gone >= 0
            if row.lodgement in there:
                most = row.taking_minor + row.leaving_minor + unheard.get(row.lodgement, 0)
                assert gone <= most

    def all_comes_to_rest(self) -> None:
        self.gateway.set_behaviour(RELIABLE)
        for hours in (24, 24, 24, 48, 48):
            self.now += timedelta(hours=hours)
            self.live(self.gateway)
            self.it_is_told_late()
        assert self.unheard == {}
        self.now += timedelta(hours=24 * 400)
        for _ in range(3):
            self.now += timedelta(hours=30)
            self.live(self.gateway)
        self.laws_hold_and_nothing_is_promised_twice()
        rows = deposits_now.frozen_of(SELLER)
        there = {k: v for k, v in self.gateway.frozen().items() if v}
        assert {r.lodgement: r.frozen_minor for r in rows if r.frozen_minor} == there
        assert [(r.taking_minor, r.leaving_minor) for r in rows] == [(0, 0)] * len(rows)
        assert reconcile(self.gateway).differences == ()
        cash = sum(
            line.amount_minor * (1 if line.direction is Direction.IN else -1)
            for line in self.gateway.bill()
        )
        now = book()
        # The account at the gateway: what the books say came and did not leave, less what is
        # frozen yet; what went another way was paid out of the platform's other pocket.
        assert cash - self.outside == -now.get("outside", 0) - sum(there.values())
        own = now.get("deposit", 0) + now.get("locked", 0)
        assert sum(there.values()) <= own


def test_whatever_happens_not_a_fen_is_lost_or_twice(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Keeper, "folder", tmp_path, raising=False)
    run_state_machine_as_test(
        Keeper,
        settings=settings(
            max_examples=MOST, stateful_step_count=14, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
