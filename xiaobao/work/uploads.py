"""Files on their way in: spooled to the disk under no name, gone with their request."""

from __future__ import annotations

import tempfile
from os import pread
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from xiaobao.database.places import places
from xiaobao.kernel.contents import Content
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


class UploadNotKept(Problem):
    """A file that is handed in has no room on this machine."""

    code = "upload_not_kept"
    status: ClassVar[int] = 503
    zh = "文件未能收下（{reason}），未记录任何内容；请稍后重试，平台需检查 {place} 的磁盘与权限"
    en = (
        "the file could not be taken in ({reason}), and nothing was recorded; try again later; "
        "the marketplace checks disk and rights of {place}"
    )


class Spooled(FileUploadHandler):
    """What is too large for memory lies in the home, in a file without a name.

    Whatever becomes of the process, the disk has its room back.
    """

    file: UploadedFile[bytes] | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        spool = places().spool
        try:
            spool.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Closed with the request.
            kept = tempfile.TemporaryFile(dir=spool, buffering=0)  # noqa: SIM115
        except OSError as trouble:
            raise _not_kept(trouble) from trouble
        self.file = UploadedFile(
            kept, self.file_name, self.content_type, 0, self.charset, self.content_type_extra
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002
        assert self.file is not None, "a file begins before it goes on"
        try:
            left = memoryview(raw_data)
            while left:
                left = left[self.file.write(left) :]
        except OSError as trouble:
            self.upload_interrupted()
            raise _not_kept(trouble) from trouble

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        assert self.file is not None, "a file begins before it ends"
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        if self.file is not None:
            self.file.close()


def _not_kept(trouble: OSError) -> UploadNotKept:
    return UploadNotKept(place=places().spool, reason=trouble.strerror or str(trouble))


def content_in(upload: UploadedFile[Any]) -> bytes | Content:
    """What was uploaded, to be read where it lies as long as its request lasts."""
    if isinstance(upload, InMemoryUploadedFile):
        return bytes(upload.read())
    held = upload.fileno()
    return Content(upload.size or 0, lambda at, most: pread(held, most, at))


class _Whole:
    """A body of which more was said to come than came is none, and is read by nobody."""

    def __init__(self, body: BinaryIO, length: int) -> None:
        self._body, self._left = body, length

    def read(self, size: int = -1) -> bytes:
        return self._counted(self._body.read(size), size)

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self._body.readline(size), size)

    def _counted(self, some: bytes, asked: int) -> bytes:
        self._left -= len(some)
        if not some and asked and self._left > 0:
            raise OSError("the client was cut off")
        return some


def whole_bodies(application: Application) -> Application:
    """The application, which sees no end of a body before its end.

    The library of pages would take the first files of a form whose last was cut off.
    """

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        said = str(environ.get("CONTENT_LENGTH") or "")
        if said.isascii() and said.isdigit():
            environ["wsgi.input"] = _Whole(environ["wsgi.input"], int(said))
        return application(environ, start)

    return answer
