"""An inspection: drawn, looked through, ended; listed and shown."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import typer

from xiaobao.cli.evidence.pieces import named
from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, print_json
from xiaobao.cli.supervision.printing import (
    By,
    Key,
    Limit,
    Number,
    Reasons,
    SellerName,
    WatchedName,
    as_plain,
    print_inspections,
    print_one,
)

app = typer.Typer()


@app.command()
def inspections(*, limit: Limit = 50, as_json: Json = False) -> None:
    """抽查列表，最近的在前 · inspections, the latest first"""
    open_for_command()
    from xiaobao.sellers.queries import names_of
    from xiaobao.supervision import queries

    rows = queries.inspections(limit=limit)
    names = names_of(np.array([one.seller_id for one in rows], np.int64))
    if as_json:
        print_json({"inspections": [as_plain(one, names[one.seller_id]) for one in rows]})
        return
    print_inspections([(names[one.seller_id], one) for one in rows])


@app.command()
def inspect(
    seller: SellerName, *, words: Reasons, by: By, key: Key, watched: WatchedName = "any",
    at: Moment = None, as_json: Json = False,
) -> None:  # fmt: skip
    """抽签取样，开始抽查 · draw a sample that nobody chose, and begin"""
    from xiaobao.supervision.facts import Watched

    of_watched = named(Watched, watched, "--watched")
    open_for_command()
    from xiaobao.people.facts import Actor
    from xiaobao.sellers.queries import seller_named
    from xiaobao.supervision.acts import open_inspection

    opened = open_inspection(
        seller_named(seller).seller_id, watched=of_watched, words=words, by=Actor(0, by), key=key,
        at=now() if at is None else at,
    )  # fmt: skip
    print_one(seller, opened.seller_id, opened.number, as_json=as_json)


@app.command()
def find(
    seller: SellerName,
    order: Annotated[str, typer.Argument(metavar="ORDER", help="订单 · an order of the sample")],
    *,
    finding: Annotated[str, typer.Option(help="kept, broken")],
    by: By,
    key: Key,
    number: Number = 1,
    words: Reasons = "",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """记录一笔订单的结果 · record what was found about one order"""
    from xiaobao.supervision.facts import Finding

    of_finding = named(Finding, finding, "--finding")
    open_for_command()
    from xiaobao.people.facts import Actor
    from xiaobao.sellers.queries import seller_named
    from xiaobao.supervision.acts import record_findings

    row = record_findings(
        seller_named(seller).seller_id, number, {order: (of_finding, words)}, by=Actor(0, by),
        key=key, at=now() if at is None else at,
    )  # fmt: skip
    print_one(seller, row.seller_id, number, as_json=as_json)


@app.command()
def close(
    seller: SellerName,
    *,
    outcome: Annotated[str, typer.Option(help="no_breach, breach, called_off")],
    words: Reasons,
    by: By,
    key: Key,
    number: Number = 1,
    kind: Annotated[
        str, typer.Option(help="发现违约时记录的违规种类 · the violation, where broken")
    ] = "",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """结束抽查；发现违约则记录违规 · end it; a breach is recorded as a violation"""
    from xiaobao.promises.facts import ViolationKind
    from xiaobao.supervision.facts import Outcome

    of_outcome = named(Outcome, outcome, "--outcome")
    of_kind = named(ViolationKind, kind, "--kind") if kind else None
    open_for_command()
    from xiaobao.people.facts import Actor
    from xiaobao.sellers.queries import seller_named
    from xiaobao.supervision.acts import close_inspection

    row = close_inspection(
        seller_named(seller).seller_id, number, outcome=of_outcome, words=words, by=Actor(0, by),
        key=key, at=now() if at is None else at, kind=of_kind,
    )  # fmt: skip
    print_one(seller, row.seller_id, number, as_json=as_json)


@app.command()
def show(seller: SellerName, *, number: Number = 1, as_json: Json = False) -> None:
    """一次抽查：样本、结果、经过 · one inspection: its sample, findings and course"""
    open_for_command()
    from xiaobao.sellers.queries import seller_named

    print_one(seller, seller_named(seller).seller_id, number, as_json=as_json)
