"""One exit whole, and lists of exits."""

from __future__ import annotations

from typing import Annotated

import typer

from xiaobao.cli.evidence.pieces import named
from xiaobao.cli.exits.printing import SellerName, print_done, said
from xiaobao.cli.house import open_for_command
from xiaobao.cli.output import Json, moment, money, print_json, print_table, say

app = typer.Typer()


@app.command()
def show(
    seller: SellerName,
    *,
    number: Annotated[int | None, typer.Option(help="第几次 · which one")] = None,
    as_json: Json = False,
) -> None:
    """一次退保的全部：进度、占用、打款 · one exit whole: steps, what is held, payments"""
    open_for_command()
    from xiaobao.sellers.queries import seller_named

    print_done(seller_named(seller), number, as_json=as_json)


@app.command("list")
def list_exits(
    *,
    state: Annotated[str | None, typer.Option(help="状态，如 under_review · one state")] = None,
    seller: Annotated[str | None, typer.Option(help="只看一个卖家 · of one seller")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="最多 · at most")] = 100,
    as_json: Json = False,
) -> None:
    """退保列表，时限近者在前 · exits, those due first"""
    from xiaobao.exits.facts import ExitState

    where = None if state is None else named(ExitState, state, "--state")
    open_for_command()
    from xiaobao.exits.queries import exits_listed
    from xiaobao.sellers.queries import seller_named

    seller_id = None if seller is None else seller_named(seller).seller_id
    rows = exits_listed(state=where, seller_id=seller_id, limit=limit)
    if as_json:
        print_json({"exits": rows})
        return
    from xiaobao.exits.facts import REASON_WORDS, SCOPE_WORDS, STATE_WORDS

    print_table(
        [say(zh="卖家", en="seller"), "#", say(zh="范围", en="scope"),
         say(zh="原因", en="reason"), say(zh="状态", en="state"),
         say(zh="已退", en="paid"), say(zh="仍占用", en="still held"),
         say(zh="下一时限", en="next")],
        [[r.seller, r.number, said(SCOPE_WORDS[r.scope]), said(REASON_WORDS[r.reason]),
          said(STATE_WORDS[r.state]), money(r.paid_minor, r.currency),
          money(r.held_minor, r.currency), moment(r.next_at) if r.next_at else "-"]
         for r in rows],
    )  # fmt: skip
