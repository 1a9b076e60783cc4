"""A buyer files, a seller answers, both hand evidence in."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads the annotation
from typing import Annotated

import typer

from xiaobao.cli.claims.naming import (
    Amount,
    By,
    ClaimName,
    Files,
    Key,
    Photos,
    SellerOf,
    Words,
    handed_from,
    key_of,
    moment_at,
    party_of,
    print_done,
)
from xiaobao.cli.evidence.pieces import named
from xiaobao.cli.house import Moment, open_for_command
from xiaobao.cli.output import Json, say

app = typer.Typer()


@app.command("file")
def file_one(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="订单 · the order's name")],
    *,
    seller: Annotated[str, typer.Option(metavar="SELLER", help="卖家 · the seller")],
    buyer: Annotated[str, typer.Option(metavar="BUYER", help="买家 · the buyer")],
    kind: Annotated[str, typer.Option(help="原因，如 not_as_described · what went wrong")],
    ask: Annotated[str, typer.Option(help="诉求，如 refund · what is asked for")] = "refund",
    amount: Amount = 0,
    loss: Annotated[
        int, typer.Option(metavar="MINOR", min=0, help="其他损失 · further loss shown")
    ] = 0,
    item: Annotated[str, typer.Option(metavar="ITEM", help="仅就此商品 · of one item only")] = "",
    words: Words = "",
    talk: Annotated[
        bool, typer.Option("--talk", help="先与卖家协商 · talk to the seller first")
    ] = False,
    photo: Photos = None,
    evidence: Files = None,
    key: Key,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """提出维权：冻结相应敞口，key 即维权名称 · file a claim; the key is its name"""
    from xiaobao.claims.facts import Ask, ClaimKind

    about, asked = named(ClaimKind, kind, "--kind"), named(Ask, ask, "--ask")
    handed = handed_from(photo, evidence)
    open_for_command()
    from xiaobao.claims import acts

    when = moment_at(at)
    row = acts.file_claim(
        seller=seller, order=order, buyer=buyer, kind=about, ask=asked, claim=key,
        asked_minor=amount, loss_minor=loss, item=item, words=words, negotiates=talk,
        handed=handed, at=when,
    )  # fmt: skip
    print_done(key, row, when, as_json=as_json)


@app.command()
def answer(
    claim: ClaimName,
    *,
    accept: Annotated[bool, typer.Option("--accept", help="同意诉求 · accept")] = False,
    deny: Annotated[bool, typer.Option("--deny", help="拒绝诉求 · deny")] = False,
    photo: Photos = None,
    evidence: Files = None,
    words: Words = "",
    seller: SellerOf = None,
    key: Key,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """卖家答复：同意即赔付；拒绝宜附证据 · the seller accepts, or denies, with evidence or not"""
    from xiaobao.claims.facts import Answer

    if accept == deny:
        raise typer.BadParameter(
            say(zh="--accept 与 --deny 选其一", en="give --accept or --deny"),
            param_hint="--accept",
        )
    handed = handed_from(photo, evidence)
    open_for_command()
    from xiaobao.claims import acts

    when, named_claim = moment_at(at), key_of(claim, seller)
    row = acts.answer_claim(
        named_claim.seller_id, named_claim.claim_id,
        answer=Answer.ACCEPT if accept else Answer.DENY, handed=handed, words=words, key=key,
        at=when,
    )  # fmt: skip
    print_done(claim, row, when, as_json=as_json)


@app.command("evidence")
def hand_in(
    claim: ClaimName,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="文件 · files of one kind")
    ] = None,
    *,
    by: By,
    kind: Annotated[str, typer.Option(help="FILE 的类型 · the kind of FILE")] = "photo",
    evidence: Files = None,
    words: Words = "",
    seller: SellerOf = None,
    key: Key,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """提交证据 · hand evidence in"""
    from dataclasses import replace

    given = [f"{kind}={path}" for path in files or []] + list(evidence or [])
    handed = [replace(one, words=words) for one in handed_from(None, given)]
    if not handed:
        raise typer.BadParameter(
            say(zh="至少给出一个文件", en="give at least one file"), param_hint="FILE"
        )
    party = party_of(by)
    open_for_command()
    from xiaobao.claims import acts

    when, named_claim = moment_at(at), key_of(claim, seller)
    row = acts.add_evidence(
        named_claim.seller_id, named_claim.claim_id, by=party, handed=handed, key=key, at=when
    )
    print_done(claim, row, when, as_json=as_json)
