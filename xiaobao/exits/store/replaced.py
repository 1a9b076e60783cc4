"""Payments that carry the money of others: which one does now, and which arrived all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.advances.facts import PayoutState
from xiaobao.database import sets
from xiaobao.exits.store.exits import hold_payments
from xiaobao.kernel.references import halves_of, uuid_of

if TYPE_CHECKING:
    from xiaobao.exits.facts import Payments


def replace_payment(seller_id: int, old: tuple[int, int], new: tuple[int, int]) -> None:
    """The second carries the money of the first from now on."""
    sets.execute(
        "UPDATE exits_payment SET replaces = %s WHERE seller_id = %s AND payment = %s",
        [uuid_of(*old), seller_id, uuid_of(*new)],
    )


def hold_carrier(seller_id: int, hi: int, lo: int) -> Payments:
    """The last of those that carry this payment's money after it, held; or none."""
    return _held(
        seller_id,
        "WITH RECURSIVE after AS ("
        "SELECT payment, 1 AS step FROM exits_payment WHERE seller_id = %s AND replaces = %s "
        "UNION ALL SELECT p.payment, a.step + 1 FROM after a JOIN exits_payment p "
        "ON p.seller_id = %s AND p.replaces = a.payment) "
        "SELECT payment FROM after ORDER BY step DESC LIMIT 1",
        [seller_id, uuid_of(hi, lo), seller_id],
    )


def hold_unowed(seller_id: int, hi: int, lo: int) -> Payments:
    """The first of those before this payment that arrived although given up, held; or none."""
    return _held(
        seller_id,
        "WITH RECURSIVE before AS ("
        "SELECT replaces, 1 AS step FROM exits_payment WHERE seller_id = %s AND payment = %s "
        "UNION ALL SELECT p.replaces, b.step + 1 FROM before b JOIN exits_payment p "
        "ON p.seller_id = %s AND p.payment = b.replaces) "
        "SELECT p.payment FROM before b JOIN exits_payment p "
        "ON p.seller_id = %s AND p.payment = b.replaces AND p.state = %s "
        "ORDER BY b.step DESC LIMIT 1",
        [seller_id, uuid_of(hi, lo), seller_id, seller_id, PayoutState.PAID_UNOWED.value],
    )


def _held(seller_id: int, query: str, values: list[Any]) -> Payments:
    names = [halves_of(row[0]) for row in sets.fetch_rows(query, values)]
    return hold_payments(
        np.full(len(names), seller_id, np.int64),
        np.array([hi for hi, _ in names], np.int64),
        np.array([lo for _, lo in names], np.int64),
    )
