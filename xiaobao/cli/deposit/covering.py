"""`xiaobao deposit cover`: an insurer's promise to pay in a seller's place, and its premium."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003  typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.deposit.money_in import SellerName, minor_of
from xiaobao.cli.house import Moment, moment_from, now, open_for_command
from xiaobao.cli.output import Json, moment, money, print_json, print_table, say

if TYPE_CHECKING:
    from xiaobao.deposits.facts import CoverRow

app = typer.Typer()


@app.command("cover")
def cover(
    seller: SellerName,
    name: Annotated[str, typer.Argument(metavar="POLICY", help="保单号 · the policy's number")],
    *,
    insurer: Annotated[str, typer.Option(help="保险人 · who insures")],
    limit: Annotated[
        str, typer.Option(metavar="AMOUNT", help="保险额度，如 1000.00 · e.g. 1000.00")
    ],
    begins: Annotated[
        datetime,
        typer.Option("--from", parser=moment_from, metavar="TIME", help="何时起 · from when"),
    ],
    ends: Annotated[
        datetime,
        typer.Option("--until", parser=moment_from, metavar="TIME", help="何时止 · until when"),
    ],
    premium_paid: Annotated[
        bool,
        typer.Option("--premium-paid", help="保费已付给保险人 · paid to the insurer already"),
    ] = False,
    at: Moment = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """登记保险，从可用保证金支付保费 · register cover; its premium comes from the free deposit"""
    open_for_command()
    from xiaobao.deposits import acts, queries
    from xiaobao.sellers import queries as sellers

    row = sellers.seller_named(seller)
    is_new = acts.add_cover(
        row.seller_id, name, insurer=insurer, limit_minor=minor_of(limit, row.currency),
        begins_at=begins, ends_at=ends, is_premium_paid=premium_paid,
        at=now() if at is None else at,
    )  # fmt: skip
    covers = queries.covers_of(row.seller_id)
    if as_json:
        print_json({"seller": seller, "cover": name, "is_new": is_new, "covers": covers})
        return
    _print_covers(covers, row.currency)


def _print_covers(rows: list[CoverRow], currency: str) -> None:
    print_table(
        [say(zh="保单", en="policy"), say(zh="保险人", en="insurer"),
         say(zh="额度", en="limit"), say(zh="已用", en="drawn"),
         say(zh="保费（已从保证金支付）", en="premium taken from the deposit"),
         say(zh="起", en="from"), say(zh="止", en="until")],
        [[one.name, one.insurer, money(one.limit_minor, currency),
          money(one.drawn_minor, currency), money(one.premium_minor, currency),
          moment(one.begins_at), moment(one.ends_at)] for one in rows],
    )  # fmt: skip
