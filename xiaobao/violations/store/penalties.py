"""Penalties: begun, ended, revoked; and the decisions that sellers have to leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.violations.facts import ForcedExitState, PenaltyState
from xiaobao.violations.rules import Penalties
from xiaobao.violations.store.cases import array

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.kernel.columns import Int
    from xiaobao.violations.facts import ForcedExits

_SPEC = {
    "seller_id": "i8", "market_id": "i2", "day": "i4", "step": "i2", "points": "i8",
    "strikes": "i8", "penalty_minor": "i8", "terms_version": "i8", "begins_us": "ts",
    "ends_us": "ts", "published_us": "ts", "publish_by_us": "ts", "corrected_us": "ts",
    "shown_until_us": "ts", "state": "i2", "is_restricting": "bool",
}  # fmt: skip
_STORED = {
    name.removesuffix("_us") + "_at" if name.endswith("_us") else name: kind
    for name, kind in _SPEC.items()
}
_COLUMNS = ", ".join(f"p.{name}" for name in _STORED)


def add(penalties: Penalties) -> None:
    columns = {
        name.removesuffix("_us") + "_at" if name.endswith("_us") else name: values
        for name, values in penalties.as_dict().items()
    }
    sets.copy_in("violations_penalty", columns, _STORED)


def hold_ending(until_us: int, limit: int) -> Penalties:
    """Running penalties that end by then, earliest first, that nobody else works on."""
    return Penalties.of(
        **sets.fetch_arrays(
            f"SELECT {_COLUMNS} FROM violations_penalty p WHERE p.state = 1 "
            "AND p.ends_at <= %s::timestamptz ORDER BY p.ends_at, p.seller_id, p.day, p.step "
            "LIMIT %s FOR UPDATE OF p SKIP LOCKED",
            [moment_of(until_us), limit],
            _SPEC,
        )
    )


def hold_of(seller_id: int, points_class: int) -> Penalties:
    """What was not revoked of the penalties of one class of a seller, locked, by day."""
    return Penalties.of(
        **sets.fetch_arrays(
            f"SELECT {_COLUMNS} FROM violations_penalty p WHERE p.seller_id = %s "
            "AND p.step / 10 = %s AND p.state <> 3 ORDER BY p.day, p.step FOR UPDATE OF p",
            [seller_id, points_class],
            _SPEC,
        )
    )


def change(penalties: Penalties) -> None:
    """Write penalties that are held."""
    if len(penalties) == 0:
        return
    sets.execute(
        "UPDATE violations_penalty p SET state = u.state, ends_at = u.ends_at, "
        "corrected_at = u.corrected_at, shown_until_at = u.shown_until_at, points = u.points, "
        "strikes = u.strikes, penalty_minor = u.penalty_minor "
        "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[], "
        "%s::timestamptz[], %s::timestamptz[], %s::bigint[], %s::bigint[], %s::bigint[]) "
        "AS u(seller_id, day, step, state, ends_at, corrected_at, shown_until_at, points, "
        "strikes, penalty_minor) "
        "WHERE p.seller_id = u.seller_id AND p.day = u.day AND p.step = u.step",
        [
            penalties.seller_id, penalties.day, penalties.step, penalties.state,
            array(penalties.ends_us, "ts"), array(penalties.corrected_us, "ts"),
            array(penalties.shown_until_us, "ts"), penalties.points, penalties.strikes,
            penalties.penalty_minor,
        ],
    )  # fmt: skip


def still_restricted(seller_id: Int) -> Int:
    """Those of these sellers whom a running penalty restricts."""
    return sets.fetch_arrays(
        "SELECT DISTINCT seller_id FROM violations_penalty WHERE seller_id = ANY(%s::bigint[]) "
        f"AND state = {PenaltyState.RUNNING:d} AND is_restricting ORDER BY seller_id",
        [seller_id],
        {"seller_id": "i8"},
    )["seller_id"]


def add_forced_exits(exits: ForcedExits, terms_version: Int) -> None:
    count = len(exits)
    columns = exits.as_dict() | {
        "decided_at": exits.decided_us, "due_at": exits.due_us,
        "done_at": np.full(count, FAR_US), "terms_version": terms_version,
        "state": np.full(count, ForcedExitState.DUE.value),
    }  # fmt: skip
    sets.copy_in(
        "violations_forced_exit", columns,
        {
            "seller_id": "i8", "points": "i8", "strikes": "i8", "terms_version": "i8",
            "decided_at": "ts", "due_at": "ts", "done_at": "ts", "day": "i4",
            "market_id": "i2", "step": "i2", "state": "i2",
        },
    )  # fmt: skip


def put_off_forced_exits(seller_id: int, points_class: int, *, at: datetime) -> None:
    """What waited for an appeal is due now, where its day is over."""
    sets.execute(
        "UPDATE violations_forced_exit SET due_at = greatest(due_at, %s) "
        "WHERE seller_id = %s AND step / 10 = %s AND state = 1",
        [at, seller_id, points_class],
    )


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
