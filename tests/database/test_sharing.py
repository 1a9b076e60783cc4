"""One server for everybody who shares a home, gone when nobody does."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import psycopg

from tests.database.homes import COUNT, HOLD, OPEN, WRITE_ONE, Home, end, until
from xiaobao.database.embedded import EmbeddedServer

if TYPE_CHECKING:
    from pathlib import Path


def test_a_second_process_shares_the_server_of_the_first(home: Home) -> None:
    first = home.hold()
    server = home.server()
    assert server is not None
    second = home.hold()
    again = home.server()
    assert again is not None
    assert again.pid == server.pid
    assert home.starts() == 1
    assert len(home.keepers()) == 1
    end(first)
    end(second)
    assert home.server() is not None


def test_six_first_starts_at_once_make_one_cluster(home: Home) -> None:
    starting = [home.start(HOLD) for _ in range(6)]
    urls = {process.stdout.readline() for process in starting if process.stdout is not None}
    assert len(urls) == 1
    assert home.starts() == 1
    assert len(home.keepers()) == 1
    assert [p.name for p in home.path.iterdir() if "making" in p.name] == []
    for process in starting:
        end(process)


def test_it_stops_when_idle_and_keeps_what_was_committed(home: Home) -> None:
    home.idle_seconds = 0.2
    holder = home.hold()
    home.run(WRITE_ONE)
    time.sleep(1)
    assert home.server() is not None, "somebody still holds it"
    end(holder)
    until(lambda: home.server() is None)
    until(lambda: not home.keepers())
    assert home.run(COUNT) == "(1, 1)"


def test_commands_one_after_another_meet_no_half_stopped_server(home: Home) -> None:
    home.idle_seconds = 0.0
    for count in range(1, 5):
        home.run(WRITE_ONE)
        assert home.run(COUNT) == f"({count}, {count})"


def test_a_person_connected_by_the_url_alone_is_not_cut_off(home: Home) -> None:
    home.idle_seconds = 0.2
    holder = home.hold()
    with psycopg.connect(EmbeddedServer(home.where).url, autocommit=True) as person:
        end(holder)
        time.sleep(3)
        assert person.execute("SELECT 1").fetchone() == (1,)
    until(lambda: home.server() is None)


def test_a_forked_child_holds_the_server_for_its_parent(home: Home) -> None:
    home.idle_seconds = 0.2
    code = OPEN + "import os, time\nif os.fork() == 0:\n time.sleep(3); os._exit(0)\nos._exit(0)"
    process = home.start(code)
    process.wait(60)
    time.sleep(1.5)
    assert home.server() is not None
    process.communicate()
    until(lambda: home.server() is None)


def test_a_path_with_blanks_and_chinese_serves(folder: Path) -> None:
    home = Home(folder / "我的 消保 数据 (旧) 'b' & c; #%41")
    try:
        home.run(WRITE_ONE)
        assert home.run(COUNT) == "(1, 1)"
    finally:
        home.close()


def test_a_path_that_a_shell_would_misread_is_refused_as_root(folder: Path) -> None:
    home = Home(folder / 'a "quoted" $HOME')
    try:
        if os.geteuid() == 0:
            assert "Set another XIAOBAO_HOME" in home.refusal()
        else:
            home.run(WRITE_ONE)
    finally:
        home.close()


def test_a_path_of_three_hundred_letters_serves(folder: Path) -> None:
    home = Home(folder / ("a" * 150) / ("b" * 150) / "home")
    try:
        assert len(os.fsencode(home.path)) > 300
        home.run(WRITE_ONE)
        assert home.run(COUNT) == "(1, 1)"
    finally:
        home.close()


def test_one_home_under_two_names_is_one_home(home: Home, folder: Path) -> None:
    holder = home.hold()
    other_name = folder / "another-name"
    other_name.symlink_to(home.path)
    assert home.run(WRITE_ONE, XIAOBAO_HOME=str(other_name)) == ""
    assert home.starts() == 1
    end(holder)


def test_settings_of_other_postgres_programs_do_not_reach_it(home: Home) -> None:
    strange = {
        "PGPORT": "6000", "PGHOST": "nowhere.example", "PGDATA": "/nowhere", "PGUSER": "nobody",
        "PGDATABASE": "none", "PGSSLMODE": "require", "TMPDIR": str(home.path.parent),
        "LC_ALL": "C", "TZ": "Asia/Shanghai",
    }  # fmt: skip
    home.run(WRITE_ONE, **strange)
    assert home.run(COUNT) == "(1, 1)"
    assert home.starts() == 1
