"""Who may know whom, beyond what import-linter can say."""

from __future__ import annotations

import ast

from tests.house import plates
from tests.house.sources import imports_of, modules, name_of, tree_of

DOORS = {"web", "cli", "api", "work", "site"}
CLOCKS = {
    "datetime.now", "datetime.today", "datetime.utcnow", "date.today", "time.time",
    "time.time_ns", "timezone.now",
}  # fmt: skip


def room_of(module: str) -> str:
    return [*module.split("."), ""][1]


def test_nobody_imports_another_rooms_store_or_models() -> None:
    rooms = {room for floor in plates.floors() for room in floor}
    found = [
        f"{name_of(path)} imports {module}"
        for path in modules()
        for module in imports_of(path)
        if module.startswith("xiaobao.")
        and room_of(module) in rooms
        and room_of(module) != room_of(name_of(path))
        and {"store", "models"} & set(module.split(".")[2:3])
    ]
    assert found == []


def test_the_lab_imports_no_acts() -> None:
    found = [
        f"{name_of(path)} imports {module}"
        for path in modules()
        if room_of(name_of(path)) == "lab"
        for module in imports_of(path)
        if module.startswith("xiaobao.") and ("acts" in module.split("."))
    ]
    assert found == []


def test_rules_facts_and_terms_are_pure() -> None:
    """numpy, pyarrow, the standard library and the kernel: no Django, no clock, no chance."""
    away = {"django", "psycopg", "random", "time", "secrets", "socket", "subprocess"}
    found = [
        f"{name_of(path)} imports {module}"
        for path in modules()
        if set(name_of(path).split(".")[2:3]) & {"rules", "facts", "terms"}
        or room_of(name_of(path)) == "kernel"
        for module in imports_of(path)
        if module.split(".")[0] in away or module.startswith("xiaobao.database")
    ]
    assert found == []


def _called(node: ast.Call) -> str:
    """The last two words of what is called: `datetime.now`."""
    return ".".join(ast.unparse(node.func).split(".")[-2:])


def test_only_the_doors_read_the_clock() -> None:
    found = [
        f"{name_of(path)}:{node.lineno} calls {_called(node)}"
        for path in modules()
        if room_of(name_of(path)) not in DOORS
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and _called(node) in CLOCKS
    ]
    assert found == []


def test_no_star_imports_and_no_metaclasses() -> None:
    for path in modules():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ImportFrom):
                assert [alias.name for alias in node.names] != ["*"], path
            if isinstance(node, ast.ClassDef):
                assert "metaclass" not in {word.arg for word in node.keywords}, path


def test_nothing_is_swallowed_outside_the_doors() -> None:
    """`except Exception` and bare `except` belong to a door's outermost frame alone.

    Undoing and raising again swallows nothing.
    """
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        if room_of(name_of(path)) not in DOORS
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and ast.unparse(node.body[-1]) != "raise"
    ]
    assert found == []
