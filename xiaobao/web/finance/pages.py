"""Money as a whole: each account over all books, what is paid out, who owes the fund."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xiaobao.advances import queries as advances
from xiaobao.advances.facts import STATE_WORDS
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.rules import account_words
from xiaobao.sellers import queries as sellers
from xiaobao.web.gates import staff_page
from xiaobao.web.people import Role

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
    kept_in = dict(ledger.currencies_of(debts.seller_id))
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
        "payouts": [(one, STATE_WORDS[one.state]) for one in advances.payout_totals()],
    })  # fmt: skip
