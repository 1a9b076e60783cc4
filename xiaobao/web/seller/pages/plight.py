"""A forced exit, for the first page of its shop: decided, or carried out with what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.exits import queries as exits
from xiaobao.sellers.facts import Standing
from xiaobao.violations import queries as violations
from xiaobao.violations.facts import ForcedExitState

if TYPE_CHECKING:
    from xiaobao.sellers.facts import SellerRow


def plight_of(row: SellerRow) -> dict[str, object]:
    """What is decided against the shop, and what is kept of one that had to leave."""
    decided = [one for one in violations.forced_exits_of(row.seller_id)
               if one.state is ForcedExitState.DUE]  # fmt: skip
    return {
        # Carried out once, by whichever falls due first.
        "decided": min(decided, key=lambda one: one.due_at, default=None),
        **(_left(row) if row.state is Standing.FORCED_OUT else {}),
    }


def _left(row: SellerRow) -> dict[str, object]:
    found = exits.exit_detail(row.seller_id, row.name)
    return {
        "forced": found.exit,
        "last_ends_at": max((one.ends_at for one in found.held if one.held_minor), default=None),
    }
