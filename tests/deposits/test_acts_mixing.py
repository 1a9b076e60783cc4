"""What a seller puts up in place of cash: two choices at once are both kept."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
import pytest
from django.db import connections, transaction

from tests.exits.making import NOW, SELLER, book, completed, later, open_world, order
from xiaobao.database.sets import cursor, fetch_rows
from xiaobao.deposits import acts, queries
from xiaobao.deposits.queries import check
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import causes_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Account, Postings, Why
from xiaobao.ledger.queries import check as broken_laws

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.deposits.facts import Mixes
    from xiaobao.promises.facts import Market


def test_a_share_and_instalments_chosen_at_once_both_stand(committed: None) -> None:
    market = open_world()
    completed(market, "large", 10_000_000, later(days=-40))
    order(market, "open", 10_000_000, placed=later(days=-2))
    acts.quote_deposits(np.array([SELLER]), at=NOW)
    made: list[Mixes] = []

    def spread() -> None:
        made.append(acts.pay_in_instalments(SELLER, 4, at=NOW + timedelta(hours=1)))
        connections.close_all()

    other = Thread(target=spread)
    with transaction.atomic():
        acts.withhold_share(SELLER, 1_000, at=NOW)
        other.start()
        while not fetch_rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            assert other.is_alive()
    other.join()
    assert len(made) == 1
    mix = queries.mixes_of(np.array([SELLER]))
    assert (int(mix.deferred_minor[0]), int(mix.reserve_bps[0])) == (200_000, 1_000)


def short_of(market: Market, missing: int) -> None:
    """A shop of whom so much more is asked for than is there."""
    completed(market, "large", 10_000_000, later(days=-40))
    order(market, "open", 10_000_000, placed=later(days=-2))
    acts.quote_deposits(np.array([SELLER]), at=NOW)
    assert queries.shortfalls(np.array([SELLER]), at=NOW).tolist() == [missing]


def lodge(amount: int, at: datetime) -> None:
    one = np.array([SELLER])
    made = acts.request_lodgements(one, np.array([amount]), keys=us_of(at), at=at)
    acts.confirm_lodgements(made, at=at)


def is_short(at: datetime) -> bool:
    page = queries.deposit_of(SELLER, at=at)
    assert page is not None
    return page.short_since is not None


def plan() -> tuple[int, int]:
    mix = queries.mixes_of(np.array([SELLER]))
    return int(mix.deferred_minor[0]), int(mix.unpaid_minor[0])


def test_paid_early_a_plan_ends_and_hides_no_new_shortfall(db: None) -> None:
    short_of(open_world(), 200_000)
    acts.pay_in_instalments(SELLER, 4, at=later(hours=1))
    assert (plan(), is_short(later(hours=1))) == ((200_000, 200_000), False)
    lodge(200_000, later(hours=2))
    assert (plan(), queries.next_instalment_us()) == ((0, 0), None)
    take(1, later(hours=3))
    assert is_short(later(hours=3))


def test_paid_ahead_the_next_instalments_are_paid_and_the_rest_is_still_spread(db: None) -> None:
    short_of(open_world(), 200_000)
    acts.pay_in_instalments(SELLER, 4, at=NOW)
    lodge(100_000, later(hours=2))
    assert plan() == (200_000, 100_000)
    # Two instalments are paid ahead: their days ask for nothing.
    for days in (32, 63):
        assert acts.move_due_instalments(us_of(later(days=days))) == 1
        assert not is_short(later(days=days))
    assert plan() == (100_000, 100_000)
    # What goes missing beside the plan was not spread.
    take(10, later(days=64))
    assert is_short(later(days=64))
    lodge(10, later(days=65))
    assert not is_short(later(days=65))
    acts.move_due_instalments(us_of(later(days=93)))
    assert is_short(later(days=93))
    assert plan() == (50_000, 100_000)


def take(amount: int, at: datetime) -> None:
    """Money leaves the deposit, and the ladder looks."""
    one, none = np.array([SELLER]), np.zeros(1, np.int64)
    high, low = causes_of(998, np.array([us_of(at)]), one)
    ledger.post_all(
        Postings.moves(
            seller_id=one, cause_hi=high, cause_lo=low, leg=none, source=none + Account.DEPOSIT,
            target=none + Account.OUTSIDE, amount_minor=none + amount, why=none + Why.PENALTY,
            at_us=none + us_of(at),
        )
    )  # fmt: skip
    acts.check_shortfalls(one, at_us=us_of(at))


def insure(name: str, *, limit: int, is_paid: bool = False, days: int = 365) -> bool:
    return acts.add_cover(
        SELLER, name, insurer="an insurer", limit_minor=limit, begins_at=NOW,
        ends_at=NOW + timedelta(days=days), is_premium_paid=is_paid, at=NOW,
    )  # fmt: skip


def test_a_premium_is_taken_from_the_free_deposit_once(db: None) -> None:
    open_world(deposit=1_500)
    with pytest.raises(acts.PremiumNotThere) as refused:
        insure("P-1", limit=50_001)
    # 3 % a year of 500.01, rounded up for the insurer.
    assert "1501" in refused.value.says("en")
    assert (queries.covers_of(SELLER), book()) == ([], {"outside": -1_500, "deposit": 1_500})
    assert insure("P-1", limit=50_000)
    assert not insure("P-1", limit=50_000)
    assert book() == {}
    assert [(row.limit_minor, row.premium_minor) for row in queries.covers_of(SELLER)] == [
        (50_000, 1_500)
    ]
    assert [*check(), *broken_laws()] == []


def test_a_premium_paid_to_the_insurer_takes_nothing(db: None) -> None:
    open_world(deposit=0)
    assert insure("P-1", limit=50_000, is_paid=True)
    assert (book(), queries.covers_of(SELLER)[0].premium_minor) == ({}, 0)
    assert [*check(), *broken_laws()] == []


def test_the_check_names_cover_and_premiums_that_do_not_add_up(db: None) -> None:
    open_world(deposit=1_000)
    insure("P-1", limit=10_000, days=73)
    assert queries.covers_of(SELLER)[0].premium_minor == 60
    one = np.array([SELLER])
    high, low = causes_of(997, np.array([us_of(NOW)]), one)
    drawn = acts.draw_cover(one, np.array([70]), high, low, at_us=np.array([us_of(NOW)]))
    assert drawn.tolist() == [70]
    # The caller posts what the insurer pays; here nobody did.
    planted = {
        "cover": "UPDATE deposits_cover SET drawn_minor = drawn_minor + 1",
        "premium": "UPDATE deposits_cover SET premium_minor = 61",
    }
    assert [(one.law, one.expected, one.found) for one in check()] == [("cover_drawn", 70, 0)]
    for law, statement in planted.items():
        with transaction.atomic():
            with cursor() as owner:
                owner.execute("RESET ROLE")
                owner.execute(statement)
            found = [broken.law for broken in check()]
            transaction.set_rollback(True)
        assert found == sorted({law, "cover_drawn"}), law
