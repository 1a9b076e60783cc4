"""How commands speak: two languages, money, tables, JSON; only answers go to stdout."""

from __future__ import annotations

import dataclasses
import json
import locale
import os
import sys
from datetime import UTC, date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiaobao.kernel.contents import content_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from xiaobao.kernel.contents import Content

LANGUAGES = ("zh", "en")
# Tables that are piped somewhere have room: nothing is cut off.
PIPED_WIDTH = 200


class _Spoken:
    """The language of this process."""

    language = "en"


def choose_language(asked: str | None = None) -> str:
    """Speak what was asked for, else what `XIAOBAO_LANG` or the locale says, else English."""
    told = asked or os.environ.get("XIAOBAO_LANG") or _locale()
    _Spoken.language = "zh" if told.lower().startswith("zh") else "en"
    return _Spoken.language


def _locale() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name]
    return locale.getlocale()[0] or "en"


def language() -> str:
    return _Spoken.language


def say(*, zh: str, en: str) -> str:
    """The words in the language of this process."""
    return zh if _Spoken.language == "zh" else en


# Every command takes it: `def check(*, as_json: Json = False)`.
Json = Annotated[
    bool,
    typer.Option("--json", help="以 JSON 输出 · print JSON", show_default=False),
]


def note(line: str) -> None:
    """Tell the operator something that is not part of the answer."""
    print(line, file=sys.stderr, flush=True)


def write_private(file: Path, given: bytes | Content) -> None:
    """A new file for its owner's eyes: people's data leave the house in it.

    :raises OSError: where there is one already, or it cannot be written whole; then none is left
    """
    held = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(held, "wb") as out:
            for portion in content_of(given).portions():
                out.write(portion)
    except OSError:
        file.unlink()
        raise


def print_json(value: Any) -> None:
    """The answer as one JSON document: sorted keys, so that equal answers are equal bytes."""
    print(json.dumps(plain(value), ensure_ascii=False, sort_keys=True, indent=2))


def plain(value: Any) -> Any:  # noqa: PLR0911
    """The value in JSON's own types; names of enum members in lower case, times RFC 3339."""
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, dict):
        return {_key(k): plain(v) for k, v in value.items()}
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if hasattr(value, "tolist"):  # numpy arrays and scalars
        return plain(value.tolist())
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _key(key: Any) -> str:
    return key.name.lower() if isinstance(key, Enum) else str(key)


def money(minor: int, currency: str) -> str:
    """¥1,234.50."""
    from xiaobao.kernel.money import in_words

    return in_words(minor, currency)


def moment(at: datetime) -> str:
    """RFC 3339 in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment_of_us(at_us: int) -> str:
    return moment(
        datetime.fromtimestamp(at_us // 1_000_000, UTC).replace(microsecond=at_us % 1_000_000)
    )


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None
) -> None:
    """A table on stdout; columns of whole numbers and money are set to the right."""
    from rich.table import Table

    cells = [[str(cell) for cell in row] for row in rows]
    table = Table(title=title, title_justify="left")
    for place, name in enumerate(columns):
        texts = [row[place] for row in cells if row[place]]
        is_number = bool(texts) and all(_looks_numeric(text) for text in texts)
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for row in cells:
        # Outside names are text, never markup.
        from rich.markup import escape

        table.add_row(*(escape(cell) for cell in row))
    console().print(table)


def print_pairs(pairs: Iterable[tuple[str, object]]) -> None:
    """A short report on stdout: one thing and what is said of it per line."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, words in pairs:
        table.add_row(escape(name), escape(str(words)))
    console().print(table)


def _looks_numeric(text: str) -> bool:
    bare = text.lstrip("-¥€£$RJP").replace(",", "").replace(".", "").rstrip("% ")
    return bare.isdigit()


def console() -> Any:
    """Rich on stdout; as wide as the terminal, or wide enough for anything where there is none."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)
