"""Signs that a buyer and a shop may be one: counted, never judged; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.supervision.facts import PairSign

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int
    from xiaobao.supervision.facts import Pairs
    from xiaobao.supervision.terms import PairTerms


def signs_of(p: Pairs, terms: PairTerms) -> Int:
    """The signs of each pair; 0 where there are none."""
    is_shared = p.sharing >= terms.least_sharing
    is_conceded = (p.claims >= terms.least_claims) & (p.conceded == p.claims)
    found: Int = (
        p.is_own_account * PairSign.OWN_ACCOUNT
        + is_shared * PairSign.SHARED_ACCOUNT
        + is_conceded * PairSign.ALL_CONCEDED
    )
    return found
