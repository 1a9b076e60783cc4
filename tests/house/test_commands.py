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
# Anybody checks a shop's label on a machine of their own.
READ_BY_MACHINES = {"public/shop.html"}


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
        problem.fields = dict.fromkeys(re.findall(r"\{(\w+)", kind.zh + kind.en), "VALUE")
        for language, words in (("zh", kind.zh), ("en", kind.en)):
            shown = problem.beside(language)
            assert shown, kind
            if " --" in words or re.search(r"xiaobao [a-z]", words):
                named += 1
                assert kind.code in STAYS or not COMMAND.search(shown), (kind, shown)
    assert named >= 40


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
