"""Facts taken in side by side stand as if told order by order; refused, nothing of them stands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.orders.conftest import open_market
from tests.orders.making import batch, fact, placed
from tests.orders.test_acts_intake import NOW, TABLES, everything, life
from xiaobao.database import sets
from xiaobao.database.connections import OWNER
from xiaobao.orders.acts import FactsRefused, record_facts, record_facts_apart
from xiaobao.orders.facts import IntakeReport

SHOPS = tuple(f"shop {number}" for number in range(7))


def histories() -> list[list[dict[str, Any]]]:
    """Orders of several shops: long ones, one that says everything it may, one never placed."""
    told = [life(f"order {number}", goods=20_000 + number) for number in range(10)]
    told.append(
        [
            placed("all", category="apparel", route=2, ship_hours=24),
            fact("cancelled", 3, "all", reason=2),
            fact("refund_asked", 4, "all", amount=7, item="mug"),
            fact("refund_paid", 5, "all", amount=7),
            fact("force_majeure", 6, "all"),
        ]
    )
    told.append([fact("line", 0, "never placed", item="杯子", quantity=1, price=5)])
    return [
        [{**row, "seller": SHOPS[number % len(SHOPS)]} for row in rows]
        for number, rows in enumerate(told)
    ]


@pytest.mark.usefixtures("committed")
def test_workers_record_what_one_records_order_by_order() -> None:
    market = open_market(shops=SHOPS)
    told = [row for rows in histories() for row in rows]
    many = record_facts_apart(batch(told), market_id=market.market_id, at=NOW, workers=3)
    assert many == IntakeReport(
        orders_new=12, facts_new=len(told), facts_known=0, contradictions=0
    )
    apart = everything(but="")
    again = record_facts_apart(batch(told), market_id=market.market_id, at=NOW, workers=2)
    assert again == IntakeReport(0, 0, facts_known=len(told), contradictions=0)
    assert everything(but="") == apart

    with sets.cursor(OWNER) as cur:
        cur.execute(f"TRUNCATE {', '.join(TABLES)}")
    # Few rows are inserted, many copied: what stands is the same.
    for rows in histories():
        record_facts(batch(rows), market_id=market.market_id, at=NOW)
    assert everything(but="") == apart

    with sets.cursor(OWNER) as cur:
        cur.execute(f"TRUNCATE {', '.join(TABLES)}")
    wrong = {**told[3], "seller": "stranger"}
    with pytest.raises(FactsRefused) as refused:
        record_facts_apart(batch([*told, wrong]), market_id=market.market_id, at=NOW, workers=3)
    assert [one.row for one in refused.value.bad_rows] == [len(told) + 1]
    assert not any(everything().values())
