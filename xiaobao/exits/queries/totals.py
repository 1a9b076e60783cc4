"""Exits summed up: how many for which reason, how long they took, what was held, what was paid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiaobao.database import sets
from xiaobao.exits.facts import Blocker, ExitEvent, PaymentKind, Reason, Scope
from xiaobao.ledger import queries as ledger


@dataclass(frozen=True)
class ExitTotal:
    """Exits of one scope and reason; waits in whole hours, rounded down."""

    scope: Scope
    reason: Reason
    asked: int
    paid: int  # of which some money arrived
    ended: int
    called_off: int  # by the seller, for relief taken, or refused
    late: int  # of the platform's review
    wait_hours: int | None  # from asking to the first money: half of them took no longer
    refunded_minor: int
    interest_minor: int
    held_minor: int  # still kept, thing by thing


@dataclass(frozen=True)
class KeptTotal:
    """What exits were held for when they were approved or forced."""

    kind: Blocker
    exits: int
    things: int
    held_minor: int


def exit_totals() -> list[ExitTotal]:
    """Every exit there was, by scope and reason."""
    rows = sets.fetch_rows(
        """
        WITH money AS (
            SELECT seller_id, number, min(ended_at) AS first_at FROM exits_payment
            WHERE state IN (2, 5) AND kind = %(deposit)s GROUP BY seller_id, number
        )
        SELECT scope, reason, count(*), count(m.first_at),
               count(*) FILTER (WHERE state = 8), count(*) FILTER (WHERE state IN (9, 10)),
               count(*) FILTER (WHERE marks & 1 <> 0),
               (extract(epoch FROM percentile_disc(0.5) WITHIN GROUP
                   (ORDER BY m.first_at - submitted_at)) / 3600)::bigint,
               sum(paid_minor)::bigint, sum(interest_minor)::bigint,
               coalesce(sum(held_minor) FILTER (WHERE state = 7), 0)::bigint
        FROM exits_exit LEFT JOIN money m USING (seller_id, number)
        GROUP BY scope, reason ORDER BY scope, reason
        """,
        {"deposit": PaymentKind.DEPOSIT.value},
    )
    return [ExitTotal(Scope(row[0]), Reason(row[1]), *row[2:]) for row in rows]


def kept_totals() -> list[KeptTotal]:
    """What exits were held for when they were approved or forced, by kind."""
    rows = sets.fetch_rows(
        "SELECT k.kind, count(DISTINCT (k.seller_id, k.number)), count(*), "
        "sum(k.held_minor)::bigint FROM exits_kept k JOIN exits_event e "
        "USING (seller_id, number, seq) WHERE e.event IN (%s, %s) GROUP BY k.kind ORDER BY k.kind",
        [ExitEvent.APPROVED.value, ExitEvent.FORCED.value],
    )
    return [KeptTotal(Blocker(row[0]), *row[1:]) for row in rows]


def most_to_leave(seller_id: int) -> int:
    """The most that an exit could let leave: all that the deposit holds, free or locked."""
    book = ledger.balances(np.array([seller_id], np.int64))
    return int(book.deposit.sum() + book.locked.sum())
