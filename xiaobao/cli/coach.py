"""`xiaobao coach`: what would let a seller leave sooner, or with more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, moment, money, print_json, print_pairs, print_table, say

if TYPE_CHECKING:
    from xiaobao.exits.facts import CoachRow

app = typer.Typer()


@app.command()
def coach(
    seller: Annotated[str, typer.Argument(metavar="SELLER", help="卖家名称 · the seller's name")],
    *,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """怎样退得更多、更快：每一条的效果 · what helps, each with its effect on amount and date"""
    open_for_command()
    from xiaobao.exits.queries import coach_of
    from xiaobao.sellers.queries import seller_named

    row = seller_named(seller)
    found = coach_of(row.seller_id, at=now() if at is None else at)
    if as_json:
        print_json({"seller": seller, "coach": found})
    else:
        _print(found)


def _print(found: CoachRow) -> None:
    print_pairs(
        [
            (say(zh="现在可退", en="may leave now"), money(found.free_minor, found.currency)),
            (say(zh="全部可退的日期", en="all of it by"),
             moment(found.all_free_at) if found.all_free_at else "-"),
            (say(zh="店铺资料完整度", en="profile complete"), f"{found.profile_bps / 100:g}%"),
        ]
    )  # fmt: skip
    print_table(
        [say(zh="建议", en="what to do"), say(zh="现在多退", en="more now"),
         say(zh="提前天数", en="days sooner")],
        [[say(zh=t.zh, en=t.en), money(t.more_minor, found.currency) if t.more_minor else "",
          t.days_sooner or ""] for t in found.tips],
    )  # fmt: skip
    if not found.tips:
        print(say(zh="没有可改进的地方。", en="There is nothing to improve."))
