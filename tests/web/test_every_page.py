"""Every page of the matrix: reads without scripts, leads nowhere that is not, asks no more where
there is more; and every long list is read whole, a page at a time, forwards and back.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import psycopg

from tests.claims.making import later
from tests.web.crowd import crowd
from tests.web.matrix import EVERYBODY
from tests.web.reading import wrongs_of
from tests.web.rows import ROWS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import pytest
    from django.test import Client

# The longest: leaving, with every thing that may stand in the way of an exit.
MOST_QUESTIONS = 60
# Where a list begins in its page, and how each of its rows names itself.
NAMED = re.compile(
    r'<th scope="row">(.*?)</th>|<tr><td[^>]*>(\d+)</td>|<a href="/jury/[^"]+">(.*?)</a>',
    re.DOTALL,
)
LISTS = (
    "/desk/", "/desk/?kind=not_as_described", "/desk/exits/", "/desk/violations/",
    "/desk/violations/?state=notified", "/desk/consults/", "/finance/debts/", "/register/",
    "/register/?market=cn", "/supervision/penalties/", "/webhooks/", "/webhooks/?state=waiting",
    "/administration/", "/administration/log/", "/administration/log/?of=looks",
    "/seller/shop/claims/", "/seller/shop/violations/", "/seller/shop/items/",
    "/seller/shop/items/?q=item", "/seller/shop/deposit/statement/",
    "/jury/", "/seller/shop/items/?covered=yes", "/seller/shop/file/", "/seller/shop/advice/",
)  # fmt: skip
# Lists that are no such table: pieces by number, threads that are open.
OTHERWISE = {
    "/seller/shop/file/": re.compile(r"<tr><td[^>]*>(\d+)</td>"),
    "/seller/shop/advice/": re.compile(r'<textarea id="words(\d+)"'),
}
HOSTILE = (
    "x",
    "WzAsMSwyLDMsNCw1LDZd",
    "%00",
    "%ff",
    "é",
    "9" * 5000,
    "W1tbW1tb" * 300,
    "' OR 1=1 --",
)


def viewers(people: dict[str, Client], living: dict[str, str]) -> dict[str, Client]:
    """Every address that is read by somebody, with the first who may."""
    return {
        row.address.format(**living): people[names[0]]
        for row in ROWS.values()
        if (names := [name for name in EVERYBODY if row.get[name] == 200])
    }


def reader_of(address: str, pages: dict[str, Client]) -> Client:
    return pages[address.split("?", maxsplit=1)[0]]


def test_every_page(
    person: Callable[[str], Client], living: dict[str, str], at: Callable[[datetime], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    at(later(days=3))
    pages = viewers({name: person(name) for name in EVERYBODY}, living)
    assert len(pages) >= 60, sorted(pages)
    asked: list[Any] = []
    execute = psycopg.Cursor.execute

    def noted(self: psycopg.Cursor, query: Any, *given: Any, **more: Any) -> psycopg.Cursor:
        if query != "DISCARD PLANS":  # as time goes by, whatever is asked
            asked.append(query)
        return execute(self, query, *given, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", noted)

    def questions() -> dict[str, list[Any]]:
        found = {}
        for address, client in pages.items():
            asked.clear()
            assert client.get(address).status_code == 200, address
            found[address] = list(asked)
        return found

    wrongs = [(address, wrong) for address, client in pages.items()
              for wrong in _wrongs(client.get(address))]  # fmt: skip
    assert wrongs == [], "\n".join(map(str, wrongs))
    crowd(6, 1)
    questions()  # what is kept in the process is read once
    few = questions()
    crowd(40, 100)
    many = questions()
    grown = [
        (address, len(few[address]), len(many[address]),
         [query for query in many[address] if query not in few[address]][:3])
        for address in pages
        if len(many[address]) != len(few[address])
    ]  # fmt: skip
    assert grown == [], "\n".join(map(str, grown))
    counts = {address: len(queries) for address, queries in many.items()}
    assert max(counts.values()) <= MOST_QUESTIONS, counts
    monkeypatch.setattr(psycopg.Cursor, "execute", execute)
    broken = [
        wrong
        for address in LISTS
        for wrong in _walks(address, reader_of(address, pages), monkeypatch)
    ]
    assert broken == [], "\n".join(map(str, broken))


def _wrongs(answer: Any) -> list[str]:
    """Of what is shown; a file to take away speaks for itself."""
    is_page = answer["Content-Type"].startswith("text/html") and not answer.has_header(
        "Content-Disposition"
    )
    return wrongs_of(answer.content.decode()) if is_page else []


def _walks(address: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Forwards to the end and back to the beginning: each row once, filters kept."""
    monkeypatch.setattr("xiaobao.web.listing.ON_A_PAGE", 1000)
    whole = _rows(client.get(address))
    monkeypatch.setattr("xiaobao.web.listing.ON_A_PAGE", 9)
    base, _, filters = address.partition("?")
    read, page, here = [], client.get(address), address
    broken: list[Any] = [] if len(whole) >= 20 else [(address, "few rows", whole)]
    while True:
        read += _rows(page)
        if (later := _link(page, "next")) is None:
            break
        here = base + later
        if filters not in here:
            broken.append((here, "the filter is lost"))
        page = client.get(here)
    if read != whole:
        broken.append((address, "forwards", len(read), len(whole), read[:12], whole[:12]))
    back = _rows(page)
    while (earlier := _link(page, "prev")) is not None:
        page = client.get(base + earlier)
        back = _rows(page) + back
    # The first page is shown whole, with what the page after it begins with too.
    if back[:9] != whole[:9] or back[-9:] != whole[-9:] or set(back) != set(whole):
        broken.append((address, "back", len(back), back[:12]))
    return broken + _lied_to(address, client, whole)


def _lied_to(address: str, client: Client, whole: list[str]) -> list[Any]:
    """A cursor that is none of the list's: told, and the list begins anew."""
    base, _, filters = address.partition("?")
    broken: list[Any] = []
    for cursor in HOSTILE:
        told = client.get(f"{base}?from={cursor}&{filters}")
        if told.status_code != 200 or _rows(told) != whole[:9]:
            broken.append((address, cursor[:20], told.status_code, _rows(told)[:3]))
        if "begins anew" not in told.content.decode():
            broken.append((address, cursor[:20], "not told"))
    return broken


def _rows(answer: Any) -> list[str]:
    """What each row is called; of subscriptions, which stand above their deliveries, none."""
    named = OTHERWISE.get(answer.request["PATH_INFO"], NAMED)
    found = ["".join(parts) for parts in named.findall(answer.content.decode())]
    return [name for one in found if (name := re.sub(r"<[^>]+>", "", one)) != "a shop"]


def _link(answer: Any, rel: str) -> str | None:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', answer.content.decode())
    return None if found is None else unescape(found[1])
