"""A claim's sealed dossier on its way to one of its parties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import StreamingHttpResponse

from xiaobao.claims import acts
from xiaobao.hearings.queries import rulings_told
from xiaobao.work.answers import answering
from xiaobao.work.clock import now
from xiaobao.work.exporting import ArchiveUnderWay, check_size

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimDetail
    from xiaobao.evidence.facts import Viewer


def dossier_for(found: ClaimDetail, viewer: Viewer, *, viewer_id: int) -> StreamingHttpResponse:
    """The archive as this party may have it; that it was taken out is on the case's chain.

    :raises ArchiveTooLarge: where it is more than leaves at once
    :raises ArchiveUnderWay: while another is being made for the same party
    :raises ClaimBusy: if the claim changes all the while
    """
    key = found.seller_id, found.claim_id
    check_size(*key, found.claim)
    with answering(f"{viewer.name} {key}", " archive") as is_mine:
        if not is_mine.answer:
            raise ArchiveUnderWay
        content = acts.export_dossier(
            *key, viewer, viewer_id=viewer_id, why="", at=now(),
            rulings=rulings_told(*key, names_rulers=False),
        )  # fmt: skip
    name = re.sub(r"[^0-9A-Za-z._-]+", "_", found.claim)
    return StreamingHttpResponse(
        content.portions(), content_type="application/zip",
        headers={
            "Content-Length": str(content.size),
            "Content-Disposition": f'attachment; filename="{name}.zip"',
            "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
        },
    )  # fmt: skip
