"""`xiaobao import`: real orders in, from order files and from the Olist set."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiaobao.cli.house import now, open_for_command
from xiaobao.cli.output import Json, language, note, print_json, print_pairs, say
from xiaobao.cli.progress import progress
from xiaobao.gateways.feeds.faults import RowsRefused
from xiaobao.gateways.feeds.intake import (
    Taken,
    market_of,
    take_in_olist,
    take_in_orders,
)
from xiaobao.gateways.feeds.olist import SKIPS, OlistFeed, read_olist
from xiaobao.gateways.feeds.olist_set import ITEMS, ORDERS, TABLES
from xiaobao.gateways.feeds.opening import ENCODINGS
from xiaobao.gateways.feeds.orders import COLUMNS, read_order_file
from xiaobao.gateways.feeds.rejects import bad_rows, count_bad, write_rejected
from xiaobao.orders.acts import FactsRefused
from xiaobao.orders.facts import CONTRADICTION_WORDS, Contradiction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.gateways.feeds.faults import Fault
    from xiaobao.gateways.feeds.orders import OrderFeed
    from xiaobao.gateways.feeds.sheets import Sheet
    from xiaobao.promises.facts import Market

app = typer.Typer()
OLIST_PACKS = ("olist", "olist-a", "olist-b")
STEPS = 3

Partial = Annotated[
    bool,
    typer.Option(
        "--partial",
        help=say(
            zh="有误的行写入文件，其余各行照常导入",
            en="import the good rows and write the bad ones to a file",
        ),
    ),
]


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
        _write_at_home(feed.tables[table].sheet, feed.left_out(table), _columns(table))
        for table in TABLES
        if feed.left_out(table) or feed.tables[table].sheet.unread
    ]
    report = {
        "file": str(folder),
        "pack": pack,
        "orders": len(feed.tables[ORDERS]),
        "items": len(feed.tables[ITEMS]),
        "order_seller_pairs": feed.pairs,
        **_taken(taken),
        "skipped": _skipped(feed),
        "skipped_written_to": [str(file) for file in left_out],
    }
    _print(report, as_json=as_json)


def _columns(table: str) -> tuple[str, ...]:
    read, beside = TABLES[table]
    return (*read, *beside)


def _refuse_unreadable(feed: OlistFeed, *, partial: bool) -> None:
    if partial:
        return
    for name, table in feed.tables.items():
        if table in feed.unreadable:
            _refuse(table.sheet, table.cells.faults, _columns(name))


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
        **_taken(taken),
        "rejected_rows": bad,
        "rejected_written_to": str(_write(feed.sheet, feed.faults, COLUMNS)) if bad else None,
    }
    _print(report, as_json=as_json)


def _good_rows(feed: OrderFeed, *, partial: bool) -> OrderFeed:
    """:raises RowsRefused: where rows are wrong and only all of them will do"""
    if not partial and count_bad(feed.sheet, feed.faults):
        _refuse(feed.sheet, feed.faults, COLUMNS)
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


def _refuse(sheet: Sheet, faults: Sequence[Fault], columns: Sequence[str]) -> None:
    """:raises RowsRefused: always, once the bad rows are written"""
    written = _write(sheet, faults, columns)
    raise RowsRefused(sheet.file, bad_rows(sheet, faults), count_bad(sheet, faults), written)


def _write(sheet: Sheet, faults: Sequence[Fault], columns: Sequence[str]) -> Path:
    """The bad rows beside the file, or in the home where the file's folder may not be written."""
    try:
        return write_rejected(sheet, faults, columns, sheet.file.parent, language())
    except OSError:
        return _write_at_home(sheet, faults, columns)


def _write_at_home(sheet: Sheet, faults: Sequence[Fault], columns: Sequence[str]) -> Path:
    from xiaobao.database.places import places

    folder = places().home / "imports"
    # Rows name people, and the home itself may be passed through on the way to the database.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return write_rejected(sheet, faults, columns, folder, language())


def _taken(taken: Taken) -> dict[str, Any]:
    return {
        "market": taken.market.name,
        "sellers": taken.sellers,
        "sellers_enrolled": taken.sellers_new,
        "orders_new": taken.intake.orders_new,
        "facts_new": taken.intake.facts_new,
        "facts_known": taken.intake.facts_known,
        "orders_contradicted": taken.intake.contradictions,
        "contradictions": {
            str(one.name).lower(): count for one, count in taken.contradictions.items()
        },
    }


WORDS = {
    "file": ("文件", "file"),
    "pack": ("规则包", "policy pack"),
    "orders": ("文件中的订单", "orders in the file"),
    "items": ("文件中的商品行", "items in the file"),
    "order_seller_pairs": ("订单 × 卖家", "orders × sellers"),
    "rows": ("文件中的行", "rows in the file"),
    "market": ("市场", "market"),
    "sellers": ("卖家", "sellers"),
    "sellers_enrolled": ("新加入的卖家", "sellers enrolled"),
    "orders_new": ("新订单", "new orders"),
    "facts_new": ("新事实", "new facts"),
    "facts_known": ("已有的事实", "facts known already"),
    "orders_contradicted": ("出现矛盾事实的订单", "orders newly flagged for contradicting facts"),
    "rejected_rows": ("有误的行", "rejected rows"),
    "rejected_written_to": ("有误的行已写入", "rejected rows are in"),
}


def _print(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    rows = [
        (say(zh=zh, en=en), f"{report[key]:,}" if isinstance(report[key], int) else report[key])
        for key, (zh, en) in WORDS.items()
        if report.get(key) is not None
    ]
    print_pairs(rows)
    for name, count in report["contradictions"].items():
        kind = CONTRADICTION_WORDS[Contradiction[name.upper()]]
        note(
            say(
                zh=f"市场中有矛盾的订单 {count} 笔：{kind.zh}",
                en=f"orders of the market that contradict themselves: {count}, {kind.en}",
            )
        )
    for table, reasons in report.get("skipped", {}).items():
        for reason, count in reasons.items():
            why = SKIPS[reason].says(language()) if reason in SKIPS else reason
            note(
                say(
                    zh=f"跳过 {table} 的 {count} 行：{why}",
                    en=f"skipped of {table}: {count} rows, {why}",
                )
            )
    for file in report.get("skipped_written_to", []):
        note(say(zh=f"跳过的行已写入 {file}", en=f"the skipped rows are in {file}"))
