"""One seller's book as finance reads it: every account, its lines, payouts with their states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from xiaobao.advances import queries as advances
from xiaobao.advances.facts import STATE_WORDS
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Account
from xiaobao.ledger.rules import account_words, why_words
from xiaobao.people.facts import Role
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.web.gates import staff_page, visitor_of
from xiaobao.web.listing import listed
from xiaobao.web.people import add_look
from xiaobao.web.statements import statement_csv_of
from xiaobao.web.telling import spoken_in, tell_wrong
from xiaobao.work import figures
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest, StreamingHttpResponse

    from xiaobao.database.lists import Place
    from xiaobao.sellers.facts import SellerRow


@require_safe
@staff_page(Role.FINANCE, Role.ADMINISTRATOR)
def debts(request: HttpRequest) -> HttpResponse:
    """Who owes the fund, the deepest debt first; and what the fund bore and got back."""
    page = listed(request, ledger.BY_DEBT, _owing)
    ids = np.array([seller_id for seller_id, _ in page.rows], np.int64)
    names, currencies = sellers.names_of(ids), dict(ledger.currencies_of(ids))
    markets = {one.market_id: one for one in promises.markets()}
    funds = figures.split_totals(now())
    return render(request, "finance/debts.html", {
        "tab": "debts",
        "rows": [
            (names.get(seller_id, str(seller_id)), debt, currencies[seller_id])
            for seller_id, debt in page.rows
        ],
        "page": page,
        "funds": [(one, markets[one.market_id]) for one in funds.told],
        "as_of": funds.as_of,
    })  # fmt: skip


def _owing(place: Place | None, most: int) -> list[tuple[int, int]]:
    owing = ledger.debtors(most, place=place)
    return list(zip(owing.seller_id.tolist(), (-owing.fund).tolist(), strict=True))


@require_safe
@staff_page(Role.FINANCE, Role.ADMINISTRATOR)
def find(request: HttpRequest) -> HttpResponse:
    """From a shop's name to its book."""
    row = sellers.seller(request.GET.get("shop", "")[:200].strip())
    if row is None:
        tell_wrong(request, zh="没有这家店铺", en="there is no such shop", about="shop")
        return HttpResponseRedirect(reverse("finance"))
    return HttpResponseRedirect(reverse("finance-book", args=[row.name]))


@require_safe
@staff_page(Role.FINANCE, Role.ADMINISTRATOR)
def book(request: HttpRequest, shop: str) -> HttpResponse:
    """Balances, one account's lines, and the latest payouts; the look is written down."""
    row, account, language = _found(shop), _account(request), spoken_in(request)
    who = visitor_of(request)
    role = next(one for one in (Role.FINANCE, Role.ADMINISTRATOR) if who.has(one))
    add_look(who.user_id, role, row.seller_id, f"finance-book {row.name}", at=now())
    page = listed(
        request,
        ledger.BY_NUMBER,
        lambda place, most: ledger.statement(row.seller_id, account, limit=most, place=place),
    )
    payouts = listed(
        request, advances.BY_MAKING,
        lambda place, most: advances.payouts_of(row.seller_id, place=place, limit=most),
        name="payouts",
    )  # fmt: skip
    sums = ledger.balances(np.array([row.seller_id], np.int64)).as_dict()
    return render(request, "finance/book.html", {
        "tab": "books",
        "shop": row,
        "account": account.name.lower(),
        "accounts": [
            (one.name.lower(), account_words(one, language),
             int(sums[one.name.lower()].sum()) if one.name.lower() in sums else 0)
            for one in Account
        ],
        "lines": [(one, why_words(one.why, language)) for one in page.rows],
        "page": page,
        "payouts": [(one, STATE_WORDS[one.state]) for one in payouts.rows],
        "payouts_page": payouts,
    })  # fmt: skip


@require_safe
@staff_page(Role.FINANCE, Role.ADMINISTRATOR)
def book_csv(request: HttpRequest, shop: str) -> StreamingHttpResponse:
    """One account's lines to take away."""
    row = _found(shop)
    who = visitor_of(request)
    role = next(one for one in (Role.FINANCE, Role.ADMINISTRATOR) if who.has(one))
    add_look(who.user_id, role, row.seller_id, f"finance-book-csv {row.name}", at=now())
    return statement_csv_of(row, _account(request), spoken_in(request))


def _found(shop: str) -> SellerRow:
    row = sellers.seller(shop)
    if row is None:
        raise Http404
    return row


def _account(request: HttpRequest) -> Account:
    asked = request.GET.get("account", "deposit")
    found = next((one for one in Account if one.name.lower() == asked), None)
    if found is None:
        raise Http404
    return found
