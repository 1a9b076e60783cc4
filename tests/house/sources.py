"""The house's own files, as the tests of the house read them."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[2]
HOUSE = REPOSITORY / "xiaobao"


def modules() -> list[Path]:
    return sorted(path for path in HOUSE.rglob("*.py") if "__pycache__" not in path.parts)


def name_of(path: Path) -> str:
    """`xiaobao/ledger/acts.py` -> `xiaobao.ledger.acts`."""
    parts = path.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(path: Path) -> Iterator[str]:
    """Every module, or name in a module, that a file imports anywhere in it."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where a name comes from"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def project_files() -> list[Path]:
    """Every text file that belongs to the project: as git has them, or else as they lie here."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY, check=False, capture_output=True,
    )  # fmt: skip
    if listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
        return sorted(path for name in names if (path := REPOSITORY / name).is_file())
    away = {".venv", ".git", "build", "dist"}
    return sorted(
        path
        for path in REPOSITORY.rglob("*")
        if path.is_file() and not away & set(path.relative_to(REPOSITORY).parts)
    )
