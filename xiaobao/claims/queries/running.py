"""Claims that still run against sellers: what somebody who leaves must wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import Claims, ClaimState, Mark
from xiaobao.claims.rules.lifecycle import OPEN
from xiaobao.claims.store import COLUMNS, SPEC
from xiaobao.database import sets

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int

_RUNNING = (
    *OPEN,
    ClaimState.SUSPENDED,
    ClaimState.RULED,
    ClaimState.APPEALED,
    ClaimState.GOODS_OWED,
)


def running_of(seller_ids: Int) -> Claims:
    """Claims against these sellers that may still cost them something, by seller and claim.

    A claim settled with a return runs until the goods are on their way back.
    """
    return Claims.of(
        **sets.fetch_arrays(
            f"SELECT {COLUMNS} FROM claims_claim c WHERE c.seller_id = ANY(%s::bigint[]) "
            "AND (c.state = ANY(%s::smallint[]) OR (c.state = %s AND c.marks & %s <> 0)) "
            "ORDER BY c.seller_id, c.claim_id",
            [
                seller_ids, np.array(_RUNNING, np.int16), ClaimState.SETTLED.value,
                Mark.WITH_RETURN.value,
            ],
            SPEC,
        )
    )  # fmt: skip
