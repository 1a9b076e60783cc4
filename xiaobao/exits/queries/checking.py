"""The check: everything in the way of one seller, until when, and what may leave now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims import queries as claims
from xiaobao.deposits import queries as deposits
from xiaobao.exits.facts import (
    BLOCKER_WORDS,
    SOONER_WORDS,
    Actor,
    Blocker,
    BlockerRow,
    CheckRow,
    Judged,
    Plan,
    Scope,
    StageRow,
    Standings,
    Things,
)
from xiaobao.exits.queries.payees import payee_of, waits_until_us
from xiaobao.exits.queries.things import Terms, terms_at, things_of
from xiaobao.exits.rules import blocking
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.money import in_words
from xiaobao.ledger import queries as ledger
from xiaobao.orders import queries as orders
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.exits.terms import ConditionTerms
    from xiaobao.kernel.columns import Int

# Without these nothing can be paid: whose account it is, and in whose real name it stands.
NEEDED = ("payout_account", "legal_name")
# A list names so many of each kind.
LISTED = 200


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
        return blocking.shares_held(self.kept_minor, self.things, self.judged)

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


# -- for people ----------------------------------------------------------------------------------


def check_of(
    seller_id: int,
    scope: Scope,
    *,
    at: datetime,
    terms_at: datetime | None = None,
    closing_at: datetime | None = None,
) -> CheckRow:
    """The check in words: every blocker with its date, and when how much can leave."""
    terms_us = None if terms_at is None else us_of(terms_at)
    closing_us = None if closing_at is None else us_of(closing_at)
    found = check(seller_id, scope, at_us=us_of(at), terms_us=terms_us, closing_us=closing_us)
    return row_of(found)


def row_of(found: Check) -> CheckRow:
    seller_id = int(found.standings.seller_id[0])
    profile = sellers.profile_of(seller_id)
    books = ledger.balances(found.standings.seller_id)
    payee = payee_of(seller_id)
    waiting_us = waits_until_us(payee, found.at_us)
    return CheckRow(
        seller_id=seller_id,
        currency=found.terms.market.currency,
        scope=found.scope,
        checked_at=moment_of(found.at_us),
        terms_at=moment_of(found.terms.at_us),
        deposit_minor=int(found.standings.deposit_minor[0]),
        required_minor=int(found.standings.required_minor[0]),
        locked_minor=int(books.locked[0]),
        set_off_minor=found.set_off_minor,
        kept_minor=found.kept_minor,
        free_minor=found.free_minor,
        is_waiting=found.is_waiting,
        blockers=tuple(_blockers(found)),
        stages=tuple(stages(found)),
        missing=tuple(part for part in NEEDED if not profile[part].strip()),
        payee_changed_at=payee.changed_at,
        payee_waits_until=moment_of(waiting_us) if waiting_us else None,
    )


def stages(found: Check) -> list[StageRow]:
    """From when on how much more can leave, if nothing new happens; the present first."""
    rows = [StageRow(moment_of(found.at_us), found.free_minor, found.free_minor)]
    for moment_us in blocking.moments_of(found.judged).tolist():
        free = found.at(moment_us).free_minor
        if free != rows[-1].total_minor:
            before = rows[-1].total_minor
            rows.append(StageRow(moment_of(moment_us), free - before, free))
    return rows


def _blockers(found: Check) -> list[BlockerRow]:
    """Those that stand, the debt first, then by date; at most so many of each kind."""
    rows = [_arrears(found)] if found.standings.debt_minor[0] else []
    shares, things, judged = found.shares(), found.things, found.judged
    standing = np.flatnonzero(judged.is_standing)
    order = standing[
        np.lexsort((things.subject_id[standing], things.kind[standing], judged.ends_us[standing]))
    ]
    listed = order[_place_within(things.kind[order]) < LISTED]
    names = _names(found, listed)
    clause = {v: promises.clause_of(v) for v in np.unique(judged.version[listed]).tolist()}
    for at in listed.tolist():
        kind = Blocker(int(things.kind[at]))
        rows.append(
            _row(
                found, kind, names[kind, int(things.subject_id[at])], int(shares[at]),
                clause[int(judged.version[at])], at,
            )
        )  # fmt: skip
    return rows


def _place_within(kinds: Int) -> Int:
    """How many of its kind stand before each row."""
    place = np.zeros(len(kinds), np.int64)
    for kind in np.unique(kinds).tolist():
        here = kinds == kind
        place[here] = np.arange(int(here.sum()))
    return place


def _row(found: Check, kind: Blocker, subject: str, held: int, clause: str, at: int) -> BlockerRow:
    ends_us = int(found.judged.ends_us[at])
    words = BLOCKER_WORDS[kind]
    named = f" {subject}" if subject else ""
    return BlockerRow(
        kind=kind,
        subject=subject,
        what_zh=words[0] + named,
        what_en=words[1] + named,
        clause=clause,
        actor=Actor(int(found.things.actor[at])),
        sooner_zh=SOONER_WORDS[kind][0],
        sooner_en=SOONER_WORDS[kind][1],
        held_minor=held,
        locked_minor=int(found.things.locked_minor[at]),
        is_waited_for=bool(found.judged.is_waited_for[at]),
        ends_at=None if ends_us >= FAR_US else moment_of(ends_us),
    )


def _arrears(found: Check) -> BlockerRow:
    """The debt: set off when the exit is approved, so it ends then; what is left stays a debt."""
    kind = Blocker.ARREARS
    terms = found.terms.of(np.array([kind.value]))
    debt = in_words(int(found.standings.debt_minor[0]), found.terms.market.currency)
    return BlockerRow(
        kind=kind, subject="", what_zh=f"{BLOCKER_WORDS[kind][0]} {debt}",
        what_en=f"{BLOCKER_WORDS[kind][1]} {debt}",
        clause=promises.clause_of(int(terms.version[0])), actor=Actor.SELLER,
        sooner_zh=SOONER_WORDS[kind][0], sooner_en=SOONER_WORDS[kind][1],
        held_minor=found.set_off_minor, locked_minor=0, is_waited_for=False,
        ends_at=moment_of(found.at_us),
    )  # fmt: skip


def _names(found: Check, rows: Int) -> dict[tuple[Blocker, int], str]:
    """What each thing is called outside."""
    seller_id = int(found.standings.seller_id[0])
    kinds, subjects = found.things.kind[rows], found.things.subject_id[rows]
    about_orders = np.isin(kinds, (Blocker.OPEN_TRADE, Blocker.REFUND, Blocker.QUIET))
    called = found.violations | orders.names_of(seller_id, np.unique(subjects[about_orders]))
    claim_ids = np.unique(subjects[kinds == Blocker.CLAIM])
    claimed = claims.claims_of(np.full(len(claim_ids), seller_id), claim_ids)
    called |= {claim_id: name for (_, claim_id), name in claims.names_of(claimed).items()}
    names: dict[tuple[Blocker, int], str] = {}
    for kind, subject in zip(kinds.tolist(), subjects.tolist(), strict=True):
        names[Blocker(kind), subject] = called.get(subject, "")
    return names
