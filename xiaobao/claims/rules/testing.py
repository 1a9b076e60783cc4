"""What a test that the platform ordered costs whoever loses; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.money import share_of

if TYPE_CHECKING:
    from xiaobao.claims.terms import CostOfTestTerms
    from xiaobao.kernel.columns import Int


def borne_by_loser(cost_minor: Int, t: CostOfTestTerms) -> Int:
    """The loser's share of what tests cost; the platform bears the rest."""
    return np.minimum(share_of(cost_minor, t.loser_bps, t.rounding), t.most_minor)
