"""The seller's pages: one query each, or one act; what is asked twice is done once."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiaobao.claims import queries as claims_now
from xiaobao.claims.facts import ASK_WORDS, KIND_WORDS
from xiaobao.claims.facts import STATE_WORDS as CLAIM_STATES
from xiaobao.claims.queries import ClaimUnknown
from xiaobao.deposits import queries as deposits
from xiaobao.deposits.facts import LINE_WORDS, STATE_WORDS, STEP_WORDS
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.money import minor_from
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Account
from xiaobao.ledger.rules import account_words, why_words
from xiaobao.promises import queries as promises
from xiaobao.sellers import acts as sellers_acts
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import RESTRICTION_WORDS, STANDING_WORDS
from xiaobao.web.gates import shop_page
from xiaobao.web.people import Role
from xiaobao.work.clock import now
from xiaobao.work.lodging import lodge_deposit

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.sellers.facts import SellerRow

PAGE = 50
FIELD = 200


def _language(request: HttpRequest) -> str:
    found: str = request.language  # type: ignore[attr-defined]
    return found


def _tell(request: HttpRequest, problem: Problem) -> None:
    messages.error(request, problem.says(_language(request)))


@require_safe
@shop_page()
def overview(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Where the shop stands, its deposit, the clocks that run, what to do next."""
    at = now()
    deposit = deposits.deposit_of(row.seller_id, at=at)
    given = {one.promise for one in sellers.promises_of(row.seller_id) if one.ended_at is None}
    open_claims = [
        one for one in claims_now.claims_listed(seller_id=row.seller_id, limit=PAGE)
        if one.due_at is not None
    ]  # fmt: skip
    return render(request, "seller/overview.html", {
        "shop": row,
        "tab": "home",
        "standing": STANDING_WORDS[row.state],
        "restrictions": [RESTRICTION_WORDS[one] for one in row.restricted_by],
        "deposit": deposit,
        "step": STEP_WORDS[deposit.step] if deposit else None,
        "items_covered": sellers.items_covered(row.seller_id),
        "profile": sellers.profile_completeness(row.seller_id),
        "claims": [(one, KIND_WORDS[one.kind], CLAIM_STATES[one.state]) for one in open_claims],
        "promises": [(one, promises.title_of(one.clause, _language(request)))
                     for one in promises.promises_of(row.market_id, us_of(at))
                     if one.promise in given],
    })  # fmt: skip


# -- the deposit ------------------------------------------------------------------------------


@require_safe
@shop_page()
def deposit(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """The quote line by line, what is there, and the ways to pay in."""
    at = now()
    quote = deposits.quote_of(row.seller_id)
    return render(request, "seller/deposit.html", {
        "shop": row,
        "tab": "deposit",
        "deposit": deposits.deposit_of(row.seller_id, at=at),
        "quote": quote,
        "lines": [(one, LINE_WORDS[one.code]) for one in quote.lines] if quote else [],
        "lodgements": [(one, STATE_WORDS[one.state])
                       for one in deposits.lodgements_of(row.seller_id, limit=10)],
        "covers": deposits.covers_of(row.seller_id),
        "key": uuid.uuid4().hex,
    })  # fmt: skip


@require_POST
@shop_page(Role.OWNER)
def lodge(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Pay in through the gateway; the form's key lets a second click change nothing."""
    given = request.POST.get("amount", "")[:FIELD]
    key = request.POST.get("key", "")[:FIELD]
    amount = minor_from(given, row.currency)
    zh = _language(request) == "zh"
    if amount is None or not key:
        messages.error(
            request,
            f"金额：“{given}”不是可缴存的金额；请填写正数，最多两位小数，如 1000.00" if zh
            else f"amount: “{given}” cannot be lodged; give a positive amount like 1000.00",
        )  # fmt: skip
        return HttpResponseRedirect(reverse("seller-deposit", args=[row.name]))
    try:
        lodge_deposit(row, amount, key=id_of(f"console {row.seller_id} {key}"), at=now())
    except Problem as problem:
        _tell(request, problem)
    else:
        last = deposits.lodgements_of(row.seller_id, limit=1)[0]
        words = STATE_WORDS[last.state][0 if zh else 1]
        messages.info(request, f"缴存：{words}" if zh else f"lodgement: {words}")
    return HttpResponseRedirect(reverse("seller-deposit", args=[row.name]))


@require_safe
@shop_page()
def statement(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """One account's lines with the running balance, newest first."""
    asked = request.GET.get("account", "deposit")
    account = next((one for one in Account if one.name.lower() == asked), None)
    before = request.GET.get("before", "")
    if account is None or (before and not (before.isascii() and before.isdigit())):
        raise Http404
    language = _language(request)
    lines = ledger.statement(row.seller_id, account, int(before) if before else None, PAGE + 1)
    return render(request, "seller/statement.html", {
        "shop": row,
        "tab": "deposit",
        "account": account.name.lower(),
        "accounts": [(one.name.lower(), account_words(one, language)) for one in Account],
        "lines": [(one, why_words(one.why, language)) for one in lines[:PAGE]],
        "older": lines[PAGE - 1].seq if len(lines) > PAGE else None,
    })  # fmt: skip


# -- covered items ------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page()
def items(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Covered items: what is marked, and marking and unmarking singly or many at a time."""
    if request.method == "POST":
        _change_marks(request, row)
        return HttpResponseRedirect(reverse("seller-items", args=[row.name]))
    asked = request.GET.get("page", "1")
    found = Paginator(sellers.items_of(row.seller_id, limit=10_000), PAGE).get_page(asked)
    return render(request, "seller/items.html", {
        "shop": row, "tab": "items", "items": found,
        "covered": sellers.items_covered(row.seller_id),
    })  # fmt: skip


def _change_marks(request: HttpRequest, row: SellerRow) -> None:
    names = [one for one in request.POST.getlist("item") if one]
    names += [one.strip() for one in request.POST.get("names", "").splitlines() if one.strip()]
    zh = _language(request) == "zh"
    if not names:
        messages.error(request, "请先选择或填写商品" if zh else "choose or name an item first")
        return
    act = sellers_acts.unmark_items if request.POST.get("act") == "unmark" else (
        sellers_acts.mark_items
    )  # fmt: skip
    try:
        report = act(row.seller_id, names, at=now())
    except Problem as problem:
        _tell(request, problem)
        return
    messages.info(
        request,
        f"已更改 {report.changed} 件，{report.unchanged} 件原已如此" if zh
        else f"{report.changed} changed, {report.unchanged} stood that way already",
    )  # fmt: skip


# -- claims ------------------------------------------------------------------------------


@require_safe
@shop_page()
def claims(request: HttpRequest, row: SellerRow) -> HttpResponse:
    found = claims_now.claims_listed(seller_id=row.seller_id, limit=200)
    return render(request, "seller/claims.html", {
        "shop": row,
        "tab": "claims",
        "claims": [(one, KIND_WORDS[one.kind], ASK_WORDS[one.ask], CLAIM_STATES[one.state])
                   for one in found],
    })  # fmt: skip


@require_safe
@shop_page()
def claim(request: HttpRequest, row: SellerRow, claim: str) -> HttpResponse:
    """One claim whole: whose turn it is, the money, the proposal, what happened."""
    try:
        found = claims_now.claim_page(claim, _language(request), seller=row.name, at=now())
    except ClaimUnknown as problem:
        raise Http404 from problem
    return render(request, "seller/claim.html", {
        "shop": row, "tab": "claims", "claim": found, "kind": KIND_WORDS[found.kind],
        "ask": ASK_WORDS[found.ask], "state": CLAIM_STATES[found.state],
    })  # fmt: skip
