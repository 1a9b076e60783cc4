"""`xiaobao orders`: one order whole, as its pages and the API tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, moment, money, print_json, print_pairs, print_table, say
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from xiaobao.orders.facts import OrderDetail
    from xiaobao.promises.facts import PromiseRow

app = typer.Typer(
    help="订单：事实、承诺、违约、时限 · orders: facts, promises, breaches, clocks",
    no_args_is_help=True,
)


class OrderNotThere(Problem):
    """No fact of such an order was ever told."""

    code = "order_not_there"
    status: ClassVar[int] = 404
    zh = "ORDER：卖家 {seller} 没有订单 {order}；请核对名称，或先导入它的事实"
    en = "ORDER: seller {seller} has no order {order}; check the name, or bring its facts in"


@app.callback()
def _group() -> None:
    """A group, however few commands it has."""


@app.command()
def show(
    seller: Annotated[str, typer.Argument(metavar="SELLER", help="卖家 · the seller")],
    order: Annotated[str, typer.Argument(metavar="ORDER", help="订单 · the order")],
    *,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """一个订单的全部：事实、承诺、违约、时限 · one order: facts, promises, breaches, clocks"""
    open_for_command()
    from xiaobao.kernel.clocks import us_of
    from xiaobao.orders.queries import order_of
    from xiaobao.promises.queries import market_of
    from xiaobao.sellers.queries import promises_given, seller_named

    row = seller_named(seller)
    found = order_of(row.name, order)
    if found is None:
        raise OrderNotThere(seller=seller, order=order)
    ordered = found.ordered_at or (now() if at is None else at)
    given = promises_given(row.seller_id, found.market_id, us_of(ordered))
    currency = market_of(found.market_id).currency
    if as_json:
        print_json(_told(seller, found, given, currency))
    else:
        _print(found, given, currency)


def _told(
    seller: str, found: OrderDetail, given: list[PromiseRow], currency: str
) -> dict[str, Any]:
    """Money in minor units of the one currency named; nothing of ids that only the house knows."""
    return {
        "seller": seller, "order": found.order, "buyer": found.buyer, "currency": currency,
        "goods_minor": found.goods_minor, "freight_minor": found.freight_minor,
        "ordered_at": found.ordered_at, "facts": found.facts, "lines": found.lines,
        "promises": [
            {"promise": one.promise, "clause": one.clause, "remedy_zh": one.remedy_zh,
             "remedy_en": one.remedy_en}
            for one in given
        ],
        "breaches": found.breaches, "clocks": found.clocks,
        "contradictions": found.contradictions,
    }  # fmt: skip


def _print(found: OrderDetail, given: list[PromiseRow], currency: str) -> None:
    from xiaobao.orders.facts import FACT_WORDS

    print_pairs([
        (say(zh="订单", en="order"), found.order),
        (say(zh="买家", en="buyer"), found.buyer or "—"),
        (say(zh="货款", en="goods"), money(found.goods_minor, currency)),
        (say(zh="运费", en="freight"), money(found.freight_minor, currency)),
        (say(zh="下单", en="placed"), "—" if found.ordered_at is None
         else moment(found.ordered_at)),
        *((say(zh="矛盾", en="contradiction"), say(zh=one.zh, en=one.en))
          for one in found.contradictions),
    ])  # fmt: skip
    print_table(
        [say(zh="事实", en="fact"), say(zh="发生", en="happened"), say(zh="金额", en="amount"),
         say(zh="运单", en="waybill")],
        [
            (say(zh=FACT_WORDS[one.kind].zh, en=FACT_WORDS[one.kind].en),
             moment(one.happened_at),
             "" if one.amount_minor is None else money(one.amount_minor, currency),
             one.waybill or "")
            for one in found.facts
        ],
    )  # fmt: skip
    print_table(
        [say(zh="承诺", en="promise"), say(zh="违约时", en="if broken"),
         say(zh="条文", en="clause")],
        [
            (say(zh=one.trigger_zh, en=one.trigger_en), say(zh=one.remedy_zh, en=one.remedy_en),
             one.clause)
            for one in given
        ],
    )  # fmt: skip
    print_table(
        [say(zh="违约", en="breach"), say(zh="时限", en="was due"),
         say(zh="赔给买家", en="to the buyer")],
        [
            (say(zh=one.words.zh, en=one.words.en), moment(one.due_at),
             money(one.buyer_minor, currency))
            for one in found.breaches
        ],
    )  # fmt: skip
    print_table(
        [say(zh="时限", en="clock"), say(zh="到期", en="due")],
        [(say(zh=one.words.zh, en=one.words.en), moment(one.due_at)) for one in found.clocks],
    )
