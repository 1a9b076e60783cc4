"""Packs whose files were handed in: in a folder of their own, consulted on, announced as kept."""

from __future__ import annotations

import tempfile
import tomllib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xiaobao.promises import acts
from xiaobao.promises import queries as promises
from xiaobao.promises.packs import PackNotReadable, shipped
from xiaobao.promises.rules.lint import lint_pack
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from xiaobao.promises.facts import Version


def stands_alone(files: Mapping[str, str]) -> bool:
    """Whether a pack is based on none, or on one that comes with the house: on no folder here.

    One whose head cannot be read does not.
    """
    try:
        base = tomllib.loads(_bare(files["pack.toml"])).get("based_on")
    except (tomllib.TOMLDecodeError, RecursionError):
        return False
    return base is None or base in shipped()


@contextmanager
def folder_of(files: Mapping[str, str]) -> Iterator[str]:
    """A pack's files where acts read them; gone afterwards.

    Nothing lies beside the folder: a pack beneath is a shipped one, whatever else is here.

    :raises PackNotReadable: where it does not stand alone
    """
    if not stands_alone(files):
        names = shipped()
        raise PackNotReadable(
            where="pack.toml",
            why_zh=f"须是可读的 TOML，based_on 只能是随附的规则包：{'、'.join(names)}",
            why_en="it must be readable TOML, and based_on can only name a pack that comes with "
            f"the house: {', '.join(names)}",
        )
    with tempfile.TemporaryDirectory(prefix="xiaobao-pack-") as around:
        folder = Path(around) / "handed-in"
        folder.mkdir()
        for name, text in files.items():
            (folder / Path(name).name).write_text(_bare(text), encoding="utf-8")
        yield str(folder)


def _bare(text: str) -> str:
    """A text without byte-order marks: who reads the file again drops one, and sees more."""
    return text.lstrip("\ufeff")


def announce_draft(draft_id: int, *, by: str, at: datetime) -> Version:
    """Announce a draft; the next round of due clocks tells every seller what changes for them.

    :raises PackRefused: if its linter has findings, or the notice it gives is too short
    :raises ConsultationShort: if it was consulted on for too short a time
    :raises CommentsUnanswered: if comments were made and not answered
    """
    files = promises.draft_files(draft_id)
    market = promises.market(lint_pack(files)[0].market)
    with folder_of(files) as folder:
        return acts.announce_pack(
            folder, by=by, at=at, sellers=sellers.market_sellers(market.market_id)
        )
