"""Filing: once, about an own order, one of a kind; the exposure locked, the order as evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.claims.making import (
    FREIGHT,
    GOODS,
    NOW,
    SHOP,
    book,
    due,
    everything,
    file,
    key,
    later,
    photo,
    place,
    put,
    standing,
    tell,
    timeline,
)
from xiaobao.claims.acts import (
    ClaimNameTaken,
    ClaimsNotHeard,
    ClaimStands,
    ItemNotOrdered,
    OrderOfAnother,
    OrderUnknown,
    withdraw_claim,
)
from xiaobao.claims.facts import Ask, ClaimKind, ClaimState, Mark, Reason
from xiaobao.claims.queries import (
    ClaimUnknown,
    claim_named,
    claim_page,
    exposure_of,
    facts_of,
    proposal_for,
)
from xiaobao.evidence.acts import EvidenceRefused
from xiaobao.evidence.facts import Kind, Party
from xiaobao.evidence.queries import pieces_of
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import id_of
from xiaobao.ledger.queries import check
from xiaobao.outbox.queries import counts_by_kind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from xiaobao.promises.facts import Market

EXPOSURE = GOODS + FREIGHT


def test_filing_locks_the_exposure_and_starts_the_sellers_clock(world: Market) -> None:
    row = file()
    assert (row.seller_id, row.claim_id) == (id_of(SHOP), id_of("C1"))
    assert row.state == ClaimState.AWAITING_SELLER
    assert (row.exposure_minor, row.locked_minor, row.uncovered_minor) == (EXPOSURE, EXPOSURE, 0)
    assert book() == {"outside": -500_000, "deposit": 500_000 - EXPOSURE, "locked": EXPOSURE}
    assert due(row) == later(hours=48)
    assert timeline(row) == [
        ("FILED", "AWAITING_SELLER"), ("EVIDENCE_ADDED", "AWAITING_SELLER"),
    ]  # fmt: skip
    told = counts_by_kind()
    assert (told["claim.filed"], told["claim.evidence_added"]) == (1, 1)
    assert check() == []
    assert book("other shop") == {}


def test_the_offer_and_the_way_are_evidence_by_themselves(world: Market) -> None:
    row = file()
    pieces = pieces_of(*key(row))
    assert [(p.kind, p.party) for p in pieces] == [
        (Kind.SNAPSHOT, Party.PLATFORM), (Kind.LOGISTICS_FACTS, Party.PLATFORM),
        (Kind.PHOTO, Party.BUYER),
    ]  # fmt: skip
    assert int(standing(row).evidence_buyer[0]) == 1 << Kind.PHOTO
    assert int(standing(row).evidence_seller[0]) == 0


def test_the_same_again_changes_nothing(world: Market) -> None:
    first = file()
    before = everything()
    again = file()
    assert (again.is_new, again.state, again.locked_minor) == (False, first.state, EXPOSURE)
    assert everything() == before
    with pytest.raises(ClaimNameTaken) as refused:
        file(words="something else")
    assert "C1" in refused.value.says("zh")
    assert everything() == before


def test_what_the_deposit_does_not_hold_is_uncovered_and_shown(bare_world: Market) -> None:
    put(SHOP, 30_000)
    row = file()
    assert (row.locked_minor, row.uncovered_minor) == (30_000, EXPOSURE - 30_000)
    assert book() == {"outside": -30_000, "locked": 30_000}
    money = claim_page("C1", "en", at=NOW).money
    assert (money.locked_minor, money.uncovered_minor) == (30_000, EXPOSURE - 30_000)


def test_an_empty_deposit_locks_nothing(bare_world: Market) -> None:
    row = file()
    assert (row.exposure_minor, row.locked_minor, row.uncovered_minor) == (EXPOSURE, 0, EXPOSURE)
    assert book() == {}


REFUSED: list[tuple[type[Exception], Callable[[], object]]] = [
    (OrderUnknown, lambda: file(order="nowhere")),
    (OrderUnknown, lambda: file(seller="other shop")),
    (OrderOfAnother, lambda: file(buyer="stranger")),
    (ItemNotOrdered, lambda: file(item="a plate")),
    (EvidenceRefused, lambda: file(handed=[photo(), photo().__class__(Kind.PHOTO, b"")])),
    (ClaimUnknown, lambda: claim_named("C1")),
]


@pytest.mark.parametrize(("problem", "act"), REFUSED)
def test_a_refusal_records_nothing(
    world: Market, problem: type[Exception], act: Callable[[], object]
) -> None:
    before = everything()
    with pytest.raises(problem):
        act()
    assert everything() == before


def test_one_claim_of_a_kind_about_an_order(world: Market) -> None:
    file()
    before = everything()
    with pytest.raises(ClaimStands) as refused:
        file("C2")
    assert "C1" in refused.value.says("en")
    assert everything() == before


def test_withdrawn_it_leaves_room_for_another(world: Market) -> None:
    row = file()
    withdraw_claim(*key(row), key="w", at=later(hours=1))
    again = file("C2", at=later(hours=2))
    assert (again.is_new, again.locked_minor) == (True, EXPOSURE)
    assert book() == {"outside": -500_000, "deposit": 500_000 - EXPOSURE, "locked": EXPOSURE}


def test_claims_about_one_order_share_its_price(world: Market) -> None:
    first = file()
    second = file("C2", kind=ClaimKind.MISSING_ITEM, at=later(minutes=1))
    assert first.locked_minor == EXPOSURE
    # The price is locked already: what is left is the freight, which either may give back.
    assert second.exposure_minor <= FREIGHT
    assert book()["locked"] == first.locked_minor + second.locked_minor


def test_a_claim_about_one_item_is_about_its_price(world: Market) -> None:
    row = file(item="mug", asked_minor=5_000)
    held = standing(row)
    assert (int(held.item_id[0]), int(held.goods_minor[0])) == (id_of("mug"), GOODS)
    assert int(held.asked_minor[0]) == 5_000


def open_quiet_market(folder: Path) -> Market:
    """A market whose pack begins to hear claims only long after the orders of these tests."""
    from tests.orders.conftest import JOINED, PUBLISHED
    from xiaobao.promises.acts import publish_pack
    from xiaobao.promises.packs import SHIPPED
    from xiaobao.promises.queries import market
    from xiaobao.sellers.acts import enrol_sellers

    for name in ("claims.csv", "burdens.csv", "claim_rules.csv", "clocks.csv", "pack.toml"):
        text = (SHIPPED / "olist" / name).read_text("utf-8").replace("2016-01-01,", "2030-01-01,")
        later = 'name = "quiet"\nbased_on = "olist"'
        text = text.replace('name = "olist"', later).replace("2016-01-01\n\n", "2030-01-01\n\n")
        (folder / name).write_text(text, "utf-8")
    publish_pack(str(folder), at=PUBLISHED)
    opened = market("olist")
    enrol_sellers([SHOP], market_id=opened.market_id, signed_by="seller", at=JOINED)
    return opened


def test_a_market_without_clocks_for_claims_hears_none(db: None, tmp_path: Path) -> None:
    market = open_quiet_market(tmp_path)
    put(SHOP, 1_000)
    from tests.orders.making import batch, hours
    from xiaobao.orders.acts import record_facts

    placed = {"seller": SHOP, "order": "A", "fact": "placed", "at": hours(0), "buyer": "buyer",
              "goods": 900, "freight": 1, "currency": "BRL"}  # fmt: skip
    record_facts(batch([placed]), market_id=market.market_id, at=NOW)
    before = everything()
    with pytest.raises(ClaimsNotHeard) as refused:
        file()
    assert "negotiation" in refused.value.says("en")
    assert "burdens" in refused.value.says("en")
    assert everything() == before


def test_a_buyer_may_talk_first(world: Market) -> None:
    row = file(negotiates=True)
    assert row.state == ClaimState.NEGOTIATING
    assert due(row) == NOW + timedelta(days=10)
    assert int(standing(row).marks[0]) == Mark.TALKED
    assert [e for e, _ in timeline(row)] == ["TALKS_OPENED", "EVIDENCE_ADDED"]


def test_names_are_unique_per_seller(world: Market) -> None:
    place("B", world, shop="other shop")
    mine, theirs = file(), file(order="B", seller="other shop", ask=Ask.REFUND)
    assert mine.claim_id == theirs.claim_id
    assert mine.seller_id != theirs.seller_id
    assert claim_named("C1", SHOP).seller_id == mine.seller_id
    from xiaobao.claims.queries import ClaimNameShared

    with pytest.raises(ClaimNameShared):
        claim_named("C1")


def test_what_the_shop_gave_back_beyond_the_goods_was_for_the_freight(world: Market) -> None:
    row = file()
    for amount, left in ((GOODS - 1, (1, FREIGHT)), (301, (0, FREIGHT - 300)), (500, (0, 0))):
        tell(world, "refund_paid", later(hours=1, seconds=amount), amount=amount)
        facts = facts_of(standing(row), judged_us=np.array([us_of(later(days=1))]))
        proposed = proposal_for(facts)
        sums = (int(proposed.refund_minor[0]), int(proposed.freight_minor[0]))
        assert sums == left
    assert proposed.reason.tolist() == [Reason.ALREADY_WHOLE]
    assert exposure_of(facts).tolist() == [0]
