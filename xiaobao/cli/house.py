"""What every command does first: open the house, read the clock, understand a time given."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from xiaobao.cli.output import note, say


def open_for_command() -> str:
    """Start or find the database, bring it up to date, and say on stderr where it is.

    :raises xiaobao.database.opening.DatabaseNotUsable: see `xiaobao.cli.ending` for what is said
    """
    from xiaobao.database.opening import open_house

    open_house()
    place = database_place()
    note(say(zh=f"数据库：{place}", en=f"database: {place}"))
    return place


def database_place() -> str:
    """Where the database is, as a person may see it: without a password."""
    from xiaobao.database.connections import database_url, is_embedded
    from xiaobao.database.places import places

    if is_embedded():
        home = places().home
        return say(zh=f"内置 PostgreSQL，位于 {home}", en=f"embedded PostgreSQL in {home}")
    return without_password(database_url())


def without_password(url: str) -> str:
    """The address of a database, or nothing of it where it cannot be read."""
    import psycopg
    from psycopg import conninfo

    try:
        parts = conninfo.conninfo_to_dict(url)
    except psycopg.Error:
        return "DATABASE_URL"
    shown = {k: v for k, v in parts.items() if k in ("user", "host", "port", "dbname")}
    return " ".join(f"{name}={value}" for name, value in shown.items())


def now() -> datetime:
    """The wall clock; below the doors time is an argument."""
    return datetime.now(tz=UTC)  # noqa: TID251  doors read the clock


def moment_from(text: str) -> datetime:
    """A time with its zone, as RFC 3339 writes it.

    :raises typer.BadParameter: where it is no time, or has no zone
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise typer.BadParameter(
            say(
                zh=f"{text!r} 不是带时区的时间；请写成 2018-12-31T00:00:00Z",
                en=f"{text!r} is not a time with a zone; write it like 2018-12-31T00:00:00Z",
            )
        )
    return moment.astimezone(UTC)


# An option that is a moment: `until: Moment = None`. Never `Moment | None`: typer looks in the
# outermost Annotated alone, and would read the text by itself, zone or no zone.
Moment = Annotated[
    datetime | None,
    typer.Option(parser=moment_from, metavar="TIME", help="2018-12-31T00:00:00Z"),
]
