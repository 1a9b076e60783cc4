"""`xiaobao label`: a shop as anybody may check it; as JSON signed, as the public page has it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, print_json, print_pairs, say

app = typer.Typer()


@app.command()
def label(
    seller: Annotated[str, typer.Argument(metavar="SELLER", help="卖家 · the seller")],
    *,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """店铺的信誉标签；--json 带签名，可离线核对 · a shop's trust label; signed with --json"""
    open_for_command()
    from xiaobao.sellers.queries import seller_named
    from xiaobao.trust.queries import signed_label

    told = signed_label(seller_named(seller), at=now() if at is None else at)
    if as_json:
        print_json(told)
    else:
        _print(told)


def _print(told: dict[str, Any]) -> None:
    from xiaobao.sellers.facts import STANDING_WORDS, Standing

    deposit, kept, payout = told["deposit"], told["kept"], told["payout"]
    zh, en = STANDING_WORDS[Standing[told["standing"].upper()]]
    unknown = say(zh="无从判断", en="nothing to judge by")
    print_pairs([
        (say(zh="店铺", en="shop"), told["shop"]),
        (say(zh="状态", en="standing"), say(zh=zh, en=en)),
        (say(zh="消保商品", en="covered items"), told["items_covered"]),
        (say(zh="可用保证金与应缴之比", en="deposit available, of what is required"),
         f"{deposit['headroom_percent']} %" if deposit["is_quoted"] else unknown),
        (say(zh="承诺兑现率至少", en="promises kept, at least"),
         f"{kept['least_bps'] / 100:g} % ({kept['orders'] - kept['broken']}/{kept['orders']})"
         if kept["orders"] else unknown),
        (say(zh="维权到赔付（小时，中位）", en="claim to payment (h, median)"),
         unknown if payout["median_hours"] is None else payout["median_hours"]),
        (say(zh="公示中的处罚", en="penalty published"),
         "—" if told["penalty"] is None else told["penalty"]["clause"]),
        (say(zh="有效至", en="valid until"), told["valid_until"]),
    ])  # fmt: skip
