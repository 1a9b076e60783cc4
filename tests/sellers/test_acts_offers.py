"""Promises chosen, items covered, profiles; in PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import id_of, ids_of
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import Promise
from xiaobao.sellers import acts, queries
from xiaobao.sellers.acts import (
    ItemNameCollides,
    ItemNotNameable,
    MarkTooEarly,
    ProfileFieldUnknown,
    PromiseIsBasic,
    PromiseNotOffered,
    SellerNotActive,
    SellerUnknown,
)
from xiaobao.sellers.facts import Event, MarkReport

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market

AT = datetime(2026, 3, 1, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def shop(cn: Market) -> int:
    return int(
        acts.enrol_sellers(["a shop"], market_id=cn.market_id, signed_by="the seller", at=AT)[0]
    )


def basic_and_other(cn: Market) -> tuple[list[Promise], list[Promise]]:
    known = promises.promises_of(cn.market_id, us_of(AT))
    return [p.promise for p in known if p.is_basic], [p.promise for p in known if not p.is_basic]


def marks() -> int:
    return int(fetch_rows("SELECT count(*) FROM sellers_mark")[0][0])


def covered(shop: int, item: str, at: datetime) -> bool:
    at_us = np.array([us_of(at)])
    return bool(queries.covered(np.array([shop]), ids_of([item]), at_us)[0])


def test_a_promise_chosen_runs_from_then_and_one_dropped_until_then(cn: Market, shop: int) -> None:
    basic, other = basic_and_other(cn)
    assert len(other) >= 2
    chosen = acts.choose_promises(shop, [*basic, other[0]], at=AT + HOUR)
    assert chosen == sorted([*basic, other[0]])
    acts.choose_promises(shop, [*basic, other[1]], at=AT + 2 * HOUR)
    acts.choose_promises(shop, [*basic, other[1]], at=AT + 3 * HOUR)
    spans = {
        (p.promise, p.began_at, p.ended_at)
        for p in queries.promises_of(shop)
        if p.promise in other
    }
    assert spans == {
        (other[0], AT + HOUR, AT + 2 * HOUR), (other[1], AT + 2 * HOUR, None),
    }  # fmt: skip
    asked = [us_of(AT), us_of(AT + HOUR), us_of(AT + 2 * HOUR)]
    given = queries.promised(
        np.full(3, shop), np.full(3, int(other[0])), np.array(asked, np.int64)
    )
    assert given.tolist() == [False, True, False]


def test_a_basic_promise_cannot_be_dropped_nor_an_unknown_one_given(cn: Market, shop: int) -> None:
    basic, _ = basic_and_other(cn)
    before = queries.promises_of(shop)
    with pytest.raises(PromiseIsBasic) as refused:
        acts.choose_promises(shop, basic[1:], at=AT + HOUR)
    assert basic[0].name.lower() in refused.value.says("en")
    unknown = [
        p
        for p in Promise
        if p not in {r.promise for r in promises.promises_of(cn.market_id, us_of(AT))}
    ]
    for promise in unknown[:1]:
        with pytest.raises(PromiseNotOffered):
            acts.choose_promises(shop, [*basic, promise], at=AT + HOUR)
    assert queries.promises_of(shop) == before


def test_items_are_covered_from_their_mark_until_their_unmark(shop: int) -> None:
    names = ["a cup", "杯子", "a cup"]
    assert acts.mark_items(shop, names, at=AT + HOUR) == MarkReport(2, 0)
    assert acts.mark_items(shop, ["a cup", "a pot"], at=AT + 2 * HOUR) == MarkReport(1, 1)
    assert acts.unmark_items(shop, ["a cup", "never seen"], at=AT + 3 * HOUR) == MarkReport(1, 1)
    assert acts.unmark_items(shop, ["a cup"], at=AT + 4 * HOUR) == MarkReport(0, 1)
    assert marks() == 4
    moments = [AT, AT + HOUR, AT + 2 * HOUR, AT + 3 * HOUR, AT + 5 * HOUR]
    assert [covered(shop, "a cup", at) for at in moments] == [False, True, True, False, False]
    assert [covered(shop, "杯子", at) for at in moments] == [False, True, True, True, True]
    assert not covered(shop, "never seen", AT + 5 * HOUR)
    assert not covered(shop + 1, "a cup", AT + HOUR)
    rows = queries.items_of(shop)
    assert [(r.name, r.is_marked, r.since) for r in rows] == [
        ("a cup", False, AT + 3 * HOUR),
        ("a pot", True, AT + 2 * HOUR),
        ("杯子", True, AT + HOUR),
    ]
    assert [r.name for r in queries.items_of(shop, only_marked=True)] == ["a pot", "杯子"]
    assert acts.mark_items(shop, ["a cup"], at=AT + 6 * HOUR) == MarkReport(1, 0)
    assert covered(shop, "a cup", AT + 6 * HOUR)
    assert not covered(shop, "a cup", AT + 5 * HOUR)


def test_one_act_marks_under_one_batch(shop: int) -> None:
    acts.mark_items(shop, ["a cup", "a pot"], at=AT + HOUR)
    acts.mark_items(shop, ["a jug"], at=AT + 2 * HOUR)
    batches = fetch_rows("SELECT batch, count(*) FROM sellers_mark GROUP BY batch ORDER BY 2")
    assert [count for _, count in batches] == [1, 2]


def test_a_mark_before_the_latest_is_refused_and_nothing_moves(shop: int) -> None:
    acts.mark_items(shop, ["a cup"], at=AT + 2 * HOUR)
    for at in (AT + HOUR, AT + 2 * HOUR):
        with pytest.raises(MarkTooEarly):
            acts.unmark_items(shop, ["a cup"], at=at)
    with pytest.raises(ItemNotNameable):
        acts.mark_items(shop, ["a pot", " "], at=AT + 3 * HOUR)
    assert marks() == 1


def test_an_item_name_that_meets_another_in_one_id_is_refused(
    shop: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xiaobao.sellers.acts import marking

    acts.mark_items(shop, ["a cup"], at=AT + HOUR)
    acts.unmark_items(shop, ["a cup"], at=AT + 2 * HOUR)
    monkeypatch.setattr(
        marking, "ids_of", lambda names: np.full(len(names), id_of("a cup"), np.int64)
    )
    with pytest.raises(ItemNameCollides):
        acts.mark_items(shop, ["a twin"], at=AT + 3 * HOUR)
    assert marks() == 2


def test_outside_the_guarantee_nothing_is_offered(cn: Market, shop: int) -> None:
    invited = int(acts.invite_sellers(["a guest"], market_id=cn.market_id, at=AT)[0])
    with pytest.raises(SellerNotActive):
        acts.mark_items(invited, ["a cup"], at=AT)
    with pytest.raises(SellerNotActive):
        acts.choose_promises(invited, [], at=AT)
    with pytest.raises(SellerUnknown):
        acts.mark_items(5, ["a cup"], at=AT)
    # Who is leaving may still take items out of the guarantee.
    acts.mark_items(shop, ["a cup"], at=AT + HOUR)
    acts.move_sellers(np.array([shop]), Event.LEAVE, at=AT + 2 * HOUR)
    assert acts.unmark_items(shop, ["a cup"], at=AT + 3 * HOUR) == MarkReport(1, 0)
    with pytest.raises(SellerNotActive):
        acts.mark_items(shop, ["a cup"], at=AT + 4 * HOUR)


def test_a_profile_is_set_part_by_part(shop: int) -> None:
    assert queries.profile_completeness(shop).complete_bps == 0
    first = acts.update_profile(shop, {"phone": "0571-1", "legal_name": "某某店"}, at=AT)
    assert first.complete_bps == 3_500
    second = acts.update_profile(shop, {"phone": "", "about": "cups"}, at=AT + HOUR)
    assert second.complete_bps == 2_500
    assert queries.profile_of(shop)["legal_name"] == "某某店"
    assert "phone" in [p.field for p in second.missing]
    with pytest.raises(ProfileFieldUnknown) as refused:
        acts.update_profile(shop, {"fax": "1"}, at=AT)
    assert "return_address" in refused.value.says("zh")
    with pytest.raises(SellerUnknown):
        acts.update_profile(5, {"phone": "1"}, at=AT)
    assert queries.profile_completeness(shop) == second
