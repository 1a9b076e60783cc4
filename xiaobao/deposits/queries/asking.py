"""What is asked of sellers as deposit: as it was quoted last, and as it stands now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.deposits.facts import Requirements
from xiaobao.deposits.store import COLUMNS, SPEC
from xiaobao.kernel.columns import FAR_US
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Why
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import LEFT, Standing

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int, Mask


def requirements(seller_ids: Int) -> Requirements:
    """What is asked of these sellers now, in the order of ids; who was never quoted has no row."""
    columns = sets.fetch_arrays(
        f"SELECT {COLUMNS} FROM deposits_requirement "
        "WHERE seller_id = ANY(%s::bigint[]) ORDER BY seller_id",
        [seller_ids],
        SPEC,
    )
    return Requirements.of(**columns)


def unquoted(seller_ids: Int) -> Int:
    """Those of these sellers who were never quoted."""
    return np.setdiff1d(seller_ids, requirements(seller_ids).seller_id)


def asked_now(held: Requirements) -> tuple[Requirements, Mask]:
    """The same as they stand now: of who has left nothing is required, nor quoted again.

    And who is on the way out.
    """
    states = sellers.states_of(held.seller_id)
    left = np.isin(states, LEFT)
    now = replace(
        held, required_minor=np.where(left, 0, held.required_minor),
        next_quote_us=np.where(left, FAR_US, held.next_quote_us),
    )  # fmt: skip
    return now, states == Standing.EXITING


def leaving_of(seller_ids: Int, is_exiting: Mask, locked_minor: Int) -> Int:
    """What the platform itself locked of each deposit to let it leave, and has not sent yet.

    Of a whole exit it counts as standing: until money sets out the exit may be called off, and
    then it is deposit again. A part is what is above the requirement: it counts no more.
    """
    leaving = np.zeros_like(locked_minor)
    some = np.flatnonzero(is_exiting & (locked_minor > 0))
    if len(some):
        leaving[some] = ledger.locked_for(seller_ids[some], Why.EXIT_LOCKED)
    return leaving
