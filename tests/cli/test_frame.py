"""The frame of the command line: help, languages, endings and their status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from enum import IntEnum
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
import pytest
import typer

from xiaobao import __version__
from xiaobao.cli import main, output
from xiaobao.cli.commands import COMMANDS, Entry
from xiaobao.cli.house import moment_from, without_password
from xiaobao.cli.progress import progress
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XIAOBAO_LANG", "en")
    yield
    output.choose_language("en")


class DoorShut(Problem):
    code = "door_shut"
    zh = "门 {door} 关着；请敲门"
    en = "door {door} is shut; knock"


def a_command_that(does: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """`xiaobao doctor` becomes a command that does this."""
    app = typer.Typer()

    @app.command()
    def it(*, as_json: output.Json = False) -> None:
        does()

    module = ModuleType("xiaobao.cli.tried")
    module.app = app  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(COMMANDS, "doctor", Entry("tried", "试", "try", is_group=False))


def raises(trouble: BaseException) -> Callable[[], object]:
    def it() -> None:
        raise trouble

    return it


def test_help_lists_every_command_in_the_language_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main.run_command(["--help"]) == 0
    english = capsys.readouterr().out
    assert main.run_command(["--lang", "zh", "--help"]) == 0
    chinese = capsys.readouterr().out
    for name in COMMANDS:
        assert name in english
        assert name in chinese
    assert "bring real orders in" in english
    assert "导入真实订单" in chinese


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["nokind"], "没有命令 nokind", "No such command 'nokind'."),
        (["imprt"], "没有命令 imprt；相近的有：'import'",
         "No such command 'imprt'. Did you mean 'import'?"),
        ([], "须写明命令", "Missing command."),
        (["doctor", "x"], "多出了参数：x", "Got unexpected extra argument(s) (x)"),
        (["doctor", "--bogus"], "没有选项 --bogus", "No such option: --bogus"),
        (["doctor", "--json=1"], "选项 '--json' 不带值", "Option '--json' does not take a value."),
        (["import", "orders"], "须给出参数 'FILE'。", "Missing argument 'FILE'."),
        (["import", "shopify", "x"], "须给出选项 '--seller'。", "Missing option '--seller'."),
        (["import", "orders", "x", "--market"], "选项 '--market' 须带一个值",
         "Option '--market' requires an argument."),
        (["import", "orders", "x", "--workers", "two"], "'--workers' 的值不可用：应为整数",
         "Invalid value for '--workers': Input should be a valid integer, unable to parse "  # noqa: ISC004
         "string as an integer"),
        (["import", "orders", "x", "--workers", "0"], "'--workers' 的值不可用：至少为 1",
         "Invalid value for '--workers': Input should be greater than or equal to 1"),
        (["import", "orders", "x", "--workers", "33"], "'--workers' 的值不可用：至多为 32",
         "Invalid value for '--workers': Input should be less than or equal to 32"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_told_in_the_language_asked_for(
    arguments: list[str], zh: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for language, head, words in (("zh", "错误：", zh), ("en", "Error: ", en)):
        assert main.run_command(["--lang", language, *arguments]) == 2
        out, said = capsys.readouterr()
        assert (out, said.splitlines()[-1]) == ("", head + words)


def test_every_help_has_its_headings_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    for name, entry in COMMANDS.items():
        assert main.run_command(["--lang", "zh", name, "--help"]) == 0
        told = capsys.readouterr().out
        assert told.startswith(f"用法：xiaobao {name} [选项]")
        assert ("\n命令:\n" in told) is entry.is_group
        assert "显示本说明" in told
        for english in ("Usage", "Options:", "Commands:", "Arguments:", "[required]", "default:"):
            assert english not in told, (name, english)


def test_help_loads_neither_django_nor_arrow() -> None:
    look = """
import sys
from xiaobao.cli.main import run_command
run_command(["--help"])
print([name for name in ("django", "pyarrow", "psycopg", "numpy") if name in sys.modules])
"""
    told = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "[]"


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run_command(["--version"]) == 0
    assert capsys.readouterr().out == f"xiaobao {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["--lang", "fr", "doctor"],
        ["import"],
        ["import", "nonsense"],
        ["import", "orders"],
        ["import", "olist", ".", "--pack", "none"],
        ["doctor", "--nonsense"],
        ["doctor", "nonsense"],
    ],
)
def test_what_cannot_be_understood_ends_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.run_command(arguments) == 2


@pytest.mark.parametrize(("lang", "words"), [("en", "knock"), ("zh", "敲门")])
def test_a_problem_is_one_message_and_ends_with_1(
    lang: str,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    a_command_that(raises(DoorShut(door=7)), monkeypatch)
    assert main.run_command(["--lang", lang, "doctor"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert words in told.err
    assert told.err.count("\n") == 1
    assert main.run_command([f"--lang={lang}", "doctor", "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["code"], answer["door"], answer["status"]) == ("door_shut", 7, 409)
    assert answer["title"] == {"en": "door 7 is shut; knock", "zh": "门 7 关着；请敲门"}


def test_ctrl_c_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    a_command_that(raises(KeyboardInterrupt()), monkeypatch)
    assert main.run_command(["doctor"]) == 130
    assert "run the same command again to go on" in capsys.readouterr().err


def test_a_status_of_its_own_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    a_command_that(raises(typer.Exit(1)), monkeypatch)
    assert main.run_command(["doctor"]) == 1
    a_command_that(raises(typer.BadParameter("no")), monkeypatch)
    assert main.run_command(["doctor"]) == 2


def test_a_bug_is_told_in_a_file_and_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XIAOBAO_HOME", str(tmp_path / "家 new"))
    a_command_that(raises(ZeroDivisionError("by us")), monkeypatch)
    assert main.run_command(["doctor", "--json"]) == 1
    told = capsys.readouterr()
    [file] = (tmp_path / "家 new").glob("crash-*.log")
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(told.out)["file"] == str(file)
    assert told.err.count("\n") == 1
    assert "Traceback" not in told.err
    assert "ZeroDivisionError: by us" in file.read_text()


def test_a_bug_is_told_where_the_home_may_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XIAOBAO_HOME", str(tmp_path / "file"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    a_command_that(raises(ZeroDivisionError("by us")), monkeypatch)
    assert main.run_command(["doctor"]) == 1
    [file] = tmp_path.glob("crash-*.log")
    assert str(file) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (psycopg.OperationalError("gone"), "database_unreachable"),
        (psycopg.errors.AdminShutdown("gone"), "database_unreachable"),
        (psycopg.errors.InsufficientPrivilege("no"), "database_privilege_missing"),
        (psycopg.errors.UniqueViolation("ours"), "crashed"),
    ],
)
def test_trouble_with_the_database_is_told_apart_from_bugs(
    trouble: Exception,
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("XIAOBAO_HOME", str(tmp_path))
    a_command_that(raises(trouble), monkeypatch)
    assert main.run_command(["doctor", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["code"] == code


def ran(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from xiaobao.cli.main import main; main()", *arguments],
        capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://secret@host/db", "database_url_unreadable"),
        ("postgresql://u:secret@127.0.0.1:1/db", "database_unreachable"),
        ("postgresql://u:secret@[bad/db", "database_url_unreadable"),
    ],
)
def test_a_database_url_that_leads_nowhere_is_told_without_its_password(
    url: str, code: str
) -> None:
    done = ran("doctor", "--json", DATABASE_URL=url)
    assert done.returncode == 1
    assert json.loads(done.stdout)["code"] == code
    assert "DATABASE_URL" in done.stderr
    assert "secret" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_home_that_may_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = ran("doctor", XIAOBAO_HOME=str(tmp_path / "file" / "home"))
    assert done.returncode == 1
    assert "XIAOBAO_HOME" in done.stderr
    assert "Traceback" not in done.stderr


def test_passwords_are_left_out_of_addresses() -> None:
    shown = without_password("postgresql://u:secret@h:5432/d?sslpassword=other")
    assert shown == "user=u dbname=d host=h port=5432"
    assert without_password("nonsense://") == "DATABASE_URL"


@pytest.mark.parametrize(
    ("variables", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "XIAOBAO_LANG": "zh"}, "zh"),
    ],
)
def test_the_language_comes_from_the_environment(
    variables: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XIAOBAO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert output.choose_language() == spoken
    assert output.choose_language("zh") == "zh"


class Colour(IntEnum):
    DARK_RED = 1


def test_json_has_one_form(capsys: pytest.CaptureFixture[str]) -> None:
    told: dict[Any, Any] = {
        "b": np.array([1, 2]),
        "a": Colour.DARK_RED,
        Colour.DARK_RED: datetime(2026, 1, 1, 8, 30, tzinfo=UTC),
        "n": None,
        "words": "保证金",
        "whole": np.int64(3),
    }
    output.print_json(told)
    assert json.loads(capsys.readouterr().out) == {
        "a": "dark_red", "b": [1, 2], "dark_red": "2026-01-01T08:30:00Z", "n": None,
        "whole": 3, "words": "保证金",
    }  # fmt: skip
    assert output.moment_of_us(1_500_000) == "1970-01-01T00:00:01.500000Z"
    assert output.money(-123450, "CNY") == "-¥1,234.50"


def test_tables_print_text_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_table(["name", "sum"], [["[bold]shop", "¥1.00"], ["店铺", "¥1,234.50"]])
    output.print_pairs([("[x]", "[y]")])
    told = capsys.readouterr().out
    assert "[bold]shop" in told
    assert "│     ¥1.00 │" in told
    assert "[x] [y]" in told.replace("  ", " ")


def test_progress_is_plain_lines_away_from_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress("reading") as tell:
        for done in range(1001):
            tell(done, 1000, "rows")
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "reading: 1000/1000 rows\n"


@pytest.mark.parametrize("text", ["2018-12-31", "2018-12-31T00:00:00", "soon", "", "2018-13-01Z"])
def test_a_time_without_its_zone_is_not_understood(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="zone"):
        moment_from(text)


def test_a_time_is_read_with_its_zone() -> None:
    expected = datetime(2018, 12, 31, tzinfo=UTC)
    assert moment_from("2018-12-31T00:00:00Z") == expected
    assert moment_from("2018-12-31T08:00:00+08:00") == expected
