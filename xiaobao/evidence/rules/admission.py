"""What may come in: empty, too large, disguised, cut off and mislabelled files are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.evidence.facts import (
    GROUP_OF,
    KINDS,
    RECORDED_KINDS,
    Group,
    Media,
    Party,
    Refusal,
    Refused,
    Sniffed,
    Submission,
)
from xiaobao.evidence.rules import images
from xiaobao.evidence.rules.sizes import size_of
from xiaobao.evidence.rules.sniffing import sniff
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.contents import content_of

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.evidence.terms import EvidenceTerms
    from xiaobao.kernel.books import Book
    from xiaobao.kernel.contents import Content

# The platform records what it must; all others share a case with somebody.
_COUNTED = frozenset(Party) - {Party.PLATFORM, Party.AUTHORITY}
MOST_WORDS = 5_000
MOST_NAME = 200


def limits_at(book: Book[EvidenceTerms], at: datetime) -> EvidenceTerms:
    """The limits in force then, one row per group of files, in the order of `Group`.

    :raises NotInForce: where the pack has none then
    """
    groups = np.array(list(Group), np.int64)
    return book.in_force(np.full(len(groups), us_of(at)), groups)


def examine(given: Submission, limits: EvidenceTerms, *, at: datetime) -> Sniffed | Refused:
    """What the file is, or the first reason why it cannot be taken.

    `limits` has one row per group of files, in the order of `Group`.
    """
    refused = _refused_unread(given, at)
    if refused is not None:
        return refused
    content = content_of(given.body)
    media = sniff(content)
    if isinstance(media, Refused):
        return media
    return _refused_by_type(given, media, limits) or _read(content, media, limits)


def _refused_unread(given: Submission, at: datetime) -> Refused | None:
    if content_of(given.body).size == 0:
        return Refused(Refusal.EMPTY, "body")
    if given.kind in RECORDED_KINDS and given.party != Party.PLATFORM:
        return Refused(Refusal.RECORDED_BY_PLATFORM, "kind")
    if len(given.words) > MOST_WORDS:
        return Refused(Refusal.WORDS_TOO_LONG, "words", {"most": MOST_WORDS})
    if len(given.name) > MOST_NAME:
        return Refused(Refusal.WORDS_TOO_LONG, "name", {"most": MOST_NAME})
    if given.submitted_at > at:
        return Refused(Refusal.FROM_THE_FUTURE, "submitted_at")
    return None


def row_of(group: Group) -> int:
    """The row of `limits` that is about this group."""
    return list(Group).index(group)


def _refused_by_type(given: Submission, media: Media, limits: EvidenceTerms) -> Refused | None:
    group = GROUP_OF[media]
    if group not in KINDS[given.kind].groups:
        return Refused(Refusal.OTHER_TYPE, "kind", {"kind": given.kind, "group": group})
    largest = int(limits.largest_bytes[row_of(group)])
    size = content_of(given.body).size
    if size > largest:
        return Refused(Refusal.TOO_LARGE, "body", {"size": size, "most": largest})
    return None


def _read(content: Content, media: Media, limits: EvidenceTerms) -> Sniffed | Refused:
    if GROUP_OF[media] is not Group.IMAGE:
        return Sniffed(media)
    size = size_of(content, media)
    if size is None or 0 in size:
        return Refused(Refusal.CUT_OFF, "body")
    most = int(limits.most_pixels[row_of(Group.IMAGE)])
    if size[0] * size[1] > most:
        parts: dict[str, object] = {"width": size[0], "height": size[1], "most": most}
        return Refused(Refusal.TOO_MANY_PIXELS, "body", parts)
    if not images.is_whole(content, media, *size):
        return Refused(Refusal.CUT_OFF, "body")
    return Sniffed(media, *size)


def too_many(party: Party, group: Group, handed_in: int, limits: EvidenceTerms) -> Refused | None:
    """Refused where one party has handed in as many of this group as one case takes."""
    most = int(limits.most_pieces[row_of(group)])
    if party in _COUNTED and handed_in >= most:
        return Refused(Refusal.TOO_MANY, "case_id", {"most": most, "group": group})
    return None
