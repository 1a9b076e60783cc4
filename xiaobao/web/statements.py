"""Statements to take away: one account's lines as CSV, for a shop itself and for finance."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.http import HttpResponse

from xiaobao.ledger import queries as ledger
from xiaobao.ledger.rules import why_words
from xiaobao.web.templatetags.house import plain
from xiaobao.web.zones import MARKET

if TYPE_CHECKING:
    from xiaobao.ledger.facts import Account
    from xiaobao.sellers.facts import SellerRow

MOST_LINES = 100_000


def statement_csv_of(row: SellerRow, account: Account, language: str) -> HttpResponse:
    """The newest first; amounts in the currency's own units."""
    lines = ledger.statement(row.seller_id, account, limit=MOST_LINES)
    out = io.StringIO()
    told = csv.writer(out)
    told.writerow(
        ["序号", "时间", "事由", "变动", "余额", "货币", "事由编号"] if language == "zh" else
        ["number", "time", "why", "change", "balance", "currency", "cause"]
    )  # fmt: skip
    money = row.currency
    for one in lines:
        assert one.change_minor is not None, "the statement of one account has changes"
        assert one.after_minor is not None, "the statement of one account has balances"
        told.writerow([
            one.seq, one.at.astimezone(MARKET).isoformat(timespec="seconds"),
            why_words(one.why, language), plain(one.change_minor, money),
            plain(one.after_minor, money), money, one.cause,
        ])  # fmt: skip
    name = f"statement-{account.name.lower()}.csv"
    # The mark lets spreadsheets read Chinese.
    return HttpResponse(
        "\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip
