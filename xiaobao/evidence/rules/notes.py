"""Signed notes and checkpoints of a log (C2SP signed-note, tlog-checkpoint), with Ed25519.

A note is text, a blank line, and signature lines. Keys travel as Go's `note` package writes them:
`NAME+HASH+BASE64` to verify, `PRIVATE+KEY+NAME+HASH+BASE64` to sign.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

if TYPE_CHECKING:
    from collections.abc import Sequence

ED25519 = b"\x01"
KEY_BYTES = 32
HASH_BYTES = 4
LONGEST_NOTE = 1_000_000
_DASH = "— "
_PRIVATE = "PRIVATE+KEY+"


class NoteRefused(ValueError):  # noqa: N818
    """A note, a checkpoint or a key is misshapen, or no known key signed it; says which."""


@dataclass(frozen=True)
class Verifier:
    """A name and its public key."""

    name: str
    public: bytes

    @property
    def key_hash(self) -> bytes:
        return _key_hash(self.name, self.public)

    def __str__(self) -> str:
        return _spelt(self.name, self.key_hash, self.public)

    def holds(self, text: str, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A name and its private key; shown nowhere."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self._key().public_key().public_bytes_raw())

    def spelt(self) -> str:
        return _PRIVATE + _spelt(self.name, self.verifier.key_hash, self.seed)

    def sign(self, text: str) -> str:
        """The whole note: `text` (which ends its last line) and this key's signature."""
        _check_text(text)
        signed = self.verifier.key_hash + self._key().sign(text.encode())
        return f"{text}\n{_DASH}{self.name} {base64.b64encode(signed).decode()}\n"

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"


def _key_hash(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:HASH_BYTES]


def _spelt(name: str, key_hash: bytes, key: bytes) -> str:
    return f"{name}+{key_hash.hex()}+{base64.b64encode(ED25519 + key).decode()}"


def _check_name(name: str) -> str:
    if not name or "+" in name or any(c.isspace() for c in name):
        raise NoteRefused(f"{name!r} is no name of a key: no blanks and no +")
    return name


def _read_key(text: str) -> tuple[str, str, bytes]:
    """Name, hash as written, and the 32 bytes of a key."""
    name, _, rest = text.partition("+")
    written, _, encoded = rest.partition("+")
    key = _decoded(encoded)
    if key[:1] != ED25519 or len(key) != 1 + KEY_BYTES:
        raise NoteRefused("the key is not an Ed25519 key")
    return _check_name(name), written, key[1:]


def read_verifier(text: str) -> Verifier:
    """:raises NoteRefused: unless it is a verifier key whose hash is its own"""
    name, written, public = _read_key(text.strip())
    made = Verifier(name, public)
    if made.key_hash.hex() != written:
        raise NoteRefused(f"the key of {name} does not have the hash {written}")
    return made


def read_signer(text: str) -> Signer:
    """:raises NoteRefused: unless it is a signer key whose hash is its own"""
    bare = text.strip()
    if not bare.startswith(_PRIVATE):
        raise NoteRefused("this is no signer key")
    name, written, seed = _read_key(bare.removeprefix(_PRIVATE))
    made = Signer(name, seed)
    if made.verifier.key_hash.hex() != written:
        raise NoteRefused(f"the key of {name} does not have the hash {written}")
    return made


def _decoded(text: str) -> bytes:
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as trouble:
        raise NoteRefused("this is not base64") from trouble
    # One spelling alone: bits that the last letter does not need are zero.
    if base64.b64encode(decoded).decode() != text:
        raise NoteRefused("this is base64 with bits left over")
    return decoded


# -- notes ---------------------------------------------------------------------------------------


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteRefused("the text of a note ends with a line feed")
    if any(ord(c) < ord(" ") and c != "\n" for c in text):
        raise NoteRefused("the text of a note holds no control characters")


def open_note(note: str, verifiers: Sequence[Verifier]) -> str:
    """The text of a note that at least one of these keys signed.

    :raises NoteRefused: where none did, one did wrongly, or the note is misshapen
    """
    if len(note) > LONGEST_NOTE:
        raise NoteRefused("the note is too long")
    head, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise NoteRefused("a note is text, a blank line, and lines of signatures")
    text = head + "\n"
    _check_text(text)
    signed = [_signature(line) for line in tail.removesuffix("\n").split("\n")]
    known = {(one.name, one.key_hash): one for one in verifiers}
    found = [(known[key], signature) for key, signature in signed if key in known]
    for verifier, signature in found:
        if not verifier.holds(text, signature):
            raise NoteRefused(f"the signature of {verifier.name} does not fit the text")
    if not found:
        names = ", ".join(f"{name}+{key_hash.hex()}" for (name, key_hash), _ in signed)
        raise NoteRefused(f"no known key signed this: it is signed by {names}")
    return text


def _signature(line: str) -> tuple[tuple[str, bytes], bytes]:
    """The key of one line (its name and hash), and the signature."""
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not encoded:
        raise NoteRefused("a signature line is '— NAME BASE64'")
    body = _decoded(encoded)
    if len(body) <= HASH_BYTES:
        raise NoteRefused(f"the signature of {name} is too short")
    return (_check_name(name), body[:HASH_BYTES]), body[HASH_BYTES:]


# -- checkpoints ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Checkpoint:
    """How large a log was, and its root; `lines` say more, in the log's own words."""

    origin: str
    size: int
    root: bytes
    lines: tuple[str, ...] = ()

    def text(self) -> str:
        root = base64.b64encode(self.root).decode()
        return "\n".join([self.origin, str(self.size), root, *self.lines]) + "\n"


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that the text of a note holds.

    :raises NoteRefused: where it is none
    """
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < len(("origin", "size", "root")):
        raise NoteRefused("a checkpoint has an origin, a size and a root")
    origin, size, root, *rest = lines
    if not origin or not size.isascii() or not size.isdigit() or str(int(size)) != size:
        raise NoteRefused("the size of a checkpoint is a whole number")
    return Checkpoint(origin, int(size), _decoded(root), tuple(rest))
