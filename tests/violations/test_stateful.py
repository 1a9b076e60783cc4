"""Anybody and every clock in any order: points, penalties and money agree at every moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

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

from tests.violations.living import DAY, NOON, SHANGHAI, book, everything, pass_until, standing
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits import acts as deposits
from xiaobao.kernel.clocks import us_of, zone_of
from xiaobao.kernel.problems import Problem
from xiaobao.promises import acts as promises
from xiaobao.promises import queries as promises_now
from xiaobao.promises.facts import ViolationKind
from xiaobao.sellers import acts as sellers
from xiaobao.sellers.facts import Standing
from xiaobao.violations import acts, queries
from xiaobao.violations.facts import Source, State
from xiaobao.violations.rules import fold
from xiaobao.violations.terms import ClassTerms, StepTerms
from xiaobao.work.checking import check_money

LODGED = 900_000
SHOPS = ("one", "two")
HANDS = st.sampled_from(["ada", "ben"])


class Punishing(RuleBasedStateMachine):
    """Two shops; the turn of the year is near."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 11, 20, 10, tzinfo=SHANGHAI)
        self.recorded = 0
        self.mark: Any = None

    @initialize()
    def open(self) -> None:
        self.mark = transaction.savepoint()
        promises.publish_pack("cn", at=NOON - 60 * DAY)
        market = promises_now.market("cn")
        ids = sellers.enrol_sellers(
            SHOPS, market_id=market.market_id, signed_by="the seller", at=NOON - 30 * DAY
        )
        made = deposits.request_lodgements(ids, np.full(2, LODGED), keys=1, at=NOON - 30 * DAY)
        deposits.confirm_lodgements(made, at=NOON - 30 * DAY)
        self.ids, self.market_id = ids.tolist(), market.market_id

    def teardown(self) -> None:
        if self.mark is not None:
            transaction.savepoint_rollback(self.mark)

    @rule(
        shop=st.integers(0, 1), kind=st.sampled_from(ViolationKind), by=HANDS,
        incident=st.sampled_from(["", "an item"]), mended=st.booleans(), ago=st.integers(0, 4),
    )  # fmt: skip
    def record(
        self, shop: int, kind: ViolationKind, by: str, incident: str, *, mended: bool, ago: int
    ) -> None:
        self.recorded += 1
        told: dict[str, Any] = {
            "kind": kind, "source": Source.STAFF, "by": by, "at": self.now,
            "happened_at": self.now - ago * DAY, "incident": incident, "is_corrected": mended,
        }  # fmt: skip
        name = f"V{self.recorded}"
        assert acts.record_violation(self.ids[shop], name, **told).recorded == 1
        stands = everything()
        assert acts.record_violation(self.ids[shop], name, **told).known == 1
        assert everything() == stands

    @precondition(lambda self: self.recorded)
    @rule(data=st.data())
    def appeal(self, data: st.DataObject) -> None:
        key = queries.violation_named(f"V{data.draw(st.integers(1, self.recorded))}")
        self._or_nothing(acts.appeal_violation, key, by="the seller", words="no", at=self.now)

    @precondition(lambda self: self.recorded)
    @rule(data=st.data(), by=HANDS, is_upheld=st.booleans())
    def decide(self, data: st.DataObject, by: str, *, is_upheld: bool) -> None:
        key = queries.violation_named(f"V{data.draw(st.integers(1, self.recorded))}")
        self._or_nothing(
            acts.decide_violation, key, is_upheld=is_upheld, by=by, words="so", at=self.now
        )

    def _or_nothing(self, act: Any, *named: Any, **given: Any) -> None:
        """Either it is done, or it is refused and nothing moved."""
        stands = everything()
        try:
            act(*named, **given)
        except Problem:
            assert everything() == stands

    @rule(hours=st.sampled_from([1, 14, 24, 24 * 8, 24 * 30]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        pass_until(self.now)

    # -- what holds ------------------------------------------------------------------------------

    @invariant()
    def points_are_what_the_labs_batch_counts(self) -> None:
        """Every night and every recount of the house, and one fold over what stands."""
        if self.mark is None:
            return
        rows = fetch_rows(
            "SELECT seller_id, points_class, points, strikes, day FROM violations_tally"
        )
        for seller_id, points_class, points, strikes, day in rows:
            counted = queries.counted_of(np.array([seller_id]))
            counted = counted.take(counted.points_class == points_class)
            tallies, nights = fold(
                counted, day, zone=zone_of("Asia/Shanghai"),
                classes=promises_now.book_of(ClassTerms, self.market_id),
                rungs=promises_now.book_of(StepTerms, self.market_id),
            )  # fmt: skip
            counts = [(tallies.points.sum(), tallies.strikes.sum())]
            assert counts == [(points, strikes)]
            stands = {
                (p.day, p.step)
                for p in queries.penalties_of(seller_id)
                if p.points_class == points_class and p.corrected_at is None
            }
            begun = nights.take(nights.begins)
            follows = set(
                zip(begun.day.tolist(), (begun.points_class * 10 + begun.rung).tolist(),
                    strict=True)
            )  # fmt: skip
            # What would be over by now, or end later than what it replaces, is not begun anew.
            assert stands <= follows

    @invariant()
    def every_fen_is_where_the_violations_say(self) -> None:
        if self.mark is None:
            return
        assert check_money() == []
        for seller_id in self.ids:
            ((held, bore, owed),) = fetch_rows(
                "SELECT coalesce(sum(held_minor), 0)::bigint, coalesce(sum(taken_hold_minor + "
                "taken_deposit_minor) FILTER (WHERE state <> 5), 0)::bigint, "
                "coalesce(sum(taken_fund_minor) FILTER (WHERE state <> 5), 0)::bigint "
                "FROM violations_violation WHERE seller_id = %s",
                [seller_id],
            )
            books = book(seller_id)
            assert books.get("locked", 0) == held
            assert books.get("deposit", 0) + held + bore == LODGED
            assert -books.get("fund", 0) == owed
            closed = [
                v for v in queries.violations_listed(seller_id=seller_id)
                if v.state in {State.CONFIRMED, State.REVOKED}
            ]  # fmt: skip
            assert all(v.held_minor == 0 for v in closed)
            due = [v for v in closed if v.state is State.CONFIRMED and not v.is_waived]
            assert all(v.taken_minor == v.penalty_minor for v in due)

    @invariant()
    def a_seller_is_restricted_while_a_penalty_that_restricts_runs(self) -> None:
        if self.mark is None:
            return
        for seller_id in self.ids:
            running = fetch_rows(
                "SELECT 1 FROM violations_penalty WHERE seller_id = %s AND state = 1 "
                "AND is_restricting LIMIT 1",
                [seller_id],
            )
            wanted = Standing.RESTRICTED if running else Standing.ACTIVE
            assert standing(seller_id) is wanted

    @invariant()
    def the_register_shows_what_runs_and_what_was_corrected(self) -> None:
        if self.mark is None:
            return
        entries = queries.register(at=self.now)
        assert all(e.published_at <= e.publish_by for e in entries)
        assert all(e.is_corrected or e.ends_at > self.now for e in entries)
        running = sum(
            p.corrected_at is None and p.ends_at > self.now
            for seller_id in self.ids
            for p in queries.penalties_of(seller_id)
        )
        assert sum(not e.is_corrected for e in entries) == running

    @invariant()
    def what_is_open_says_until_when(self) -> None:
        if self.mark is None:
            return
        for seller_id in self.ids:
            rows = queries.open_violations_of(seller_id, at=self.now)
            assert all(row.clears_us > us_of(self.now) for row in rows)
            assert all(row.clause and row.zh and row.en for row in rows)


def test_whatever_they_do(db: None) -> None:
    run_state_machine_as_test(
        Punishing,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
