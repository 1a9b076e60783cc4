"""The life of violations in PostgreSQL: recorded, counted, punished, appealed, undone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.violations.living import (
    DAY,
    MIDNIGHT,
    NOON,
    SHANGHAI,
    book,
    everything,
    pass_until,
    postings,
    record,
    standing,
)
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.clocks import us_of
from xiaobao.promises.facts import PointsClass, ViolationKind
from xiaobao.sellers import acts as sellers
from xiaobao.sellers.facts import Restriction, Standing
from xiaobao.violations import acts, queries
from xiaobao.violations.facts import (
    RULES_VERSION,
    BlockKind,
    Effect,
    Event,
    ForcedExitState,
    PenaltyState,
    Source,
    State,
)
from xiaobao.work.checking import check_money

if TYPE_CHECKING:
    from collections.abc import Callable

KIND = ViolationKind


def points(seller_id: int, at: datetime = NOON) -> dict[PointsClass, tuple[int, int, int]]:
    return {
        row.points_class: (row.points, row.added_today, row.strikes)
        for row in queries.tallies_of(seller_id, at=at)
    }


def test_recording_holds_the_money_counts_tonight_and_tells_the_seller(
    shop: Callable[..., int],
) -> None:
    seller, other = shop(), shop("another shop")
    before = book(other)
    key = record(seller, "V1", words="三双假鞋")
    row = queries.violation_detail(key)
    assert (row.row.state, row.row.effect) == (State.NOTIFIED, Effect.COUNTED)
    assert (row.row.points, row.row.strikes, row.row.penalty_minor) == (2, 1, 50_000)
    assert row.row.held_minor == 50_000
    assert row.row.appeal_until == NOON + 15 * DAY
    assert row.row.clause == "cn.violation.counterfeit"
    assert [(e.event, e.state, e.by) for e in row.events] == [
        (Event.RECORD, State.RECORDED, "the inspector"), (Event.NOTIFY, State.NOTIFIED, ""),
    ]  # fmt: skip
    assert book(seller) == {"deposit": 50_000, "locked": 50_000}
    assert book(other) == before
    assert points(seller)[PointsClass.COUNTERFEIT] == (0, 2, 0)
    assert queries.next_due_us() == us_of(MIDNIGHT)

    stands = everything()
    assert acts.record_violation(
        seller, "V1", kind=KIND.COUNTERFEIT, source=Source.INSPECTION, by="the inspector",
        at=NOON + DAY, happened_at=NOON,
    ).known == 1  # fmt: skip
    assert everything() == stands
    with pytest.raises(acts.ViolationNameTaken):
        record(seller, "V1", KIND.FRAUD)
    assert everything() == stands


def test_a_night_counts_publishes_restricts_and_the_penalty_ends_by_itself(
    shop: Callable[..., int],
) -> None:
    seller = shop()
    record(seller, "V1", KIND.FRAUD)
    assert standing(seller) is Standing.ACTIVE
    assert pass_until(MIDNIGHT).begun == 1
    assert points(seller)[PointsClass.SERIOUS] == (12, 0, 0)
    assert standing(seller) is Standing.RESTRICTED
    (penalty,) = queries.penalties_of(seller)
    assert (penalty.begins_at, penalty.ends_at) == (MIDNIGHT, MIDNIGHT + 7 * DAY)
    assert penalty.state is PenaltyState.RUNNING
    assert penalty.published_at == MIDNIGHT
    # One working day: to the end of Wednesday.
    assert penalty.publish_by == datetime(2026, 3, 5, tzinfo=SHANGHAI)
    assert penalty.kinds == (KIND.FRAUD,)
    assert penalty.measures_en == ("public warning", "no new listings", "no campaigns",
                                   "shop hidden")  # fmt: skip
    (entry,) = queries.register(at=MIDNIGHT)
    assert (entry.shop, entry.is_masked, entry.is_corrected) == ("a shop", False, False)
    assert entry.violations_zh == ("欺诈买家",)

    done = pass_until(MIDNIGHT + 7 * DAY)
    assert (done.begun, done.ended, done.confirmed) == (0, 1, 0)
    assert standing(seller) is Standing.ACTIVE
    assert queries.register(at=MIDNIGHT + 7 * DAY) == []
    assert len(queries.register(at=MIDNIGHT + 6 * DAY)) == 1
    assert queries.penalties_of(seller)[0].state is PenaltyState.ENDED
    # Cleared with the year; nothing was held, and nothing moved in the book.
    pass_until(datetime(2027, 1, 1, tzinfo=SHANGHAI))
    assert points(seller)[PointsClass.SERIOUS] == (0, 0, 0)
    assert postings(seller) == []
    assert check_money() == []


def test_a_shortfall_and_a_penalty_restrict_each_for_itself(shop: Callable[..., int]) -> None:
    seller = shop()
    one = np.array([seller])
    sellers.restrict_sellers(one, Restriction.SHORTFALL, at_us=us_of(NOON))
    record(seller, "V1", KIND.FRAUD)
    pass_until(MIDNIGHT + 7 * DAY)
    assert standing(seller) is Standing.RESTRICTED
    sellers.lift_restriction(one, Restriction.SHORTFALL, at_us=us_of(MIDNIGHT + 8 * DAY))
    assert standing(seller) is Standing.ACTIVE


def test_money_is_taken_once_nobody_can_appeal(shop: Callable[..., int]) -> None:
    seller = shop(deposit=30_000)
    key = record(seller, "V1")
    assert book(seller) == {"locked": 30_000}
    done = pass_until(NOON + 15 * DAY)
    assert (done.confirmed, done.missed) == (1, 0)
    assert book(seller) == {"fund": -20_000, "penalty": 50_000}
    assert postings(seller) == [
        ("deposit", "locked", 30_000, "exposure_locked"),
        ("locked", "penalty", 30_000, "penalty"),
        ("fund", "penalty", 20_000, "penalty"),
    ]
    row = queries.violation_detail(key).row
    assert (row.state, row.held_minor, row.taken_minor) == (State.CONFIRMED, 0, 50_000)
    # Money alone was published for its thirty days, and restricts nothing.
    (penalty,) = queries.penalties_of(seller)
    assert (penalty.measures_zh, penalty.penalty_minor) == (("罚金",), 50_000)
    assert standing(seller) is Standing.ACTIVE
    stands = everything()
    assert pass_until(NOON + 15 * DAY).looked == 0
    assert everything() == stands
    assert check_money() == []


def test_two_violations_of_one_night_share_the_free_deposit(shop: Callable[..., int]) -> None:
    seller = shop(deposit=230_000)
    record(seller, "V1", KIND.COUNTERFEIT_SERIOUS)
    record(seller, "V2", KIND.COUNTERFEIT, incident="another item")
    assert book(seller) == {"locked": 230_000}
    assert pass_until(MIDNIGHT).begun == 1
    (penalty,) = queries.penalties_of(seller)
    assert (penalty.points, penalty.penalty_minor, penalty.step) == (26, 250_000, 32)
    assert set(penalty.kinds) == {KIND.COUNTERFEIT, KIND.COUNTERFEIT_SERIOUS}


def test_an_appeal_is_decided_by_another_person(shop: Callable[..., int]) -> None:
    seller = shop()
    key = record(seller, "V1")
    assert acts.appeal_violation(key, by="the seller", words="都是正品", at=NOON + DAY) is (
        State.APPEALED
    )
    # Five working days from Tuesday.
    decide_by = datetime(2026, 3, 11, tzinfo=SHANGHAI)
    assert queries.violation_detail(key).row.decide_by == decide_by
    stands = everything()
    with pytest.raises(acts.SamePersonDecides):
        acts.decide_violation(
            key, is_upheld=True, by="the inspector", words="is fake", at=NOON + 2 * DAY
        )
    with pytest.raises(acts.ViolationMoveImpossible) as problem:
        acts.appeal_violation(key, by="the seller", words="again", at=NOON + 2 * DAY)
    assert "possible now: upheld on appeal, revoked" in problem.value.says("en")
    with pytest.raises(acts.ViolationNotNameable):
        acts.decide_violation(key, is_upheld=True, by="a judge", words=" ", at=NOON + 2 * DAY)
    assert everything() == stands
    assert acts.decide_violation(
        key, is_upheld=True, by="the reviewer", words="检验报告属实", at=NOON + 2 * DAY
    ) is State.CONFIRMED  # fmt: skip
    assert book(seller) == {"deposit": 50_000, "penalty": 50_000}


def test_an_appeal_comes_too_late_even_before_the_clock_was_fired(
    shop: Callable[..., int],
) -> None:
    seller = shop()
    key = record(seller, "V1")
    stands = everything()
    with pytest.raises(acts.ViolationMoveImpossible):
        acts.appeal_violation(key, by="the seller", words="sorry", at=NOON + 15 * DAY)
    assert everything() == stands


def test_a_platform_that_is_late_takes_no_money(shop: Callable[..., int]) -> None:
    seller = shop()
    key = record(seller, "V1")
    acts.appeal_violation(key, by="the seller", words="都是正品", at=NOON + DAY)
    (held,) = queries.open_violations_of(seller, at=NOON + DAY)
    decide_by = datetime(2026, 3, 11, tzinfo=SHANGHAI)
    assert (held.block, held.held_minor) == (BlockKind.APPEALED, 50_000)
    assert held.clears_us == us_of(decide_by)
    assert pass_until(decide_by).missed == 1
    assert book(seller) == {"deposit": 100_000}
    assert queries.open_violations_of(seller, at=decide_by) == []
    acts.decide_violation(
        key, is_upheld=True, by="the reviewer", words="is fake", at=decide_by + DAY
    )
    row = queries.violation_detail(key).row
    assert (row.state, row.is_waived, row.taken_minor) == (State.CONFIRMED, True, 0)
    assert book(seller) == {"deposit": 100_000}
    assert points(seller)[PointsClass.COUNTERFEIT] == (2, 0, 1)


@pytest.mark.parametrize("appealed", [True, False], ids=["held", "taken"])
def test_revoking_puts_everything_back(shop: Callable[..., int], *, appealed: bool) -> None:
    """The book, the points, the standing and the register are as if nothing had been recorded."""
    seller = shop(deposit=30_000)
    key = record(seller, "V1", KIND.COUNTERFEIT_SERIOUS)
    pass_until(MIDNIGHT)
    assert standing(seller) is Standing.RESTRICTED
    when = NOON + 3 * DAY
    if appealed:
        acts.appeal_violation(key, by="the seller", words="是正品", at=NOON + DAY)
    else:
        when = NOON + 16 * DAY
        pass_until(when)
        assert book(seller) == {"fund": -170_000, "penalty": 200_000}
        assert standing(seller) is Standing.ACTIVE
    assert acts.decide_violation(
        key, is_upheld=False, by="the reviewer", words="检测有误", at=when
    ) is State.REVOKED  # fmt: skip
    back = [
        ("outside", "deposit", 30_000, "penalty_returned"),
        ("outside", "fund", 170_000, "penalty_returned"),
    ]
    freed = [
        ("deposit", "locked", 30_000, "exposure_locked"),
        ("locked", "deposit", 30_000, "exposure_freed"),
    ]
    assert postings(seller)[-2:] == (freed if appealed else back)
    swept = {} if appealed else {"penalty": 200_000}
    assert book(seller) == {"deposit": 30_000, **swept}
    assert points(seller)[PointsClass.COUNTERFEIT] == (0, 0, 0)
    assert standing(seller) is Standing.ACTIVE
    (penalty,) = queries.penalties_of(seller)
    assert (penalty.state, penalty.corrected_at) == (PenaltyState.REVOKED, when)
    (entry,) = queries.register(at=when)
    assert entry.is_corrected
    stood = when - MIDNIGHT
    assert len(queries.register(at=when + stood - DAY)) == 1
    assert queries.register(at=when + stood) == []
    stands = everything()
    with pytest.raises(acts.ViolationMoveImpossible):
        acts.decide_violation(key, is_upheld=False, by="the reviewer", words="again", at=when)
    assert everything() == stands
    assert check_money() == []


def test_revoking_one_of_two_leaves_what_the_other_brings(shop: Callable[..., int]) -> None:
    """12 of Monday and 12 of Thursday: without Monday's, Thursday's is the first rung."""
    seller = shop()
    first = record(seller, "V1", KIND.FRAUD)
    record(seller, "V2", KIND.BANNED_GOODS, at=NOON + 3 * DAY)
    pass_until(MIDNIGHT + 3 * DAY)
    assert [(p.step, p.state) for p in queries.penalties_of(seller)] == [
        (22, PenaltyState.RUNNING), (21, PenaltyState.RUNNING),
    ]  # fmt: skip
    when = NOON + 5 * DAY
    acts.decide_violation(first, is_upheld=False, by="the reviewer", words="误判", at=when)
    assert points(seller)[PointsClass.SERIOUS] == (12, 0, 0)
    found = {(p.step, p.state): p for p in queries.penalties_of(seller)}
    assert set(found) == {
        (22, PenaltyState.REVOKED), (21, PenaltyState.REVOKED), (21, PenaltyState.RUNNING),
    }  # fmt: skip
    instead = found[21, PenaltyState.RUNNING]
    assert instead.begins_at == MIDNIGHT + 3 * DAY
    assert instead.ends_at == MIDNIGHT + 10 * DAY
    assert standing(seller) is Standing.RESTRICTED
    pass_until(MIDNIGHT + 10 * DAY)
    assert standing(seller) is Standing.ACTIVE


def test_the_third_strike_decides_a_forced_exit(shop: Callable[..., int]) -> None:
    seller = shop()
    keys = [
        record(seller, f"V{n}", at=NOON + n * 20 * DAY, incident=f"item {n}") for n in range(3)
    ]
    decided = MIDNIGHT + 40 * DAY
    pass_until(decided)
    (exit_,) = queries.forced_exits_of(seller)
    assert (exit_.state, exit_.points, exit_.strikes) == (ForcedExitState.DUE, 6, 3)
    assert (exit_.decided_at, exit_.due_at) == (decided, decided + 15 * DAY)
    assert queries.next_forced_exit_us() == us_of(exit_.due_at)
    assert len(queries.forced_exits_due(us_of(exit_.due_at) - 1)) == 0
    assert len(queries.forced_exits_due(us_of(exit_.due_at))) == 1

    # An appeal holds it up; upheld, it goes on; and it is carried out once.
    acts.appeal_violation(keys[2], by="the seller", words="是正品", at=NOON + 41 * DAY)
    assert len(queries.forced_exits_due(us_of(exit_.due_at))) == 0
    assert queries.next_forced_exit_us() is None
    acts.decide_violation(
        keys[2], is_upheld=True, by="the reviewer", words="是假货", at=NOON + 42 * DAY
    )
    due = queries.forced_exits_due(us_of(exit_.due_at))
    assert acts.finish_forced_exits(due, at=exit_.due_at) == 1
    assert acts.finish_forced_exits(due, at=exit_.due_at) == 0
    assert queries.forced_exits_of(seller)[0].state is ForcedExitState.DONE


def test_a_forced_exit_falls_away_with_what_it_rests_on(shop: Callable[..., int]) -> None:
    seller = shop()
    record(seller, "V1", KIND.UNSAFE_FOOD)
    key = record(seller, "V2", KIND.UNSAFE_FOOD, at=NOON + DAY)
    pass_until(MIDNIGHT + DAY)
    assert queries.forced_exits_of(seller)[0].state is ForcedExitState.DUE
    acts.decide_violation(key, is_upheld=False, by="the reviewer", words="误判", at=NOON + 2 * DAY)
    assert queries.forced_exits_of(seller)[0].state is ForcedExitState.REVOKED
    assert len(queries.forced_exits_due(us_of(NOON + 365 * DAY))) == 0


def test_what_is_open_clears_on_its_day_and_not_before(shop: Callable[..., int]) -> None:
    seller = shop()
    record(seller, "V1", KIND.FRAUD)
    pass_until(MIDNIGHT)
    penalty, appeal = queries.open_violations_of(seller, at=MIDNIGHT)
    assert (penalty.block, penalty.violation) == (BlockKind.PENALTY, "V1")
    assert (appeal.block, appeal.kind) == (BlockKind.APPEALABLE, KIND.FRAUD)
    for one, left in ((penalty, 2), (appeal, 1)):
        before = datetime.fromtimestamp(one.clears_us / 1e6, SHANGHAI) - DAY
        pass_until(before)
        assert len(queries.open_violations_of(seller, at=before)) == left
        pass_until(before + DAY)
        assert len(queries.open_violations_of(seller, at=before + DAY)) == left - 1


def test_a_natural_persons_name_is_masked_in_the_register(shop: Callable[..., int]) -> None:
    record(shop("小王的手作店", is_person=True), "V1", KIND.FRAUD)
    pass_until(MIDNIGHT)
    (entry,) = queries.register(at=MIDNIGHT)
    assert (entry.shop, entry.is_masked) == ("小***", True)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"name": " "}, "violation_not_nameable"),
        ({"by": ""}, "violation_not_nameable"),
        ({"units": 0}, "violation_units_wrong"),
        ({"happened_at": NOON + DAY}, "violation_in_future"),
        ({"happened_at": datetime(2010, 1, 1, tzinfo=SHANGHAI)}, "violation_not_ruled"),
        ({"seller": 5}, "violation_seller_unknown"),
    ],
)
def test_nonsense_is_refused_and_nothing_moves(
    shop: Callable[..., int], given: dict[str, Any], problem: str
) -> None:
    from xiaobao.kernel.problems import Problem

    seller, stands = shop(), everything()
    told = {"seller": seller, "name": "V1", **given}
    with pytest.raises(Problem) as raised:
        record(told.pop("seller"), told.pop("name"), **told)
    assert raised.value.code == problem
    assert everything() == stands


def test_decisions_keep_what_they_were_taken_on(shop: Callable[..., int]) -> None:
    """A row of the night's count says everything the step asks, and the versions that ruled."""
    seller = shop()
    record(seller, "V1", KIND.FRAUD)
    pass_until(MIDNIGHT)
    rows = fetch_rows(
        "SELECT points_class, points_before, points_today, reached, points, strikes, rung, "
        "begins, is_year_end, rules_version, class_version > 0 FROM violations_step"
    )
    assert rows == [(2, 0, 12, 12, 12, 0, 1, True, False, RULES_VERSION, True)]
    ((terms, judged),) = fetch_rows(
        "SELECT terms_version > 0, rules_version FROM violations_violation"
    )
    assert (terms, judged) == (True, RULES_VERSION)


def test_every_decision_is_made_again_to_the_same_bytes(shop: Callable[..., int]) -> None:
    """Weights and nights, recounts included; one that was tampered with is named."""
    from xiaobao.database.sets import cursor

    seller = shop()
    record(seller, "V1", KIND.FRAUD)
    key = record(seller, "V2", KIND.COUNTERFEIT_SERIOUS)
    record(seller, "V3", KIND.MISDESCRIBED, is_corrected=True)
    pass_until(MIDNIGHT)
    acts.decide_violation(key, is_upheld=False, by="the reviewer", words="误判", at=NOON + DAY)
    record(seller, "V4", KIND.COUNTERFEIT, at=NOON + 2 * DAY)
    pass_until(MIDNIGHT + 2 * DAY)
    (weights,), (nights,) = queries.replayed_violations(), queries.replayed_nights()
    assert (weights.looked, weights.is_same) == (4, True)
    assert (nights.looked, nights.is_same) == (3, True)
    assert weights.stored_sha256 == weights.made_sha256
    one = queries.replayed_violation("V4")
    assert one is not None
    assert (one.looked, one.is_same) == (1, True)
    assert queries.replayed_violation("V9") is None
    day = (NOON.date() - datetime(1970, 1, 1, tzinfo=SHANGHAI).date()).days
    night = queries.replayed_night("a shop", PointsClass.SERIOUS, day)
    assert night is not None
    assert (night.looked, night.is_same) == (1, True)

    with cursor() as cur:
        cur.execute("UPDATE violations_violation SET points = 3 WHERE violation_name = 'V4'")
    (weights,) = queries.replayed_violations()
    (changed,) = weights.differences
    assert (changed.reference, changed.name) == ("V4", "points")
    assert (changed.stored, changed.made) == ("3", "2")


def test_money_that_is_not_as_decided_is_named(shop: Callable[..., int]) -> None:
    from xiaobao.database.sets import cursor

    seller = shop(deposit=30_000)
    record(seller, "V1")
    pass_until(NOON + 15 * DAY)
    assert check_money() == []
    with cursor() as cur:
        cur.execute("UPDATE violations_violation SET taken_fund_minor = 19_999")
    assert [(b.law, b.seller_id, b.expected, b.found) for b in check_money()] == [
        ("penalty", seller, 19_999, 20_000),
    ]  # fmt: skip
    with cursor() as cur:
        cur.execute("UPDATE violations_violation SET taken_fund_minor = 20_000, state = 5")
    assert [(b.detail, b.expected, b.found) for b in check_money()] == [("given back", 50_000, 0)]
