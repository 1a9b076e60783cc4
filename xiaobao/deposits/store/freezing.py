"""Sums frozen with sellers, and what is taken of them: written and locked; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.database.arrays import uuids
from xiaobao.deposits.facts import Authorisations, LodgementState, Takings
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.references import uuid_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from xiaobao.kernel.columns import Int, Mask

AUTHORISATION = (
    "a.seller_id, a.lodgement, a.amount_minor, a.taken_minor, a.taking_minor, a.let_go_minor, "
    "a.leaving_minor, a.lost_minor, a.besides_minor, a.takings, a.is_told, a.frozen_at, a.ends_at"
)
AUTHORISATION_SPEC = {
    "seller_id": "i8", "lodgement": "uuid", "amount_minor": "i8", "taken_minor": "i8",
    "taking_minor": "i8", "let_go_minor": "i8", "leaving_minor": "i8", "lost_minor": "i8",
    "besides_minor": "i8", "takings": "i4", "is_told": "bool", "frozen_us": "ts", "ends_us": "ts",
}  # fmt: skip
TAKING = (
    "t.seller_id, t.taking, t.lodgement, t.amount_minor, t.state, t.attempts, t.queries, "
    "coalesce(t.next_at, 'infinity'), coalesce(t.sent_at, 'epoch')"
)
TAKING_SPEC = {
    "seller_id": "i8", "taking": "uuid", "lodgement": "uuid", "amount_minor": "i8",
    "state": "i2", "attempts": "i4", "queries": "i4", "next_us": "ts", "sent_us": "ts",
}  # fmt: skip


def _ts(moments_us: Int) -> NDArray[np.datetime64]:
    return np.ascontiguousarray(moments_us).view("M8[us]")


# -- sums ----------------------------------------------------------------------------------------


def add_authorisations(
    seller_ids: Int, hi: Int, lo: Int, amounts: Int, refs: Sequence[str], *, at: datetime,
    ends_us: Int, look_us: Int,
) -> None:  # fmt: skip
    """Sums that stand frozen from now on."""
    sets.execute(
        "INSERT INTO deposits_authorisation (seller_id, lodgement, amount_minor, frozen_at, "
        "ends_at, look_at, gateway_ref) SELECT u.seller_id, u.lodgement, u.amount, "
        "%s::timestamptz, u.ends_at, u.look_at, u.ref FROM unnest(%s::bigint[], %s::uuid[], "
        "%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::text[]) "
        "AS u(seller_id, lodgement, amount, ends_at, look_at, ref) ORDER BY 1, 2",
        [at, seller_ids, uuids(hi, lo), amounts, _ts(ends_us), _ts(look_us), list(refs)],
    )


def hold_authorisations(seller_ids: Int) -> Authorisations:
    """What these sellers have standing frozen, locked; of each seller those that end first."""
    sets.execute(
        "SELECT 1 FROM deposits_authorisation WHERE seller_id = ANY(%s::bigint[]) "
        "AND look_at IS NOT NULL ORDER BY seller_id, lodgement FOR UPDATE",
        [seller_ids],
    )
    columns = sets.fetch_arrays(
        f"SELECT {AUTHORISATION} FROM deposits_authorisation a "
        "WHERE a.seller_id = ANY(%s::bigint[]) AND a.look_at IS NOT NULL "
        "ORDER BY a.seller_id, a.ends_at, a.lodgement",
        [seller_ids],
        AUTHORISATION_SPEC,
    )
    return Authorisations.of(**columns)


def hold_authorisation(seller_ids: Int, hi: Int, lo: Int) -> Authorisations:
    """These sums, each once, locked in the order of their names."""
    columns = sets.fetch_arrays(
        f"SELECT {AUTHORISATION} FROM deposits_authorisation a WHERE (a.seller_id, a.lodgement) "
        "IN (SELECT u.seller_id, u.lodgement FROM unnest(%s::bigint[], %s::uuid[]) "
        "AS u(seller_id, lodgement)) ORDER BY a.seller_id, a.lodgement FOR UPDATE",
        [seller_ids, uuids(hi, lo)],
        AUTHORISATION_SPEC,
    )
    return Authorisations.of(**columns)


def put_authorisations(after: Authorisations) -> None:
    """Write sums that are held; of which nothing stands frozen, it is looked at no more."""
    sets.execute(
        "UPDATE deposits_authorisation a SET taken_minor = u.taken, taking_minor = u.taking, "
        "let_go_minor = u.let_go, leaving_minor = u.leaving, lost_minor = u.lost, "
        "besides_minor = u.besides, takings = u.takings, is_told = u.is_told, look_at = CASE "
        "WHEN a.amount_minor = u.taken + u.let_go + u.lost THEN NULL "
        "ELSE coalesce(a.look_at, a.ends_at) END "
        "FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[], "
        "%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bool[]) "
        "AS u(seller_id, lodgement, "
        "taken, taking, let_go, leaving, lost, besides, takings, is_told) "
        "WHERE a.seller_id = u.seller_id AND a.lodgement = u.lodgement",
        [
            after.seller_id, uuids(after.lodgement_hi, after.lodgement_lo), after.taken_minor,
            after.taking_minor, after.let_go_minor, after.leaving_minor, after.lost_minor,
            after.besides_minor, after.takings, after.is_told,
        ],
    )  # fmt: skip


def look_later(seller_ids: Int, hi: Int, lo: Int, look_us: Int) -> None:
    """When these are looked at next; only those that are looked at at all."""
    sets.execute(
        "UPDATE deposits_authorisation a SET look_at = u.look_at FROM unnest(%s::bigint[], "
        "%s::uuid[], %s::timestamptz[]) AS u(seller_id, lodgement, look_at) "
        "WHERE a.seller_id = u.seller_id AND a.lodgement = u.lodgement "
        "AND a.look_at IS NOT NULL",
        [seller_ids, uuids(hi, lo), _ts(look_us)],
    )


def look_by(seller_id: int, hi: int, lo: int, *, at: datetime) -> None:
    """One sum is looked at then, or before, if it is looked at at all."""
    sets.execute(
        "UPDATE deposits_authorisation SET look_at = least(look_at, %s) WHERE seller_id = %s "
        "AND lodgement = %s AND look_at IS NOT NULL",
        [at, seller_id, uuid_of(hi, lo)],
    )


def mark_lost(seller_id: int, hi: int, lo: int, *, at: datetime) -> None:
    """When this sum was found to have ended."""
    sets.execute(
        "UPDATE deposits_authorisation SET lost_at = %s WHERE seller_id = %s AND lodgement = %s",
        [at, seller_id, uuid_of(hi, lo)],
    )


# -- takings -------------------------------------------------------------------------------------


def add_takings(rows: Takings, *, at_us: Int) -> None:
    none = np.zeros(len(rows), np.int64)
    sets.copy_in(
        "deposits_taking",
        {
            "seller_id": rows.seller_id, "taking_hi": rows.taking_hi,
            "taking_lo": rows.taking_lo, "lodgement_hi": rows.lodgement_hi,
            "lodgement_lo": rows.lodgement_lo, "amount_minor": rows.amount_minor,
            "state": none + LodgementState.REQUESTED, "asked_at": at_us, "next_at": rows.next_us,
            "attempts": rows.attempts,
        },
        {
            "seller_id": "i8", "taking": "uuid", "lodgement": "uuid", "amount_minor": "i8",
            "state": "i2", "asked_at": "ts", "next_at": "ts", "attempts": "i4",
        },
    )  # fmt: skip


def hold_due_takings(until_us: int, limit: int) -> Takings:
    """Takings whose time has come, earliest first, that nobody else works on."""
    columns = sets.fetch_arrays(
        f"SELECT {TAKING} FROM deposits_taking t WHERE t.next_at <= %s::timestamptz "
        "ORDER BY t.next_at, t.seller_id, t.taking LIMIT %s FOR UPDATE SKIP LOCKED",
        [moment_of(until_us), limit],
        TAKING_SPEC,
    )
    return Takings.of(**columns)


def hold_takings(seller_ids: Int, hi: Int, lo: Int) -> Takings:
    """These takings, each once, locked in the order of their names."""
    columns = sets.fetch_arrays(
        f"SELECT {TAKING} FROM deposits_taking t WHERE (t.seller_id, t.taking) IN "
        "(SELECT u.seller_id, u.taking FROM unnest(%s::bigint[], %s::uuid[]) "
        "AS u(seller_id, taking)) ORDER BY t.seller_id, t.taking FOR UPDATE",
        [seller_ids, uuids(hi, lo)],
        TAKING_SPEC,
    )
    return Takings.of(**columns)


def hold_open_takings(seller_ids: Int, hi: Int, lo: Int) -> Takings:
    """Takings of these sums whose outcome is open, locked in the order of their names."""
    columns = sets.fetch_arrays(
        f"SELECT {TAKING} FROM deposits_taking t WHERE t.next_at IS NOT NULL "
        "AND (t.seller_id, t.lodgement) IN "
        "(SELECT u.seller_id, u.lodgement FROM unnest(%s::bigint[], %s::uuid[]) "
        "AS u(seller_id, lodgement)) ORDER BY t.seller_id, t.taking FOR UPDATE",
        [seller_ids, uuids(hi, lo)],
        TAKING_SPEC,
    )
    return Takings.of(**columns)


def put_takings(
    after: Takings, *, ended: Mask, at_us: Int, refs: Sequence[str], answers: Sequence[str]
) -> None:
    """Write takings that are held; a blank reference or answer leaves what stands."""
    sets.execute(
        "UPDATE deposits_taking t SET state = u.state, attempts = u.attempts, "
        "queries = u.queries, next_at = nullif(u.next_at, 'infinity'), "
        "sent_at = nullif(u.sent_at, 'epoch'), "
        "ended_at = CASE WHEN u.ended THEN u.at ELSE t.ended_at END, "
        "gateway_ref = CASE WHEN u.ref = '' THEN t.gateway_ref ELSE u.ref END, "
        "answer = CASE WHEN u.answer = '' THEN t.answer ELSE u.answer END "
        "FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[], %s::bigint[], %s::bigint[], "
        "%s::timestamptz[], %s::timestamptz[], %s::bool[], %s::timestamptz[], %s::text[], "
        "%s::text[]) AS u(seller_id, taking, state, attempts, queries, next_at, sent_at, ended, "
        "at, ref, answer) WHERE t.seller_id = u.seller_id AND t.taking = u.taking",
        [
            after.seller_id, uuids(after.taking_hi, after.taking_lo), after.state,
            after.attempts, after.queries, _ts(after.next_us), _ts(after.sent_us), ended,
            _ts(at_us), list(refs), list(answers),
        ],
    )  # fmt: skip
