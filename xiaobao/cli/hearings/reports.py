"""Reports of force majeure: which wait for a review, and the review itself."""

from __future__ import annotations

from typing import Annotated

import typer

from xiaobao.cli.claims.naming import moment_at
from xiaobao.cli.house import Moment, open_for_command
from xiaobao.cli.output import Json, moment, print_json, print_table, say

app = typer.Typer()


@app.command("reports")
def show_reports(
    *,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="最多 · at most")] = 100,
    as_json: Json = False,
) -> None:
    """不可抗力报备，待核实的在前 · reports of force majeure, those that wait first"""
    open_for_command()
    from xiaobao.orders.facts import REPORT_WORDS
    from xiaobao.orders.queries import reports_listed

    rows = reports_listed(limit=limit)
    if as_json:
        print_json({"reports": rows})
        return
    print_table(
        [say(zh="卖家", en="seller"), say(zh="订单", en="order"), say(zh="发生", en="happened"),
         say(zh="报备", en="reported"), say(zh="状态", en="state"),
         say(zh="核实期限", en="review by"), say(zh="至", en="until"), say(zh="理由", en="why")],
        [[r.seller, r.order, moment(r.happened_at), moment(r.reported_at),
          say(zh=REPORT_WORDS[r.state].zh, en=REPORT_WORDS[r.state].en), moment(r.due_at),
          "" if r.until_at is None else moment(r.until_at), r.words] for r in rows],
    )  # fmt: skip


@app.command("review")
def review(
    seller: Annotated[str, typer.Argument(metavar="SELLER", help="卖家名称 · the seller's name")],
    order: Annotated[str, typer.Argument(metavar="ORDER", help="订单号 · the order's number")],
    *,
    until: Moment = None,
    refuse: Annotated[bool, typer.Option("--refuse", help="不予认可 · refuse it")] = False,
    why: Annotated[str, typer.Option("--why", metavar="WORDS", help="理由 · the reason")],
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="经办人 · who decides")],
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """核实不可抗力报备：认可到 --until，或不予认可 · approve a report until then, or refuse"""
    if (until is None) is not refuse:
        raise typer.BadParameter(say(zh="写 --until 或 --refuse", en="give --until or --refuse"))
    open_for_command()
    from xiaobao.orders.acts import ReportMissing, review_report
    from xiaobao.orders.queries import order_of, report_of
    from xiaobao.sellers.queries import seller_named

    one = order_of(seller_named(seller).name, order)
    if one is None:
        raise ReportMissing(order=order)
    key = one.seller_id, one.order_id
    review_report(*key, until=until, words=why, by=by, at=moment_at(at))
    found = report_of(*key)
    if as_json:
        print_json({"report": found})
    else:
        print(say(zh="已记录", en="recorded"))
