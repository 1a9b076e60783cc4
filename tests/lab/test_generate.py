"""A generated marketplace: the same from the same seed, shaped by its figures, told as it is."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from xiaobao.evidence.facts import Media
from xiaobao.evidence.rules.fingerprints import distance, fingerprint
from xiaobao.kernel.columns import FAR_US
from xiaobao.lab.generate.claims import of_day
from xiaobao.lab.generate.days import peak_day
from xiaobao.lab.generate.figures import CERTAINTIES, SOURCES, categories, figures
from xiaobao.lab.generate.marketplace import Marketplace, generate
from xiaobao.lab.generate.plans import DAY_US, NEVER, Fate, LodgeHabit, Plan, ShopKind
from xiaobao.lab.generate.showing import picture
from xiaobao.orders.facts import FACT_SCHEMA, CancelReason, FactKind

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Columns

# What seed 7 makes at the default size: where this changes, `plans.VERSION` goes up.
PINNED_FATES = {
    "SHIPPED": 18111, "SHIPPED_LATE": 871, "UNPAID": 325, "BUYER_CANCELLED": 257,
    "OUT_OF_STOCK": 102, "PRICE_RISE": 24, "SELECTIVE": 21, "DISGUISED": 12,
    "FAKE": 78, "VANISHED": 199,
}  # fmt: skip
PINNED_FACTS = 250_911
PINNED_GOODS = 246_729_670
PINNED_CHEATED = 377
PINNED_CLAIMS = 196
SMALL = Plan(seed=7, sellers=12, orders=300, days=30)


@pytest.fixture(scope="module")
def small() -> Marketplace:
    return generate(SMALL)


@pytest.fixture(scope="module")
def market() -> Marketplace:
    return generate(Plan())


def columns_of(made: Columns) -> dict[str, list[int]]:
    return {name: column.tolist() for name, column in made.as_dict().items()}


def test_the_same_plan_makes_the_same_marketplace(small: Marketplace) -> None:
    again = generate(SMALL)
    assert again.facts.equals(small.facts)
    assert again.day_rows.tolist() == small.day_rows.tolist()
    assert again.shop_names == small.shop_names
    assert again.order_names == small.order_names
    for part in ("shops", "orders", "settlements", "claims"):
        assert columns_of(getattr(again, part)) == columns_of(getattr(small, part))
    assert [again.items_of(s) for s in range(12)] == [small.items_of(s) for s in range(12)]
    assert [again.profile_of(s) for s in range(12)] == [small.profile_of(s) for s in range(12)]


def test_another_seed_makes_another_marketplace(small: Marketplace) -> None:
    other = generate(dataclasses.replace(SMALL, seed=8))
    assert not other.facts.equals(small.facts)
    assert other.orders.goods_minor.tolist() != small.orders.goods_minor.tolist()


def test_the_facts_of_the_days_are_all_facts_once(small: Marketplace) -> None:
    assert sum(small.facts_of(d).num_rows for d in range(SMALL.days)) == small.facts.num_rows
    assert small.facts_of(0).slice(0, 1).equals(small.facts.slice(0, 1))


@pytest.mark.parametrize("plan", [Plan(sellers=1, orders=1, days=1), Plan(1, 3, 5, 2), SMALL])
def test_facts_have_the_agreed_shape_whatever_the_size(plan: Plan) -> None:
    made = generate(plan)
    assert made.facts.schema.equals(FACT_SCHEMA)
    made.facts.validate(full=True)
    assert len(made.orders) == plan.orders
    assert len(made.shops) == plan.sellers
    assert int(made.shops.joins_day.min()) == 0


def test_every_fact_carries_what_its_kind_needs_and_nothing_else(market: Marketplace) -> None:
    facts = market.facts
    kind = facts["fact"].to_numpy()
    needs = {
        "buyer": [FactKind.PLACED],
        "goods": [FactKind.PLACED],
        "freight": [FactKind.PLACED],
        "currency": [FactKind.PLACED],
        "category": [FactKind.PLACED],
        "route": [FactKind.PLACED],
        "reason": [FactKind.CANCELLED],
        "amount": [FactKind.REFUND_ASKED, FactKind.REFUND_PAID],
        "waybill": [FactKind.LABELLED, FactKind.SCANNED],
        "item": [FactKind.LINE],
        "title": [FactKind.LINE],
        "quantity": [FactKind.LINE],
        "price": [FactKind.LINE],
    }
    for name, kinds in needs.items():
        given = facts[name].is_valid().to_numpy()
        assert (given == np.isin(kind, kinds)).all(), name
    promised = facts["ship_by"].is_valid().to_numpy() ^ facts["ship_hours"].is_valid().to_numpy()
    assert (promised == (kind == FactKind.PLACED)).all()


def test_lines_add_up_to_goods(market: Marketplace) -> None:
    facts = market.facts
    lines = facts.filter(pc.equal(facts["fact"], FactKind.LINE)).select(
        ["order", "item", "quantity", "price"]
    )
    once = lines.group_by(["order", "item", "quantity", "price"]).aggregate([])
    worth = once.append_column("worth", pc.multiply(once["quantity"], once["price"]))
    told = {
        row["order"]: row["worth_sum"]
        for row in worth.group_by("order").aggregate([("worth", "sum")]).to_pylist()
    }
    goods = dict(zip(market.order_names, market.orders.goods_minor.tolist(), strict=True))
    # A line or two may arrive after the end; everything told before it adds up.
    last = market.plan.end_us - 7 * DAY_US
    placed = dict(zip(market.order_names, market.orders.placed_us.tolist(), strict=True))
    early = [name for name in goods if placed[name] < last]
    assert all(told[name] == goods[name] for name in early)


def test_nobody_sells_before_joining(market: Marketplace) -> None:
    day = (market.orders.placed_us - market.plan.start_us) // DAY_US
    assert (day >= market.shops.joins_day[market.orders.shop]).all()


def test_the_rates_lie_where_the_figures_say(market: Marketplace) -> None:
    orders, shops = market.orders, market.shops
    assert np.bincount(shops.kind).tolist() == [140, 40, 20]
    shipped = np.isin(orders.fate, [Fate.SHIPPED, Fate.SHIPPED_LATE])
    late = orders.fate == Fate.SHIPPED_LATE
    assert 0.04 < late.sum() / shipped.sum() < 0.14  # 9.3 in a hundred before volumes weigh in
    assert 110_00 < orders.goods_minor.mean() < 165_00
    assert 0.8 < np.log(orders.goods_minor).std() < 1.1
    volume = np.sort(np.bincount(orders.shop, minlength=200))[::-1]
    assert 0.5 < volume[:20].sum() / volume.sum() < 0.8
    by_day = np.bincount((orders.placed_us - market.plan.start_us) // DAY_US)
    assert int(by_day.argmax()) == peak_day(market.plan) == 102  # 11 November
    assert 5 < by_day.max() / np.median(by_day) < 8
    assert 0.005 < orders.complains.sum() / orders.is_harmed.sum() < 0.1


def test_a_pinned_seed_is_pinned(market: Marketplace) -> None:
    orders = market.orders
    fates = {f.name: int((orders.fate == f).sum()) for f in Fate}
    assert fates == PINNED_FATES
    assert market.facts.num_rows == PINNED_FACTS
    assert int(orders.goods_minor.sum()) == PINNED_GOODS
    assert int(orders.is_cheated.sum()) == PINNED_CHEATED


def test_only_cheats_cheat(market: Marketplace) -> None:
    kind = market.shops.kind[market.orders.shop]
    bait = np.isin(market.orders.fate, [Fate.PRICE_RISE, Fate.SELECTIVE, Fate.DISGUISED])
    assert set(kind[bait].tolist()) == {ShopKind.CHEATING}
    assert (kind[market.orders.fate == Fate.FAKE] != ShopKind.GOOD).all()


def test_a_shop_that_is_gone_does_nothing_more(market: Marketplace) -> None:
    shops, orders = market.shops, market.orders
    assert (shops.kind[shops.leaves_day < NEVER] == ShopKind.CHEATING).all()
    assert (shops.leaves_day < NEVER).sum() > 2
    day = (orders.placed_us - market.plan.start_us) // DAY_US
    assert (day < shops.leaves_day[orders.shop]).all()
    vanished = orders.fate == Fate.VANISHED
    assert orders.is_cheated[vanished].all()
    assert (shops.leaves_day[orders.shop[vanished]] < NEVER).all()


def test_a_disguised_cancellation_reads_as_the_buyers(market: Marketplace) -> None:
    facts = market.facts
    disguised = {
        market.order_names[n] for n in np.flatnonzero(market.orders.fate == Fate.DISGUISED)
    }
    mask = pc.and_(
        pc.equal(facts["fact"], FactKind.CANCELLED),
        pc.is_in(facts["order"], value_set=pa.array(sorted(disguised), pa.large_string())),
    )
    reasons = set(facts.filter(mask)["reason"].to_pylist())
    assert disguised
    assert reasons == {CancelReason.BUYER}


def test_life_is_dirty(market: Marketplace) -> None:
    facts = market.facts
    whole = facts.group_by(facts.column_names).aggregate([])
    repeated = facts.num_rows - whole.num_rows
    assert 0.004 < repeated / facts.num_rows < 0.02
    at = facts["at"].cast("int64").to_numpy()
    assert (np.diff(at) < 0).any()  # told out of order
    starts = market.plan.start_us + np.arange(market.plan.days) * DAY_US
    arrived = np.repeat(starts, np.diff(market.day_rows))
    assert ((arrived - at) > DAY_US).sum() > 100  # told days late
    paid = whole.filter(pc.equal(whole["fact"], FactKind.PAID))
    assert paid.num_rows > len(set(paid["order"].to_pylist()))  # and contradicted
    storm = facts.filter(pc.equal(facts["fact"], FactKind.FORCE_MAJEURE))
    assert storm.num_rows > 20


def test_settlements_hold_what_was_completed(market: Marketplace) -> None:
    settled = market.settlements
    assert (settled.amount_minor > 0).all()
    assert settled.orders.sum() < len(market.orders)
    one = settled.day * len(market.shops) + settled.shop
    assert len(np.unique(one)) == len(settled)
    day = int(settled.day[0])
    assert len(market.settlements_of(day)) == int((settled.day == day).sum())


def test_shops_plan_by_their_kind(market: Marketplace) -> None:
    shops = market.shops
    stays = shops.leaves_day == NEVER
    is_new = (shops.joins_day > 0) & stays
    assert ((shops.habit == LodgeHabit.ZERO_START) == is_new).all()
    assert not shops.tops_up[~stays].any()
    assert (shops.lodge_share_bps[shops.habit != LodgeHabit.SHORT] == 10_000).all()
    assert (shops.items_marked <= shops.items).all()
    assert (np.diff(market.stock.first) == shops.items).all()
    assert len(set(market.stock.names.tolist())) == len(market.stock.names)
    assert len(market.profile_of(0)) == int(shops.profile_parts[0])


def test_every_figure_says_where_it_is_from() -> None:
    for figure in figures().values():
        assert figure.source in SOURCES, figure.name
        assert figure.certainty in CERTAINTIES, figure.name
        assert figure.note
    assert sum(c.share_bps for c in categories()) == 10_000


def test_claims_are_made_truly_or_not_and_answered_each_step_on_its_day(
    market: Marketplace,
) -> None:
    claims = market.claims
    assert len(claims) == PINNED_CLAIMS
    assert len(np.unique(claims.order)) == len(claims)
    assert (np.diff(claims.filed_us) >= 0).all()
    assert (claims.filed_us < market.plan.end_us).all()
    assert (claims.filed_us >= market.orders.placed_us[claims.order]).all()
    # Made-up claims share few pictures; a true claim shows its own.
    false = claims.take(~claims.is_true)
    assert 1 < len(np.unique(false.picture)) < len(false)
    assert (false.picture < 0).all()
    assert (claims.picture[claims.is_true] == claims.order[claims.is_true]).all()
    # Whoever was harmed claims no more often than the figure says; the truth is told nowhere.
    harmed = market.orders.complains[claims.order]
    assert not (harmed & ~claims.is_true).any()
    days = [of_day(claims, market.plan, d) for d in range(market.plan.days + 10)]
    for name in ("filed_us", "answers_us", "replies_us"):
        moments = np.concatenate([getattr(day, name) for day in days])
        assert sorted(moments[moments < FAR_US]) == sorted(getattr(claims, name))
    filed, answered, replied = (
        (column - market.plan.start_us) // DAY_US
        for column in (claims.filed_us, claims.answers_us, claims.replies_us)
    )
    assert (filed < answered).all()
    assert (answered < replied).all()


def test_a_picture_shown_again_is_saved_anew_and_looks_the_same() -> None:
    again = [picture(SMALL, -2, showing) for showing in (3, 4)]
    assert again[0] != again[1]
    shown = [*again, picture(SMALL, 2, 3)]
    prints = [fingerprint(body, Media.JPEG) for body in shown]
    same, other = (distance(prints[0].phash, one.phash) for one in prints[1:])
    assert same <= 3 < other
