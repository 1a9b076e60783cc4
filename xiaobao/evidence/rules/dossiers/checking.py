"""Checking a dossier offline: seal, pieces, chain, proof in the log, and every byte between."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from xiaobao.evidence.facts import EntryKind
from xiaobao.evidence.rules.chain import BEGINNING, entry_hash, words_digest
from xiaobao.evidence.rules.dossiers.archive import DossierRefused, check_spelling, unpacked
from xiaobao.evidence.rules.dossiers.sealing import FORMAT, KEY, MANIFEST, check_pieces, open_seal
from xiaobao.evidence.rules.merkle import ProofRefused, leaf_hash, verify_inclusion
from xiaobao.evidence.rules.notes import NoteRefused, open_note, read_checkpoint, read_verifier
from xiaobao.kernel.contents import content_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xiaobao.evidence.rules.dossiers.archive import Measured
    from xiaobao.evidence.rules.notes import Verifier
    from xiaobao.kernel.contents import Content

PIECES, CHAIN = "evidence/pieces.json", "evidence/chain.json"
PROOF, CHECKPOINT = "evidence/proof.json", "evidence/checkpoint.note"


@dataclass(frozen=True)
class Checked:
    """What a sound dossier is of, and what was found to hold."""

    about: dict[str, Any]
    key: str
    fingerprint: str
    is_key_known: bool  # the key is one of those the reader named
    names: list[str]
    entries: int
    entries_withheld: int  # bound by their hashes alone: for another party's eyes
    pieces: int
    originals: int
    log_size: int


# What reading raises where a stranger sealed what is no dossier.
_STRANGE = (
    AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError,
)  # fmt: skip


def check(given: bytes | Content, trusted: Sequence[Verifier] = ()) -> Checked:
    """All that the dossier itself can prove; with keys named, that one of them signed it.

    :raises DossierRefused: at the first piece that is wrong
    """
    try:
        return _check(content_of(given), trusted)
    except DossierRefused:
        raise
    except _STRANGE as trouble:
        said = type(trouble).__name__
        raise DossierRefused(
            MANIFEST,
            f"封签之内不是卷宗的内容（{said}）",
            f"what is sealed is not what a dossier holds ({said})",
        ) from trouble


def _check(body: Content, trusted: Sequence[Verifier]) -> Checked:
    manifest, verifier, files = open_archive(body, trusted)
    held = {one.name: one for one in files}
    entries = _check_chain(held)
    pieces = _check_evidence(held, entries)
    size = _check_proof(held, entries, [verifier, *trusted])
    return Checked(
        about=manifest["about"], key=str(verifier), fingerprint=fingerprint_of(verifier),
        is_key_known=bool(trusted), names=[one.name for one in files], entries=len(entries),
        entries_withheld=sum(entry["content"] is None for entry in entries), pieces=len(pieces),
        originals=sum(piece["is_original"] for piece in pieces), log_size=size,
    )  # fmt: skip


def open_archive(
    body: Content, trusted: Sequence[Verifier], kind: str = FORMAT
) -> tuple[dict[str, Any], Verifier, list[Measured]]:
    """The list of an archive's pieces, the key that signed it, and the pieces themselves.

    :raises DossierRefused: at the first that is wrong
    """
    try:
        return _opened(body, trusted, kind)
    except DossierRefused:
        raise
    except _STRANGE as trouble:
        said = type(trouble).__name__
        raise DossierRefused(
            MANIFEST, f"清单无法读取（{said}）", f"the list cannot be read ({said})"
        ) from trouble


def _opened(
    body: Content, trusted: Sequence[Verifier], kind: str
) -> tuple[dict[str, Any], Verifier, list[Measured]]:
    files = unpacked(body)
    manifest, verifier = open_seal(files, kind)
    check_pieces(manifest, files)
    check_spelling(body, files)
    held = {one.name: one for one in files}
    if held[KEY].content.whole() != f"{verifier}\n".encode():
        raise DossierRefused(KEY, "不是签名所用的公钥", "not the key that signed")
    if trusted and verifier not in trusted:
        raise DossierRefused(
            KEY, f"由 {fingerprint_of(verifier)} 签名，不是你所信任的公钥",
            f"signed by {fingerprint_of(verifier)}, which is none of the keys you trust",
        )  # fmt: skip
    return manifest, verifier, files


def fingerprint_of(verifier: Verifier) -> str:
    """The key's fingerprint: what is read out over a telephone."""
    return sha256(str(verifier).encode()).hexdigest()[:32]


def _read(held: Mapping[str, Measured], name: str) -> Any:
    if name not in held:
        raise DossierRefused(name, "缺失", "it is missing")
    return json.loads(held[name].content.whole())


def _check_chain(held: Mapping[str, Measured]) -> list[dict[str, Any]]:
    """Each entry follows from the one before it, from the first to the end."""
    entries: list[dict[str, Any]] = _read(held, CHAIN)
    head = BEGINNING
    for seq, entry in enumerate(entries, 1):
        content = entry["content"]
        follows = entry["seq"] == seq and entry["previous"] == head.hex()
        made = bytes.fromhex(entry["hash"])
        if not follows or (content is not None and entry_hash(head, content.encode()) != made):
            raise DossierRefused(
                CHAIN, f"第 {seq} 项不接前一项", f"entry {seq} does not follow from the one before"
            )
        head = made
    return entries


def _check_evidence(
    held: Mapping[str, Measured], entries: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Each piece is the one chained, and each original has the bytes that were handed in."""
    pieces: list[dict[str, Any]] = _read(held, PIECES)
    chained = [entry["seq"] for entry in entries if entry["kind"] == EntryKind.PIECE]
    if [piece["seq"] for piece in pieces] != chained:
        raise DossierRefused(
            PIECES, "与链上的证据不一致", "it does not list what the chain says was handed in"
        )
    for piece in pieces:
        name = piece["file"]
        content = entries[piece["seq"] - 1]["content"]
        is_there = name in held and held[name].sha256.hex() == piece["sha256"]
        if piece["is_original"] and not is_there:
            raise DossierRefused(name, "不是提交时的原件", "not the bytes that were handed in")
        if content is not None and not _is_told(json.loads(content), piece):
            raise DossierRefused(
                PIECES, f"第 {piece['seq']} 件与链上所记不符",
                f"piece {piece['seq']} is not as the chain tells it",
            )  # fmt: skip
    return pieces


def _is_told(content: Mapping[str, Any], piece: Mapping[str, Any]) -> bool:
    """Whether a piece is as its entry says: hash and size, kind and party, words and name."""
    same = all(content[name] == piece[name] for name in ("sha256", "size", "party", "kind"))
    told = (content["words"], content["name"])
    return same and told == (words_digest(piece["words"]), words_digest(piece["name"]))


def _check_proof(
    held: Mapping[str, Measured], entries: Sequence[Mapping[str, Any]], keys: Sequence[Verifier]
) -> int:
    """The end of the chain stands in the log, whose root is signed; the size of that log."""
    proof = _read(held, PROOF)
    try:
        leaf, root = bytes.fromhex(proof["leaf"]), bytes.fromhex(proof["root"])
        if not entries or leaf != leaf_hash(bytes.fromhex(entries[-1]["hash"])):
            raise DossierRefused(PROOF, "不是链尾的证明", "it proves not the end of the chain")
        path = [bytes.fromhex(step) for step in proof["path"]]
        verify_inclusion(proof["leaf_index"], proof["size"], leaf, path, root)
    except ProofRefused as trouble:
        raise DossierRefused(PROOF, f"证明不成立（{trouble}）", str(trouble)) from trouble
    try:
        note = held[CHECKPOINT].content.whole() if CHECKPOINT in held else b""
        signed = open_note(note.decode(), _signed_by(proof, keys))
        checkpoint = read_checkpoint(signed)
    except NoteRefused as trouble:
        raise DossierRefused(CHECKPOINT, f"签名不成立（{trouble}）", str(trouble)) from trouble
    if (checkpoint.size, checkpoint.root) != (proof["size"], root):
        raise DossierRefused(
            CHECKPOINT, "不是证明所指的检查点", "not the checkpoint that the proof leads to"
        )
    return checkpoint.size


def _signed_by(proof: Mapping[str, Any], keys: Sequence[Verifier]) -> list[Verifier]:
    """The keys a checkpoint may be signed by: the one that sealed, those named, and its own.

    The seal vouches for the log's own key, which may be an older one.
    """
    return [*keys, read_verifier(proof["verifier"])]
