"""A market with enrolled sellers, and hands to put money into their books."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.advances.making import AT
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.references import causes_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Account, Postings, Why
from xiaobao.promises.acts import publish_pack
from xiaobao.promises.queries import market
from xiaobao.sellers.acts import enrol_sellers

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.kernel.columns import Int

NAMES = ("好店", "小店", "坏店")


@pytest.fixture
def sellers(db: None) -> Int:
    """Three sellers of the Chinese market, their books open and empty."""
    return enrol_three()


def enrol_three() -> Int:
    publish_pack("cn", at=moment_of(AT))
    market_id = market("cn").market_id
    return enrol_sellers(NAMES, market_id=market_id, signed_by="店主", at=moment_of(AT))


@pytest.fixture
def give() -> Callable[[int, Account, int], None]:
    """Put money into one account of a book, from outside."""
    return put_money


_given = iter(range(1, 10**9))


def put_money(seller: int, account: Account, amount: int) -> None:
    one = np.array([seller], np.int64)
    high, low = causes_of(999, np.array([AT]), one, np.array([next(_given)]))
    zero = np.zeros(1, np.int64)
    ledger.post_all(
        Postings.moves(
            seller_id=one, cause_hi=high, cause_lo=low, leg=zero,
            source=zero + Account.OUTSIDE, target=zero + account, amount_minor=zero + amount,
            why=zero + Why.DEPOSIT_LODGED, at_us=zero + AT,
        )
    )  # fmt: skip
