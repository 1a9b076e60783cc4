"""`xiaobao import taobao-orders|top|shopify`: files as other systems really write them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiaobao.cli.house import now, open_for_command
from xiaobao.cli.imports.reporting import Partial, print_report, write, write_somewhere
from xiaobao.cli.imports.taking import Enrol, MarketName, Taker
from xiaobao.cli.output import Json, language, note, say
from xiaobao.gateways.feeds.comparing import DIFFERENCE_WORDS, differences
from xiaobao.gateways.feeds.faults import LISTED
from xiaobao.gateways.feeds.intake import market_of, placed_at
from xiaobao.gateways.feeds.json_entries import shown
from xiaobao.gateways.feeds.rejected_bodies import write_rejected_bodies
from xiaobao.gateways.feeds.rejects import NOTES
from xiaobao.gateways.feeds.shopify import read_shopify
from xiaobao.gateways.feeds.taobao import read_taobao
from xiaobao.gateways.feeds.top import read_top

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xiaobao.gateways.feeds.bodies import BodyFeed
    from xiaobao.gateways.feeds.comparing import Differs, Said
    from xiaobao.gateways.feeds.orders import OrderFeed
    from xiaobao.promises.facts import Market

app = typer.Typer()
File = Annotated[Path, typer.Argument(metavar="FILE", help=say(zh="文件", en="the file"))]
Seller = Annotated[
    str,
    typer.Option(
        "--seller",
        metavar="SELLER",
        help=say(zh="文件未写明的卖家", en="the seller, where the file does not name it"),
    ),
]


@app.command(
    "taobao-orders",
    help=say(
        zh="导入淘宝卖家中心导出：订单、子订单、订单商品、退款",
        en="import exports of Taobao's seller centre: orders, sub-orders, lines, refunds",
    ),
)
def taobao_orders(
    file: File,
    *,
    seller: Seller = "",
    market: MarketName = "cn",
    is_scan: Annotated[
        bool,
        typer.Option(
            "--shipped-is-scan",
            help=say(
                zh="发货时间视为承运商揽收扫描（默认仅视为生成运单）",
                en="take 发货时间 for the carrier's scan (else it is a label made)",
            ),
        ),
    ] = False,
    enrol: Enrol = False,
    partial: Partial = False,
    as_json: Json = False,
) -> None:
    open_for_command()
    at = now()
    where = market_of(market, at=at)
    told = read_taobao(file, where, seller=seller, is_scan=is_scan, placed_at=placed_at)
    columns = [name for name in told.feed.sheet.columns if name not in NOTES]
    taker = Taker(
        where, at, lambda feed: write(feed.sheet, feed.faults, columns), told.said,
        is_partial=partial, are_enrolled=enrol,
    )  # fmt: skip
    feed, taken = taker.take(told.feed)
    found = _differences(feed, told.said)
    _print({"kind": told.kind.value, **taker.report(feed, taken)}, found, as_json=as_json)


@app.command(
    "top",
    help=say(
        zh="导入淘宝开放平台的回应与推送消息（JSON）",
        en="import answers and messages of the Taobao Open Platform (JSON)",
    ),
)
def top(
    file: File,
    *,
    seller: Seller = "",
    market: MarketName = "cn",
    enrol: Enrol = False,
    partial: Partial = False,
    as_json: Json = False,
) -> None:
    how = _How(market=market, enrol=enrol, partial=partial, as_json=as_json)
    _take_bodies(lambda where: read_top(file, where, seller=seller), how)


@app.command(
    "shopify",
    help=say(
        zh="导入 Shopify 的订单、发货、退款、拒付（JSON）",
        en="import orders, fulfilments, refunds and disputes of Shopify (JSON)",
    ),
)
def shopify(
    file: File,
    *,
    seller: Annotated[
        str, typer.Option("--seller", metavar="SELLER", help=say(zh="卖家", en="whose shop it is"))
    ],
    market: MarketName = "cn",
    enrol: Enrol = False,
    partial: Partial = False,
    as_json: Json = False,
) -> None:
    how = _How(market=market, enrol=enrol, partial=partial, as_json=as_json)
    _take_bodies(lambda where: read_shopify(file, where, seller=seller), how)


@dataclass(frozen=True, kw_only=True)
class _How:
    """What was asked for beside the file."""

    market: str
    enrol: bool
    partial: bool
    as_json: bool


def _take_bodies(read: Callable[[Market], BodyFeed], how: _How) -> None:
    open_for_command()
    at = now()
    where = market_of(how.market, at=at)
    told = read(where)

    def keep(bad: OrderFeed) -> Path:
        return write_somewhere(
            bad.sheet.file.parent,
            lambda folder: write_rejected_bodies(told.entries, bad, folder, language()),
        )

    fields = sorted({fault.field for fault in told.feed.faults})
    taker = Taker(
        where, at, keep, told.said, is_partial=how.partial, are_enrolled=how.enrol
    )  # fmt: skip
    feed, taken = taker.take(told.feed.shown_as(shown(told.entries, fields)))
    report = {**taker.report(feed, taken), "orders_to_fetch": told.to_fetch}
    _print(report, _differences(feed, told.said), as_json=how.as_json)


def _differences(feed: OrderFeed, said: Sequence[Said]) -> list[Differs]:
    """Of the orders that were taken in: nothing is known of the others."""
    out = {row for fault in feed.faults for row in fault.rows.tolist()}
    return differences([one for one in said if one.row not in out], feed.sheet.line)


def _print(report: dict[str, Any], found: Sequence[Differs], *, as_json: bool) -> None:
    counts: dict[str, int] = {}
    for one in found:
        counts[one.difference.value] = counts.get(one.difference.value, 0) + 1
    listed = [
        {"line": one.line, "order": one.order, "difference": one.difference.value,
         "theirs": one.theirs, "ours": one.ours}
        for one in found
    ]  # fmt: skip
    print_report({**report, "differences": counts, "differing": listed}, as_json=as_json)
    if as_json:
        return
    for difference, words in DIFFERENCE_WORDS.items():
        if difference.value in counts:
            count = counts[difference.value]
            note(say(zh=f"不一致 {count} 笔：{words.zh}", en=f"differing: {count}, {words.en}"))
    for one in found[:LISTED]:
        note(f"  {one.says(language())}")
    if report.get("orders_to_fetch"):
        named = ", ".join(report["orders_to_fetch"][:LISTED])
        note(say(zh=f"须再拉取的订单：{named}", en=f"orders to be asked for: {named}"))
