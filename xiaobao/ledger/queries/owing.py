"""Who owes the guarantee fund, and who has something in an account; each reads every book."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database import sets
from xiaobao.database.lists import Order, Part, Place
from xiaobao.ledger.facts import Balances
from xiaobao.ledger.queries.reading import ACCOUNTS, BALANCES, BALANCES_SPEC

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int
    from xiaobao.ledger.facts import Account

# Of a seller and its debt.
BY_DEBT: Order[tuple[int, int]] = Order(
    (Part("-fund", is_descending=True), Part("seller_id")), lambda row: (row[1], row[0])
)


def debtors(limit: int = 50, *, place: Place | None = None) -> Balances:
    """Books that owe the guarantee fund, the deepest debt first.

    Reads every book: an index on the debt would cost each posting more than this costs a page.
    """
    found = sets.fetch_arrays(
        f"SELECT {BALANCES} FROM ledger_book WHERE fund < 0"
        f"{BY_DEBT.after(place)}{BY_DEBT.by(place)} LIMIT %(limit)s",
        {"limit": limit} | BY_DEBT.params(place),
        BALANCES_SPEC,
    )
    is_back = place is not None and place.is_back
    return Balances(**{name: column[::-1] if is_back else column
                       for name, column in found.items()})  # fmt: skip


def able_debtors() -> Int:
    """The sellers who owe the fund and have free money to repay it with; reads every book."""
    found = sets.fetch_arrays(
        "SELECT seller_id FROM ledger_book WHERE fund < 0 AND reserve + deposit > 0 "
        "ORDER BY seller_id",
        None,
        {"seller_id": "i8"},
    )
    return found["seller_id"]


def sellers_holding(account: Account) -> Int:
    """The sellers with something in this account; reads every book, as `debtors` does."""
    found = sets.fetch_arrays(
        f"SELECT seller_id FROM ledger_book WHERE {ACCOUNTS[account]} <> 0 ORDER BY seller_id",
        None,
        {"seller_id": "i8"},
    )
    return found["seller_id"]
