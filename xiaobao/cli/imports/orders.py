"""`xiaobao import orders`: files of order facts."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads annotations
from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.house import now, open_for_command
from xiaobao.cli.imports.reporting import Partial, print_report, refuse, taken_in, write
from xiaobao.cli.output import Json, say
from xiaobao.cli.progress import progress
from xiaobao.gateways.feeds.intake import Taken, market_of, take_in_orders
from xiaobao.gateways.feeds.opening import ENCODINGS
from xiaobao.gateways.feeds.orders import COLUMNS, read_order_file
from xiaobao.gateways.feeds.rejects import count_bad
from xiaobao.orders.acts import FactsRefused

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.gateways.feeds.orders import OrderFeed
    from xiaobao.promises.facts import Market

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
    market: Annotated[str, typer.Option(help=say(zh="市场", en="the market"))] = "cn",
    encoding: Annotated[str, typer.Option(metavar="|".join(ENCODINGS))] = "utf-8",
    enrol: Annotated[
        bool,
        typer.Option(
            "--enrol",
            help=say(zh="未加入的卖家自动加入", en="enrol sellers who have not joined"),
        ),
    ] = False,
    partial: Partial = False,
    as_json: Json = False,
) -> None:
    open_for_command()
    at = now()
    with progress(say(zh="导入订单", en="importing orders")) as tell:
        where = market_of(market, at=at)
        tell(0, STEPS, say(zh="读取文件", en="reading the file"))
        feed = _good_rows(
            read_order_file(file, currency=where.currency, encoding=encoding), partial=partial
        )
        tell(1, STEPS, say(zh="记录事实", en="recording facts"))
        feed, taken = _take_in(feed, where, partial=partial, enrol=enrol, at=at)
        tell(STEPS, STEPS)
    bad = count_bad(feed.sheet, feed.faults)
    report = {
        "file": str(file),
        "rows": len(feed.sheet) + len(feed.sheet.unread),
        **taken_in(taken),
        "rejected_rows": bad,
        "rejected_written_to": str(write(feed.sheet, feed.faults, COLUMNS)) if bad else None,
    }
    print_report(report, as_json=as_json)


def _good_rows(feed: OrderFeed, *, partial: bool) -> OrderFeed:
    """:raises RowsRefused: where rows are wrong and only all of them will do"""
    if not partial and count_bad(feed.sheet, feed.faults):
        refuse(feed.sheet, feed.faults, COLUMNS)
    return feed


def _take_in(
    feed: OrderFeed, market: Market, *, partial: bool, enrol: bool, at: datetime
) -> tuple[OrderFeed, Taken]:
    """Record the facts; what only the house can know to be wrong is told by line as well."""
    file = str(feed.sheet.file)
    try:
        return feed, take_in_orders(
            feed.facts, file=file, market=market, are_enrolled=enrol, at=at
        )
    except FactsRefused as refused:
        feed = _good_rows(feed.without(refused), partial=partial)
    return feed, take_in_orders(feed.facts, file=file, market=market, are_enrolled=enrol, at=at)
