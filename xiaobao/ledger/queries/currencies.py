"""In which currency books are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database import sets

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int


def currency_of(seller_id: int) -> str | None:
    """The currency a seller's book is kept in; None where there is no book."""
    found = sets.fetch_rows("SELECT currency FROM ledger_book WHERE seller_id = %s", [seller_id])
    return found[0][0] if found else None


def currencies_of(seller_ids: Int) -> list[tuple[int, str]]:
    """The currencies these sellers' books are kept in."""
    return sets.fetch_rows(
        "SELECT seller_id, currency FROM ledger_book WHERE seller_id = ANY(%s::bigint[])",
        [seller_ids],
    )


def other_currencies(seller_ids: Int, currency: str, *, limit: int) -> list[tuple[int, str]]:
    """Those of these sellers whose book is kept in another currency, and in which."""
    return sets.fetch_rows(
        "SELECT seller_id, currency FROM ledger_book "
        "WHERE seller_id = ANY(%s::bigint[]) AND currency <> %s ORDER BY seller_id LIMIT %s",
        [seller_ids, currency, limit],
    )
