"""A whole exit is approved and waits, until its money sets out: what was locked for it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.claims.making import put
from tests.exits.making import (
    NOW,
    SELLER,
    SHOP,
    apply,
    approve,
    book,
    completed,
    everything_else,
    later,
    standing,
)
from tests.exits.test_acts_meanwhile import drain
from xiaobao.cli.deposit.money_in import _print_page
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.deposits.facts import LadderEvent
from xiaobao.exits import acts
from xiaobao.exits.facts import Scope
from xiaobao.kernel.clocks import us_of
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import Standing
from xiaobao.trust.queries import label_of

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from xiaobao.promises.facts import Market

ONE = np.array([SELLER])


def quoted(world: Market) -> None:
    """Required: 100_000, all of it there."""
    completed(world, "sold", 1_000_000, later(days=-20))
    deposits.quote_deposits(ONE, at=NOW)


def missing(at: datetime) -> tuple[int, int, int, int]:
    """Of a seller's page: required, free, approved to leave, short by."""
    page = deposits_now.deposit_of(SELLER, at=at)
    assert page is not None
    assert deposits_now.shortfalls(ONE, at=at).tolist() == [page.shortfall_minor]
    return (
        page.required_minor, page.available_minor, page.leaving_minor, page.shortfall_minor
    )  # fmt: skip


def events() -> list[LadderEvent]:
    return [row.event for row in deposits_now.ladder_of(SELLER)]


def test_what_is_locked_to_leave_is_no_shortfall(
    world: Market, capsys: pytest.CaptureFixture[str]
) -> None:
    quoted(world)
    required = missing(NOW)[0]
    before, book_before = everything_else(), book()
    apply()
    amount = approve(NOW)
    assert book() == {"outside": -100_000, "deposit": 100_000 - amount, "locked": amount}
    assert missing(NOW) == (required, 100_000 - amount, amount, 0)
    # However often it is looked at, and quoted anew: no clock runs, and nobody is restricted.
    deposits.check_shortfalls(ONE, at_us=us_of(later(hours=5)))
    deposits.quote_deposits(ONE, at=later(hours=6))
    assert deposits.climb_ladder(us_of(later(days=40))).looked == 0
    assert (events(), missing(later(hours=6))[3]) == ([], 0)
    label = label_of(sellers.seller_named(SHOP), at=later(hours=6))
    assert (label.is_met, label.headroom_percent) == (True, 100_000 * 100 // required)
    page = deposits_now.deposit_of(SELLER, at=later(hours=6))
    assert page is not None
    _print_page(page)
    assert "of it approved to leave" in capsys.readouterr().out
    # Called off, it is deposit again, and nothing was ever missing.
    acts.cancel_exit(SELLER, by=SHOP, at=later(hours=7))
    deposits.check_shortfalls(ONE, at_us=us_of(later(hours=8)))
    assert (book(), standing(), events()) == (book_before, Standing.ACTIVE, [])
    after = everything_else()
    changed = {"deposits_requirement"}  # quoted anew
    assert {k for k in before if before[k] != after[k]} <= changed


def test_a_shortfall_that_stood_before_stays_what_it_was(world: Market) -> None:
    quoted(world)
    drain(SELLER, 60_000)
    deposits.check_shortfalls(ONE, at_us=us_of(NOW))
    before = deposits_now.requirements(ONE)
    assert (missing(NOW), events()) == ((100_000, 40_000, 0, 60_000), [LadderEvent.FELL_SHORT])
    apply(at=later(hours=1))
    amount = approve(later(hours=2))
    assert missing(later(hours=2)) == (100_000, 40_000 - amount, amount, 60_000)
    deposits.check_shortfalls(ONE, at_us=us_of(later(hours=3)))
    assert deposits_now.requirements(ONE).as_dict() == before.as_dict()
    assert events() == [LadderEvent.FELL_SHORT]


def test_of_a_part_nothing_counts_that_is_approved(world: Market) -> None:
    quoted(world)
    put(SHOP, 20_000)
    apply(Scope.PART, amount=15_000)
    assert approve(NOW) == 15_000
    assert book() == {"outside": -120_000, "deposit": 105_000, "locked": 15_000}
    assert missing(NOW) == (100_000, 105_000, 0, 0)
    drain(SELLER, 10_000)
    deposits.check_shortfalls(ONE, at_us=us_of(later(hours=1)))
    assert (missing(later(hours=1))[3], events()) == (5_000, [LadderEvent.FELL_SHORT])
