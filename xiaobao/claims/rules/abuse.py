"""Signs that a claim may be made up. They block nothing: they are shown, and a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import AbuseSign
from xiaobao.kernel.columns import Columns, Int, Mask

if TYPE_CHECKING:
    from xiaobao.claims.terms import ClaimRules, ClaimTerms


@dataclass(frozen=True, slots=True)
class Around(Columns):
    """What is known around a claim when it is filed."""

    is_photo_known: Mask  # a picture was shown in a case about another order
    is_photo_of_others: Mask  # and there of other goods
    bought_units: Int  # of the item, by the buyer, in the pack's time
    filed_before: Int  # claims of the buyer with the shop, in the pack's time


def signs(a: Around, t: ClaimTerms, r: ClaimRules) -> Int:
    """The signs of each claim, a bit each."""
    tests = {
        AbuseSign.REUSED_PHOTO: a.is_photo_known,
        AbuseSign.SWAPPED_GOODS: a.is_photo_of_others,
        AbuseSign.MUCH_CONSUMED: (t.reasonable_units > 0) & (a.bought_units > t.reasonable_units),
        AbuseSign.FREQUENT: (r.frequent_claims > 0) & (a.filed_before >= r.frequent_claims),
    }
    found = np.zeros(len(a), np.int64)
    for sign, is_found in tests.items():
        found |= np.where(is_found, int(sign), 0)
    return found
