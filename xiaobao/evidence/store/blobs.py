"""Bytes under their own SHA-256, written once: a local folder, or any bucket `obstore` knows."""

from __future__ import annotations

import fcntl
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from xiaobao.database import sets
from xiaobao.database.places import places
from xiaobao.kernel.contents import Content, ContentCutOff, content_of, in_file
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

URL_VARIABLE = "XIAOBAO_EVIDENCE_URL"
# To a bucket: what is more goes in parts, of which two are held at a time.
MOST_IN_ONE_PUT = 8_000_000
PART_BYTES = 5 * 1024 * 1024


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
    def put(self, given: bytes | Content) -> bytes: ...
    def content(self, digest: bytes) -> Content: ...
    def sweep(self) -> int: ...


def _name_of(digest: bytes) -> str:
    """256 folders keep each small enough, and are soon all there: making one costs a flush."""
    name = digest.hex()
    return f"{name[:2]}/{name}"


def _outside_transactions() -> None:
    """Reading and writing files takes as long as it takes: no row is locked meanwhile."""
    assert not sets.locks_rows(), "files are read and written outside transactions"


@dataclass(frozen=True)
class Folder:
    """A local folder. A file is whole and on the disk before it has its name."""

    root: Path

    @property
    def place(self) -> str:
        return str(self.root)

    @property
    def _making(self) -> Path:
        """Where files lie until they have a name."""
        return self.root / "making"

    def put(self, given: bytes | Content) -> bytes:
        """Keep these bytes and return their SHA-256; kept already, nothing is added.

        :raises BytesDamaged: where others lie under their name
        :raises StoreUnusable: where the folder cannot be written to
        """
        _outside_transactions()
        try:
            making, out = self._begun()
            with out:
                try:
                    return self._written(content_of(given), making, out)
                finally:
                    # A disk that is full is so no longer for what could not be written whole. It
                    # is locked until then: closed first, a sweep might remove it before.
                    making.unlink()
        except OSError as trouble:
            raise StoreUnusable(place=self.place, reason=_why(trouble)) from trouble

    def _begun(self) -> tuple[Path, BinaryIO]:
        """A file without its name, locked as long as it is written: so no sweep removes it."""
        self._make(self._making)
        while True:
            making = self._making / secrets.token_hex(16)
            held = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
            fcntl.flock(held, fcntl.LOCK_EX)
            if os.fstat(held).st_nlink:
                return making, os.fdopen(held, "wb")
            # Swept between the two.
            os.close(held)

    def _written(self, content: Content, making: Path, out: BinaryIO) -> bytes:
        """Under the hash of the very bytes that were written, whatever else is done to theirs."""
        made = sha256()
        for portion in content.portions():
            made.update(portion)
            out.write(portion)
        out.flush()
        digest = made.digest()
        path = self.root / _name_of(digest)
        if path.exists():
            self.content(digest)
            return digest
        os.fsync(out.fileno())
        self._make(path.parent)
        # Of several that write the same bytes the first stays; all wrote the same.
        with suppress(FileExistsError):
            os.link(making, path)
        _sync(path.parent)
        return digest

    def _make(self, wanted: Path) -> None:
        for folder in reversed(list(self._missing(wanted))):
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700, parents=True)
                _sync(folder.parent)

    def _missing(self, folder: Path) -> Iterator[Path]:
        while folder != self.root.parent and not folder.exists():
            yield folder
            folder = folder.parent

    def content(self, digest: bytes) -> Content:
        """The bytes with this SHA-256, all of which were read and found to be so.

        :raises BytesMissing: where there are none
        :raises BytesDamaged: where they have another hash
        """
        _outside_transactions()
        try:
            return _checked(in_file(self.root / _name_of(digest)), digest, self.place)
        except FileNotFoundError as trouble:
            raise BytesMissing(sha256=digest.hex(), place=self.place) from trouble

    def sweep(self) -> int:
        """Remove what a process that was killed had begun and not given its name; how many."""
        swept = 0
        for making in self._making.glob("*"):
            # Who writes to it has it locked, and removes it when it has its name.
            with suppress(FileNotFoundError, BlockingIOError), making.open("rb") as left:
                fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
                making.unlink()
                swept += 1
        return swept


def _sync(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def _unchanged(content: Content, digest: bytes) -> Iterator[bytes]:
    """The portions; nothing has its name yet when it shows that they are no longer those hashed.

    :raises ContentCutOff: then
    """
    made = sha256()
    for portion in content.portions():
        made.update(portion)
        yield portion
    if made.digest() != digest:
        raise ContentCutOff("it was changed while it was read")


def _why(trouble: OSError) -> str:
    return trouble.strerror or str(trouble)


def _checked(content: Content, digest: bytes, place: str) -> Content:
    try:
        is_sound = content.digest() == digest
    except ContentCutOff:
        is_sound = False
    if not is_sound:
        raise BytesDamaged(sha256=digest.hex(), place=place)
    return content


@dataclass(frozen=True)
class Bucket:
    """An object store; a put that is answered is durable, and refuses a name that is taken."""

    store: Any
    place: str

    def put(self, given: bytes | Content) -> bytes:
        """As `Folder.put`."""
        from obstore.exceptions import AlreadyExistsError, BaseError

        _outside_transactions()
        content = content_of(given)
        digest = content.digest()
        name = _name_of(digest)
        try:
            if content.size <= MOST_IN_ONE_PUT:
                self.store.put(name, content.whole(), mode="create")
            elif not self._is_there(name):
                # In parts nothing can be refused: of several that put the same the last stays.
                parts = _unchanged(content, digest)
                self.store.put(name, parts, chunk_size=PART_BYTES, max_concurrency=2)
            else:
                self.content(digest)
        except AlreadyExistsError:
            self.content(digest)
        except (BaseError, OSError) as trouble:
            raise StoreUnusable(place=self.place, reason=_first_line(trouble)) from trouble
        return digest

    def _is_there(self, name: str) -> bool:
        try:
            self.store.head(name)
        except FileNotFoundError:
            return False
        return True

    def content(self, digest: bytes) -> Content:
        """As `Folder.content`."""
        from obstore.exceptions import BaseError, NotFoundError

        _outside_transactions()
        name = _name_of(digest)

        def read_at(at: int, most: int) -> bytes:
            return bytes(self.store.get_range(name, start=at, length=most))

        try:
            return _checked(Content(self.store.head(name)["size"], read_at), digest, self.place)
        except (NotFoundError, FileNotFoundError) as trouble:
            raise BytesMissing(sha256=digest.hex(), place=self.place) from trouble
        except (BaseError, OSError) as trouble:
            raise StoreUnusable(place=self.place, reason=_first_line(trouble)) from trouble

    def sweep(self) -> int:
        """Nothing: parts that nobody finished are cleared by a rule of the bucket's own."""
        return 0


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
