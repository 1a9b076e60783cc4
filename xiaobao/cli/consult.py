"""`xiaobao consult`: a seller asks a specialist, who owes an answer in time."""

from __future__ import annotations

from typing import Annotated

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, moment, print_json, print_table, say

app = typer.Typer(
    help="咨询：提问、答复、查看 · consultations: ask, answer, show", no_args_is_help=True
)
SellerName = Annotated[str, typer.Argument(metavar="SELLER", help="卖家名称 · the seller's name")]
WordsOf = Annotated[str, typer.Argument(metavar="WORDS", help="要说的话 · what there is to say")]
Number = Annotated[int, typer.Option("--number", min=1, help="第几号咨询 · which thread")]
Key = Annotated[
    str, typer.Option("--key", help="同一 key 只说一次 · the same key says the same once")
]


@app.command()
def ask(
    seller: SellerName,
    words: WordsOf,
    *,
    number: Annotated[
        int | None,
        typer.Option(min=1, help="接着哪一号说，默认另开 · which thread; else a new one"),
    ] = None,
    topic: Annotated[str, typer.Option(help="主题 · what it is about")] = "",
    key: Key = "",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """卖家提问：平台的答复时限由此起算 · a seller asks: from here the platform's clock runs"""
    open_for_command()
    from xiaobao.exits.acts import open_consult, say_in_consult
    from xiaobao.sellers.queries import seller_named

    row, when = seller_named(seller), now() if at is None else at
    if number is None:
        open_consult(row.seller_id, topic=topic, words=words, by=seller, at=when, key=key)
    else:
        say_in_consult(
            row.seller_id, number, words=words, by=seller, is_specialist=False, at=when, key=key
        )
    _print(seller, row.seller_id, as_json=as_json)


@app.command()
def answer(
    seller: SellerName,
    words: WordsOf,
    *,
    number: Number = 1,
    by: Annotated[
        str, typer.Option("--by", metavar="WHO", help="专员 · the specialist")
    ] = "staff",
    key: Key = "",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """专员答复 · a specialist answers"""
    open_for_command()
    from xiaobao.exits.acts import say_in_consult
    from xiaobao.sellers.queries import seller_named

    row = seller_named(seller)
    say_in_consult(
        row.seller_id, number, words=words, by=by, is_specialist=True,
        at=now() if at is None else at, key=key,
    )  # fmt: skip
    _print(seller, row.seller_id, as_json=as_json)


@app.command()
def close(
    seller: SellerName, *, number: Number = 1, at: Moment = None, as_json: Json = False
) -> None:
    """结束一号咨询 · close a thread"""
    open_for_command()
    from xiaobao.exits.acts import close_consult
    from xiaobao.sellers.queries import seller_named

    row = seller_named(seller)
    close_consult(row.seller_id, number, at=now() if at is None else at)
    _print(seller, row.seller_id, as_json=as_json)


@app.command()
def show(seller: SellerName, *, as_json: Json = False) -> None:
    """全部咨询 · every thread of a seller"""
    open_for_command()
    from xiaobao.sellers.queries import seller_named

    _print(seller, seller_named(seller).seller_id, as_json=as_json)


def _print(seller: str, seller_id: int, *, as_json: bool) -> None:
    from xiaobao.exits.queries import consults_of

    rows = consults_of(seller_id)
    if as_json:
        print_json({"seller": seller, "consultations": rows})
        return
    for row in rows:
        state = say(zh="已结束", en="closed") if row.closed_at else ""
        if row.due_at:
            due = moment(row.due_at)
            state = say(zh=f"平台须在 {due} 前答复", en=f"an answer is owed by {due}")
        if row.is_late:
            state = say(zh="平台答复逾期", en="the answer is late")
        print_table(
            [say(zh="谁", en="who"), say(zh="时间", en="at"), say(zh="说", en="words")],
            [[w.by, moment(w.said_at), w.words] for w in row.words],
            title=f"#{row.number} {row.topic} {state}".rstrip(),
        )
    if not rows:
        print(say(zh="还没有咨询", en="no consultations yet"))
