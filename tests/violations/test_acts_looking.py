"""What nobody reports: breaches of a period over the threshold, and rulings that became final."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from tests.claims.making import NOW as FILED
from tests.claims.making import SHOP, file, open_world
from tests.hearings.making import uphold
from tests.violations.living import DAY, SHANGHAI, everything
from xiaobao.claims import queries as claims
from xiaobao.claims.facts import ClaimKind
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.references import id_of
from xiaobao.orders import acts as orders
from xiaobao.orders.facts import FACT_SCHEMA, FactKind
from xiaobao.promises import acts as promises
from xiaobao.promises import queries as promises_now
from xiaobao.promises.facts import PointsClass, ViolationKind
from xiaobao.sellers import acts as sellers
from xiaobao.violations import acts, queries
from xiaobao.violations.facts import Effect, Source, State
from xiaobao.work.checking import check_money
from xiaobao.work.run import run

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market

# The period of four weeks that begins on Monday 2026-02-16.
PERIOD = datetime(2026, 2, 16, tzinfo=SHANGHAI)
WEEKS = timedelta(weeks=4)


def sell(market: Market, shop: str, at: datetime, count: int) -> None:
    """Orders that are paid for and never shipped."""
    rows = []
    for n in range(count):
        order = {"seller": shop, "order": f"{shop} {at:%m-%d} {n}"}
        rows.append(
            {
                **order, "fact": FactKind.PLACED, "at": at, "buyer": f"buyer {n}",
                "goods": 10_000, "freight": 0, "currency": "CNY",
            }
        )  # fmt: skip
        rows.append({**order, "fact": FactKind.PAID, "at": at})
    batch = pa.Table.from_pylist(rows, FACT_SCHEMA)
    orders.record_facts(batch, market_id=market.market_id, at=at)


def recorded(seller_id: int) -> list[tuple[str, Effect, int, int]]:
    rows = queries.violations_listed(seller_id=seller_id)
    return sorted((r.violation, r.effect, r.points, r.units) for r in rows)


def test_breaches_of_a_period_become_one_violation_of_their_kind(
    committed: None,
) -> None:
    promises.publish_pack("cn", at=datetime(2026, 1, 1, tzinfo=SHANGHAI))
    market = promises_now.market("cn")
    ids = sellers.enrol_sellers(
        ["slow", "few"], market_id=market.market_id, signed_by="the seller",
        at=datetime(2026, 2, 1, tzinfo=SHANGHAI),
    )  # fmt: skip
    slow, few = ids.tolist()
    sell(market, "slow", PERIOD + DAY, 4)
    sell(market, "few", PERIOD + DAY, 2)
    before = PERIOD + WEEKS - timedelta(microseconds=1)
    assert run(before).this_run.looked.recorded == 0
    report = run(PERIOD + WEEKS)
    # Two orders prove little; four that were never shipped were late, and out of stock: reminded.
    assert report.this_run.looked.recorded == 2
    assert recorded(few) == []
    assert recorded(slow) == [
        ("late_shipment-2026-02-16", Effect.REMINDED, 0, 4),
        ("out_of_stock-2026-02-16", Effect.REMINDED, 0, 4),
    ]
    row = queries.violations_listed(seller_id=slow)[0]
    assert (row.source, row.recorded_by, row.state) == (Source.BREACHES, "xiaobao", State.NOTIFIED)
    assert row.recorded_at == PERIOD + WEEKS

    stands = everything()
    assert run(PERIOD + WEEKS).this_run.looked.looked == 0
    acts.expect_looks(int((PERIOD + DAY).timestamp()) * 1_000_000)
    run(PERIOD + WEEKS)
    assert {t: r for t, r in everything().items() if t != "violations_look"} == {
        t: r for t, r in stands.items() if t != "violations_look"
    }

    # A quiet period, then the same again: not the first any more, and the rung of twelve.
    sell(market, "slow", PERIOD + 2 * WEEKS + DAY, 3)
    report = run(PERIOD + 3 * WEEKS + DAY)
    assert recorded(slow)[2:] == [
        ("out_of_stock-2026-02-16", Effect.REMINDED, 0, 4),
        ("out_of_stock-2026-04-13", Effect.COUNTED, 6, 3),
    ]
    (penalty,) = queries.penalties_of(slow)
    assert (penalty.points_class, penalty.points) == (PointsClass.GENERAL, 12)
    assert penalty.begins_at == PERIOD + 3 * WEEKS + DAY
    assert report.this_run.counts()["penalties_begun"] == 1
    assert check_money() == []


def test_a_ruling_becomes_a_violation_once_nobody_can_appeal(committed: None) -> None:
    open_world()
    claim_row = file(kind=ClaimKind.COUNTERFEIT)
    seller = id_of(SHOP)
    run(FILED + 3 * DAY)
    uphold(claim_row, at=FILED + 3 * DAY)
    run(FILED + 4 * DAY)
    assert queries.violations_listed(seller_id=seller) == []
    claim = claims.claims_of(np.array([seller]), np.array([id_of("C1")]))
    appeal_until = int(claim.appeal_until_us[0])
    ended = moment_of(appeal_until)
    run(ended + timedelta(seconds=1))
    # A fact told late lets an earlier day be looked at again: the look at this night stays due.
    acts.expect_looks(us_of(ended - 3 * DAY))
    run(ended + timedelta(seconds=2))
    assert queries.violations_listed(seller_id=seller) == []
    run(FILED + 20 * DAY)
    (row,) = queries.violations_listed(seller_id=seller)
    assert (row.violation, row.source, row.kind) == (
        "ruling-C1", Source.RULING, ViolationKind.COUNTERFEIT,
    )  # fmt: skip
    assert (row.points, row.strikes, row.penalty_minor) == (2, 1, 50_000)
    # Found at the midnight after the time to appeal ended.
    late = int(row.recorded_at.timestamp()) * 1_000_000 - appeal_until
    assert 0 < late <= 86_400_000_000
    assert queries.check() == []
