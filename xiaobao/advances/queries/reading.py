"""What is due next, what was borne, paid and recovered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.advances.facts import (
    PayoutEventRow,
    PayoutRow,
    Payouts,
    PayoutState,
    PayoutTotals,
    SplitTotals,
)
from xiaobao.advances.rules import reversal_causes
from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.database.sets import fetch_arrays, fetch_rows
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import uuid_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID


def next_due_us() -> int | None:
    """When the next payout is to be sent, sent again, or asked about."""
    found = fetch_rows("SELECT min(next_at) FROM advances_payout WHERE next_at IS NOT NULL")
    return us_of(found[0][0]) if found[0][0] else None


def payout_totals() -> list[PayoutTotals]:
    """How many payouts stand where, and for how much, by market and state."""
    rows = fetch_rows(
        "SELECT market_id, state, count(*), sum(amount)::bigint FROM advances_payout "
        "GROUP BY market_id, state ORDER BY market_id, state"
    )
    return [
        PayoutTotals(market, PayoutState(state), n, amount) for market, state, n, amount in rows
    ]


def split_totals() -> list[SplitTotals]:
    """What each source bore since the beginning, what was recovered and reversed, by market.

    A seller is in one market, so recoveries count where the seller's compensations do.
    """
    rows = fetch_rows(
        """
        WITH borne AS (
            SELECT market_id, count(*) AS paid,
                   sum(buyer_reserve + buyer_deposit + buyer_cover + buyer_fund + buyer_grant)
                       AS buyers,
                   sum(platform_reserve + platform_deposit + platform_cover + platform_fund)
                       AS platform,
                   sum(buyer_reserve + platform_reserve) AS reserve,
                   sum(buyer_deposit + platform_deposit) AS deposit,
                   sum(buyer_cover + platform_cover) AS cover,
                   sum(buyer_fund + platform_fund) AS fund,
                   sum(buyer_grant) AS granted
            FROM advances_split GROUP BY market_id
        ), market AS (
            SELECT DISTINCT ON (seller_id) seller_id, market_id FROM advances_split
            ORDER BY seller_id
        ), back AS (
            SELECT market_id, sum(r.reserve + r.deposit) AS recovered
            FROM advances_recovery r JOIN market USING (seller_id) GROUP BY market_id
        ), undone AS (
            SELECT market_id,
                   sum(r.reserve + r.deposit + r.cover + r.cancelled + r.returned) AS reversed
            FROM advances_reversal r JOIN market USING (seller_id) GROUP BY market_id
        )
        SELECT market_id, paid, buyers::bigint, platform::bigint, reserve::bigint,
               deposit::bigint, cover::bigint, fund::bigint, granted::bigint,
               coalesce(recovered, 0)::bigint, coalesce(reversed, 0)::bigint
        FROM borne LEFT JOIN back USING (market_id) LEFT JOIN undone USING (market_id)
        ORDER BY market_id
        """
    )
    return [SplitTotals(*row) for row in rows]


def causes_about(seller_id: int, subject_id: int) -> list[UUID]:
    """The causes that paid for one subject (an order's breaches, a claim), and their reversals."""
    found = fetch_arrays(
        "SELECT cause FROM advances_split WHERE seller_id = %s AND subject_id = %s ORDER BY cause",
        [seller_id, subject_id],
        {"cause": "uuid"},
    )
    high, low = found["cause_hi"], found["cause_lo"]
    reversed_hi, reversed_lo = reversal_causes(high, low)
    return [
        uuid_of(one, two)
        for one, two in zip(
            [*high.tolist(), *reversed_hi.tolist()], [*low.tolist(), *reversed_lo.tolist()],
            strict=True,
        )
    ]  # fmt: skip


BY_MAKING: Order[PayoutRow] = Order(
    (Part("created_at", "ts", is_descending=True), Part("payout", "uuid")),
    lambda row: (row.created_at, row.payout),
)


def payouts_of(
    seller_id: int,
    *,
    under: Sequence[UUID] | None = None,
    place: Place | None = None,
    limit: int = 50,
) -> list[PayoutRow]:
    """A seller's latest payouts, newest first; those under some causes, where any are named."""
    rows = fetch_rows(
        "SELECT payout, buyer_id, market_id, amount, state, attempts, created_at, next_at, "
        "ended_at, gateway_ref, said FROM advances_payout WHERE seller_id = %(seller)s "
        "AND (%(all)s OR payout = ANY(%(under)s::uuid[]))"
        f"{BY_MAKING.after(place)}{BY_MAKING.by(place)} LIMIT %(limit)s",
        {"seller": seller_id, "all": under is None, "under": list(under or ()), "limit": limit}
        | BY_MAKING.params(place),
    )
    found = [
        PayoutRow(
            payout=row[0], buyer_id=row[1], market_id=row[2], amount_minor=row[3],
            state=PayoutState(row[4]), attempts=row[5], created_at=row[6], next_at=row[7],
            ended_at=row[8], gateway_ref=row[9], said=row[10],
        )
        for row in rows
    ]  # fmt: skip
    return straight(found, place)


def history_of(seller_id: int, payout: UUID) -> list[PayoutEventRow]:
    """Every step of one payout, in order."""
    rows = fetch_rows(
        "SELECT happened_at, state, attempt, gateway_ref, said FROM advances_payout_event "
        "WHERE seller_id = %s AND payout = %s ORDER BY happened_at, attempt, state",
        [seller_id, payout],
    )
    return [PayoutEventRow(row[0], PayoutState(row[1]), *row[2:]) for row in rows]


_PAID = [
    PayoutState.CONFIRMED.value, PayoutState.RECONCILED.value, PayoutState.PAID_UNOWED.value,
]  # fmt: skip


def paid_payouts() -> Payouts:
    """Every payout that left, reconciled or not."""
    return Payouts(
        **fetch_arrays(
            "SELECT seller_id, payout, market_id, buyer_id, amount, state, attempts, queries "
            "FROM advances_payout WHERE state = ANY(%s)",
            [_PAID],
            {
                "seller_id": "i8", "payout": "uuid", "market_id": "i2", "buyer_id": "i8",
                "amount_minor": "i8", "state": "i2", "attempts": "i4", "queries": "i4",
            },
        )
    )  # fmt: skip
