"""People walk their ways through the pages: a claim answered and ruled, a shop that leaves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.claims.making import NOW, SHOP, deny, file, later, paper, photo, put
from tests.exits.making import sweep as sweep_exits
from tests.web.matrix import BUYER, CLERK, NOBODY, OTHER_BUYER, OTHER_OWNER
from xiaobao.claims import acts as claims
from xiaobao.claims.facts import Ask, ClaimKind, ClaimState
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.evidence.facts import Kind, Party
from xiaobao.evidence.rules.dossiers import check
from xiaobao.exits import acts as exits
from xiaobao.exits import queries as exits_now
from xiaobao.exits.facts import ExitState, Reason, Scope
from xiaobao.kernel.contents import content_of
from xiaobao.kernel.references import id_of
from xiaobao.people import queries as people
from xiaobao.people.acts import grant
from xiaobao.people.facts import Actor, Role
from xiaobao.promises.facts import ViolationKind
from xiaobao.sellers import acts as sellers
from xiaobao.violations import acts as violations
from xiaobao.violations.facts import Source, State
from xiaobao.work.passes import make_pass

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import pytest
    from django.test import Client

SHOP_ID = id_of(SHOP)
CASE = f"/seller/{SHOP}/claims/C-1/"
DESK = f"/desk/claims/{SHOP}/C-1/"


def key_on(client: Client, address: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f]{32})"', client.get(address).content.decode())
    assert found is not None
    return found[1]


def state() -> ClaimState:
    return ClaimState(fetch_rows("SELECT state FROM claims_claim")[0][0])


def file_claim() -> None:
    claims.file_claim(
        seller=SHOP, order="A", claim="C-1", buyer="buyer", kind=ClaimKind.NOT_AS_DESCRIBED,
        ask=Ask.REFUND, words="it is blue", at=NOW,
    )  # fmt: skip


def test_the_seller_accepts_once_and_the_buyer_is_owed_it(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    file_claim()
    at(later(hours=1))
    owner = person("the owner")
    key = key_on(owner, CASE)
    for _ in range(2):
        assert owner.post(f"{CASE}answer/", {"act": "accept", "key": key}).status_code == 302
    assert state() == ClaimState.SETTLED
    assert fetch_rows("SELECT buyers, locked FROM ledger_book WHERE seller_id = %s",
                      [SHOP_ID]) == [(100_800, 0)]  # fmt: skip


def test_a_page_that_is_no_picture_is_refused_and_nothing_is_kept(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    file_claim()
    at(later(hours=1))
    owner = person("the owner")
    pieces = fetch_rows("SELECT count(*) FROM evidence_piece")
    page = SimpleUploadedFile("a.png", b"<html><script>alert(1)</script></html>")
    told = owner.post(
        f"{CASE}answer/",
        {"act": "deny", "evidence": "photo", "file": page, "key": key_on(owner, CASE)},
        follow=True,
    )
    assert "piece 1" in told.content.decode()
    assert state() == ClaimState.AWAITING_SELLER
    assert fetch_rows("SELECT count(*) FROM evidence_piece") == pieces


def test_an_adjudicator_rules_once_and_the_buyer_is_owed_it(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    row = file(claim="C-1")
    deny(row, paper(), at=later(hours=5))
    at(later(days=1))
    desk = person("the adjudicator")
    assert "C-1" in desk.get("/desk/").content.decode()
    proposed = key_on(desk, DESK)
    told = desk.post(f"{DESK}rule/", {"verdict": "nonsense", "key": proposed}, follow=True)
    assert "choose to uphold or to reject" in told.content.decode()
    assert fetch_rows("SELECT count(*) FROM hearings_ruling") == [(0,)]
    for _ in range(2):
        desk.post(f"{DESK}rule/", {"verdict": "uphold", "key": proposed}, follow=True)
    assert fetch_rows("SELECT ruler, paid_minor FROM hearings_ruling") == [
        ("the adjudicator", 100_800)
    ]
    assert ">Ruling " in desk.get(DESK).content.decode()


def test_a_buyer_claims_in_three_steps_with_a_photo(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    at(NOW)
    buyer = person(NOBODY)
    buyer.post(f"/buyer/open/{SHOP}/{make_pass(SHOP, 'A', at=NOW, until=later(days=1))}/")
    order = f"/buyer/{SHOP}/A/"
    shown = buyer.get(order).content.decode()
    assert "Ships on time" in shown
    assert "Tenfold" not in shown  # the market lists it, this shop does not give it
    asked = {"kind": "not_as_described", "ask": "refund", "key": key_on(buyer, order)}
    for nonsense in ("-1", "0", "1e3x", "1.001", "nan"):
        buyer.post(f"{order}file/", asked | {"loss": nonsense})
    assert fetch_rows("SELECT count(*) FROM claims_claim") == [(0,)]
    asked |= {"loss": "12.50"}
    asked_twice = [
        buyer.post(f"{order}file/", asked | {"file": SimpleUploadedFile("p.png", photo().body)})
        for _ in range(2)
    ]
    assert {one.status_code for one in asked_twice} == {302}
    [(name, locked, loss)] = fetch_rows(
        "SELECT claim_name, locked_minor, loss_minor FROM claims_claim"
    )
    # No multiple of a loss is due for goods not as described.
    assert (locked, loss) == (100_800, 1250)
    assert asked_twice[0]["Location"] == f"{order}{name}/"
    body = buyer.get(f"{order}{name}/").content.decode()
    assert "awaiting the seller" in body
    for _ in range(2):
        buyer.post(f"{order}{name}/do/", {"act": "withdraw", "key": "w"})
    assert state() == ClaimState.WITHDRAWN
    assert fetch_rows("SELECT locked FROM ledger_book WHERE seller_id = %s", [SHOP_ID]) == [(0,)]


def test_each_side_takes_its_own_dossier_away(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    at(NOW)
    row = file(claim="C-1")
    deny(row, paper(), at=later(hours=5))
    at(later(hours=6))
    for name, take, page, reader in (
        (BUYER, f"/buyer/{SHOP}/A/C-1/dossier/", f"/buyer/{SHOP}/A/C-1/", "buyer"),
        (CLERK, f"{CASE}dossier/", CASE, "seller"),
    ):
        client = person(name)
        assert f'action="{take}"' in client.get(page).content.decode()
        before = fetch_rows("SELECT count(*) FROM evidence_entry")
        given: Any = client.post(take)
        assert given.headers["Content-Disposition"] == 'attachment; filename="C-1.zip"'
        assert "no-store" in given.headers["Cache-Control"]
        checked = check(content_of(b"".join(given.streaming_content)))
        assert (checked.about["claim"], checked.about["reader"]) == ("C-1", reader)
        # That it left is written down, in the case's own chain.
        assert fetch_rows("SELECT count(*) FROM evidence_entry") != before
        outsider = person(NOBODY if reader == "buyer" else OTHER_OWNER)
        assert outsider.post(take).status_code == 404
        assert person(OTHER_BUYER).post(f"/buyer/{SHOP}/B/C-1/dossier/").status_code == 404


def test_the_buyer_of_a_claim_is_told_who_the_seller_is(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    at(NOW)
    file_claim()
    buyer, ask = person(BUYER), f"/buyer/{SHOP}/A/C-1/seller/"
    given = {"legal_name": "<b>Ltd", "address": "1 Road", "licence_number": "9133-0106"}
    sellers.update_profile(SHOP_ID, given, at=NOW)
    assert f'action="{ask}"' in buyer.get(f"/buyer/{SHOP}/A/C-1/").content.decode()
    told = buyer.post(ask)
    shown = told.content.decode()
    assert "no-store" in told.headers["Cache-Control"]
    assert [part in shown for part in ("&lt;b&gt;Ltd", "1 Road", "9133-0106", "<b>Ltd")] == [
        True, True, True, False,
    ]  # fmt: skip
    # Without a contact the platform answers for it.
    assert "claim from the platform itself" in shown
    sellers.update_profile(SHOP_ID, {"phone": "0571-1"}, at=NOW)
    execute("UPDATE sellers_seller SET is_natural_person = true")
    shown = buyer.post(ask).content.decode()
    assert ("0571-1" in shown, "9133-0106" in shown) == (True, False)
    assert "claim from the platform itself" not in shown
    for name in (OTHER_BUYER, NOBODY, CLERK):
        assert person(name).post(ask).status_code == 404
    assert [(one.name, one.role, one.page) for one in people.looks()] == [
        ("", None, "buyer-seller C-1")
    ] * 2
    boss = person("the supervisor")
    log = boss.get("/administration/log/?of=looks").content.decode()
    assert "who the seller is, for the buyer of claim" in log.lower()


def test_a_shop_applies_is_followed_and_calls_it_off(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    at(later(days=1))
    owner, address = person("the owner"), f"/seller/{SHOP}/leaving/"
    asked = {
        "scope": "part",
        "amount": "1.00",
        "reason": "own_wish",
        "key": key_on(owner, address),
    }
    told = owner.post(f"{address}apply/", asked | {"amount": "-1"}, follow=True)
    assert "give the positive amount" in told.content.decode()
    assert fetch_rows("SELECT count(*) FROM exits_exit") == [(0,)]
    book = fetch_rows("SELECT * FROM ledger_book WHERE seller_id = %s", [SHOP_ID])
    for _ in range(2):
        proof = SimpleUploadedFile("p.png", photo().body)
        owner.post(f"{address}apply/", asked | {"evidence": "hardship_proof", "file": proof})
    drafted = fetch_rows("SELECT state, asked_minor FROM exits_exit")
    assert drafted == [(ExitState.DRAFT, 100)]
    assert fetch_rows("SELECT kind, party FROM evidence_piece WHERE case_id = %s", [SHOP_ID]) == [
        (Kind.HARDSHIP_PROOF, Party.SELLER)
    ]
    told = owner.post(f"{address}submit/", follow=True)
    assert "the account to pay to is not complete" in told.content.decode()
    assert fetch_rows("SELECT state, asked_minor FROM exits_exit") == drafted
    sellers.update_profile(
        SHOP_ID, {"payout_account": "shop@example.com", "legal_name": "Shop Ltd"}, at=later(days=1)
    )
    for _ in range(2):
        owner.post(f"{address}submit/")
    [(state_now,)] = fetch_rows("SELECT state FROM exits_exit")
    assert state_now not in (ExitState.DRAFT, ExitState.CANCELLED)
    assert person("the adjudicator").get("/desk/exits/").status_code == 200
    owner.post(f"{address}cancel/")
    assert "cancelled" in owner.get(address).content.decode()
    assert fetch_rows("SELECT * FROM ledger_book WHERE seller_id = %s", [SHOP_ID]) == book


def test_a_large_exit_leaves_only_once_two_have_signed(
    person: Callable[[str], Client],
    at: Callable[[datetime], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    when = later(days=1)
    at(when)
    for module in ("countersign.pages", "signing"):
        monkeypatch.setattr(f"xiaobao.web.{module}.now", lambda: when)
    put(SHOP, 4_600_000)
    bound = {"payout_account": "shop@example.com", "legal_name": "Shop Ltd"}
    sellers.update_profile(SHOP_ID, bound, at=NOW)
    exits.apply_for_exit(
        SHOP_ID, scope=Scope.PART, reason=Reason.OWN_WISH, amount_minor=5_000_000, key="k",
        by="the owner", at=later(hours=1),
    )  # fmt: skip
    sweep_exits(when)
    # The money that takes two comes in after the first look.
    first_looks, most = iter([0]), exits_now.most_to_leave
    monkeypatch.setattr(
        "xiaobao.exits.queries.most_to_leave", lambda shop: next(first_looks, most(shop))
    )
    desk, second = person("the adjudicator"), person("another adjudicator")
    grant("another adjudicator", Role.ADJUDICATOR, by=Actor(0, "operator"), at=NOW)
    book = fetch_rows("SELECT * FROM ledger_book WHERE seller_id = %s", [SHOP_ID])
    decide = f"/desk/exits/{SHOP}/decide/"
    told = desk.post(decide, {"act": "approve", "words": "fine"}, follow=True)
    assert "once another person signs" in told.content.decode()
    assert fetch_rows("SELECT * FROM ledger_book WHERE seller_id = %s", [SHOP_ID]) == book
    [intent] = people.intents(at=when)
    assert (intent.amount_minor, intent.words) == (5_100_000, "fine")
    sign = f"/countersign/{intent.intent_id}/"
    assert "¥51,000.00" in second.get("/countersign/").content.decode()
    desk.post(sign, {"act": "sign"})
    assert fetch_rows("SELECT * FROM ledger_book WHERE seller_id = %s", [SHOP_ID]) == book
    # A fen more leaves than the first of them signed for: nothing does.
    signed = "UPDATE people_intent SET amount_minor = %s"
    execute(signed, [4_999_999])
    told = second.post(sign, {"act": "sign"}, follow=True)
    assert "¥50,000.00 would leave now, more than the ¥49,999.99" in told.content.decode()
    assert fetch_rows("SELECT * FROM ledger_book WHERE seller_id = %s", [SHOP_ID]) == book
    assert len(people.intents(at=when)) == 1
    execute(signed, [5_000_000])
    for _ in range(2):
        second.post(sign, {"act": "sign"})
    assert fetch_rows("SELECT by FROM exits_event WHERE by LIKE %s", ["%+%"]) == [
        ("the adjudicator + another adjudicator",)
    ]


def test_both_sides_offer_and_the_seller_takes_the_counter_offer(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    file_claim()
    at(later(hours=1))
    owner, buyer = person("the owner"), person(BUYER)
    ask = f"/buyer/{SHOP}/A/C-1/do/"
    words = {"words": "<b>half</b>"}
    owner.post(f"{CASE}answer/", {"act": "offer", "amount": "500", "key": "o1"} | words)
    assert state() == ClaimState.NEGOTIATING
    body = buyer.get(f"/buyer/{SHOP}/A/C-1/").content.decode()
    assert "¥500.00" in body
    assert "<b>half" not in body
    # Nobody takes their own offer, or one that was never made; nonsense is no sum.
    for asked in ({"number": "1"}, {"number": "7"}, {"number": "x"}):
        owner.post(f"{CASE}answer/", {"act": "take", "key": f"t{asked['number']}"} | asked)
    buyer.post(ask, {"act": "offer", "amount": "-1", "key": "o2"})
    assert fetch_rows("SELECT count(*) FROM claims_offer") == [(1,)]
    buyer.post(ask, {"act": "offer", "amount": "800.01", "with_return": "no", "key": "o3"})
    assert state() == ClaimState.NEGOTIATING
    for _ in range(2):
        owner.post(f"{CASE}answer/", {"act": "take", "number": "2", "key": "t2"})
    assert state() == ClaimState.SETTLED
    assert fetch_rows("SELECT buyers, locked FROM ledger_book WHERE seller_id = %s",
                      [SHOP_ID]) == [(80_001, 0)]  # fmt: skip


def test_a_shop_sees_what_was_found_and_appeals_once(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    violations.record_violation(
        SHOP_ID, "V/1", kind=ViolationKind.MISDESCRIBED, source=Source.INSPECTION,
        by="an inspector", words="<b>found</b>", at=NOW,
    )  # fmt: skip
    at(later(hours=1))
    owner, one = person("the owner"), f"/seller/{SHOP}/violations/V~11/"
    assert "Goods misdescribed" in owner.get(f"/seller/{SHOP}/violations/").content.decode()
    body = owner.get(one).content.decode()
    assert "&lt;b&gt;found" in body
    assert f'action="{one}appeal/"' in body
    asked = {"words": "it is as shown"}
    assert person("the clerk").post(f"{one}appeal/", asked).status_code == 404
    owner.post(f"{one}appeal/")  # an appeal says why
    states = "SELECT state FROM violations_violation"
    assert fetch_rows(states) == [(State.NOTIFIED,)]
    for _ in range(2):
        assert owner.post(f"{one}appeal/", asked)["Location"] == one
    assert fetch_rows(states) == [(State.APPEALED,)]
    assert f'action="{one}appeal/"' not in owner.get(one).content.decode()
