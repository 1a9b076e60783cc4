"""Offers and their answers; a person asked for; widened, withdrawn, stopped, reopened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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
from xiaobao.cli.output import Json  # noqa: TC001  typer reads the annotation

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from xiaobao.claims.facts import ClaimRow

app = typer.Typer()
# Clocks are stopped, and let go on, by the platform too.
StoppedBy = Annotated[str, typer.Option("--by", metavar="PARTY", help="buyer, seller, platform")]
Number = Annotated[
    int, typer.Option("--offer", metavar="NO", min=1, help="方案编号 · the offer's number")
]


def _do(act: str, claim: str, seller: str | None, at: Any, *, as_json: bool, **more: Any) -> None:
    """Do one act about one claim and print what it came to."""
    open_for_command()
    from xiaobao.claims import acts

    done: Callable[..., ClaimRow] = getattr(acts, act)
    when, key = moment_at(at), key_of(claim, seller)
    row = done(key.seller_id, key.claim_id, at=when, **more)
    print_done(claim, row, when, as_json=as_json)


@app.command()
def offer(
    claim: ClaimName,
    *,
    by: By,
    amount: Amount,
    with_return: Annotated[
        bool, typer.Option("--with-return", help="须退货 · the goods come back")
    ] = False,
    words: Words = "",
    seller: SellerOf = None,
    key: Key,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """提出方案 · offer the other party a sum"""
    _do("make_offer", claim, seller, at, as_json=as_json, by=party_of(by), amount_minor=amount,
        with_return=with_return, words=words, key=key)  # fmt: skip


@app.command("accept-offer")
def accept_offer(
    claim: ClaimName, *, by: By, number: Number, words: Words = "", seller: SellerOf = None,
    key: Key, at: Moment = None, as_json: Json = False,
) -> None:  # fmt: skip
    """接受方案：和解并立即赔付 · accept an offer: settled, and paid at once"""
    _do("accept_offer", claim, seller, at, as_json=as_json, by=party_of(by), number=number,
        words=words, key=key)  # fmt: skip


@app.command("decline-offer")
def decline_offer(
    claim: ClaimName, *, by: By, number: Number, words: Words = "", seller: SellerOf = None,
    key: Key, at: Moment = None, as_json: Json = False,
) -> None:  # fmt: skip
    """拒绝方案 · decline an offer"""
    _do("decline_offer", claim, seller, at, as_json=as_json, by=party_of(by), number=number,
        words=words, key=key)  # fmt: skip


@app.command("end-talks")
def end_talks(
    claim: ClaimName, *, by: By, words: Words = "", seller: SellerOf = None, key: Key,
    at: Moment = None, as_json: Json = False,
) -> None:  # fmt: skip
    """请平台介入，结束协商 · call the platform in"""
    _do("end_talks", claim, seller, at, as_json=as_json, by=party_of(by), words=words, key=key)


@app.command("ask-person")
def ask_person(
    claim: ClaimName, *, by: By, words: Words = "", seller: SellerOf = None, key: Key,
    at: Moment = None, as_json: Json = False,
) -> None:  # fmt: skip
    """申请由人裁决 · ask that a person decides"""
    _do("ask_for_person", claim, seller, at, as_json=as_json, by=party_of(by), words=words,
        key=key)  # fmt: skip


@app.command()
def widen(
    claim: ClaimName, *, ask: Annotated[str, typer.Option(help="statutory, compensation, …")],
    words: Words = "", seller: SellerOf = None, key: Key, at: Moment = None, as_json: Json = False,
) -> None:  # fmt: skip
    """买家扩大诉求，裁决之前 · the buyer asks for more, until the ruling"""
    from xiaobao.claims.facts import Ask

    _do("widen_claim", claim, seller, at, as_json=as_json, ask=named(Ask, ask, "--ask"),
        words=words, key=key)  # fmt: skip


@app.command()
def withdraw(
    claim: ClaimName, *, words: Words = "", seller: SellerOf = None, key: Key, at: Moment = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """买家撤回维权，释放冻结 · the buyer withdraws; what was locked is free"""
    _do("withdraw_claim", claim, seller, at, as_json=as_json, words=words, key=key)


@app.command()
def suspend(
    claim: ClaimName,
    *,
    reason: Annotated[str, typer.Option(help="self_settlement, court, police")],
    by: StoppedBy,
    words: Words = "",
    evidence: Files = None,
    seller: SellerOf = None,
    key: Key,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """中止：双方同意、凭文书或平台 · suspend: both agree, on a document, by the platform"""
    from xiaobao.claims.facts import StopReason

    _do("suspend_claim", claim, seller, at, as_json=as_json,
        reason=named(StopReason, reason, "--reason"), by=party_of(by), words=words,
        handed=handed_from(None, evidence), key=key)  # fmt: skip


@app.command("goods-done")
def goods_done(
    claim: ClaimName, *, by: By, photo: Photos = None, evidence: Files = None, words: Words = "",
    seller: SellerOf = None, key: Key, at: Moment = None, as_json: Json = False,
) -> None:  # fmt: skip
    """已维修或更换：卖家举证或买家确认 · repaired or replaced: proved, or confirmed"""
    _do("finish_goods", claim, seller, at, as_json=as_json, by=party_of(by),
        handed=handed_from(photo, evidence), words=words, key=key)  # fmt: skip


@app.command("order-test")
def order_test(
    claim: ClaimName, *, cost: Amount, words: Words = "", seller: SellerOf = None, key: Key,
    at: Moment = None, as_json: Json = False,
) -> None:  # fmt: skip
    """平台送检：时限停止，费用由败诉方承担 · order a test; the loser bears its cost"""
    _do("order_test", claim, seller, at, as_json=as_json, cost_minor=cost, words=words, key=key)


@app.command()
def resume(
    claim: ClaimName, *, by: StoppedBy, words: Words = "", seller: SellerOf = None, key: Key,
    at: Moment = None, as_json: Json = False,
) -> None:  # fmt: skip
    """恢复：时限顺延 · resume: every clock later by as much"""
    _do("resume_claim", claim, seller, at, as_json=as_json, by=party_of(by), words=words, key=key)


@app.command()
def reopen(
    claim: ClaimName,
    *,
    words: Words = "",
    photo: Photos = None,
    evidence: Files = None,
    seller: SellerOf = None,
    key: Key,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """凭新事实申请重新受理 · reopen a claim that ended, with new facts"""
    _do("reopen_claim", claim, seller, at, as_json=as_json, words=words,
        handed=handed_from(photo, evidence), key=key)  # fmt: skip
