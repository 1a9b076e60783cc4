"""What is asked of sellers as deposit: as it was quoted last, and as it stands now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.deposits.facts import Requirements
from xiaobao.deposits.store import COLUMNS, SPEC
from xiaobao.kernel.columns import FAR_US
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int


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


def asked_now(held: Requirements) -> Requirements:
    """The same as they stand now: of who has left nothing is required, nor quoted again."""
    left = sellers.have_left(held.seller_id)
    return replace(
        held, required_minor=np.where(left, 0, held.required_minor),
        next_quote_us=np.where(left, FAR_US, held.next_quote_us),
    )  # fmt: skip
