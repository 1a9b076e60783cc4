"""The terms of hearings for claims, as in force when their orders were placed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.hearings.terms import HearingTerms
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from xiaobao.claims.facts import Claims

_MASKS = ("is_ruled_by_rule", "is_default_for_buyer", "is_new_information_needed", "is_jury",
          "is_jury_binding")  # fmt: skip


def terms_for(claims: Claims) -> HearingTerms:
    """Row for row; where a pack says nothing of hearings, nothing is allowed: persons rule."""
    columns: dict[str, Any] = {
        name: np.zeros(len(claims), np.bool_ if name in _MASKS else np.int64)
        for name in HearingTerms.names()
    }
    for market_id in np.unique(claims.market_id).tolist():
        book = promises.book_of(HearingTerms, market_id)
        here = np.flatnonzero(claims.market_id == market_id)
        position, found = book.positions(claims.ordered_us[here], np.zeros(len(here), np.int64))
        if found.any():
            rows = book.rows.take(position[found])
            for name, column in rows.as_dict().items():
                columns[name][here[found]] = column
    return HearingTerms(**columns)
