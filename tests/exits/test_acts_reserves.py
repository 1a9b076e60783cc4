"""Withheld settlement goes back by its clock, as far as nothing needs it any more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.exits.making import NOW, SELLER, apply, approve, book, completed, later, order, pay
from xiaobao.claims import acts as acts_of_claims
from xiaobao.claims.facts import Ask, ClaimKind
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.deposits.rules import releasable
from xiaobao.exits import acts
from xiaobao.exits.queries import next_refund_us
from xiaobao.kernel.clocks import us_of
from xiaobao.ledger.queries import balances
from xiaobao.ledger.queries import check as broken_laws
from xiaobao.sellers import acts as sellers

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.gateways.test_gateway import TestGateway
    from xiaobao.promises.facts import Market


def withhold(amount: int, at: datetime, key: int) -> None:
    deposits.withhold_settlement(np.array([SELLER]), np.array([amount]), keys=key, at=at)


def release(until: datetime) -> int:
    return acts.release_due_reserves(until_us=us_of(until))


def test_what_was_withheld_comes_back_after_fifteen_days(
    world: Market, through: TestGateway
) -> None:
    withhold(4_000, NOW, 1)
    withhold(3_000, later(days=10), 2)
    assert release(later(days=15) - timedelta(microseconds=1)) == 0
    assert release(later(days=15)) == 1
    assert book() == {"outside": -107_000, "deposit": 100_000, "reserve": 3_000, "refunds": 4_000}
    pay(later(days=15), through)
    assert [line.amount_minor for line in through.bill()] == [4_000]
    # The younger part follows on its own day, and then no clock runs.
    while deposits_now.next_release_us() is not None:
        release(later(days=26))
    pay(later(days=26), through)
    assert book() == {"outside": -100_000, "deposit": 100_000}
    assert sorted(line.amount_minor for line in through.bill()) == [3_000, 4_000]
    assert next_refund_us() is None
    assert broken_laws() == []


def test_what_the_requirement_needs_stays(world: Market) -> None:
    completed(world, "large", 10_000_000, later(days=-40))
    deposits.quote_deposits(np.array([SELLER]), at=NOW)
    page = deposits_now.deposit_of(SELLER, at=NOW)
    assert page is not None
    assert (page.required_minor, page.shortfall_minor) == (100_000, 0)
    from tests.claims.making import put
    from xiaobao.ledger.facts import Account

    put("shop", 5_000, Account.RESERVE)
    withhold(4_000, NOW, 1)
    deposits.withhold_share(SELLER, 0, at=NOW)
    # 100,000 is asked for and there in cash: all of the reserve is beyond it.
    assert release(later(days=15)) == 1
    assert book()["refunds"] == 9_000


def test_what_an_open_claim_needs_stays_inside_the_guarantee_and_after(
    world: Market, through: TestGateway
) -> None:
    """The claim takes all of the deposit, and 20,000 of it nothing covers."""
    order(world, "A", 120_000, placed=later(days=-9), scanned=later(days=-8),
          delivered=later(days=-3), signed=later(days=-3))  # fmt: skip
    row = acts_of_claims.file_claim(
        seller="shop", order="A", buyer="buyer", kind=ClaimKind.NOT_AS_DESCRIBED, ask=Ask.REFUND,
        claim="C1", words="another colour", at=NOW,
    )  # fmt: skip
    assert (row.locked_minor, row.uncovered_minor) == (100_000, 20_000)
    withhold(50_000, NOW, 1)
    assert release(later(days=15)) == 1
    assert (book()["refunds"], book()["reserve"]) == (30_000, 20_000)
    # Who leaves meanwhile gets no more of it while the claim runs ...
    apply(at=later(days=16))
    approve(later(days=16))
    pay(later(days=17), through)
    assert release(later(days=18)) == 0
    assert book()["reserve"] == 20_000
    # ... and all of it once the claim is over.
    while acts_of_claims.move_due_claims(until_us=us_of(later(days=18))).looked:
        pass
    while deposits_now.next_release_us() is not None:
        release(later(days=40))
    assert "reserve" not in book()
    assert broken_laws() == []


def test_each_reserve_is_looked_at_by_its_own_clock(world: Market) -> None:
    """Two shops in one look: the one's reserve is free by then, the other's only in part."""
    other = int(
        sellers.enrol_sellers(
            ["other"], market_id=world.market_id, signed_by="other", at=NOW, categories=["general"]
        )[0]
    )
    withhold(4_000, NOW, 1)
    both = np.array([SELLER, other])
    for seller, amount, days in ((other, 500, 1), (other, 300, 3)):
        deposits.withhold_settlement(
            np.array([seller]), np.array([amount]), keys=days, at=later(days=days)
        )
    assert release(later(days=16)) == 2
    books = balances(both)
    place = np.searchsorted(books.seller_id, both)
    assert books.reserve[place].tolist() == [0, 300]
    assert books.refunds[place].tolist() == [4_000, 500]
    # The other's is looked at day by day until the rest is free, and then not any more.
    assert deposits_now.next_release_us() == us_of(later(days=17))
    assert release(later(days=17)) == 0
    assert release(later(days=18)) == 1
    assert deposits_now.next_release_us() is None
    assert broken_laws() == []


amounts = st.integers(0, 10**9)


@given(st.lists(st.tuples(amounts, amounts, amounts, st.integers(-(10**9), 10**9)), min_size=1))
def test_never_more_than_is_there_spare_and_old(rows: list[tuple[int, int, int, int]]) -> None:
    reserve, fresh, debt, spare = np.array(rows, np.int64).T
    free = releasable(reserve, fresh, spare, debt)
    assert ((free >= 0) & (free <= np.maximum(0, reserve - fresh))).all()
    assert (free <= np.maximum(0, spare)).all()
    assert ((debt == 0) | (free == 0)).all()
    # A batch is a stack of singles.
    alone = [releasable(*np.array([[r], [f], [s], [d]])).item() for r, f, d, s in rows]
    assert free.tolist() == alone
