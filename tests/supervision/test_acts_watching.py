"""Weeks counted, shops ranked, an inspection from its lot to the violation that it leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.orders.conftest import open_market
from tests.orders.making import batch
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.evidence.queries import lot_of
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import id_of
from xiaobao.lab.gauging import gauged
from xiaobao.orders.acts import record_facts
from xiaobao.orders.queries import orders_between
from xiaobao.outbox import acts as outbox
from xiaobao.outbox import queries as outbox_now
from xiaobao.people.facts import Actor
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind, ViolationKind
from xiaobao.supervision import acts, queries, rules
from xiaobao.supervision.facts import (
    Finding,
    InspectionEvent,
    InspectionState,
    Outcome,
    Signal,
    Watched,
)
from xiaobao.supervision.terms import JudgedBy
from xiaobao.violations import queries as violations
from xiaobao.violations.facts import Source
from xiaobao.work import figures
from xiaobao.work.decisions import DecisionUnknown, replayed
from xiaobao.work.run import run

if TYPE_CHECKING:
    from collections.abc import Iterator

MONDAY = datetime(2026, 2, 16, tzinfo=ZoneInfo("Asia/Shanghai"))
WEEK = timedelta(days=7)
FIRST = 20_500  # that Monday, in days since 1970
BAD, GOOD, TINY = "bad", "good", "tiny"
WATCHER = Actor(7, "the supervisor")


def order(shop: str, week: int, number: int, *, is_kept: bool) -> Iterator[dict[str, Any]]:
    at = MONDAY + week * WEEK + timedelta(days=number % 5, hours=10)
    name = {"seller": shop, "order": f"{shop}-{week}-{number}"}
    yield {**name, "fact": "placed", "at": at, "buyer": f"b{week}-{number}", "goods": 10_000,
           "freight": 0, "currency": "CNY"}  # fmt: skip
    yield {**name, "fact": "paid", "at": at}
    if is_kept:
        parcel = {"waybill": f"W{shop}{week}{number}"}
        yield {**name, "fact": "labelled", "at": at + timedelta(hours=2), **parcel}
        yield {**name, "fact": "scanned", "at": at + timedelta(hours=5), **parcel}
        yield {**name, "fact": "delivered", "at": at + timedelta(hours=20)}
        yield {**name, "fact": "signed", "at": at + timedelta(hours=30)}
        yield {**name, "fact": "completed", "at": at + timedelta(days=5)}


def sell(weeks: int) -> int:
    """Every week 12 orders of the bad shop, 4 never shipped; 12 good ones; one tiny, broken."""
    market = open_market("cn", (BAD, GOOD, TINY))
    rows: list[dict[str, Any]] = []
    for week in range(weeks):
        for number in range(12):
            rows += order(BAD, week, number, is_kept=number >= 4)
            rows += order(GOOD, week, number, is_kept=True)
    rows += order(TINY, 0, 0, is_kept=False)
    record_facts(batch(rows), market_id=market.market_id, at=MONDAY + weeks * WEEK)
    return market.market_id


def everything() -> list[tuple[Any, ...]]:
    return fetch_rows("SELECT * FROM supervision_week ORDER BY week, seller_id, watched")


def test_weeks_are_counted_once_they_are_settled_and_an_inspection_leads_to_a_violation(
    committed: None,
) -> None:
    market_id = sell(8)
    settled = MONDAY + 8 * WEEK + timedelta(days=14)
    early = run(settled - timedelta(seconds=1))
    assert early.this_run.counted.weeks == 7
    done = run(settled)
    assert done.this_run.counted.weeks == 1
    counted = everything()
    assert run(settled).this_run.counted == acts.Counted()
    assert everything() == counted

    # The bad shop broke 4 of 12 in each of eight weeks; one order of one proves little.
    last = FIRST + 7 * 7
    assert queries.last_week(market_id) == last
    ranked = queries.shops_ranked(market_id, Watched.ANY)
    assert [(row.seller_id, row.orders, row.broken) for row in ranked] == [
        (id_of(BAD), 96, 32), (id_of(TINY), 1, 1), (id_of(GOOD), 96, 0),
    ]  # fmt: skip
    assert ranked[0].least_bps > 2_300
    assert ranked[1].least_bps < 500 < ranked[1].rate_bps
    place = queries.BY_RATE.place(queries.BY_RATE.cursor(ranked[0]))
    assert queries.shops_ranked(market_id, Watched.ANY, place=place, limit=1) == ranked[1:2]
    shipping = queries.shops_ranked(market_id, Watched.SHIPPING)
    assert [row.seller_id for row in shipping] == [id_of(BAD), id_of(TINY)]
    chart = queries.chart_of(id_of(BAD), Watched.ANY)
    assert [(one.week, one.orders, one.broken) for one in chart] == [
        (FIRST + 7 * week, 12, 4) for week in range(8)
    ]
    assert [one.is_limited for one in chart] == [False] * 6 + [True] * 2
    assert all(one.low_bps <= one.centre_bps <= one.high_bps for one in chart)
    standing = {(row.seller_id, row.watched): row for row in queries.signals_standing(market_id)}
    assert standing[id_of(BAD), Watched.ANY].signals & Signal.RUN
    assert id_of(GOOD) not in {seller for seller, _ in standing}
    gauge(settled)
    inspect(market_id, settled)
    judged_again(9)
    gauge(settled, is_sampled=True)
    kept_figures(settled)
    clocks(market_id, settled)


def inspect(market_id: int, at: datetime) -> None:
    shop = id_of(BAD)
    given: dict[str, Any] = {"watched": Watched.ANY, "words": "far above", "by": WATCHER, "at": at}
    with pytest.raises(acts.InspectionWithoutReasons):
        acts.open_inspection(shop, key="k1", **given | {"words": " "})
    opened = acts.open_inspection(shop, key="k1", **given)
    assert acts.open_inspection(shop, key="k1", **given) == opened
    with pytest.raises(acts.InspectionKeyReused):
        acts.open_inspection(shop, key="k1", **given | {"words": "other"})
    with pytest.raises(acts.InspectionOpen):
        acts.open_inspection(shop, key="k2", **given)
    assert (opened.number, opened.population, opened.sampled) == (1, 96, 24)
    # The lot is found again from what is public, whoever asks.
    until = opened.until_at
    seed = rules.seed_of(lot_of(shop, 0, until))
    placed, _ = orders_between(shop, us_of(opened.since_at), us_of(until))
    again = rules.draw(placed, 24, seed=seed, seller_id=shop, week=FIRST + 49)
    sample = queries.sample_of(shop, 1)
    assert {one.order_id for one in sample} == set(again.tolist())
    unshipped = {one.order for one in sample if int(one.order.split("-")[2]) < 4}
    assert {one.order for one in sample if one.is_known} == unshipped

    by: dict[str, Any] = {"by": WATCHER, "at": at + timedelta(hours=1)}
    with pytest.raises(acts.OrderNotSampled):
        acts.record_findings(shop, 1, {"no such": (Finding.KEPT, "")}, key="f0", **by)
    with pytest.raises(acts.InspectionWithoutReasons):
        acts.record_findings(shop, 1, {sample[0].order: (Finding.BROKEN, "")}, key="f0", **by)
    with pytest.raises(queries.InspectionUnknown):
        acts.record_findings(shop, 9, {sample[0].order: (Finding.KEPT, "")}, key="f0", **by)
    sample.sort(key=lambda one: one.is_known)
    first = {sample[0].order: (Finding.BROKEN, "an empty box")}
    for _ in range(2):
        found = acts.record_findings(shop, 1, first, key="f1", **by)
        assert (found.found, found.broken) == (1, 1)
    with pytest.raises(acts.FindingStands):
        acts.record_findings(shop, 1, {sample[0].order: (Finding.KEPT, "")}, key="f2", **by)
    end: dict[str, Any] = {"outcome": Outcome.BREACH, "words": "empty boxes", **by}
    kind: dict[str, Any] = {"kind": ViolationKind.FAKE_SHIPMENT}
    with pytest.raises(acts.SampleUnfinished):
        acts.close_inspection(shop, 1, key="c1", **end, **kind)
    rest = {
        one.order: (Finding.BROKEN, "never came") if one.is_known else (Finding.KEPT, "")
        for one in sample[1:]
    }
    acts.record_findings(shop, 1, rest, key="f3", **by)
    with pytest.raises(acts.OutcomeContradicts):
        acts.close_inspection(shop, 1, key="c1", **end | {"outcome": Outcome.NO_BREACH})
    with pytest.raises(acts.InspectionWithoutReasons):
        acts.close_inspection(shop, 1, key="c1", **end)
    assert violations.violations_listed(seller_id=shop, limit=1)[0].source is not Source.INSPECTION
    for _ in range(2):
        closed = acts.close_inspection(shop, 1, key="c1", **end, **kind)
    assert (closed.state, closed.outcome, closed.violation) == (
        InspectionState.CLOSED, Outcome.BREACH, "sample-bad-1",
    )  # fmt: skip
    (recorded,) = [
        one for one in violations.violations_listed(seller_id=shop)
        if one.source is Source.INSPECTION
    ]  # fmt: skip
    assert (recorded.violation, recorded.units, recorded.recorded_by, recorded.words) == (
        "sample-bad-1", 1, WATCHER.name, "empty boxes",
    )  # fmt: skip
    with pytest.raises(acts.InspectionClosed):
        acts.record_findings(shop, 1, first, key="f4", **by)
    events = [(one.event, one.by) for one in queries.events_of(shop, 1)]
    assert [one for one, _ in events] == [
        InspectionEvent.OPENED, InspectionEvent.FOUND, InspectionEvent.FOUND,
        InspectionEvent.CLOSED,
    ]  # fmt: skip
    assert {who for _, who in events} == {WATCHER.name}
    # Drawn again in the same week, the same orders; none is punished a second time, nor is one
    # that a claim shows to be broken by the time it is closed. Called off, it tells nothing.
    acts.open_inspection(shop, key="k3", **given)
    drawn = {one.order: one for one in queries.sample_of(shop, 2)}
    assert {one.order_id for one in drawn.values()} == set(again.tolist())
    assert {name for name, one in drawn.items() if one.is_known} == {*unshipped, *first}
    claimed = drawn[sample[1].order]
    twice = first | rest | {claimed.order: (Finding.BROKEN, "empty as well")}
    acts.record_findings(shop, 2, twice, key="f5", **by)
    with pytest.raises(acts.OutcomeContradicts) as refused:
        acts.close_inspection(shop, 2, key="c3", **end | {"outcome": Outcome.NO_BREACH})
    assert refused.value.fields == {"broken": 1}
    with pytest.MonkeyPatch.context() as patch:
        paid = np.array([shop]), np.array([claimed.order_id])
        patch.setattr("xiaobao.claims.queries.paid_orders", lambda *_: paid)
        with pytest.raises(acts.OutcomeContradicts) as refused:
            acts.close_inspection(shop, 2, key="c3", **end, **kind)
    assert refused.value.fields == {"broken": 0}
    off = acts.close_inspection(shop, 2, outcome=Outcome.CALLED_OFF, words="twice", key="c2", **by)
    assert (off.outcome, off.violation) == (Outcome.CALLED_OFF, "")
    # A third one, looked at whole, finds one more: an order that was drawn twice counts once.
    acts.open_inspection(shop, key="k4", **given)
    assert {one.order for one in queries.sample_of(shop, 3)} == set(drawn)
    acts.record_findings(shop, 3, twice, key="f6", **by)
    last = acts.close_inspection(shop, 3, key="c4", **end, **kind)
    assert (last.outcome, last.broken) == (Outcome.BREACH, 2 + len(unshipped))
    totals = queries.sample_totals(market_id, us_of(MONDAY), us_of(at))
    assert (totals.broken, totals.known) == (2 + len(unshipped), len(unshipped))
    # What was found counts in the next week, and only what was looked at whole.
    run(at + WEEK)
    rows = {row.watched: row for row in queries.standing_of(shop, market_id)}
    counted = rows[Watched.ANY]
    assert (counted.sampled, counted.sample_broken) == (24, 2 + len(unshipped))
    with pytest.raises(acts.NothingToInspect):
        acts.open_inspection(id_of("a stranger"), key="k", **given)


def judged_again(weeks: int) -> None:
    """Every week comes out as it stands, byte for byte; a row that is tampered with is named."""
    found = list(queries.replayed_weeks())
    assert len(found) == weeks
    assert all(one.is_same and one.stored_sha256 == one.made_sha256 for one in found)
    assert sum(one.looked for one in found) == len(everything())
    monday = str(np.datetime64(FIRST + 7 * 7, "D"))
    (one,) = replayed(f"cn/week/{monday}").values()
    assert (one.is_same, one.looked) == (True, 5)
    for name in ("cn/week/2020-01-06", "cn/week/x", "no/week/2026-02-16", "cn/weeks/2026-02-16"):
        with pytest.raises(DecisionUnknown):
            replayed(name)
    by = queries.judged_by(promises.market("cn").market_id, FIRST + 7 * 7)
    assert by == queries.judged_by_now()
    with pytest.MonkeyPatch.context() as patch:
        judged_by = "xiaobao.supervision.queries.replaying.judged_by"
        # What the file says by now changes nothing: a week is judged by what was kept with it.
        today = replace(queries.watch_terms(), limit_sigmas=2)
        patch.setattr("xiaobao.supervision.queries.replaying.watch_terms", lambda: today)
        assert replayed(f"cn/week/{monday}") == {"week": one}
        patch.setattr(judged_by, lambda *_: JudgedBy(by.sha256, {**by.numbers, "limit_sigmas": 2}))
        (other,) = replayed(f"cn/week/{monday}").values()
        # Of numbers that this release does not know, nothing is compared.
        patch.setattr(judged_by, lambda *_: JudgedBy(by.sha256, {**by.numbers, "of_later": 1}))
        (unknown,) = replayed(f"cn/week/{monday}").values()
    assert {each.name for each in other.differences} <= {"low_bps", "high_bps", "funnel_bps"}
    assert other.differences
    assert (len(unknown.other_rules), unknown.differences) == (5, [])


def shown_figures(at: datetime) -> list[figures.Shown]:
    market = promises.market("cn")
    return [
        figures.payout_totals(at), figures.split_totals(at), figures.delivery_counts(at),
        figures.platform_clocks(market, 90, at=at), figures.gauge(market, 90, at=at),
    ]  # fmt: skip


def kept_figures(at: datetime) -> None:
    """Figures are kept as they are reckoned, shown so for an hour, and reckoned anew."""
    on_its_way(outbox.subscribe("one", "https://shop.example/hook", ["*"], at=at))
    here = shown_figures(at)
    assert [one.as_of for one in here] == [None] * 5
    assert all(one.told for one in here)
    assert figures.reckon_due(at) == 10
    kept = shown_figures(at)
    assert [one.as_of for one in kept] == [at] * 5
    assert [one.told for one in kept] == [one.told for one in here]
    market = promises.market("cn")
    for fresh in (
        figures.platform_clocks(market, 90, at=at, is_fresh=True),
        figures.gauge(market, 90, at=at, is_fresh=True),
    ):
        assert fresh.as_of is None
        assert fresh.told in [one.told for one in here]
    # What happens since is seen once they are reckoned again; nothing older than an hour is shown.
    on_its_way(outbox.subscribe("two", "https://shop.example/hook", ["*"], at=at))
    now = outbox_now.delivery_counts()
    assert len(now) == 2
    assert figures.delivery_counts(at) == kept[2]
    assert figures.delivery_counts(at + figures.YOUNG) == (now, None)
    assert figures.delivery_counts(at - timedelta(seconds=1)) == (now, None)
    assert figures.reckon_due(at + timedelta(seconds=1)) == 0
    # However long one takes, it is never too old to be shown.
    execute("UPDATE work_figure SET took_us = 1000000000000")
    later = at + figures.YOUNG / 2
    assert figures.reckon_due(later - timedelta(seconds=1)) == 0
    assert figures.reckon_due(later) == 10
    assert figures.delivery_counts(later) == (now, later)


@pytest.mark.django_db
def test_a_figure_that_raises_stands_in_no_others_way(monkeypatch: pytest.MonkeyPatch) -> None:
    open_market("cn", (GOOD,))
    at = MONDAY
    real = figures._every

    def one_raises(of: datetime) -> list[figures.Figure]:
        def raises(_: Any) -> Any:
            raise ZeroDivisionError(f"no share of\n{at}")

        every = real(of)
        return [every[0]._replace(reckon=raises), *every[1:]]

    count, name = len(real(at)), real(at)[0].name
    monkeypatch.setattr(figures, "_every", one_raises)
    assert figures.reckon_due(at) == count - 1
    assert fetch_rows("SELECT count(*) FROM work_figure") == [(count - 1,)]
    said = f"ZeroDivisionError: no share of {at}"
    assert figures.failing_figures() == [(name, at, at, said)]
    # Tried again in a while, and shown since when.
    assert figures.reckon_due(at + timedelta(seconds=1)) == 0
    first, at = at, at + figures.AGAIN
    figures.reckon_due(at)
    said = f"ZeroDivisionError: no share of {at}"
    assert figures.failing_figures() == [(name, first, at, said)]
    monkeypatch.setattr(figures, "_every", real)
    figures.reckon_due(at + figures.AGAIN)
    assert figures.failing_figures() == []
    assert fetch_rows("SELECT count(*) FROM work_figure") == [(count,)]


def on_its_way(subscription: int) -> None:
    """Every event ever told, to this subscriber."""
    execute(
        "INSERT INTO outbox_delivery (seller_id, subscription, event, kind, next_at) SELECT "
        "seller_id, %s, event, kind, 'epoch' FROM outbox_event",
        [subscription],
    )


def gauge(at: datetime, *, is_sampled: bool = False) -> None:
    """What the bad sales of eight weeks cost, and how many of them came to light."""
    found = gauged("cn", days=90, at_us=us_of(at))
    samples = found["samples"]
    assert (samples.broken > samples.known) == is_sampled
    found_bps = samples.known * 10_000 // samples.broken if is_sampled else 10_000
    # 33 were never shipped, which breaks two promises of one group: 2 % or 5 % of 100.00 gained,
    # 20.00 paid for both together.
    for row, (promise, category, gain) in zip(found["rows"], (
        ("late_shipment", None, 200), ("late_shipment", "general", 200),
        ("out_of_stock", None, 500), ("out_of_stock", "general", 500),
    ), strict=True):  # fmt: skip
        assert (row["promise"], row["category"], row["bad_sales"]) == (promise, category, 33)
        assert (row["mean_gain_minor"], row["mean_sanction_minor"]) == (gain, 2_000)
        assert row["scenarios"]["measured"] == {
            "pays": False, "found_bps": found_bps, "upheld_bps": 10_000,
            "expected_sanction_minor": 2_000 * found_bps // 10_000,
            "break_even_minor": -(-gain * 10_000 // found_bps), "smallest_floor_minor": 0,
        }  # fmt: skip
        few = row["scenarios"]["few_complain"]
        assert (few["pays"], few["expected_sanction_minor"]) == (True, 48)
        # Four in a hundred complain, six in ten of those are upheld: 240 of 10,000.
        assert few["break_even_minor"] == -(-gain * 10_000 // 240)
    assert gauged("cn", days=3, at_us=us_of(at))["rows"] == []
    assert gauged("cn", days=90, at_us=us_of(at), seller_id=id_of(GOOD))["rows"] == []


def clocks(market_id: int, at: datetime) -> None:
    """Every payout is counted once: those that arrived within a day, and those that did not."""
    rows = queries.platform_clocks(0, us_of(at), market_id=market_id)
    paid = [one for one in rows if one.clock is ClockKind.RULING_EXECUTION]
    ((payouts, in_time, ended),) = fetch_rows(
        "SELECT count(*), count(*) FILTER (WHERE ended_at <= created_at + interval '24 hours'), "
        "count(ended_at) FROM advances_payout WHERE created_at < %s AND state <> 6", [at]
    )  # fmt: skip
    assert payouts > 0
    assert sum(one.met for one in paid) == in_time
    assert sum(one.ended for one in paid) == ended
    assert sum(one.met + one.late + one.running for one in paid) == payouts
    assert {one.clock for one in rows} <= set(ClockKind)
    assert queries.platform_clocks(0, us_of(MONDAY - WEEK), market_id=market_id) == []
