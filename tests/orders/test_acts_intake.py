"""Facts come in by sets: once, in any order, all or nothing."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from tests.orders.conftest import open_market
from tests.orders.making import HOUR, START_US, batch, fact, hours, placed
from xiaobao.database import sets
from xiaobao.kernel.references import id_of
from xiaobao.orders import queries
from xiaobao.orders.acts import FactsMisshapen, FactsRefused, find_breaches, record_facts
from xiaobao.orders.acts import intake as intake_act
from xiaobao.orders.facts import Contradiction, IntakeReport
from xiaobao.orders.facts.admission import FAULT_FIELDS, FAULT_WORDS, Fault

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market

NOW = datetime(2025, 11, 1, tzinfo=UTC)
TITLE = 'A "blue" mug,\nlarge 大'
TABLES = ("orders_fact", "orders_order", "orders_line", "orders_watch", "orders_breach")


def take_in(market: Market, rows: list[dict[str, Any]], at: datetime = NOW) -> IntakeReport:
    return record_facts(batch(rows), market_id=market.market_id, at=at)


def everything(*, but: str = "recorded_at") -> dict[str, list[Any]]:
    """Every row of this room, without the moment of recording."""
    found = {}
    for table in TABLES:
        rows = sets.fetch_rows(f"SELECT to_jsonb(t) - '{but}' FROM {table} t ORDER BY 1")
        found[table] = [row[0] for row in rows]
    return found


def life(order: str = "A", *, goods: int = 40_000) -> list[dict[str, Any]]:
    """An order late to be shipped, then delivered."""
    return [
        placed(order, goods=goods, category="apparel"),
        fact(
            "line", 0, order, item="mug", title='A "blue" mug,\nlarge 大', quantity=2, price=15_000
        ),
        fact("line", 0, order, item="lid", title="", quantity=1, price=10_000),
        fact("paid", 0.5, order),
        fact("labelled", 40, order, waybill="YT1"),
        fact("scanned", 50, order, waybill="YT1"),
        fact("delivered", 60, order),
        fact("signed", 61, order),
        fact("completed", 300, order),
    ]


def test_a_batch_becomes_facts_an_order_its_offer_and_its_clock(cn: Market) -> None:
    report = take_in(cn, life())
    assert report == IntakeReport(orders_new=1, facts_new=9, facts_known=0, contradictions=0)
    detail = queries.order_of("shop", "A")
    assert detail is not None
    assert (detail.order, detail.buyer, detail.goods_minor) == ("A", "buyer", 40_000)
    assert detail.ordered_at == hours(0)
    assert [f.kind.name for f in detail.facts] == [
        "PLACED", "LINE", "LINE", "PAID", "LABELLED", "SCANNED", "DELIVERED", "SIGNED",
        "COMPLETED",
    ]  # fmt: skip
    assert [(line.item, line.title, line.quantity, line.price_minor) for line in detail.lines] == [
        ("lid", "", 1, 10_000),
        ("mug", TITLE, 2, 15_000),
    ]
    assert [(c.clock.name, c.due_at, c.words.en) for c in detail.clocks] == [
        ("SHIPPING", hours(48.5), "shipping clock")
    ]
    assert queries.next_due_us() == START_US + int(48.5 * HOUR)
    counted = queries.counts()
    assert (counted.orders, counted.facts, counted.lines, counted.clocks_open) == (1, 9, 2, 1)


def test_the_same_batch_again_changes_nothing(cn: Market) -> None:
    take_in(cn, life())
    before = everything(but="nothing")
    report = take_in(cn, life() + life(), at=datetime(2025, 12, 1, tzinfo=UTC))
    assert report == IntakeReport(orders_new=0, facts_new=0, facts_known=18, contradictions=0)
    assert everything(but="nothing") == before


@pytest.mark.parametrize("seed", range(3))
def test_facts_one_by_one_in_any_order_end_as_one_batch(cn: Market, seed: int) -> None:
    from django.db import transaction

    rows = life("A") + life("B", goods=1_000) + [fact("cancelled", 55, "B", reason=1)]
    with transaction.atomic():
        take_in(cn, rows)
        whole = everything()
        transaction.set_rollback(True)
    assert not any(everything().values())
    random.Random(seed).shuffle(rows)
    for row in rows:
        take_in(cn, [row])
    single = everything()
    # Clocks that opened and ended again stay as ended rows.
    assert [w for w in single.pop("orders_watch") if w["due_at"] != "infinity"] == whole.pop(
        "orders_watch"
    )
    assert single == whole


def test_an_order_whose_placing_comes_last_is_judged_from_then_on(cn: Market) -> None:
    first, *rest = life()
    assert take_in(cn, rest).orders_new == 1
    assert queries.counts().orders_placed == 0
    assert queries.counts().lines == 0
    assert len(find_breaches(until_us=START_US + 1_000 * HOUR, limit=10)) == 0
    take_in(cn, [first])
    assert queries.counts().lines == 2
    assert len(find_breaches(until_us=START_US + 1_000 * HOUR, limit=10)) == 1


def test_a_contradiction_is_kept_flagged_and_counted_once(cn: Market) -> None:
    take_in(cn, life())
    assert take_in(cn, [fact("paid", 0.75)]).contradictions == 1
    assert take_in(cn, [fact("paid", 0.9)]).contradictions == 0
    detail = queries.order_of("shop", "A")
    assert detail is not None
    assert detail.flags == Contradiction.TWO_PAID
    assert [(words.zh, words.en) for words in detail.contradictions] == [
        ("有多条不同的付款记录", "paid more than once, differently")
    ]
    assert len([f for f in detail.facts if f.kind.name == "PAID"]) == 3
    assert queries.counts().orders_flagged == 1


def test_another_placing_moves_the_order_and_its_offer(cn: Market) -> None:
    take_in(cn, life())
    take_in(cn, [placed("A", at=-24, goods=99_000, category="apparel")])
    detail = queries.order_of("shop", "A")
    assert detail is not None
    assert (detail.ordered_at, detail.goods_minor) == (hours(-24), 99_000)
    assert len(detail.lines) == 2
    assert queries.counts().lines == 4


def test_an_offer_says_what_was_covered_at_order_time(cn: Market) -> None:
    from xiaobao.sellers.acts import mark_items, unmark_items

    mark_items(id_of("shop"), ["mug"], at=hours(-10))
    unmark_items(id_of("shop"), ["mug"], at=hours(5))
    mark_items(id_of("shop"), ["lid"], at=hours(5))
    take_in(cn, life())
    detail = queries.order_of("shop", "A")
    assert detail is not None
    assert [(line.item, line.is_covered) for line in detail.lines] == [
        ("lid", False),
        ("mug", True),
    ]


BAD = [
    (Fault.SELLER_EMPTY, placed() | {"seller": None}),
    (Fault.SELLER_EMPTY, placed() | {"seller": ""}),
    (Fault.SELLER_UNKNOWN, placed() | {"seller": "nobody"}),
    (Fault.SELLER_ELSEWHERE, placed() | {"seller": "loja", "currency": "CNY"}),
    (Fault.ORDER_EMPTY, placed("")),
    (Fault.KIND_UNKNOWN, fact("paid", 1) | {"fact": 99}),
    (Fault.KIND_UNKNOWN, fact("paid", 1) | {"fact": None}),
    (Fault.TIME_OUT_OF_RANGE, placed() | {"at": None}),
    (Fault.TIME_OUT_OF_RANGE, placed() | {"at": datetime(1989, 12, 31, tzinfo=UTC)}),
    (Fault.SHIP_BY_OUT_OF_RANGE, placed(ship_by=datetime(2201, 1, 1, tzinfo=UTC))),
    (Fault.BUYER_EMPTY, placed() | {"buyer": None}),
    (Fault.GOODS_WRONG, placed(goods=-1)),
    (Fault.GOODS_WRONG, placed(goods=None)),
    (Fault.GOODS_WRONG, placed(goods=10**14 + 1)),
    (Fault.FREIGHT_WRONG, placed(freight=-5)),
    (Fault.CURRENCY_WRONG, placed(currency="BRL")),
    (Fault.CURRENCY_WRONG, placed(currency=None)),
    (Fault.SHIP_HOURS_WRONG, placed(ship_hours=0)),
    (Fault.ROUTE_UNKNOWN, placed(route=3)),
    (Fault.REASON_UNKNOWN, fact("cancelled", 1, reason=7)),
    (Fault.AMOUNT_WRONG, fact("refund_paid", 1)),
    (Fault.AMOUNT_WRONG, fact("refund_asked", 1, amount=0)),
    (Fault.ITEM_EMPTY, fact("line", 1, quantity=1, price=1)),
    (Fault.QUANTITY_WRONG, fact("line", 1, item="mug", quantity=0, price=1)),
    (Fault.PRICE_WRONG, fact("line", 1, item="mug", quantity=1)),
    (Fault.TEXT_BROKEN, fact("line", 1, item="mug", quantity=1, price=1, title="a\0b")),
]


def test_one_bad_row_refuses_all_and_names_itself(cn: Market) -> None:
    open_market("olist", ("loja",))
    for fault, row in BAD:
        with pytest.raises(FactsRefused) as refused:
            take_in(cn, [*life(), row, *life("B")])
        assert [(bad.row, bad.fault) for bad in refused.value.bad_rows] == [(10, fault)], row
        assert FAULT_FIELDS[fault] in refused.value.says("en")
        assert FAULT_WORDS[fault].zh in refused.value.says("zh")
        assert not any(everything().values())


def test_every_fault_has_a_row_that_shows_it_and_a_field() -> None:
    assert {fault for fault, _ in BAD} | {Fault.NAMES_CLASH} == set(Fault)
    assert set(FAULT_FIELDS) == set(FAULT_WORDS) == set(Fault)


def test_every_bad_row_is_named(cn: Market) -> None:
    with pytest.raises(FactsRefused) as refused:
        take_in(cn, [placed(goods=-1, currency="BRL"), *life(), placed("C", route=9)])
    assert [(bad.row, bad.field) for bad in refused.value.bad_rows] == [
        (1, "goods"), (1, "currency"), (11, "route"),
    ]  # fmt: skip
    assert refused.value.fields["count"] == 3


def test_another_name_under_a_stored_id_is_refused(cn: Market) -> None:
    take_in(cn, life())
    sets.execute("UPDATE orders_order SET order_name = 'Z'")
    with pytest.raises(FactsRefused) as refused:
        take_in(cn, [fact("paid", 9)])
    assert [(bad.row, bad.fault) for bad in refused.value.bad_rows] == [(1, Fault.NAMES_CLASH)]
    assert queries.counts().facts == 9


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("goods", pa.array(["12.5"])),
        ("goods", pa.array([12.5])),
        ("at", pa.array([datetime(2025, 10, 1)])),  # noqa: DTZ001 -- the very fault
        ("colour", pa.array(["red"])),
    ],
)
def test_a_column_of_another_kind_is_refused(cn: Market, column: str, values: pa.Array) -> None:
    table = batch([placed()])
    if column in table.column_names:
        table = table.drop_columns([column])
    with pytest.raises(FactsMisshapen) as refused:
        record_facts(table.append_column(column, values), market_id=cn.market_id, at=NOW)
    assert refused.value.fields["field"] == column


def test_a_missing_column_is_refused_where_it_is_needed(cn: Market) -> None:
    table = batch([placed()])
    with pytest.raises(FactsMisshapen, match="'order'"):
        record_facts(table.drop_columns(["order"]), market_id=cn.market_id, at=NOW)
    short = table.drop_columns(["waybill", "title", "reason"])
    assert record_facts(short, market_id=cn.market_id, at=NOW).facts_new == 1


def test_an_empty_batch_is_no_batch(cn: Market) -> None:
    assert take_in(cn, []) == IntakeReport(0, 0, 0, 0)


def test_a_batch_cut_in_parts_ends_as_one(cn: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import transaction

    rows = [
        row | {"seller": shop}
        for number in range(12)
        for shop in ("shop", "other shop")
        for row in life(f"{shop} {number}")
    ]
    with transaction.atomic():
        report = take_in(cn, rows)
        whole = everything()
        transaction.set_rollback(True)
    monkeypatch.setattr(intake_act, "CHUNK_ROWS", 50)
    assert take_in(cn, rows) == report
    assert everything() == whole


def test_a_batch_cut_in_parts_is_refused_whole(
    cn: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_act, "CHUNK_ROWS", 5)
    bad = [placed("C", goods=-1), placed("D", goods=-1) | {"seller": "other shop"}]
    with pytest.raises(FactsRefused) as refused:
        take_in(cn, [*life(), bad[0], *life("B"), bad[1]])
    assert [one.row for one in refused.value.bad_rows] == [10, 20]
    assert not any(everything().values())


def test_a_fact_met_while_it_is_being_told_elsewhere_is_counted_once(committed: None) -> None:
    """Two batches about one new order at once: the second waits, then folds with the first."""
    from threading import Barrier, Thread

    from django.db import connections

    market = open_market()
    halves = life()[::2], life()[1::2]
    start = Barrier(2)
    failures: list[BaseException] = []

    def tell(rows: list[dict[str, Any]]) -> None:
        try:
            start.wait()
            take_in(market, rows)
        except BaseException as failure:  # noqa: BLE001 -- shown by the test's own thread
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [Thread(target=tell, args=(half,)) for half in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    told = everything()
    assert len(told["orders_fact"]) == 9
    assert told["orders_order"][0]["facts"] == 9
    detail = queries.order_of("shop", "A")
    assert detail is not None
    assert len(detail.lines) == 2
    assert [c.due_at for c in detail.clocks] == [hours(48.5)]


def test_turnover_counts_what_was_sold_and_what_is_open(cn: Market) -> None:
    take_in(cn, [*life("A"), placed("B", at=10, goods=500), fact("paid", 11, "B")])
    take_in(cn, [placed("C", at=-2_000, goods=700)])
    find_breaches(until_us=START_US + 49 * HOUR, limit=10)
    asked = np.array([id_of("shop"), id_of("other shop")])
    sold = queries.turnover(asked, START_US - HOUR, START_US + 100 * HOUR)
    assert sold.orders.tolist() == [2, 0]
    assert sold.goods_minor.tolist() == [40_500, 0]
    assert sold.open_orders.tolist() == [2, 0]
    assert sold.open_goods_minor.tolist() == [40_500, 0]
    assert sold.breaches.tolist() == [1, 0]
    assert sold.breach_minor.tolist() == [2_000, 0]
    assert sold.first_sale_us[0] == START_US - 2_000 * HOUR
