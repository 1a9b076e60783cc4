"""A market with its pack published, and moments to act at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)


@pytest.fixture
def cn(db: None) -> Market:
    from xiaobao.promises import acts, queries

    acts.publish_pack("cn", at=datetime(2026, 1, 1, tzinfo=UTC))
    return queries.market("cn")
