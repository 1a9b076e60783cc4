"""The key that every webhook secret is made from: made once, kept in the home for its owner."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from xiaobao.database.places import places
from xiaobao.outbox.rules import SECRET_BYTES

if TYPE_CHECKING:
    from pathlib import Path

_FILE = "webhooks.key"


def house_key() -> bytes:
    """The key; made by whoever asks first. Of several that make one at once the first stays."""
    folder = places().keys
    path = folder / _FILE
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(path, secrets.token_hex(SECRET_BYTES))
    return bytes.fromhex(path.read_text(encoding="ascii"))


def _write_once(path: Path, line: str) -> None:
    making = path.with_name(f"{path.name}.making-{os.getpid()}")
    held = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(held, "w", encoding="ascii") as out:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())
    with suppress(FileExistsError):
        os.link(making, path)
    making.unlink()
