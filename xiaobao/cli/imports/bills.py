"""`xiaobao import alipay-bill`: a bill's lines kept, each booked by its remark."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads annotations
from typing import Annotated

import typer

from xiaobao.cli.house import now, open_for_command
from xiaobao.cli.output import Json, language, money, print_json, print_pairs, print_table, say
from xiaobao.gateways.alipay.yuan import CURRENCY

app = typer.Typer()


@app.command(
    "alipay-bill",
    help=say(
        zh="导入支付宝业务明细、账务明细或微信交易账单（csv 或 zip），按备注记类",
        en="import an Alipay business or account bill, or a WeChat trade bill (csv or zip)",
    ),
)
def alipay_bill(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".csv | .zip")],
    *,
    as_json: Json = False,
) -> None:
    from xiaobao.gateways.bills import read_bill
    from xiaobao.gateways.bills.shapes import KIND_WORDS
    from xiaobao.gateways.bills.vocabulary import kinds
    from xiaobao.work.bills.taking import OURS, take_in

    bill = read_bill(file)
    open_for_command()
    taken = take_in(bill, file.name, at=now())
    if as_json:
        print_json({"file": str(file), "kind": bill.kind.name.lower(), "taken": taken})
        return
    zh, en = KIND_WORDS[bill.kind]
    print_pairs([
        (say(zh="账单", en="bill"), say(zh=zh, en=en)),
        (say(zh="行数", en="lines"), taken.lines),
        (say(zh="其中新的", en="of them new"), taken.lines_new),
        (say(zh="收入", en="came in"), money(taken.in_fen, CURRENCY)),
        (say(zh="支出", en="went out"), money(taken.out_fen, CURRENCY)),
    ])  # fmt: skip
    words = {name: one.zh if language() == "zh" else one.en for name, one in kinds().items()}
    words[OURS] = say(zh="本系统的单号", en="a number of ours")
    print_table(
        [say(zh="记类", en="booked as"), say(zh="行数", en="lines"), say(zh="金额", en="sum"),
         say(zh="其中赔付", en="of it compensation")],
        [[words[one.kind], str(one.lines), money(one.fen, CURRENCY),
          money(one.compensation_fen, CURRENCY)] for one in taken.booked],
    )  # fmt: skip
