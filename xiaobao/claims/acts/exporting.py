"""A claim leaves the house as one sealed archive that anybody can check without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.claims.acts.showing import known_claim
from xiaobao.claims.queries.dossier import (
    LANGUAGES,
    contents_of,
    has_paper,
    page_of,
    paper_of,
)
from xiaobao.evidence import acts as evidence
from xiaobao.evidence.queries import NotSealed
from xiaobao.evidence.rules.chain import canonical
from xiaobao.evidence.rules.dossiers.archive import LARGEST_BYTES
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.contents import content_of
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.claims.queries.dossier import Contents
    from xiaobao.evidence.facts import Exported, Viewer
    from xiaobao.kernel.contents import Content

_TRIES = 5


class ClaimBusy(Problem):
    """The claim changed each time while its dossier was being collected."""

    code = "claim_busy"
    zh = "维权 {claim} 正在变动，卷宗未能收齐：稍后再试"
    en = "claim {claim} keeps changing while its dossier is collected: try again in a moment"


class PaperNotInstalled(Problem):
    """What sets PDF is an extra that is not installed."""

    code = "dossier_paper_not_installed"
    status = 503
    zh = "未安装 PDF 组件：pip install 'xiaobao[pdf]'；不加 --pdf 时卷宗内仍有可阅读的网页"
    en = (
        "what sets PDF is not installed: pip install 'xiaobao[pdf]'; without --pdf the dossier "
        "still has its pages for reading"
    )


class DossierTooLarge(Problem):
    """More bytes than one archive can hold."""

    code = "dossier_too_large"
    zh = "维权 {claim} 的证据共 {size} 字节，超过一份卷宗的上限：请用 xiaobao evidence 逐件导出"
    en = (
        "the evidence of claim {claim} has {size} bytes, more than one dossier holds: take it out "
        "piece by piece with xiaobao evidence"
    )


def export_dossier(
    seller_id: int,
    claim_id: int,
    viewer: Viewer,
    *,
    viewer_id: int,
    why: str,
    at: datetime,
    rulings: Sequence[dict[str, Any]] = (),
    with_paper: bool = False,
) -> Content:
    """The sealed archive of a claim for its reader; that it was taken out is on the chain.

    The same state, reader and moment give the same bytes. `rulings` come from the room above,
    as plain values; with paper it is there as PDF, too.

    :raises ClaimUnknown: if there is none of these ids
    :raises ReasonMissing: where others' data leave unmasked and no reason is given
    :raises ClaimBusy: if it changes all the while
    :raises PaperNotInstalled: where PDF is asked for, without the extra
    """
    if with_paper and not has_paper():
        raise PaperNotInstalled
    known_claim(seller_id, claim_id)
    for _ in range(_TRIES):
        exported = evidence.export_case(
            seller_id, claim_id, viewer, viewer_id=viewer_id, at=at, why=why
        )
        while evidence.seal(at).added:
            pass
        contents = _collected(seller_id, claim_id, viewer, at, exported, rulings)
        if contents is not None:
            return _sealed(contents, with_paper=with_paper)
    raise ClaimBusy(claim=claim_id)


def _collected(
    seller_id: int, claim_id: int, viewer: Viewer, at: datetime, exported: Sequence[Exported],
    rulings: Sequence[dict[str, Any]],
) -> Contents | None:  # fmt: skip
    """What the dossier holds; None where the claim moved while it was read."""
    before = known_claim(seller_id, claim_id).seq[0]
    try:
        contents = contents_of(
            seller_id, claim_id, viewer, at=at, exported=exported, rulings=rulings
        )
    except NotSealed:
        return None
    is_whole = contents.piece_seqs == [one.piece.seq for one in exported]
    return contents if is_whole and known_claim(seller_id, claim_id).seq[0] == before else None


def _sealed(contents: Contents, *, with_paper: bool) -> Content:
    detail = contents.detail
    files: list[tuple[str, bytes | Content]] = [
        (f"index.{name}.html", page_of(contents, name)) for name in LANGUAGES
    ]
    if with_paper:
        files += [(f"index.{name}.pdf", paper_of(contents, name)) for name in LANGUAGES]
    files += [(name, canonical(value)) for name, value in contents.as_files()]
    files += [
        (name, one.content) for name, one in zip(contents.files, contents.exported, strict=True)
    ]
    files += [("evidence/checkpoint.note", contents.note.encode()), *contents.stamps]
    size = sum(content_of(given).size for _, given in files)
    if size > LARGEST_BYTES:
        raise DossierTooLarge(claim=detail.claim, size=size)
    about = {
        "claim": detail.claim, "seller": detail.seller, "order": detail.order,
        "reader": contents.viewer.name.lower(), "state": detail.state.name.lower(),
        "at": moment_of(us_of(contents.at)).isoformat(),
    }  # fmt: skip
    return evidence.seal_dossier(about, files)
