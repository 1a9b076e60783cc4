"""A passkey in a real browser: added, asked for before what is sensitive, and signed in with."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application

from tests.claims.making import NOW
from tests.web.test_browser import CHROMIUM, QUIET, Silent
from xiaobao.database.sets import fetch_rows
from xiaobao.people import acts
from xiaobao.people.facts import Actor, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
PASSWORD = "nine green lamps"  # noqa: S105
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def consoles(committed: None) -> Iterator[str]:
    """The consoles under the one name without TLS that passkeys take, and an administrator."""
    operator = Actor(0, "operator")
    acts.add_person("root", Role.ADMINISTRATOR, by=operator, at=NOW)
    acts.set_password("root", PASSWORD, by=operator, at=NOW)
    server = ThreadedWSGIServer(("127.0.0.1", 0), Silent)
    server.set_app(get_wsgi_application())
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


def test_a_passkey_is_added_asked_for_and_signed_in_with(consoles: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        context = browser.new_context()
        context.add_cookies([{"name": "lang", "value": "en", "url": consoles}])
        page = context.new_page()
        device = context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        page.goto(f"{consoles}/account/login/")
        page.fill("#id_login", "root")
        page.fill("#id_password", PASSWORD)
        page.click("form:has(#id_login) button")
        # Without a second factor nothing sensitive is done, and one is set up first.
        page.goto(f"{consoles}/administration/")
        page.fill("#name", "mei")
        page.select_option("#role", "finance")
        page.click("form[action$='/add/'] button")
        page.get_by_text("Nothing was recorded").wait_for()
        page.click("text=Add a passkey")
        page.fill("#id_password", PASSWORD)
        page.click("form:has(#id_password) button")
        page.check("#id_passwordless")
        page.click("[data-passkey=create]")
        page.get_by_role("heading", name="Recovery codes").wait_for()
        context.clear_cookies(name="sessionid")
        page.goto(f"{consoles}/account/login/")
        page.click("[data-passkey=get]")
        page.get_by_text("My consoles").wait_for()
        # That was a second factor just now: the form counts.
        page.goto(f"{consoles}/administration/")
        page.fill("#name", "mei")
        page.select_option("#role", "finance")
        page.click("form[action$='/add/'] button")
        page.get_by_text("Link of invitation").wait_for()
        browser.close()
    assert fetch_rows("SELECT by FROM people_event WHERE event = 3") == [("root",)]
    assert fetch_rows("SELECT type FROM mfa_authenticator ORDER BY 1") == [
        ("recovery_codes",), ("webauthn",),
    ]  # fmt: skip
