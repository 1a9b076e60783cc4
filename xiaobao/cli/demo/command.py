"""The command itself: checks what was asked, lives the marketplace, prints the summary."""

from __future__ import annotations

import resource
import sys
import time
from typing import Annotated

import typer

from xiaobao.cli.house import open_for_command
from xiaobao.cli.output import Json, note, print_json, say
from xiaobao.cli.progress import progress

app = typer.Typer()
DEFAULT_PORT = 8868
FAILED = 1
MOST_SELLERS = 20_000
# A million orders take about four gigabytes while they are made.
MOST_ORDERS = 1_000_000
MOST_DAYS = 1_500


@app.command()
def demo(
    *,
    sellers: Annotated[
        int, typer.Option(min=1, max=MOST_SELLERS, help="卖家数 · how many sellers")
    ] = 200,
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="天数 · how many days")] = 120,
    orders: Annotated[
        int, typer.Option(min=1, max=MOST_ORDERS, help="订单数 · how many orders")
    ] = 20_000,
    seed: Annotated[
        int, typer.Option(min=0, max=2**31 - 1, help="随机种子 · the seed of everything")
    ] = 7,
    no_serve: Annotated[
        bool,
        typer.Option("--no-serve", help="不启动控制台 · do not start the consoles"),
    ] = False,
    port: Annotated[
        int, typer.Option(min=1, max=65_535, help="控制台端口 · port of the consoles")
    ] = DEFAULT_PORT,
    as_json: Json = False,
) -> None:
    """从零生成一个市场，逐日运转 · generate a marketplace and live it day by day"""
    began = time.monotonic()
    open_for_command()
    from xiaobao.cli.demo.figures import figures_of
    from xiaobao.cli.demo.printing import print_figures
    from xiaobao.lab.generate.marketplace import generate
    from xiaobao.lab.generate.plans import Plan
    from xiaobao.work.life import live

    market = generate(Plan(seed=seed, sellers=sellers, orders=orders, days=days))
    with progress(say(zh="逐日运转", en="living day by day")) as tell:
        live(market, progress=tell)
    figures = figures_of(market)
    if as_json:
        print_json(figures)
    else:
        print_figures(figures)
    _note_cost(time.monotonic() - began)
    if not figures["invariants"]["hold"]:
        raise typer.Exit(FAILED)
    if not no_serve:
        from xiaobao.cli.serving import serve_demo

        serve_demo(port)


def _note_cost(seconds: float) -> None:
    """On stderr: it differs from run to run, and the figures do not."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    megabytes = peak // (1024 * 1024 if sys.platform == "darwin" else 1024)
    note(
        say(
            zh=f"用时 {seconds:.1f} 秒，内存峰值 {megabytes} MB（不含数据库进程）",
            en=f"took {seconds:.1f} s, peak memory {megabytes} MB (without the database)",
        )
    )
