"""What commands about packs share: which pack is meant, who speaks, and in which market."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.house import now, open_for_command
from xiaobao.cli.output import say

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import Finding, Pack

PackName = Annotated[
    str,
    typer.Argument(
        metavar="PACK",
        help="随附名称、文件夹，或 市场@版本 · a shipped name, a folder, or market@version",
    ),
]
VersionName = Annotated[
    str, typer.Argument(metavar="VERSION", help="版本号 · a version, as in 2025-09-05")
]
SellerName = Annotated[str, typer.Argument(metavar="SELLER", help="卖家名称 · the seller's name")]
InMarket = Annotated[str, typer.Option("--market", help="市场 · the market")]
ByWhom = Annotated[str, typer.Option("--by", metavar="WHO", help="何人 · who does so")]


def files_of(name: str) -> dict[str, str]:
    """The files of a shipped pack, a folder, or a version kept in the house: `cn@2025-09-05`.

    :raises PackNotReadable: if the folder cannot be read as a pack
    :raises VersionUnknown: if no such version is kept
    """
    from xiaobao.promises.packs import SHIPPED, read_files

    market, at_sign, version = name.partition("@")
    if not at_sign or (SHIPPED / name).is_dir() or "/" in name:
        return read_files(name)
    open_for_command()
    from xiaobao.promises import queries

    return queries.pack_files(queries.version_named(market, version, at=now()).pack_id)


def read(name: str) -> tuple[Pack, list[Finding]]:
    from xiaobao.promises.rules.lint import lint_pack

    return lint_pack(files_of(name))


def moment_at(at: datetime | None) -> datetime:
    return now() if at is None else at


def words_given(words: str) -> str:
    """:raises typer.BadParameter: for words that say nothing"""
    if not words.strip():
        raise typer.BadParameter(say(zh="写上文字", en="write some words"))
    return words
