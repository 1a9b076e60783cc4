"""What sellers chose in place of cash; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.deposits.facts import Mixes
from xiaobao.kernel.clocks import moment_of

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.kernel.columns import Int

MIX = (
    "seller_id, deferred_minor, instalment_minor, unpaid_minor, coalesce(due_at, 'infinity'), "
    "reserve_bps"
)
MIX_SPEC = {
    "seller_id": "i8", "deferred_minor": "i8", "instalment_minor": "i8", "unpaid_minor": "i8",
    "due_us": "ts", "reserve_bps": "i4",
}  # fmt: skip


def hold_due_mixes(until_us: int, limit: int) -> Mixes:
    """Mixes of which an instalment is due by then, earliest first, that nobody else works on."""
    return Mixes.of(
        **sets.fetch_arrays(
            f"SELECT {MIX} FROM deposits_mix WHERE due_at <= %s::timestamptz "
            "ORDER BY due_at, seller_id LIMIT %s FOR UPDATE SKIP LOCKED",
            [moment_of(until_us), limit],
            MIX_SPEC,
        )
    )


def hold_mix(seller_id: int, at: datetime) -> Mixes:
    """What one seller chose, locked; nothing as yet where it is the first choice."""
    sets.execute(
        "INSERT INTO deposits_mix (seller_id, deferred_minor, instalment_minor, due_at, "
        "chosen_at, reserve_bps) VALUES (%s, 0, 0, NULL, %s, 0) ON CONFLICT DO NOTHING",
        [seller_id, at],
    )
    return Mixes.of(
        **sets.fetch_arrays(
            f"SELECT {MIX} FROM deposits_mix WHERE seller_id = (%s::bigint[])[1] FOR UPDATE",
            [np.array([seller_id])],
            MIX_SPEC,
        )
    )


def put_mixes(mixes: Mixes, at_us: Int) -> None:
    """Write mixes as they stand from now on."""
    sets.execute(
        "INSERT INTO deposits_mix (seller_id, deferred_minor, instalment_minor, unpaid_minor, "
        "due_at, chosen_at, reserve_bps) SELECT u.seller_id, u.deferred, u.instalment, u.unpaid, "
        "nullif(u.due_at, 'infinity'), u.at, u.bps FROM unnest(%s::bigint[], %s::bigint[], "
        "%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::bigint[]) "
        "AS u(seller_id, deferred, instalment, unpaid, due_at, at, bps) "
        "ON CONFLICT (seller_id) DO UPDATE SET deferred_minor = excluded.deferred_minor, "
        "instalment_minor = excluded.instalment_minor, unpaid_minor = excluded.unpaid_minor, "
        "due_at = excluded.due_at, chosen_at = excluded.chosen_at, "
        "reserve_bps = excluded.reserve_bps",
        [
            mixes.seller_id, mixes.deferred_minor, mixes.instalment_minor, mixes.unpaid_minor,
            np.ascontiguousarray(mixes.due_us).view("M8[us]"),
            np.ascontiguousarray(at_us).view("M8[us]"), mixes.reserve_bps,
        ],
    )  # fmt: skip


def trim_plans(seller_ids: Int, missing_minor: Int) -> None:
    """Of the plans of these sellers no more is unpaid than is missing; paid up, a plan ends.

    Whoever works on a plan now looks at the seller once more when it is done.
    """
    sets.execute(
        "UPDATE deposits_mix m SET unpaid_minor = u.missing, deferred_minor = CASE "
        "WHEN u.missing = 0 THEN 0 ELSE m.deferred_minor END, due_at = CASE "
        "WHEN u.missing = 0 THEN NULL ELSE m.due_at END "
        "FROM unnest(%s::bigint[], %s::bigint[]) AS u(seller_id, missing) "
        "WHERE m.seller_id = u.seller_id AND m.unpaid_minor > u.missing AND m.seller_id IN ("
        "SELECT seller_id FROM deposits_mix WHERE seller_id = ANY(%s::bigint[]) "
        "ORDER BY seller_id FOR UPDATE SKIP LOCKED)",
        [seller_ids, missing_minor, seller_ids],
    )
