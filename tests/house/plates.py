"""Draw the API's codes, the client's calls, docs/map.md and docs/problems.md: `make map`."""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import sys
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
HOUSE = REPOSITORY / "xiaobao"
MAP = REPOSITORY / "docs" / "map.md"
PROBLEMS = REPOSITORY / "docs" / "problems.md"
# The order in which a room is read.
FILES = ("facts", "terms", "rules", "models", "store", "queries", "acts")
SIDES = {"migrations", "packs"}


def floors() -> list[list[str]]:
    """The rooms, top floor first, as the contract in pyproject.toml has them."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = [
        one
        for one in settings["tool"]["importlinter"]["contracts"]
        if one.get("containers") == ["xiaobao"]
    ]
    return [floor.split(" | ") for floor in contract["layers"]]


def first_line(path: Path) -> str:
    """The first line of a file's docstring: what it is, in one sentence."""
    words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    return (words or "").split("\n", 1)[0]


def parts(folder: Path) -> list[Path]:
    """The files of a room or of a package in it, each with its own packages' files after it."""

    def place(path: Path) -> tuple[int, str]:
        known = FILES.index(path.stem) if path.stem in FILES else -1
        return known, path.stem

    found = []
    for path in sorted(folder.iterdir(), key=place):
        if path.name in SIDES or path.name.startswith(("_", ".")):
            continue
        if path.suffix == ".py":
            found.append(path)
        elif (path / "__init__.py").exists():
            found += [path / "__init__.py", *parts(path)]
    return found


def draw_map() -> str:
    lines = [
        "# The map",
        "",
        "Drawn by `make map` from the first line of each docstring; do not edit by hand.",
        "A room leans only on rooms further down.",
        "",
        "| room | what it is |",
        "|---|---|",
    ]
    rooms = [room for floor in floors() for room in floor]
    lines += [f"| [`{r}`](#{r}) | {first_line(HOUSE / r / '__init__.py')} |" for r in rooms]
    for room in rooms:
        lines += ["", f"## {room}", "", first_line(HOUSE / room / "__init__.py"), ""]
        lines += ["| file | holds |", "|---|---|"]
        for path in parts(HOUSE / room):
            name = path.relative_to(HOUSE / room).as_posix().removesuffix("/__init__.py")
            shown = name if name.endswith(".py") else f"{name}/"
            lines.append(f"| `{shown}` | {first_line(path)} |")
    return "\n".join(lines) + "\n"


def import_everything() -> None:
    """Import every module of the house, so that every problem is known."""
    from xiaobao.database.opening import prepare_django

    prepare_django()
    import xiaobao

    for module in pkgutil.walk_packages(xiaobao.__path__, "xiaobao."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)


def problems() -> list[type]:
    """Every problem that can be raised, by code."""
    import_everything()
    from xiaobao.kernel.problems import Problem

    found: list[type[Problem]] = []
    waiting: list[type[Problem]] = [Problem]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += [one for one in below if one.__module__.startswith("xiaobao.")]
        waiting += below
    return sorted({one for one in found if hasattr(one, "code")}, key=lambda one: one.code)


def draw_problems() -> str:
    lines = [
        "# Problems",
        "",
        "Drawn by `make map`; do not edit by hand. A problem means: the act cannot be done now.",
        "The code is stable; a door answers with the status, and the words say what to do.",
        "",
        "| code | status | raised in | 中文 | English |",
        "|---|---|---|---|---|",
    ]
    for one in problems():
        room = one.__module__.split(".")[1]
        cells = (f"`{one.code}`", one.status, f"`{room}`", one.zh, one.en)  # type: ignore[attr-defined]
        lines.append("| " + " | ".join(_cell(str(cell)) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiaobao.site.settings")
    sys.path.insert(0, str(REPOSITORY))
    from tests.house.calls import write_calls
    from tests.house.codes import CODES, draw_codes

    import_everything()
    # The description is drawn from the codes, and the client from the description.
    CODES.write_text(draw_codes(), encoding="utf-8")
    write_calls()
    MAP.write_text(draw_map(), encoding="utf-8")
    PROBLEMS.write_text(draw_problems(), encoding="utf-8")
    sys.stdout.write(
        "xiaobao/client, xiaobao/api/codes.toml, docs/map.md and docs/problems.md are drawn\n"
    )
