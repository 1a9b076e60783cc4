"""What every import says: what it took in, what it refused by line, and where the bad rows are."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiaobao.cli.output import language, note, print_json, print_pairs, say
from xiaobao.gateways.feeds.faults import RowsRefused
from xiaobao.gateways.feeds.olist import SKIPS
from xiaobao.gateways.feeds.rejects import bad_rows, count_bad, write_rejected
from xiaobao.orders.facts import CONTRADICTION_WORDS, Contradiction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xiaobao.gateways.feeds.faults import Fault
    from xiaobao.gateways.feeds.intake import Taken
    from xiaobao.gateways.feeds.sheets import Sheet

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


def refuse(sheet: Sheet, faults: Sequence[Fault], columns: Sequence[str]) -> None:
    """:raises RowsRefused: always, once the bad rows are written"""
    written = write(sheet, faults, columns)
    raise RowsRefused(sheet.file, bad_rows(sheet, faults), count_bad(sheet, faults), written)


def write(sheet: Sheet, faults: Sequence[Fault], columns: Sequence[str]) -> Path:
    """The bad rows beside the file, or in the home where the file's folder may not be written."""
    return write_somewhere(
        sheet.file.parent,
        lambda folder: write_rejected(sheet, faults, columns, folder, language()),
    )


def write_somewhere(folder: Path, write_in: Callable[[Path], Path]) -> Path:
    try:
        return write_in(folder)
    except OSError:
        return write_in(_at_home())


def write_at_home(sheet: Sheet, faults: Sequence[Fault], columns: Sequence[str]) -> Path:
    return write_rejected(sheet, faults, columns, _at_home(), language())


def _at_home() -> Path:
    from xiaobao.database.places import places

    folder = places().home / "imports"
    # Rows name people, and the home itself may be passed through on the way to the database.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def taken_in(taken: Taken) -> dict[str, Any]:
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


def print_report(report: dict[str, Any], *, as_json: bool) -> None:
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
