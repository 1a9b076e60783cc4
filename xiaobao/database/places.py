"""Where the embedded database, evidence and keys live on this machine; nothing is started here."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

SOCKET_NAME = ".s.PGSQL.5432"
# The kernel's sun_path holds 108 bytes with its closing NUL.
LONGEST_SOCKET_PATH = 103


def home() -> Path:
    """The folder named by `XIAOBAO_HOME`, else the user's data directory (root: /var/lib)."""
    named = os.environ.get("XIAOBAO_HOME")
    if named:
        return Path(named).expanduser().absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/xiaobao")
    return Path(platformdirs.user_data_dir("xiaobao"))


@dataclass(frozen=True)
class Places:
    """Every path of one home."""

    home: Path

    @property
    def cluster(self) -> Path:
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def binaries(self) -> Path:
        return self.home / "postgres-bin"

    @property
    def starting_lock(self) -> Path:
        return self.home / "starting.lock"

    @property
    def users_lock(self) -> Path:
        return self.home / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        return self.home / "keeper.lock"

    @property
    def test_gateway(self) -> Path:
        return self.home / "test-gateway"

    @property
    def socket_directory(self) -> Path:
        """Inside the home where PostgreSQL can take it, else a private folder in the temp dir.

        A socket's path may be neither long, nor hold a comma, nor (for every client) a blank or
        a letter outside ASCII.
        """
        inside = self.home / "run"
        text = str(inside)
        plain = text.isascii() and not any(c in text for c in " ,'\"\\%")
        if plain and len(text) + 1 + len(SOCKET_NAME) <= LONGEST_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"xiaobao-{os.geteuid()}-{digest}"


def places() -> Places:
    return Places(home())
