"""The check in words: every blocker with its date, in groups and one by one; when what leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims import queries as claims
from xiaobao.exits.facts import (
    BLOCKER_WORDS,
    SOONER_WORDS,
    Actor,
    Blocker,
    BlockerRow,
    CheckRow,
    GroupRow,
    Scope,
    StageRow,
)
from xiaobao.exits.queries.checking import Check, check, check_as_applied
from xiaobao.exits.queries.payees import payee_of, waits_until_us
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

    from xiaobao.kernel.columns import Int

# Without these nothing can be paid: whose account it is, and in whose real name it stands.
NEEDED = ("payout_account", "legal_name")
# A list names so many of each kind.
LISTED = 200


def check_of(
    seller_id: int,
    scope: Scope,
    *,
    at: datetime,
    terms_at: datetime | None = None,
    closing_at: datetime | None = None,
) -> CheckRow:
    """The check in words: every blocker with its date, and when how much can leave."""
    if terms_at is None and closing_at is None:
        return _row_of(check_as_applied(seller_id, scope, at_us=us_of(at)))
    terms_us = None if terms_at is None else us_of(terms_at)
    closing_us = None if closing_at is None else us_of(closing_at)
    found = check(seller_id, scope, at_us=us_of(at), terms_us=terms_us, closing_us=closing_us)
    return _row_of(found)


def _row_of(found: Check) -> CheckRow:
    seller_id = int(found.standings.seller_id[0])
    profile = sellers.profile_of(seller_id)
    books = ledger.balances(found.standings.seller_id)
    payee = payee_of(seller_id)
    waiting_us = waits_until_us(payee, found.at_us)
    shares = found.shares()
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
        groups=tuple(_groups(found, shares)),
        blockers=tuple(_blockers(found, shares)),
        stages=tuple(_stages(found, shares)),
        all_free_at=found.all_free_at(),
        missing=tuple(part for part in NEEDED if not profile[part].strip()),
        payee_changed_at=payee.changed_at,
        payee_waits_until=moment_of(waiting_us) if waiting_us else None,
    )


def _stages(found: Check, shares: Int) -> list[StageRow]:
    """From when on how much more can leave, if nothing new happens; the present first."""
    rows = [StageRow(moment_of(found.at_us), found.free_minor, found.free_minor, ())]
    ends_us = found.judged.ends_us
    for moment_us in blocking.moments_of(found.judged).tolist():
        free = found.at(moment_us).free_minor
        before = rows[-1].total_minor
        if free != before:
            kinds, counts = np.unique(
                found.things.kind[(ends_us == moment_us) & (shares > 0)], return_counts=True
            )
            ended = zip(kinds.tolist(), counts.tolist(), strict=True)
            rows.append(
                StageRow(
                    moment_of(moment_us), free - before, free,
                    tuple((Blocker(kind), count) for kind, count in ended),
                )
            )  # fmt: skip
    return rows


def _groups(found: Check, shares: Int) -> list[GroupRow]:
    """All that stands, in one row for each kind and whoever can end it; the debt first."""
    rows = [_debt_in_one(found)] if found.standings.debt_minor[0] else []
    things, judged = found.things, found.judged
    order = np.lexsort((judged.ends_us, things.actor, things.kind))
    order = order[judged.is_standing[order]]
    keys = things.kind[order] * len(Actor) + things.actor[order]
    for key in np.unique(keys).tolist():
        mine = order[keys == key]
        kind, actor = Blocker(key // len(Actor)), Actor(key % len(Actor))
        last_us = int(judged.ends_us[mine[-1]])
        sooner = _sooner(kind, actor)
        rows.append(
            GroupRow(
                kind=kind, actor=actor, count=len(mine), held_minor=int(shares[mine].sum()),
                locked_minor=int(things.locked_minor[mine].sum()),
                is_waited_for=bool(judged.is_waited_for[mine].any()),
                last_ends_at=None if last_us >= FAR_US else moment_of(last_us),
                sooner_zh=sooner[0], sooner_en=sooner[1],
                clause=promises.clause_of(int(judged.version[mine[-1]])),
            )
        )  # fmt: skip
    return rows


def _debt_in_one(found: Check) -> GroupRow:
    row = _arrears(found)
    return GroupRow(
        kind=row.kind, actor=row.actor, count=1, held_minor=row.held_minor, locked_minor=0,
        is_waited_for=False, last_ends_at=row.ends_at, sooner_zh=row.sooner_zh,
        sooner_en=row.sooner_en, clause=row.clause,
    )  # fmt: skip


def _sooner(kind: Blocker, actor: Actor) -> tuple[str, str]:
    """What would end it sooner; where nobody can, nothing is said."""
    return ("", "") if actor is Actor.TIME else SOONER_WORDS[kind]


def _blockers(found: Check, shares: Int) -> list[BlockerRow]:
    """Those that stand, the debt first, then by date; at most so many of each kind."""
    rows = [_arrears(found)] if found.standings.debt_minor[0] else []
    things, judged = found.things, found.judged
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
    words, actor = BLOCKER_WORDS[kind], Actor(int(found.things.actor[at]))
    sooner = _sooner(kind, actor)
    named = f" {subject}" if subject else ""
    return BlockerRow(
        kind=kind,
        subject=subject,
        what_zh=words[0] + named,
        what_en=words[1] + named,
        clause=clause,
        actor=actor,
        sooner_zh=sooner[0],
        sooner_en=sooner[1],
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
