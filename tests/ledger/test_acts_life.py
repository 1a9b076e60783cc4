"""A ledger lived through at random, beside a small model; and by several at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from django.db import connections
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

from tests.ledger.ledger_model import Asked, Ledger, postings
from xiaobao.database.sets import cursor, fetch_rows
from xiaobao.kernel.columns import FAR_US
from xiaobao.ledger import acts, queries
from xiaobao.ledger.facts import Account, Op, Outcome, Why

START = datetime(2026, 1, 1, tzinfo=UTC)
START_US = int(START.timestamp()) * 1_000_000
SELLERS = [3, 5, 8]
sellers = st.sampled_from(SELLERS)
amounts = st.integers(1, 200)


class LedgerLife(RuleBasedStateMachine):
    """Deposits, claims, rulings, payouts that fail, reversals, retries, days that pass."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Ledger()
        self.now = START_US
        self.causes = 0
        self.said: list[Asked] = []

    @initialize()
    def books_are_opened(self) -> None:
        with cursor("owner") as owner:
            owner.execute("TRUNCATE ledger_book, ledger_posting, ledger_hold")
        acts.open_books(np.array(SELLERS), "CNY", at=START)
        for seller in SELLERS:
            self.model.open(seller)

    def told(self, *rows: Asked) -> list[Outcome]:
        """Post, and compare with the model posting by posting."""
        self.said += rows
        outcomes = [Outcome(o) for o in acts.post(postings(list(rows))).outcome]
        assert outcomes == [self.model.post(row) for row in rows]
        return outcomes

    def asked(
        self, seller: int, source: Account, target: Account, amount: int, **more: Any
    ) -> Asked:
        self.causes += 1
        return Asked(
            seller, self.causes, source=source, target=target, amount=amount,
            **({"at": self.now} | more),
        )  # fmt: skip

    @rule(
        seller=sellers, amount=amounts, account=st.sampled_from([Account.DEPOSIT, Account.RESERVE])
    )
    def money_comes_in(self, seller: int, amount: int, account: Account) -> None:
        self.told(self.asked(seller, Account.OUTSIDE, account, amount, why=Why.DEPOSIT_LODGED))

    @rule(seller=sellers, amount=amounts, days=st.none() | st.integers(1, 20))
    def a_claim_is_filed(self, seller: int, amount: int, days: int | None) -> None:
        ends = FAR_US if days is None else self.now + days
        made = self.asked(
            seller, Account.DEPOSIT, Account.LOCKED, amount, op=Op.HOLD, expires=ends,
            hold=self.causes + 1,
        )  # fmt: skip
        self.told(made)

    def some_hold(self, data: Any) -> tuple[int, int]:
        name: tuple[int, int] = data.draw(st.sampled_from(sorted(self.model.holds)))
        return name

    @precondition(lambda self: self.model.holds)
    @rule(data=st.data(), share=st.integers(1, 110))
    def the_buyer_wins(self, data: Any, share: int) -> None:
        seller, hold = self.some_hold(data)
        amount = max(1, self.model.holds[seller, hold].amount * share // 100)
        self.told(
            self.asked(seller, Account.LOCKED, Account.BUYERS, amount, op=Op.CAPTURE, hold=hold)
        )

    @precondition(lambda self: self.model.holds)
    @rule(data=st.data())
    def the_claim_is_withdrawn(self, data: Any) -> None:
        seller, hold = self.some_hold(data)
        self.told(self.asked(seller, Account.LOCKED, Account.DEPOSIT, 0, op=Op.RELEASE, hold=hold))

    @rule(seller=sellers, amount=amounts)
    def compensation_is_advanced(self, seller: int, amount: int) -> None:
        """Reserve, then deposit, then the fund."""
        book = self.model.balance[seller]
        left, rows = amount, []
        for account in (Account.RESERVE, Account.DEPOSIT, Account.FUND):
            part = left if account == Account.FUND else min(left, book[account])
            if part:
                rows.append(
                    self.asked(seller, account, Account.BUYERS, part, why=Why.COMPENSATION)
                )
            left -= part
        assert set(self.told(*rows)) == {Outcome.POSTED}

    @rule(seller=sellers, amount=amounts, is_confirmed=st.booleans())
    def a_payout_is_answered(self, seller: int, amount: int, is_confirmed: bool) -> None:
        """Confirmed, it leaves; failed, nothing moves."""
        if is_confirmed:
            self.told(
                self.asked(seller, Account.BUYERS, Account.OUTSIDE, amount, why=Why.BUYER_PAID)
            )

    @rule(seller=sellers, amount=amounts)
    def a_debt_is_recovered(self, seller: int, amount: int) -> None:
        self.told(
            self.asked(seller, Account.RESERVE, Account.FUND, amount, why=Why.DEBT_RECOVERED)
        )

    @rule(seller=sellers, amount=amounts)
    def a_ruling_is_reversed(self, seller: int, amount: int) -> None:
        """The seller gets back what it bore, and the fund bears it."""
        self.told(self.asked(seller, Account.FUND, Account.DEPOSIT, amount, why=Why.REVERSAL))

    @precondition(lambda self: self.said)
    @rule(data=st.data(), change=st.sampled_from([0, 0, 1]))
    def a_door_retries(self, data: Any, change: int) -> None:
        row = data.draw(st.sampled_from(self.said))
        self.told(Asked(**{**row.__dict__, "amount": row.amount + change, "at": self.now}))

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def a_worker_repeats_its_batch(self, data: Any) -> None:
        """Everything again, and new postings among it: enough for the way of large batches."""
        fresh = [
            self.asked(seller, Account.OUTSIDE, Account.RESERVE, 1) for seller in SELLERS * 14
        ]
        self.told(*data.draw(st.permutations([*self.said[-20:], *fresh])))

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        self.now += days
        due = sorted(
            (held.expires, seller, hold)
            for (seller, hold), held in self.model.holds.items()
            if held.state == "open" and held.expires <= self.now
        )
        assert acts.expire_holds(self.now) == len(due)
        for ends, seller, hold in due:
            expiry = Asked(
                seller, 10**6 + hold, op=Op.EXPIRE, source=Account.LOCKED,
                target=Account.DEPOSIT, amount=0, hold=hold, at=ends,
            )  # fmt: skip
            assert self.model.post(expiry) == Outcome.POSTED

    @invariant()
    def balances_are_the_models(self) -> None:
        found = queries.balances(np.array(SELLERS))
        for place, seller in enumerate(found.seller_id.tolist()):
            row = {int(a): int(getattr(found, a.name.lower())[place]) for a in Account}
            assert row == self.model.balance[seller]

    def teardown(self) -> None:
        if self.model.balance:
            assert queries.check() == []
            lines = fetch_rows("SELECT count(*) FROM ledger_posting")
            assert lines[0][0] == len(self.model.lines)


@pytest.mark.usefixtures("committed")
def test_a_life_of_money_is_as_the_model_says() -> None:
    run_state_machine_as_test(
        LedgerLife,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


@pytest.mark.usefixtures("committed")
def test_several_at_once_lose_nothing_and_double_nothing() -> None:
    """Six writers post the same and other causes to the same books, in small and large batches."""
    books = np.arange(1, 61)
    acts.open_books(books, "CNY", at=START)
    common = [Asked(int(s), 1, amount=100) for s in books]
    acts.post_all(postings(common))
    outcomes: list[list[int]] = []

    def write(writer: int) -> None:
        chosen = np.random.default_rng(writer)
        try:
            for turn in range(12):
                count = [5, 120][turn % 2]
                rows = [
                    # Every writer tells of the same shared causes; the books come in no order.
                    Asked(int(s), 1000 + turn, source=1, target=5, amount=3)
                    if shared
                    else Asked(int(s), 10**6 * (writer + 1) + turn * 1000 + i, source=1, target=5)
                    for i, (s, shared) in enumerate(
                        zip(chosen.choice(books, count), chosen.random(count) < 0.4, strict=True)
                    )
                ]
                outcomes.append(acts.post(postings(rows)).outcome.tolist())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 72
    assert queries.check() == []
    said = [o for part in outcomes for o in part]
    posted = fetch_rows("SELECT count(*), count(DISTINCT (seller_id, cause)) FROM ledger_posting")
    assert posted == [(said.count(Outcome.POSTED) + 60, said.count(Outcome.POSTED) + 60)]
    assert said.count(Outcome.REPLAY) > 0
    assert set(said) <= {Outcome.POSTED, Outcome.REPLAY, Outcome.INSUFFICIENT}
    rows = queries.balances(books)
    assert (rows.deposit >= 0).all()
    assert int((rows.deposit + rows.buyers).sum()) == 6000
