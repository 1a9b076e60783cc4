"""The market cn with its pack published, shops in it, and money lodged."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.promises.facts import Market

JOINED = datetime(2026, 2, 1, 4, tzinfo=UTC)


@pytest.fixture
def cn(db: None) -> Market:
    from xiaobao.promises import acts, queries

    acts.publish_pack("cn", at=datetime(2026, 1, 1, tzinfo=UTC))
    return queries.market("cn")


@pytest.fixture
def shop(cn: Market) -> Callable[..., int]:
    """Enrol one shop and lodge for it."""
    from xiaobao.deposits import acts as deposits
    from xiaobao.sellers import acts as sellers

    def join(name: str = "a shop", deposit: int = 100_000, *, is_person: bool = False) -> int:
        if is_person:
            sellers.invite_sellers(
                [name], market_id=cn.market_id, at=JOINED, are_natural_persons=np.array([True])
            )
        ids = sellers.enrol_sellers(
            [name], market_id=cn.market_id, signed_by="the seller", at=JOINED
        )
        if deposit:
            made = deposits.request_lodgements(ids, np.array([deposit]), keys=1, at=JOINED)
            deposits.confirm_lodgements(made, at=JOINED)
        return int(ids[0])

    return join
