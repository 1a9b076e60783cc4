"""Time passes: each clock at its own moment, once, and on through any interruption."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from django.db import transaction

from tests.orders.conftest import open_market
from tests.orders.making import START, batch, hours
from tests.work.living import UNRELIABLE, UNTIL, open_marketplace, placed, standing, told
from xiaobao.deposits.acts import request_lodgements
from xiaobao.gateways.payments import Answer, Direction, Movement, Result
from xiaobao.gateways.test_gateway import Settings, TestGateway
from xiaobao.kernel.money import as_json
from xiaobao.kernel.references import ids_of
from xiaobao.ledger.queries import balances, check, statement
from xiaobao.orders.acts import record_facts
from xiaobao.work.reconciling import Difference, reconcile
from xiaobao.work.run import run
from xiaobao.work.windows import Window, window_from

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from xiaobao.gateways.payments import Query
    from xiaobao.promises.facts import Market

RELIABLE = Settings(0, 0, 0, 0, 0)
DAY_US = 86_400_000_000


@pytest.fixture
def gateway(tmp_path: Path) -> TestGateway:
    made = TestGateway(tmp_path / "gateway")
    made.set_behaviour(RELIABLE)
    return made


@pytest.fixture
def cn(db: None) -> Market:
    return open_market("cn")


def yuan(fen: int) -> dict[str, Any]:
    return as_json(fen, "CNY")


def late_order(cn: Market) -> None:
    """Goods of 1,000.00 paid at hour 1, first scanned at hour 60: late since hour 49."""
    rows = [
        placed("A", 0, shop="shop", buyer="buyer", goods=100_000),
        told("paid", "A", 1, "shop"),
        *(told("scanned", "A", at, "shop") for at in (60, 70)),
        told("delivered", "A", 80, "shop"),
    ]
    record_facts(batch(rows), market_id=cn.market_id, at=hours(100))


def test_a_late_parcel_pays_its_buyer_by_itself(cn: Market, gateway: TestGateway) -> None:
    late_order(cn)
    report = run(UNTIL, gateway=gateway).as_dict()
    assert report["until"] == UNTIL
    assert report["by_promise"] == {
        "late_shipment": {"count": 1, "total": yuan(3_000), "platform": yuan(0)}
    }
    assert report["payouts"] == {"confirmed": {"count": 1, "total": yuan(3_000)}}
    sums = {name: report[name]["amount"] for name in ("paid_to_buyers", "advanced", "debts")}
    assert sums == {"paid_to_buyers": 3_000, "advanced": 3_000, "debts": 3_000}
    assert report["this_run"]["breaches_found"] == 1
    assert gateway.totals() == [(Direction.OUT, "CNY", 1, 3_000)]
    # Decided and paid at its own moment, however late the run.
    shop = int(ids_of(["shop"])[0])
    assert [line.at for line in statement(shop)] == [hours(49), hours(49)]
    assert check() == []


def test_running_again_changes_nothing(cn: Market, gateway: TestGateway) -> None:
    late_order(cn)
    first = run(UNTIL, gateway=gateway).as_dict()
    before = standing()
    again = run(UNTIL, gateway=gateway).as_dict()
    assert standing() == before
    assert set(again.pop("this_run").values()) == {0}
    del first["this_run"]
    assert again == first


def test_nothing_fires_before_it_is_due(cn: Market, gateway: TestGateway) -> None:
    late_order(cn)
    just_before = hours(49) - timedelta(microseconds=1)
    assert run(just_before, gateway=gateway).this_run.settled.found == 0
    assert run(hours(49), gateway=gateway).this_run.settled.found == 1


def test_day_by_day_comes_to_the_same_as_all_at_once(db: None, tmp_path: Path) -> None:
    open_marketplace(orders=80)
    reports = []
    # Cut at midnights of the market's zone, where windows end anyway.
    midnight = START.replace(hour=16) - timedelta(days=1)
    cuts = (
        [UNTIL],
        [*(midnight + timedelta(days=n, microseconds=-1) for n in range(1, 50)), UNTIL],
    )
    for name, moments in zip("ab", cuts, strict=True):
        with transaction.atomic():
            gateway = TestGateway(tmp_path / name)
            gateway.set_behaviour(UNRELIABLE)
            for moment in moments:
                report = run(moment, gateway=gateway).as_dict()
            del report["this_run"]
            reports.append((report, standing(), gateway.bill()))
            transaction.set_rollback(True)
    assert reports[0] == reports[1]


def test_the_whole_life_is_sound_and_both_books_agree(db: None, tmp_path: Path) -> None:
    open_marketplace(orders=150)
    gateway = TestGateway(tmp_path / "gateway")
    gateway.set_behaviour(UNRELIABLE)
    report = run(UNTIL, gateway=gateway)
    fired = report.this_run
    assert check() == []
    # Everything went wrong at least once, and came right.
    assert min(fired.answers.failed, fired.answers.unknown, fired.lodgements, fired.quoted) > 0
    assert fired.answers.paid_minor == fired.settled.buyers_minor
    assert fired.answers.confirmed == sum(t.count for t in report.payouts)
    # Some compensations are punitive alone: nothing of them goes out.
    assert fired.answers.confirmed < fired.settled.paid
    assert {t.state.name for t in report.payouts} == {"CONFIRMED"}
    assert report.sums["owed_to_buyers"]["CNY"] == 0
    borne = [f"from_{source}" for source in ("reserve", "deposit", "cover")]
    assert report.sums["paid_to_buyers"]["CNY"] + report.sums["punitive"]["CNY"] == sum(
        report.sums[name]["CNY"] for name in [*borne, "advanced"]
    )
    assert report.sums["debts"]["CNY"] == (
        report.sums["advanced"]["CNY"] - report.sums["recovered"]["CNY"]
    )
    assert fired.recovered.amount_minor == report.sums["recovered"]["CNY"] > 0
    both = reconcile(gateway)
    assert both.differences == ()
    assert both.reconciled == fired.answers.confirmed
    assert both.agreed == fired.answers.confirmed + fired.lodgements
    assert reconcile(gateway).reconciled == 0
    out, into = (t for d in Direction for t in gateway.totals() if t.direction is d)
    assert out.amount_minor == report.sums["paid_to_buyers"]["CNY"]
    assert into.movements == fired.lodgements


def test_reconciling_shows_what_only_one_book_has(cn: Market, gateway: TestGateway) -> None:
    late_order(cn)
    run(UNTIL, gateway=gateway)
    ours = gateway.bill()[0]
    stray = Movement(ours.id.__class__(int=1), "B9", 77, "CNY", 1, 0)
    gateway.transfer_out([stray])
    empty = TestGateway(gateway._folder.parent / "other")
    assert reconcile(gateway).differences == (Difference(stray.id, Direction.OUT, None, 77),)
    assert reconcile(empty).differences == (Difference(ours.id, Direction.OUT, 3_000, None),)


def test_a_deposit_that_comes_in_repays_the_debt_the_same_day(
    cn: Market, gateway: TestGateway
) -> None:
    late_order(cn)
    run(hours(60), gateway=gateway)
    shop = ids_of(["shop"])
    assert balances(shop).fund.tolist() == [-3_000]
    request_lodgements(shop, np.array([10_000]), keys=1, at=hours(61))
    report = run(hours(62), gateway=gateway)
    assert report.this_run.recovered.amount_minor == 3_000
    book = balances(shop)
    assert (book.fund.tolist(), book.deposit.tolist()) == ([0], [7_000])


class Cut(Exception):  # noqa: N818
    """The process dies here, as far as the database can tell."""


class FrailGateway:
    """A gateway whose caller dies at its nth call: before it is heard, or before it answers."""

    name, known_after_us = "frail", 0

    def __init__(self, inner: TestGateway, dies_at: int, *, after: bool) -> None:
        self.inner, self.dies_at, self.after, self.calls = inner, dies_at, after, 0

    def transfer_out(self, movements: Sequence[Movement]) -> list[Answer]:
        return self._call(lambda: self.inner.transfer_out(movements))

    def collect(self, movements: Sequence[Movement]) -> list[Answer]:
        return self._call(lambda: self.inner.collect(movements))

    def give_up(self, movements: Sequence[Movement]) -> list[Answer]:
        return self._call(lambda: self.inner.give_up(movements))

    def query(self, asked: Sequence[Query]) -> list[Answer]:
        return self._call(lambda: self.inner.query(asked))

    def now_us(self) -> int:
        return self.inner.now_us()

    def bill(self) -> Any:
        return self.inner.bill()

    def _call(self, make: Callable[[], list[Answer]]) -> list[Answer]:
        self.calls += 1
        if self.calls == self.dies_at and not self.after:
            raise Cut
        answers = make()
        if self.calls == self.dies_at:
            raise Cut
        return answers


@pytest.mark.parametrize("after", [False, True])
def test_cut_off_at_any_call_of_the_gateway_it_ends_the_same(
    db: None, tmp_path: Path, *, after: bool
) -> None:
    open_marketplace(orders=30, days=5)
    until = START + timedelta(days=10)
    plain = TestGateway(tmp_path / "plain")
    plain.set_behaviour(UNRELIABLE)
    counter = FrailGateway(plain, 0, after=False)
    with transaction.atomic():
        run(until, gateway=counter)
        expected = standing(), plain.bill()
        transaction.set_rollback(True)
    assert counter.calls > 10
    for call in range(1, counter.calls + 1, 3):
        inner = TestGateway(tmp_path / f"{call}")
        inner.set_behaviour(UNRELIABLE)
        with transaction.atomic():
            with pytest.raises(Cut):
                run(until, gateway=FrailGateway(inner, call, after=after))
            run(until, gateway=inner)
            assert (standing(), inner.bill()) == expected
            transaction.set_rollback(True)


class SilentGateway(TestGateway):
    """Loses every other answer."""

    def transfer_out(self, movements: Sequence[Movement]) -> list[Answer]:
        return super().transfer_out(movements)[::2]


def test_a_gateway_that_says_nothing_is_asked_again_and_pays_once(
    db: None, tmp_path: Path
) -> None:
    open_marketplace(orders=30, days=6)
    gateway = SilentGateway(tmp_path / "silent")
    gateway.set_behaviour(RELIABLE)
    report = run(UNTIL, gateway=gateway)
    assert report.this_run.answers.unknown > 0
    assert {t.state.name for t in report.payouts} == {"CONFIRMED"}
    assert reconcile(gateway).differences == ()


def test_results_that_make_no_sense_move_nothing(cn: Market, tmp_path: Path) -> None:
    class Forgetful(TestGateway):
        def transfer_out(self, movements: Sequence[Movement]) -> list[Answer]:
            return [Answer(m.id, Result.NOT_FOUND, 0, "", "") for m in movements]

    late_order(cn)
    report = run(hours(50), gateway=Forgetful(tmp_path / "forgetful"))
    assert report.this_run.answers.confirmed == 0
    assert balances(ids_of(["shop"])).buyers.tolist() == [3_000]


def test_windows_end_at_the_market_s_midnight_or_where_the_run_does(cn: Market) -> None:
    # 10:00 in Shanghai; midnight there is 16:00 UTC.
    start_us = 1_759_284_000_000_000
    midnight_us = start_us + 14 * 3_600_000_000
    assert window_from(start_us, start_us + DAY_US) == Window(start_us, midnight_us - 1)
    assert window_from(midnight_us, midnight_us + 5) == Window(midnight_us, midnight_us + 5)
    assert window_from(midnight_us, midnight_us + 2 * DAY_US) == Window(
        midnight_us, midnight_us + DAY_US - 1
    )
