"""What was found, set beside what truly happened: the guarantee is never told the truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import Columns, Int, Mask
from xiaobao.kernel.references import ids_of
from xiaobao.orders import queries as orders
from xiaobao.work.selling import never_placed

if TYPE_CHECKING:
    from xiaobao.lab.generate.marketplace import Marketplace
    from xiaobao.lab.generate.plans import ShopKind
    from xiaobao.orders.facts import Breaches


@dataclass(frozen=True, slots=True)
class Truth(Columns):
    """Every order planned, row for row as the marketplace numbers them."""

    shop_kind: Int  # ShopKind
    is_placed: Mask  # not, where the shop had left by then
    is_found: Mask  # a breach was found on its facts
    is_watched: Mask  # a clock still runs
    is_cheated: Mask
    is_harmed: Mask
    complains: Mask
    paid_minor: Int

    def of_kind(self, kind: ShopKind) -> dict[str, int]:
        """Figures of the shops of one kind."""
        of = self.take(self.shop_kind == kind)
        missed = of.is_cheated & ~of.is_found
        return {
            "orders": int(of.is_placed.sum()),
            "orders_harmed": int(of.is_harmed.sum()),
            "orders_found": int(of.is_found.sum()),
            "orders_cheated": int(of.is_cheated.sum()),
            "cheated_found": int((of.is_cheated & of.is_found).sum()),
            "cheated_still_watched": int((missed & of.is_watched).sum()),
            "cheated_escaped": int((missed & ~of.is_watched).sum()),
            "paid_minor": int(of.paid_minor.sum()),
        }


def of_market(market: Marketplace, breaches: Breaches) -> Breaches:
    """Those of its own orders: once it was served, others may have come by the API."""
    return breaches.take(np.isin(breaches.order_id, ids_of(market.order_names)))


def truth_of(market: Marketplace, seller_ids: Int, breaches: Breaches) -> Truth:
    """`breaches` are of this marketplace's own orders."""
    placed = market.orders
    is_placed = ~never_placed(market)
    order_ids = ids_of(market.order_names)
    sellers, watched = orders.watched_orders()
    own = np.isin(watched, order_ids)
    keys = (seller_ids[placed.shop], order_ids)
    return Truth(
        shop_kind=market.shops.kind[placed.shop],
        is_placed=is_placed,
        is_found=_is_among(keys, (breaches.seller_id, breaches.order_id)),
        is_watched=_is_among(keys, (sellers[own], watched[own])),
        is_cheated=placed.is_cheated & is_placed,
        is_harmed=placed.is_harmed & is_placed,
        complains=placed.complains & is_placed,
        paid_minor=_summed(keys, (breaches.seller_id, breaches.order_id), breaches.buyer_minor),
    )


def _places(keys: tuple[Int, Int], found: tuple[Int, Int]) -> Int:
    """Where each found order stands among the keys; order ids of a marketplace are its own."""
    by_order = np.argsort(keys[1])
    place: Int = by_order[np.searchsorted(keys[1][by_order], found[1])]
    assert (keys[0][place] == found[0]).all(), "an order of another seller"
    return place


def _is_among(keys: tuple[Int, Int], found: tuple[Int, Int]) -> Mask:
    mask = np.zeros(len(keys[0]), np.bool_)
    mask[_places(keys, found)] = True
    return mask


def _summed(keys: tuple[Int, Int], found: tuple[Int, Int], amount: Int) -> Int:
    total = np.zeros(len(keys[0]), np.int64)
    np.add.at(total, _places(keys, found), amount)
    return total
