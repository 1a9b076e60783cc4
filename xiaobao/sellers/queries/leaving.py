"""Who was out of the guarantee at a moment: left or forced out by then, and not back in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.sellers.facts import LEFT, Event
from xiaobao.sellers.queries.known import states_of

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int, Mask

_ENDS = (Event.FINISH, Event.FORCE_OUT)


def have_left(seller_ids: Int) -> Mask:
    """Who of these, row for row, has left the guarantee; who never was in it has not."""
    return np.isin(states_of(seller_ids), LEFT)


def outside(seller_ids: Int, at_us: Int) -> Mask:
    """Who, row for row, had left by the row's moment: what it sells then is promised nothing.

    The very moment of leaving is outside. Who had not joined yet is not outside: orders told of a
    time before keep what the market's terms promise.
    """
    out = np.zeros(len(seller_ids), np.bool_)
    moves = _moves(np.unique(seller_ids))
    for seller_id in np.unique(moves["seller_id"]).tolist():
        its = moves["seller_id"] == seller_id
        rows = np.flatnonzero(seller_ids == seller_id)
        last = np.searchsorted(moves["at_us"][its], at_us[rows], side="right") - 1
        out[rows] = (last >= 0) & moves["is_end"][its][last]
    return out


def _moves(seller_ids: Int) -> dict[str, Int]:
    """Of those who ever left: each beginning and end of their enrolment, in order."""
    return sets.fetch_arrays(
        "SELECT k.seller_id, k.event = ANY(%(ends)s::smallint[]), k.happened_at "
        "FROM (SELECT DISTINCT seller_id FROM sellers_standing WHERE event IN (8, 9) "
        "AND seller_id = ANY(%(sellers)s::bigint[])) AS e JOIN sellers_standing k "
        "USING (seller_id) WHERE k.event = ANY(%(moves)s::smallint[]) "
        "ORDER BY k.seller_id, k.seq",
        {
            "sellers": seller_ids, "ends": np.array(_ENDS, np.int16),
            "moves": np.array([*_ENDS, Event.ACTIVATE], np.int16),
        },
        {"seller_id": "i8", "is_end": "bool", "at_us": "ts"},
    )  # fmt: skip


def last_moved(seller_ids: Int, event: Event) -> Int:
    """When each seller's standing was last moved by this event; 0 where it never was."""
    columns = sets.fetch_arrays(
        "SELECT u.n - 1, max(k.happened_at) FROM unnest(%s::bigint[]) WITH ORDINALITY "
        "AS u(seller_id, n) JOIN sellers_standing k USING (seller_id) WHERE k.event = %s "
        "GROUP BY u.n",
        [seller_ids, event.value],
        {"row": "i8", "at_us": "ts"},
    )
    moments = np.zeros(len(seller_ids), np.int64)
    moments[columns["row"]] = columns["at_us"]
    return moments
