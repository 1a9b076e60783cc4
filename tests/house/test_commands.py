"""Whoever reads a page has no shell: pages name no command, and no option of one."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

from tests.house.sources import HOUSE
from xiaobao.database.opening import prepare_django
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = re.compile(r"`?\bxiaobao [a-z]|--[a-z]")
ABOUT_COMMANDS = "xiaobao.cli"
# Anybody checks what the platform signed on a machine of their own.
READ_BY_MACHINES = {"public/shop.html", "public/report.html", "web/dossier.html"}


def _problems(of: type[Problem]) -> Iterator[type[Problem]]:
    for one in of.__subclasses__():
        yield one
        yield from _problems(one)


def test_problems_on_pages_name_no_commands() -> None:
    # All that pages can meet is known once their addresses are.
    prepare_django()
    import_module("xiaobao.site.urls")
    named = 0
    for kind in set(_problems(Problem)):
        if not hasattr(kind, "zh") or kind.__module__.startswith((ABOUT_COMMANDS, "tests")):
            continue
        problem = kind.__new__(kind)
        pressed = kind.page_zh + kind.page_en
        problem.fields = dict.fromkeys(
            re.findall(r"\{(\w+)", kind.zh + kind.en + pressed), "VALUE"
        )
        for language, words in (("zh", kind.zh), ("en", kind.en)):
            shown = problem.beside(language)
            assert shown, kind
            assert bool(pressed) == (shown == _filled(kind, language)), kind
            if " --" in words or re.search(r"xiaobao [a-z]", words):
                named += 1
                assert kind.code in STAYS or not COMMAND.search(shown), (kind, shown)
    assert named >= 40


def _filled(kind: type[Problem], language: str) -> str:
    """The words for pages that the problem brings of its own, over its fields."""
    words = kind.page_zh if language == "zh" else kind.page_en
    return re.sub(r"\{\w+\}", "VALUE", words)


def test_what_is_to_be_pressed_stands_on_a_page() -> None:
    prepare_django()
    import_module("xiaobao.site.urls")
    folder = HOUSE / "web" / "templates"
    pages = "".join(path.read_text("utf-8") for path in folder.rglob("*.html"))
    named = 0
    for kind in set(_problems(Problem)):
        zh, en = (re.sub(r"['“]\{\w+\}['”]", "", w) for w in (kind.page_zh, kind.page_en))
        for label in re.findall("“([^”]+)”", zh) + re.findall("'([^']+)'", en):
            named += 1
            assert f'"{label}"' in pages, (kind, label)
    assert named >= 20


# Nobody meets these on a page.
STAYS = {"decision_unknown", "dossier_key_strange"}


def test_templates_name_no_commands() -> None:
    folder = HOUSE / "web" / "templates"
    naming = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if re.search(r"\bxiaobao [a-z]+", path.read_text("utf-8"))
    }
    assert naming == READ_BY_MACHINES
