"""What commands about claims share: the claim named, parties, files handed in, what is printed."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiaobao.cli.evidence.pieces import content_in, named
from xiaobao.cli.house import now
from xiaobao.cli.output import language, moment, money, print_json, print_pairs, print_table, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.claims.facts import ClaimKey, ClaimRow, Handed, NextAction, Party
    from xiaobao.evidence.facts import Viewer


class Reader(StrEnum):
    """For whom something leaves the house."""

    BUYER = "buyer"
    SELLER = "seller"
    ADJUDICATOR = "adjudicator"


ReaderOf = Annotated[
    Reader,
    typer.Option("--for", metavar="READER", help="给谁：buyer, seller, adjudicator · for whom"),
]
ClaimName = Annotated[str, typer.Argument(metavar="CLAIM", help="维权名称 · the claim's name")]
SellerOf = Annotated[
    str | None,
    typer.Option("--seller", metavar="SELLER", help="卖家，名称重复时 · where names are shared"),
]
Key = Annotated[
    str,
    typer.Option("--key", metavar="K", help="幂等键：重复即同一操作 · the same again is the same"),
]
Words = Annotated[str, typer.Option(metavar="WORDS", help="说明 · words to it")]
By = Annotated[str, typer.Option("--by", metavar="PARTY", help="buyer, seller")]
Amount = Annotated[
    int, typer.Option(metavar="MINOR", min=0, help="金额，最小货币单位 · minor units")
]
Photos = Annotated[
    list[Path] | None, typer.Option("--photo", metavar="FILE", help="照片 · a photo; again: more")
]
Files = Annotated[
    list[str] | None,
    typer.Option(
        "--evidence", metavar="KIND=FILE", help="其他证据，如 invoice=发票.pdf · other evidence"
    ),
]


def moment_at(at: datetime | None) -> datetime:
    return now() if at is None else at


def party_of(name: str) -> Party:
    """:raises typer.BadParameter: where it is no party to a claim"""
    from xiaobao.claims.facts import Party

    return named(Party, name, "--by")


def handed_from(photos: Sequence[Path] | None, files: Sequence[str] | None) -> list[Handed]:
    """The files given; they are read where they lie.

    :raises typer.BadParameter: where a kind is not known
    :raises FileUnreadable: where a file cannot be read
    """
    from xiaobao.claims.facts import Handed
    from xiaobao.evidence.facts import Kind

    given = [(Kind.PHOTO, path) for path in photos or []]
    for text in files or []:
        kind, is_there, path = text.partition("=")
        if not is_there or not path:
            raise typer.BadParameter(f"{text!r}: KIND=FILE", param_hint="--evidence")
        given.append((named(Kind, kind, "--evidence"), Path(path)))
    return [Handed(kind, content_in(path), path.name) for kind, path in given]


def key_of(claim: str, seller: str | None) -> ClaimKey:
    """:raises ClaimUnknown: if there is none of this name"""
    from xiaobao.claims.queries import claim_named

    return claim_named(claim, seller)


def print_done(claim: str, row: ClaimRow, at: datetime, *, as_json: bool) -> None:
    """What an act came to, and what is to be done next."""
    from xiaobao.claims.queries import claim_detail

    detail = claim_detail(row.seller_id, row.claim_id, language(), at=at)
    if as_json:
        print_json(
            {
                "claim": claim, "state": row.state, "marks": marks_of(int(row.marks)),
                "is_new": row.is_new, "money": detail.money,
                "next_actions": detail.next_actions,
            }
        )  # fmt: skip
        return
    known = "" if row.is_new else say(zh="（此前已办理）", en=" (done before)")
    print_pairs(
        [
            (say(zh="维权", en="claim"), f"{claim}{known}"),
            (say(zh="状态", en="state"), state_words(row.state)),
            (say(zh="敞口", en="exposure"), money(row.exposure_minor, detail.money.currency)),
            (say(zh="冻结", en="locked"), money(row.locked_minor, detail.money.currency)),
            (say(zh="未覆盖", en="uncovered"), money(row.uncovered_minor, detail.money.currency)),
            (say(zh="已赔付", en="paid"), money(row.paid_minor, detail.money.currency)),
        ]
    )
    print_actions(detail.next_actions)


def marks_of(marks: int) -> list[str]:
    from xiaobao.claims.facts import Mark

    return [mark.name.lower() for mark in Mark if marks & mark and mark.name]


def state_words(state: Any) -> str:
    from xiaobao.claims.facts import STATE_WORDS

    words = STATE_WORDS[state]
    return say(zh=words.zh, en=words.en)


def party_words(party: Any) -> str:
    from xiaobao.claims.facts import PARTY_WORDS

    return say(zh=PARTY_WORDS[party].zh, en=PARTY_WORDS[party].en) if party else ""


def print_actions(actions: Sequence[NextAction]) -> None:
    """Who, what, by when, and what happens otherwise."""
    print_table(
        [
            say(zh="谁", en="who"), say(zh="做什么", en="what"), say(zh="期限", en="by"),
            say(zh="否则", en="otherwise"), "xiaobao",
        ],
        [
            [
                party_words(one.party), say(zh=one.what_zh, en=one.what_en),
                moment(one.by_at) if one.by_at else "-",
                say(zh=one.otherwise_zh, en=one.otherwise_en),
                ", ".join(one.commands),
            ]
            for one in actions
        ],
        title=say(zh="下一步", en="next"),
    )  # fmt: skip


def viewer_of(reader: Reader) -> Viewer:
    """Whose eyes a reader's are."""
    from xiaobao.evidence.facts import Viewer

    return Viewer.STAFF if reader is Reader.ADJUDICATOR else Viewer[reader.name]
