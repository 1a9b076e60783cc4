"""`xiaobao unowed`: money that left though it was no longer owed, and what is done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, moment, money, print_json, print_table, say

if TYPE_CHECKING:
    from xiaobao.work.unowed import UnowedRow

app = typer.Typer(
    help="误付：要求退回、追回、核销 · money that left unowed: asked back, come back, written off",
    no_args_is_help=True,
)
Number = Annotated[
    str, typer.Argument(metavar="NUMBER", help="付款单号，见 list · the payment's number")
]
Ref = Annotated[
    str,
    typer.Option("--ref", help="凭据编号，或账务流水号 · the letter's number, or the bill line's"),
]
Words = Annotated[str, typer.Option("--why", metavar="WORDS", help="如何、为何 · how, or why")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="经办人 · who does it")]


@app.command("list")
def listed(
    *,
    settled: Annotated[
        bool, typer.Option("--settled", help="连同已了结的 · also those that are settled")
    ] = False,
    as_json: Json = False,
) -> None:
    """未了结的误付 · what left unowed and is not settled"""
    open_for_command()
    from xiaobao.work.unowed import all_unowed, paid_unowed

    _print(all_unowed() if settled else paid_unowed(), as_json=as_json)


@app.command()
def asked(
    number: Number,
    *,
    ref: Ref,
    why: Words,
    by: By = "operator",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """记下如何要求退回及其凭据 · write down how it was asked back, and what shows it"""
    open_for_command()
    from xiaobao.work.writing_off import ask_back

    row = ask_back(number, ref=ref, words=why, by=by, at=now() if at is None else at)
    _print([row], as_json=as_json)


@app.command()
def back(
    number: Number,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="追回金额，如 12.50 · sum")],
    *,
    ref: Ref,
    why: Words = "",
    by: By = "operator",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """按账单记追回的钱 · book what came back, by the line of a bill that shows it"""
    open_for_command()
    from xiaobao.kernel.money import minor_from
    from xiaobao.work.unowed import unowed_numbered
    from xiaobao.work.writing_off import book_back

    minor = minor_from(amount, unowed_numbered(number).currency) or 0
    when = now() if at is None else at
    _print([book_back(number, minor, ref=ref, words=why, by=by, at=when)], as_json=as_json)


@app.command("write-off")
def write_off(
    number: Number,
    *,
    why: Words,
    by: By = "operator",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """核销其余，由保障基金承担 · write off what is open: the guarantee fund bears it"""
    open_for_command()
    from xiaobao.work import writing_off

    when = now() if at is None else at
    # Whoever holds the machine needs no second person: see the pack of duties.
    row = writing_off.write_off(number, words=why, by=by, at=when, is_alone=False)
    _print([row], as_json=as_json)


def _print(rows: list[UnowedRow], *, as_json: bool) -> None:
    from xiaobao.work.unowed import STEP_WORDS

    if as_json:
        print_json({"unowed": [_told(one) for one in rows]})
        return
    print_table(
        [say(zh="单号", en="number"), say(zh="金额", en="amount"), say(zh="未了结", en="open"),
         say(zh="时间", en="at"), say(zh="已办", en="done")],
        [[one.number, money(one.amount_minor, one.currency), money(one.open_minor, one.currency),
          moment(one.at), ", ".join(_step(*STEP_WORDS[step.kind]) for step in one.steps)]
         for one in rows],
    )  # fmt: skip


def _step(zh: str, en: str) -> str:
    return say(zh=zh, en=en)


def _told(one: UnowedRow) -> dict[str, object]:
    return {
        "number": one.number, "seller_id": str(one.seller_id), "amount_minor": one.amount_minor,
        "open_minor": one.open_minor, "currency": one.currency, "at": one.at,
        "steps": [
            step._asdict() | {"kind": step.kind.name.lower()} for step in one.steps
        ],
    }  # fmt: skip
