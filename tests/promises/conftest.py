"""Packs to break: the files of a shipped one, to be changed by a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xiaobao.promises.packs import read_files

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def cn() -> dict[str, str]:
    return read_files("cn")


@pytest.fixture
def folder(tmp_path: Path, cn: dict[str, str]) -> Path:
    """The China pack in a folder of its own, under a path as people have them."""
    made = tmp_path / "我的 规则包"
    made.mkdir()
    for name, text in cn.items():
        (made / name).write_text(text, encoding="utf-8")
    return made
