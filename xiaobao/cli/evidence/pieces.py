"""Pieces of evidence: add one, list a case, show one to somebody, hold a case, what is due."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads the annotation
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import (
    Json,
    moment,
    print_json,
    print_pairs,
    print_table,
    say,
    write_private,
)
from xiaobao.kernel.contents import in_file
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import IntEnum

    from xiaobao.evidence.facts import Custody, Piece
    from xiaobao.kernel.contents import Content

    E = TypeVar("E", bound=IntEnum)

app = typer.Typer()
# Larger than any file that a pack lets in: more of a pipe is not read to say so.
MOST_PIPED_BYTES = 250_000_000
SellerName = Annotated[str, typer.Argument(metavar="SELLER", help="卖家名称 · the seller's name")]
CaseName = Annotated[
    str | None,
    typer.Option("--case", metavar="CASE",
                 help="案件名称或编号，默认卖家档案 · a case; default: the seller's own file"),
]  # fmt: skip
Number = Annotated[int, typer.Argument(metavar="NO", min=1, help="证据编号 · the piece's number")]
Why = Annotated[str, typer.Option(metavar="WORDS", help="查看原因 · why it is seen")]


class FileUnreadable(Problem):
    """A file to be handed in cannot be read."""

    code = "evidence_file_unreadable"
    status = 422
    zh = "FILE：无法读取 {file}：{reason}；请核对路径与权限"
    en = "FILE: cannot read {file}: {reason}; check its path and rights"


class CopyNotWritable(Problem):
    """A copy cannot be written where it was asked for."""

    code = "evidence_copy_not_writable"
    status = 422
    zh = "--save：无法写入 {file}：{reason}；请换一个还没有文件的可写位置"
    en = (
        "--save: cannot write {file}: {reason}; name a place that can be written, with no file yet"
    )


def named(words: type[E], name: str, option: str) -> E:
    """The member of this name.

    :raises typer.BadParameter: naming those there are
    """
    known = {one.name.lower(): one for one in words}
    if name.lower() not in known:
        raise typer.BadParameter(
            say(zh=f"没有“{name}”，有：", en=f"no '{name}', there are: ") + ", ".join(known),
            param_hint=option,
        )
    return known[name.lower()]


def case_of(seller_id: int, case: str | None) -> int:
    """A case by its number, or by its outside name; else the seller's own file."""
    from xiaobao.kernel.references import id_of

    if case is None:
        return seller_id
    return int(case) if case.isascii() and case.isdigit() else id_of(case)


def content_in(file: Path) -> bytes | Content:
    """What is in a file, read where it lies; of a pipe, so much as tells that it is too large.

    :raises FileUnreadable: where it cannot be read
    """
    try:
        with file.open("rb") as body:
            return in_file(file) if file.is_file() else body.read(MOST_PIPED_BYTES)
    except OSError as trouble:
        raise FileUnreadable(file=file, reason=trouble.strerror) from trouble


@app.command()
def add(
    seller: SellerName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="文件 · the file")],
    *,
    kind: Annotated[str, typer.Option(help="类型，如 photo · its kind, such as photo")],
    case: CaseName = None,
    party: Annotated[str, typer.Option(help="提交方 · who hands it in")] = "platform",
    words: Annotated[str, typer.Option(help="说明 · words to it")] = "",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """提交一件证据 · hand in one piece; the same again is the same piece"""
    from xiaobao.evidence.facts import Kind, Party, Submission

    what, who = named(Kind, kind, "--kind"), named(Party, party, "--party")
    open_for_command()
    from xiaobao.evidence import acts, queries
    from xiaobao.evidence.terms import EvidenceTerms
    from xiaobao.promises.queries import book_of
    from xiaobao.sellers.queries import seller_named

    row = seller_named(seller)
    moment_at = now() if at is None else at
    limits = book_of(EvidenceTerms, row.market_id)
    body = content_in(file)
    receipt = acts.submit_evidence(
        Submission(
            row.seller_id, case_of(row.seller_id, case), what, who, body, moment_at,
            words=words, name=file.name,
        ),
        limits=limits, at=moment_at,
    )  # fmt: skip
    alike = queries.near_duplicates(row.seller_id, receipt.case_id, receipt.seq)
    if as_json:
        print_json({"piece": _shown_receipt(receipt), "near_duplicates": alike})
        return
    known = "" if receipt.is_new else say(zh="（此前已提交）", en=" (handed in before)")
    print(say(zh="证据 ", en="piece ") + f"{receipt.seq}{known}  sha256 {receipt.sha256.hex()}")
    for one in alike:
        print(say(zh="相似：", en="looks like: ")
              + f"{one.seller_id}/{one.case_id}/{one.seq} ({one.distance}/64)")  # fmt: skip


def _shown_receipt(receipt: Any) -> dict[str, Any]:
    return {
        "seller_id": receipt.seller_id, "case_id": receipt.case_id, "seq": receipt.seq,
        "sha256": receipt.sha256.hex(), "entry_hash": receipt.entry_hash.hex(),
        "is_new": receipt.is_new,
    }  # fmt: skip


def shown_piece(piece: Piece) -> dict[str, Any]:
    from xiaobao.evidence.facts import MEDIA_TYPES

    return {
        "seq": piece.seq, "kind": piece.kind, "party": piece.party, "party_id": piece.party_id,
        "media_type": MEDIA_TYPES[piece.media], "size": piece.size, "sha256": piece.sha256.hex(),
        "name": piece.name, "words": piece.words, "submitted_at": piece.submitted_at,
        "recorded_at": piece.recorded_at,
    }  # fmt: skip


@app.command("list")
def list_pieces(seller: SellerName, *, case: CaseName = None, as_json: Json = False) -> None:
    """一个案件的证据，个人信息已遮盖 · a case's pieces, personal data masked, and other cases"""
    open_for_command()
    from xiaobao.evidence import queries
    from xiaobao.evidence.facts import Viewer
    from xiaobao.sellers.queries import seller_named

    seller_id = seller_named(seller).seller_id
    # A juror's eyes: everybody else's data is masked, so no look has to be written down.
    pieces = queries.pieces_of(seller_id, case_of(seller_id, case), viewer=Viewer.JUROR)
    cases = queries.cases_of(seller_id)
    if as_json:
        print_json({"pieces": [shown_piece(piece) for piece in pieces],
                    "cases": [{"case_id": c, "pieces": n, "last_at": t} for c, n, t in cases],
                    "holds": queries.holds_of(seller_id)})  # fmt: skip
        return
    _print_pieces(pieces)
    print_table(
        [say(zh="案件", en="case"), say(zh="件数", en="pieces"), say(zh="最近变动", en="changed")],
        [[say(zh="卖家档案", en="own file") if c == seller_id else c, n, moment(t)]
         for c, n, t in cases],
    )  # fmt: skip


def _print_pieces(pieces: Sequence[Piece]) -> None:
    from xiaobao.evidence.facts import KINDS, MEDIA_TYPES
    from xiaobao.evidence.rules.words import PARTY_WORDS

    print_table(
        ["#", say(zh="类型", en="kind"), say(zh="提交方", en="party"), say(zh="文件", en="file"),
         say(zh="字节", en="bytes"), say(zh="时间", en="at"), "sha256",
         say(zh="说明", en="words")],
        [[p.seq, say(zh=KINDS[p.kind].zh, en=KINDS[p.kind].en),
          say(zh=PARTY_WORDS[p.party][0], en=PARTY_WORDS[p.party][1]), MEDIA_TYPES[p.media],
          p.size, moment(p.submitted_at), p.sha256.hex()[:12], p.words] for p in pieces],
    )  # fmt: skip


@app.command()
def show(
    seller: SellerName,
    number: Number,
    *,
    case: CaseName = None,
    viewer: Annotated[str, typer.Option("--as", help="以谁的身份 · as whom")] = "staff",
    why: Why = "",
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="副本存到 · write the copy there")
    ] = None,
    original: Annotated[
        bool, typer.Option("--original", help="存原件 · write the original")
    ] = False,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """查看一件证据，查看本身会被记录 · show one piece; that it was seen is written down"""
    from xiaobao.evidence.facts import Viewer

    eyes = named(Viewer, viewer, "--as")
    open_for_command()
    from xiaobao.evidence import acts, queries
    from xiaobao.sellers.queries import seller_named

    key = (seller_id := seller_named(seller).seller_id, case_of(seller_id, case), number)
    look: dict[str, Any] = {"viewer_id": 0, "at": now() if at is None else at, "why": why}
    shown = acts.view_piece(*key, eyes, **look)
    if save is not None:
        _write(save, acts.read_original(*key, eyes, **look)[1] if original else shown.content)
    custody = queries.custody_of(*key)
    if as_json:
        print_json({"piece": shown_piece(shown.piece), "copy": {
            "media_type": shown.media_type, "size": shown.content.size, "width": shown.width,
            "height": shown.height, "is_masked": shown.is_masked, "camera": shown.camera,
            "withheld": {"zh": shown.withheld_zh, "en": shown.withheld_en},
        }, "custody": custody})  # fmt: skip
        return
    _print_pieces([shown.piece])
    if shown.withheld_en:
        print(say(zh=shown.withheld_zh, en=shown.withheld_en))
    print_pairs(shown.camera.items())
    _print_custody(custody)


def _write(file: Path, content: Content) -> None:
    try:
        write_private(file, content)
    except OSError as trouble:
        raise CopyNotWritable(file=file, reason=trouble.strerror) from trouble


def _print_custody(custody: Sequence[Custody]) -> None:
    from xiaobao.evidence.rules.words import CUSTODY_WORDS, VIEWER_WORDS

    def words(pair: tuple[str, str]) -> str:
        return say(zh=pair[0], en=pair[1])

    print_table(
        ["#", say(zh="谁", en="who"), say(zh="做了什么", en="did what"), say(zh="时间", en="at"),
         say(zh="原因", en="why")],
        [[c.seq, words(VIEWER_WORDS[c.viewer]), words(CUSTODY_WORDS[c.kind]),
          moment(c.happened_at), c.why] for c in custody],
        title=say(zh="查看记录", en="custody"),
    )  # fmt: skip


# -- how long ------------------------------------------------------------------------------------


@app.command()
def hold(
    seller: SellerName,
    *,
    authority: Annotated[str, typer.Option(metavar="WHO", help="机关 · who asks for it")],
    why: Annotated[str, typer.Option(metavar="WORDS", help="文号与事由 · file number, reason")],
    case: CaseName = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="卖家的全部案件 · every case of the seller")
    ] = False,
    lift: Annotated[
        int | None, typer.Option(metavar="NO", help="解除第几号 · lift this one")
    ] = None,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """保全：到解除为止不得处置；--lift 解除 · place a legal hold, or lift one"""
    open_for_command()
    from xiaobao.evidence import acts, queries
    from xiaobao.sellers.queries import seller_named

    seller_id = seller_named(seller).seller_id
    key, moment_at = (seller_id, case_of(seller_id, case)), now() if at is None else at
    if lift is None:
        number = acts.place_hold(
            *key, authority=authority, why=why, is_whole_seller=whole, at=moment_at
        )
    else:
        acts.lift_hold(*key, number := lift, why=why, at=moment_at)
    if as_json:
        print_json({"hold": number, "holds": queries.holds_of(*key)})
    else:
        print(say(zh=f"保全 {number}", en=f"hold {number}")
              + (say(zh=" 已解除", en=" lifted") if lift else ""))  # fmt: skip


@app.command()
def due(*, at: Moment = None, as_json: Json = False) -> None:
    """保存期已满且未保全的案件；只列出，不删除 · what nothing asks to keep; nothing is deleted"""
    open_for_command()
    from xiaobao.evidence import queries

    rows = queries.due_for_disposal(now() if at is None else at)
    if as_json:
        print_json({"cases": rows, "deleted": 0})
        return
    print_table(
        [say(zh="卖家", en="seller"), say(zh="案件", en="case"), say(zh="件数", en="pieces"),
         say(zh="保存至", en="kept until")],
        [[row.seller_id, row.case_id, row.pieces, moment(row.kept_until)] for row in rows],
    )  # fmt: skip
