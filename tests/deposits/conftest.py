"""The market cn with its pack published, shops in it, and money that came."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.kernel.columns import Int
    from xiaobao.promises.facts import Market

JOINED = datetime(2026, 3, 1, 4, tzinfo=UTC)


@pytest.fixture
def cn(db: None) -> Market:
    from xiaobao.promises import acts, queries

    acts.publish_pack("cn", at=datetime(2026, 1, 1, tzinfo=UTC))
    return queries.market("cn")


@pytest.fixture
def enrol(cn: Market) -> Callable[..., Int]:
    """Enrol shops by name, all in one category."""
    from xiaobao.sellers import acts

    def join(*names: str, category: str = "general", at: datetime = JOINED) -> Int:
        return acts.enrol_sellers(
            names, market_id=cn.market_id, signed_by="the seller", at=at,
            categories=[category] * len(names),
        )  # fmt: skip

    return join


@pytest.fixture
def lodge() -> Callable[[Int, int, datetime, int], None]:
    """Money that was asked for and came."""
    from xiaobao.deposits import acts

    def pay(seller_ids: Int, amount_minor: int, at: datetime, key: int) -> None:
        amounts = np.full(len(seller_ids), amount_minor, np.int64)
        made = acts.request_lodgements(seller_ids, amounts, keys=key, at=at)
        acts.confirm_lodgements(made, at=at)

    return pay


@pytest.fixture
def sell(cn: Market) -> Callable[..., None]:
    """Orders placed and paid at one moment, under names that tell them apart."""
    import pyarrow as pa

    from xiaobao.orders import acts
    from xiaobao.orders.facts import FACT_SCHEMA, FactKind

    def place(
        shop: str, goods_minor: int, at: datetime, *, count: int = 1, name: str = "o"
    ) -> None:
        rows = []
        for n in range(count):
            order = f"{name}-{shop}-{at.isoformat()}-{n}"
            rows.append(
                {
                    "seller": shop, "order": order, "fact": FactKind.PLACED, "at": at,
                    "buyer": f"buyer {n}", "goods": goods_minor, "freight": 0,
                    "currency": "CNY",
                }
            )  # fmt: skip
            rows.append({"seller": shop, "order": order, "fact": FactKind.PAID, "at": at})
        batch = pa.Table.from_pylist(rows, FACT_SCHEMA)
        acts.record_facts(batch, market_id=cn.market_id, at=at)

    return place
