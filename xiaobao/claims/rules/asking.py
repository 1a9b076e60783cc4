"""What may be asked for, and what each ask would bring where the claim is upheld; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import Ask, Reason
from xiaobao.claims.rules import amounts
from xiaobao.claims.rules.proposing import terms_of
from xiaobao.claims.rules.refusals import Case, refusal
from xiaobao.kernel.columns import Columns, Int, Mask, among, chosen

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimFacts
    from xiaobao.claims.rules.law import Law


@dataclass(frozen=True, slots=True)
class Asked(Columns):
    """What each claim would bring its buyer, upheld as asked for."""

    is_offered: Mask
    refund_minor: Int
    freight_minor: Int
    on_top_minor: Int
    basis: Int  # Basis of what comes on top; 0 where nothing does
    award_version: Int  # of the terms that give it; 0 where nothing does
    terms_version: Int


def asked(f: ClaimFacts, law: Law) -> Asked:
    """What each claim would bring, and whether its kind and ask are heard at all."""
    rows, t = terms_of(f, law)
    b = law.burdens_at(rows.burden)
    award = amounts.highest(f, t, rows, law)
    refused = refusal(Case(f, t, b, award, law))
    # Evidence may lift a window, and what was given back or is asked for elsewhere may change.
    is_offered = among(refused, (0, Reason.TOO_LATE, Reason.ALREADY_WHOLE))
    due = amounts.due(f, t, award, law, is_offered)
    given = (due.compensation_minor > 0) & (award.row >= 0)
    version = np.zeros(len(f), np.int64)
    version[given] = law.awards_at(award.row[given]).version
    return Asked(
        is_offered=is_offered,
        refund_minor=due.refund_minor,
        freight_minor=due.freight_minor,
        on_top_minor=due.compensation_minor,
        basis=chosen(given, award.basis, 0),
        award_version=version,
        terms_version=t.version,
    )


def total_of(a: Asked) -> Int:
    total: Int = a.refund_minor + a.freight_minor + a.on_top_minor
    return total


def every_ask(f: ClaimFacts) -> ClaimFacts:
    """Each claim once for every ask, without a limit: first all for the first ask, and so on."""
    unlimited = replace(f, asked_minor=np.zeros(len(f), np.int64))
    return type(f).concat([replace(unlimited, ask=np.full(len(f), int(ask))) for ask in Ask])


def wider(f: ClaimFacts, law: Law) -> Asked:
    """Of every ask for one claim, in order: what it brings where that is more than is asked for.

    What brings no more than the ask as it is, is not offered.
    """
    assert len(f) == 1, "one claim"
    now = int(total_of(asked(f, law))[0])
    every = asked(every_ask(f), law)
    return replace(every, is_offered=every.is_offered & (total_of(every) > now))
