"""Clocks that run out: silence, the one cure period, the platform's own delay, the same ending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from tests.claims.making import (
    FREIGHT,
    GOODS,
    SHOP,
    book,
    deny,
    due,
    everything,
    file,
    key,
    later,
    paper,
    photo,
    place,
    put,
    standing,
    state,
    sweep,
    tell,
    timeline,
)
from xiaobao.claims.acts import add_evidence, move_due_claims
from xiaobao.claims.facts import ClaimKind, ClaimState, Mark, Party
from xiaobao.claims.queries import claim_page, next_due_us, waiting_for_ruling
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.clocks import us_of
from xiaobao.ledger.queries import check

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market

EXPOSURE = GOODS + FREIGHT


def test_a_silent_seller_is_judged_when_the_clock_runs_out(world: Market) -> None:
    row = file()
    assert sweep(later(hours=47)) == 0
    assert sweep(later(hours=48)) == 1
    assert timeline(row)[2:] == [
        ("TIME_RAN_OUT", "AWAITING_SELLER"), ("REVIEW_BEGUN", "UNDER_REVIEW"),
    ]  # fmt: skip
    assert waiting_for_ruling().claim_id.tolist() == [row.claim_id]
    assert book()["locked"] == EXPOSURE


def test_a_bare_denial_gets_one_cure_period_and_no_second(world: Market) -> None:
    row = file()
    deny(row, at=later(hours=5))
    first = due(row)
    sweep(first)
    assert state(row) == ClaimState.AWAITING_SELLER_EVIDENCE
    assert int(standing(row).marks[0]) & Mark.CURED
    assert [e for e, _ in timeline(row)][-3:] == ["TIME_RAN_OUT", "CURE_OPENED", "SELLER_ASKED"]
    second = due(row)
    assert second > first
    sweep(second)
    assert state(row) == ClaimState.UNDER_REVIEW
    assert [e for e, _ in timeline(row)].count("CURE_OPENED") == 1


def test_what_is_shown_in_the_cure_period_counts(world: Market) -> None:
    row = file()
    deny(row, at=later(hours=5))
    sweep(due(row))
    done = add_evidence(*key(row), by=Party.SELLER, handed=[paper()], key="e", at=due(row))
    # At the very moment the clock runs out it has run out.
    assert [e for e, _ in timeline(row)][-3:] == [
        "TIME_RAN_OUT", "REVIEW_BEGUN", "EVIDENCE_ADDED",
    ]  # fmt: skip
    assert done.state == ClaimState.UNDER_REVIEW


def test_a_buyer_who_shows_nothing_gives_up(world: Market) -> None:
    row = file(handed=())
    deny(row, at=later(hours=1))
    assert state(row) == ClaimState.AWAITING_BUYER_EVIDENCE
    assert due(row) == later(days=3, hours=1)
    sweep(due(row))
    assert state(row) == ClaimState.AWAITING_BUYER_EVIDENCE
    sweep(due(row))
    assert state(row) == ClaimState.LAPSED
    assert book() == {"outside": -500_000, "deposit": 500_000}
    assert (int(standing(row).locked_minor[0]), next_due_us()) == (0, None)
    assert check() == []


def test_a_buyer_asked_shows_and_the_seller_is_asked(world: Market) -> None:
    row = file(handed=())
    deny(row, at=later(hours=1))
    add_evidence(*key(row), by=Party.BUYER, handed=[photo()], key="e", at=later(hours=2))
    assert state(row) == ClaimState.AWAITING_SELLER_EVIDENCE
    assert [e for e, _ in timeline(row)][-2:] == ["EVIDENCE_ADDED", "SELLER_ASKED"]


def test_the_platform_that_is_late_says_so_once(world: Market) -> None:
    row = file()
    deny(row, paper(), at=later(hours=5))
    moment = due(row)
    sweep(later(days=60))
    assert state(row) == ClaimState.UNDER_REVIEW
    assert int(standing(row).marks[0]) & Mark.PLATFORM_LATE
    late = fetch_rows("SELECT happened_at FROM claims_event WHERE event = 17")
    assert late == [(moment,)]
    assert next_due_us() is None


def test_small_steps_and_one_leap_end_alike(world: Market) -> None:
    for number, order in enumerate("BCDEFG"):
        place(order, world, goods=10_000)
        row = file(f"X{order}", order=order, handed=() if number % 2 else [photo(number)],
                   negotiates=number % 3 == 0)  # fmt: skip
        if number % 2:
            deny(row, at=later(hours=3), name="d")

    def ending() -> list[tuple[object, ...]]:
        return fetch_rows(
            "SELECT claim_name, c.state, c.due_at::text, "
            "string_agg(e.event || '@' || e.happened_at, ',' ORDER BY e.seq) "
            "FROM claims_claim c JOIN claims_event e USING (seller_id, claim_id) "
            "GROUP BY claim_name, c.state, c.due_at ORDER BY claim_name"
        )

    endings = []
    for steps in ([40.0], [d / 4 for d in range(1, 161)]):
        mark = transaction.savepoint()
        for days in steps:
            sweep(later(days=days))
        endings.append(ending())
        transaction.savepoint_rollback(mark)
    assert endings[0] == endings[1]
    assert {row[1] for row in endings[0]} >= {int(ClaimState.LAPSED), int(ClaimState.UNDER_REVIEW)}


def test_a_limit_takes_the_longest_overdue_first(world: Market) -> None:
    place("B", world)
    late, later_still = file(), file("C2", order="B", at=later(hours=1))
    moved = move_due_claims(until_us=us_of(later(hours=50)), limit=1)
    assert (moved.looked, moved.to_review) == (1, 1)
    assert state(late) == ClaimState.UNDER_REVIEW
    assert state(later_still) == ClaimState.AWAITING_SELLER


def test_nothing_due_moves_nothing(world: Market) -> None:
    file()
    before = everything()
    assert move_due_claims(until_us=us_of(later(hours=1)), limit=10).looked == 0
    assert everything() == before


def test_a_refund_during_the_claim_lowers_what_is_proposed(world: Market) -> None:
    file()

    def proposed(hours: int) -> int:
        ruling = claim_page("C1", "en", at=later(hours=hours)).proposed
        assert ruling is not None
        return ruling.refund_minor

    assert proposed(1) == GOODS
    tell(world, "refund_paid", later(hours=2), amount=GOODS)
    assert proposed(3) == 0


def test_sellers_of_one_sweep_keep_their_own_books(world: Market) -> None:
    place("B", world, shop="other shop")
    put("other shop", 7_000)
    file(handed=())
    other = file("C2", order="B", seller="other shop", kind=ClaimKind.NOT_RECEIVED, handed=())
    assert book("other shop") == {"outside": -7_000, "locked": 7_000}
    sweep(later(days=3))
    assert state(other) == ClaimState.UNDER_REVIEW
    assert book(SHOP)["locked"] == EXPOSURE
