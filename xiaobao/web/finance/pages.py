"""Money as a whole: each account over all books, what is paid out, who owes the fund."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xiaobao.advances.facts import STATE_WORDS
from xiaobao.deposits import queries as deposits
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.rules import account_words
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.web.gates import staff_page
from xiaobao.web.people import Role
from xiaobao.work import figures
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from xiaobao.ledger.queries import TrialRow


@require_safe
@staff_page(Role.FINANCE, Role.ADMINISTRATOR)
def balance(request: HttpRequest) -> HttpResponse:
    language: str = request.language  # type: ignore[attr-defined]
    by_currency: dict[str, list[tuple[TrialRow, str]]] = {}
    for row in ledger.trial_balance():
        words = account_words(row.account, language)
        by_currency.setdefault(row.currency, []).append((row, words))
    debts = ledger.debtors(limit=20)
    names = sellers.names_of(debts.seller_id)
    refused = deposits.takings_in_trouble(limit=20)
    of_refused = np.array([one.seller_id for one in refused], np.int64)
    names_of, currency_of = sellers.names_of(of_refused), dict(ledger.currencies_of(of_refused))
    kept_in = dict(ledger.currencies_of(debts.seller_id))
    payouts = figures.payout_totals(now())
    return render(request, "finance/balance.html", {
        "currencies": [
            (currency, rows, sum(row.sum_minor for row, _ in rows))
            for currency, rows in by_currency.items()
        ],
        "debtors": [
            (names.get(seller_id, str(seller_id)), -debt, kept_in[seller_id])
            for seller_id, debt in zip(
                debts.seller_id.tolist(), np.asarray(debts.fund).tolist(), strict=True
            )
        ],
        "frozen": [
            (promises.market_of(market_id).currency, count, minor)
            for market_id, count, minor in deposits.frozen_total()
        ],
        "refused": [
            (one, names_of.get(one.seller_id, ""), currency_of[one.seller_id])
            for one in refused
        ],
        "payouts": [(one, STATE_WORDS[one.state]) for one in payouts.told],
        "as_of": payouts.as_of,
    })  # fmt: skip
