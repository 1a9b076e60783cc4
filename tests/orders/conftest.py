"""A market with its pack published and one shop in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market

JOINED = datetime(2014, 4, 1, tzinfo=UTC)
PUBLISHED = datetime(2014, 3, 1, tzinfo=UTC)


def open_market(name: str = "cn", shops: tuple[str, ...] = ("shop", "other shop")) -> Market:
    from xiaobao.promises.acts import publish_pack
    from xiaobao.promises.queries import market
    from xiaobao.sellers.acts import enrol_sellers

    publish_pack(name, at=PUBLISHED)
    opened = market("olist" if name.startswith("olist") else Path(name).name)
    enrol_sellers(list(shops), market_id=opened.market_id, signed_by="seller", at=JOINED)
    return opened


@pytest.fixture
def cn(db: None) -> Market:
    return open_market()
