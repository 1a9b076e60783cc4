"""A claim for other systems, as whoever asks may have it: alone, or with its files beside it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, ClassVar

from xiaobao.claims.facts import Party
from xiaobao.claims.queries import as_told, claim_page
from xiaobao.evidence import acts as evidence
from xiaobao.evidence.facts import Viewer
from xiaobao.evidence.queries import count_pieces, pieces_of
from xiaobao.evidence.rules.dossiers import packed
from xiaobao.gateways.disputes import erc1497, paypal, stripe
from xiaobao.gateways.disputes.case import Case, Document
from xiaobao.hearings.queries import rulings_of
from xiaobao.kernel.problems import Problem
from xiaobao.orders.queries import order_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from xiaobao.kernel.contents import Content

SHAPES: dict[str, Callable[[Case], dict[str, Any]]] = {
    "paypal": paypal.as_dispute, "stripe": stripe.as_dispute, "erc1497": erc1497.as_bundle,
}  # fmt: skip
_FILES: dict[str, Callable[[Case], list[tuple[str, bytes | Content]]]] = {
    "paypal": paypal.as_files, "stripe": stripe.as_files, "erc1497": erc1497.as_files,
}  # fmt: skip
_PARTIES = {Viewer.BUYER: Party.BUYER, Viewer.SELLER: Party.SELLER}


class ArchiveTooLarge(Problem):
    """More than is read and hashed, three times over, for whoever asks from afar."""

    code = "archive_too_large"
    status: ClassVar[int] = 413
    zh = (
        "维权 {claim} 的证据共 {size} 字节，经接口一次至多取走 {most} 字节：请逐件取走，"
        "或在平台上用命令行导出（xiaobao dossier、xiaobao claims export）"
    )
    en = (
        "the evidence of claim {claim} has {size} bytes, and at most {most} leave through the API "
        "at once: take it out piece by piece, or by the marketplace's command line "
        "(xiaobao dossier, xiaobao claims export)"
    )


class ExportTooLong(Problem):
    """More than one document tells of where it leaves through the API."""

    code = "export_too_long"
    status: ClassVar[int] = 413
    zh = (
        "维权 {claim} 有 {pieces} 件证据，经接口导出的一份 JSON 至多列出 {most} 件：请逐页读取证据"
        "（GET …/claims/{claim}/evidence），或在平台上用命令行导出（xiaobao claims export）"
    )
    en = (
        "claim {claim} has {pieces} pieces of evidence, and one JSON export through the API tells "
        "of at most {most}: read the evidence page by page (GET …/claims/{claim}/evidence), or "
        "export it by the marketplace's command line (xiaobao claims export)"
    )


class ArchiveUnderWay(Problem):
    code = "archive_under_way"
    status: ClassVar[int] = 429
    zh = "为你生成的另一份档案还没有完成；请等它完成后再试"
    en = "another archive is being made for you; ask again when it is done"


def most_at_once() -> int:
    """The bytes of all pieces that one archive may have where it leaves through the API."""
    return int(_limits()["archive"]["most_bytes"])


def most_told() -> int:
    """The pieces that one JSON export may tell of where it leaves through the API."""
    return int(_limits()["export"]["most_pieces"])


@cache
def _limits() -> dict[str, Any]:
    return tomllib.loads(files("xiaobao.work").joinpath("taking.toml").read_text("utf-8"))


def check_length(seller_id: int, claim_id: int, claim: str) -> None:
    """What an export without files would tell of, counted before anything is read.

    :raises ExportTooLong: where they are too many
    """
    pieces, most = count_pieces(seller_id, claim_id), most_told()
    if pieces > most:
        raise ExportTooLong(claim=claim, pieces=pieces, most=most)


def check_size(seller_id: int, claim_id: int, claim: str) -> int:
    """How many pieces an archive of a claim has, as their rows say: nothing is read for it.

    :raises ArchiveTooLarge: where they are too many bytes
    """
    pieces, most = pieces_of(seller_id, claim_id), most_at_once()
    size = sum(one.size for one in pieces)
    if size > most:
        raise ArchiveTooLarge(claim=claim, size=size, most=most)
    return len(pieces)


def case_for(
    claim: str, seller: str | None, viewer: Viewer, *, viewer_id: int, with_files: bool, why: str,
    at: datetime,
) -> Case:  # fmt: skip
    """The claim as its reader may have it; files that leave with it are written into its chain.

    :raises ClaimUnknown: if there is none
    :raises ReasonMissing: where others' files leave unmasked and no reason is given
    """
    detail = claim_page(claim, "en", seller=seller, at=at)
    if viewer in _PARTIES:
        detail = as_told(detail, _PARTIES[viewer])
    key = detail.seller_id, detail.claim_id
    rulings, order = rulings_of(*key), order_of(detail.seller, detail.order)
    if not with_files:
        return Case(detail, pieces_of(*key, viewer=viewer), rulings, order)
    leaving = evidence.export_case(*key, viewer, viewer_id=viewer_id, at=at, why=why)
    files = {
        one.piece.seq: Document(one.content, one.suffix, one.is_original)
        for one in leaving
        if not one.withheld_zh
    }
    return Case(detail, [one.piece for one in leaving], rulings, order, files)


def archive_of(case: Case, shape: str) -> Content:
    """A zip of the claim in one of the shapes, and of its files: equal cases make equal bytes."""
    return packed(_FILES[shape](case))
