"""Moments stand in the zone that a person chose; days of the marketplace stay its days."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tests.claims.making import NOW, SHOP, file
from tests.web.matrix import BUYER, NOBODY, OWNER
from xiaobao.database.sets import fetch_rows
from xiaobao.web.zones import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

NEW_YORK, TOKYO = "America/New_York", "Asia/Tokyo"
ORDER, CLAIM = f"/buyer/{SHOP}/A/", f"/seller/{SHOP}/claims/C-1/"


def _shown(zone: str) -> str:
    local = NOW.astimezone(ZoneInfo(zone))
    return f'<time datetime="{local.isoformat()}">{local.day} {local:%b} {local:%H:%M}</time>'


def test_every_zone_there_is_to_choose_is_known_and_named_once() -> None:
    assert {ZoneInfo(name).key for name in NAMES} == set(NAMES)
    for words in zip(*NAMES.values(), strict=True):
        assert len(set(words)) == len(NAMES)


def test_a_person_reads_moments_in_the_zone_they_chose(
    person: Callable[[str], Client], at: Callable[[datetime], None]
) -> None:
    at(NOW)
    file(claim="C-1")
    owner, buyer = person(OWNER), person(BUYER)
    for client, page in ((owner, CLAIM), (buyer, f"{ORDER}C-1/")):
        before = client.get(page).content.decode()
        assert _shown("Asia/Shanghai") in before
        assert before.count("Times are Beijing time") == 1
        for nonsense in ("", "Mars/Base", "../etc/passwd"):
            client.post("/zone/", {"zone": nonsense, "next": page})
        assert client.post("/zone/", {"zone": NEW_YORK, "next": page})["Location"] == page
        after = client.get(page).content.decode()
        assert _shown(NEW_YORK) in after
        assert _shown("Asia/Shanghai") not in after
        assert after.count("Times are New York time") == 1
    # An account's zone goes with it, whatever the browser keeps; a buyer's is the browser's.
    assert fetch_rows("SELECT zone FROM people_zone") == [(NEW_YORK,)]
    elsewhere = person(OWNER)
    elsewhere.cookies["zone"] = TOKYO
    assert _shown(NEW_YORK) in elsewhere.get(CLAIM).content.decode()
    guest = person(NOBODY)
    guest.cookies["zone"] = TOKYO
    assert "Times are Tokyo time" in guest.get("/").content.decode()
    assert person(NOBODY).post("/zone/", {"zone": TOKYO, "next": "//evil"})["Location"] == "/"
    # What is taken away keeps the marketplace's clock, and says so by its distance from UTC.
    told = owner.get(f"/seller/{SHOP}/deposit/statement.csv").getvalue().decode()
    assert "+08:00" in told
    assert "-04:00" not in told
