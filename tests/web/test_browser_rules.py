"""A rule from its draft to a seller's answer, walked in a browser without scripts, zh and en."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.claims.making import NOW, SHOP, later
from tests.later_pack import china_pack, later_pack
from tests.web.conftest import prove
from tests.web.test_browser import CHROMIUM, DESK, PHONE, QUIET, served
from tests.web.test_browser_walks import Walker, session_of
from tests.web.test_proving import LONG_AGO, PROVE, with_totp
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.references import id_of
from xiaobao.people.acts import add_member
from xiaobao.people.facts import STAFF, Role
from xiaobao.promises import acts
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import PackState
from xiaobao.sellers import queries as sellers
from xiaobao.work import comparisons, noticing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from playwright.sync_api import Browser, Download

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
__all__ = ["served"]

CONSULTED = 8  # days from the draft to its announcement
WORDS = {
    "zh": {
        "clean": "没有发现问题", "late": "延迟发货", "waits": "排队计算",
        "none": "还没有在历史上回放过", "chart": "按承诺", "own": "笔订单按前后规则各算一遍",
        "accepted": "您已接受", "gone": "已撤回",
    },
    "en": {
        "clean": "Checked: nothing is wrong", "late": "late shipping",
        "waits": "waits to be reckoned",
        "none": "not compared over history yet", "chart": "From sellers, by promise",
        "own": "judged once more", "accepted": "You accepted", "gone": "Withdrawn",
    },
}  # fmt: skip


def lapsed(name: str) -> tuple[str, str]:
    """A policy owner whose second factor was long ago; and what their authenticator shows."""
    user = get_user_model().objects.create_user(name)
    add_member(user.pk, Role.POLICY, STAFF, at=NOW)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    code = with_totp(client)
    prove(client, seconds_ago=LONG_AGO)
    return client.cookies["sessionid"].value, code


def hands_in(owner: Walker, folder: str, act: str, **others: bytes) -> None:
    texts = {path.name: path.read_bytes() for path in Path(folder).iterdir()} | others
    from playwright.sync_api import FilePayload

    owner.open("/policy-desk/check/")
    owner.page.set_input_files(
        "#files",
        [FilePayload(name=n, mimeType="text/plain", buffer=body) for n, body in texts.items()],
    )
    owner.press(act=act)


def checks_and_consults(owner: Walker, folder: str, words: dict[str, str]) -> None:
    head = (Path(folder) / "pack.toml").read_bytes()
    # What is broken is named by file and field, and goes nowhere.
    hands_in(owner, folder, "consult", **{"pack.toml": head.replace(b"announced = ", b"said = ")})
    assert owner.reads("pack.toml")
    assert not owner.reads(words["clean"])
    hands_in(owner, folder, "consult")
    assert "/policy-desk/drafts/" in owner.page.url
    assert owner.reads(words["clean"])
    assert owner.reads(words["late"])


def compares(owner: Walker, at: datetime, words: dict[str, str]) -> None:
    """Asked for on the page, reckoned beside the clocks, seen before anything is announced."""
    page, here = owner.page, owner.page.url.removeprefix(owner.base)
    assert owner.reads(words["none"])
    page.locator('form[action$="/compare/"] button').click()
    assert owner.reads(words["waits"])
    assert page.locator('form[action$="/compare/"]').count() == 0
    assert comparisons.reckon_asked(at) == 1
    owner.open(here)
    page.locator('a[href*="/comparisons/"]').last.click()
    assert owner.reads(words["chart"])
    charts = page.locator("svg.bars").count()
    assert charts == page.locator("svg.bars + :is(.scroll, details) table").count() >= 5
    with page.expect_download() as taken:
        page.locator("a[download]").click()
    told: Download = taken.value
    text = Path(told.path()).read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "<script" not in text
    owner.open(here)


def announces_by_two(owner: Walker, second: Walker, version: str, code: str) -> None:
    """With a fresh second factor of the first, and the signature of the second."""
    page = owner.page
    page.fill("#version", version)
    page.locator('form[action$="/announce/"] button').click()
    assert PROVE in page.url
    page.fill('input[name="code"]', code)
    page.locator('form:has(input[name="code"]) button').first.click()
    assert "/policy-desk/drafts/" in page.url
    assert version not in [one.version for one in promises.versions(1, at=later(days=900))]
    second.open("/countersign/")
    assert second.reads(version)
    second.press(act="sign")


def test_a_rule_from_its_draft_to_a_sellers_answer(
    served: str, at: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # The browser's library runs a loop in this thread; nothing else does while we ask.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    from playwright.sync_api import sync_playwright

    market = promises.market("cn")
    seller = session_of("the seller", (Role.OWNER, id_of(SHOP)))
    signing = session_of("the second", (Role.POLICY, STAFF))
    with sync_playwright() as player:
        browser: Browser = player.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for turn, (language, width) in enumerate((("zh", PHONE), ("en", DESK))):
            words, version = WORDS[language], f"later-{language}"
            opened = NOW + timedelta(days=turn)
            day = opened + timedelta(days=CONSULTED)
            folder = later_pack(
                china_pack(tmp_path / language), version, announced=f"{day:%Y-%m-%d}",
                effective=f"{day + timedelta(days=CONSULTED):%Y-%m-%d}", bps=540 + turn,
                is_major=False,
            )  # fmt: skip
            session, code = lapsed(f"the owner {language}")

            def walker(session: str, language: str = language, width: int = width) -> Walker:
                return Walker(browser, served, language, width, session)

            at(opened)
            owner = walker(session)
            checks_and_consults(owner, folder, words)
            acts.comment_on("cn", version, words="too soon", by=SHOP, at=opened)
            at(day)
            compares(owner, day, words)
            owner.page.locator('textarea[name="words"]').fill("orders keep their rules")
            owner.page.locator('form[action$="/reply/"] button').click()
            announces_by_two(owner, walker(signing), version, code)
            [pack] = promises.versions_announced(market.market_id, at=day)
            assert (pack.version, pack.announced_by) == (
                version, f"the owner {language} + the second"
            )  # fmt: skip
            noticing.tell_announced(day)
            shop = walker(seller)
            shop.open(f"/seller/{SHOP}/policy/")
            assert shop.reads(words["own"])
            shop.press(answer="accept")
            assert shop.reads(words["accepted"])
            [said] = [
                one for one in sellers.answers_of(id_of(SHOP)) if one.pack_id == pack.pack_id
            ]
            assert said.is_accepted
            # The second factor of a moment ago still counts.
            owner.open(f"/policy-desk/packs/{pack.pack_id}/")
            owner.page.fill('textarea[name="words"]', "not yet")
            owner.page.locator('form[action$="/withdraw/"] button').click()
            states = {
                one.version: one.state for one in promises.versions(market.market_id, at=day)
            }
            assert states[version] is PackState.WITHDRAWN
            shop.open(f"/seller/{SHOP}/policy/")
            assert shop.reads(words["gone"])
        browser.close()
    assert fetch_rows("SELECT state, count(*) FROM work_comparison GROUP BY 1") == [(2, 2)]
