"""The API as its user knows it: through the typed client, one life after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.api.conftest import mint, served
from tests.claims.making import OTHER_SHOP, SHOP, book, later, paper, photo
from xiaobao.client.client import Client
from xiaobao.client.problems import ApiProblem
from xiaobao.database.sets import fetch_rows
from xiaobao.gateways.test_gateway import Settings, TestGateway
from xiaobao.work.clock import now
from xiaobao.work.run import pass_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from xiaobao.client.shapes.rulings import RulingTold
    from xiaobao.client.shapes.shared import Money

CNY = "CNY"


def yuan(amount: int) -> Any:
    return {"amount": amount * 100, "currency": CNY}


@pytest.fixture
def client(world: None) -> Iterator[Callable[[str], Client]]:
    # Of every hundred it would refuse one, whichever: here each is to arrive.
    TestGateway().set_behaviour(
        Settings(fail_ppm=0, unknown_moved_ppm=0, unknown_still_ppm=0, twice_ppm=0)
    )

    def of(role: str) -> Client:
        return Client(
            "http://localhost", *mint(role), wait=lambda _: None,
            transport=httpx.WSGITransport(app=served, raise_app_exceptions=False),
        )  # fmt: skip

    yield of
    TestGateway().set_behaviour(Settings())


def refused(call: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(ApiProblem) as caught:
        call()
    return caught.value.status, caught.value.code


def test_a_shop_joins_marks_items_and_lodges(client: Callable[[str], Client]) -> None:
    platform = client("platform")
    assert [one["market"] for one in platform.clock()["markets"]] == ["cn"]
    (joined,) = platform.enrol("cn", ["tea & co/hz"], signed_by="li")["sellers"]
    assert (joined["seller"], joined["standing"], joined["currency"]) == (
        "tea & co/hz", "active", CNY,
    )  # fmt: skip
    name = joined["seller"]
    assert [one["seller"] for one in platform.sellers(limit=1)] == [
        "other shop", "shop", "tea & co/hz",
    ]  # fmt: skip
    marked = platform.mark_items(name, ["cup", "pot"])
    assert (marked["changed"], marked["unchanged"], marked["covered"]) == (2, 0, 2)
    undone = platform.undo_items(name)
    assert (undone["changed"], undone["covered"]) == (2, 0)
    assert platform.deposit(name)["deposit"] == yuan(0)
    lodged = platform.lodge(name, yuan(500), key="pay-1")
    assert lodged["amount"] == yuan(500)
    again = platform.lodge(name, yuan(500), key="pay-1")
    assert again == lodged
    assert platform.lodge(name, yuan(70), key="pay-2", frozen=True)["frozen"]
    pass_time(now())
    stands = platform.deposit(name)
    assert (stands["deposit"], stands["frozen"]) == (yuan(570), yuan(70))
    assert [(one["why"], one["amount"]) for one in platform.statement(name, limit=2)] == [
        ("deposit_lodged", yuan(70)),
        ("deposit_lodged", yuan(500)),
    ]
    wrong: Money = {"amount": 5, "currency": "USD"}
    assert refused(lambda: platform.lodge(name, wrong)) == (422, "currency_of_another")
    assert refused(lambda: platform.lodge(name, yuan(0))) == (
        422, "deposit_amount_not_positive",
    )  # fmt: skip
    assert refused(lambda: client("shop").deposit(name)) == (404, "not_found")
    assert [one["seller"] for one in client("shop").sellers()] == [SHOP]
    assert refused(lambda: client("shop").enrol("cn", ["x"], signed_by="x")) == (
        403, "not_of_platform",
    )  # fmt: skip


def test_a_claim_from_filing_to_the_payout(
    client: Callable[[str], Client], the_time: Callable[[datetime], None]
) -> None:
    platform, shop, adjudicator = client("platform"), client("shop"), client("adjudicator")
    before = book()
    claim = platform.file_claim(
        SHOP, claim="C/1", order="A", buyer="buyer", kind="not_as_described", words="blue, not red"
    )
    assert [one["party"] for one in claim["next_actions"]]
    exposure = claim["money"]["locked"]["amount"]
    assert book()["deposit"] == before["deposit"] - exposure
    shown = platform.show(
        SHOP, "C/1", [("it.png", photo().body)], kind="photo", party="buyer", key="1"
    )
    assert shown["etag"] != claim["etag"]
    again = platform.show(
        SHOP, "C/1", [("it.png", photo().body)], kind="photo", party="buyer", key="1"
    )
    assert again == shown, "another boundary of the form, and the same request"
    assert refused(lambda: platform.show(SHOP, "C/1", [], kind="photo", party="buyer")) == (
        422, "request_invalid",
    )  # fmt: skip
    assert refused(lambda: shop.show(SHOP, "C/1", [("x", b"x")], kind="photo", party="buyer")) == (
        403, "party_of_another",
    )  # fmt: skip
    denied = shop.answer(SHOP, "C/1", "deny", words="as in the picture")
    both = shop.show(SHOP, "C/1", [("proof.png", paper().body)], kind="certificate")
    assert both["state"] == "under_review"
    assert [one["claim"] for one in adjudicator.queue()] == ["C/1"]
    read = adjudicator.claim(SHOP, "C/1")
    assert read["proposed"] is not None

    def rule(by: Client, etag: str) -> RulingTold:
        return by.rule(SHOP, "C/1", "uphold", words="as proposed", etag=etag, key="ruling")

    assert refused(lambda: rule(adjudicator, denied["etag"])) == (412, "changed_meanwhile")
    assert refused(lambda: rule(adjudicator, "")) == (428, "if_match_missing")
    assert refused(lambda: rule(shop, read["etag"])) == (403, "scope_missing")
    assert fetch_rows("SELECT count(*) FROM hearings_ruling") == [(0,)]
    ruling = rule(adjudicator, read["etag"])
    assert ruling["outcome"] == "upheld"
    assert ruling["paid"]["amount"] > 0
    assert rule(adjudicator, read["etag"]) == ruling
    (kept,) = shop.rulings(SHOP, "C/1")["rulings"]
    assert kept["paid"] == ruling["paid"]
    assert kept["ruler"] == "", "a shop is not told who ruled"
    replayed = platform.replay(ruling["decision"])
    assert replayed["is_same"] is True
    assert [one["kind"] for one in replayed["kinds"]] == ["compensation", "ruling"]
    the_time(later(hours=1))
    pass_time(now())
    paid = platform.payouts(SHOP, claim="C/1")
    assert [one["amount"] for one in paid] == [ruling["paid"]]
    assert sum(book().values()) == 0
    assert platform.dossier(SHOP, "C/1", why="appeal")[:2] == b"PK"
    assert shop.export(SHOP, "C/1", "erc1497", files=True)[:2] == b"PK"
    assert shop.ask(SHOP, "when?")["number"] == 1
    answered = platform.say(SHOP, 1, "soon", speaker="specialist", by="ada")
    asked_by, answered_by = (one["by"] for one in answered["said"])
    assert (asked_by.partition(" (")[2][: len(SHOP) + 5], answered_by) == (f"{SHOP}, xb-", "ada")
    assert [one["due_at"] for one in shop.seller_threads(SHOP)] == [None]
    assert platform.link(SHOP, "A")["path"].startswith("/")
    assert [one["claim"] for one in platform.claims(SHOP)] == ["C/1"]
    assert list(platform.claims(SHOP, state="lapsed")) == []
    assert list(client("other shop").claims(OTHER_SHOP)) == []


def test_offers_exits_violations_packs_and_what_anybody_sees(
    client: Callable[[str], Client],
) -> None:
    platform, shop, staff = client("platform"), client("shop"), client("supervisor")
    platform.file_claim(SHOP, claim="C1", order="A", buyer="buyer", kind="damaged", talk=True)
    offered = shop.offer(SHOP, "C1", yuan(20))
    (offer,) = offered["offers"]
    assert (offer["party"], offer["amount"], offer["state"]) == ("seller", yuan(20), "standing")
    settled = platform.accept_offer(SHOP, "C1", offer["number"], party="buyer")
    assert settled["money"]["paid"] == yuan(20)
    check = shop.check_exit(SHOP, scope="part")
    assert check["deposit"]["amount"] == book()["deposit"]
    recorded = staff.record_violation(SHOP, "V1", "misdescribed", words="no")
    assert (recorded["violation"], recorded["seller"]) == ("V1", SHOP)
    assert refused(lambda: staff.decide_violation(SHOP, "V1", "revoke", words="x")) == (
        403, "violation_same_person",
    )  # fmt: skip
    assert shop.appeal_violation(SHOP, "V1", "it was right")["state"] == "appealed"
    revoked = platform.decide_violation(SHOP, "V1", "revoke", words="it was", by="another person")
    assert revoked["state"] == "revoked"
    (pack,) = platform.packs()["versions"]
    whole = platform.pack("cn", pack["version"])
    linted = platform.lint_pack(whole["files"])
    assert (linted["ok"], linted["findings"]) == (True, [])
    same = platform.diff_packs("cn", before=pack["version"], after=pack["version"])
    assert same["changes"] == []
    seen = httpx.Client(transport=httpx.WSGITransport(app=served)).get(
        f"http://localhost/api/v1/trust/{SHOP}"
    )
    assert seen.status_code == 200
    assert (seen.json()["shop"], seen.json()["standing"]) == (SHOP, "active")
