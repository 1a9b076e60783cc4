"""Opening a file from outside: it is there, is what its name says, and its text can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.gateways.feeds.faults import (
    FileCutOff,
    FileMissing,
    FileNotWhatItSays,
    FileUnusable,
    Words,
    WrongEncoding,
)

if TYPE_CHECKING:
    from pathlib import Path

ENCODINGS = ("utf-8", "gb18030")
# What is read at once is held in memory several times over.
MOST_BYTES = 2**30
TOO_LARGE = Words(
    "文件超过 1 GiB；请分成几个文件，分别导入",
    "the file is larger than 1 GiB; cut it into several and import each",
)
# Kinds of file by how they begin.
BEGINNINGS = {
    b"PAR1": "Parquet",
    b"PK\x03\x04": "zip/xlsx",
    b"\x1f\x8b": "gzip",
    b"\xd0\xcf\x11\xe0": "xls",
    b"%PDF": "PDF",
    b"ARROW1": "Arrow",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"SQLite format 3": "SQLite",
}


def read_bytes(file: Path) -> bytes:
    """The whole file.

    :raises FileMissing: there is no such file, or it is a folder, or it may not be read
    :raises FileUnusable: it is empty
    """
    if file.is_dir():
        raise FileMissing(
            file,
            Words(
                "这是一个文件夹，请给出其中的文件；Olist 数据集请用 `xiaobao import olist`",
                "this is a folder; name a file in it, or use `xiaobao import olist` for an "
                "Olist set",
            ),
        )
    if file.exists() and not file.is_file():
        raise FileMissing(
            file,
            Words(
                "这不是普通文件；请先另存为文件",
                "this is not an ordinary file; save it as one first",
            ),
        )
    try:
        is_too_large = file.stat().st_size > MOST_BYTES
        body = b"" if is_too_large else file.read_bytes()
    except FileNotFoundError:
        raise FileMissing(file, Words("没有这个文件", "there is no such file")) from None
    except PermissionError:
        raise FileMissing(
            file,
            Words("没有读取权限；请修改文件权限", "you may not read it; change its permissions"),
        ) from None
    except (OSError, ValueError) as trouble:
        raise FileMissing(
            file, Words(f"无法读取：{trouble}", f"it cannot be read: {trouble}")
        ) from None
    if is_too_large:
        raise FileUnusable(file, TOO_LARGE)
    if not body:
        raise FileUnusable(
            file, Words("文件是空的；请重新导出", "the file is empty; export it again")
        )
    return body


def check_is_text(file: Path, body: bytes) -> None:
    """Refuse what begins like another kind of file, and text with NUL bytes.

    :raises FileNotWhatItSays: see above
    """
    for beginning, kind in BEGINNINGS.items():
        if body.startswith(beginning):
            raise FileNotWhatItSays(
                file,
                Words(
                    f"内容是 {kind}，不是 {file.suffix} 文本；请改正扩展名，或另存为 UTF-8 CSV",
                    f"this is {kind}, not {file.suffix} text; give it its right ending, or save "
                    "it as CSV in UTF-8",
                ),
            )
    nul = body.find(b"\0")
    if nul >= 0:
        raise FileNotWhatItSays(
            file,
            Words(
                "含有 NUL 字节，不是文本或已损坏；请重新导出",
                "there is a NUL byte: this is not text, or it is damaged; export it again",
            ),
            line=body.count(b"\n", 0, nul) + 1,
        )


def text_of(
    file: Path, body: bytes, encoding: str, *, may_choose: bool = False
) -> bytes:  # fmt: skip
    """The text in UTF-8 without a byte order mark, whatever allowed encoding it came in.

    `may_choose`: whoever names the file may name its encoding.

    :raises WrongEncoding: it is not in the encoding named
    """
    if encoding not in ENCODINGS:
        raise WrongEncoding(
            file,
            Words(
                f"不支持编码 {encoding}；请用 {'、'.join(ENCODINGS)}",
                f"encoding {encoding} is not supported; use {' or '.join(ENCODINGS)}",
            ),
        )
    check_is_text(file, body)
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as trouble:
        line = body.count(b"\n", 0, trouble.start) + 1
        words = _encoding_words(body, encoding, may_choose=may_choose)
        raise WrongEncoding(file, words, line=line) from None
    return body if encoding == "utf-8" else text.encode()


def _encoding_words(body: bytes, encoding: str, *, may_choose: bool) -> Words:
    if encoding == "utf-8":
        try:
            body.decode("gb18030")
        except UnicodeDecodeError:
            pass
        else:
            add = ("加 --encoding gb18030，或", "add --encoding gb18030, or ")
            zh, en = add if may_choose else ("", "")
            return Words(
                f"不是 UTF-8，看起来是 GB18030/GBK；请{zh}另存为 UTF-8",
                f"this is not UTF-8 and looks like GB18030/GBK; {en}save it as UTF-8",
            )
    return Words(
        f"不是 {encoding} 文本，或已损坏；请另存为 UTF-8",
        f"this is not {encoding} text, or it is damaged; save it as UTF-8",
    )


def cut_off(file: Path, said: str) -> FileCutOff:
    return FileCutOff(
        file,
        Words(
            f"文件不完整或已损坏（{said}）；请重新导出或下载",
            f"the file is cut off or damaged ({said}); export or fetch it again",
        ),
    )
