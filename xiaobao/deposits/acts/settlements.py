"""Settlements withheld into the reserve, released, and paid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.deposits.acts.causes import check_amounts, check_sellers, keyed_causes
from xiaobao.deposits.acts.ladder import check_shortfalls
from xiaobao.deposits.acts.releasing import begin_releases
from xiaobao.deposits.facts import CauseKind
from xiaobao.kernel.clocks import us_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Account, Postings, Why
from xiaobao.outbox import acts as outbox
from xiaobao.outbox.facts import EventKind

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.kernel.columns import Int
    from xiaobao.ledger.facts import Receipt


@transaction.atomic
def withhold_settlement(
    seller_ids: Int, amounts_minor: Int, *, keys: Int | int, at: datetime
) -> Receipt:
    """Keep part of what the gateway settles to sellers, in their reserve.

    :raises SellerUnknown: for an id nobody has
    :raises AmountNotPositive: for an amount of nothing or less
    :raises PostingsRefused: for a key that withheld another amount before
    """
    check_sellers(seller_ids)
    # Before their books, as whatever releases does: no two wait for one another.
    begin_releases(seller_ids, us_of(at))
    receipt = _move(
        CauseKind.WITHHELD, Account.OUTSIDE, Account.RESERVE, Why.SETTLEMENT_WITHHELD,
        seller_ids, amounts_minor, keys, at,
    )  # fmt: skip
    outbox.tell(
        EventKind.DEPOSIT_SETTLEMENT_WITHHELD, seller_ids,
        *keyed_causes(CauseKind.WITHHELD, seller_ids, keys), at_us=us_of(at),
        amount_minor=amounts_minor,
    )  # fmt: skip
    check_shortfalls(seller_ids, at_us=us_of(at))
    return receipt


@transaction.atomic
def release_settlement(
    seller_ids: Int, amounts_minor: Int, *, keys: Int | int, at: datetime
) -> Receipt:
    """Owe withheld settlement back to sellers; it leaves when `confirm_releases` says so.

    :raises SellerUnknown: for an id nobody has
    :raises AmountNotPositive: for an amount of nothing or less
    :raises PostingsRefused: for more than the reserve holds, or a key with another amount
    """
    receipt = _move(
        CauseKind.RELEASED, Account.RESERVE, Account.REFUNDS, Why.SETTLEMENT_RELEASED,
        seller_ids, amounts_minor, keys, at,
    )  # fmt: skip
    check_shortfalls(seller_ids, at_us=us_of(at))
    return receipt


@transaction.atomic
def confirm_releases(
    seller_ids: Int, amounts_minor: Int, *, keys: Int | int, at: datetime
) -> Receipt:
    """The gateway paid released settlement out, under the keys of the releases.

    :raises SellerUnknown: for an id nobody has
    :raises AmountNotPositive: for an amount of nothing or less
    :raises PostingsRefused: for more than is owed back, or a key with another amount
    """
    return _move(
        CauseKind.RELEASE_PAID, Account.REFUNDS, Account.OUTSIDE, Why.REFUND_PAID,
        seller_ids, amounts_minor, keys, at,
    )  # fmt: skip


def _move(
    kind: CauseKind,
    source: Account,
    target: Account,
    why: Why,
    seller_ids: Int,
    amounts_minor: Int,
    keys: Int | int,
    at: datetime,
) -> Receipt:
    check_sellers(seller_ids)
    check_amounts(seller_ids, amounts_minor)
    hi, lo = keyed_causes(kind, seller_ids, keys)
    zeros = np.zeros(len(seller_ids), np.int64)
    return ledger.post_all(
        Postings.moves(
            seller_id=seller_ids, cause_hi=hi, cause_lo=lo, leg=zeros, source=zeros + source,
            target=zeros + target, amount_minor=amounts_minor, why=zeros + why,
            at_us=zeros + us_of(at),
        )
    )  # fmt: skip
