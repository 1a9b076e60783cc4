"""The desk's page of a case: who has to show what by when, and what both parties did before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.claims.making import NOW, OTHER_SHOP, SHOP, file, key, later, place
from tests.web.test_pages import text_of
from xiaobao.claims import acts, queries
from xiaobao.claims.facts import Answer, ClaimState, Finding, Party
from xiaobao.database.sets import fetch_rows
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client


def test_burden_and_history_of_both_parties(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    market = promises.market("cn")
    for order in ("B", "D"):
        place(order, market)
    place("E", market, buyer="another")
    place("Z", market, shop=OTHER_SHOP)
    case = file("C-1")
    paid = file("C-2", order="B")
    acts.answer_claim(*key(paid), answer=Answer.ACCEPT, key="k", at=later(hours=1))
    rejected = file("C-3", order="D")
    fetch_rows("UPDATE claims_claim SET state = %s WHERE claim_id = %s RETURNING 1",
               [ClaimState.CLOSED.value, rejected.claim_id])  # fmt: skip
    silent = file("C-4", order="E", buyer="another", handed=[])
    file("C-9", order="Z", seller=OTHER_SHOP)

    [(due,)] = fetch_rows("SELECT seller_due_at FROM claims_claim WHERE claim_name = 'C-1'")
    table = queries.burden_table(*key(case), "en", at=NOW)
    buyer, seller = table.steps
    assert (buyer.party, buyer.is_met, buyer.due_at, buyer.silent, buyer.other) == (
        Party.BUYER, True, None, Finding.REJECTED, Finding.REJECTED,
    )  # fmt: skip
    assert (seller.party, seller.is_met, seller.silent, seller.other) == (
        Party.SELLER, False, Finding.UPHELD, Finding.UPHELD,
    )  # fmt: skip
    assert (seller.due_at, len(seller.shows)) == (due, 8)
    assert (table.bare_denial, table.all_shown, table.has_cure, table.clause) == (
        Finding.UPHELD, Finding.NEEDS_PERSON, True, "cn.claim.burden.visible",
    )  # fmt: skip
    assert [one.is_met for one in queries.burden_table(*key(silent), at=NOW).steps] == [
        False, False,
    ]  # fmt: skip

    at(later(hours=2))
    desk, address = person("the adjudicator"), f"/desk/claims/{SHOP}/C-1/"
    text = " ".join(text_of(desk.get(address).content).split())
    assert "This buyer at this shop 2 1 1" in text
    assert "This buyer at all shops 3 1 1" in text
    assert "All buyers at this shop 3 1 1" in text
    assert "A bare denial of the seller: upheld" in text
    desk.cookies["lang"] = "zh"
    assert "逾期不举证" in desk.get(address).content.decode()
