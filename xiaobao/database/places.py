"""Where the embedded database, evidence and keys live on this machine; nothing is started here."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
# The kernel's sun_path holds 108 bytes with its closing NUL.
LONGEST_SOCKET_PATH = 103
# Not the TMPDIR of one process: everybody who shares a home must find the same socket.
SHORT_FOLDER = Path("/tmp")  # noqa: S108  a private folder in it, checked before use


def home() -> Path:
    """The folder named by `XIAOBAO_HOME`, else the user's data directory (root: /var/lib)."""
    named = os.environ.get("XIAOBAO_HOME")
    if named:
        return Path(os.path.expanduser(named)).resolve()  # noqa: PTH111  an unknown ~name stays
    if os.geteuid() == 0:
        return Path("/var/lib/xiaobao")
    return Path(platformdirs.user_data_dir("xiaobao")).resolve()


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
    def keeper_log(self) -> Path:
        return self.home / "keeper.log"

    @property
    def secret_key(self) -> Path:
        return self.home / "secret.key"

    @property
    def keys(self) -> Path:
        return self.home / "keys"

    @property
    def evidence(self) -> Path:
        return self.home / "evidence"

    @property
    def spool(self) -> Path:
        """Files that are being handed in; none of them has a name."""
        return self.home / "spool"

    @property
    def test_gateway(self) -> Path:
        return self.home / "test-gateway"

    @property
    def local_alipay(self) -> Path:
        return self.home / "local-alipay"

    @property
    def socket_directory(self) -> Path:
        """Inside the home where PostgreSQL can take it, else a private folder in /tmp.

        A socket's path may be neither long, nor hold a comma, nor (for every client) a blank or
        a letter outside ASCII.
        """
        inside = self.home / "run"
        text = str(inside)
        plain = text.isascii() and text.isprintable() and not any(c in text for c in " ,'\"\\%")
        if plain and len(text) + 1 + len(SOCKET_NAME) <= LONGEST_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return SHORT_FOLDER / f"xiaobao-{os.geteuid()}-{digest}"


def places() -> Places:
    return Places(home())
