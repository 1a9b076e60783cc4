"""The commands the README names are there, and its two languages say the same."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.house.sources import REPOSITORY

READMES = ("README.md", "README.zh-CN.md")


def read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("name", [*READMES, "AGENTS.md", ".ci/run", "docs/database.md"])
def test_every_make_target_named_is_in_the_makefile(name: str) -> None:
    named = set(re.findall(r"`make ([a-z]+)|^ *(?:\$ )?make ([a-z]+)$", read(name), re.MULTILINE))
    flat = {one or other for one, other in named}
    assert flat <= targets(), flat - targets()


@pytest.mark.parametrize("name", READMES)
def test_the_two_commands_are_named(name: str) -> None:
    assert "make demo" in read(name)
    assert "make test" in read(name)


@pytest.mark.parametrize("name", READMES)
def test_every_command_of_xiaobao_named_is_there(name: str) -> None:
    from xiaobao.cli.commands import COMMANDS

    named = set(re.findall(r"xiaobao ([a-z]+)", read(name)))
    assert named - {"demo"} <= set(COMMANDS), named - set(COMMANDS)
    assert named


def _shape(text: str) -> list[str]:
    """Headings' depths and the commands in fences: what must be alike in both languages."""
    fenced = re.findall(r"```(?:bash|sh|console)\n(.*?)```", text, re.DOTALL)
    lines = [line for block in fenced for line in block.splitlines()]
    commands = [re.sub(r"\s+#.*", "", line).strip() for line in lines if line.strip()]
    return re.findall(r"^#+", text, re.MULTILINE) + commands


def test_both_languages_have_the_same_parts_and_commands() -> None:
    assert _shape(read("README.md")) == _shape(read("README.zh-CN.md"))


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "AGENTS.md", "NOTICE"])
def test_every_file_named_in_a_link_is_there(name: str) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", read(name)):
        assert (REPOSITORY / link).exists(), link


def test_every_decision_has_its_parts_and_number() -> None:
    records = sorted((REPOSITORY / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    for path in records:
        text = path.read_text(encoding="utf-8")
        for part in ("Context", "Decision", "Consequences", "Alternatives", "Enforced by"):
            assert f"## {part}\n" in text, f"{path.name} lacks {part}"


def test_every_runtime_dependency_is_decided() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    names = {re.split(r"[<>=!\[; ]", one, maxsplit=1)[0] for one in project["dependencies"]}
    text = read("docs/decisions/0009-runtime-dependencies.md")
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []


def test_changelog_entries_are_named_for_their_kind() -> None:
    kinds = {"added", "changed", "fixed", "removed", "breaking"}
    entries = [p for p in (REPOSITORY / "changelog.d").glob("*.md") if p.name != "README.md"]
    assert entries
    assert {path.suffixes[-2].lstrip(".") for path in entries} <= kinds
