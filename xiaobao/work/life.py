"""A generated marketplace is lived: day by day, through the same acts as real life.

Each day is one transaction (who joins, what is lodged and withheld in the morning, the facts that
arrive until night, and the day's own number), followed by what is done about claims, and by the
run that fires its clocks. A life that is cut off anywhere goes on where it was.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.database.places import places
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.gateways.test_gateway import Settings, TestGateway
from xiaobao.kernel.clocks import DAY_US, us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of, ids_of
from xiaobao.lab.generate.figures import categories
from xiaobao.lab.generate.plans import MARKET, VERSION
from xiaobao.ledger import queries as ledger_now
from xiaobao.orders import acts as orders
from xiaobao.orders import queries as orders_now
from xiaobao.promises import acts as promises
from xiaobao.promises import queries as promises_now
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as sellers_now
from xiaobao.work import announcing, inspecting, jury, leaving, reviewing, sampling, selling
from xiaobao.work.claiming import ClaimDays
from xiaobao.work.rare import lived
from xiaobao.work.run import pass_time
from xiaobao.work.wishes import freezes

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.deposits.facts import Requirements
    from xiaobao.kernel.columns import Int
    from xiaobao.lab.generate.marketplace import Marketplace
    from xiaobao.lab.generate.plans import Plan
    from xiaobao.work.run import Progress

WHOLE_BPS = 10_000
SIGNED_BY = "demo"
_INSTANT = timedelta(microseconds=1)
# What is done after the last day counts as one day more.
_END = 1


class MarketplaceStands(Problem):
    """The database holds another marketplace than the one asked for."""

    code = "demo_marketplace_stands"
    zh = (
        "这个数据库里已有{what_zh}，不会在其上再生成一个市场。"
        "请换一个新的家目录再运行：XIAOBAO_HOME=/新的/目录 xiaobao demo …"
    )
    en = (
        "this database holds {what_en} already; no second marketplace is lived on top of it. "
        "Use a fresh home: XIAOBAO_HOME=/a/new/folder xiaobao demo …"
    )


def words_of(plan: Plan) -> str:
    """The plan in one line: what tells one generated marketplace from another."""
    return (
        f"seed={plan.seed} sellers={plan.sellers} orders={plan.orders} days={plan.days} "
        f"from={plan.first_day.isoformat()} generator={VERSION}"
    )


def live(market: Marketplace, *, progress: Progress) -> None:
    """Live a marketplace from where it stands to its end.

    :raises MarketplaceStands: if the database holds anything else
    """
    plan = market.plan
    market_id, recorded = _begin(plan)
    days, evenings = ClaimDays(market), lived.Evenings(market)
    if _is_over(plan):
        return
    if recorded and not _was_served(plan, recorded):
        # The last day kept may have been cut off before its claims moved or its clocks fired.
        _live_people(days, evenings, recorded - 1)
        pass_time(_night(plan, recorded - 1))
    for day in range(recorded, plan.days):
        _record_day(market, day, market_id)
        _live_people(days, evenings, day)
        pass_time(_night(plan, day))
        progress(day + 1, plan.days, f"{plan.day_starts(day) + timedelta(hours=12):%Y-%m-%d}")
    if not _was_served(plan, plan.days):
        lived.end(market)
        execute("UPDATE work_life SET claimed = %s", [plan.days + _END])


def _is_over(plan: Plan) -> bool:
    """Whether its last day was lived, and what comes after that was done."""
    ((claimed,),) = fetch_rows("SELECT claimed FROM work_life")
    return bool(claimed >= plan.days + _END)


def _was_served(plan: Plan, recorded: int) -> bool:
    """Whether it was lived to its end and served: whoever serves it fires its clocks from then on.

    What was paid meanwhile went through the Alipay beside it, which is not asked here: the test
    gateway would be asked to move it again.
    """
    if recorded < plan.days:
        return False
    until = lived_until()
    has_gone_on = until is not None and until > _night(plan, recorded - 1)
    return has_gone_on or places().local_alipay.is_dir()


def _live_people(days: ClaimDays, evenings: lived.Evenings, day: int) -> None:
    """The day's claims and its evening, once: what clocks did since does not come in between."""
    ((claimed,),) = fetch_rows("SELECT claimed FROM work_life")
    if claimed <= day:
        days.live(day)
        evenings.live(day)
        execute("UPDATE work_life SET claimed = %s", [day + 1])


def _begin(plan: Plan) -> tuple[int, int]:
    """The market's number, and how many days are recorded."""
    asked = words_of(plan)
    rows = fetch_rows("SELECT plan, days FROM work_life")
    if not rows:
        _check_empty()
        with transaction.atomic():
            promises.publish_pack(MARKET, at=plan.day_starts(0))
            execute("INSERT INTO work_life (life, plan, days) VALUES (1, %s, 0)", [asked])
        rows = [(asked, 0)]
    known, days = rows[0]
    if known != asked:
        raise MarketplaceStands(
            what_zh=f"另一个生成的市场（{known}）", what_en=f"another one ({known})"
        )
    if days == 0:
        TestGateway().set_behaviour(Settings(seed=plan.seed))
    return promises_now.market(MARKET).market_id, days


def _check_empty() -> None:
    """:raises MarketplaceStands: if anybody trades here"""
    people = sum(sellers_now.counts_by_standing().values())
    held = orders_now.counts().orders
    if people or held:
        raise MarketplaceStands(
            what_zh=f"{people} 个卖家、{held} 个订单",
            what_en=f"{people} sellers and {held} orders",
        )


def _night(plan: Plan, day: int) -> datetime:
    """The last moment of a day."""
    return plan.day_ends(day) - _INSTANT


@transaction.atomic
def _record_day(market: Marketplace, day: int, market_id: int) -> None:
    """All that happens on a day before its clocks fire; the whole of it, or nothing."""
    plan = market.plan
    morning = plan.day_starts(day)
    _join(market, market.joining_on(day), market_id, morning)
    _lodge(market, day, morning)
    if day:
        _withhold(market, day, morning)
    else:
        jury.gather(morning)
    reviewing.review_reports(morning)
    inspecting.keep_order(market, day, morning)
    sampling.watch(market, day, morning)
    announcing.announce(market, day, morning)
    leaving.leave(market, day, morning)
    orders.record_facts(selling.facts_of(market, day), market_id=market_id, at=_night(plan, day))
    execute("UPDATE work_life SET days = %s", [day + 1])


def _join(market: Marketplace, shops: Int, market_id: int, at: datetime) -> None:
    if len(shops) == 0:
        return
    names = [market.shop_names[s] for s in shops.tolist()]
    codes = [categories()[c].code for c in market.shops.category[shops].tolist()]
    ids = sellers.enrol_sellers(
        names, market_id=market_id, signed_by=SIGNED_BY, at=at, categories=codes
    )
    for shop, seller_id in zip(shops.tolist(), ids.tolist(), strict=True):
        marked = market.items_of(shop)[: int(market.shops.items_marked[shop])]
        sellers.mark_items(seller_id, marked, at=at)
        sellers.update_profile(seller_id, market.profile_of(shop), at=at)
        _insure(market, shop, seller_id, at)
    deposits.quote_deposits(ids, at=at)


def _insure(market: Marketplace, shop: int, seller_id: int, at: datetime) -> None:
    limit = int(market.shops.cover_minor[shop])
    if limit:
        deposits.add_cover(
            seller_id,
            f"cover-{market.shop_names[shop]}",
            insurer=leaving.INSURER,
            limit_minor=limit,
            begins_at=at,
            ends_at=at + timedelta(days=365),
            # Bought from the insurer before the shop joined.
            is_premium_paid=True,
            at=at,
        )


# -- the shops' mornings -------------------------------------------------------------------------


def _lodge(market: Marketplace, day: int, at: datetime) -> None:
    """Shops that are short lodge, each after its own habit."""
    ids = ids_of(market.shop_names)
    held = deposits_now.requirements(ids)
    short = held.take(held.short_since_us < FAR_US)
    if len(short) == 0:
        return
    shop = _shop_of(ids, short.seller_id)
    amount = _lodged_by(market, shop, short, at)
    asking = amount > 0
    for is_frozen in (False, True):
        rows = asking & (freezes(shop) == is_frozen)
        if rows.any():
            deposits.request_lodgements(
                short.seller_id[rows], amount[rows], keys=_key(market.plan, day), at=at,
                is_frozen=is_frozen,
            )  # fmt: skip


def _shop_of(ids: Int, seller_ids: Int) -> Int:
    by_id = np.argsort(ids)
    return np.asarray(by_id[np.searchsorted(ids[by_id], seller_ids)], np.int64)


def _lodged_by(market: Marketplace, shop: Int, short: Requirements, at: datetime) -> Int:
    """What each shop that is short sends this morning; nothing while it waits or will not."""
    plans = market.shops.take(shop)
    days_short = (us_of(at) - short.short_since_us) // DAY_US
    waits, has_lodged = deposits_now.lodging(short.seller_id)
    delay = np.where(has_lodged, plans.top_up_delay_days, plans.lodge_delay_days)
    share_bps = np.where(has_lodged, WHOLE_BPS, plans.lodge_share_bps)
    sends = ~waits & (days_short >= delay) & (plans.tops_up | ~has_lodged)
    sends &= plans.leaves_day > market.plan.day_of(us_of(at))
    missing = deposits_now.shortfalls(short.seller_id, at=at)
    return np.where(sends, missing * share_bps // WHOLE_BPS, 0)


def _withhold(market: Marketplace, day: int, at: datetime) -> None:
    """Of what was settled yesterday: the ladder's share, and whatever a debt asks for."""
    settled = selling.settlements_of(market, day - 1)
    if len(settled) == 0:
        return
    seller_ids = ids_of([market.shop_names[s] for s in settled.shop.tolist()])
    _, share_bps = deposits_now.ladder_terms(seller_ids)
    books = ledger_now.balances(seller_ids)
    debt = -books.fund[np.searchsorted(books.seller_id, seller_ids)]
    # Rounds down: the shop keeps the odd fen.
    withheld = np.maximum(settled.amount_minor * share_bps // WHOLE_BPS, debt)
    withheld = np.minimum(withheld, settled.amount_minor)
    some = withheld > 0
    if some.any():
        deposits.withhold_settlement(
            seller_ids[some], withheld[some], keys=_key(market.plan, day), at=at
        )


def _key(plan: Plan, day: int) -> int:
    """Tells a day of this marketplace from every day of any other."""
    return id_of(f"{words_of(plan)} day={day}")


def lived_until() -> datetime | None:
    """The last moment lived of the generated marketplace; None where there is none."""
    rows = fetch_rows("SELECT max(ends_at) FROM work_window WHERE NOT is_open")
    if not fetch_rows("SELECT 1 FROM work_life WHERE days > 0"):
        return None
    found: datetime | None = rows[0][0]
    return found
