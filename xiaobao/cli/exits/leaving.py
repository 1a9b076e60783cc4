"""Leaving: what is in the way and until when; apply, submit, decide, call off."""

from __future__ import annotations

from typing import Annotated

import typer

from xiaobao.cli.claims.naming import Files, handed_from, moment_at
from xiaobao.cli.deposit import minor_of
from xiaobao.cli.evidence.pieces import named
from xiaobao.cli.exits.printing import SellerName, print_check, print_done
from xiaobao.cli.house import Moment, open_for_command
from xiaobao.cli.output import Json, print_json, say

app = typer.Typer()
By = Annotated[str, typer.Option("--by", metavar="WHO", help="经办人 · who does it")]
Amount = Annotated[
    str | None,
    typer.Option("--amount", metavar="AMOUNT", help="部分退还的金额，如 500.00 · a part of it"),
]
Why = Annotated[str, typer.Option("--why", metavar="WORDS", help="说明 · words to it")]


@app.command()
def check(
    seller: SellerName,
    *,
    stay: Annotated[
        bool, typer.Option("--stay", help="只退超出部分，仍留在消保 · take the surplus and stay")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="逐项列出，而不是按类合计 · one by one, not by kind")
    ] = False,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """申请前的清单：每一项阻碍、谁可了结、占用多少、哪天结束 · all in the way, until when"""
    open_for_command()
    from xiaobao.exits.facts import Scope
    from xiaobao.exits.queries import check_of
    from xiaobao.sellers.queries import seller_named

    row = seller_named(seller)
    found = check_of(row.seller_id, Scope.PART if stay else Scope.WHOLE, at=moment_at(at))
    if as_json:
        print_json({"seller": seller, "check": found})
    else:
        print_check(found, is_whole_list=everything)


@app.command()
def apply(
    seller: SellerName,
    *,
    amount: Amount = None,
    everything: Annotated[
        bool, typer.Option("--all", help="全部退还并退出消保 · all of it, and leave")
    ] = False,
    reason: Annotated[
        str,
        typer.Option(metavar="REASON", help="own_wish|policy_change|hardship|violation|mistake"),
    ] = "own_wish",
    why: Why = "",
    evidence: Files = None,
    key: Annotated[
        str | None, typer.Option(help="幂等键：重复即同一申请 · the same again is the same")
    ] = None,
    draft: Annotated[bool, typer.Option("--draft", help="先存草稿 · keep it as a draft")] = False,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """申请退保：部分或全部 · ask the deposit back: a part, or all of it"""
    from xiaobao.exits.facts import Reason, Scope

    given = named(Reason, reason, "--reason")
    if (amount is None) == (not everything):
        raise typer.BadParameter(
            say(zh="--amount 金额 与 --all 选一个", en="give either --amount AMOUNT or --all"),
            param_hint="--amount",
        )
    handed = handed_from(None, evidence)
    open_for_command()
    from xiaobao.exits.acts import apply_for_exit
    from xiaobao.sellers.queries import seller_named

    row, when = seller_named(seller), moment_at(at)
    number = apply_for_exit(
        row.seller_id, scope=Scope.WHOLE if everything else Scope.PART, reason=given,
        amount_minor=0 if amount is None else minor_of(amount, row.currency),
        key=key or f"{when.isoformat()}", by=seller, words=why, handed=handed, is_draft=draft,
        at=when,
    )  # fmt: skip
    print_done(row, number, as_json=as_json)


@app.command()
def submit(seller: SellerName, *, at: Moment = None, as_json: Json = False) -> None:
    """提交草稿 · submit a draft"""
    open_for_command()
    from xiaobao.exits.acts import submit_exit
    from xiaobao.sellers.queries import seller_named

    row = seller_named(seller)
    number = submit_exit(row.seller_id, by=seller, at=moment_at(at))
    print_done(row, number, as_json=as_json)


@app.command()
def approve(
    seller: SellerName,
    *,
    by: By = "staff",
    why: Why = "",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """批准：锁定可退金额，随后打款 · approve: lock what may leave; it is paid at the next run"""
    open_for_command()
    from xiaobao.exits.acts import approve_exit
    from xiaobao.sellers.queries import seller_named

    row = seller_named(seller)
    approve_exit(row.seller_id, by=by, words=why, at=moment_at(at))
    print_done(row, None, as_json=as_json)


@app.command()
def refuse(
    seller: SellerName,
    *,
    why: Why = "",
    by: By = "staff",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """驳回：须有应等待的阻碍项并写明理由 · refuse, for a blocker that is waited for"""
    open_for_command()
    from xiaobao.exits.acts import refuse_exit
    from xiaobao.sellers.queries import seller_named

    row = seller_named(seller)
    number = refuse_exit(row.seller_id, by=by, words=why, at=moment_at(at))
    print_done(row, number, as_json=as_json)


@app.command()
def answer(
    seller: SellerName,
    *,
    take: Annotated[
        str | None,
        typer.Option(
            metavar="RELIEF",
            help="接受哪一项，如 pause · which one to take: instalments, cover, …",
        ),
    ] = None,
    decline: Annotated[
        bool, typer.Option("--decline", help="不接受，继续退保 · take none, go on")
    ] = False,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """答复帮扶方案 · answer what relief is offered: take one and stay, or go on"""
    from xiaobao.exits.facts import Relief

    if (take is None) == (not decline):
        raise typer.BadParameter(
            say(zh="--take 方案 与 --decline 选一个", en="give either --take RELIEF or --decline"),
            param_hint="--take",
        )
    chosen = None if take is None else named(Relief, take, "--take")
    open_for_command()
    from xiaobao.exits.acts import decline_relief, take_relief
    from xiaobao.sellers.queries import seller_named

    row, when = seller_named(seller), moment_at(at)
    if chosen is None:
        number = decline_relief(row.seller_id, by=seller, at=when)
    else:
        number = take_relief(row.seller_id, chosen, by=seller, at=when)
    print_done(row, number, as_json=as_json)


@app.command("pay-again")
def pay_again(seller: SellerName, *, at: Moment = None, as_json: Json = False) -> None:
    """账户改正后，把失败的款付到现绑账户 · send what failed to the account bound now"""
    open_for_command()
    from xiaobao.exits.acts import pay_to_bound_account
    from xiaobao.sellers.queries import seller_named

    row = seller_named(seller)
    pay_to_bound_account(row.seller_id, at=moment_at(at))
    print_done(row, None, as_json=as_json)


@app.command()
def cancel(seller: SellerName, *, why: Why = "", at: Moment = None, as_json: Json = False) -> None:
    """撤回：打款之前随时可以 · call it off, any time before money is on its way"""
    open_for_command()
    from xiaobao.exits.acts import cancel_exit
    from xiaobao.sellers.queries import seller_named

    row = seller_named(seller)
    number = cancel_exit(row.seller_id, by=seller, words=why, at=moment_at(at))
    print_done(row, number, as_json=as_json)
