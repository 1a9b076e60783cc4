"""Compensations, payouts, failures, silence, reversals, recoveries in any order beside a model."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
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

from tests.advances.conftest import enrol_three, put_money
from tests.advances.making import AT, book, owed_by
from xiaobao.advances.acts import (
    claim_due_payouts,
    compensate,
    record_payout_answers,
    recover_debts,
    reverse_compensation,
    sweep_penalties,
)
from xiaobao.advances.facts import PayoutAnswer, PayoutAnswers, PayoutState
from xiaobao.advances.queries import payouts_of
from xiaobao.kernel.clocks import MINUTE_US, moment_of
from xiaobao.ledger.facts import Account
from xiaobao.ledger.queries import check
from xiaobao.promises.queries import market

if TYPE_CHECKING:
    from xiaobao.advances.facts import DuePayouts, Owed

ENDED = {PayoutState.CONFIRMED}
AFTER = {
    PayoutAnswer.CONFIRMED: PayoutState.CONFIRMED,
    PayoutAnswer.FAILED: PayoutState.FAILED,
    PayoutAnswer.UNKNOWN: PayoutState.UNKNOWN,
}
amounts = st.sampled_from([1, 50, 999])
shops = st.integers(0, 2)


@dataclass
class Paid:
    """One compensation as the model remembers it."""

    shop: int
    owed: Owed
    borne: dict[str, int]
    is_reversed: bool = False


@dataclass
class Way:
    """One payout as the model remembers it."""

    shop: int
    amount: int
    state: PayoutState = PayoutState.CREATED
    attempts: int = 0
    sent_us: int = 0


class Money(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self) -> None:
        assert check() == []
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize()
    def open_books(self) -> None:
        self.sellers = enrol_three()
        self.market_id = market("cn").market_id
        self.books: list[dict[str, int]] = [defaultdict(int) for _ in range(3)]
        self.paid: list[Paid] = []
        self.ways: dict[tuple[int, int], Way] = {}
        self.now_us = AT

    def move(self, shop: int, source: str, target: str, amount: int) -> None:
        self.books[shop][source] -= amount
        self.books[shop][target] += amount

    # -- what happens --------------------------------------------------------------------------

    @rule(shop=shops, account=st.sampled_from(["reserve", "deposit"]), amount=amounts)
    def money_comes_in(self, shop: int, account: str, amount: int) -> None:
        put_money(int(self.sellers[shop]), Account[account.upper()], amount)
        self.move(shop, "outside", account, amount)

    @rule(rows=st.lists(st.tuples(shops, amounts, st.sampled_from([0, 0, 30])), max_size=4))
    def buyers_are_compensated(self, rows: list[tuple[int, int, int]]) -> None:
        first = len(self.paid)
        owed = owed_by(
            [int(self.sellers[r[0]]) for r in rows], [r[1] for r in rows], [r[2] for r in rows],
            number=list(range(first, first + len(rows))), at_us=self.now_us,
            market_id=self.market_id,
        )  # fmt: skip
        assert compensate(owed).paid == len(rows)
        for row, (shop, buyer, platform) in enumerate(rows):
            one = owed.take(np.array([row]))
            borne: dict[str, int] = defaultdict(int)
            for target, left in (("buyers", buyer), ("penalty", platform)):
                for source in ("reserve", "deposit", "fund"):
                    has = left if source == "fund" else self.books[shop][source]
                    part = min(left, has)
                    left -= part  # noqa: PLW2901
                    borne[source] += part
                    self.move(shop, source, target, part)
            self.paid.append(Paid(shop, one, borne))
            self.ways[int(one.cause_hi[0]), int(one.cause_lo[0])] = Way(shop, buyer)

    @precondition(lambda self: self.paid)
    @rule(data=st.data())
    def the_same_is_asked_again(self, data: st.DataObject) -> None:
        assert compensate(data.draw(st.sampled_from(self.paid)).owed).paid == 0

    @precondition(lambda self: self.paid)
    @rule(data=st.data())
    def a_ruling_is_reversed(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.paid))
        keys = (one.owed.seller_id, one.owed.cause_hi, one.owed.cause_lo)
        moved = reverse_compensation(*keys, at=moment_of(self.now_us))
        assert (moved.books == 0) == one.is_reversed
        if one.is_reversed:
            return
        one.is_reversed = True
        mine = self.books[one.shop]
        cancelled = min(one.borne["fund"], -mine["fund"])
        self.move(one.shop, "outside", "reserve", one.borne["reserve"])
        self.move(one.shop, "outside", "deposit", one.borne["deposit"])
        self.move(one.shop, "outside", "fund", cancelled)
        self.move(one.shop, "outside", "deposit", one.borne["fund"] - cancelled)

    @rule()
    def debts_are_recovered(self) -> None:
        recover_debts(at=moment_of(self.now_us))
        for shop, mine in enumerate(self.books):
            for source in ("reserve", "deposit"):
                self.move(shop, source, "fund", min(mine[source], -mine["fund"]))

    @rule()
    def penalties_are_swept(self) -> None:
        sweep_penalties(at=moment_of(self.now_us))
        for shop, mine in enumerate(self.books):
            self.move(shop, "penalty", "outside", mine["penalty"])

    @rule(minutes=st.sampled_from([1, 7, 60, 2000]))
    def time_passes(self, minutes: int) -> None:
        self.now_us += minutes * MINUTE_US

    # -- payouts -------------------------------------------------------------------------------

    def claim(self) -> tuple[DuePayouts, list[Way]]:
        due = claim_due_payouts(until_us=self.now_us)
        ways = []
        rows = zip(*(c.tolist() for c in due.as_dict().values()), strict=True)
        for _, high, low, _, _, amount, attempt, due_us, is_query, sent in rows:
            way = self.ways[high, low]
            assert sent == (way.sent_us if is_query else 0)
            assert way.amount == amount
            assert is_query == (way.state in (PayoutState.SENT, PayoutState.UNKNOWN))
            if not is_query:
                way.state, way.sent_us = PayoutState.SENT, due_us
                way.attempts += 1
            assert attempt == way.attempts
            ways.append(way)
        return due, ways

    @rule()
    def payouts_are_sent_and_nothing_is_heard(self) -> None:
        self.claim()

    @rule(data=st.data())
    def payouts_are_sent_and_answered(self, data: st.DataObject) -> None:
        due, ways = self.claim()
        told: list[tuple[int, PayoutAnswer, int]] = []
        for row, way in enumerate(ways):
            for said in data.draw(st.lists(st.sampled_from(PayoutAnswer), max_size=2)):
                told.append((row, said, way.attempts))
                self.hear(way, said)
        self.record(due, told)

    def hear(self, way: Way, said: PayoutAnswer) -> None:
        is_open = way.state in (PayoutState.SENT, PayoutState.UNKNOWN)
        if way.state not in ENDED and (is_open or said is PayoutAnswer.CONFIRMED):
            way.state = AFTER[said]
            if way.state is PayoutState.CONFIRMED:
                self.move(way.shop, "buyers", "outside", way.amount)

    def record(self, due: DuePayouts, told: list[tuple[int, PayoutAnswer, int]]) -> None:
        rows = due.take(np.array([row for row, _, _ in told], np.int64))
        texts: Any = np.array([""] * len(told), object)
        record_payout_answers(
            PayoutAnswers(
                seller_id=rows.seller_id, payout_hi=rows.payout_hi, payout_lo=rows.payout_lo,
                attempt=np.array([attempt for _, _, attempt in told], np.int64),
                answer=np.array([said for _, said, _ in told], np.int64),
                at_us=rows.due_us, gateway_ref=texts, said=texts,
            )
        )  # fmt: skip

    # -- what holds at every moment ------------------------------------------------------------

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        if not hasattr(self, "books"):
            return
        for shop, mine in enumerate(self.books):
            seller = int(self.sellers[shop])
            assert book(seller) == {name: amount for name, amount in mine.items() if amount}
            waiting = [w for w in self.ways.values() if w.shop == shop]
            assert mine["buyers"] == sum(w.amount for w in waiting if w.state not in ENDED)
            stand = sorted((p.amount_minor, p.state, p.attempts) for p in payouts_of(seller))
            assert stand == sorted((w.amount, w.state, w.attempts) for w in waiting)


def test_money_is_where_the_model_says(db: None) -> None:
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
