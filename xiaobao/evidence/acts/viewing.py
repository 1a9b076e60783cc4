"""Looking at evidence: every look is written into the case's chain before anything is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from xiaobao.evidence.facts import (
    GROUP_OF,
    SUFFIXES,
    Custody,
    CustodyKind,
    DisplayCopy,
    EntryKind,
    Exported,
    Group,
    Piece,
    Viewer,
)
from xiaobao.evidence.queries.cases import custody_of, piece_of, pieces_of
from xiaobao.evidence.rules import reading
from xiaobao.evidence.rules.chain import custody_content
from xiaobao.evidence.rules.views import display, is_personal_look, sees_all
from xiaobao.evidence.store import rows
from xiaobao.evidence.store.blobs import blobs
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.kernel.contents import Content


class ReasonMissing(Problem):
    """Others' personal data is seen for a stated reason, or not at all."""

    code = "evidence_reason_missing"
    status = 422
    zh = "why：查看他人未遮盖的资料要写明原因，如案件编号和用途"
    en = "why: say why others' data is to be seen unmasked, such as the case and the purpose"


class OriginalNotShown(Problem):
    """The other side's original is not handed out."""

    code = "evidence_original_not_shown"
    status = 403
    zh = "第 {seq} 号证据由对方提交，只能看遮盖后的副本"
    en = "piece {seq} was handed in by the other side: only its masked copy can be seen"


def view_piece(
    seller_id: int, case_id: int, seq: int, viewer: Viewer,
    *, viewer_id: int, at: datetime, why: str = "",
) -> DisplayCopy:  # fmt: skip
    """The copy of a piece for one viewer, made for this look; the look is written down first.

    :raises PieceUnknown: if there is no such piece
    :raises ReasonMissing: where the look shows others' data unmasked and no reason is given
    """
    piece = piece_of(seller_id, case_id, seq)
    _check_reason([piece], viewer, why)
    content = blobs().content(piece.sha256)
    shown = display(piece, content, viewer, hidden=_hidden(piece, content, viewer))
    record_view([piece], CustodyKind.SEEN, viewer, viewer_id=viewer_id, why=why, at=at)
    return shown


def read_original(
    seller_id: int, case_id: int, seq: int, viewer: Viewer,
    *, viewer_id: int, at: datetime, why: str = "",
) -> tuple[Piece, Content]:  # fmt: skip
    """A piece with the very bytes handed in, for its own side and for staff.

    :raises PieceUnknown: if there is no such piece
    :raises OriginalNotShown: to the other side
    :raises ReasonMissing: where it is another's and no reason is given
    """
    piece = piece_of(seller_id, case_id, seq)
    if not sees_all(piece.party, viewer):
        raise OriginalNotShown(seq=seq)
    _check_reason([piece], viewer, why)
    content = blobs().content(piece.sha256)
    record_view([piece], CustodyKind.ORIGINAL, viewer, viewer_id=viewer_id, why=why, at=at)
    return piece, content


def export_case(
    seller_id: int, case_id: int, viewer: Viewer, *, viewer_id: int, at: datetime, why: str
) -> list[Exported]:
    """Every piece of a case as its reader may have it, to leave the house in a dossier.

    Exported again at the same moment for the same reader and reason it is the same export.

    :raises ReasonMissing: where others' data leave unmasked and no reason is given
    """
    pieces = pieces_of(seller_id, case_id)
    _check_reason(pieces, viewer, why)
    kept = blobs()
    leaving = [_leaving(piece, kept.content(piece.sha256), viewer) for piece in pieces]
    known = {
        one.piece_seq
        for one in custody_of(seller_id, case_id)
        if one.kind is CustodyKind.EXPORTED
        and (one.viewer, one.viewer_id, one.happened_at) == (viewer, viewer_id, at)
        and one.why == why.strip()
    }
    record_view(
        [piece for piece in pieces if piece.seq not in known], CustodyKind.EXPORTED, viewer,
        viewer_id=viewer_id, why=why, at=at,
    )  # fmt: skip
    return leaving


def _leaving(piece: Piece, content: Content, viewer: Viewer) -> Exported:
    shown = display(piece, content, viewer, hidden=_hidden(piece, content, viewer))
    is_picture = GROUP_OF[piece.media] is Group.IMAGE
    picture = shown.content.whole() if is_picture else b""
    if sees_all(piece.party, viewer):
        return Exported(piece, content, SUFFIXES[piece.media], is_original=True, picture=picture)
    return Exported(
        shown.piece, shown.content, "jpg" if is_picture else SUFFIXES[piece.media],
        is_original=False, picture=picture, withheld_zh=shown.withheld_zh,
        withheld_en=shown.withheld_en,
    )  # fmt: skip


def _hidden(
    piece: Piece, content: Content, viewer: Viewer
) -> Sequence[tuple[float, float, float, float]]:
    """The boxes of a picture that are blackened for this viewer."""
    if GROUP_OF[piece.media] is not Group.IMAGE or sees_all(piece.party, viewer):
        return []
    return reading.personal_boxes(reading.lines_in(content, piece.media))


def _check_reason(pieces: Sequence[Piece], viewer: Viewer, why: str) -> None:
    if not why.strip() and any(is_personal_look(piece.party, viewer) for piece in pieces):
        raise ReasonMissing


@transaction.atomic
def record_view(
    pieces: Sequence[Piece], kind: CustodyKind, viewer: Viewer,
    *, viewer_id: int, why: str, at: datetime,
) -> None:  # fmt: skip
    """Write into the chain that somebody saw or took out these pieces of one case."""
    if not pieces:
        return
    head = rows.hold_case(pieces[0].seller_id, pieces[0].case_id, at)
    for piece in pieces:
        assert (piece.seller_id, piece.case_id) == (head.seller_id, head.case_id), "of one case"
        custody = Custody(
            seller_id=head.seller_id, case_id=head.case_id, seq=head.next_seq,
            piece_seq=piece.seq, kind=kind, viewer=viewer, viewer_id=viewer_id,
            is_personal=is_personal_look(piece.party, viewer), why=why.strip(), happened_at=at,
        )  # fmt: skip
        rows.add_custody(custody)
        rows.append(head, EntryKind.CUSTODY, custody_content(custody), at)
    rows.close_case(head, at)
