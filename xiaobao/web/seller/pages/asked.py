"""What is asked of a shop now: who has left owes no deposit any more, only its debt."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from xiaobao.deposits import queries as deposits
from xiaobao.sellers.facts import Standing

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.deposits.facts import DepositRow
    from xiaobao.sellers.facts import SellerRow

OUTSIDE = (Standing.EXITED, Standing.FORCED_OUT)


class Asked(TypedDict):
    """`to_lodge_minor` repays the debt, which comes first, and leaves nothing short."""

    deposit: DepositRow | None
    is_outside: bool
    short_minor: int
    to_lodge_minor: int


def asked_of(row: SellerRow, at: datetime) -> Asked:
    deposit = deposits.deposit_of(row.seller_id, at=at)
    is_outside = row.state in OUTSIDE
    short = 0 if deposit is None or is_outside else deposit.shortfall_minor
    return {
        "deposit": deposit,
        "is_outside": is_outside,
        "short_minor": short,
        "to_lodge_minor": short + (deposit.debt_minor if deposit else 0),
    }
