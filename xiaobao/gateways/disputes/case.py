"""One claim as it goes out: the claim, its pieces of evidence, its rulings, its order's facts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from xiaobao.claims.facts import ClaimState, Party
from xiaobao.evidence.facts import SUFFIXES
from xiaobao.kernel.money import decimal_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from xiaobao.claims.facts import ClaimDetail
    from xiaobao.evidence.facts import Piece
    from xiaobao.hearings.facts import RulingRow
    from xiaobao.kernel.contents import Content
    from xiaobao.orders.facts import OrderDetail

ENDED = (
    ClaimState.PAID, ClaimState.RECOVERING, ClaimState.CLOSED, ClaimState.SETTLED,
    ClaimState.WITHDRAWN, ClaimState.LAPSED,
)  # fmt: skip


@dataclass(frozen=True)
class Document:
    """The file of a piece, as its reader may have it: the original, or a masked copy."""

    content: Content
    suffix: str
    is_original: bool

    @cached_property
    def digest(self) -> bytes:
        return self.content.digest()


@dataclass(frozen=True)
class Case:
    """A claim on its way out; `files` are those that leave with it, by the number of the piece."""

    claim: ClaimDetail
    pieces: Sequence[Piece]
    rulings: Sequence[RulingRow]
    order: OrderDetail | None
    files: Mapping[int, Document] = field(default_factory=dict)

    @property
    def is_ended(self) -> bool:
        return self.claim.state in ENDED

    def digest_of(self, piece: Piece) -> bytes:
        """SHA-256 of the file that leaves; where none does, of the original."""
        found = self.files.get(piece.seq)
        if found is None or found.is_original:
            return piece.sha256
        return found.digest

    def name_of(self, piece: Piece) -> str:
        """What the file of a piece is called: letters, digits and one ending of letters alone."""
        found = self.files.get(piece.seq)
        ending = SUFFIXES[piece.media] if found is None else found.suffix
        return f"{piece.seq}-{piece.kind.name.lower()}.{ending if ending.isalpha() else 'video'}"

    def named_files(self) -> list[tuple[str, bytes | Content]]:
        """Every file that leaves, in the folder `files`."""
        return [
            (f"files/{self.name_of(piece)}", self.files[piece.seq].content)
            for piece in self.pieces
            if piece.seq in self.files
        ]

    @property
    def ruling(self) -> RulingRow | None:
        """The one that stands."""
        return self.rulings[-1] if self.rulings else None

    @property
    def updated_at(self) -> datetime:
        return max([self.claim.filed_at, *(one.happened_at for one in self.claim.timeline)])

    @property
    def asked_minor(self) -> int:
        money = self.claim.money
        return money.asked_minor or money.goods_minor + money.freight_minor

    def due(self, party: Party) -> datetime | None:
        """By when a party has to do the next thing."""
        found = [one.by_at for one in self.claim.next_actions if one.party is party and one.by_at]
        return min(found, default=None)

    def decimal(self, minor: int) -> str:
        return decimal_of(minor, self.claim.money.currency)


def as_json(told: object) -> bytes:
    """A document as it lies in an archive."""
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
