"""What each viewer is shown of a piece: a copy made for the look, masked for the other side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from xiaobao.evidence.facts import (
    GROUP_OF,
    MEDIA_TYPES,
    DisplayCopy,
    Group,
    Media,
    Party,
    Piece,
    Viewer,
)
from xiaobao.evidence.rules import films, images
from xiaobao.evidence.rules.masking import masked, masked_facts
from xiaobao.evidence.rules.words import WITHHELD_DOCUMENT
from xiaobao.kernel.contents import content_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.kernel.contents import Content

_OWN = {Viewer.BUYER: Party.BUYER, Viewer.SELLER: Party.SELLER}
_ALL_SEEING = {Viewer.STAFF, Viewer.REGULATOR}
# Their documents are written for both sides.
_WRITE_FOR_BOTH = {Party.PLATFORM, Party.EXPERT, Party.AUTHORITY}
_SHOWN_AS = "image/jpeg"


def is_own(party: Party, viewer: Viewer) -> bool:
    """Whether the viewer's side handed it in."""
    return _OWN.get(viewer) == party


def sees_all(party: Party, viewer: Viewer) -> bool:
    return viewer in _ALL_SEEING or is_own(party, viewer)


def is_personal_look(party: Party, viewer: Viewer) -> bool:
    """Whether the look shows other people's data unmasked: then it needs a reason."""
    return sees_all(party, viewer) and not is_own(party, viewer)


def as_listed(piece: Piece, viewer: Viewer) -> Piece:
    """The piece's row, its words and name masked where the viewer is not to see them."""
    if sees_all(piece.party, viewer):
        return piece
    return replace(piece, words=masked(piece.words), name=masked(piece.name))


def display(
    piece: Piece,
    given: bytes | Content,
    viewer: Viewer,
    *,
    hidden: Sequence[tuple[float, float, float, float]] = (),
) -> DisplayCopy:
    """The copy for one viewer; `hidden` are the boxes of a picture to blacken for the others."""
    content, sees = content_of(given), sees_all(piece.party, viewer)
    shown = as_listed(piece, viewer)
    if GROUP_OF[piece.media] is Group.IMAGE:
        jpeg, width, height = images.display_copy(
            content, piece.media, hidden=() if sees else hidden
        )
        camera = images.camera_words(content, piece.media) if viewer in _ALL_SEEING else {}
        return DisplayCopy(
            shown, _SHOWN_AS, content_of(jpeg), width, height, not sees, camera=camera
        )
    media_type = MEDIA_TYPES[piece.media]
    if piece.media is Media.PDF and not sees and piece.party not in _WRITE_FOR_BOTH:
        zh, en = WITHHELD_DOCUMENT
        return DisplayCopy(
            shown, media_type, content_of(b""), 0, 0, is_masked=True, withheld_zh=zh,
            withheld_en=en,
        )  # fmt: skip
    made = content if sees else _for_others(piece.media, content, viewer)
    return DisplayCopy(shown, media_type, made, 0, 0, not sees)


def _for_others(media: Media, content: Content, viewer: Viewer) -> Content:
    if media is Media.MP4:
        return films.without_place(content)
    # Texts are small, by every pack: masked whole, nothing at the edge of a portion is missed.
    if media is Media.JSON:
        return content_of(masked_facts(content.whole(), hides_names=viewer is Viewer.JUROR))
    if media is Media.TEXT:
        return content_of(masked(content.whole().decode("utf-8-sig")).encode())
    return content
