"""A market with a shop that may want to leave, and a gateway that does what it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exits.making import gateway, open_world

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.gateways.test_gateway import TestGateway
    from xiaobao.promises.facts import Market


@pytest.fixture
def world(db: None) -> Market:
    return open_world()


@pytest.fixture
def through(tmp_path: Path) -> TestGateway:
    return gateway(tmp_path)
