"""`xiaobao items`: covered items of a seller; mark, unmark, undo, list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID  # noqa: TC003  typer reads it

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.names import NamesFile, names_given
from xiaobao.cli.output import Json, moment, money, print_json, print_pairs, print_table, say

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from xiaobao.orders.queries import ItemsSold
    from xiaobao.sellers.facts import MarkPlan, MarkReport, SellerRow

app = typer.Typer(
    help="消保商品：标记、取消标记、撤销、列出 · covered items: mark, unmark, undo, list",
    no_args_is_help=True,
)
SellerName = Annotated[str, typer.Argument(metavar="SELLER", help="卖家名称 · the seller's name")]
ItemNames = Annotated[
    list[str] | None, typer.Argument(metavar="ITEM...", help="商品名称 · items' names")
]
Match = Annotated[
    str | None,
    typer.Option("--match", metavar="PATTERN", help="按名称筛选，如 杯* · by name, e.g. cup*"),
]
Preview = Annotated[
    bool, typer.Option("--preview", help="只看会怎样 · show what it would do, change nothing")
]


@app.command()
def mark(
    seller: SellerName,
    items: ItemNames = None,
    *,
    file: NamesFile = None,
    match: Match = None,
    preview: Preview = False,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """标记为消保商品：此后的订单受保障 · cover items: orders from now on are guaranteed"""
    given = _given(seller, items, file, match)
    _set(seller, given, at, is_marked=True, preview=preview, as_json=as_json)


@app.command()
def unmark(
    seller: SellerName,
    items: ItemNames = None,
    *,
    file: NamesFile = None,
    match: Match = None,
    preview: Preview = False,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """取消标记：已下的订单仍受保障 · uncover items: orders placed before stay guaranteed"""
    given = _given(seller, items, file, match)
    _set(seller, given, at, is_marked=False, preview=preview, as_json=as_json)


def _given(
    seller: str, items: list[str] | None, file: Path | None, match: str | None
) -> list[str]:
    """The items named, listed in a file, and those known to us whose names fit."""
    is_only_match = match is not None and not items and file is None
    named = [] if is_only_match else names_given(items, file, "ITEM")
    open_for_command()
    if match is None:
        return named
    from xiaobao.orders.queries import names_sold
    from xiaobao.sellers import queries

    row = queries.seller_named(seller)
    known = {*names_sold(row.seller_id), *queries.item_names(row.seller_id)}
    return [*named, *queries.matching(sorted(known), match)]


def _set(
    seller: str, given: list[str], at: datetime | None,
    *, is_marked: bool, preview: bool, as_json: bool,
) -> None:  # fmt: skip
    from xiaobao.orders.queries import items_sold
    from xiaobao.sellers import acts, queries

    when = now() if at is None else at
    row = queries.seller_named(seller)
    plan = queries.mark_plan(row.seller_id, given, is_marked=is_marked, at=when)
    if preview:
        sold = items_sold(row.seller_id, plan.names, at=when)
        _print_preview(row, plan, sold, as_json=as_json)
        return
    act = acts.mark_items if is_marked else acts.unmark_items
    _print_report(row, plan, act(row.seller_id, given, at=when), as_json=as_json)


def _print_preview(row: SellerRow, plan: MarkPlan, sold: ItemsSold, *, as_json: bool) -> None:
    if as_json:
        print_json({"seller": row.name, "would_change": len(plan.names),
                    "unchanged": plan.unchanged, "covered": plan.covered_before,
                    "is_unusual": plan.is_unusual, "sold": sold,
                    "items": list(plan.names)})  # fmt: skip
        return
    print_pairs(
        [
            (say(zh="会变更", en="would change"), f"{len(plan.names):,}"),
            (say(zh="原已如此", en="stand so already"), f"{plan.unchanged:,}"),
            (say(zh="现有消保商品", en="covered now"), f"{plan.covered_before:,}"),
            (say(zh="近30天订单", en="orders in the last 30 days"), f"{sold.orders:,}"),
            (say(zh="近30天销售额", en="sold in the last 30 days"),
             money(sold.sold_minor, row.currency)),
            (say(zh="预计每30天赔付（按本店近90天的比例）",
                 en="expected to pay in 30 days (this shop's share over 90)"),
             money(sold.expected_minor, row.currency)),
        ]
    )  # fmt: skip
    if plan.is_unusual:
        count, before = f"{len(plan.names):,}", f"{plan.covered_before:,}"
        print(
            say(
                zh=f"将一次标记 {count} 件商品（现有 {before} 件），请再核对。",
                en=f"This would cover {count} items at once (there are {before}): look again.",
            )
        )


def _print_report(row: SellerRow, plan: MarkPlan, report: MarkReport, *, as_json: bool) -> None:
    from xiaobao.sellers import queries

    covered = queries.items_covered(row.seller_id)
    made = queries.batch_of(row.seller_id, report.batch) if report.batch else None
    until = queries.undo_until(row.seller_id, made) if made else None
    if as_json:
        print_json({"seller": row.name, "changed": report.changed,
                    "unchanged": report.unchanged, "covered": covered, "batch": report.batch,
                    "undo_until": until, "is_unusual": plan.is_unusual})  # fmt: skip
        return
    print(
        say(
            zh=f"变更 {report.changed} 件，原已如此 {report.unchanged} 件；"
            f"现有消保商品 {covered} 件",
            en=f"{report.changed} changed, {report.unchanged} stood so already; "
            f"{covered} items are covered now",
        )
    )
    if plan.is_unusual:
        count, before = f"{report.changed:,}", f"{plan.covered_before:,}"
        print(
            say(
                zh=f"您刚刚标记了 {count} 件商品（此前 {before} 件）。若是误操作，可整批撤销。",
                en=f"You just covered {count} items (there were {before}). If that was a "
                "mistake, undo it.",
            )
        )
    if until is not None:
        command = f"xiaobao items undo {row.name} --batch {report.batch}"
        print(
            say(
                zh=f"{moment(until)} 前可整批撤销：{command}",
                en=f"to undo all of it, until {moment(until)}: {command}",
            )
        )


@app.command()
def undo(
    seller: SellerName,
    *,
    batch: Annotated[
        UUID | None, typer.Option(help="哪一批，默认最近一批 · which one; the latest if not named")
    ] = None,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """撤销一整批标记；已售出的不受影响 · undo a whole batch; what was sold keeps its promises"""
    open_for_command()
    from xiaobao.sellers import acts, queries

    row = queries.seller_named(seller)
    report = acts.undo_marks(row.seller_id, batch, at=now() if at is None else at)
    covered = queries.items_covered(row.seller_id)
    if as_json:
        print_json({"seller": seller, "undone": report.changed,
                    "unchanged": report.unchanged, "covered": covered})  # fmt: skip
        return
    print(
        say(
            zh=f"撤销 {report.changed} 件，此后另行变更过的 {report.unchanged} 件不动；"
            f"现有消保商品 {covered} 件。已下的订单不受影响。",
            en=f"{report.changed} undone, {report.unchanged} changed again since and stay; "
            f"{covered} items are covered now. Orders placed before keep their promises.",
        )
    )


@app.command()
def batches(
    seller: SellerName,
    *,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="最多 · at most")] = 20,
    as_json: Json = False,
) -> None:
    """每一批标记，及可撤销到何时 · what was done in one go, and until when it can be undone"""
    open_for_command()
    from xiaobao.sellers import queries

    row = queries.seller_named(seller)
    rows = queries.batches_of(row.seller_id, limit=limit)
    until = [queries.undo_until(row.seller_id, one) for one in rows]
    if as_json:
        told = [{"batch": b, "undo_until": u} for b, u in zip(rows, until, strict=True)]
        print_json({"seller": seller, "batches": told})
        return
    marked, unmarked = say(zh="标记", en="marked"), say(zh="取消", en="unmarked")
    print_table(
        [say(zh="批次", en="batch"), say(zh="做了", en="what"), say(zh="时间", en="at"),
         say(zh="件数", en="items"), say(zh="仍如此", en="still so"),
         say(zh="可撤销至", en="undo until")],
        [[str(b.batch), marked if b.is_marked else unmarked, moment(b.marked_at), b.items,
          b.standing, moment(u)] for b, u in zip(rows, until, strict=True)],
    )  # fmt: skip


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
