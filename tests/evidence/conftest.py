"""A place for bytes and keys of each test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's bytes lie."""
    folder = tmp_path / "证据 files"
    monkeypatch.setenv("XIAOBAO_EVIDENCE_URL", folder.as_uri())
    return folder
