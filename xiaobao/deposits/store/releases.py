"""When withheld settlement is to be looked at next; decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int


def begin_releases(seller_ids: Int, due_us: Int) -> None:
    """Start the clocks of these sellers that do not run."""
    sets.execute(
        "INSERT INTO deposits_release (seller_id, due_at) SELECT DISTINCT ON (u.seller_id) "
        "u.seller_id, u.due_at FROM unnest(%s::bigint[], %s::timestamptz[]) "
        "AS u(seller_id, due_at) ORDER BY u.seller_id, u.due_at ON CONFLICT (seller_id) "
        "DO UPDATE SET due_at = coalesce(deposits_release.due_at, excluded.due_at)",
        [seller_ids, np.ascontiguousarray(due_us).view("M8[us]")],
    )


def hold_due_releases(until_us: int, limit: int) -> tuple[Int, Int]:
    """Sellers and moments of the looks that are due by then, earliest first."""
    columns = sets.fetch_arrays(
        "SELECT seller_id, due_at FROM deposits_release WHERE due_at <= %s::timestamptz "
        "ORDER BY due_at, seller_id LIMIT %s FOR UPDATE SKIP LOCKED",
        [moment_of(until_us), limit],
        {"seller_id": "i8", "due_us": "ts"},
    )
    return columns["seller_id"], columns["due_us"]


def put_releases(seller_ids: Int, due_us: Int) -> None:
    """When these are looked at next; FAR_US where there is nothing left to look at."""
    sets.write(
        "UPDATE deposits_release r SET due_at = nullif(u.due_at, 'infinity') "
        "FROM unnest(%s::bigint[], %s::timestamptz[]) AS u(seller_id, due_at) "
        "WHERE r.seller_id = u.seller_id",
        [seller_ids, np.ascontiguousarray(due_us).view("M8[us]")],
    )
