"""What commands of the lab share: the market meant, and the history read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xiaobao.cli.output import say
from xiaobao.kernel.problems import Problem

MarketName = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="哪个市场（只有一个时可不写） · the market, where there are several"
    ),
]
Lake = Annotated[
    Path | None,
    typer.Option(
        "--lake", metavar="DIR",
        help="读已导出的历史，不读数据库 · read exported history instead of the database",
    ),
]  # fmt: skip


class MarketNotNamed(Problem):
    """There are several markets, or none."""

    code = "lab.market_not_named"
    status = 422
    zh = "用 --market 写明市场；已有：{markets}"
    en = "name the market with --market; there are: {markets}"


def market_of(asked: str | None) -> str:
    """The market named, or the only one there is.

    :raises MarketNotNamed: if none was named and there is not exactly one
    """
    from xiaobao.promises import queries

    if asked is not None:
        return queries.market(asked).name
    names = [market.name for market in queries.markets()]
    if len(names) != 1:
        raise MarketNotNamed(markets=", ".join(names) or say(zh="无", en="none"))
    return names[0]
