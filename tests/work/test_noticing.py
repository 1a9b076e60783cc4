"""Sellers are told of an announced version: once each, in words, by their own orders."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.later_pack import announced_pack, china_pack
from tests.orders.conftest import open_market
from tests.orders.making import START, batch, fact, placed
from xiaobao.kernel.references import id_of
from xiaobao.orders.acts import record_facts
from xiaobao.orders.facts import BreachKind
from xiaobao.outbox.queries import events_of
from xiaobao.promises import queries as promises
from xiaobao.promises.acts import withdraw_pack
from xiaobao.promises.packs import read_files
from xiaobao.sellers import acts, queries
from xiaobao.work import noticing

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.promises.facts import Market, Version

TOLD = START + timedelta(days=30)
SHOP, OTHER = id_of("shop"), id_of("other shop")


@pytest.fixture
def market(db: None) -> Market:
    """One shop that shipped a day late what cost 400 yuan, and one that never sold anything."""
    opened = open_market()
    rows = [placed(goods=40_000), fact("paid", 0.1), fact("scanned", 60), fact("delivered", 80)]
    record_facts(batch(rows), market_id=opened.market_id, at=START + timedelta(days=10))
    return opened


@pytest.fixture
def version(market: Market, tmp_path: Path) -> Version:
    """Late shipping costs 8 % and not 5 % from a month after the order on."""
    assert market.name == "cn"
    return announced_pack(
        china_pack(tmp_path / "pack"), "v2", at=TOLD, days=16, bps=800, is_major=True
    )


def told(*seller_ids: int) -> list[tuple[int, int, int]]:
    events = events_of(np.array(seller_ids))
    rows = zip(
        events.seller_id.tolist(), events.subject_id.tolist(), events.amount_minor.tolist(),
        events.kind.tolist(), strict=True,
    )  # fmt: skip
    return [(seller, pack, more) for seller, pack, more, kind in rows if kind == 406]


def test_every_seller_is_told_once_what_changes_for_it(market: Market, version: Version) -> None:
    assert noticing.tell_announced(TOLD) == 2
    assert sorted(told(SHOP, OTHER)) == sorted(
        [(SHOP, version.pack_id, 1000), (OTHER, version.pack_id, 0)]
    )
    (mine,) = queries.notices_of(SHOP)
    assert (mine.orders, mine.before_minor, mine.after_minor) == (1, 2000, 3000)
    changed, replayed, kind, limits, choice = (line["en"] for line in mine.lines)
    assert changed == (
        "From 2025-11-16, what a breach pays · late shipping: share paid from 5% to 8% "
        "(clause 'Ships on time', cn.ship.late)"
    )
    assert replayed == "Its own orders (1) judged once more: ¥20.00 in all, then ¥30.00"
    assert kind == "late shipping: 1 for ¥20.00, then 1 for ¥30.00"
    assert limits.endswith("orders to come are not known")
    assert choice.startswith("Until 2025-11-16: accept it, or object and leave")
    assert "自 2025-11-16 起" in mine.lines[0]["zh"]
    (other,) = queries.notices_of(OTHER)
    assert (other.orders, other.before_minor, other.after_minor) == (0, 0, 0)
    assert other.lines[1]["zh"] == "还没有订单可算"

    assert noticing.tell_announced(TOLD + timedelta(days=1)) == 0
    assert queries.notices_of(SHOP) == [mine]
    assert len(told(SHOP, OTHER)) == 2
    # Who joins while it is announced is told as well.
    new = acts.enrol_sellers(["new"], market_id=market.market_id, signed_by="x", at=TOLD)
    assert noticing.tell_announced(TOLD + timedelta(days=2)) == 1
    assert told(int(new[0])) == [(int(new[0]), version.pack_id, 0)]


def test_nobody_is_told_of_what_is_withdrawn_or_in_force(version: Version) -> None:
    assert noticing.tell_announced(version.effective_at) == 0
    withdrawn = withdraw_pack("cn", "v2", why="x", by="operator", at=TOLD)
    assert noticing.tell_announced(TOLD) == 0
    assert acts.tell_of_withdrawal(withdrawn) == 0
    assert told(SHOP, OTHER) == []


def test_who_was_told_is_told_of_the_withdrawal_once(version: Version) -> None:
    noticing.tell_announced(TOLD)
    withdrawn = withdraw_pack("cn", "v2", why="x", by="operator", at=TOLD)
    assert acts.tell_of_withdrawal(withdrawn) == 2
    assert acts.tell_of_withdrawal(withdrawn) == 0
    events = events_of(np.array([SHOP]))
    assert events.subject_id[events.kind == 409].tolist() == [version.pack_id]


def test_a_pack_of_ones_own_is_tried_before_it_is_announced(
    market: Market, tmp_path: Path
) -> None:
    files = read_files("cn")
    turn = noticing.turn_to(market, files, at=TOLD)
    assert noticing.impact_on(turn, SHOP).lines == ()
    late = "late_shipment,2025-02-13,,true,500"
    files["compensation.csv"] = files["compensation.csv"].replace(late, late[:-3] + "250")
    found = noticing.impact_on(noticing.turn_to(market, files, at=TOLD), SHOP)
    (kind,) = found.impact.kinds
    assert (kind.kind, kind.before, kind.before_minor, kind.after, kind.after_minor) == (
        BreachKind.LATE_SHIPMENT, 1, 2000, 1, 1000,
    )  # fmt: skip
    # Only asked: nobody was told, and nothing is announced.
    assert told(SHOP, OTHER) == []
    assert len(promises.packs()) == 1


def test_a_change_for_another_category_is_not_told(market: Market) -> None:
    """Both shops are of the general category: what changes for phones is nothing to them."""
    files = read_files("cn")
    phones = "phones,2014-03-15,,1000000"
    files["deposit.csv"] = files["deposit.csv"].replace(phones, "phones,2014-03-15,,1100000")
    assert noticing.impact_on(noticing.turn_to(market, files, at=TOLD), SHOP).lines == ()
    files["deposit.csv"] = files["deposit.csv"].replace(
        "general,2014-03-15,,100000", "general,2014-03-15,,110000"
    )
    lines = noticing.impact_on(noticing.turn_to(market, files, at=TOLD), SHOP).lines
    assert len(lines) == 4
    assert "General: base from ¥1,000.00 to ¥1,100.00" in lines[0][1]
    assert lines[1][1] == (
        "Its own orders (1) judged once more: nothing changes, ¥20.00 as before"
    )
    assert lines[2] == (
        "照店铺至今的情况，应缴保证金：¥1,000.00，改为 ¥1,100.00",
        "Deposit asked for, as the shop stands: ¥1,000.00, then ¥1,100.00",
    )
