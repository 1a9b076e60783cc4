"""Claims that rules decided, by what either policy makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.lab.tallies.shapes import Sums, summed

if TYPE_CHECKING:
    from xiaobao.lab.replay.claims import Claims


def tally_of_claims(claims: Claims) -> Sums:
    """By kind and by what becomes of them on each side; the ruling that stands counts."""
    last = np.flatnonzero(claims.rulings.is_last)
    old, new = claims.old.take(last), claims.new.take(last)
    return summed(
        [claims.facts.kind[last], old.decision, new.decision],
        [np.ones(len(last), np.int64), old.buyer_minor, old.punitive_minor, old.fund_minor,
         new.buyer_minor, new.punitive_minor, new.fund_minor],
    )  # fmt: skip
