"""The deposit: quote, lodging, statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.deposits import queries as deposits
from xiaobao.deposits.acts.mixing import LEAST_INSTALMENTS, MOST_INSTALMENTS
from xiaobao.deposits.facts import LINE_WORDS, STATE_WORDS
from xiaobao.kernel.money import minor_from
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Account
from xiaobao.ledger.rules import account_words, why_words
from xiaobao.web.gates import shop_page
from xiaobao.web.listing import listed
from xiaobao.web.people import Role
from xiaobao.web.seller.pages.asked import asked_of
from xiaobao.web.seller.pages.frozen import frozen_of
from xiaobao.web.seller.pages.mix import mix_of
from xiaobao.web.seller.pages.scanning import to_scan
from xiaobao.web.statements import statement_csv_of
from xiaobao.web.telling import field, new_key, spoken_in, tell, tell_problem, tell_wrong
from xiaobao.work.clock import now
from xiaobao.work.lodging import lodge_deposit

if TYPE_CHECKING:
    from django.http import HttpRequest, StreamingHttpResponse

    from xiaobao.sellers.facts import SellerRow


@require_safe
@shop_page()
def deposit(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """The quote line by line, what is there, and the ways to pay in."""
    at = now()
    quote = deposits.quote_of(row.seller_id)
    lodgements = deposits.lodgements_of(row.seller_id, limit=10)
    return render(request, "seller/deposit.html", {
        "shop": row,
        "tab": "deposit",
        **asked_of(row, at),
        "quote": quote,
        "lines": [(one, LINE_WORDS[one.code]) for one in quote.lines] if quote else [],
        "lodgements": [(one, STATE_WORDS[one.state]) for one in lodgements],
        "frozen": frozen_of(row, spoken_in(request)),
        "scan": to_scan(lodgements, at=at),
        "covers": deposits.covers_of(row.seller_id),
        "mix": mix_of(row),
        "least": LEAST_INSTALMENTS, "most": MOST_INSTALMENTS,
        "key": new_key(),
    })  # fmt: skip


@require_POST
@shop_page(Role.OWNER)
def lodge(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Pay in through the gateway; the form's key lets a second click change nothing."""
    given, key = field(request, "amount"), field(request, "key")
    amount = minor_from(given, row.currency)
    if amount is None or not key:
        tell_wrong(
            request,
            zh=f"“{given}”不是可缴存的金额；请填写正数，最多两位小数，如 1000.00",
            en=f"“{given}” cannot be lodged; give a positive amount like 1000.00",
            about="amount",
        )
        return HttpResponseRedirect(reverse("seller-deposit", args=[row.name]))
    try:
        lodge_deposit(
            row, amount, key=id_of(f"console {row.seller_id} {key}"), at=now(),
            is_frozen=field(request, "way") == "frozen",
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
    else:
        zh, en = STATE_WORDS[deposits.lodgements_of(row.seller_id, limit=1)[0].state]
        tell(request, zh=f"缴存：{zh}", en=f"lodgement: {en}")
    return HttpResponseRedirect(reverse("seller-deposit", args=[row.name]))


@require_safe
@shop_page()
def statement(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """One account's lines with the running balance, newest first."""
    account, language = _account(request), spoken_in(request)
    page = listed(
        request, ledger.BY_NUMBER,
        lambda place, most: ledger.statement(row.seller_id, account, limit=most, place=place),
    )  # fmt: skip
    return render(request, "seller/statement.html", {
        "shop": row,
        "tab": "deposit",
        "account": account.name.lower(),
        "accounts": [(one.name.lower(), account_words(one, language)) for one in Account],
        "lines": [(one, why_words(one.why, language)) for one in page.rows],
        "page": page,
    })  # fmt: skip


def _account(request: HttpRequest) -> Account:
    asked = request.GET.get("account", "deposit")
    account = next((one for one in Account if one.name.lower() == asked), None)
    if account is None:
        raise Http404
    return account


@require_safe
@shop_page()
def statement_csv(request: HttpRequest, row: SellerRow) -> StreamingHttpResponse:
    """One account's lines to take away, the newest first: amounts in the currency's own units."""
    return statement_csv_of(row, _account(request), spoken_in(request))
