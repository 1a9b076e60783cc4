"""`xiaobao items`: covered items of a seller; mark, unmark, list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.names import NamesFile, names_given
from xiaobao.cli.output import Json, moment, print_json, print_table, say

if TYPE_CHECKING:
    from pathlib import Path

app = typer.Typer(
    help="消保商品：标记、取消标记、列出 · covered items: mark, unmark, list",
    no_args_is_help=True,
)
SellerName = Annotated[str, typer.Argument(metavar="SELLER", help="卖家名称 · the seller's name")]
ItemNames = Annotated[
    list[str] | None, typer.Argument(metavar="ITEM...", help="商品名称 · items' names")
]


@app.command()
def mark(
    seller: SellerName,
    items: ItemNames = None,
    *,
    file: NamesFile = None,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """标记为消保商品：此后的订单受保障 · cover items: orders from now on are guaranteed"""
    _set(seller, items, file, at, is_marked=True, as_json=as_json)


@app.command()
def unmark(
    seller: SellerName,
    items: ItemNames = None,
    *,
    file: NamesFile = None,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """取消标记：已下的订单仍受保障 · uncover items: orders placed before stay guaranteed"""
    _set(seller, items, file, at, is_marked=False, as_json=as_json)


def _set(
    seller: str,
    items: list[str] | None,
    file: Path | None,
    at: Moment,
    *,
    is_marked: bool,
    as_json: bool,
) -> None:
    given = names_given(items, file, "ITEM")
    open_for_command()
    from xiaobao.sellers import acts, queries

    act = acts.mark_items if is_marked else acts.unmark_items
    row = queries.seller_named(seller)
    report = act(row.seller_id, given, at=now() if at is None else at)
    covered = queries.items_covered(row.seller_id)
    if as_json:
        print_json({"seller": seller, "changed": report.changed, "unchanged": report.unchanged,
                    "covered": covered})  # fmt: skip
        return
    print(
        say(
            zh=f"变更 {report.changed} 件，原已如此 {report.unchanged} 件；"
            f"现有消保商品 {covered} 件",
            en=f"{report.changed} changed, {report.unchanged} stood so already; "
            f"{covered} items are covered now",
        )
    )


@app.command("list")
def list_items(
    seller: SellerName,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="包括已取消的 · those no longer covered, too")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="最多 · at most")] = 100,
    as_json: Json = False,
) -> None:
    """消保商品及其起始时间 · covered items and since when"""
    open_for_command()
    from xiaobao.sellers import queries

    row = queries.seller_named(seller)
    rows = queries.items_of(row.seller_id, only_marked=not everything, limit=limit)
    if as_json:
        print_json({"seller": seller, "items": rows,
                    "covered": queries.items_covered(row.seller_id)})  # fmt: skip
        return
    yes, no = say(zh="受保障", en="covered"), say(zh="不受保障", en="not covered")
    print_table(
        [say(zh="商品", en="item"), say(zh="状态", en="standing"), say(zh="自", en="since")],
        [[r.name, yes if r.is_marked else no, moment(r.since)] for r in rows],
    )
