"""`xiaobao lab export`: the facts of a period as Parquet."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer looks it up
from typing import Annotated

import typer

from xiaobao.cli.house import Moment, open_for_command
from xiaobao.cli.lab.naming import MarketName, market_of
from xiaobao.cli.output import Json, print_json, print_pairs, say
from xiaobao.cli.progress import progress


def export(
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="写到哪个目录 · the folder to write")],
    since: Moment = None,
    until: Moment = None,
    market: MarketName = None,
    buckets: Annotated[
        int | None,
        typer.Option(
            min=1, max=4096, help="卖家分成多少份（首次导出时定） · parts of sellers, set at first"
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """把一段时间的事实写成按月、按卖家分区的 Parquet；再次导出只写有变动的部分

    Write the facts of a period as Parquet by month and seller; again, and only what changed is
    written. Months that --since or --until touch are written whole.
    """
    from xiaobao.lab.history.exporting import export_lake

    open_for_command()
    name = market_of(market)
    with progress(say(zh="导出", en="exporting")) as tell:
        done = export_lake(name, out, since=since, until=until, buckets=buckets, progress=tell)
    if as_json:
        print_json(done)
        return
    print_pairs(
        [
            (say(zh="目录", en="folder"), done.path),
            (say(zh="市场", en="market"), done.market),
            (say(zh="订单", en="orders"), f"{done.orders:,}"),
            (say(zh="月份 × 卖家份数", en="months × parts of sellers"),
             f"{done.months} × {done.buckets}"),
            (say(zh="本次写出的分区", en="partitions written now"),
             f"{done.parts_written:,} / {done.parts:,}"),
        ]
    )  # fmt: skip
