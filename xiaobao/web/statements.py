"""Statements to take away: one account's lines as CSV, for a shop itself and for finance."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.http import StreamingHttpResponse

from xiaobao.ledger import queries as ledger
from xiaobao.ledger.rules import why_words
from xiaobao.web.templatetags.house import plain
from xiaobao.web.zones import MARKET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from xiaobao.ledger.facts import Account
    from xiaobao.ledger.queries import Line
    from xiaobao.sellers.facts import SellerRow

# Lines read, and held, at a time: a statement is whole, however long it is.
AT_A_TIME = 2_000


def statement_csv_of(row: SellerRow, account: Account, language: str) -> StreamingHttpResponse:
    """The newest first; amounts in the currency's own units."""
    name = f"statement-{account.name.lower()}.csv"
    return StreamingHttpResponse(
        _portions(row, account, language), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


def _portions(row: SellerRow, account: Account, language: str) -> Iterator[str]:
    """Lines are only ever added: each portion goes on before the last line of the one before."""
    # The mark lets spreadsheets read Chinese.
    yield "\ufeff" + _as_csv([
        ["序号", "时间", "事由", "变动", "余额", "货币", "事由编号"] if language == "zh" else
        ["number", "time", "why", "change", "balance", "currency", "cause"]
    ])  # fmt: skip
    before = None
    while lines := ledger.statement(row.seller_id, account, before, AT_A_TIME):
        yield _as_csv([_cells(one, row.currency, language) for one in lines])
        before = lines[-1].seq


def _cells(one: Line, currency: str, language: str) -> list[object]:
    assert one.change_minor is not None, "the statement of one account has changes"
    assert one.after_minor is not None, "the statement of one account has balances"
    return [
        one.seq, one.at.astimezone(MARKET).isoformat(timespec="seconds"),
        why_words(one.why, language), plain(one.change_minor, currency),
        plain(one.after_minor, currency), currency, one.cause,
    ]  # fmt: skip


def _as_csv(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
