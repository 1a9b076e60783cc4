"""Quotes in PostgreSQL: when they are made, what they record, that twice is once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from xiaobao.database.sets import fetch_rows
from xiaobao.deposits import acts, queries
from xiaobao.deposits.acts import SellerUnknown
from xiaobao.deposits.facts import LadderStep, Line
from xiaobao.kernel.clocks import us_of
from xiaobao.sellers import acts as sellers
from xiaobao.sellers.facts import Event

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.kernel.columns import Int
    from xiaobao.promises.facts import Market

SHANGHAI = ZoneInfo("Asia/Shanghai")
TABLES = (
    "deposits_quote", "deposits_requirement", "deposits_event", "deposits_lodgement",
    "deposits_cover", "deposits_draw", "sellers_standing", "ledger_posting", "outbox_event",
)  # fmt: skip


def day(month: int, number: int, hour: int = 0) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=SHANGHAI)


def counts() -> dict[str, int]:
    return {t: fetch_rows(f"SELECT count(*) FROM {t}")[0][0] for t in TABLES}


def moved(before: dict[str, int]) -> dict[str, int]:
    return {t: n - before[t] for t, n in counts().items() if n != before[t]}


def test_a_new_shop_is_quoted_zero_and_looked_at_every_night(enrol: Callable[..., Int]) -> None:
    ids = enrol("a shop")
    before = counts()
    assert acts.quote_deposits(ids, at=day(3, 1, 15)) == 1
    assert moved(before) == {"deposits_quote": 1, "deposits_requirement": 1, "outbox_event": 1}
    row = queries.deposit_of(int(ids[0]), at=day(3, 1, 15))
    assert row is not None
    assert (row.required_minor, row.is_zero_start, row.shortfall_minor) == (0, True, 0)
    assert (row.quoted_at, row.next_quote_at) == (day(3, 1, 15), day(3, 2))
    assert (row.short_since, row.next_due_at, row.step) == (None, None, LadderStep.NONE)
    made = queries.quote_of(int(ids[0]))
    assert made is not None
    assert [(line.code, line.amount_minor) for line in made.lines] == [
        (Line.BASE, 100_000), (Line.ZERO_START, -100_000),
    ]  # fmt: skip
    assert made.lines[0].clause == "cn.deposit.amount"
    assert "¥10,000.00" in made.lines[1].lower_en


def test_the_same_moment_twice_is_one_quote(enrol: Callable[..., Int]) -> None:
    ids = enrol("a shop", "another")
    assert acts.quote_deposits(ids, at=day(3, 1, 15)) == 2
    before = counts()
    assert acts.quote_deposits(ids, at=day(3, 1, 15)) == 0
    assert acts.quote_deposits(ids, at=day(3, 1, 14)) == 0
    assert moved(before) == {}


def test_a_stranger_is_not_quoted(enrol: Callable[..., Int]) -> None:
    ids = enrol("a shop")
    before = counts()
    with pytest.raises(SellerUnknown):
        acts.quote_deposits(np.append(ids, 5), at=day(3, 1, 15))
    assert moved(before) == {}


def test_a_zero_start_that_goes_on_records_nothing_but_the_next_night(
    enrol: Callable[..., Int],
) -> None:
    ids = enrol("a shop")
    acts.quote_deposits(ids, at=day(3, 1, 15))
    before = counts()
    assert queries.next_due_us() == us_of(day(3, 2))
    assert acts.quote_due(us_of(day(3, 2)) - 1) == 0
    assert acts.quote_due(us_of(day(3, 4))) == 1
    assert queries.next_due_us() == us_of(day(3, 3))
    assert acts.quote_due(us_of(day(3, 4))) == 1
    assert acts.quote_due(us_of(day(3, 4))) == 1
    assert acts.quote_due(us_of(day(3, 4))) == 0
    assert queries.next_due_us() == us_of(day(3, 5))
    assert moved(before) == {}


def test_the_base_is_due_the_day_after_the_first_sale_and_a_shortfall_begins(
    enrol: Callable[..., Int], sell: Callable[..., None]
) -> None:
    ids = enrol("a shop", "another", category="phones")
    acts.quote_deposits(ids, at=day(3, 1, 15))
    sell("a shop", 20_000, day(3, 1, 16))
    before = counts()
    assert acts.quote_due(us_of(day(3, 2))) == 2
    assert moved(before) == {"deposits_quote": 1, "deposits_event": 1, "outbox_event": 2}
    row = queries.deposit_of(int(ids[0]), at=day(3, 2))
    assert row is not None
    assert (row.required_minor, row.is_zero_start) == (1_000_000, False)
    assert (row.shortfall_minor, row.short_since) == (1_000_000, day(3, 2))
    assert (row.top_up_due_at, row.next_due_at) == (day(3, 5), day(3, 5))
    assert row.next_quote_at == day(3, 6)
    other = queries.deposit_of(int(ids[1]), at=day(3, 2))
    assert other is not None
    assert (other.required_minor, other.next_quote_at) == (0, day(3, 3))


def test_the_sales_cap_ends_a_zero_start_when_asked(
    enrol: Callable[..., Int], sell: Callable[..., None]
) -> None:
    ids = enrol("a shop")
    sell("a shop", 600_000, day(3, 1, 16), count=2)
    acts.quote_deposits(ids, at=day(3, 1, 17))
    row = queries.deposit_of(int(ids[0]), at=day(3, 1, 17))
    assert row is not None
    assert (row.required_minor, row.is_zero_start) == (100_000, False)


def test_the_monthly_quote_weighs_thirty_days_and_explains_itself(
    enrol: Callable[..., Int], sell: Callable[..., None], lodge: Callable[..., None]
) -> None:
    ids = enrol("a shop")
    seller_id = int(ids[0])
    lodge(ids, 50_000, day(3, 1, 13), 1)
    acts.quote_deposits(ids, at=day(3, 1, 15))
    sell("a shop", 400_000, day(3, 1, 16), count=20)
    assert acts.quote_due(us_of(day(3, 2))) == 1
    row = queries.deposit_of(seller_id, at=day(3, 2))
    assert row is not None
    # 20 open orders of 4,000.00: 3% is 2,400.00, of which 1,400.00 is beyond the base.
    assert (row.required_minor, row.available_minor, row.shortfall_minor) == (
        240_000, 50_000, 190_000,
    )  # fmt: skip
    made = queries.quote_of(seller_id)
    assert made is not None
    lines = {line.code: line for line in made.lines}
    assert {code: line.amount_minor for code, line in lines.items()} == {
        Line.BASE: 100_000, Line.EXPOSURE: 140_000,
    }  # fmt: skip
    assert sum(line.amount_minor for line in made.lines) == made.required_minor
    assert "¥46,666.67" in lines[Line.EXPOSURE].lower_zh
    assert lines[Line.EXPOSURE].saves_minor == 140_000
    # In April the orders are out of the window, but still open; in arrears it is not lowered.
    assert acts.quote_due(us_of(day(3, 6))) == 1
    assert acts.quote_due(us_of(day(4, 6))) == 1
    row = queries.deposit_of(seller_id, at=day(4, 6))
    assert row is not None
    assert (row.required_minor, row.quoted_at, row.next_quote_at) == (
        240_000, day(4, 6), day(5, 6),
    )  # fmt: skip
    assert fetch_rows("SELECT count(*) FROM deposits_quote")[0][0] == 4


def test_who_left_is_quoted_no_more(enrol: Callable[..., Int]) -> None:
    ids = enrol("a shop")
    acts.quote_deposits(ids, at=day(3, 1, 15))
    sellers.move_sellers(ids, Event.LEAVE, at=day(3, 1, 16))
    sellers.move_sellers(ids, Event.FINISH, at=day(3, 1, 17))
    before = counts()
    assert acts.quote_due(us_of(day(4, 1))) == 1
    assert acts.quote_due(us_of(day(4, 1))) == 0
    assert queries.next_due_us() is None
    assert moved(before) == {}


def test_a_quote_replays_to_the_same_lines(enrol: Callable[..., Int]) -> None:
    from xiaobao.deposits import rules
    from xiaobao.deposits.facts import DepositFacts, LastQuote
    from xiaobao.deposits.terms import DepositRules, DepositTerms
    from xiaobao.promises import queries as promises

    ids = enrol("a shop", category="phones")
    acts.quote_deposits(ids, at=day(3, 1, 15))
    names = [*DepositFacts.names()]
    facts = DepositFacts(
        *(
            np.array(c)
            for c in zip(
                *fetch_rows(f"SELECT {', '.join(names)} FROM deposits_quote"), strict=True
            )
        )
    )
    version, market, category = fetch_rows(
        "SELECT terms_version, market_id, category_id FROM deposits_quote"
    )[0]
    at_us = np.array([us_of(day(3, 1, 15))])
    terms = promises.book_of(DepositTerms, market).in_force(at_us, np.array([category]))
    assert terms.version.tolist() == [version]
    sizing = promises.book_of(DepositRules, market).in_force(at_us)
    none = np.zeros(1, np.int64)
    made = rules.quote(LastQuote(none > 0, none > 0, none), facts, terms, sizing)
    stored = fetch_rows(f"SELECT {', '.join(made.names())} FROM deposits_quote")[0]
    assert [getattr(made, n)[0].item() for n in made.names()] == list(stored)


def test_ten_thousand_sellers_are_quoted_at_once(cn: Market) -> None:
    names = [f"shop {n:05d}" for n in range(10_000)]
    ids = sellers.enrol_sellers(
        names, market_id=cn.market_id, signed_by="import", at=datetime(2026, 3, 1, tzinfo=UTC)
    )
    acts.quote_deposits(ids, at=day(3, 1, 15))
    assert acts.quote_due(us_of(day(3, 2)), limit=10_000) == 10_000
    assert acts.quote_deposits(ids, at=day(3, 2, 1)) == 10_000
