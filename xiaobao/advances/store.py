"""The only code that locks and writes the tables of advances: in sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances.facts import DuePayouts, Payouts, PayoutState
from xiaobao.database.arrays import uuids
from xiaobao.database.sets import copy_in, execute, fetch_arrays, put_in, rows_of
from xiaobao.kernel.clocks import moment_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xiaobao.advances.facts import Borne, Owed, Restored, Split
    from xiaobao.kernel.columns import Int
    from xiaobao.ledger.facts import Postings

_SPLIT_SPEC = {
    "seller_id": "i8", "subject_id": "i8", "buyer_id": "i8", "buyer_reserve": "i8",
    "buyer_deposit": "i8", "buyer_cover": "i8", "buyer_fund": "i8", "buyer_grant": "i8",
    "platform_reserve": "i8",
    "platform_deposit": "i8", "platform_cover": "i8", "platform_fund": "i8", "decided_at": "ts",
    "cause": "uuid", "market_id": "i2",
}  # fmt: skip
_PAYOUT_SPEC = {
    "seller_id": "i8", "buyer_id": "i8", "amount": "i8", "created_at": "ts", "next_at": "ts",
    "payout": "uuid", "market_id": "i2",
}  # fmt: skip
_REVERSAL_SPEC = {
    "seller_id": "i8", "reserve": "i8", "deposit": "i8", "cover": "i8", "cancelled": "i8",
    "returned": "i8", "reversed_at": "ts", "cause": "uuid",
}  # fmt: skip


def add_splits(owed: Owed, split: Split) -> None:
    """What was decided of causes that none stands of, sent with what comes next."""
    columns = owed.as_dict() | {"decided_at": owed.at_us}
    columns |= {name.removesuffix("_minor"): v for name, v in split.as_dict().items()}
    # What was locked for the cause is the deposit's: a reversal gives it back there.
    columns["buyer_deposit"] = split.buyer_deposit_minor + split.buyer_locked_minor
    columns["platform_deposit"] = split.platform_deposit_minor + split.platform_locked_minor
    put_in("advances_split", columns, _SPLIT_SPEC)


def add_payouts(owed: Owed) -> None:
    """One payout per row, due at once; sent with what comes next."""
    columns = owed.as_dict() | {
        "payout_hi": owed.cause_hi, "payout_lo": owed.cause_lo, "amount": owed.buyer_minor,
        "created_at": owed.at_us, "next_at": owed.at_us,
    }  # fmt: skip
    put_in("advances_payout", columns, _PAYOUT_SPEC)


def splits_under(seller_id: Int, cause_hi: Int, cause_lo: Int) -> dict[str, Int]:
    """What was decided under these causes; their books are locked."""
    return fetch_arrays(
        f"""
        SELECT s.seller_id, s.cause, s.buyer_id, s.market_id,
               s.buyer_reserve + s.platform_reserve, s.buyer_deposit + s.platform_deposit,
               s.buyer_cover + s.platform_cover, s.buyer_fund + s.platform_fund,
               s.buyer_reserve + s.buyer_deposit + s.buyer_cover + s.buyer_fund
                   + s.buyer_grant,
               s.platform_reserve + s.platform_deposit + s.platform_cover + s.platform_fund,
               EXISTS (SELECT 1 FROM advances_reversal r
                       WHERE r.seller_id = s.seller_id AND r.cause = s.cause)
        FROM {rows_of("i8", "uuid")} AS k (seller_id, cause)
        JOIN advances_split s USING (seller_id, cause)
        """,
        [seller_id, uuids(cause_hi, cause_lo)],
        {
            "seller_id": "i8", "cause": "uuid", "buyer_id": "i8", "market_id": "i2",
            "reserve_minor": "i8", "deposit_minor": "i8", "cover_minor": "i8", "fund_minor": "i8",
            "buyer_minor": "i8", "platform_minor": "i8", "is_reversed": "bool",
        },
    )  # fmt: skip


def add_reversals(borne: Borne, restored: Restored, at_us: Int) -> int:
    columns = borne.as_dict() | {"reversed_at": at_us}
    columns |= {name.removesuffix("_minor"): v for name, v in restored.as_dict().items()}
    return copy_in("advances_reversal", columns, _REVERSAL_SPEC)


def add_recoveries(postings: Postings) -> int:
    """One row per cause: what was taken from the reserve (leg 0) and the deposit (leg 1)."""
    return execute(
        """
        INSERT INTO advances_recovery (seller_id, cause, reserve, deposit, recovered_at)
        SELECT seller_id, cause, coalesce(sum(amount) FILTER (WHERE leg = 0), 0),
               coalesce(sum(amount) FILTER (WHERE leg = 1), 0), min(at)
        FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[], %s::bigint[], %s::timestamptz[])
             AS p (seller_id, cause, leg, amount, at)
        GROUP BY seller_id, cause ON CONFLICT DO NOTHING
        """,
        [
            postings.seller_id, uuids(postings.cause_hi, postings.cause_lo), postings.leg,
            postings.amount_minor, postings.at_us.view("M8[us]"),
        ],
    )  # fmt: skip


# -- payouts -------------------------------------------------------------------------------------

_STATES = {state.name: state.value for state in PayoutState}


def lock_due(until_us: int, limit: int) -> DuePayouts:
    """Lock payouts whose time has come, those that waited longest first; `attempt` is the last."""
    return DuePayouts(
        **fetch_arrays(
            """
            SELECT seller_id, payout, market_id, buyer_id, amount, attempts, next_at,
                   state IN ({SENT}, {UNKNOWN}),
                   CASE WHEN state IN ({SENT}, {UNKNOWN}) THEN coalesce(
                       (SELECT max(e.happened_at) FROM advances_payout_event e
                        WHERE e.seller_id = p.seller_id AND e.payout = p.payout
                        AND e.state = {SENT}), 'epoch') ELSE 'epoch' END
            FROM advances_payout p WHERE next_at <= %s
            ORDER BY next_at, seller_id, payout LIMIT %s FOR UPDATE SKIP LOCKED
            """.format_map(_STATES),
            [moment_of(until_us), limit],
            {
                "seller_id": "i8", "payout": "uuid", "market_id": "i2", "buyer_id": "i8",
                "amount_minor": "i8", "attempt": "i4", "due_us": "ts", "is_query": "bool",
                "sent_us": "ts",
            },
        )
    )  # fmt: skip


def mark_sent(due: DuePayouts) -> None:
    """These are handed to the gateway once the transaction has ended."""
    names = uuids(due.payout_hi, due.payout_lo)
    moved = execute(
        """
        UPDATE advances_payout p SET state = {SENT}, attempts = n.attempt, queries = 0
        FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[]) AS n (seller_id, payout, attempt)
        WHERE p.seller_id = n.seller_id AND p.payout = n.payout
        """.format_map(_STATES),
        [due.seller_id, names, due.attempt],
    )
    assert moved == len(due), "a locked payout is gone"
    none = [""] * len(due)
    _add_events(
        due.seller_id, names, due.due_us, due.attempt,
        np.full(len(due), PayoutState.SENT), none, none,
    )  # fmt: skip


def lock_payouts(seller_id: Int, payout_hi: Int, payout_lo: Int) -> Payouts:
    """Lock these payouts, in the order of their names; unknown ones are left out."""
    return Payouts(
        **fetch_arrays(
            f"""
            SELECT p.seller_id, p.payout, p.market_id, p.buyer_id, p.amount, p.state,
                   p.attempts, p.queries
            FROM {rows_of("i8", "uuid")} AS k (seller_id, payout)
            JOIN advances_payout p USING (seller_id, payout)
            ORDER BY p.seller_id, p.payout FOR UPDATE OF p
            """,
            [seller_id, uuids(payout_hi, payout_lo)],
            {
                "seller_id": "i8", "payout": "uuid", "market_id": "i2", "buyer_id": "i8",
                "amount_minor": "i8", "state": "i2", "attempts": "i4", "queries": "i4",
            },
        )
    )  # fmt: skip


def lock_unsent(seller_id: int, subject_id: int) -> Payouts:
    """Lock the payouts about one subject of which nothing is under way, the latest first."""
    return Payouts(
        **fetch_arrays(
            """
            SELECT p.seller_id, p.payout, p.market_id, p.buyer_id, p.amount, p.state,
                   p.attempts, p.queries
            FROM advances_split s JOIN advances_payout p
                ON p.seller_id = s.seller_id AND p.payout = s.cause
            WHERE s.seller_id = %s AND s.subject_id = %s AND p.state IN ({CREATED}, {FAILED})
            ORDER BY p.created_at DESC, p.payout DESC FOR UPDATE OF p SKIP LOCKED
            """.format_map(_STATES),
            [seller_id, subject_id],
            {
                "seller_id": "i8", "payout": "uuid", "market_id": "i2", "buyer_id": "i8",
                "amount_minor": "i8", "state": "i2", "attempts": "i4", "queries": "i4",
            },
        )
    )  # fmt: skip


def move_payouts(
    payouts: Payouts, at_us: Int, next_us: Int, gateway_ref: list[str], said: list[str]
) -> None:
    """Write where payouts stand now; `next_us` is FAR_US where nothing is left to do."""
    names = uuids(payouts.payout_hi, payouts.payout_lo)
    moved = execute(
        """
        UPDATE advances_payout p
        SET state = n.state, queries = n.queries, next_at = nullif(n.next_at, 'infinity'),
            ended_at = CASE WHEN n.next_at = 'infinity' THEN n.at END,
            gateway_ref = n.gateway_ref, said = n.said
        FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[], %s::bigint[], %s::timestamptz[],
                    %s::timestamptz[], %s::text[], %s::text[])
             AS n (seller_id, payout, state, queries, at, next_at, gateway_ref, said)
        WHERE p.seller_id = n.seller_id AND p.payout = n.payout
        """,
        [
            payouts.seller_id, names, payouts.state.astype("i8"), payouts.queries.astype("i8"),
            at_us.view("M8[us]"), next_us.view("M8[us]"), gateway_ref, said,
        ],
    )  # fmt: skip
    assert moved == len(payouts), "a locked payout is gone"
    _add_events(
        payouts.seller_id, names, at_us, payouts.attempts, payouts.state, gateway_ref, said
    )


def mark_reconciled(seller_id: Int, payout_hi: Int, payout_lo: Int) -> int:
    """Confirmed payouts that the gateway's own book shows too; return how many were new."""
    return execute(
        """
        UPDATE advances_payout p SET state = {RECONCILED}
        FROM unnest(%s::bigint[], %s::uuid[]) AS n (seller_id, payout)
        WHERE p.seller_id = n.seller_id AND p.payout = n.payout AND p.state = {CONFIRMED}
        """.format_map(_STATES),
        [seller_id, uuids(payout_hi, payout_lo)],
    )


def _add_events(
    seller_id: Int, names: NDArray[np.void], at_us: Int, attempt: Int, state: Int,
    gateway_ref: list[str], said: list[str],
) -> None:  # fmt: skip
    # An answer that comes twice at one moment is one step of the history.
    execute(
        """
        INSERT INTO advances_payout_event
            (seller_id, payout, happened_at, attempt, state, gateway_ref, said)
        SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::timestamptz[], %s::bigint[],
                             %s::bigint[], %s::text[], %s::text[])
        ON CONFLICT DO NOTHING
        """,
        [
            seller_id, names, at_us.view("M8[us]"), attempt.astype("i8"), state.astype("i8"),
            gateway_ref, said,
        ],
    )  # fmt: skip
