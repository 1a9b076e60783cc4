"""`xiaobao import olist`: the published Olist set."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads annotations
from typing import Annotated, Any

import typer

from xiaobao.cli.house import now, open_for_command
from xiaobao.cli.imports.reporting import (
    Partial,
    print_report,
    refuse,
    taken_in,
    write_at_home,
)
from xiaobao.cli.output import Json, say
from xiaobao.cli.progress import progress
from xiaobao.gateways.feeds.intake import take_in_olist
from xiaobao.gateways.feeds.olist import OlistFeed, read_olist
from xiaobao.gateways.feeds.olist_set import ITEMS, ORDERS, TABLES
from xiaobao.gateways.feeds.rejects import count_bad

app = typer.Typer()
OLIST_PACKS = ("olist", "olist-a", "olist-b")
STEPS = 3


@app.command(
    "olist",
    help=say(
        zh="导入 Olist 数据集（Parquet 或原始 CSV）",
        en="import the Olist set, as Parquet or the original CSVs",
    ),
)
def olist(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=say(zh="文件夹", en="its folder"))],
    *,
    pack: Annotated[str, typer.Option(metavar="|".join(OLIST_PACKS))] = "olist",
    partial: Partial = False,
    as_json: Json = False,
) -> None:
    if pack not in OLIST_PACKS:
        raise typer.BadParameter(f"{pack!r}: {' | '.join(OLIST_PACKS)}", param_hint="--pack")
    with progress(say(zh="导入 Olist", en="importing Olist")) as tell:
        tell(0, STEPS, say(zh="读取文件", en="reading the files"))
        feed = read_olist(folder)
        _refuse_unreadable(feed, partial=partial)
        tell(1, STEPS, say(zh="打开数据库", en="opening the database"))
        open_for_command()
        tell(2, STEPS, say(zh="记录事实", en="recording facts"))
        taken = take_in_olist(feed, pack=pack, at=now())
        tell(STEPS, STEPS)
    left_out = [
        write_at_home(feed.tables[table].sheet, feed.left_out(table), _columns(table))
        for table in TABLES
        if feed.left_out(table) or feed.tables[table].sheet.unread
    ]
    report = {
        "file": str(folder),
        "pack": pack,
        "orders": len(feed.tables[ORDERS]),
        "items": len(feed.tables[ITEMS]),
        "order_seller_pairs": feed.pairs,
        **taken_in(taken),
        "skipped": _skipped(feed),
        "skipped_written_to": [str(file) for file in left_out],
    }
    print_report(report, as_json=as_json)


def _columns(table: str) -> tuple[str, ...]:
    read, beside = TABLES[table]
    return (*read, *beside)


def _refuse_unreadable(feed: OlistFeed, *, partial: bool) -> None:
    if partial:
        return
    for name, table in feed.tables.items():
        if table in feed.unreadable:
            refuse(table.sheet, table.cells.faults, _columns(name))


def _skipped(feed: OlistFeed) -> dict[str, Any]:
    """Rows left out, by table and reason."""
    skipped: dict[str, Any] = {
        table: {reason: len(rows) for reason, rows in reasons.items()}
        for table, reasons in feed.skipped.items()
    }
    for name, table in feed.tables.items():
        unreadable = count_bad(table.sheet, table.cells.faults)
        if unreadable:
            skipped.setdefault(name, {})["unreadable"] = unreadable
    return skipped
