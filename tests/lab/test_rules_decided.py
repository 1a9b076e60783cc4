"""Laws of what is decided anew: a batch is a stack of singles, and so is every tally of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.claims.law import DAY, ORDERED, facts
from tests.exits.shapes import KINDS, START_US
from tests.lab.making import CN, SHANGHAI, cn, harsher
from tests.lab.test_rules_remembered import DAYS, bucket, punished, recorded_by_staff
from xiaobao.claims.facts import Ask, ClaimFacts, ClaimKind, Stage
from xiaobao.hearings.facts import Before, RuledBy
from xiaobao.kernel.clocks import DAY_US
from xiaobao.kernel.columns import FAR_US
from xiaobao.lab.history.tables import Checks, Rulings, Stood
from xiaobao.lab.outside import outside
from xiaobao.lab.replay.breaches import no_breaches
from xiaobao.lab.replay.claims import Claims, Decision, decided_under
from xiaobao.lab.replay.deposits import day_ends
from xiaobao.lab.replay.exits import left_under
from xiaobao.lab.replay.policies import policy_of
from xiaobao.lab.tallies.claims import tally_of_claims
from xiaobao.lab.tallies.demands import tally_of_day
from xiaobao.lab.tallies.exits import tally_of_exits
from xiaobao.lab.tallies.shapes import Sums, Tally, as_bytes, merged
from xiaobao.lab.tallies.violations import tally_of_forced, tally_of_punished
from xiaobao.promises.packs import read_files

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Columns, Int
    from xiaobao.lab.replay.deposits import DayEnd
    from xiaobao.lab.replay.policies import Policy

SIZES = outside().sizes_minor("CNY")
seeds = st.integers(0, 2**32 - 1)


def milder() -> Policy:
    """The pack with half a quiet time."""
    files = read_files("cn")
    files["clocks.csv"] = files["clocks.csv"].replace(
        ",,30,days,0,0,cn.deposit", ",,15,days,0,0,cn.deposit"
    )
    return policy_of(files, CN, "milder")


POLICIES = (cn(), harsher(), milder())


def claims_of(seed: int, count: int = 24) -> tuple[Rulings, ClaimFacts, Before]:
    """Claims that were ruled without a person, whatever was shown and answered."""
    rng = np.random.default_rng(seed)

    def money(most: int) -> Int:
        return np.where(rng.random(count) < 0.3, 0, rng.integers(0, most, count))

    stage = rng.choice([int(s) for s in Stage], count)
    is_signed = stage != Stage.BEFORE_SIGNING
    ordered = ORDERED + rng.integers(-300, 100, count) * DAY
    filed = ordered + rng.integers(1, 40, count) * DAY
    due = filed + rng.integers(1, 9, count) * DAY
    row = ClaimFacts.concat([facts()] * count)
    told = replace(
        row, seller_id=rng.integers(1, 5, count), claim_id=np.arange(count),
        kind=rng.choice([int(k) for k in ClaimKind], count),
        ask=rng.choice([int(a) for a in Ask], count), stage=stage, ordered_us=ordered,
        filed_us=filed, judged_us=due + rng.integers(-3, 3, count) * DAY,
        signed_us=np.where(is_signed, ordered + 3 * DAY, FAR_US), is_signed=is_signed,
        is_completed=stage == Stage.AFTER_COMPLETION,
        completed_us=np.where(stage == Stage.AFTER_COMPLETION, ordered + 4 * DAY, FAR_US),
        is_shipped=is_signed | (rng.random(count) < 0.5), goods_minor=100 + money(900_000),
        freight_minor=money(3_000), refunded_minor=money(50_000), compensated_minor=money(5_000),
        loss_minor=money(20_000), asked_minor=money(90_000), test_minor=money(4_000),
        evidence_buyer=rng.integers(0, 2**20, count),
        evidence_seller=rng.integers(0, 2**20, count),
        promises=rng.integers(0, 2**9, count), is_answered=rng.random(count) < 0.5,
        is_denied=rng.random(count) < 0.3, is_accepted=rng.random(count) < 0.2,
        seller_due_us=due, buyer_due_us=np.where(rng.random(count) < 0.5, due, FAR_US),
        is_cured=rng.random(count) < 0.5, similar_upheld=rng.integers(0, 9, count),
        similar_sold=rng.integers(0, 60, count), is_person_asked=rng.random(count) < 0.1,
    )  # fmt: skip
    paid = money(10_000)
    none = np.zeros(count, np.int64)
    columns: dict[str, Any] = {
        name: none > 0 if name.startswith("is_") else none for name in Before.names()
    }
    before = Before(**columns | {"paid_refund_minor": paid, "bears_minor": paid})
    rulings = Rulings(
        told.seller_id, told.claim_id, none + 1,
        np.where(rng.random(count) < 0.2, int(RuledBy.DEFAULT), int(RuledBy.RULE)),
        told.judged_us, rng.random(count) < 0.8,
    )  # fmt: skip
    return rulings, told, before


def same(whole: Columns, rows: Int, alone: Columns) -> None:
    for name, column in alone.as_dict().items():
        assert getattr(whole, name)[rows].tolist() == column.tolist(), name


@given(seeds)
@settings(max_examples=6, deadline=None)
def test_claims_decided_anew_are_a_stack_of_singles(seed: int) -> None:
    rulings, told, before = claims_of(seed)
    for policy in POLICIES:
        whole = decided_under(rulings, told, before, policy)
        for row in range(len(told)):
            one = np.array([row])
            alone = decided_under(rulings.take(one), told.take(one), before.take(one), policy)
            same(whole, one, alone)


def test_claims_of_these_tests_end_in_every_way() -> None:
    """So that the laws above say something of each."""
    seen: set[int] = set()
    paid = 0
    for seed in range(12):
        decided = decided_under(*claims_of(seed), POLICIES[0])
        seen |= set(decided.decision.tolist())
        paid += int((decided.buyer_minor > 0).sum())
    assert seen == {int(d) for d in Decision}
    assert paid > 20


def checks_of(seed: int, count: int = 12) -> tuple[Checks, Stood]:
    """Checks of exits with anything in the way, some of them of one seller."""
    rng = np.random.default_rng(seed)
    at = START_US + np.sort(rng.integers(0, 90 * DAY_US, count))
    checks = Checks(
        rng.integers(1, 5, count), np.arange(count), np.ones(count, np.int64),
        rng.integers(1, 3, count), at, at - rng.integers(0, 9, count) * DAY_US,
        at - rng.integers(0, 30, count) * DAY_US, rng.integers(0, 10**7, count),
        rng.integers(0, 10**6, count), rng.integers(0, 10**5, count),
        np.where(rng.random(count) < 0.5, 0, rng.integers(0, 10**6, count)),
        rng.random(count) < 0.2, rng.random(count) < 0.7,
    )  # fmt: skip
    check = np.sort(rng.integers(0, count, 3 * count))
    things = len(check)
    kind = rng.choice([int(kind) for kind in KINDS], things)
    since = at[check] - rng.integers(0, 60, things) * DAY_US
    knows = rng.random(things) < 0.5
    stood = Stood(
        check, kind, np.arange(things), rng.integers(0, 10**6, things),
        np.where(rng.random(things) < 0.7, 0, rng.integers(0, 10**5, things)),
        since, np.where(knows, at[check] + rng.integers(-5, 60, things) * DAY_US, FAR_US),
        np.zeros(things, np.int64), np.ones(things, np.int64),
    )  # fmt: skip
    return checks, stood


def alone_with(stood: Stood, row: int) -> Stood:
    mine = stood.take(stood.check == row)
    return replace(mine, check=np.zeros(len(mine), np.int64))


@given(seeds)
@settings(max_examples=15, deadline=None)
def test_checks_of_exits_are_a_stack_of_singles(seed: int) -> None:
    checks, stood = checks_of(seed)
    for policy in POLICIES:
        whole, judged = left_under(checks, stood, policy.exits, CN.zone)
        for row in range(len(checks)):
            one = np.array([row])
            alone, its = left_under(
                checks.take(one), alone_with(stood, row), policy.exits, CN.zone
            )
            same(whole, one, alone)
            same(judged, np.flatnonzero(stood.check == row), its)
        parts = whole.set_off_minor + whole.kept_minor + whole.free_minor
        assert parts.tolist() == checks.deposit_minor.tolist()


def together(parts: list[dict[str, Sums]]) -> bytes:
    whole = Tally()
    for part in parts:
        whole = merged(whole, Tally(part))
    return as_bytes(whole)


@given(seeds)
@settings(max_examples=15, deadline=None)
def test_tallies_of_claims_and_exits_are_stacks_of_their_sellers(seed: int) -> None:
    rulings, told, before = claims_of(seed)
    old, new = (decided_under(rulings, told, before, policy) for policy in POLICIES[:2])
    checks, stood = checks_of(seed)
    was, now = (left_under(checks, stood, p.exits, CN.zone)[0] for p in (POLICIES[0], POLICIES[2]))

    def of(claims: Int, exits: Int) -> dict[str, Sums]:
        ruled = Claims(rulings.take(claims), told.take(claims), old.take(claims), new.take(claims))
        return {
            "claims": tally_of_claims(ruled),
            "exits": tally_of_exits(
                checks.take(exits), was.take(exits), now.take(exits), SHANGHAI
            ),
        }

    every = of(np.arange(len(told)), np.arange(len(checks)))
    assert every["claims"]
    assert every["exits"]
    assert as_bytes(Tally(every)) == together(
        [
            of(np.flatnonzero(told.seller_id == s), np.flatnonzero(checks.seller_id == s))
            for s in range(1, 5)
        ]
    )


@given(seeds)
@settings(max_examples=5, deadline=None)
def test_tallies_of_violations_are_stacks_of_their_sellers(seed: int) -> None:
    recorded = recorded_by_staff(seed)

    def of(rows: Int) -> dict[str, Sums]:
        # The other side knows a third less: no two sides say the same.
        mine = recorded.take(rows)
        old, new = punished(mine), punished(mine.take(mine.violation_id % 3 > 0))
        violations, penalties = tally_of_punished(old, new, SHANGHAI)
        return {
            "violations": violations, "penalties": penalties,
            "forced_out": tally_of_forced(old, new),
        }  # fmt: skip

    assert as_bytes(Tally(of(np.arange(len(recorded))))) == together(
        [of(np.flatnonzero(recorded.seller_id == s)) for s in range(1, 5)]
    )


@given(seeds)
@settings(max_examples=3, deadline=None)
def test_tallies_of_deposits_are_stacks_of_their_sellers(seed: int) -> None:
    rows, sold = bucket(seed)
    sides = [(policy, no_breaches()) for policy in POLICIES[:2]]

    def of(ends: list[tuple[int, DayEnd]]) -> dict[str, Sums]:
        asked: Sums = {}
        fund: Sums = {}
        for side, end in ends:
            tally_of_day(side, end, SIZES, asked, fund)
        return {"deposits": asked, "fund": fund}

    whole = of(list(day_ends(rows, [sold], sides, SHANGHAI, DAYS)))
    assert whole["deposits"]
    parts = []
    for seller in rows.sellers.seller_id.tolist():
        one = replace(rows, sellers=rows.sellers.take(rows.sellers.seller_id == seller))
        parts.append(of(list(day_ends(one, [sold], sides, SHANGHAI, DAYS))))
    assert as_bytes(Tally(whole)) == together(parts)
