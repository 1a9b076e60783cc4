"""`xiaobao dossier`: everything of one claim, for one reader, in one signed archive."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.claims.naming import (
    ClaimName,
    Reader,
    ReaderOf,
    SellerOf,
    moment_at,
    viewer_of,
)
from xiaobao.cli.house import Moment, open_for_command
from xiaobao.cli.output import Json, print_json, print_pairs, say, write_private
from xiaobao.kernel.contents import in_file
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from xiaobao.kernel.contents import Content

app = typer.Typer()


class DossierNotWritable(Problem):
    """The archive cannot be written where it was asked for."""

    code = "dossier_not_writable"
    status = 422
    zh = "--out：无法写入 {file}：{reason}；请换一个还没有文件的可写位置"
    en = "--out: cannot write {file}: {reason}; name a place that can be written, with no file yet"


@app.command()
def dossier(
    claim: ClaimName,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="写到哪里 · where to write it")
    ] = None,
    reader: ReaderOf = Reader.ADJUDICATOR,
    why: Annotated[
        str, typer.Option(metavar="WORDS", help="导出原因，记入案件链 · why, kept on the chain")
    ] = "",
    pdf: Annotated[
        bool, typer.Option("--pdf", help="内附 PDF（xiaobao[pdf]） · with PDF inside")
    ] = False,
    seller: SellerOf = None,
    at: Moment = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """一宗维权的全部，签名成一个档案 · everything of one claim in one signed archive"""
    open_for_command()
    from xiaobao.claims.acts import export_dossier
    from xiaobao.claims.queries import claim_named
    from xiaobao.evidence.rules.dossiers import check
    from xiaobao.hearings.queries import rulings_told

    key = claim_named(claim, seller)
    body = export_dossier(
        key.seller_id, key.claim_id, viewer_of(reader), viewer_id=0, at=moment_at(at),
        why=why or f"卷宗 · dossier {claim}",
        with_paper=pdf,
        rulings=rulings_told(
            key.seller_id, key.claim_id, names_rulers=reader is Reader.ADJUDICATOR
        ),
    )  # fmt: skip
    checked = check(body)
    place = out or Path(f"{re.sub(r'[^0-9A-Za-z._-]+', '_', claim)}.{reader}.zip")
    write_archive(place, body)
    if as_json:
        print_json(
            {"file": place, "size": body.size, "reader": reader.value, "pieces": checked.names,
             "key": checked.key, "fingerprint": checked.fingerprint}
        )  # fmt: skip
        return
    print_pairs(
        [
            (say(zh="卷宗", en="dossier"), place),
            (say(zh="读者", en="for"), reader.value),
            (say(zh="大小", en="size"), body.size),
            (say(zh="文件", en="files"), len(checked.names)),
            (say(zh="公钥指纹", en="key's fingerprint"), checked.fingerprint),
        ]
    )
    print(say(zh=f"核对：xiaobao verify {place}", en=f"to check it: xiaobao verify {place}"))


def write_archive(place: Path, body: Content) -> None:
    """Where the very same archive lies already it stays.

    :raises DossierNotWritable: where another file does, or nothing can be written
    """
    try:
        if place.is_file() and in_file(place).digest() == body.digest():
            return
        write_private(place, body)
    except OSError as trouble:
        raise DossierNotWritable(file=place, reason=trouble.strerror) from trouble
