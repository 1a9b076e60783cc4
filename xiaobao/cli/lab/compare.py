"""`xiaobao lab compare`: a pack tried on all of history, beside the one that was in force."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003  typer looks it up
from pathlib import Path  # noqa: TC003  typer looks it up
from typing import Annotated, Any

import typer

from xiaobao.cli.house import Moment, moment_from, now, open_for_command
from xiaobao.cli.lab.naming import Lake, MarketName, market_of
from xiaobao.cli.lab.summary import print_summary
from xiaobao.cli.output import Json, note, print_json, say
from xiaobao.cli.policy.naming import ByWhom  # noqa: TC001  typer looks it up
from xiaobao.cli.progress import Tell, progress

PACK = "规则包：文件夹、随附名称或已发布的“名称@版本” · a folder, a shipped name, or name@version"


def compare(
    *,
    pack: Annotated[str, typer.Option(metavar="NEW", help=PACK)],
    against: Annotated[
        str | None,
        typer.Option(metavar="OLD", help="与谁比；默认当时有效的 · default: what was in force"),
    ] = None,
    since: Moment = None,
    until: Moment = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            parser=moment_from,
            metavar="TIME",
            help="当作两个规则包在此刻前后所说一直如此 · as if what both packs say around this "
            "moment had always held",
        ),
    ] = None,
    lake: Lake = None,
    market: MarketName = None,
    engine: Annotated[
        str, typer.Option(metavar="local|spark", help="在哪里算 · where it is reckoned")
    ] = "local",
    spark: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Spark Connect，如 sc://host · a Spark Connect server"),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="另写一页报告 · also write the report as one page"),
    ] = None,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="留存，规则工作台可见 · keep it, for the desk of policy"),
    ] = False,
    by: ByWhom = "operator",
    as_json: Json = False,
) -> None:
    """在全部历史上试一个规则包：哪些结果改变、钱怎么动、作弊还合算吗

    Try a pack on all of history: which outcomes change, how money moves, does cheating pay.
    """
    from xiaobao.kernel.clocks import us_of
    from xiaobao.lab.comparing import ENGINES, Asked

    if engine not in ENGINES:
        raise typer.BadParameter(f"{engine!r}: {' | '.join(ENGINES)}", param_hint="--engine")
    asked = Asked(
        new=pack, old=against,
        since_us=None if since is None else us_of(since),
        until_us=None if until is None else us_of(until),
        as_of_us=None if as_of is None else us_of(as_of),
        engine=engine, spark=spark,
    )  # fmt: skip
    with progress(say(zh="回放", en="replaying")) as tell:
        found = _found(asked, lake, market, tell)
    if html is not None:
        write_page(html, found)
    if keep:
        _keep(found, engine, by)
    if as_json:
        print_json(found)
    else:
        print_summary(found)


def write_page(path: Path, found: dict[str, Any]) -> None:
    from xiaobao.lab.reports.page import page_of

    try:
        path.write_text(page_of(found), encoding="utf-8")
    except OSError as trouble:
        why = trouble.strerror or str(trouble)
        raise typer.BadParameter(f"{path}: {why}", param_hint="--html") from trouble
    note(say(zh=f"报告写在 {path}", en=f"the report is in {path}"))


def _keep(found: dict[str, Any], engine: str, by: str) -> None:
    open_for_command()
    from xiaobao.work import comparisons

    kept = comparisons.keep(found, engine=engine, by=by, at=now())
    note(say(zh=f"已留存：{kept.comparison}", en=f"kept as {kept.comparison}"))


def _found(asked: Any, lake: Path | None, market: str | None, tell: Tell) -> dict[str, Any]:
    from xiaobao.lab.comparing import compare as compared
    from xiaobao.lab.history import lake as lakes

    if lake is not None:
        return compared(lakes.Lake(lake), asked, progress=tell)
    from xiaobao.database.sets import one_snapshot
    from xiaobao.lab.history.stored import StoredHistory

    open_for_command()
    name = market_of(market)
    with one_snapshot():
        return compared(StoredHistory.of_size(name), asked, progress=tell)
