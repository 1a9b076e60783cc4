"""`xiaobao import orders`: files of order facts."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads annotations
from typing import Annotated

import typer

from xiaobao.cli.house import now, open_for_command
from xiaobao.cli.imports.reporting import Partial, print_report, write
from xiaobao.cli.imports.taking import Enrol, MarketName, Taker
from xiaobao.cli.output import Json, say
from xiaobao.cli.progress import progress
from xiaobao.gateways.feeds.intake import market_of
from xiaobao.gateways.feeds.opening import ENCODINGS
from xiaobao.gateways.feeds.orders import COLUMNS, read_order_file

app = typer.Typer()
STEPS = 2


@app.command(
    "orders",
    help=say(
        zh="导入订单事实文件：.csv、.jsonl、.parquet",
        en="import a file of order facts: .csv, .jsonl, .parquet",
    ),
)
def orders(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".csv | .jsonl | .parquet")],
    *,
    market: MarketName = "cn",
    encoding: Annotated[str, typer.Option(metavar="|".join(ENCODINGS))] = "utf-8",
    enrol: Enrol = False,
    partial: Partial = False,
    workers: Annotated[
        int,
        typer.Option(
            min=1,
            max=32,
            help=say(
                zh="由几个连接并行记录，各管各的卖家",
                en="how many connections record side by side, each with sellers of its own",
            ),
        ),
    ] = 1,
    as_json: Json = False,
) -> None:
    open_for_command()
    at = now()
    with progress(say(zh="导入订单", en="importing orders")) as tell:
        taker = Taker(
            market_of(market, at=at), at,
            lambda feed: write(feed.sheet, feed.faults, COLUMNS),
            is_partial=partial, are_enrolled=enrol, workers=workers,
        )  # fmt: skip
        tell(0, STEPS, say(zh="读取文件", en="reading the file"))
        feed = read_order_file(file, currency=taker.market.currency, encoding=encoding)
        tell(1, STEPS, say(zh="记录事实", en="recording facts"))
        feed, taken = taker.take(feed)
        tell(STEPS, STEPS)
    print_report(taker.report(feed, taken), as_json=as_json)
