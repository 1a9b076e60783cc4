"""One word per idea: the glossary is law, in names and in what people read."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.house.sources import REPOSITORY, modules, name_of, project_files, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORDS = REPOSITORY / "docs" / "words.md"
# Rooms that speak the outside's own words beside ours.
OUTSIDE = {"gateways"}
NAMELESS = {
    "manager", "handler", "helper", "helpers", "processor", "info", "util", "utils", "misc",
    "perform", "merchant", "vendor", "collateral", "clawback",
}  # fmt: skip


def glossary() -> list[tuple[str, str, list[str]]]:
    """Rows of the glossary: Chinese, English, and the Chinese words not to be used for it."""
    rows = []
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 4 and not set(cells[0]) <= set("-: ") and cells[0] != "中文":
            rows.append((cells[0], cells[1], [word for word in cells[3].split("、") if word]))
    return rows


def test_one_word_per_idea() -> None:
    chinese = [zh for zh, _, _ in glossary()]
    english = [en for _, en, _ in glossary()]
    assert len(chinese) > 40
    assert len(chinese) == len(set(chinese))
    assert len(english) == len(set(english))
    shunned = {word for _, _, words in glossary() for word in words}
    assert shunned & set(chinese) == set()


def _strings(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_people_read_the_glossarys_words() -> None:
    shunned = {word: zh for zh, _, words in glossary() for word in words}
    found = [
        f"{name_of(path)}:{line} says {word}, not {zh}"
        for path in modules()
        if name_of(path).split(".")[1:2] != ["gateways"]
        for line, text in _strings(path)
        for word, zh in shunned.items()
        if word in text
    ]
    assert found == []


def _names(path: Path) -> Iterator[str]:
    yield path.stem
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _words(name: str) -> set[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return set(spaced.lower().split("_"))


def test_names_say_what_they_are() -> None:
    found = [
        f"{name_of(path)}: {name}"
        for path in modules()
        if not OUTSIDE & set(name_of(path).split(".")[1:2])
        for name in _names(path)
        if NAMELESS & _words(name)
    ]
    assert found == []


def test_the_words_of_ideas_that_are_built_are_in_the_code() -> None:
    text = " ".join(path.read_text(encoding="utf-8").lower() for path in modules())
    built = [
        "deposit", "available", "locked", "debt", "advance", "recovery", "guarantee fund",
        "promise", "term", "breach", "shortfall", "top-up", "covered item", "posting", "hold",
    ]  # fmt: skip
    known = {en for _, en, _ in glossary()}
    assert [word for word in built if word not in known] == []
    assert [word for word in built if word not in text] == []


# Built from parts, so that this file does not hold what it looks for.
FORBIDDEN = [
    "TO" + "DO", "FIX" + "ME", "X" + "XX", "Not" + "ImplementedError", "/ro" + "ot/",
    "/wo" + "rk/", "pytest.mark.sk" + "ip(", "noqa\n", "type: ignore\n", "pdb.set_" + "trace",
]  # fmt: skip
GENERATED = {"uv.lock", "LICENSE"}


@pytest.mark.parametrize("word", FORBIDDEN)
def test_nothing_unfinished_and_no_machines_own_path(word: str) -> None:
    found = [
        path.relative_to(REPOSITORY).as_posix()
        for path in project_files()
        if path.name not in GENERATED
        and path.suffix in {".py", ".md", ".toml", ".yaml", ".csv", ""}
        and re.search(
            r"(?<![A-Za-z])" + re.escape(word),
            path.read_text(encoding="utf-8", errors="replace") + "\n",
        )
    ]
    assert found == []


def test_no_large_file_is_kept_here() -> None:
    large = [p.name for p in project_files() if p.stat().st_size > 1_000_000]
    assert large == []
