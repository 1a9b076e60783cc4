"""A second factor, fresh, before what is sensitive; and the demo's one click nowhere else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model

from tests.claims.making import NOW, SHOP, deny, file, later, paper
from tests.web.conftest import prove
from tests.web.matrix import ADJUDICATOR, ADMINISTRATOR, NOBODY
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.hearings import acts as hearings
from xiaobao.hearings.facts import JurorKind
from xiaobao.kernel.references import id_of
from xiaobao.sellers import queries

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from django.test import Client
    from pytest_django.fixtures import Settings

DESK = f"/desk/claims/{SHOP}/C-1/"
LONG_AGO = 3600
PROVE = "/account/2fa/reauthenticate/"


def with_totp(client: Client) -> str:
    """Give whoever is signed in an authenticator; what it shows right now."""
    user = get_user_model().objects.get(pk=client.session["_auth_user_id"])
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    counter = int(time.time()) // 30  # noqa: TID251  as the library reads it
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def test_a_ruling_goes_on_by_itself_once_proven(
    person: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = file(claim="C-1")
    deny(row, paper(), at=later(hours=5))
    for module in ("desk.pages", "speaking"):
        monkeypatch.setattr(f"xiaobao.web.{module}.now", lambda: later(days=1))
    desk = person(ADJUDICATOR)
    code = with_totp(desk)
    prove(desk, seconds_ago=LONG_AGO)
    ruling = {"verdict": "uphold", "key": "k", "words": "中文理由 <b>"}
    asked = desk.post(f"{DESK}rule/", ruling)
    assert asked["Location"].startswith(PROVE)
    assert fetch_rows("SELECT count(*) FROM hearings_ruling") == [(0,)]
    shown = desk.get(asked["Location"]).content.decode()
    assert "Confirm that it is you" in shown
    where = asked["Location"].partition("?next=")[2].replace("%2F", "/")
    wrong = desk.post(PROVE, {"code": "000000", "next": where})
    assert wrong.status_code == 422
    assert "type the six digits that the authenticator app shows now" in wrong.content.decode()
    desk.cookies["lang"] = "zh"
    wrong = desk.post(PROVE, {"code": "000000", "next": where})
    assert "验证码不对：请输入验证器应用此刻显示的 6 位数字" in wrong.content.decode()
    desk.cookies["lang"] = "en"
    assert fetch_rows("SELECT count(*) FROM hearings_ruling") == [(0,)]
    assert desk.post(PROVE, {"code": code, "next": where})["Location"] == DESK
    assert fetch_rows("SELECT ruler, words FROM hearings_ruling") == [
        (ADJUDICATOR, "中文理由 <b>")
    ]
    # A code counts once.
    prove(desk, seconds_ago=LONG_AGO)
    assert desk.post(PROVE, {"code": code, "next": where}).status_code == 422


def test_money_goes_back_elsewhere_only_after_a_second_factor_and_everybody_is_told(
    person: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("seller.pages.joining", "seller.pages.shop"):
        monkeypatch.setattr(f"xiaobao.web.{module}.now", lambda: later(days=1))
    owner, clerk = person("the owner"), person("the clerk")
    home = f"/seller/{SHOP}/"
    bound = {"act": "describe", "payout_account": "shop@example.com", "legal_name": "Shop Ltd"}
    prove(owner, seconds_ago=LONG_AGO)
    told = "the deposit goes back to the new one"

    def account() -> str:
        return queries.profile_of(id_of(SHOP))["payout_account"]

    # The first one leads nobody's money away.
    owner.post(f"{home}joining/change/", bound)
    assert account() == "shop@example.com"
    assert told not in clerk.get(home).content.decode()
    led = bound | {"payout_account": "thief@example.com"}
    assert owner.post(f"{home}joining/change/", led)["Location"] == "/account/2fa/"
    with_totp(owner)
    assert owner.post(f"{home}joining/change/", led)["Location"].startswith(PROVE)
    assert owner.post(f"{home}joining/change/", bound | {"phone": "1"})["Location"] == (
        f"{home}joining/"
    )
    assert account() == "shop@example.com"
    assert told not in clerk.get(home).content.decode()
    prove(owner)
    owner.post(f"{home}joining/change/", led)
    assert account() == "thief@example.com"
    for one in (owner, clerk):
        assert told in one.get(home).content.decode()


def test_a_password_alone_proves_nothing_to_who_has_a_second_factor(
    person: Callable[[str], Client],
) -> None:
    chief = person(ADMINISTRATOR)
    user = get_user_model().objects.get(username=ADMINISTRATOR)
    user.set_password("nine green lamps")
    user.save()
    chief.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    with_totp(chief)
    for address in ("/account/reauthenticate/", "/account/2fa/webauthn/add/"):
        answer = chief.post(address, {"password": "nine green lamps"})
        assert answer["Location"].startswith(PROVE), address
    assert Authenticator.objects.filter(user=user).count() == 1


def test_signing_in_asks_for_the_second_factor(person: Callable[[str], Client]) -> None:
    person(ADMINISTRATOR)
    user = get_user_model().objects.get(username=ADMINISTRATOR)
    user.set_password("nine green lamps")
    user.save()
    before, guest = person(NOBODY), person(NOBODY)
    signing = {"login": ADMINISTRATOR, "password": "nine green lamps"}
    assert before.post("/account/login/", signing)["Location"] == "/"
    code = with_totp(before)
    asked = guest.post("/account/login/", signing)
    assert asked["Location"] == "/account/2fa/authenticate/"
    assert guest.get("/administration/").status_code == 302
    assert "Second step" in guest.get("/account/2fa/authenticate/").content.decode()
    assert guest.post("/account/2fa/authenticate/", {"code": code})["Location"] == "/"
    assert guest.get("/administration/").status_code == 200
    # That was a second factor, just now.
    made = guest.post("/administration/add/", {"name": "mei", "role": "finance"})
    assert made.status_code == 200
    # Both sessions are listed, and the others can be ended.
    listed = guest.get("/account/sessions/").content.decode()
    assert "End all other sessions" in listed
    guest.post("/account/sessions/")
    assert before.get("/administration/").status_code == 302
    assert guest.get("/administration/").status_code == 200


def test_one_click_is_for_the_demo_and_ends_with_it(
    person: Callable[[str], Client], settings: Settings
) -> None:
    settings.IS_DEMO = True
    actor = person(NOBODY)
    click = {"role": "administrator"}
    # The setting alone is not enough: the marketplace itself must be a generated one.
    assert actor.post("/demo/", click).status_code == 404
    execute("INSERT INTO work_life (life, plan, days) VALUES (1, 'a plan', 1)")
    execute("INSERT INTO work_window (ends_at, begins_at, is_open) VALUES (now(), now(), false)")
    assert actor.post("/demo/", click)["Location"] == "/administration/"
    shown = actor.get("/administration/").content.decode()
    assert 'class="demo-band"' in shown
    assert "current" in actor.get("/account/sessions/").content.decode()
    assert actor.post("/demo/", {"role": "juror"}).status_code == 404
    hearings.add_juror("mei-juror", JurorKind.EXPERT, at=NOW)
    assert actor.post("/demo/", {"role": "juror"})["Location"] == "/jury/"
    assert "not been drawn" in actor.get("/jury/").content.decode()
    assert actor.post("/demo/", click)["Location"] == "/administration/"
    made = actor.post("/administration/add/", {"name": "mei", "role": "finance"})
    assert made.status_code == 200
    # The same session where no demo is served: signed out, and nothing is done.
    settings.IS_DEMO = False
    assert actor.get("/administration/").status_code == 302
    settings.IS_DEMO = True
    assert actor.get("/administration/").status_code == 302
    assert get_user_model().objects.get(username="demo-administrator-0").has_usable_password() is (
        False
    )
