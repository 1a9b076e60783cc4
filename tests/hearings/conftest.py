"""A market with shops and one order, and a claim about it under review."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.claims.making import deny, file, later, open_world, paper

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimRow
    from xiaobao.promises.facts import Market


@pytest.fixture
def world(db: None) -> Market:
    return open_world()


@pytest.fixture
def reviewed(world: Market) -> ClaimRow:
    """Both sides showed something: a person has to judge."""
    row = file()
    deny(row, paper(), at=later(hours=5))
    return row
