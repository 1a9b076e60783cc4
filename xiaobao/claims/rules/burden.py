"""Who has to show what, whose turn it is, and how a claim ends where nobody shows it.

The steps of a kind and stage are taken in order. A step is met by any one kind of evidence that it
names. Where claims of the kind make a pattern, what the buyer has to show counts as shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import Finding, Party, Reason, Stage
from xiaobao.kernel.clocks import DAY_US
from xiaobao.kernel.columns import FAR_US, Columns, Int, Mask
from xiaobao.kernel.money import WHOLE_BPS

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimFacts
    from xiaobao.claims.terms import BurdenTerms, ClaimRules, ClaimTerms


@dataclass(frozen=True, slots=True)
class Burden(Columns):
    """What the burden of proof says of each claim."""

    finding: Int
    reason: Int
    party: Int  # whose evidence is missing; 0 where nobody's is
    missing: Int  # any one of these would do
    due_us: Int


def is_pattern(f: ClaimFacts, r: ClaimRules) -> Mask:
    """Enough other claims of the kind on the item were upheld, in number and in share."""
    enough = (r.pattern_claims > 0) & (f.similar_upheld >= r.pattern_claims)
    share: Mask = f.similar_upheld * WHOLE_BPS >= f.similar_sold * r.pattern_bps
    return enough & share


def stage_of(f: ClaimFacts, t: ClaimTerms) -> Int:
    """The stage whose burdens count: goods that are to last keep the seller's for a while."""
    is_young = f.filed_us < f.signed_us + t.seller_proves_days * DAY_US
    is_kept = (f.stage == Stage.AFTER_COMPLETION) & (f.signed_us < FAR_US) & is_young
    return np.where(is_kept, Stage.AFTER_SIGNING, f.stage)


def weighed(f: ClaimFacts, b: BurdenTerms, r: ClaimRules) -> Burden:
    """Whose turn it is, and the finding as things stand at the moment of judgement."""
    by_pattern = is_pattern(f, r)
    first = ~_is_met(f, b.first, b.first_shows, by_pattern)
    then = ~_is_met(f, b.then, b.then_shows, by_pattern)
    last = ~_is_met(f, b.last, b.last_shows, by_pattern)
    any_missing = first | then | last
    party = np.where(first, b.first, np.where(then, b.then, np.where(last, b.last, 0)))
    missing = np.where(
        first, b.first_shows, np.where(then, b.then_shows, np.where(last, b.last_shows, 0))
    )
    silent = np.where(first, b.first_silent, np.where(then, b.then_silent, b.last_silent))
    other = np.where(first, b.first_other, np.where(then, b.then_other, b.last_other))
    of_seller = party == Party.SELLER
    shown = np.where(of_seller, f.evidence_seller, f.evidence_buyer)
    due_us = np.where(of_seller, f.seller_due_us, np.where(any_missing, f.buyer_due_us, FAR_US))
    is_due = due_us <= f.judged_us
    never = of_seller & ~f.is_answered & is_due
    is_over = any_missing & is_due & (f.is_cured | ~b.has_cure | never)
    bare = of_seller & f.is_denied & (shown == 0)
    outcome = np.where(bare, b.bare_denial, np.where(shown == 0, silent, other))
    finding = np.where(any_missing, np.where(is_over, outcome, Finding.OPEN), b.all_shown)
    why_seller = np.where(
        never,
        Reason.SELLER_SILENT,
        np.where(
            bare,
            Reason.SELLER_DENIES_BARELY,
            np.where(shown == 0, Reason.SELLER_SHOWED_NOTHING, Reason.SELLER_SHOWED_OTHER),
        ),
    )
    why_buyer = np.where(shown == 0, Reason.BUYER_SHOWED_NOTHING, Reason.BUYER_SHOWED_OTHER)
    why_over = np.where(of_seller, why_seller, why_buyer)
    why_open = np.where(of_seller, Reason.SELLER_HAS_TIME, Reason.BUYER_HAS_TIME)
    reason = np.where(any_missing, np.where(is_over, why_over, why_open), Reason.ALL_SHOWN)
    return Burden(finding, reason, party, missing, due_us)


def _is_met(f: ClaimFacts, party: Int, shows: Int, by_pattern: Mask) -> Mask:
    """A step asks nothing, or was shown, or is the buyer's where there is a pattern."""
    of_seller = party == Party.SELLER
    shown = np.where(of_seller, f.evidence_seller, f.evidence_buyer)
    met: Mask = (party == 0) | ((shown & shows) != 0) | (by_pattern & ~of_seller)
    return met
