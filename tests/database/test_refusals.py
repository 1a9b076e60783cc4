"""What cannot be used is refused with what to do; as root, also as an ordinary account."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.database.homes import COUNT, OPEN, WRITE_ONE, Home, end, until
from tests.database.people import NOBODY, python_for_nobody
from xiaobao.database import accounts
from xiaobao.database.embedded import EmbeddedServer, idle_seconds
from xiaobao.database.opening import check_version
from xiaobao.database.places import Places
from xiaobao.database.problems import (
    DiskFull,
    HomeNotUsable,
    ServerAccountMissing,
    ServerTooOld,
    SettingNotUsable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

is_root = os.geteuid() == 0
as_root = pytest.mark.skipif(not is_root, reason="only root lends accounts and tries another")


@pytest.fixture(scope="module")
def nobodys() -> Iterator[list[str]]:
    """Outside pytest's own folder, which each run of tests closes to others again."""
    with tempfile.TemporaryDirectory(prefix="xb-nobody-") as place:
        Path(place).chmod(0o755)
        yield python_for_nobody(Path(place))


@pytest.fixture
def of_nobody(folder: Path, nobodys: list[str]) -> Iterator[Home]:
    """A home of an ordinary account, in a folder of its own."""
    os.chown(folder, NOBODY, NOBODY)
    made = Home(folder / "home", python=nobodys, more={"HOME": "/nonexistent"})
    yield made
    made.close()


@as_root
def test_an_ordinary_account_has_a_server_of_its_own(of_nobody: Home) -> None:
    of_nobody.idle_seconds = 0.2
    holder = of_nobody.hold()
    of_nobody.run(WRITE_ONE)
    server = of_nobody.server()
    assert server is not None
    assert server.uids().effective == NOBODY
    assert stat.S_IMODE(of_nobody.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(of_nobody.where.socket_directory.stat().st_mode) == 0o700
    assert not of_nobody.where.binaries.exists()
    of_nobody.kill_server()
    end(holder)
    assert of_nobody.run(COUNT) == "(1, 1)"
    until(lambda: of_nobody.server() is None)


@as_root
def test_an_ordinary_account_without_a_home_is_told_what_to_set(of_nobody: Home) -> None:
    said = of_nobody.refusal(XIAOBAO_HOME="", XDG_DATA_HOME="")
    assert "cannot use /nonexistent" in said
    assert "Set XIAOBAO_HOME to a folder you may write to" in said


@as_root
def test_a_home_that_may_only_be_read_is_refused(of_nobody: Home) -> None:
    of_nobody.path.mkdir(mode=0o555)
    said = of_nobody.refusal()
    assert f"cannot use {of_nobody.path}" in said
    assert "Permission denied" in said
    assert list(of_nobody.path.iterdir()) == []


@as_root
def test_roots_home_is_refused_to_others_and_theirs_to_root(
    folder: Path, nobodys: list[str]
) -> None:
    home = Home(folder / "home")
    try:
        home.run(WRITE_ONE)
        theirs = Home(home.path, python=nobodys)
        assert "belongs to root. Run as that account" in theirs.refusal()
        assert home.run(COUNT) == "(1, 1)"
        EmbeddedServer(home.where).stop()
        os.chown(home.where.cluster, NOBODY, NOBODY)
        assert "belongs to nobody. Run as that account" in home.refusal()
    finally:
        home.close()


@as_root
def test_root_opens_only_the_way_and_says_so(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    home = Home(closed / "home")
    try:
        with home.start(WRITE_ONE) as process:
            _, said = process.communicate()
        assert process.returncode == 0, said
        words = f"let account xiaobao-db pass through (chmod o+x) {closed}"
        assert said.count(words) == 1
        assert stat.S_IMODE(closed.stat().st_mode) == 0o701
        assert stat.S_IMODE(home.path.stat().st_mode) == 0o701
        with home.start(COUNT) as process:
            out, said = process.communicate()
        assert (out.strip(), said) == ("(1, 1)", "")
    finally:
        home.close()


def test_a_folder_of_sockets_laid_by_somebody_else_is_refused(folder: Path) -> None:
    home = Home(folder / ("c" * 120))
    sockets = home.where.socket_directory
    assert not sockets.is_relative_to(home.path)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    sockets.symlink_to(elsewhere)
    try:
        assert "belongs to" in home.refusal()
        assert list(elsewhere.iterdir()) == []
    finally:
        sockets.unlink()
        home.close()


def test_a_home_of_another_major_version_is_refused(home: Home) -> None:
    home.run(WRITE_ONE)
    EmbeddedServer(home.where).stop()
    (home.where.cluster / "PG_VERSION").write_text("15\n")
    said = home.refusal()
    assert "was made by PostgreSQL 15, and 18 is installed" in said


def test_a_file_where_the_home_should_be_is_refused(folder: Path) -> None:
    (folder / "file").write_text("")
    with pytest.raises(HomeNotUsable) as refused:
        EmbeddedServer(Places(folder / "file")).ensure_running()
    assert "file" in refused.value.says("zh")


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_full_disk_is_refused_before_anything_is_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 5_000_000))
    server = EmbeddedServer(Places(folder / "home"))
    with pytest.raises(DiskFull) as refused:
        server.ensure_running()
    server.let_go()
    assert refused.value.fields["free_mb"] == 5
    assert refused.value.fields["needed_mb"] == 160
    assert not (folder / "home" / "postgres").exists()


@pytest.mark.parametrize("text", ["soon", "-1", "nan", "inf"])
def test_idle_seconds_that_are_no_number_are_refused(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIAOBAO_IDLE_SECONDS", text)
    with pytest.raises(SettingNotUsable) as refused:
        idle_seconds()
    assert "XIAOBAO_IDLE_SECONDS" in refused.value.says("zh")


def test_a_machine_without_account_tools_says_what_to_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(name: str) -> Any:
        raise KeyError(name)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", unknown)
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(ServerAccountMissing) as refused:
        accounts.server_account()
    assert "useradd --system --no-create-home xiaobao-db" in refused.value.says("en")
    assert "useradd --system --no-create-home xiaobao-db" in refused.value.says("zh")


def test_a_server_older_than_sixteen_is_refused() -> None:
    check_version(160_000)
    check_version(180_004)
    with pytest.raises(ServerTooOld) as refused:
        check_version(150_013)
    assert "PostgreSQL 15 is too old: 16 or newer" in refused.value.says("en")
    assert "PostgreSQL 15 太旧" in refused.value.says("zh")


def test_a_place_is_set_by_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from xiaobao.database.places import home

    monkeypatch.chdir(folder)
    monkeypatch.setenv("XIAOBAO_HOME", "relative/one")
    assert home() == folder.resolve() / "relative" / "one"
    monkeypatch.setenv("XIAOBAO_HOME", "")
    assert home().name == "xiaobao"
    assert OPEN
