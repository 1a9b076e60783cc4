"""What a buyer may claim about an order, and what each ask would bring: for the form to file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims.facts import Ask, ClaimKind, Claims, KindOffered
from xiaobao.claims.queries.clocks import clocks_missing
from xiaobao.claims.queries.facts_of import facts_of
from xiaobao.claims.queries.law import asks_of, tables_missing
from xiaobao.claims.rules.lifecycle import NOWHERE
from xiaobao.claims.rules.relating import stage_of
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import id_of
from xiaobao.orders import queries as orders
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import Promise
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.database.trips import Asked
    from xiaobao.kernel.columns import Mask
    from xiaobao.orders.facts import LineRow, OrderDetail


@promises.one_catalogue()
def kinds_offered(detail: OrderDetail, *, at: datetime) -> list[KindOffered]:
    """The kinds of claims that are heard for the goods of an order, with what may be asked.

    None where the market's packs hear no claims, or the shop had left the guarantee.
    """
    if detail.ordered_at is None:
        return []
    ordered_us = us_of(detail.ordered_at)
    missing = [*clocks_missing(detail.market_id, ordered_us)] or tables_missing(
        detail.market_id, ordered_us
    )
    if missing or sellers.outside(np.array([detail.seller_id]), np.array([ordered_us]))[0]:
        return []
    given = promised_on(detail.seller_id, detail.lines, detail.market_id, ordered_us)
    asked = orders.ask_states(np.array([detail.seller_id]), np.array([detail.order_id]))
    common = columns_of_order(
        detail, detail.lines, detail.buyer or "", given.answer, asked.answer, us_of(at)
    )
    kinds = list(ClaimKind)
    claims = Claims.of(
        **{
            name: np.full(len(kinds), value)
            for name, value in (common | {"ask": int(Ask.REFUND), "claim_id": 0}).items()
            if name != "kind"
        },
        kind=np.array([int(kind) for kind in kinds]),
    )
    offered = asks_of(facts_of(claims, judged_us=claims.filed_us, is_filing=True))
    return [
        KindOffered(kind, tuple(asks)) for kind, asks in zip(kinds, offered, strict=True) if asks
    ]


def columns_of_order(
    detail: OrderDetail, lines: Sequence[LineRow], buyer: str, given: int, state: Any, at_us: int
) -> dict[str, int]:
    """A claim about these lines of an order as it stands then, but for what is claimed."""
    assert detail.ordered_at is not None, "an order that was placed"
    columns: dict[str, int] = dict.fromkeys(Claims.names(), 0)
    columns |= {name: FAR_US for name in Claims.names() if name.endswith("_us")}
    items = {line.item for line in lines}
    stage = stage_of(state.signed_us, state.completed_us, np.array([at_us]))
    return columns | {
        "seller_id": detail.seller_id, "order_id": detail.order_id, "buyer_id": id_of(buyer),
        "market_id": detail.market_id, "item_id": id_of(items.pop()) if len(items) == 1 else 0,
        "promises": given, "freight_minor": detail.freight_minor,
        "goods_minor": detail.goods_minor,
        "ordered_us": us_of(detail.ordered_at), "filed_us": at_us,
        "category_id": int(state.category_id[0]), "stage": int(stage[0]), "state": NOWHERE,
    }  # fmt: skip


def promised_on(
    seller_id: int, lines: Sequence[LineRow], market_id: int, at_us: int
) -> Asked[int]:
    """A bit for each promise in force on the items when they were ordered.

    Basic promises hold for every item; the others where every item claimed about was marked.
    """
    every = np.array(list(Promise), np.int64)
    basic = {p.promise for p in promises.promises_of(market_id, at_us) if p.is_basic}
    covered = bool(lines) and all(line.is_covered for line in lines)

    def bits_of(given: Mask) -> int:
        return sum(
            1 << promise
            for promise, is_given in zip(Promise, given.tolist(), strict=True)
            if is_given and (covered or promise in basic)
        )

    return sellers.ask_promised(
        np.full(len(every), seller_id), every, np.full(len(every), at_us, np.int64), bits_of
    )
