"""Decisions that sellers have to leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database import sets

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.kernel.columns import Int
    from xiaobao.violations.facts import ForcedExitState


def end_forced_exits(
    seller_id: Int, day: Int, step: Int, state: ForcedExitState, *, at: datetime
) -> int:
    """Mark decisions that are due as done or revoked; return how many were."""
    return sets.execute(
        "UPDATE violations_forced_exit f SET state = %s, done_at = %s "
        "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS u(seller_id, day, step) "
        "WHERE f.seller_id = u.seller_id AND f.day = u.day AND f.step = u.step AND f.state = 1",
        [state.value, at, seller_id, day, step],
    )
