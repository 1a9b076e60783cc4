"""Reports of force majeure: approved for a time, refused, or missed by the platform, who pays."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from django.db import connections

from tests.orders.conftest import open_market
from tests.orders.making import batch, fact, hours, placed
from xiaobao.advances.acts import settle_due_breaches
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import id_of
from xiaobao.ledger import queries as ledger
from xiaobao.orders import acts, queries
from xiaobao.orders.acts import record_facts
from xiaobao.orders.facts import BreachKind, FactKind, ReportState
from xiaobao.orders.store import reports as store
from xiaobao.promises.packs import read_files

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from xiaobao.promises.facts import Market

SELLER = id_of("shop")
# Paid at hour 0, due at hour 48; the event at hour 10, reported at hour 20, in the holidays of
# October: three working days end long after all that could break.
EVENT, TOLD, REVIEWED = hours(10), hours(20), hours(60)


def report(market: Market, order: str, scanned: float | None = None) -> None:
    rows = [placed(order), fact("paid", 0, order)]
    record_facts(batch(rows), market_id=market.market_id, at=hours(1))
    told = [fact("force_majeure", 10, order)]
    record_facts(batch(told), market_id=market.market_id, at=TOLD)
    if scanned is not None:
        rows = [fact("scanned", scanned, order, waybill="W"), fact("signed", scanned + 20, order)]
        record_facts(batch(rows), market_id=market.market_id, at=hours(scanned + 20))


def review(order: str, until: datetime | None, at: datetime = REVIEWED) -> None:
    acts.review_report(SELLER, id_of(order), until=until, words="looked into", by="desk", at=at)


def found(order: str) -> list[tuple[BreachKind, datetime, bool]]:
    rows = fetch_rows(
        "SELECT kind, due_at, is_platforms FROM orders_breach WHERE order_id = %s "
        "ORDER BY due_at, kind", [id_of(order)],
    )  # fmt: skip
    return [(BreachKind(kind), due, is_platforms) for kind, due, is_platforms in rows]


def settle(until: datetime) -> None:
    acts.lapse_reports(until_us=us_of(until))
    while settle_due_breaches(until_us=us_of(until)).found:
        pass


def test_a_report_stops_the_clock_until_it_is_reviewed_and_no_longer(cn: Market) -> None:
    report(cn, "waits")
    report(cn, "approved, kept", scanned=90)
    report(cn, "approved, late", scanned=110)
    report(cn, "refused", scanned=55)
    settle(hours(50))
    assert fetch_rows("SELECT count(*) FROM orders_breach") == [(0,)]
    # From the event to hour 60 is fifty hours: the deadline is hour 98 instead of 48.
    review("approved, kept", hours(60))
    review("approved, late", hours(60))
    review("refused", None)
    settle(hours(130))
    assert found("approved, kept") == []
    late = BreachKind.LATE_SHIPMENT
    assert found("approved, late") == [(late, hours(98), False)]
    # As if it had not been reported: late at hour 48, told once the review was given.
    assert found("refused") == [(late, hours(60), False)]
    assert found("waits") == []
    row = queries.report_of(SELLER, id_of("waits"))
    assert row is not None
    assert (row.state, row.seller, row.order, row.happened_at) == (
        ReportState.WAITING, "shop", "waits", EVENT,
    )  # fmt: skip
    with pytest.raises(acts.ReportDecided):
        review("refused", hours(60))
    # What the platform itself tells nobody else can.
    with pytest.raises(acts.FactsRefused):
        record_facts(
            batch([fact("force_reviewed", 200, "waits")]), market_id=cn.market_id, at=hours(200)
        )
    # The end of the clock: the platform is late, the fund pays for good, and nobody is blamed.
    due = row.due_at
    settle(due - timedelta(microseconds=1))
    assert found("waits") == []
    before = ledger.balances(np.array([SELLER])).as_dict()
    owes = int(before["fund"][0])
    settle(due)
    missed = found("waits")
    assert {kind for kind, _, _ in missed} == {late, BreachKind.OUT_OF_STOCK}
    assert all(when == due and is_platforms for _, when, is_platforms in missed)
    (paid,) = fetch_rows(
        "SELECT sum(buyer_grant), sum(buyer_reserve + buyer_deposit + buyer_cover + buyer_fund), "
        "sum(platform_fund + platform_deposit) FROM advances_split s JOIN orders_breach b "
        "ON b.seller_id = s.seller_id AND b.cause = s.cause WHERE b.is_platforms"
    )
    assert paid[0] > 0
    assert paid[1:] == (0, 0)
    assert int(ledger.balances(np.array([SELLER])).fund[0]) == owes
    rates = queries.breach_rates(cn.market_id, 0, us_of(due) + 1)
    assert dict(zip(rates.kind.tolist(), rates.breaches.tolist(), strict=True)) == {int(late): 2}
    with pytest.raises(acts.ReportDecided):
        review("waits", hours(60), at=due)
    (again,) = queries.replayed_breaches()
    assert (again.looked, again.is_same) == (4, True)


@pytest.mark.parametrize(
    ("until", "words", "problem"),
    [
        (hours(5), "true", acts.ReportUntilWrong),
        (hours(10) + timedelta(days=61), "true", acts.ReportUntilWrong),
        (hours(60), "  ", acts.ReportWordsMissing),
    ],
)
def test_what_cannot_be_a_review(
    cn: Market, until: datetime, words: str, problem: type[Exception]
) -> None:
    report(cn, "A")
    with pytest.raises(problem):
        acts.review_report(SELLER, id_of("A"), until=until, words=words, by="d", at=hours(30))
    with pytest.raises(acts.ReportMissing):
        acts.review_report(SELLER, id_of("B"), until=None, words="no", by="d", at=hours(30))
    assert queries.reports_waiting() == 1
    kinds = fetch_rows(
        "SELECT count(*) FROM orders_fact WHERE kind > %s", [FactKind.FORCE_MAJEURE]
    )
    assert kinds == [(0,)]


def test_what_came_in_time_by_the_terms_of_its_order_is_reviewed_whatever_holds_today(
    db: None, tmp_path: Path
) -> None:
    folder = tmp_path / "cn"
    folder.mkdir()
    for name, text in read_files("cn").items():
        (folder / name).write_text(text, encoding="utf-8")
    shipping = read_files("cn")["shipping.toml"]
    # From the day after the order was placed on, six hours instead of twenty-four.
    last = shipping[shipping.rindex("[[shipping]]") :]
    later = re.sub(r"begins = .*", "begins = 2025-10-02", last)
    later = later.replace("force_majeure_report_hours = { value = 24,",
                          "force_majeure_report_hours = { value = 6,")  # fmt: skip
    (folder / "shipping.toml").write_text(f"{shipping}\n{later}", encoding="utf-8")
    market = open_market(str(folder))
    report(market, "storm")
    row = queries.report_of(SELLER, id_of("storm"))
    assert row is not None
    settle(row.due_at)
    assert {is_platforms for _, _, is_platforms in found("storm")} == {True}


@pytest.mark.parametrize("is_late", [False, True])
def test_a_report_told_again_while_it_is_decided_waits_and_is_waited_for_by_nobody(
    committed: None, monkeypatch: pytest.MonkeyPatch, is_late: bool
) -> None:
    market = open_market()
    report(market, "storm")
    told: list[int] = []

    def tell() -> None:
        again = batch([fact("force_majeure", 11, "storm")])
        told.append(record_facts(again, market_id=market.market_id, at=hours(21)).facts_new)
        connections.close_all()

    other, decide = Thread(target=tell), store.decide_report

    def decided(*given: Any, **more: Any) -> None:
        decide(*given, **more)
        other.start()
        while not fetch_rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            assert other.is_alive()

    monkeypatch.setattr(store, "decide_report", decided)
    if is_late:
        acts.lapse_reports(until_us=us_of(hours(1_000)))
    else:
        review("storm", hours(60))
    other.join()
    assert told == [1]
    row = queries.report_of(SELLER, id_of("storm"))
    assert row is not None
    assert row.state is (ReportState.LAPSED if is_late else ReportState.APPROVED)
