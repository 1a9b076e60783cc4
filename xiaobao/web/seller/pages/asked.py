"""What is asked of a shop now; of who has left no deposit any more, only its debt."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from xiaobao.deposits import queries as deposits

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.deposits.facts import DepositRow
    from xiaobao.sellers.facts import SellerRow


class Asked(TypedDict):
    """`to_lodge_minor` repays the debt, which comes first, and leaves nothing short."""

    deposit: DepositRow | None
    short_minor: int
    to_lodge_minor: int


def asked_of(row: SellerRow, at: datetime) -> Asked:
    deposit = deposits.deposit_of(row.seller_id, at=at)
    short = deposit.shortfall_minor if deposit else 0
    return {
        "deposit": deposit,
        "short_minor": short,
        "to_lodge_minor": short + (deposit.debt_minor if deposit else 0),
    }
