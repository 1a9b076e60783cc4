"""The seal of a dossier: a list of its pieces with their hashes, and a signature over the list."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from xiaobao.evidence.rules.chain import canonical
from xiaobao.evidence.rules.dossiers.archive import (
    DossierRefused,
    Measured,
    measured,
    packed_as_measured,
    unpacked,
)
from xiaobao.evidence.rules.notes import NoteRefused, Verifier, open_note, read_verifier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xiaobao.evidence.rules.notes import Signer
    from xiaobao.kernel.contents import Content

FORMAT = "xiaobao.dossier/1"
# The list and its seal stand first; the first line of a seal is no longer.
_AHEAD, _KIND_BYTES = 2, 100
MANIFEST, SEAL, KEY = "manifest.json", "seal.note", "key.txt"


def sealed(
    about: Mapping[str, Any], files: Sequence[tuple[str, bytes | Content]], signer: Signer,
    *, kind: str = FORMAT,
) -> Content:  # fmt: skip
    """The archive of these files, signed: `about` says what it is of, and for whom.

    `kind` is the first line of what is signed: an archive of one kind never passes for another.
    """
    verifier = str(signer.verifier)
    held = [measured(*file) for file in ((KEY, f"{verifier}\n".encode()), *files)]
    manifest = canonical(
        {
            "format": kind,
            "about": dict(about),
            "pieces": [
                {"name": one.name, "size": one.content.size, "sha256": one.sha256.hex()}
                for one in held
            ],
        }
    )
    note = signer.sign(f"{kind}\n{sha256(manifest).hexdigest()}\n{verifier}\n")
    ahead = [measured(MANIFEST, manifest), measured(SEAL, note.encode())]
    return packed_as_measured([*ahead, *held])


def open_seal(files: Sequence[Measured], kind: str = FORMAT) -> tuple[dict[str, Any], Verifier]:
    """The list of pieces and the key that signed it.

    :raises DossierRefused: where list, signature or key is not the one sealed
    """
    for place, name in enumerate((MANIFEST, SEAL)):
        if [one.name for one in files[place : place + 1]] != [name]:
            raise DossierRefused(name, "缺失、改名或不在其位", "missing, renamed or out of place")
    manifest, seal = files[:2]
    text = _text(SEAL, seal.content.whole())
    lines = text.split("\n")
    if lines[0] != kind or len(lines) < len(("format", "digest", "key")):
        raise DossierRefused(SEAL, "不是这种卷宗的封签", f"not the seal of a {kind}")
    try:
        verifier = read_verifier(lines[2])
        open_note(text, [verifier])
    except NoteRefused as trouble:
        raise DossierRefused(SEAL, f"签名不成立（{trouble}）", str(trouble)) from trouble
    if manifest.sha256.hex() != lines[1]:
        raise DossierRefused(MANIFEST, "不是封签所签的清单", "not the list that was signed")
    return json.loads(manifest.content.whole()), verifier


def kind_of(body: Content) -> str:
    """What an archive says it is, before anything is checked; nothing where it does not."""
    try:
        seal = next(one for one in unpacked(body, _AHEAD) if one.name == SEAL)
    except (DossierRefused, StopIteration):
        return ""
    return seal.content.read_at(0, _KIND_BYTES).partition(b"\n")[0].decode("utf-8", "replace")


def check_pieces(manifest: Mapping[str, Any], files: Sequence[Measured]) -> None:
    """Every piece of the list is there, in its place, with the bytes sealed; and nothing else.

    :raises DossierRefused: at the first that is not
    """
    listed = manifest["pieces"]
    there = [one.name for one in files[2:]]
    names = [piece["name"] for piece in listed]
    for piece, one in zip(listed, files[2:], strict=False):
        if one.name != piece["name"]:
            raise _misplaced(one.name, piece["name"], there, names)
        if one.sha256.hex() != piece["sha256"] or one.content.size != piece["size"]:
            raise DossierRefused(one.name, "其字节不是封存时的", "its bytes are not those sealed")
    if len(there) > len(names):
        raise DossierRefused(there[len(names)], "清单中没有它", "it is not in the list")
    if len(there) < len(names):
        raise DossierRefused(names[len(there)], "缺失", "it is missing")


def _misplaced(name: str, expected: str, there: list[str], names: list[str]) -> DossierRefused:
    if expected in there:
        if name in names:
            return DossierRefused(expected, "不在其位：次序被改动", "out of place: reordered")
        return DossierRefused(name, "清单中没有它", "it is not in the list")
    return DossierRefused(expected, "缺失或被改名", "it is missing or was renamed")


def _text(name: str, body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as trouble:
        raise DossierRefused(name, "不是文本", "it is no text") from trouble
