"""Accounts and what they may do: made, changed, invited; and who looked at whose data."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.kernel.problems import Problem
from xiaobao.people import acts, queries
from xiaobao.people.facts import EVENT_WORDS, ROLE_WORDS, STAFF, Person, Role
from xiaobao.people.queries import PersonUnknown
from xiaobao.sellers import queries as sellers
from xiaobao.web.gates import frame_of, staff_page, visitor_of
from xiaobao.web.listing import listed
from xiaobao.web.proving import proven
from xiaobao.web.telling import field, tell, tell_problem, tell_wrong
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpRequest

LINK_OPENS_FOR = timedelta(hours=72)
# What a look was at, by the address that wrote it down.
LOOKED_AT = {
    "desk-case": ("维权", "claim"),
    "desk-consult": ("咨询", "consultation"),
    "desk-violation": ("违规", "violation"),
    "buyer-seller": ("卖家身份，买家维权", "who the seller is, for the buyer of claim"),
    "finance-book": ("账本", "book of"),
    "finance-book-csv": ("账本（导出 CSV）", "book, as CSV, of"),
}


@require_safe
@staff_page(Role.ADMINISTRATOR)
def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts by name, a page at a time; and a form for a new one."""
    page = listed(
        request, queries.BY_NAME, lambda place, most: queries.people(place=place, limit=most)
    )
    shops = _shops_of(page.rows)
    return render(request, "administration/accounts.html", {
        "tab": "accounts",
        "rows": [(one, _held(one, shops)) for one in page.rows],
        "roles": _roles(),
        "page": page,
    })  # fmt: skip


@require_POST
@staff_page(Role.ADMINISTRATOR)
@proven
def add(request: HttpRequest) -> HttpResponse:
    """A new account with its first role; the link to enter by is shown once, here."""
    name = field(request, "name")
    asked = _asked(request)
    if asked is None:
        return HttpResponseRedirect(reverse("administration"))
    try:
        acts.add_person(name, *asked, by=visitor_of(request).actor, at=now())
    except Problem as problem:
        tell_problem(request, problem)
        return HttpResponseRedirect(reverse("administration"))
    return _invite(request, name)


@require_safe
@staff_page(Role.ADMINISTRATOR)
def account(request: HttpRequest, person: str) -> HttpResponse:
    return _account(request, _found(person))


@require_POST
@staff_page(Role.ADMINISTRATOR)
@proven
def change(request: HttpRequest, person: str) -> HttpResponse:
    """Give a role, take one away, or make a new link to enter by."""
    found = _found(person)
    act = field(request, "act")
    if act == "invite":
        return _invite(request, found.name)
    verb = {"grant": acts.grant, "revoke": acts.revoke}.get(act)
    asked = _asked(request)
    if verb is not None and asked is not None:
        try:
            verb(found.name, *asked, by=visitor_of(request).actor, at=now())
        except Problem as problem:
            tell_problem(request, problem)
        else:
            tell(request, zh="已记录，立即生效", en="recorded; it counts from now on")
    return HttpResponseRedirect(reverse("administration-account", args=[found.name]))


def _seen(page: str) -> tuple[tuple[str, str], str]:
    """What was looked at, in words, and its name; a page of old that is no more, by its own."""
    code, _, name = page.partition(" ")
    return LOOKED_AT.get(code, (code, code)), name


@require_safe
@staff_page(Role.ADMINISTRATOR, Role.SUPERVISOR)
def log(request: HttpRequest) -> HttpResponse:
    """What changed in roles, and who of the staff saw whose personal data."""
    is_looks = request.GET.get("of") == "looks"
    order: Any = queries.BY_LOOKING if is_looks else queries.BY_HAPPENING
    read: Any = queries.looks if is_looks else queries.events
    page = listed(request, order, lambda place, most: read(place=place, limit=most))
    shops = _shops(one.seller_id for one in page.rows)
    return render(request, "administration/log.html", {
        "frame": frame_of(request, Role.ADMINISTRATOR, Role.SUPERVISOR),
        "tab": "looks" if is_looks else "log",
        "rows": [
            (one, ROLE_WORDS[one.role] if one.role else None, shops.get(one.seller_id, ""),
             _seen(one.page) if is_looks else EVENT_WORDS[one.event])
            for one in page.rows
        ],
        "is_looks": is_looks,
        "page": page,
    })  # fmt: skip


def _found(name: str) -> Person:
    try:
        return queries.person_named(name)
    except PersonUnknown as problem:
        raise Http404 from problem


def _account(request: HttpRequest, found: Person, link: str = "") -> HttpResponse:
    response = render(request, "administration/account.html", {
        "tab": "accounts",
        "person": found,
        "held": _held(found, _shops_of([found])),
        "roles": _roles(),
        "link": request.build_absolute_uri(reverse("invited", args=[link])) if link else "",
        "until": now() + LINK_OPENS_FOR,
        "is_own": found.user_id == visitor_of(request).user_id,
    })  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    return response


def _invite(request: HttpRequest, name: str) -> HttpResponse:
    at = now()
    link = acts.invite(name, by=visitor_of(request).actor, at=at, until=at + LINK_OPENS_FOR)
    return _account(request, queries.person_named(name), link)


def _asked(request: HttpRequest) -> tuple[Role, int] | None:
    """The role and the shop that a form names; what is wrong with it is told."""
    role = {one.name.lower(): one for one in Role}.get(field(request, "role"))
    shop = field(request, "shop")
    if role is None:
        tell_wrong(request, zh="请选择角色", en="choose a role", about="role")
        return None
    row = sellers.seller(shop) if shop else None
    if shop and row is None:
        tell_wrong(request, zh="没有这家店铺", en="there is no such shop", about="shop")
        return None
    return role, row.seller_id if row else STAFF


def _roles() -> list[tuple[str, tuple[str, str]]]:
    return [(one.name.lower(), ROLE_WORDS[one]) for one in Role]


def _held(one: Person, shops: dict[int, str]) -> list[tuple[str, tuple[str, str], str, datetime]]:
    return [
        (held.role.name.lower(), ROLE_WORDS[held.role], shops.get(held.seller_id, ""),
         held.since_at)
        for held in one.roles
    ]  # fmt: skip


def _shops_of(people: list[Person]) -> dict[int, str]:
    return _shops(held.seller_id for one in people for held in one.roles)


def _shops(seller_ids: Iterable[int]) -> dict[int, str]:
    return sellers.names_of(np.array(sorted(set(seller_ids) - {STAFF}), np.int64))
