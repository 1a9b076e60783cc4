"""The house's own secret: made once, kept in the home for its owner's eyes alone."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress

from xiaobao.database.places import Places, places


def secret_key() -> str:
    """The key in XIAOBAO_HOME/secret.key; made there by whoever asks first."""
    where = places()
    with suppress(FileNotFoundError):
        return where.secret_key.read_text(encoding="ascii").strip()
    return _make(where)


def _make(where: Places) -> str:
    where.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    mine = where.home / f"secret.key.making-{os.getpid()}"
    held = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(held, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(48) + "\n")
        out.flush()
        os.fsync(out.fileno())
    # Of several that make one at once the first stays, whole; the others read it.
    with suppress(FileExistsError):
        os.link(mine, where.secret_key)
    mine.unlink()
    return where.secret_key.read_text(encoding="ascii").strip()
