"""What the promise does not cover, each test in one line, in the order in which it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xiaobao.claims.facts import Reason
from xiaobao.claims.rules import amounts, windows
from xiaobao.claims.rules.amounts import IN_GOODS
from xiaobao.kernel.columns import chosen, first_match

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimFacts
    from xiaobao.claims.rules.amounts import Award
    from xiaobao.claims.rules.law import Law
    from xiaobao.claims.terms import BurdenTerms, ClaimTerms
    from xiaobao.kernel.columns import Int, Mask


class Case(NamedTuple):
    """Claims with the terms in force for them, row for row."""

    f: ClaimFacts
    t: ClaimTerms
    b: BurdenTerms
    award: Award
    law: Law


def not_heard(c: Case) -> Mask:
    return ~c.t.is_heard


def not_promised(c: Case) -> Mask:
    return (c.t.needs_promise > 0) & ~_has(c.f.promises, c.t.needs_promise)


def ask_not_offered(c: Case) -> Mask:
    return ~_has(c.b.may_ask, c.f.ask)


def shipped_already(c: Case) -> Mask:
    return c.f.is_shipped & _has(c.b.asks_until_shipped, c.f.ask)


def too_late(c: Case) -> Mask:
    lifted: Mask = (c.f.evidence_buyer & c.t.lifted_by) != 0
    return windows.is_after_window(c.f, c.t, c.law) & ~lifted


def nothing_on_top(c: Case) -> Mask:
    nothing: Mask = c.award.highest_minor == 0
    return nothing & ~_has(c.t.price_asks | IN_GOODS, c.f.ask)


def already_whole(c: Case) -> Mask:
    price = amounts.price_left(c.f) + chosen(c.t.is_freight_returned, c.f.freight_minor, 0)
    nothing: Mask = (price == 0) | ~amounts.asks_price(c.f, c.t)
    nothing &= c.award.highest_minor <= c.f.compensated_minor
    return nothing & (~_has(IN_GOODS, c.f.ask) | c.f.is_goods_late)


def _has(bits: Int | int, place: Int) -> Mask:
    has: Mask = (bits >> place & 1) != 0
    return has


REFUSALS = {
    Reason.NOT_HEARD: not_heard,
    Reason.NOT_PROMISED: not_promised,
    Reason.ASK_NOT_OFFERED: ask_not_offered,
    Reason.SHIPPED_ALREADY: shipped_already,
    Reason.TOO_LATE: too_late,
    Reason.NOTHING_ON_TOP: nothing_on_top,
    Reason.ALREADY_WHOLE: already_whole,
}
_CODES = np.array([0, *REFUSALS])


def refusal(case: Case) -> Int:
    """The first reason for which the promise does not cover a claim; 0 where there is none."""
    return _CODES[first_match((test(case) for test in REFUSALS.values()), len(case.f))]
