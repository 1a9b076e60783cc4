"""A whole generated marketplace: shops with their plans, and the facts that arrive each day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from xiaobao.kernel.columns import FAR_US
from xiaobao.lab.generate.claims import make_claims
from xiaobao.lab.generate.figures import categories, figures, number
from xiaobao.lab.generate.journeys import is_meant, make_journeys
from xiaobao.lab.generate.plans import (
    CURRENCY,
    DAY_US,
    HOUR_US,
    NEVER,
    Claims,
    Fate,
    Orders,
    Plan,
    Settlements,
    Shops,
)
from xiaobao.lab.generate.sales import make_sales
from xiaobao.lab.generate.shops import make_shops, make_stock, shop_names
from xiaobao.lab.generate.telling import DATED_FROM_HOURS, NONE, tell
from xiaobao.orders.facts import FACT_SCHEMA, FactKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.lab.generate.journeys import Journeys
    from xiaobao.lab.generate.sales import Sales
    from xiaobao.lab.generate.shops import Stock
    from xiaobao.lab.generate.telling import Told


@dataclass(frozen=True)
class Marketplace:
    """Everything that will happen, known beforehand; days are counted from 0."""

    plan: Plan
    shops: Shops
    shop_names: list[str]
    order_names: list[str]
    orders: Orders
    stock: Stock
    settlements: Settlements
    claims: Claims
    facts: pa.Table  # FACT_SCHEMA, in the order of arrival
    day_rows: Int  # facts of day d are rows day_rows[d] to day_rows[d + 1]

    def facts_of(self, day: int) -> pa.Table:
        """The facts that arrive on a day, in the order in which they do."""
        first = int(self.day_rows[day])
        return self.facts.slice(first, int(self.day_rows[day + 1]) - first)

    def settlements_of(self, day: int) -> Settlements:
        return self.settlements.take(self.settlements.day == day)

    def joining_on(self, day: int) -> Int:
        """Shops that join on a day."""
        return np.flatnonzero(self.shops.joins_day == day)

    def items_of(self, shop: int) -> list[str]:
        """Outside names of everything a shop sells."""
        stock = self.stock
        return list(stock.names[int(stock.first[shop]) : int(stock.first[shop + 1])])

    def full_profile_of(self, shop: int) -> dict[str, str]:
        """Every part of its profile, by field."""
        return _profile(self, shop)

    def profile_of(self, shop: int) -> dict[str, str]:
        """The parts of its profile that a shop fills in, by field."""
        return dict(list(_profile(self, shop).items())[: int(self.shops.profile_parts[shop])])


def generate(plan: Plan) -> Marketplace:
    """Make the marketplace of a plan: the same plan makes the same one everywhere."""
    shops = make_shops(plan)
    stock = make_stock(plan, shops)
    sales = make_sales(plan, shops, stock)
    journeys = make_journeys(plan, shops, sales)
    told = tell(plan, sales, journeys)
    names = shop_names(plan)
    order_names = _order_names(plan, sales)
    settled = _settled(plan, sales, journeys)
    truth = _truth(plan, shops, sales, journeys, settled)
    midnights = plan.start_us + np.arange(plan.days + 1) * DAY_US
    return Marketplace(
        plan=plan,
        shops=shops,
        shop_names=names,
        order_names=order_names,
        orders=truth,
        stock=stock,
        settlements=_settlements(plan, sales, settled),
        claims=make_claims(plan, shops, sales, journeys, truth),
        facts=_table(told, sales, stock, names, order_names, shops),
        day_rows=np.searchsorted(told.arrives_us, midnights),
    )


def _order_names(plan: Plan, sales: Sales) -> list[str]:
    """Day and number, as a till prints them."""
    days = plan.first_day.toordinal() + sales.day
    dates = {d: plan.first_day.fromordinal(d).strftime("%Y%m%d") for d in np.unique(days).tolist()}
    width = max(5, len(str(len(sales))))
    return [f"{dates[d]}-{n:0{width}d}" for n, d in enumerate(days.tolist(), 1)]


def _truth(
    plan: Plan, shops: Shops, sales: Sales, j: Journeys, settled: tuple[Int, Int]
) -> Orders:
    rng = np.random.default_rng([plan.seed, 6])
    is_cheated = is_meant(j, shops.kind[sales.shop])
    is_late = np.isin(j.fate, [Fate.SHIPPED_LATE, Fate.OUT_OF_STOCK])
    is_harmed = is_cheated | is_late | j.is_refund_overdue | j.is_stalled
    return Orders(
        shop=sales.shop,
        buyer=sales.buyer,
        placed_us=sales.placed_us,
        goods_minor=sales.goods_minor,
        freight_minor=sales.freight_minor,
        fate=j.fate,
        is_refund_overdue=j.is_refund_overdue,
        is_cheated=is_cheated,
        is_harmed=is_harmed,
        complains=is_harmed & (rng.random(len(sales)) < number("complains")),
        settled_day=settled[0],
        settled_minor=settled[1],
    )


def _settled(plan: Plan, sales: Sales, j: Journeys) -> tuple[Int, Int]:
    """On which day a shop is paid for each order, and how much: when it is completed, or NEVER."""
    day = (j.completed_us - plan.start_us) // DAY_US
    kept = np.where(j.refund_paid_us < FAR_US, j.refund_asked_minor, 0)
    owed = np.maximum(0, sales.goods_minor + sales.freight_minor - kept)
    is_paid = (day < plan.days) & (owed > 0)
    return np.where(is_paid, day, NEVER), np.where(is_paid, owed, 0)


def _settlements(plan: Plan, sales: Sales, settled: tuple[Int, Int]) -> Settlements:
    """What a shop is paid at the end of the day for the orders completed on it."""
    day, owed = settled
    rows = np.flatnonzero(day < NEVER)
    key, where = np.unique(day[rows] * plan.sellers + sales.shop[rows], return_inverse=True)
    return Settlements(
        day=key // plan.sellers,
        shop=key % plan.sellers,
        amount_minor=np.bincount(where, weights=owed[rows], minlength=len(key)).astype(np.int64),
        orders=np.bincount(where, minlength=len(key)).astype(np.int64),
    )


def _words(
    names: NDArray[np.object_] | list[str], rows: Int, given: Mask | None = None
) -> pa.Array:
    """Names by position; null where not given."""
    return pa.array(names, pa.large_string()).take(_whole(rows, given))


def _whole(values: Int, given: Mask | None = None) -> pa.Array:
    return pa.array(values, pa.int64(), mask=None if given is None else ~given)


def _table(
    told: Told, sales: Sales, stock: Stock, names: list[str], order_names: list[str], shops: Shops
) -> pa.Table:
    o = told.order
    is_placed = told.fact == FactKind.PLACED
    is_line = told.line != NONE
    line = np.maximum(told.line, 0)
    item = sales.line_item[line]
    is_dated = sales.ship_hours[o] >= DATED_FROM_HOURS
    buyers = [f"buyer-{n:06d}" for n in range(1, int(sales.buyer.max()) + 2)]
    codes = [c.code for c in categories()]
    has_waybill = np.isin(told.fact, [FactKind.LABELLED, FactKind.SCANNED])
    columns = {
        "seller": _words(names, sales.shop[o]),
        "order": _words(order_names, o),
        "fact": _whole(told.fact),
        "at": _whole(told.at_us),
        "buyer": _words(buyers, sales.buyer[o], is_placed),
        "goods": _whole(sales.goods_minor[o], is_placed),
        "freight": _whole(sales.freight_minor[o], is_placed),
        "currency": _words([CURRENCY], o * 0, is_placed),
        "category": _words(codes, shops.category[sales.shop[o]], is_placed),
        "ship_by": _whole(
            sales.placed_us[o] + sales.ship_hours[o] * HOUR_US, is_placed & is_dated
        ),
        "ship_hours": _whole(sales.ship_hours[o], is_placed & ~is_dated),
        "route": _whole(sales.route[o], is_placed),
        "reason": _whole(told.reason, told.reason != NONE),
        "amount": _whole(told.amount_minor, told.amount_minor != NONE),
        "waybill": _words([f"SF{n}" for n in order_names], o, has_waybill),
        "item": _words(stock.names, item, is_line),
        "title": _words(stock.titles, item, is_line),
        "quantity": _whole(sales.line_quantity[line], is_line),
        "price": _whole(sales.line_price_minor[line], is_line),
    }
    return pa.table([columns[f.name].cast(f.type) for f in FACT_SCHEMA], schema=FACT_SCHEMA)


def _profile(market: Marketplace, shop: int) -> dict[str, str]:
    region = figures()["region_names"].value[market.shops.region[shop]]
    words = categories()[market.shops.category[shop]].zh
    n = shop + 1
    return {
        "legal_name": f"{region}{words}{n:03d}商行",
        "phone": f"400-000-{n:04d}",
        "return_address": f"{region}省样例市退货路{n}号",
        "payout_account": f"shop-{n:03d}@pay.example",
        "address": f"{region}省样例市商业街{n}号",
        "licence_number": f"DEMO{n:014d}",
        "service_hours": "09:00-21:00",
        "about": f"{words}，由样例生成",
    }
