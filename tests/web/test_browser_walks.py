"""People walk their ways in a real browser with scripts off, on a phone and at a desk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.claims.making import NOW, SHOP, later, paper, photo, place
from tests.web.conftest import prove
from tests.web.test_browser import CHROMIUM, DESK, PHONE, QUIET, served
from xiaobao.database.sets import fetch_rows
from xiaobao.exits.facts import ExitState
from xiaobao.kernel.references import id_of
from xiaobao.people.acts import add_member
from xiaobao.people.facts import STAFF, Role
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.acts import invite_sellers
from xiaobao.sellers.facts import Standing
from xiaobao.work.passes import make_pass
from xiaobao.work.run import pass_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from playwright.sync_api import Page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
__all__ = ["served"]


def session_of(name: str, *roles: tuple[Role, int]) -> str:
    user = get_user_model().objects.create_user(name)
    for role, seller_id in roles:
        add_member(user.pk, role, seller_id, at=NOW)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    prove(client)
    return client.cookies["sessionid"].value


class Walker:
    """One person with a browser whose scripts are off."""

    def __init__(self, browser: Any, base: str, language: str, width: int, session: str) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=False
        )
        cookies = [{"name": "lang", "value": language, "url": base}]
        if session:
            cookies.append({"name": "sessionid", "value": session, "url": base})
        self.context.add_cookies(cookies)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.base = base

    def open(self, address: str) -> None:
        answer = self.page.goto(self.base + address)
        assert answer is not None
        assert answer.status == 200, address

    def press(self, **button: str) -> None:
        [(name, value)] = button.items()
        self.page.locator(f'button[name="{name}"][value="{value}"]').first.click()

    def reads(self, words: str) -> bool:
        return words in self.page.locator("main").inner_text()


def joins_lodges_marks_and_undoes(
    owner: Walker, shop: str, at: Callable[[datetime], None]
) -> None:
    page, here = owner.page, f"/seller/{shop}/"
    owner.open(here)
    page.locator(".card.next a.button").click()
    owner.press(act="sign")
    [row] = [one for one in sellers.sellers(limit=50) if one.name == shop]
    assert row.state is Standing.ACTIVE
    owner.open(f"{here}deposit/")
    page.fill("#amount", "1000")
    with page.expect_navigation():
        page.locator("#amount ~ p button").click()
    book = "SELECT deposit FROM ledger_book WHERE seller_id = %s"
    assert fetch_rows(book, [row.seller_id]) == [(100_000,)]
    owner.open(f"{here}items/")
    page.fill("#names", "tea\ncup")
    owner.press(act="mark")
    assert sellers.items_covered(row.seller_id) == 0  # a preview: nothing yet
    page.locator('input[name="sure"] ~ p button').click()
    assert sellers.items_covered(row.seller_id) == 2
    at(later(minutes=1))
    page.locator('form[action$="/items/undo/"] button').click()
    assert sellers.items_covered(row.seller_id) == 0


def claims_in_three_taps(buyer: Walker, order: str) -> str:
    secret = make_pass(SHOP, order, at=NOW, until=later(days=900))
    page = buyer.page
    buyer.open(f"/buyer/open/{SHOP}/{secret}/")
    page.locator("main button").click()
    page.locator('input[name="kind"][value="not_as_described"]').check()
    page.set_input_files(
        "#file", {"name": "photo.png", "mimeType": "image/png", "buffer": photo(id_of(order)).body}
    )
    page.locator("p.step button").click()
    [(claim, locked)] = fetch_rows(
        "SELECT claim_name, locked_minor FROM claims_claim WHERE order_name = %s", [order]
    )
    assert locked == 100_800
    # What silence means is said: "若不" or "If not".
    assert buyer.reads("不做的话") or buyer.reads("If not")
    page.locator(f'a[href*="{claim}/"]').filter(has_text=re.compile("照片|(?i:photo)")).click()
    assert page.locator("img").count() == 1
    return str(claim)


def answers(owner: Walker, claim: str) -> None:
    owner.open(f"/seller/{SHOP}/claims/{claim}/")
    owner.page.select_option("#evidence", "certificate")
    given = paper()
    owner.page.set_input_files(
        "#file", {"name": "paper.png", "mimeType": "image/png", "buffer": given.body}
    )
    owner.page.fill("#words", "as described")
    owner.press(act="deny")


def rules(desk: Walker, claim: str) -> None:
    desk.open(f"/desk/claims/{SHOP}/{claim}/")
    desk.press(verdict="uphold")


def leaves_with_a_part(owner: Walker, desk: Walker, at: Callable[[datetime], None]) -> None:
    page, here = owner.page, f"/seller/{SHOP}/"
    owner.open(f"{here}joining/")
    page.fill("#p-legal_name", "Shop Ltd")
    page.fill("#p-payout_account", "shop@example.com")
    owner.press(act="describe")
    owner.open(f"{here}leaving/?scope=part")
    page.fill("#amount", "12.34")
    page.locator('form[action$="/leaving/apply/"] button').click()
    page.locator('form[action$="/leaving/submit/"] button').click()
    newest = "SELECT state, paid_minor FROM exits_exit ORDER BY number DESC LIMIT 1"
    [(state, paid)] = fetch_rows(newest)
    assert (state, paid) == (ExitState.UNDER_REVIEW, 0)
    desk.open("/desk/exits/")
    desk.press(act="approve")
    assert fetch_rows(newest)[0][0] == ExitState.APPROVED
    pass_time(later(days=3))
    assert fetch_rows(newest) == [(ExitState.PAID, 1234)]
    at(later(days=3))
    owner.open(f"{here}leaving/")
    assert owner.reads("¥12.34")


def test_people_walk_their_ways_without_scripts(
    served: str, at: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The browser's library runs a loop in this thread; nothing else does while we ask.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    from playwright.sync_api import sync_playwright

    market = promises.market("cn")
    owner = session_of("the owner", (Role.OWNER, id_of(SHOP)))
    desk = session_of("the adjudicator", (Role.ADJUDICATOR, STAFF))
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for language, width in (("zh", PHONE), ("en", DESK)):
            shop, order = f"新店 {language}", f"O-{language}"
            [seller_id] = invite_sellers([shop], market_id=market.market_id, at=NOW).tolist()
            place(order, market)
            newcomer = session_of(f"of {shop}", (Role.OWNER, seller_id))

            def walker(session: str, language: str = language, width: int = width) -> Walker:
                return Walker(browser, served, language, width, session)

            at(NOW)
            joins_lodges_marks_and_undoes(walker(newcomer), shop, at)
            buyer = walker("")
            claim = claims_in_three_taps(buyer, order)
            at(later(hours=5))
            answers(walker(owner), claim)
            at(later(days=1))
            rules(walker(desk), claim)
            buyer.page.goto(f"{served}/buyer/{SHOP}/{order}/{claim}/")
            assert buyer.reads("¥1,008.00")
            assert re.search("已赔付给您|Paid to you", buyer.page.locator("main").inner_text())
        at(later(days=1))
        leaves_with_a_part(walker(owner), walker(desk), at)
        browser.close()
