"""A claim for other systems: as PayPal's or Stripe's dispute, or as ERC-1497 evidence."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path  # noqa: TC003  typer reads annotations
from typing import Annotated

import typer

from xiaobao.cli.claims.naming import ClaimName, Reader, ReaderOf, SellerOf, moment_at, viewer_of
from xiaobao.cli.house import Moment, open_for_command
from xiaobao.cli.output import Json, print_json, say, write_private
from xiaobao.kernel.contents import content_of
from xiaobao.kernel.problems import Problem

app = typer.Typer()


class Shape(StrEnum):
    """Whose shape it takes."""

    PAYPAL = "paypal"
    STRIPE = "stripe"
    ERC1497 = "erc1497"


class ExportNotWritable(Problem):
    """The file asked for cannot be written."""

    code = "claim_export_not_writable"
    status = 422
    zh = "--out：无法写入 {file}：{reason}；请换一个还没有文件的可写位置"
    en = "--out: cannot write {file}: {reason}; name a place that can be written, with no file yet"


class ArchiveNeedsPlace(Problem):
    """An archive is no text for a terminal."""

    code = "claim_export_needs_out"
    status = 422
    zh = "--out：带文件导出时须写明写到哪个 zip 文件"
    en = "--out: with files it is a zip; say where to write it"


@app.command()
def export(
    claim: ClaimName,
    *,
    shape: Annotated[Shape, typer.Option("--format", help="格式 · whose shape it takes")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="写到哪里 · where to write it")
    ] = None,
    files: Annotated[
        bool, typer.Option("--files", help="连同证据文件，打成 zip · a zip with the files")
    ] = False,
    reader: ReaderOf = Reader.ADJUDICATOR,
    why: Annotated[
        str, typer.Option(metavar="WORDS", help="导出原因，记入案件链 · why, kept on the chain")
    ] = "",
    seller: SellerOf = None,
    at: Moment = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """以其他系统的格式导出一宗维权 · a claim as PayPal, Stripe or ERC-1497 write theirs"""
    if files and out is None:
        raise ArchiveNeedsPlace
    open_for_command()
    from xiaobao.work.exporting import SHAPES, archive_of, case_for

    case = case_for(
        claim, seller, viewer_of(reader), viewer_id=0, with_files=files,
        why=why or f"导出 · export {shape.value} {claim}", at=moment_at(at),
    )  # fmt: skip
    told = SHAPES[shape.value](case)
    if out is None:
        print_json(told)
        return
    text = content_of((json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode())
    try:
        write_private(out, archive_of(case, shape.value) if files else text)
    except OSError as trouble:
        raise ExportNotWritable(file=out, reason=trouble.strerror) from trouble
    if as_json:
        print_json({"file": out, "format": shape.value, "files": len(case.files)})
    else:
        print(say(zh=f"已写入 {out}", en=f"written to {out}"))
