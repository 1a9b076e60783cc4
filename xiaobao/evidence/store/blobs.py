"""Bytes under their own SHA-256, written once: a local folder, or any bucket `obstore` knows."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote, urlsplit

from xiaobao.database.places import places
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

URL_VARIABLE = "XIAOBAO_EVIDENCE_URL"


class BytesMissing(Problem):
    """A piece is recorded and its bytes are not where they should be."""

    code = "evidence_bytes_missing"
    status = 500
    zh = "证据原件 {sha256} 不在 {place}：从备份恢复该文件"
    en = "the bytes of {sha256} are not in {place}: restore that file from a backup"


class BytesDamaged(Problem):
    """What is kept under a hash has another hash."""

    code = "evidence_bytes_damaged"
    status = 500
    zh = "{place} 里的证据原件 {sha256} 与其哈希不符：从备份恢复该文件"
    en = "the bytes kept as {sha256} in {place} do not have that hash: restore them from a backup"


class StoreUnusable(Problem):
    """The place for bytes cannot be used."""

    code = "evidence_store_unusable"
    status = 503
    zh = "证据存放处 {place} 无法使用：{reason}；检查 XIAOBAO_EVIDENCE_URL、权限与磁盘"
    en = (
        "the place for evidence {place} cannot be used: {reason}; check XIAOBAO_EVIDENCE_URL, "
        "rights and disk"
    )


class Blobs(Protocol):
    """A place where bytes are written once."""

    @property
    def place(self) -> str: ...
    def put(self, body: bytes) -> bytes: ...
    def read(self, digest: bytes) -> bytes: ...


def _name_of(digest: bytes) -> str:
    """256 folders keep each small enough, and are soon all there: making one costs a flush."""
    name = digest.hex()
    return f"{name[:2]}/{name}"


@dataclass(frozen=True)
class Folder:
    """A local folder. A file is whole and on the disk before it has its name."""

    root: Path

    @property
    def place(self) -> str:
        return str(self.root)

    def put(self, body: bytes) -> bytes:
        """Keep these bytes and return their SHA-256; kept already, nothing is written.

        :raises BytesDamaged: where others lie under their name
        :raises StoreUnusable: where the folder cannot be written to
        """
        digest = sha256(body).digest()
        path = self.root / _name_of(digest)
        if path.exists():
            self.read(digest)
            return digest
        try:
            self._write(path, body)
        except OSError as trouble:
            raise StoreUnusable(place=self.place, reason=trouble.strerror) from trouble
        return digest

    def _write(self, path: Path, body: bytes) -> None:
        for folder in reversed(list(self._folders(path.parent))):
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700, parents=True)
                _sync(folder.parent)
        making = path.with_name(f"{path.name}.making-{secrets.token_hex(8)}")
        held = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(held, "wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        # Of several that write the same bytes the first stays; all wrote the same.
        with suppress(FileExistsError):
            os.link(making, path)
        making.unlink()
        _sync(path.parent)

    def _folders(self, folder: Path) -> Iterator[Path]:
        while folder != self.root.parent and not folder.exists():
            yield folder
            folder = folder.parent

    def read(self, digest: bytes) -> bytes:
        """The bytes with this SHA-256.

        :raises BytesMissing: where there are none
        :raises BytesDamaged: where they have another hash
        """
        try:
            body = (self.root / _name_of(digest)).read_bytes()
        except FileNotFoundError as trouble:
            raise BytesMissing(sha256=digest.hex(), place=self.place) from trouble
        return _checked(body, digest, self.place)


def _sync(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _checked(body: bytes, digest: bytes, place: str) -> bytes:
    if sha256(body).digest() != digest:
        raise BytesDamaged(sha256=digest.hex(), place=place)
    return body


@dataclass(frozen=True)
class Bucket:
    """An object store; a put that is answered is durable, and refuses a name that is taken."""

    store: Any
    place: str

    def put(self, body: bytes) -> bytes:
        """As `Folder.put`."""
        from obstore.exceptions import AlreadyExistsError, BaseError

        digest = sha256(body).digest()
        try:
            self.store.put(_name_of(digest), body, mode="create")
        except AlreadyExistsError:
            self.read(digest)
        except (BaseError, OSError) as trouble:
            raise StoreUnusable(place=self.place, reason=_first_line(trouble)) from trouble
        return digest

    def read(self, digest: bytes) -> bytes:
        """As `Folder.read`."""
        from obstore.exceptions import BaseError, NotFoundError

        try:
            body = bytes(self.store.get(_name_of(digest)).bytes())
        except (NotFoundError, FileNotFoundError) as trouble:
            raise BytesMissing(sha256=digest.hex(), place=self.place) from trouble
        except (BaseError, OSError) as trouble:
            raise StoreUnusable(place=self.place, reason=_first_line(trouble)) from trouble
        return _checked(body, digest, self.place)


def _first_line(trouble: Exception) -> str:
    return str(trouble).partition("\n")[0]


def blobs() -> Blobs:
    """Where `XIAOBAO_EVIDENCE_URL` says, else the folder `evidence` in the home.

    :raises StoreUnusable: where the URL cannot be understood
    """
    url = os.environ.get(URL_VARIABLE, "")
    parts = urlsplit(url)
    if not url:
        return Folder(places().evidence)
    if parts.scheme in ("", "file"):
        return Folder(Path(unquote(parts.path)).absolute())
    from obstore.exceptions import BaseError
    from obstore.store import from_url

    place = f"{parts.scheme}://{parts.hostname}{parts.path}"
    try:
        return Bucket(from_url(url), place)
    except (BaseError, ValueError) as trouble:
        raise StoreUnusable(place=place, reason=_first_line(trouble)) from trouble
