"""Clocks that ran out become breaches: once, in due order, whenever the sweep comes."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from django.db import connections, transaction

from tests.conftest import SHARED
from tests.orders.conftest import open_market
from tests.orders.making import HOUR, START_US, batch, fact, hours, placed
from xiaobao.database import sets
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import cause_of, id_of
from xiaobao.orders import queries
from xiaobao.orders.acts import find_breaches, record_facts
from xiaobao.orders.facts import BREACH_CAUSE, BreachKind, CancelReason
from xiaobao.orders.rules import RULES_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.gateways.feeds.olist import OlistFeed
    from xiaobao.promises.facts import Market

NOW = datetime(2025, 9, 30, tzinfo=UTC)
LONG_AFTER_US = START_US + 5_000 * HOUR


def take_in(market: Market, rows: list[dict[str, Any]], at: datetime = NOW) -> None:
    record_facts(batch(rows), market_id=market.market_id, at=at)


def sweep(until_us: int = LONG_AFTER_US, limit: int = 1_000) -> list[tuple[int, ...]]:
    """Everything found by then, in the order found."""
    found: list[tuple[int, ...]] = []
    while True:
        some = find_breaches(until_us=until_us, limit=limit)
        if not len(some):
            return found
        found += zip(
            some.due_us.tolist(), some.order_id.tolist(), some.kind.tolist(),
            some.buyer_minor.tolist(), some.platform_minor.tolist(), strict=True,
        )  # fmt: skip


def recorded() -> list[Any]:
    rows = sets.fetch_rows("SELECT to_jsonb(b) FROM orders_breach b ORDER BY 1")
    clocks = sets.fetch_rows("SELECT to_jsonb(w) FROM orders_watch w ORDER BY 1")
    pairs = sets.fetch_rows("SELECT to_jsonb(p) FROM orders_pair_day p ORDER BY 1")
    return [rows, clocks, pairs]


def test_a_breach_carries_its_cause_its_terms_and_its_facts(cn: Market) -> None:
    take_in(cn, [placed(goods=40_000), fact("paid", 1), fact("scanned", 60, waybill="YT1"),
                 fact("signed", 61)])  # fmt: skip
    assert queries.next_due_us() == START_US + 49 * HOUR
    assert len(find_breaches(until_us=START_US + 49 * HOUR - 1, limit=10)) == 0
    found = find_breaches(until_us=START_US + 49 * HOUR, limit=10)
    assert found.as_dict().keys() >= {"seller_id", "cause_hi", "cause_lo"}
    assert found.order_id.tolist() == [id_of("A")]
    assert found.buyer_id.tolist() == [id_of("buyer")]
    assert found.due_us.tolist() == [START_US + 49 * HOUR]
    assert found.buyer_minor.tolist() == [2_000]
    assert found.platform_minor.tolist() == [0]
    assert found.is_paid_by_itself.tolist() == [True]
    cause = cause_of(
        BREACH_CAUSE, START_US + 49 * HOUR, id_of("shop"), id_of("A"), BreachKind.LATE_SHIPMENT
    )
    assert (found.cause_hi[0], found.cause_lo[0]) == cause
    row = sets.fetch_rows(
        "SELECT paid_us, first_scan_us, goods_minor, rules_version, "
        "(SELECT t.values->>'rate_bps' FROM promises_term t WHERE t.term_id = terms_version), "
        "(SELECT t.tbl FROM promises_term t WHERE t.term_id = shipping_version) "
        "FROM orders_breach"
    )
    assert row == [
        # The scan came after the moment of decision: to the verdict it is unknown.
        (START_US + HOUR, FAR_US, 40_000, RULES_VERSION, "500", "shipping")
    ]
    assert queries.next_due_us() is None
    assert sweep() == []


def test_totals_by_market_and_kind(cn: Market) -> None:
    take_in(cn, [placed("A", goods=40_000), fact("paid", 1), placed("B"), fact("paid", 1, "B")])
    sweep()
    late, missing = queries.breach_totals(market_id=cn.market_id)
    assert (late.kind, late.count, late.sellers) == (BreachKind.LATE_SHIPMENT, 2, 1)
    assert (late.buyer_minor, late.platform_minor) == (3_000, 0)
    assert (missing.kind, missing.count) == (BreachKind.OUT_OF_STOCK, 2)
    # Owed 40 and 100, less what the same orders' late shipments were paid; the cap per pair and
    # day is late shipping's own, and the punitive part is that of the whole sum owed.
    assert (missing.buyer_minor, missing.platform_minor) == (14_000 - 3_000, 14_000)
    assert queries.breach_totals(market_id=cn.market_id + 1) == []
    assert queries.breach_totals(until_us=START_US) == []


def _history(seed: int, orders: int = 60) -> list[dict[str, Any]]:
    """Orders of few buyers on few days, most of them broken somehow, many due at one moment."""
    random = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    for number in range(orders):
        order, shop = f"order {number}", ("shop", "other shop")[number % 2]
        start = int(random.integers(0, 30))
        mine = [
            placed(order, at=start, buyer=f"buyer {random.integers(3)}",
                   goods=int(random.integers(100, 150_000)), route=int(random.integers(3))),
            fact("paid", start, order),
        ]  # fmt: skip
        if random.random() < 0.5:
            mine.append(fact("labelled", start + int(random.integers(60)), order, waybill="W"))
        if random.random() < 0.6:
            gaps = random.integers(20, 200, 3).cumsum().tolist()
            mine += [fact("scanned", start + gap, order, waybill="W") for gap in gaps]
        if random.random() < 0.3:
            reason = int(random.choice([int(r) for r in CancelReason]))
            mine.append(fact("cancelled", start + int(random.integers(150)), order, reason=reason))
        if random.random() < 0.3:
            mine.append(fact("refund_asked", start + 5, order, amount=500))
        rows += [row | {"seller": shop} for row in mine]
    return rows


@pytest.mark.parametrize("seed", range(2))
def test_many_small_sweeps_find_what_one_big_sweep_finds(cn: Market, seed: int) -> None:
    take_in(cn, _history(seed))
    outcomes = []
    for limit, step_hours in ((10_000, 5_000), (1, 5_000), (7, 5_000), (3, 11)):
        with transaction.atomic():
            found = []
            until_us = START_US
            while until_us < LONG_AFTER_US and queries.next_due_us() is not None:
                until_us += step_hours * HOUR
                found += sweep(until_us, limit)
            outcomes.append((found, recorded()))
            transaction.set_rollback(True)
    assert len(outcomes[0][0]) > 40
    for found, rows in outcomes[1:]:
        assert found == outcomes[0][0]
        assert rows == outcomes[0][1]


@pytest.mark.parametrize("seed", range(2))
def test_sweeping_while_facts_come_finds_what_sweeping_afterwards_finds(
    cn: Market, seed: int
) -> None:
    rows = sorted(_history(seed, 25), key=lambda row: (row["at"], row["order"]))
    with transaction.atomic():
        take_in(cn, rows)
        sweep()
        at_once = recorded()
        transaction.set_rollback(True)
    for row in rows:
        moment_us = (row["at"] - hours(0)) // timedelta(microseconds=1) + START_US
        # A clock that runs out at the very moment of a fact waits for the fact.
        sweep(moment_us - 1)
        take_in(cn, [row])
    sweep()
    breaches, clocks, pairs = recorded()
    assert breaches == at_once[0]
    assert pairs == at_once[2]
    # Of clocks that never came to a breach an ended row may remain.
    assert [c for c in clocks if c[0]["judged"]] == [c for c in at_once[1] if c[0]["judged"]]


def test_later_terms_change_nothing_earlier(cn: Market) -> None:
    take_in(cn, [placed(goods=40_000), fact("paid", 1)])
    with transaction.atomic():
        before = sweep()
        transaction.set_rollback(True)
    open_market("cn")  # the same pack published again, as an operator may
    sets.fetch_rows("SELECT 1")
    assert sweep() == before


def test_a_clock_another_sweep_holds_is_passed_over(committed: None) -> None:
    market = open_market()
    other_buyer = placed("B", buyer="another buyer")
    take_in(market, [placed("A"), fact("paid", 1), other_buyer, fact("paid", 2, "B")])
    with _sweep_elsewhere(START_US + 49 * HOUR) as found:
        mine = find_breaches(until_us=START_US + 50 * HOUR, limit=10)
    assert found == [[id_of("A")]]
    assert mine.order_id.tolist() == [id_of("B")]


def test_two_sweeps_at_once_share_one_pairs_cap(committed: None) -> None:
    """The second waits for the first where both pay one buyer for one day."""
    market = open_market()
    take_in(market, [placed("A"), fact("paid", 1), placed("B"), fact("paid", 2, "B")])
    with _sweep_elsewhere(START_US + 49 * HOUR, linger_seconds=0.3):
        mine = find_breaches(until_us=START_US + 50 * HOUR, limit=10)
    assert mine.order_id.tolist() == [id_of("B")]
    assert mine.buyer_minor.tolist() == [0]
    [late] = queries.breach_totals()
    assert (late.count, late.buyer_minor) == (2, 3_000)


@contextmanager
def _sweep_elsewhere(until_us: int, linger_seconds: float | None = None) -> Iterator[list[Any]]:
    """Another connection has found one breach, and commits when told or after a while."""
    holding, done = Event(), Event()
    found: list[Any] = []

    def other() -> None:
        with transaction.atomic():
            some = find_breaches(until_us=until_us, limit=1)
            found.append(some.order_id.tolist())
            holding.set()
            done.wait(10 if linger_seconds is None else linger_seconds)
        connections.close_all()

    thread = Thread(target=other)
    thread.start()
    assert holding.wait(10)
    yield found
    done.set()
    thread.join()


OLIST = SHARED / "data" / "olist"


@cache
def _feed() -> OlistFeed:
    from xiaobao.gateways.feeds.olist import read_olist

    return read_olist(OLIST)


@pytest.mark.skipif(not OLIST.exists(), reason="the real Olist data is not beside the project")
@pytest.mark.parametrize(
    ("pack", "total"), [("olist", 20_195_911), ("olist-a", 29_219_200), ("olist-b", 4_349_790)]
)
def test_real_orders_pay_what_was_computed_independently(db: None, pack: str, total: int) -> None:
    from xiaobao.gateways.feeds.intake import take_in_olist

    feed = _feed()
    taken = take_in_olist(feed, pack=pack, at=datetime(2026, 1, 1, tzinfo=UTC))
    assert taken.intake.orders_new == 72_960
    assert len(sweep(START_US, 4_096)) == 6_338
    [late] = queries.breach_totals(market_id=taken.market.market_id)
    assert (late.kind, late.count) == (BreachKind.LATE_SHIPMENT, 6_338)
    assert late.buyer_minor == total
    assert take_in_olist(feed, pack=pack, at=NOW).intake.facts_new == 0
    assert sweep(START_US, 4_096) == []
