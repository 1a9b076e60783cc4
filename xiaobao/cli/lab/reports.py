"""`xiaobao lab reports`: the comparisons that were kept, and one of them whole."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer looks it up
from typing import TYPE_CHECKING, Annotated
from uuid import UUID  # noqa: TC003  typer looks it up

import typer

from xiaobao.cli.house import open_for_command
from xiaobao.cli.lab.compare import write_page
from xiaobao.cli.lab.summary import print_summary
from xiaobao.cli.output import Json, moment, print_json, print_table, say

if TYPE_CHECKING:
    from xiaobao.work.comparisons import Comparison

STATES = {
    "waiting": ("待计算", "waiting"), "kept": ("已留存", "kept"), "failed": ("未成", "failed"),
}  # fmt: skip


def reports(
    comparison: Annotated[
        UUID | None, typer.Argument(metavar="[COMPARISON]", help="其中一个 · one of them")
    ] = None,
    *,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="写成一页报告 · write it as one page"),
    ] = None,
    as_json: Json = False,
) -> None:
    """留存的比较：列出，或看其中一个 · comparisons that were kept: listed, or one whole"""
    if html is not None and comparison is None:
        raise typer.BadParameter(
            say(zh="写明是哪一个比较", en="name the comparison"), param_hint="COMPARISON"
        )
    open_for_command()
    from xiaobao.work import comparisons

    if comparison is None:
        found = comparisons.comparisons()
        if as_json:
            print_json({"comparisons": found})
        else:
            _print(found)
        return
    figures = comparisons.figures_in(comparison)
    if html is not None:
        write_page(html, figures)
    if as_json:
        print_json(figures)
    else:
        print_summary(figures)


def _print(found: list[Comparison]) -> None:
    print_table(
        [say(zh="比较", en="comparison"), say(zh="新规则包", en="new pack"),
         say(zh="与之比较", en="against"), say(zh="状态", en="state"),
         say(zh="时间", en="at"), say(zh="何人", en="by")],
        [
            [one.comparison, one.new_label, one.old_label or "–", _state(one),
             moment(one.asked_at), one.asked_by]
            for one in found
        ],
    )  # fmt: skip


def _state(one: Comparison) -> str:
    zh, en = STATES[one.state.name.lower()]
    why = say(zh=one.why[0], en=one.why[1])
    words = say(zh=zh, en=en)
    return f"{words}: {why}" if why else words
