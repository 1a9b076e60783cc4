"""A market with shops and one order, for tests that need the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.claims.making import open_world

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market


@pytest.fixture
def world(db: None) -> Market:
    return open_world()


@pytest.fixture
def bare_world(db: None) -> Market:
    """As `world`, with nothing in any deposit."""
    return open_world(deposit=0)
