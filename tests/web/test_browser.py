"""Pages in a real browser: no scripts needed, nothing overflows a phone, axe finds nothing bad."""

from __future__ import annotations

import shutil
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import Client

from tests.claims.making import NOW, OTHER_SHOP, SHOP, later, open_world, photo
from tests.web.conftest import drawn_juror, prove
from tests.web.living import live
from tests.web.matrix import CLERK
from tests.web.rows import ROWS
from tests.web.test_walks import file_claim
from xiaobao.deposits import acts as deposits
from xiaobao.kernel.references import id_of, ids_of
from xiaobao.people.acts import add_member
from xiaobao.people.facts import STAFF, Role
from xiaobao.work import noticing
from xiaobao.work.passes import make_pass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from playwright.sync_api import ConsoleMessage

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE, DESK = 390, 1440


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def served(committed: None) -> Iterator[str]:
    """The consoles on a port of this machine, with one shop and its owner."""
    open_world()
    deposits.quote_deposits(ids_of([SHOP, OTHER_SHOP]), at=NOW)
    server = ThreadedWSGIServer(("127.0.0.1", 0), Silent)
    server.set_app(get_wsgi_application())
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


ROLES = [(Role.OWNER, id_of(SHOP))] + [
    (role, STAFF)
    for role in (
        Role.FINANCE, Role.ADJUDICATOR, Role.POLICY, Role.SUPERVISOR, Role.ADMINISTRATOR,
    )
]  # fmt: skip


def signed_in() -> str:
    """The session of somebody in every role, a juror too, who opened an order's link as well.

    Nobody can be given all of these together; here one walks through everything.
    """
    user = get_user_model().objects.create_user(drawn_juror())
    for role, seller_id in ROLES:
        add_member(user.pk, role, seller_id, at=NOW)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    prove(client)
    client.post(f"/buyer/open/{SHOP}/{make_pass(SHOP, 'A', at=NOW, until=later(days=900))}/")
    return client.cookies["sessionid"].value


def addresses(session: str, living: dict[str, str]) -> list[str]:
    """Every address of the matrix that is a page to somebody, and pages of errors."""
    client = Client()
    client.cookies["sessionid"] = session
    found = []
    for row in ROWS.values():
        address = row.address.format(**living)
        if 200 in row.get.values():
            told = client.get(address).headers
            is_file = "Content-Disposition" in told
            if told.get("Content-Type", "").startswith("text/html") and not is_file:
                found.append(address)
    return [*found, "/nowhere/"]


def test_every_page_reads_on_phone_and_desk_in_both_languages(served: str, tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    clerk = get_user_model().objects.create_user(CLERK)
    add_member(clerk.pk, Role.CLERK, id_of(SHOP), at=NOW)
    living = live(tmp_path)
    noticing.tell_announced(later(days=2))
    session = signed_in()
    pages = addresses(session, living)
    assert len(pages) >= 55, pages
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for language, width in (("zh", PHONE), ("en", DESK)):
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme="light" if width == PHONE else "dark",
            )
            context.add_cookies([
                {"name": "sessionid", "value": session, "url": served},
                {"name": "lang", "value": language, "url": served},
            ])  # fmt: skip
            page = context.new_page()
            for address in pages:
                said: list[str] = []
                page.once("console", partial(_hear, said))
                page.goto(served + address)
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, (address, wide)
                assert page.locator("h1").count() == 1, address
                assert [s for s in said if "Content Security Policy" in s] == [], address
                assert serious(Axe().run(page)) == [], (address, language)
        browser.close()


def test_scripts_show_how_far_files_are_and_lead_the_desk_by_keyboard(
    served: str, tmp_path: Path, at: Callable[[datetime], None]
) -> None:
    from playwright.sync_api import expect, sync_playwright

    file_claim()
    at(later(hours=1))
    picture = tmp_path / "box.png"
    picture.write_bytes(photo(7).body)
    session = signed_in()
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        context = browser.new_context()
        context.add_cookies([
            {"name": "sessionid", "value": session, "url": served},
            {"name": "lang", "value": "en", "url": served},
        ])  # fmt: skip
        page = context.new_page()
        # Uploaded by the script: the answer's own message stands on the page, and once.
        page.goto(f"{served}/seller/{SHOP}/claims/C-1/")
        page.set_input_files("#file", picture)
        page.context.set_offline(True)
        page.click("button[value=show]")
        expect(page.locator(".upload")).to_contain_text("never recorded twice")
        page.context.set_offline(False)
        page.click("button[value=show]")
        expect(page.locator(".told")).to_have_text("recorded")
        assert page.url == f"{served}/seller/{SHOP}/claims/C-1/"
        page.reload()
        assert page.locator(".told").count() == 0
        assert page.locator('a[href$="/C-1/1/"]').count() == 1
        # The desk: down to the first row, into it, and back up.
        page.goto(f"{served}/desk/violations/")
        page.keyboard.press("?")
        assert page.locator("#keys[open]").count() == 1
        page.goto(f"{served}/desk/")
        page.keyboard.press("/")
        page.keyboard.type("C-1")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{served}/desk/claims/{SHOP}/C-1/")
        page.keyboard.press("u")
        expect(page).to_have_url(f"{served}/desk/")
        browser.close()


def _hear(said: list[str], one: ConsoleMessage) -> None:
    said.append(one.text)


def serious(found: Any) -> list[str]:
    return [
        f"{one['id']}: {one['nodes'][0]['html']}"
        for one in found.response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
