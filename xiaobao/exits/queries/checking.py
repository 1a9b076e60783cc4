"""The check: everything in the way of one seller, until when, and what may leave now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.deposits import queries as deposits
from xiaobao.exits.facts import Judged, Plan, Reason, Scope, Standings, Things
from xiaobao.exits.queries.pages import exit_under_way
from xiaobao.exits.queries.things import Terms, terms_at, things_of
from xiaobao.exits.rules import blocking
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.ledger import queries as ledger
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.exits.terms import ConditionTerms
    from xiaobao.kernel.columns import Int


@dataclass(frozen=True)
class Check:
    """One seller at one moment, as acts decide on it."""

    terms: Terms
    standings: Standings
    things: Things
    its: ConditionTerms  # the terms of each thing
    judged: Judged
    plan: Plan
    scope: Scope
    at_us: int
    violations: dict[int, str]  # names, by the id of their thing

    @property
    def free_minor(self) -> int:
        return int(self.plan.free_minor[0])

    @property
    def kept_minor(self) -> int:
        return int(self.plan.kept_minor[0])

    @property
    def set_off_minor(self) -> int:
        return int(self.plan.set_off_minor[0])

    @property
    def is_waiting(self) -> bool:
        return bool(self.plan.is_waiting[0])

    def shares(self) -> Int:
        return blocking.shares_held(self.scope, self.standings, self.things, self.judged)

    def all_free_us(self) -> int:
        """From when on nothing is kept that time frees; FAR_US where only an act ends the last."""
        return max(blocking.last_end_us(self.shares(), self.judged), self.at_us)

    def all_free_at(self) -> datetime | None:
        """The last day: of pages, commands and the coach; None where only an act ends a thing."""
        last_us = self.all_free_us()
        return None if last_us >= FAR_US else moment_of(last_us)

    def at(self, moment_us: int) -> Check:
        """The same things at a later moment, with nothing new happening in between."""
        return _judged(replace(self, at_us=moment_us))


@promises.one_catalogue()
def check(
    seller_id: int,
    scope: Scope,
    *,
    at_us: int,
    terms_us: int | None = None,
    closing_us: int | None = None,
    is_unblockable: bool = False,
) -> Check:
    """Read and judge; `terms_us` is the moment whose terms govern, now where not said.

    `closing_us` is when the seller applied, now where it has not. What `is_unblockable` waits for
    nothing: only exposure in figures is held (E-Commerce Law article 34).
    """
    one = np.array([seller_id], np.int64)
    market_id = int(sellers.markets_of(one)[0])
    governs_us = at_us if terms_us is None else terms_us
    terms = terms_at(market_id, governs_us, is_unblockable=is_unblockable)
    things, named = things_of(one, terms, closing_us=at_us if closing_us is None else closing_us,
                       at_us=at_us)  # fmt: skip
    standings = standings_of(one, at_us)
    its = terms.of(things.kind)
    found = blocking.judge(things, its, terms.zone, at_us)
    made = blocking.plan(scope, standings, things, found)
    return Check(terms, standings, things, its, found, made, scope, at_us, named)


def check_as_applied(seller_id: int, scope: Scope, *, at_us: int) -> Check:
    """The check as a seller's own exit under way is judged; where none is, as of now."""
    one = exit_under_way(seller_id)
    if len(one) == 0 or Scope.PART in (scope, one.scope[0]):
        return check(seller_id, scope, at_us=at_us)
    closing_us = int(one.closing_us[0])
    return check(
        seller_id, scope, at_us=at_us, terms_us=int(one.terms_us[0]),
        closing_us=None if closing_us >= FAR_US else closing_us,
        is_unblockable=bool(one.reason[0] == Reason.POLICY_CHANGE),
    )  # fmt: skip


def judged(one: Check) -> Check:
    """Judge what was read, or what would be, were something else."""
    return _judged(replace(one, its=one.terms.of(one.things.kind)))


def _judged(one: Check) -> Check:
    found = blocking.judge(one.things, one.its, one.terms.zone, one.at_us)
    return replace(
        one, judged=found, plan=blocking.plan(one.scope, one.standings, one.things, found)
    )


def standings_of(seller_ids: Int, at_us: int) -> Standings:
    """What sellers have and are asked for; `seller_ids` ascend, and each has a book."""
    books = ledger.balances(seller_ids)
    required = deposits.required_of(seller_ids)
    reserve, cover = deposits.counted_elsewhere(seller_ids, at_us)
    return Standings(
        seller_id=seller_ids, deposit_minor=books.deposit, required_minor=required,
        counted_elsewhere_minor=reserve + cover, debt_minor=-books.fund,
    )  # fmt: skip
