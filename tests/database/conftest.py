"""Fixtures of the database room: homes that a test may break."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.database.homes import Home

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder others can pass through, as root's server needs."""
    made = Path(tempfile.mkdtemp(prefix="xb-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def home(folder: Path) -> Iterator[Home]:
    made = Home(folder / "home")
    yield made
    made.close()
