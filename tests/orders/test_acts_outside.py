"""What a shop sells after it left the guarantee is promised nothing; what it sold before, is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.orders.conftest import open_market
from tests.orders.making import batch, fact, hours, placed
from xiaobao.claims.acts import ShopHadLeft, file_claim
from xiaobao.claims.facts import Ask, ClaimKind
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import id_of
from xiaobao.orders.acts import find_breaches, record_facts
from xiaobao.sellers.acts import end_enrolment, enrol_sellers, move_sellers
from xiaobao.sellers.facts import Event
from xiaobao.sellers.queries import outside

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market

SHOP = id_of("shop")


def sold(market: Market, order: str, at: float) -> None:
    """An order paid, and never shipped."""
    rows = [placed(order, at=at), fact("paid", at, order)]
    record_facts(batch(rows), market_id=market.market_id, at=hours(at))


def broken(until: float) -> list[str]:
    """The orders of which a promise was found broken by then, so far."""
    while len(find_breaches(until_us=us_of(hours(until)), limit=100)):
        pass
    rows = fetch_rows(
        "SELECT DISTINCT o.order_name FROM orders_breach b JOIN orders_order o "
        "USING (seller_id, order_id) ORDER BY 1"
    )
    return [row[0] for row in rows]


@pytest.mark.parametrize("event", [Event.FORCE_OUT, Event.FINISH])
def test_after_leaving_nothing_new_is_promised(db: None, event: Event) -> None:
    market = open_market("cn", ("shop", "other"))
    sold(market, "before", 0)
    sold(market, "in between", 12)  # told before anybody knew that the shop would leave
    if event is Event.FINISH:
        move_sellers(np.array([SHOP]), Event.LEAVE, at=hours(9))
    end_enrolment(SHOP, event, at=hours(10))
    sold(market, "after", 20)
    assert broken(400) == ["before"]
    ((waiting,),) = fetch_rows("SELECT count(*) FROM orders_watch WHERE due_at < 'infinity'")
    assert waiting == 0
    about = {"seller": "shop", "buyer": "buyer", "kind": ClaimKind.NOT_RECEIVED,
             "ask": Ask.REFUND, "claim": "C"}  # fmt: skip
    for order in ("in between", "after"):
        with pytest.raises(ShopHadLeft):
            file_claim(**about, order=order, at=hours(400))  # type: ignore[arg-type]
    assert fetch_rows("SELECT count(*) FROM claims_claim") == [(0,)]
    moments = np.array([us_of(hours(h)) for h in (9, 10, 400)])
    asked = np.full(3, SHOP)
    assert outside(asked, moments).tolist() == [False, True, True]
    assert not outside(np.full(3, id_of("other")), moments).any()


def test_who_comes_back_promises_anew(db: None) -> None:
    market = open_market("cn", ("shop",))
    end_enrolment(SHOP, Event.FORCE_OUT, at=hours(10))
    move_sellers(np.array([SHOP]), Event.FINISH, at=hours(20))
    enrol_sellers(["shop"], market_id=market.market_id, signed_by="shop", at=hours(30))
    sold(market, "outside", 25)
    sold(market, "back", 31)
    assert broken(400) == ["back"]
