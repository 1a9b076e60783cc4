"""Marks by mistake: seen before, undone as a whole in the grace time, and never for buyers."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
import pytest

from tests.exits.making import NOW, SELLER, later, open_world, order
from tests.orders.making import batch, fact, placed
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import ids_of
from xiaobao.orders.acts import record_facts
from xiaobao.orders.queries import (
    items_known,
    items_known_count,
    items_sold,
    names_sold,
    order_of,
)
from xiaobao.orders.queries.items import _SOLD
from xiaobao.sellers import acts, queries
from xiaobao.sellers.rules import is_unusual

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market

ODD = "100%_[a]\\"


@pytest.fixture
def world(db: None) -> Market:
    return open_world()


def covered(name: str, **spans: float) -> bool:
    at_us = np.array([us_of(later(**spans))])
    return bool(queries.covered(np.array([SELLER]), ids_of([name]), at_us)[0])


def is_promised(order_name: str) -> list[bool]:
    found = order_of("shop", order_name)
    assert found is not None
    return [line.is_covered for line in found.lines]


def test_a_batch_is_undone_and_who_bought_meanwhile_keeps_the_promise(world: Market) -> None:
    acts.unmark_items(SELLER, ["mug"], at=later(hours=-1))
    names = [f"pot {n}" for n in range(500)]
    plan = queries.mark_plan(SELLER, [*names, "mug", "cup"], is_marked=True, at=NOW)
    assert (len(plan.names), plan.unchanged, plan.covered_before, plan.is_unusual) == (
        501, 1, 1, True,
    )  # fmt: skip
    report = acts.mark_items(SELLER, [*names, "mug", "cup"], at=NOW)
    assert (report.changed, report.unchanged) == (501, 1)
    order(world, "bought", 5_000, placed=later(hours=2))
    acts.unmark_items(SELLER, ["pot 7"], at=later(hours=4))
    undone = acts.undo_marks(SELLER, report.batch, at=later(hours=24))
    # One was unmarked by itself since, and stays so.
    assert (undone.changed, undone.unchanged) == (500, 1)
    assert queries.items_covered(SELLER) == 1
    assert [covered("mug", hours=h) for h in (-0.5, 1, 25)] == [False, True, False]
    order(world, "after", 5_000, placed=later(hours=25))
    assert (is_promised("bought"), is_promised("after")) == ([True], [False])
    # Once undone there is nothing left to undo.
    assert acts.undo_marks(SELLER, report.batch, at=later(hours=24)).changed == 0


def test_unmarking_by_mistake_is_undone_too_and_the_latest_is_meant(world: Market) -> None:
    acts.unmark_items(SELLER, ["mug", "cup"], at=NOW)
    assert queries.items_covered(SELLER) == 0
    assert acts.undo_marks(SELLER, None, at=later(minutes=5)).changed == 2
    assert queries.items_covered(SELLER) == 2


def test_after_the_grace_time_nothing_is_undone(world: Market) -> None:
    report = acts.mark_items(SELLER, ["pan"], at=NOW)
    with pytest.raises(acts.UndoTooEarly):
        acts.undo_marks(SELLER, report.batch, at=NOW)
    with pytest.raises(acts.UndoTooLate):
        acts.undo_marks(SELLER, report.batch, at=later(hours=24) + timedelta(microseconds=1))
    with pytest.raises(acts.BatchUnknown):
        acts.undo_marks(SELLER, UUID(int=7), at=NOW)
    assert queries.items_covered(SELLER) == 3


def test_a_preview_says_what_sold_and_what_it_would_cost(world: Market) -> None:
    order(world, "A", 5_000, placed=later(days=-3))
    order(world, "B", 7_000, placed=later(days=-40))
    sold = items_sold(SELLER, ["mug", "cup"], at=NOW)
    assert (sold.orders, sold.units, sold.sold_minor, sold.shop_goods_minor) == (
        1, 1, 5_000, 12_000,
    )  # fmt: skip
    # No breach was found yet: nothing is expected.
    assert (sold.shop_breach_minor, sold.expected_minor) == (0, 0)
    assert queries.matching(names_sold(SELLER), "m*") == ["mug"]
    assert queries.items_covered(SELLER) == 2


def test_items_are_found_by_name_and_state_as_commands_find_them(world: Market) -> None:
    order(world, "A", 5_000, placed=later(days=-3))
    sold = batch([
        placed("B", at=1, goods=5_000, freight=0),
        fact("line", 1, "B", item=ODD, title="", quantity=1, price=5_000),
    ])  # fmt: skip
    record_facts(sold, market_id=world.market_id, at=NOW)
    acts.mark_items(SELLER, ["茶杯", "Mug", "100 x"], at=NOW)
    acts.unmark_items(SELLER, ["Mug", "mug"], at=later(minutes=1))
    every = sorted({*names_sold(SELLER), *queries.item_names(SELLER)})
    assert every == ["100 x", ODD, "Mug", "cup", "mug", "茶杯"]
    found = items_known(SELLER)
    assert [name for name, _ in found] == every
    assert {name: one and one.is_marked for name, one in found} == {
        "100 x": True, ODD: None, "Mug": False, "cup": True, "mug": False, "茶杯": True,
    }  # fmt: skip
    held = {one.name: one for one in queries.items_of(SELLER)}
    assert [one for _, one in found] == [held.get(name) for name in every]
    for match in ("*", "*u*", "m*", "???", "100%*", "*_*", "*[a]*", "*\\", "茶?", "", "*杯*"):
        names = [name for name, _ in items_known(SELLER, match=match)]
        assert names == queries.matching(every, match), match
        for is_covered in (None, True, False):
            rest = items_known(SELLER, match=match, is_covered=is_covered)
            fits = [row for row in found if row[0] in names and is_covered in (
                None, row[1] is not None and row[1].is_marked)]  # fmt: skip
            assert rest == fits
            assert items_known_count(SELLER, match=match, is_covered=is_covered) == len(fits)
    assert items_known(SELLER + 1) == []


def test_what_was_ever_sold_is_found_without_reading_what_was_sold(world: Market) -> None:
    order(world, "A", 5_000, placed=later(days=-3))
    execute(
        "INSERT INTO orders_line (seller_id, order_id, digest, fact_digest, ordered_at, item_id, "
        "price_minor, quantity, is_covered, item, title) SELECT seller_id, order_id, n, "
        "fact_digest, ordered_at, n / 1000, price_minor, quantity, is_covered, "
        "'item ' || n / 1000, title FROM orders_line, generate_series(1, 2999) AS n"
    )
    assert names_sold(SELLER) == ["item 0", "item 1", "item 2", "mug"]
    # Of tables that grew in this transaction the planner knows nothing yet.
    for way in ("seqscan", "bitmapscan", "sort"):
        execute(f"SET LOCAL enable_{way} = off")
    plan = json.dumps(fetch_rows(f"EXPLAIN (ANALYZE, FORMAT JSON) {_SOLD} TABLE sold",
                                 {"seller": SELLER}))  # fmt: skip
    read = re.findall(r'"Relation Name": "orders_line".*?"Actual Rows": ([0-9.]+)'
                      r', "Actual Loops": ([0-9]+)', plan)  # fmt: skip
    assert round(sum(float(rows) * int(loops) for rows, loops in read)) == 4


def test_what_is_unusual() -> None:
    assert not is_unusual(199, 0, 200, 50_000)
    assert is_unusual(200, 39, 200, 50_000)
    assert not is_unusual(200, 40, 200, 50_000)
