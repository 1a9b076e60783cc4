"""The public register of penalties: what everybody may read, and nothing else."""

from __future__ import annotations

from typing import Annotated

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, moment, money, print_json, print_table, say

app = typer.Typer()


@app.command()
def register(
    *,
    market: Annotated[str | None, typer.Option(help="只看一个市场 · of one market")] = None,
    seller: Annotated[str | None, typer.Option(help="只看一个卖家 · of one seller")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="最多 · at most")] = 1000,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """处罚公示：措施期满撤下，撤销的公示更正 · what is published now; corrections included"""
    open_for_command()
    from xiaobao.promises import queries as promises
    from xiaobao.sellers.queries import seller_named
    from xiaobao.violations import queries

    entries = queries.register(
        at=now() if at is None else at,
        market_id=None if market is None else promises.market(market).market_id,
        seller_id=None if seller is None else seller_named(seller).seller_id,
        limit=limit,
    )
    if as_json:
        print_json({"entries": entries})
        return
    print_table(
        [say(zh="店铺", en="shop"), say(zh="违规", en="violation"), say(zh="措施", en="measure"),
         say(zh="罚金", en="money"), say(zh="起", en="from"), say(zh="止", en="until"),
         say(zh="公示于", en="published"), ""],
        [
            [e.shop, say(zh="、".join(e.violations_zh), en=", ".join(e.violations_en)),
             say(zh="、".join(e.measures_zh), en=", ".join(e.measures_en)),
             money(e.penalty_minor, e.currency) if e.penalty_minor else "",
             moment(e.begins_at), moment(e.ends_at), moment(e.published_at),
             say(zh="更正：已撤销", en="correction: revoked") if e.is_corrected else ""]
            for e in entries
        ],
    )  # fmt: skip
    if not entries:
        print(say(zh="目前没有公示中的处罚", en="no penalty is published now"))
