"""A test that the platform orders: clocks stand still, its cost is locked, the loser bears it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.claims.making import (
    FREIGHT,
    GOODS,
    SHOP,
    book,
    deny,
    due,
    file,
    key,
    later,
    open_world,
    paper,
    place,
    standing,
    state,
)
from tests.hearings.making import appeal, everything, postings, reject, uphold
from xiaobao.advances.queries import check as causes_broken
from xiaobao.claims.acts import (
    AmountWrong,
    ClaimMoveImpossible,
    NoTestTerms,
    OneTestOnly,
    ResumedByOthers,
    SuspendedByTest,
    accept_offer,
    answer_claim,
    make_offer,
    order_test,
    resume_claim,
    suspend_claim,
    withdraw_claim,
)
from xiaobao.claims.facts import Answer, ClaimRow, ClaimState, Party, StopReason
from xiaobao.claims.queries import claim_page
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.hearings.acts import RulingTooHigh
from xiaobao.hearings.facts import Verdict
from xiaobao.hearings.queries import explanation_named, replayed, replayed_ruling, rulings_of
from xiaobao.kernel.references import id_of
from xiaobao.ledger.queries import check
from xiaobao.outbox.facts import EventKind

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.hearings.facts import RulingRow
    from xiaobao.promises.facts import Market

WHOLE, COST = GOODS + FREIGHT, 6_000
ID = id_of(SHOP)


def ordered(row: ClaimRow, hours: float = 6) -> ClaimRow:
    return order_test(
        *key(row), cost_minor=COST, words="to a laboratory", key="t", at=later(hours=hours)
    )


def resumed(row: ClaimRow, at: datetime) -> ClaimRow:
    return resume_claim(*key(row), by=Party.PLATFORM, words="it is genuine", key="r", at=at)


def owed_by_buyer() -> list[int]:
    rows = fetch_rows(
        "SELECT amount_minor FROM outbox_event WHERE kind = %s ORDER BY happened_at",
        [EventKind.CLAIM_OWED_BACK.value],
    )
    return [row[0] for row in rows]


def ruled_by(row: ClaimRow) -> RulingRow:
    return rulings_of(*key(row))[-1]


def test_clocks_stand_still_and_the_cost_is_locked_beside_the_claim(reviewed: ClaimRow) -> None:
    was_due, before = due(reviewed), everything()
    with pytest.raises(AmountWrong):
        order_test(*key(reviewed), cost_minor=0, key="t", at=later(hours=6))
    with pytest.raises(SuspendedByTest):
        suspend_claim(*key(reviewed), reason=StopReason.TEST, by=Party.PLATFORM, key="s",
                      at=later(hours=6))  # fmt: skip
    assert everything() == before
    row = ordered(reviewed)
    assert (row.state, row.exposure_minor, row.locked_minor) == (
        ClaimState.SUSPENDED, WHOLE + COST, WHOLE + COST,
    )  # fmt: skip
    assert book() == {"outside": -500_000, "deposit": 500_000 - WHOLE - COST,
                      "locked": WHOLE + COST}  # fmt: skip
    assert due(reviewed) == later(hours=6) + timedelta(days=30)
    stood = everything()
    assert not ordered(reviewed).is_new
    assert everything() == stood
    with pytest.raises(ClaimMoveImpossible):
        order_test(*key(reviewed), cost_minor=1, key="t2", at=later(hours=7))
    with pytest.raises(ResumedByOthers):
        resume_claim(*key(reviewed), by=Party.SELLER, key="r0", at=later(hours=7))
    actions = claim_page("C1", "en", at=later(hours=7)).next_actions
    assert [one.party for one in actions] == [Party.PLATFORM, Party.BUYER]
    assert everything() == stood
    # The result is there after nine days: every clock is later by as much.
    resumed(reviewed, later(days=9, hours=6))
    assert due(reviewed) == was_due + timedelta(days=9)
    with pytest.raises(OneTestOnly):
        order_test(*key(reviewed), cost_minor=1, key="t3", at=later(days=10))
    page = claim_page("C1", "en", at=later(days=10))
    assert page.money.test_minor == COST
    assert page.proposed is not None
    assert "whoever loses bears it" in [line.en for line in page.proposed.lines][-1]
    assert page.proposed.lines[-1].clause == "cn.claim.test"
    # A person's own sums stay within what the claim could come to without it.
    with pytest.raises(RulingTooHigh):
        uphold(reviewed, at=later(days=10), verdict=Verdict.AMOUNTS, refund_minor=GOODS,
               freight_minor=FREIGHT, compensation_minor=COST, departure="why not")  # fmt: skip
    assert check() == []


def test_the_buyer_upheld_the_seller_bears_the_test(reviewed: ClaimRow) -> None:
    ordered(reviewed)
    resumed(reviewed, later(days=2))
    before = len(postings(ID))
    ruling = uphold(reviewed, at=later(days=3))
    assert (ruling.refund_minor, ruling.bears_minor) == (GOODS, WHOLE + COST)
    assert (ruling.test_minor, ruling.test_owed_minor) == (COST, 0)
    assert [p[:3] for p in postings(ID)[before:]] == [
        ("locked", "buyers", WHOLE), ("locked", "deposit", COST), ("deposit", "penalty", COST),
    ]  # fmt: skip
    assert book() == {"outside": -500_000, "deposit": 500_000 - WHOLE - COST, "buyers": WHOLE,
                      "penalty": COST}  # fmt: skip
    lines = [line.en for line in explanation_named(ruling.reference).lines]
    assert any("¥60.00" in line for line in lines)
    # On appeal the other way round: the seller has all of it back, and the buyer owes the test.
    appeal(reviewed, at=later(days=4))
    lost = reject(reviewed, by="bob", at=later(days=5), departure="the laboratory says so")
    assert (lost.bears_minor, lost.test_minor, lost.test_owed_minor) == (0, 0, COST)
    assert book()["deposit"] == 500_000
    assert owed_by_buyer() == [COST]
    assert [*check(), *causes_broken()] == []
    for one in rulings_of(*key(reviewed)):
        assert replayed(one.reference).is_same


def test_the_buyer_rejected_owes_the_test_and_the_seller_nothing(reviewed: ClaimRow) -> None:
    ordered(reviewed)
    resumed(reviewed, later(days=2))
    ruling = reject(reviewed, at=later(days=3))
    assert (ruling.test_minor, ruling.test_owed_minor, ruling.bears_minor) == (0, COST, 0)
    assert book() == {"outside": -500_000, "deposit": 500_000}
    assert owed_by_buyer() == [COST]


def test_who_gives_in_or_gives_up_has_lost_and_who_meet_have_not(world: Market) -> None:
    for name in "BCD":
        place(name, world)
    rows = {name: file(f"C{name}", order=name) for name in "BCD"}
    for row in rows.values():
        ordered(row, 1)
        resumed(row, later(hours=2))
    answer_claim(*key(rows["B"]), answer=Answer.ACCEPT, key="yes", at=later(hours=3))
    assert (book()["buyers"], book()["penalty"]) == (WHOLE, COST)
    withdraw_claim(*key(rows["C"]), key="w", at=later(hours=4))
    assert owed_by_buyer() == [COST]
    make_offer(*key(rows["D"]), by=Party.SELLER, amount_minor=WHOLE, key="o", at=later(hours=5))
    accept_offer(*key(rows["D"]), by=Party.BUYER, number=1, key="y", at=later(hours=6))
    assert book() == {"outside": -500_000, "deposit": 500_000 - 2 * WHOLE - COST,
                      "buyers": 2 * WHOLE, "penalty": COST}  # fmt: skip
    assert [state(row) for row in rows.values()] == [
        ClaimState.SETTLED, ClaimState.WITHDRAWN, ClaimState.SETTLED,
    ]  # fmt: skip
    assert [*check(), *causes_broken()] == []


def test_what_a_thin_deposit_does_not_hold_is_uncovered(bare: ClaimRow) -> None:
    row = ordered(bare)
    assert (row.locked_minor, row.uncovered_minor) == (50_000, WHOLE + COST - 50_000)
    resumed(bare, later(days=2))
    uphold(bare, at=later(days=3))
    assert book() == {"outside": -50_000, "fund": 50_000 - WHOLE - COST, "buyers": WHOLE,
                      "penalty": COST}  # fmt: skip
    assert int(standing(bare).fund_minor[0]) == WHOLE + COST - 50_000


@pytest.fixture
def bare(db: None) -> ClaimRow:
    open_world(deposit=50_000)
    row = file()
    deny(row, paper(), at=later(hours=5))
    return row


def test_without_terms_of_the_orders_time_no_test_is_ordered(reviewed: ClaimRow) -> None:
    from xiaobao.claims.terms import CostOfTestTerms
    from xiaobao.kernel.columns import FAR_US
    from xiaobao.promises import queries as promises

    book_of = promises.book_of(CostOfTestTerms, int(standing(reviewed).market_id[0]))
    book_of.begins_us[:], before = FAR_US - 1, everything()
    try:
        with pytest.raises(NoTestTerms):
            ordered(reviewed)
    finally:
        book_of.begins_us[:] = 0
    assert everything() == before


def test_a_ruling_stored_before_there_were_tests_is_made_again_all_the_same(
    reviewed: ClaimRow,
) -> None:
    ruling = uphold(reviewed)
    # As a release without these columns stored it.
    execute("SET LOCAL ROLE NONE")
    for part in ("facts", "decided"):
        execute(
            "UPDATE hearings_ruling SET content = replace(replace(content, "
            "',\"test_minor\":0', ''), ',\"test_owed_minor\":0', '') WHERE content LIKE %s",
            [f"%{part}%"],
        )
    ((content,),) = fetch_rows("SELECT content FROM hearings_ruling")
    assert "test_minor" not in content
    again = replayed(ruling.reference)
    assert again.stored == again.again == content.encode()
    made = replayed_ruling(ruling.reference)
    assert made is not None
    assert made.is_same
