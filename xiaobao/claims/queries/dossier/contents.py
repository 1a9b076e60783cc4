"""What a dossier holds, as plain values: the same state and reader give the same values."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.advances import queries as advances
from xiaobao.claims.facts import PARTY_WORDS, Party
from xiaobao.claims.queries.facts_of import facts_of
from xiaobao.claims.queries.finding import claims_of
from xiaobao.claims.queries.pages import claim_detail
from xiaobao.claims.queries.telling import as_told
from xiaobao.claims.rules.relating import lock_causes
from xiaobao.evidence import queries as evidence
from xiaobao.evidence.facts import EntryKind, Viewer
from xiaobao.evidence.rules.dossiers.disclosing import chain_for, custody_for, is_digest_told
from xiaobao.evidence.rules.masking import masked
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.references import uuid_of
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Account
from xiaobao.orders import queries as orders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.claims.facts import ClaimDetail, EntryRow
    from xiaobao.evidence.facts import Custody, Exported
    from xiaobao.ledger.queries import Line
    from xiaobao.orders.facts import OrderDetail

LANGUAGES = ("zh", "en")
# What a buyer is not told of the seller's book.
OF_THE_SELLER = ("locked_minor", "uncovered_minor", "fund_minor")
_AS_PARTY = {Viewer.BUYER: Party.BUYER, Viewer.SELLER: Party.SELLER}


@dataclass(frozen=True)
class Contents:
    """Everything of one claim that its reader may see."""

    viewer: Viewer
    at: datetime
    details: dict[str, ClaimDetail]  # by language
    order: OrderDetail | None
    facts: dict[str, int]  # as judged at `at`
    exported: list[Exported]
    files: list[str]  # one name per piece
    custody: list[Custody]
    lines: list[Line]
    rulings: list[dict[str, Any]]
    chain: list[dict[str, Any]]
    proof: dict[str, Any]
    note: str  # the signed checkpoint
    stamps: list[tuple[str, bytes]]

    @property
    def detail(self) -> ClaimDetail:
        return self.details["zh"]

    @property
    def piece_seqs(self) -> list[int]:
        """Of the pieces that the chain tells of."""
        return [entry["seq"] for entry in self.chain if entry["kind"] == EntryKind.PIECE]

    def as_files(self) -> list[tuple[str, Any]]:
        """The values that are written as JSON, by name."""
        return [
            ("claim.json", _claim_for(self.detail, self.viewer)),
            ("facts.json", _facts_for(self.facts, self.viewer)),
            ("timeline.json", plain(self.detail.timeline)),
            ("rulings.json", plain(self.rulings)),
            ("order.json", plain(self.order)),
            ("ledger.json", [line_for(line, self.viewer) for line in self.lines]),
            ("custody.json", plain(self.custody)),
            ("evidence/pieces.json", [
                piece_of(one, name) for one, name in zip(self.exported, self.files, strict=True)
            ]),
            ("evidence/chain.json", self.chain),
            ("evidence/proof.json", self.proof),
        ]  # fmt: skip


def contents_of(
    seller_id: int,
    claim_id: int,
    viewer: Viewer,
    *,
    at: datetime,
    exported: Sequence[Exported],
    rulings: Sequence[dict[str, Any]] = (),
) -> Contents:
    """Collect a claim for its reader; the chain is sealed up to its end.

    :raises ClaimUnknown: if there is none of these ids
    :raises NotSealed: if the chain grew since the log was sealed
    """
    details = {
        language: _for(viewer, claim_detail(seller_id, claim_id, language, at=at))
        for language in LANGUAGES
    }
    claims = claims_of(np.array([seller_id]), np.array([claim_id]))
    judged = facts_of(claims, judged_us=np.array([us_of(at)]))
    entries = evidence.chain_of(seller_id, claim_id)
    pieces = evidence.pieces_of(seller_id, claim_id)
    custody = evidence.custody_of(seller_id, claim_id)
    proof = evidence.entry_proof_of(seller_id, claim_id, entries[-1].seq)
    stamps = [(f"evidence/stamp-{n}.tsr", s.token) for n, s in enumerate(proof.stamps, 1)]
    return Contents(
        viewer=viewer,
        at=at,
        details=details,
        order=orders.order_detail(seller_id, int(claims.order_id[0])),
        facts={name: int(column[0]) for name, column in judged.as_dict().items()},
        exported=list(exported),
        files=[
            f"evidence/{one.piece.seq:04d}-{one.piece.kind.name.lower()}.{one.suffix}"
            for one in exported
        ],
        custody=custody_for(custody, viewer),
        lines=_lines_of(seller_id, claim_id, viewer, claims, details["zh"].timeline),
        rulings=[_ruling_for(ruling, viewer) for ruling in rulings],
        chain=chain_for(entries, pieces, exported, custody, viewer),
        proof={
            "leaf": proof.leaf.hex(), "leaf_index": proof.leaf_index, "size": proof.size,
            "path": [step.hex() for step in proof.path], "root": proof.root.hex(),
            "verifier": proof.verifier,
        },
        note=proof.note,
        stamps=stamps,
    )  # fmt: skip


def _claim_for(detail: ClaimDetail, viewer: Viewer) -> dict[str, Any]:
    """The claim; what its seller's book held is not the buyer's affair."""
    told: dict[str, Any] = plain(detail)
    if viewer is Viewer.BUYER:
        for name in OF_THE_SELLER:
            del told["money"][name]
    return told


def _for(viewer: Viewer, detail: ClaimDetail) -> ClaimDetail:
    """The claim as its reader may see it."""
    party = _AS_PARTY.get(viewer)
    return detail if party is None else as_told(detail, party)


def _ruling_for(ruling: dict[str, Any], viewer: Viewer) -> dict[str, Any]:
    """A ruling, with what the other side said when it appealed masked."""
    party = _AS_PARTY.get(viewer)
    if party is None:
        return ruling
    own = PARTY_WORDS[party].en
    appeals = [
        one if one["party"]["en"] == own else one | {"words": masked(one["words"])}
        for one in ruling["appeals"]
    ]
    return ruling | {"appeals": appeals}


def _facts_for(facts: dict[str, int], viewer: Viewer) -> dict[str, int]:
    """The facts; signs of abuse are for staff, and how much a shop sells is its own affair."""
    hidden = {"abuse"} if viewer in _AS_PARTY else set()
    if viewer is Viewer.BUYER:
        hidden.add("similar_sold")
    return {name: value for name, value in facts.items() if name not in hidden}


def _lines_of(
    seller_id: int, claim_id: int, viewer: Viewer, claims: Any, timeline: Sequence[EntryRow]
) -> list[Line]:
    """The postings that the claim caused, and what repaid the fund for it since.

    For the buyer those that are the buyer's money.
    """
    moments = np.unique([us_of(entry.happened_at) for entry in timeline])
    high, low = lock_causes(claims, moments)
    locks = [uuid_of(one, two) for one, two in zip(high.tolist(), low.tolist(), strict=True)]
    lines = ledger.lines_under(seller_id, [*locks, *advances.causes_about(seller_id, claim_id)])
    if viewer is not Viewer.BUYER:
        return [*lines, *_repaid(seller_id, lines)]
    return [line for line in lines if Account.BUYERS in (line.source, line.target)]


def _repaid(seller_id: int, lines: Sequence[Line]) -> list[Line]:
    """What repaid the fund since for what it advanced of the claim, whatever else was owed."""
    advanced = [line for line in lines if line.source is Account.FUND]
    if not advanced:
        return []
    last, known = advanced[-1], {(line.cause, line.leg) for line in lines}
    later = ledger.repayments_after(seller_id, last.seq, -last.source_after)
    return [line for line in later if (line.cause, line.leg) not in known]


def line_for(line: Line, viewer: Viewer) -> dict[str, Any]:
    """A posting; where the money came from, and what is left there, is not the buyer's affair."""
    told = {
        "at": plain(line.at), "why": line.why.name.lower(), "amount_minor": line.amount_minor,
        "cause": str(line.cause), "leg": line.leg,
    }  # fmt: skip
    if viewer is Viewer.BUYER:
        is_in = line.target is Account.BUYERS
        return told | {"account": "buyers", "is_in": is_in}
    return told | {
        "seq": line.seq, "op": line.op.name.lower(), "source": line.source.name.lower(),
        "target": line.target.name.lower(), "source_after": line.source_after,
        "target_after": line.target_after, "hold": None if line.hold is None else str(line.hold),
    }  # fmt: skip


def digest_told(one: Exported) -> str:
    """Of the original; empty where it would give away what the copy hides."""
    return one.piece.sha256.hex() if is_digest_told(one) else ""


def piece_of(one: Exported, name: str) -> dict[str, Any]:
    piece = one.piece
    return {
        "seq": piece.seq, "kind": int(piece.kind), "kind_name": piece.kind.name.lower(),
        "party": int(piece.party), "party_name": piece.party.name.lower(),
        "size": piece.size, "sha256": digest_told(one), "name": piece.name,
        "words": piece.words, "submitted_at": plain(piece.submitted_at),
        "recorded_at": plain(piece.recorded_at), "file": name, "is_original": one.is_original,
        "withheld": one.withheld_en,
    }  # fmt: skip


def plain(value: Any) -> Any:
    """The value in text, whole numbers, lists and mappings."""
    if isinstance(value, Enum):
        return value.name.lower() if value.name else int(value.value)
    if isinstance(value, datetime):
        return moment_of(us_of(value)).isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value if value is None or isinstance(value, str | int) else str(value)
