"""The map, the problems and the client are as the code is; the plates are there to be read."""

from __future__ import annotations

import string

import pytest

from tests.house import calls, codes, plates
from tests.house.sources import HOUSE, REPOSITORY, modules, tree_of

STALE = "is stale: run `make map` and commit what it writes"


def test_the_map_is_fresh() -> None:
    assert plates.MAP.read_text(encoding="utf-8") == plates.draw_map(), f"docs/map.md {STALE}"


def test_the_list_of_problems_is_fresh() -> None:
    written = plates.PROBLEMS.read_text(encoding="utf-8")
    assert written == plates.draw_problems(), f"docs/problems.md {STALE}"


def test_the_codes_of_every_call_are_fresh() -> None:
    """What each call can be answered with, read off the acts that it does."""
    written = codes.CODES.read_text(encoding="utf-8")
    assert written == codes.draw_codes(), f"xiaobao/api/codes.toml {STALE}"


def test_the_client_is_fresh() -> None:
    drawn = calls.draw_calls()
    folders = (calls.CLIENT / "calls", calls.CLIENT / "shapes")
    there = [path for folder in folders for path in folder.glob("*.py")]
    assert {path for path in there if path.name != "__init__.py"} == set(drawn)
    stale = [path.name for path, text in drawn.items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], f"xiaobao/client {STALE}"


def test_every_room_is_on_a_floor_and_every_floor_is_built() -> None:
    named = [room for floor in plates.floors() for room in floor]
    built = [path.name for path in HOUSE.iterdir() if (path / "__init__.py").exists()]
    assert sorted(named) == sorted(built)


def test_every_file_says_what_it_holds() -> None:
    silent = [
        path.relative_to(REPOSITORY).as_posix()
        for path in modules()
        if "migrations" not in path.parts and not plates.first_line(path)
    ]
    assert silent == []


def test_a_plate_is_one_docstring_and_no_code() -> None:
    rooms = [HOUSE / room / "__init__.py" for floor in plates.floors() for room in floor]
    assert [path for path in rooms if len(tree_of(path).body) != 1] == []


def test_a_file_past_three_hundred_lines_becomes_a_package() -> None:
    long = {
        path.relative_to(REPOSITORY).as_posix(): count
        for path in modules()
        if "migrations" not in path.parts
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > 330
    }
    assert long == {}


def _fields(words: str) -> set[str]:
    """The fields of a text; one given in each language counts as one."""
    named = (field for _, field, _, _ in string.Formatter().parse(words) if field is not None)
    return {field.removesuffix("_zh").removesuffix("_en") for field in named}


def test_codes_of_problems_are_unique() -> None:
    codes = [one.code for one in plates.problems()]  # type: ignore[attr-defined]
    assert len(codes) == len(set(codes)), sorted({c for c in codes if codes.count(c) > 1})


def test_every_problem_speaks_both_languages() -> None:
    """With the same fields in both, Chinese in the Chinese and none in the English.

    A text may consist of a field that comes in each language.
    """
    for one in plates.problems():
        zh, en = one.zh, one.en  # type: ignore[attr-defined]
        assert _fields(zh) == _fields(en), one.__name__
        is_chinese = any("\u4e00" <= letter <= "\u9fff" for letter in zh)
        assert is_chinese or "_zh}" in zh, one.__name__
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in en), one.__name__
        assert 400 <= one.status < 600, one.__name__  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", [plates.MAP, plates.PROBLEMS])
def test_what_is_drawn_says_so(path: object) -> None:
    assert "Drawn by `make map`" in path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
