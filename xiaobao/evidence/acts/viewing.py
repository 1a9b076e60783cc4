"""Looking at evidence: every look is written into the case's chain before anything is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from xiaobao.evidence.facts import (
    GROUP_OF,
    Custody,
    CustodyKind,
    DisplayCopy,
    EntryKind,
    Group,
    Piece,
    Viewer,
)
from xiaobao.evidence.queries.cases import piece_of, pieces_of
from xiaobao.evidence.rules import reading
from xiaobao.evidence.rules.chain import custody_content
from xiaobao.evidence.rules.views import display, is_personal_look, sees_all
from xiaobao.evidence.store import rows
from xiaobao.evidence.store.blobs import blobs
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


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
    body = blobs().read(piece.sha256)
    hidden = []
    if GROUP_OF[piece.media] is Group.IMAGE and not sees_all(piece.party, viewer):
        hidden = reading.personal_boxes(reading.lines_in(body, piece.media))
    shown = display(piece, body, viewer, hidden=hidden)
    record_view([piece], CustodyKind.SEEN, viewer, viewer_id=viewer_id, why=why, at=at)
    return shown


def read_original(
    seller_id: int, case_id: int, seq: int, viewer: Viewer,
    *, viewer_id: int, at: datetime, why: str = "",
) -> tuple[Piece, bytes]:  # fmt: skip
    """A piece with the very bytes handed in, for its own side and for staff.

    :raises PieceUnknown: if there is no such piece
    :raises OriginalNotShown: to the other side
    :raises ReasonMissing: where it is another's and no reason is given
    """
    piece = piece_of(seller_id, case_id, seq)
    if not sees_all(piece.party, viewer):
        raise OriginalNotShown(seq=seq)
    _check_reason([piece], viewer, why)
    body = blobs().read(piece.sha256)
    record_view([piece], CustodyKind.ORIGINAL, viewer, viewer_id=viewer_id, why=why, at=at)
    return piece, body


def export_case(
    seller_id: int, case_id: int, viewer: Viewer, *, viewer_id: int, at: datetime, why: str
) -> list[tuple[Piece, bytes]]:
    """Every piece of a case with its original bytes, to leave the house in a dossier.

    :raises OriginalNotShown: where the viewer may not have all of them
    :raises ReasonMissing: where no reason is given
    """
    pieces = pieces_of(seller_id, case_id)
    for piece in pieces:
        if not sees_all(piece.party, viewer):
            raise OriginalNotShown(seq=piece.seq)
    _check_reason(pieces, viewer, why)
    kept = blobs()
    bodies = [kept.read(piece.sha256) for piece in pieces]
    record_view(pieces, CustodyKind.EXPORTED, viewer, viewer_id=viewer_id, why=why, at=at)
    return list(zip(pieces, bodies, strict=True))


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
