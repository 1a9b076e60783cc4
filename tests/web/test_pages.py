"""What pages say and do: both languages, money to the fen, one act for one form."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.claims.making import NOW, SHOP, place, put
from tests.later_pack import announced_pack, china_pack, later_pack
from xiaobao.claims import acts as claims
from xiaobao.claims.facts import Ask, ClaimKind
from xiaobao.database.sets import fetch_rows
from xiaobao.evidence.facts import Kind
from xiaobao.exits import queries as exits
from xiaobao.kernel.references import id_of
from xiaobao.promises import queries as promises
from xiaobao.promises.acts import announce_pack, comment_on, consult_on, reply_to
from xiaobao.sellers import acts
from xiaobao.sellers import queries as sellers
from xiaobao.work import noticing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HAN = re.compile(r"[\u4e00-\u9fff]")
WORDS = "long enough words"
PROBE = "<script>alert(1)</script>"


def text_of(body: bytes) -> str:
    """What a person reads of a page: without tags, scripts and attributes."""
    return unescape(re.sub(r"<[^>]+>", " ", body.decode()))


@pytest.fixture
def owner(person: Callable[[str], Client]) -> Client:
    return person("the owner")


def test_the_overview_shows_the_deposit_to_the_fen(owner: Client) -> None:
    body = owner.get(f"/seller/{SHOP}/").content.decode()
    [(deposit,)] = fetch_rows(
        "SELECT deposit FROM ledger_book WHERE seller_id = %s", [id_of(SHOP)]
    )
    assert deposit == 500_000
    assert "¥5,000.00" in body


def test_pages_in_english_hold_no_chinese_but_names(owner: Client) -> None:
    pages = ("", "deposit/", "deposit/statement/", "items/", "claims/", "policy/", "leaving/",
             "violations/", "file/", "advice/")  # fmt: skip
    for page in pages:
        text = text_of(owner.get(f"/seller/{SHOP}/{page}").content)
        assert set(HAN.findall(text)) <= set("消保中文"), page
        assert not set(text) & set("：、（），；"), page


def test_pages_in_chinese_are_chinese(owner: Client) -> None:
    owner.cookies["lang"] = "zh"
    response = owner.get(f"/seller/{SHOP}/deposit/")
    assert response.headers["Content-Language"] == "zh"
    assert "保证金" in response.content.decode()


def test_the_language_is_chosen_and_kept(owner: Client) -> None:
    response = owner.post("/language/", {"lang": "zh", "next": f"/seller/{SHOP}/"})
    assert (response.status_code, response["Location"]) == (302, f"/seller/{SHOP}/")
    assert owner.cookies["lang"].value == "zh"
    away = owner.post("/language/", {"lang": "zh", "next": "https://elsewhere.example/"})
    assert away["Location"] == "/"


def test_one_form_lodges_once(
    owner: Client, settings: object, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIAOBAO_HOME", str(tmp_path))
    asked = {"amount": "12.34", "key": "one form"}
    for _ in range(2):
        assert owner.post(f"/seller/{SHOP}/deposit/lodge/", asked).status_code == 302
    rows = fetch_rows(
        "SELECT amount_minor FROM deposits_lodgement WHERE seller_id = %s", [id_of(SHOP)]
    )
    assert rows == [(1234,)]


@pytest.mark.parametrize("amount", ["", "-1", "0", "1.234", "1e30", "NaN", "¥5", "9" * 30])
def test_amounts_that_are_none_are_told_and_nothing_is_lodged(amount: str, owner: Client) -> None:
    before = fetch_rows("SELECT count(*) FROM deposits_lodgement")
    response = owner.post(
        f"/seller/{SHOP}/deposit/lodge/", {"amount": amount, "key": "k"}, follow=True
    )
    assert response.status_code == 422
    assert 'aria-describedby="wrong-0" aria-invalid="true"' in response.content.decode()
    assert fetch_rows("SELECT count(*) FROM deposits_lodgement") == before


def test_items_are_marked_after_a_preview_and_undone_whole(owner: Client) -> None:
    address = f"/seller/{SHOP}/items/"
    marks = "SELECT count(*) FROM sellers_mark WHERE seller_id = %s"
    asked = {"names": "tea\ncup", "act": "mark"}
    text = " ".join(text_of(owner.post(f"{address}change/", asked).content).split())
    assert "Would change 2 Already so 0" in text
    assert fetch_rows(marks, [id_of(SHOP)]) == [(0,)]
    for _ in range(2):
        assert owner.post(f"{address}change/", asked | {"sure": "yes"})["Location"] == address
    assert fetch_rows(marks, [id_of(SHOP)]) == [(2,)]
    told = owner.post(f"{address}change/", {"act": "mark"}, follow=True)
    assert "choose or name an item first" in text_of(told.content)
    # What was filtered stays so where nothing of it was ticked.
    asked = {"act": "mark", "q": "te*", "covered": "yes"}
    told = owner.post(f"{address}change/", asked, follow=True)
    assert told.status_code == 422
    assert "choose or name an item first" in text_of(told.content)
    assert 'value="te*"' in told.content.decode()
    found = text_of(owner.get(f"{address}?q=tea&covered=yes").content)
    assert "tea" in found
    assert "cup" not in found.replace("e.g. cup*", "")
    assert "No item fits" in text_of(owner.get(f"{address}?q=tea&covered=no").content)
    assert "No item fits" in text_of(owner.get(f"{address}?q=t_a%25").content)
    assert owner.get(f"{address}?q=%00tea").content.count(b'name="item"') == 1
    [batch] = sellers.batches_of(id_of(SHOP))
    for _ in range(2):
        owner.post(f"{address}undo/", {"batch": str(batch.batch)})
    assert sellers.items_covered(id_of(SHOP)) == 0
    assert fetch_rows(marks, [id_of(SHOP)]) == [(4,)]
    told = owner.post(f"{address}undo/", {"batch": PROBE}, follow=True)
    assert "no such batch" in text_of(told.content)


def test_all_that_a_filter_finds_is_marked_as_it_was_shown_or_shown_again(owner: Client) -> None:
    address = f"/seller/{SHOP}/items/"
    names = [f"cup {n:03}" for n in range(120)]
    every = "\n".join([*names, "tea"])
    owner.post(f"{address}change/", {"names": every, "act": "mark", "sure": "yes"})
    owner.post(f"{address}change/", {"names": every, "act": "unmark", "sure": "yes"})
    asked = {"act": "mark", "every": "yes", "q": "cup", "covered": "no"}

    def shown(**more: str) -> tuple[str, str]:
        """What the page says, and what tells that it is still so."""
        page = owner.post(f"{address}change/", asked | more).content
        return " ".join(text_of(page).split()), re.findall(r'name="seen" value="(\w+)"',
                                                           page.decode())[0]  # fmt: skip

    text, seen = shown()
    assert "Would change 120 Already so 0" in text
    # More than a page of them, and their names are not sent to and fro.
    assert names[119] not in text
    owner.post(f"{address}change/", {"names": names[5], "act": "mark", "sure": "yes"})
    text, anew = shown(sure="yes", seen=seen)
    assert "What the filter finds has changed meanwhile: look again." in text
    assert "Would change 119" in text
    assert sellers.items_covered(id_of(SHOP)) == 1
    done = owner.post(f"{address}change/", asked | {"sure": "yes", "seen": anew})
    assert done["Location"] == address
    assert sellers.items_covered(id_of(SHOP)) == 120
    [batch, *_] = sellers.batches_of(id_of(SHOP))
    assert (batch.items, batch.standing) == (119, 119)
    owner.post(f"{address}undo/", {"batch": str(batch.batch)})
    assert sellers.items_covered(id_of(SHOP)) == 1


def test_the_statement_is_taken_away_to_the_fen(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    response = owner.get(f"/seller/{SHOP}/deposit/statement.csv?account=deposit")
    assert (
        response.headers["Content-Disposition"] == 'attachment; filename="statement-deposit.csv"'
    )
    [head, line] = list(csv.reader(response.getvalue().decode("utf-8-sig").splitlines()))
    assert head == ["number", "time", "why", "change", "balance", "currency", "cause"]
    assert line[3:6] == ["5000.00", "5000.00", "CNY"]
    # However long it is, it is whole, and no more than a portion of it is ever held.
    for more in (1, 20, 300, 4000):
        put(SHOP, more)
    monkeypatch.setattr("xiaobao.web.statements.AT_A_TIME", 2)
    told: Any = owner.get(f"/seller/{SHOP}/deposit/statement.csv?account=deposit")
    portions = [part.decode().splitlines() for part in told.streaming_content]
    assert [len(one) for one in portions] == [1, 2, 2, 1]
    lines = [line for part in portions[1:] for line in part]
    assert [one[3:5] for one in csv.reader(lines)] == [
        ["40.00", "5043.21"], ["3.00", "5003.21"], ["0.20", "5000.21"], ["0.01", "5000.01"],
        ["5000.00", "5000.00"],
    ]  # fmt: skip
    assert owner.get(f"/seller/{SHOP}/deposit/statement.csv?account=all").status_code == 404


def test_what_is_missing_is_paid_in_instalments_and_a_share_withheld(owner: Client) -> None:
    address = f"/seller/{SHOP}/deposit/mix/"
    told = owner.post(address, {"act": "reserve", "count": "15"}, follow=True)
    assert "from the next settlement on" in text_of(told.content)
    mixes = "SELECT reserve_bps, deferred_minor FROM deposits_mix WHERE seller_id = %s"
    assert fetch_rows(mixes, [id_of(SHOP)]) == [(1500, 0)]
    for nonsense in ("101", "-1", "", "½", "9" * 9):
        owner.post(address, {"act": "reserve", "count": nonsense})
    told = owner.post(address, {"act": "instalments", "count": "6"}, follow=True)
    assert "short of nothing" in text_of(told.content)
    assert fetch_rows(mixes, [id_of(SHOP)]) == [(1500, 0)]


def test_a_shop_keeps_its_own_file(owner: Client, person: Callable[[str], Client]) -> None:
    address = f"/seller/{SHOP}/file/"
    for _ in range(2):
        notice = SimpleUploadedFile("notice.txt", "从十月起".encode())
        told = owner.post(
            address, {"evidence": "policy_notice", "words": PROBE, "file": notice}, follow=True
        )
    assert "0 taken, 1 were here before" in text_of(told.content)
    assert PROBE not in told.content.decode()
    assert fetch_rows("SELECT kind FROM evidence_piece WHERE case_id = %s", [id_of(SHOP)]) == [
        (Kind.POLICY_NOTICE,)
    ]
    given = owner.get(f"{address}1/")
    assert given.getvalue().decode() == "从十月起"
    assert given.headers["Content-Disposition"] == 'attachment; filename="evidence-1.txt"'
    assert given.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert owner.get(f"{address}2/").status_code == 404
    page = SimpleUploadedFile("a.png", b"<html><script>alert(1)</script></html>")
    owner.post(address, {"evidence": "photo", "file": page})
    assert fetch_rows("SELECT count(*) FROM evidence_piece") == [(1,)]


def test_a_specialist_is_asked_once(owner: Client) -> None:
    address = f"/seller/{SHOP}/advice/"
    asked = {"topic": PROBE, "words": "how do I leave?", "key": "one form"}
    for _ in range(2):
        assert owner.post(f"{address}ask/", asked)["Location"] == address
    assert [one.topic for one in exits.consults_of(id_of(SHOP))] == [PROBE]
    for _ in range(2):
        owner.post(f"{address}1/", {"act": "say", "words": "and when?", "key": "another"})
    owner.post(f"{address}1/", {"act": "close", "key": "x"})
    [thread] = exits.consults_of(id_of(SHOP))
    assert [one.words for one in thread.words] == ["how do I leave?", "and when?"]
    assert thread.closed_at is not None
    body = owner.get(address).content.decode()
    assert PROBE not in body
    assert "how do I leave?" in body


def test_words_from_outside_are_words_on_a_page(owner: Client) -> None:
    market = promises.market("cn")
    place("B", market)
    claims.file_claim(
        seller=SHOP, order="B", claim="C-1", buyer="buyer", kind=ClaimKind.NOT_AS_DESCRIBED,
        ask=Ask.REFUND, words=PROBE, at=NOW,
    )  # fmt: skip
    body = owner.get(f"/seller/{SHOP}/claims/C-1/").content.decode()
    assert PROBE not in body
    assert "&lt;script&gt;" in body


def test_policies_are_taken_away_as_they_were_published(owner: Client) -> None:
    [pack] = promises.packs()
    text = promises.pack_files(pack.pack_id)["clocks.csv"]
    response = owner.get(f"/policy/{pack.pack_id}/clocks.csv")
    assert response.content.decode() == text
    assert owner.get(f"/policy/{pack.pack_id}/../secret").status_code == 404


def test_what_is_announced_is_shown_with_what_was_said_of_it(
    owner: Client, tmp_path: Path
) -> None:
    folder = china_pack(tmp_path / "pack")
    name = later_pack(
        folder, "next", announced="2026-05-01", effective="2026-05-08", bps=550, is_major=False
    )
    may = datetime(2026, 5, 1, 4, tzinfo=UTC)
    consult_on(name, by="operator", at=may - timedelta(days=20))
    number = comment_on("cn", "next", words=PROBE, by="a shop", at=may - timedelta(days=9))
    reply_to(number, words="noted", by="operator", at=may)
    announce_pack(name, by="operator", at=may)
    body = owner.get("/policy/").content.decode()
    assert "Version next" in body
    assert "noted" in body
    assert PROBE not in body
    assert "first published" in body


def test_a_shop_is_told_what_changes_and_answers(
    owner: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may = datetime(2026, 5, 1, 4, tzinfo=UTC)
    announced_pack(china_pack(tmp_path / "pack"), "next", at=may)
    noticing.tell_announced(may)
    monkeypatch.setattr("xiaobao.web.seller.pages.policy.now", lambda: may + timedelta(days=1))
    address = f"/seller/{SHOP}/policy/"
    body = owner.get(address).content.decode()
    assert "share paid from 5% to 5.5%" in body
    assert "once more" in body

    for said in ("object", "object", "accept", "object"):
        asked = {"version": "next", "answer": said}
        assert owner.post(f"{address}answer/", asked)["Location"] == address
    seller_id = id_of(SHOP)
    answers = [one.is_accepted for one in sellers.answers_of(seller_id)]
    assert answers == [False, True, False]
    body = owner.get(address).content.decode()
    assert "You objected" in body
    assert "You objected to version next" in body
    # The form of this version comes back; what is about another is told on the page.
    for nonsense, status in (({"version": "next", "answer": "perhaps"}, 422),
                             ({"answer": "accept"}, 302),
                             ({"version": PROBE, "answer": "accept"}, 302)):  # fmt: skip
        assert owner.post(f"{address}answer/", nonsense).status_code == status
        body = owner.get(address).content.decode()
        assert PROBE not in body
        assert ('class="told error' in body) == (status == 302)
    assert len(sellers.answers_of(seller_id)) == 3


def test_what_a_browser_is_told(owner: Client) -> None:
    response = owner.get(f"/seller/{SHOP}/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_form_from_elsewhere_is_refused(world: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/language/", {"lang": "zh"}).status_code == 403


def test_a_session_is_another_after_signing_in(world: None) -> None:
    from django.contrib.auth import get_user_model

    get_user_model().objects.create_user("somebody", password=WORDS)
    client = Client()
    client.get("/account/login/")
    client.session["x"] = 1
    client.session.save()
    before = client.session.session_key
    client.post("/account/login/", {"login": "somebody", "password": WORDS})
    assert "_auth_user_id" in client.session
    assert client.session.session_key != before


PAGES = (
    f"/seller/{SHOP}/", f"/seller/{SHOP}/deposit/", f"/seller/{SHOP}/deposit/statement/",
    f"/seller/{SHOP}/items/", f"/seller/{SHOP}/claims/", f"/seller/{SHOP}/violations/",
    f"/seller/{SHOP}/file/", f"/seller/{SHOP}/leaving/", f"/seller/{SHOP}/advice/",
    f"/shop/{SHOP}/", f"/shop/{SHOP}/label.json", "/register/",
)  # fmt: skip
MOST_QUESTIONS = 60


def test_questions_of_a_page_do_not_grow_with_rows(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every statement is counted where it leaves for the database: most pass Django by."""
    asked: list[object] = []
    execute = psycopg.Cursor.execute

    def noted(self: psycopg.Cursor, query: Any, *given: Any, **more: Any) -> psycopg.Cursor:
        asked.append(query)
        return execute(self, query, *given, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", noted)

    def questions() -> dict[str, int]:
        counts = {}
        for page in PAGES:
            asked.clear()
            assert owner.get(page).status_code == 200
            counts[page] = len(asked)
        return counts

    market = promises.market("cn")

    def fill(first: int, last: int) -> None:
        names = [f"item {n}" for n in range(first, last)]
        for batch in range(6):  # more than are shown
            at = NOW + timedelta(minutes=last, seconds=batch)
            acts.mark_items(id_of(SHOP), names[batch::6], at=at)
        for n in range(first, min(last, first + 8)):
            place(f"O{n}", market)
            claims.file_claim(
                seller=SHOP, order=f"O{n}", buyer="buyer", kind=ClaimKind.NOT_AS_DESCRIBED,
                ask=Ask.REFUND, claim=f"C-{n}", words="it is blue", at=NOW,
            )  # fmt: skip

    questions()  # what is kept in the process is read once
    fill(0, 12)
    few = questions()
    fill(12, 300)
    assert questions() == few
    assert max(few.values()) <= MOST_QUESTIONS, few
    # Counting counts: a page that asks nothing is none of ours.
    assert min(few.values()) >= 3, few
