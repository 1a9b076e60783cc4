"""How a command ends when it could not do its work: one clear message, the fix, a status."""

from __future__ import annotations

import os
import tempfile
import traceback
from pathlib import Path
from typing import ClassVar

from xiaobao import __version__
from xiaobao.cli.house import database_place, now
from xiaobao.cli.output import language, note, print_json, say
from xiaobao.kernel.problems import Problem

REFUSED = 1
STOPPED = 130


class DatabaseUrlUnreadable(Problem):
    """`DATABASE_URL` is no address; it is not repeated, for it may hold a password."""

    code = "database_url_unreadable"
    status: ClassVar[int] = 503
    zh = (
        "DATABASE_URL 不是 PostgreSQL 地址；请写成 postgresql://用户:密码@主机:5432/库名，"
        "或不设置它以使用内置数据库"
    )
    en = (
        "DATABASE_URL is not the address of a PostgreSQL database; write it like "
        "postgresql://user:password@host:5432/name, or unset it to use the embedded one"
    )


class DatabasePrivilegeMissing(Problem):
    """The user of `DATABASE_URL` may not do what migrations need."""

    code = "database_privilege_missing"
    status: ClassVar[int] = 503
    zh = "数据库用户权限不足（{place}）：{said}。DATABASE_URL 的用户需要能建表、建角色"
    en = (
        "the database user lacks a privilege ({place}): {said}. The user of DATABASE_URL must "
        "be able to create tables and roles"
    )


class DatabaseUnreachable(Problem):
    """The database does not answer, or stopped answering."""

    code = "database_unreachable"
    status: ClassVar[int] = 503
    zh = (
        "无法使用数据库（{place}）：{said}。请检查服务器与 DATABASE_URL，"
        "或不设置它以使用内置数据库。已提交的内容不会丢失"
    )
    en = (
        "cannot use the database ({place}): {said}. Check the server and DATABASE_URL, or unset "
        "it to use the embedded one. What was committed is kept"
    )


class Crashed(Problem):
    """A bug of ours; the transaction was rolled back."""

    code = "crashed"
    status: ClassVar[int] = 500
    zh = "程序内部错误（{name}）；详情见 {file}"
    en = "an error inside xiaobao ({name}); the whole story is in {file}"


def end_stopped() -> int:
    """Ctrl-C: what was recorded stays, and the same command goes on from there."""
    note(
        say(
            zh="已停止；再次运行同一命令即可继续",
            en="stopped; run the same command again to go on",
        )
    )
    return STOPPED


def end(trouble: BaseException, *, as_json: bool) -> int:
    """Say what went wrong, with its fix, and return the exit status."""
    problem = trouble if isinstance(trouble, Problem) else _database_problem(trouble)
    if problem is None:
        problem = Crashed(name=type(trouble).__name__, file=_write_story(trouble))
    if as_json:
        print_json(problem.as_dict())
    words = problem.says(language())
    note(say(zh=f"未完成：{words}", en=f"not done: {words}"))
    return REFUSED


def _database_problem(trouble: BaseException) -> Problem | None:
    """The trouble as a problem of the database itself; none where it is something else."""
    import psycopg
    from django.db import DatabaseError as DjangoDatabaseError

    said = " ".join(str(trouble).split())
    cause = trouble.__cause__ if isinstance(trouble, DjangoDatabaseError) else trouble
    if isinstance(cause, psycopg.errors.InsufficientPrivilege):
        return DatabasePrivilegeMissing(place=database_place(), said=said)
    if isinstance(cause, psycopg.OperationalError):
        return DatabaseUnreachable(place=database_place(), said=said)
    return None


def _write_story(trouble: BaseException) -> Path:
    """The traceback in a file of its own, in the home or else where files may always be made."""
    from xiaobao.database.places import places

    story = "".join(traceback.format_exception(trouble))
    text = f"xiaobao {__version__}\n\n{story}"
    name = f"crash-{now():%Y%m%dT%H%M%S%fZ}.log"
    for folder in (places().home, Path(tempfile.gettempdir())):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # For its owner's eyes: what went wrong may be told with people's names in it.
            held = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(held, "w", encoding="utf-8", errors="backslashreplace") as out:
                out.write(text)
        except OSError:
            continue
        return folder / name
    note(text)
    return Path("stderr")
