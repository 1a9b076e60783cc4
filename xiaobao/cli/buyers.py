"""`xiaobao buyers`: a link to one order for its buyer; the account a buyer is paid to."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, moment, print_json, say

app = typer.Typer(
    help="买家：订单的链接、收款账号 · buyers: links to their orders, where they are paid",
    no_args_is_help=True,
)
WEEK_HOURS = 168
YEAR_HOURS = 8760


@app.command()
def link(
    seller: Annotated[str, typer.Argument(metavar="SELLER", help="卖家 · the seller")],
    order: Annotated[str, typer.Argument(metavar="ORDER", help="订单 · the order")],
    *,
    hours: Annotated[
        int, typer.Option(min=1, max=YEAR_HOURS, help="有效小时数 · for how many hours")
    ] = WEEK_HOURS,
    base: Annotated[
        str, typer.Option(help="控制台的地址 · where the consoles answer")
    ] = "http://127.0.0.1:8868",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """给买家一个只能打开一次的链接 · a link for the buyer, opened once"""
    open_for_command()
    from django.urls import reverse

    from xiaobao.work.passes import make_pass

    made_at = now() if at is None else at
    until = made_at + timedelta(hours=hours)
    secret = make_pass(seller, order, at=made_at, until=until)
    address = base.rstrip("/") + reverse("buyer-open", args=[seller, secret])
    if as_json:
        print_json({"seller": seller, "order": order, "link": address, "until": until})
        return
    print(address)
    print(say(zh=f"有效至 {moment(until)}，只能打开一次", en=f"until {moment(until)}, once"))


@app.command()
def account(
    buyer: Annotated[str, typer.Argument(metavar="BUYER", help="买家 · the buyer")],
    *,
    alipay: Annotated[
        str,
        typer.Option(
            metavar="ACCOUNT", help="支付宝会员号、手机号或邮箱 · Alipay's user id, phone or mail"
        ),
    ],
    name: Annotated[str, typer.Option(help="实名 · the real name it stands in")],
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """绑定买家的收款账号 · bind the account a buyer is paid to"""
    open_for_command()
    from xiaobao.work.payees import bind_payee

    buyer_id = bind_payee(buyer, alipay, name, at=now() if at is None else at)
    if as_json:
        print_json({"buyer": buyer, "buyer_id": str(buyer_id), "bound": True})
        return
    print(
        say(zh=f"买家“{buyer}”的收款账号已绑定", en=f"buyer '{buyer}' is paid there from now on")
    )
