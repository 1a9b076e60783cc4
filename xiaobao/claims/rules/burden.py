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
from xiaobao.kernel.columns import FAR_US, Columns, Int, Mask, chosen, first_match, picked
from xiaobao.kernel.money import WHOLE_BPS

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimFacts
    from xiaobao.claims.terms import BurdenTerms, ClaimRules, ClaimTerms

# As numbers: looking a member up costs as much as a small calculation does.
_SELLER = int(Party.SELLER)
_NOBODY = np.zeros(1, np.int64)
_SIGNED, _COMPLETED = int(Stage.AFTER_SIGNING), int(Stage.AFTER_COMPLETION)
_OPEN = int(Finding.OPEN)
_ALL_SHOWN = int(Reason.ALL_SHOWN)
# By whose turn it is (0 for the buyer's): how it ends, and that there is time.
_NOTHING = (int(Reason.BUYER_SHOWED_NOTHING), int(Reason.SELLER_SHOWED_NOTHING))
_OTHER = (int(Reason.BUYER_SHOWED_OTHER), int(Reason.SELLER_SHOWED_OTHER))
_TIME = (int(Reason.BUYER_HAS_TIME), int(Reason.SELLER_HAS_TIME))
_SILENT, _BARE = int(Reason.SELLER_SILENT), int(Reason.SELLER_DENIES_BARELY)


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
    is_kept = (f.stage == _COMPLETED) & (f.signed_us < FAR_US) & is_young
    return chosen(is_kept, _SIGNED, f.stage)


def weighed(f: ClaimFacts, b: BurdenTerms, r: ClaimRules) -> Burden:
    """Whose turn it is, and the finding as things stand at the moment of judgement."""
    by_pattern = is_pattern(f, r)
    steps = ((b.first, b.first_shows), (b.then, b.then_shows), (b.last, b.last_shows))
    step = first_match((~is_met(f, *one, by_pattern) for one in steps), len(f))
    is_missing = step > 0
    party = picked(step, (_NOBODY, b.first, b.then, b.last))
    missing = picked(step, (_NOBODY, b.first_shows, b.then_shows, b.last_shows))
    silent = picked(step, (_NOBODY, b.first_silent, b.then_silent, b.last_silent))
    other = picked(step, (_NOBODY, b.first_other, b.then_other, b.last_other))
    of_seller = party == _SELLER
    nothing = chosen(of_seller, f.evidence_seller, f.evidence_buyer) == 0
    due_us = chosen(of_seller, f.seller_due_us, f.buyer_due_us)
    due_us = chosen(is_missing, due_us, FAR_US)
    is_due = due_us <= f.judged_us
    never = of_seller & ~f.is_answered & is_due
    is_over = is_due & (f.is_cured | ~b.has_cure | never)
    bare = of_seller & f.is_denied & nothing
    outcome = chosen(bare, b.bare_denial, chosen(nothing, silent, other))
    finding = chosen(is_missing, chosen(is_over, outcome, _OPEN), b.all_shown)
    why = chosen(nothing, _by_party(of_seller, _NOTHING), _by_party(of_seller, _OTHER))
    why = chosen(never, _SILENT, chosen(bare, _BARE, why))
    why = chosen(is_over, why, _by_party(of_seller, _TIME))
    return Burden(
        finding=finding,
        reason=chosen(is_missing, why, _ALL_SHOWN),
        party=party,
        missing=missing,
        due_us=due_us,
    )


def _by_party(of_seller: Mask, reasons: tuple[int, int]) -> Int:
    return chosen(of_seller, reasons[1], reasons[0])


def is_met(f: ClaimFacts, party: Int, shows: Int, by_pattern: Mask) -> Mask:
    """A step asks nothing, or was shown, or is the buyer's where there is a pattern."""
    of_seller = party == _SELLER
    shown = chosen(of_seller, f.evidence_seller, f.evidence_buyer)
    met: Mask = (party == 0) | ((shown & shows) != 0) | (by_pattern & ~of_seller)
    return met
