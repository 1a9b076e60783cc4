"""Packs to break: the files of a shipped one, to be changed by a test."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.later_pack import china_pack, later_pack
from xiaobao.promises.packs import read_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def cn() -> dict[str, str]:
    return read_files("cn")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The China pack in a folder of its own, under a path as people have them."""
    return china_pack(tmp_path / "我的 规则包")


@pytest.fixture
def later(folder: Path) -> Callable[..., str]:
    """The China pack under a later version, whose late shipping costs another share from a day."""
    return partial(later_pack, folder)
