"""The seller's side: what a version changes for it, what it was told, accept or object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.house import Moment, open_for_command
from xiaobao.cli.output import Json, moment, print_json, print_table, say
from xiaobao.cli.policy.naming import ByWhom, SellerName, VersionName, files_of, moment_at
from xiaobao.kernel.clocks import moment_of

if TYPE_CHECKING:
    from xiaobao.sellers.facts import AnswerRow

app = typer.Typer()


@app.command()
def impact(
    *,
    pack: Annotated[
        str,
        typer.Option("--pack", metavar="NEW", help="规则包 · a pack, a folder or market@version"),
    ],
    seller: Annotated[str, typer.Option("--seller", metavar="SELLER", help="卖家 · the seller")],
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """按卖家自己的既往重算 · what a pack means for a seller, by its own past"""
    open_for_command()
    from xiaobao.lab.pasts import FIGURES
    from xiaobao.promises import queries as promises
    from xiaobao.sellers import queries
    from xiaobao.work import noticing

    row = queries.seller_named(seller)
    where = promises.market_of(row.market_id)
    turn = noticing.turn_to(where, files_of(pack), at=moment_at(at))
    found = noticing.impact_on(turn, row.seller_id)
    if as_json:
        print_json(
            {"seller": seller, "pack": turn.after.version, "against": turn.before.version,
             "effective_at": moment_of(turn.effective_us), "orders": found.impact.orders,
             "before_minor": found.impact.before_minor, "after_minor": found.impact.after_minor,
             "kinds": found.impact.kinds, "claims": found.impact.claims,
             **{name: getattr(found.impact, name) for name in FIGURES},
             "lines": [{"zh": zh, "en": en} for zh, en in found.lines]}
        )  # fmt: skip
        return
    for zh, en in found.lines:
        print(say(zh=zh, en=en))
    if not found.lines:
        print(say(zh="对这个卖家没有变化", en="nothing changes for this seller"))


@app.command()
def notices(seller: SellerName, *, as_json: Json = False) -> None:
    """卖家被告知的内容 · what a seller was told of announced versions"""
    open_for_command()
    from xiaobao.sellers import queries

    row = queries.seller_named(seller)
    found = queries.notices_of(row.seller_id)
    if as_json:
        print_json({"seller": seller, "notices": found})
        return
    for told in found:
        print(moment(told.told_at))
        for line in told.lines:
            print("  " + say(zh=line["zh"], en=line["en"]))
    if not found:
        print(say(zh="还没有告知", en="nothing was told yet"))


@app.command()
def accept(
    seller: SellerName,
    version: VersionName,
    *,
    by: ByWhom = "seller",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """卖家接受公示中的版本 · the seller accepts an announced version"""
    open_for_command()
    from xiaobao.sellers import acts, queries

    row = queries.seller_named(seller)
    answer = acts.accept_version(row.seller_id, version, by=by, at=moment_at(at))
    if as_json:
        print_json({"seller": seller, "answer": answer})
    else:
        _print_answers([answer])


@app.command("object")
def object_to(
    seller: SellerName,
    version: VersionName,
    *,
    by: ByWhom = "seller",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """卖家反对：可按原规则退出 · the seller objects, and may leave under the terms before it"""
    open_for_command()
    from xiaobao.sellers import acts, queries

    row = queries.seller_named(seller)
    answer = acts.object_to_version(row.seller_id, version, by=by, at=moment_at(at))
    objection = queries.objection_of(row.seller_id)
    if as_json:
        print_json({"seller": seller, "answer": answer, "objection": objection})
        return
    _print_answers([answer])
    print(
        say(
            zh="退出时适用这一版本生效前的规则：xiaobao exits check",
            en="an exit follows the rules before this version: xiaobao exits check",
        )
    )


@app.command()
def answers(seller: SellerName, *, as_json: Json = False) -> None:
    """卖家对各版本的答复 · what a seller said to versions, and what still stands"""
    open_for_command()
    from xiaobao.sellers import queries

    row = queries.seller_named(seller)
    said = queries.answers_of(row.seller_id)
    objection = queries.objection_of(row.seller_id)
    if as_json:
        print_json({"seller": seller, "answers": said, "objection": objection})
        return
    _print_answers(said)
    if objection is not None:
        print(
            say(
                zh=f"对版本 {objection.version} 的反对有效：退出适用它生效前的规则",
                en=f"the objection to {objection.version} stands: an exit follows the rules "
                "before it",
            )
        )


def _print_answers(said: list[AnswerRow]) -> None:
    print_table(
        [say(zh="版本", en="version"), say(zh="答复", en="answer"), say(zh="时间", en="at"),
         say(zh="何人", en="by")],
        [[a.version,
          say(zh="接受", en="accepted") if a.is_accepted else say(zh="反对", en="objected"),
          moment(a.said_at), a.said_by] for a in said],
    )  # fmt: skip
