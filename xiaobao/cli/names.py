"""Names given to a command: as arguments, in a file of one name a line, or both."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

import typer

from xiaobao.cli.output import say
from xiaobao.kernel.problems import Problem

NamesFile = Annotated[
    Path | None,
    typer.Option(
        "--file", metavar="FILE", help="每行一个名称（UTF-8） · a file of one name a line (UTF-8)"
    ),
]


class NamesFileUnreadable(Problem):
    """A file of names cannot be read; nothing was done."""

    code: ClassVar[str] = "names_file_unreadable"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "--file：无法读取 {file}：{reason}；请给出 UTF-8 文本文件，每行一个名称"
    en: ClassVar[str] = "--file: cannot read {file}: {reason}; give UTF-8 text, one name a line"


def names_given(names: list[str] | None, file: Path | None, what: str) -> list[str]:
    """The names from both places, in order; blank lines are passed over.

    :raises typer.BadParameter: where there is none at all
    :raises NamesFileUnreadable: where the file is not there, or not UTF-8
    """
    given = list(names or [])
    if file is not None:
        given += [line.strip() for line in _lines(file) if line.strip()]
    if not given:
        raise typer.BadParameter(
            say(zh="给出名称，或 --file FILE", en="give a name, or --file FILE"), param_hint=what
        )
    return given


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as trouble:
        line = trouble.object[: trouble.start].count(b"\n") + 1
        reason = say(zh=f"第 {line} 行不是 UTF-8", en=f"line {line} is not UTF-8")
        raise NamesFileUnreadable(file=file, reason=reason) from trouble
    except OSError as trouble:
        raise NamesFileUnreadable(file=file, reason=trouble.strerror) from trouble
