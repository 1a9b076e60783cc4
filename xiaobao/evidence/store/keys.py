"""The log's key: made once, kept in the home for its owner's eyes; the public half beside it."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from xiaobao.database.places import places
from xiaobao.evidence.rules.notes import KEY_BYTES, Signer, Verifier, read_signer, read_verifier

if TYPE_CHECKING:
    from pathlib import Path

LOG_NAME = "xiaobao.evidence"
_PRIVATE = "evidence-log.key"
_PUBLIC = "evidence-log.pub"


def log_signer() -> Signer:
    """The key that signs checkpoints; made by whoever asks first.

    :raises NoteRefused: where the file holds no key
    """
    folder = places().keys
    private = folder / _PRIVATE
    if not private.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = Signer(LOG_NAME, secrets.token_bytes(KEY_BYTES))
        _write_once(private, made.spelt(), 0o600)
    signer = read_signer(private.read_text(encoding="ascii"))
    if not (folder / _PUBLIC).exists():
        _write_once(folder / _PUBLIC, str(signer.verifier), 0o644)
    return signer


def log_verifier() -> Verifier | None:
    """The public half, where this home has one."""
    with suppress(FileNotFoundError):
        return read_verifier((places().keys / _PUBLIC).read_text(encoding="ascii"))
    return None


def _write_once(path: Path, line: str, mode: int) -> None:
    """Of several that make one at once the first stays, whole."""
    making = path.with_name(f"{path.name}.making-{os.getpid()}")
    held = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(held, "w", encoding="ascii") as out:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())
    with suppress(FileExistsError):
        os.link(making, path)
    making.unlink()
