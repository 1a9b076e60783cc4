"""A claim on its pages: all that is due is asked for, clocks stop with proof, goods are owed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.claims.making import FREIGHT, GOODS, SHOP, file, later, photo, place, standing, sweep
from tests.web.matrix import BUYER
from tests.web.test_pages import text_of
from xiaobao.claims import queries
from xiaobao.claims.facts import Ask, ClaimKind, ClaimState
from xiaobao.hearings.acts import rule_claim
from xiaobao.hearings.facts import Verdict
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

ORDER = f"/buyer/{SHOP}/A/"
WHOLE = GOODS + FREIGHT + 3 * GOODS


def picture(colour: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("p.png", photo(colour).body, "image/png")


def said(client: Client, where: str, **fields: object) -> str:
    """What the page says after a form was sent."""
    return text_of(client.post(where, fields, follow=True).content)


def test_a_fake_asks_for_all_that_is_due_and_less_is_widened(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    at(later(hours=1))
    buyer = person(BUYER)
    page = " ".join(text_of(buyer.get(ORDER).content).split())
    assert "counterfeit ¥4,008.00" in page
    to = f"{ORDER}file/"
    sent = {"kind": "counterfeit", "key": "12345678", "words": "a fake"}
    for _ in range(2):
        said(buyer, to, **sent, file=picture(7))
    (claim,) = queries.claims_against(queries.claim_named("A-12345678", SHOP).seller_id)
    assert (claim.ask, claim.exposure_minor) == (Ask.STATUTORY, WHOLE)
    # Of another kind than was chosen nothing is asked.
    said(buyer, to, kind="damaged", ask="counterfeit.refund", key="87654321")
    assert len(queries.claims_against(claim.seller_id)) == 1
    less = file("C1", order="A", kind=ClaimKind.FRAUD, at=later(hours=1))
    page = text_of(buyer.get(f"{ORDER}C1/").content)
    assert "You could ask for more" in page
    said(buyer, f"{ORDER}C1/do/", act="widen", ask="statutory", key="w")
    assert int(standing(less).ask[0]) == Ask.STATUTORY


def test_both_sides_and_the_desk_stop_the_clocks(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    row = file("C1")
    at(later(hours=2))
    buyer, owner, desk = person(BUYER), person("the owner"), person("the adjudicator")
    mine, theirs = f"{ORDER}C1/do/", f"/seller/{SHOP}/claims/C1/answer/"
    case = f"/desk/claims/{SHOP}/C1/"
    told = said(buyer, mine, act="suspend", reason="court", key="s1")
    assert "authority_document" in told
    said(owner, theirs, act="suspend", reason="court", file=picture(9), key="s2")
    assert int(standing(row).state[0]) == ClaimState.SUSPENDED
    assert "Authorities' documents to look at" in text_of(desk.get("/desk/").content)
    assert "document to be looked at" in text_of(desk.get(case).content)
    said(desk, f"{case}suspend/", reason="court", words="", key="a0")
    assert queries.stops_to_accept()
    said(desk, f"{case}suspend/", reason="court", words="the court confirms", key="a1")
    assert queries.stops_to_accept() == []
    said(desk, f"{case}resume/", key="a2")
    assert int(standing(row).state[0]) == ClaimState.AWAITING_SELLER
    said(buyer, mine, act="suspend", reason="self_settlement", key="t1")
    assert "agree, and every clock stands still" in text_of(
        owner.get(f"/seller/{SHOP}/claims/C1/").content
    )
    said(owner, theirs, act="suspend", reason="self_settlement", key="t2")
    assert int(standing(row).state[0]) == ClaimState.SUSPENDED
    said(buyer, mine, act="resume", key="t3")
    assert int(standing(row).state[0]) == ClaimState.AWAITING_SELLER


def test_a_repair_is_owed_proved_and_confirmed_on_both_pages(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    place("B", promises.market("cn"))
    rows = [file("C1", ask=Ask.REPAIR), file("C2", order="B", ask=Ask.REPAIR)]
    sweep(later(days=4))
    for row in rows:
        rule_claim(row.seller_id, row.claim_id, verdict=Verdict.UPHOLD, by="ada", key="r",
                   at=later(days=5))  # fmt: skip
    at(later(days=6))
    buyer, owner = person(BUYER), person("the owner")
    assert "the price is paid to you by itself" in text_of(buyer.get(f"{ORDER}C1/").content)
    assert "Repair or replace it in time" in text_of(
        owner.get(f"/seller/{SHOP}/claims/C2/").content
    )
    said(buyer, f"{ORDER}C1/do/", act="goods-done", key="d")
    answer = f"/seller/{SHOP}/claims/C2/answer/"
    assert "repaired or replaced" in said(owner, answer, act="goods-done", key="d")
    assert int(standing(rows[1]).state[0]) == ClaimState.GOODS_OWED
    said(owner, answer, act="goods-done", evidence="photo", file=picture(11), key="d2")
    assert [int(standing(row).state[0]) for row in rows] == [ClaimState.CLOSED] * 2
