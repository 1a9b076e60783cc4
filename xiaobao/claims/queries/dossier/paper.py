"""The dossier on paper: the page's tables as PDF, by an extra (`xiaobao[pdf]`)."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from xiaobao.claims.queries.dossier.page import told_of

if TYPE_CHECKING:
    from xiaobao.claims.queries.dossier.contents import Contents

# A hash has no blank at which a line could end: a break is let in after every dozen letters.
_LONG = re.compile(r"[^\s\u200b]{12}")


def is_installed() -> bool:
    return find_spec("typst") is not None


def paper_of(contents: Contents, language: str) -> bytes:
    """The PDF in one language; the same contents give the same bytes on one machine."""
    import typst

    told = told_of(contents, language)
    with TemporaryDirectory(prefix="xiaobao-paper-") as folder:
        place = Path(folder)
        pictures = iter(
            (place / f"{number}.jpg", one.picture)
            for number, one in enumerate(contents.exported)
            if one.picture
        )
        sheets = []
        for sheet in told["sheets"]:
            shown = []
            for caption, _ in sheet.pictures:
                path, body = next(pictures)
                path.write_bytes(body)
                shown.append({"file": path.name, "caption": caption})
            sheets.append(
                {"title": sheet.title, "columns": sheet.columns,
                 "rows": [[_breakable(cell) for cell in row] for row in sheet.rows],
                 "pictures": shown}
            )  # fmt: skip
        data: dict[str, Any] = {**told, "lang": language, "sheets": sheets}
        (place / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        source = files(__package__).joinpath("paper.typ").read_text(encoding="utf-8")
        (place / "paper.typ").write_text(source, encoding="utf-8")
        made: bytes = typst.compile(str(place / "paper.typ"), root=folder, format="pdf")
    return made


def _breakable(text: str) -> str:
    return _LONG.sub(lambda run: f"{run.group()}\u200b", text)
