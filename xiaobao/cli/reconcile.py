"""`xiaobao reconcile`: a gateway's bill against the ledger, line by line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path  # noqa: TC003  typer reads annotations
from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, moment, money, print_json, print_pairs, print_table, say
from xiaobao.gateways.alipay.yuan import CURRENCY

if TYPE_CHECKING:
    from xiaobao.work.bills.differing import Difference

app = typer.Typer()
DIFFERS = 1
_MOST_SHOWN = 100


@app.command()
def reconcile(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".csv | .zip")],
    *,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """账单与账本逐行核对；有差异则以 1 结束 · a bill against the ledger; 1 where they differ"""
    from xiaobao.gateways.bills import read_bill
    from xiaobao.gateways.bills.shapes import KIND_WORDS
    from xiaobao.work.bills.matching import match_bill
    from xiaobao.work.bills.taking import take_in

    bill = read_bill(file)
    open_for_command()
    taken = take_in(bill, file.name, at=now() if at is None else at)
    matched = match_bill(bill)
    differences = matched.differences
    if as_json:
        print_json({
            "file": str(file), "kind": bill.kind.name.lower(), "bill": taken.bill,
            "is_new": taken.is_new, "lines": matched.lines, "agreed": matched.agreed,
            "agreed_in_minor": matched.agreed_in_minor,
            "agreed_out_minor": matched.agreed_out_minor, "reconciled": matched.reconciled,
            "booked": taken.booked,
            "differences": [d._asdict() | {"seller_id": str(d.seller_id)} for d in differences],
        })  # fmt: skip
    else:
        zh, en = KIND_WORDS[bill.kind]
        print_pairs([
            (say(zh="账单", en="bill"), say(zh=zh, en=en)),
            (say(zh="行数", en="lines"), matched.lines),
            (say(zh="相符", en="agreed"), matched.agreed),
            (say(zh="相符收入", en="agreed, came in"), money(matched.agreed_in_minor, CURRENCY)),
            (say(zh="相符支出", en="agreed, went out"), money(matched.agreed_out_minor, CURRENCY)),
            (say(zh="新对上的打款", en="payouts reconciled now"), matched.reconciled),
            (say(zh="差异", en="differences"), len(differences)),
        ])  # fmt: skip
        _print(differences)
    if differences:
        raise typer.Exit(DIFFERS)


def _print(differences: tuple[Difference, ...]) -> None:
    from xiaobao.work.bills.differing import WORDS

    if not differences:
        return
    counts = Counter(one.kind for one in differences)
    print_table(
        [say(zh="差异", en="difference"), say(zh="笔数", en="how many"),
         say(zh="怎么办", en="what to do")],
        [[say(zh=WORDS[kind].zh, en=WORDS[kind].en), str(count),
          say(zh=WORDS[kind].do_zh, en=WORDS[kind].do_en)] for kind, count in counts.items()],
    )  # fmt: skip
    print_table(
        [say(zh="差异", en="difference"), say(zh="行", en="line"), say(zh="单号", en="number"),
         say(zh="账本", en="ours"), say(zh="账单", en="theirs"), say(zh="时间", en="at")],
        [
            [say(zh=WORDS[d.kind].zh, en=WORDS[d.kind].en), str(d.line or ""),
             d.number or d.name, _money(d.ours_minor), _money(d.theirs_minor),
             moment(d.at) if d.at else ""]
            for d in differences[:_MOST_SHOWN]
        ],
    )  # fmt: skip
    left = len(differences) - _MOST_SHOWN
    if left > 0:
        print(say(zh=f"另有 {left} 处，用 --json 查看", en=f"and {left} more: --json has all"))


def _money(minor: int | None) -> str:
    return "" if minor is None else money(minor, CURRENCY)
