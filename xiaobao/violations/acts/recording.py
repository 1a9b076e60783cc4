"""Recording violations: each judged on what went before, its money held, its seller told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.deposits import acts as deposits
from xiaobao.kernel.clocks import days_of, midnight_of, us_of, zone_of
from xiaobao.kernel.columns import FAR_US, groups_of, running_within
from xiaobao.kernel.references import causes_of, digests_of, id_of
from xiaobao.ledger import acts as ledger
from xiaobao.outbox.acts import tell
from xiaobao.outbox.facts import EventKind
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind, ViolationKind
from xiaobao.sellers import queries as sellers
from xiaobao.violations import queries, rules, store
from xiaobao.violations.acts import reading
from xiaobao.violations.acts.problems import (
    ViolationInFuture,
    ViolationNameTaken,
    ViolationNotNameable,
    ViolationSellerUnknown,
    ViolationUnitsWrong,
)
from xiaobao.violations.facts import (
    FAR_DAY,
    KIND_WORDS,
    Cases,
    CauseKind,
    Event,
    NewViolations,
    Source,
    State,
)
from xiaobao.violations.terms import ClassTerms, KindTerms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.kernel.columns import Int

_KINDS = {int(kind): words.en for kind, words in KIND_WORDS.items()}


@dataclass(frozen=True)
class Recorded:
    """What an act of recording came to."""

    recorded: int
    known: int  # recorded before: nothing happened


@transaction.atomic
def record_violation(
    seller_id: int,
    violation: str,
    *,
    kind: ViolationKind,
    source: Source,
    by: str,
    at: datetime,
    happened_at: datetime | None = None,
    incident: str = "",
    units: int = 1,
    is_corrected: bool = False,
    words: str = "",
) -> Recorded:
    """Record one violation that an inspection or staff found, under a name of its own.

    The same name with the same content is the same violation, recorded once.

    :raises ViolationNotNameable: without a name, or nobody who records
    :raises ViolationUnitsWrong: for fewer units than one
    :raises ViolationInFuture: for what has not happened yet
    :raises ViolationSellerUnknown: for an id nobody has
    :raises ViolationNotRuled: where the pack did not rule on it when it happened
    :raises ViolationNameTaken: where the name stands for something else
    """
    happened = at if happened_at is None else happened_at
    for field, given in (("violation", violation), ("by", by)):
        if not given.strip():
            raise ViolationNotNameable(field=field)
    if units < 1:
        raise ViolationUnitsWrong(units=units)
    if happened > at:
        raise ViolationInFuture(happened=happened.isoformat(), at=at.isoformat())
    new = NewViolations.of(
        seller_id=[seller_id], violation_id=[id_of(violation)], kind=[int(kind)],
        source=[int(source)], incident_id=[id_of(incident) if incident else 0], subject_id=[0],
        units=[units], is_corrected=[is_corrected], happened_us=[us_of(happened)],
    )  # fmt: skip
    return record_violations(new, names=[violation], words=[words], by=by, at_us=us_of(at))


@transaction.atomic
def record_violations(
    new: NewViolations,
    *,
    names: Sequence[str],
    words: Sequence[str],
    by: str,
    at_us: int,
    keeps_known: bool = False,
) -> Recorded:
    """Record violations as if they came one by one, in the order given.

    A name that stands already with the same content is passed over; with `keeps_known` so is one
    whose content has changed since: what was recorded first stands.

    :raises ViolationSellerUnknown: for an id nobody has
    :raises ViolationNotRuled: where a pack did not rule on one when it happened
    :raises ViolationNameTaken: where a name stands for something else
    """
    markets = sellers.markets_of(new.seller_id)
    unknown = np.flatnonzero(markets == 0)
    if len(unknown):
        raise ViolationSellerUnknown(seller_id=int(new.seller_id[unknown[0]]))
    _, first = np.unique(new.seller_id, return_index=True)
    store.tallies.hold(new.seller_id[first], markets[first])
    digest = _digests(new)
    rows, stands = queries.known(new.seller_id, new.violation_id)
    taken = np.flatnonzero(stands != digest[rows])
    if len(taken) and not keeps_known:
        raise ViolationNameTaken(violation=names[int(rows[taken[0]])])
    fresh = np.setdiff1d(np.arange(len(new)), rows)
    # One of each seller at a time: each is judged on those before it.
    turn = running_within(np.ones(len(fresh), np.int64), groups_of(new.seller_id[fresh]))
    for number in range(1, int(turn.max(initial=0)) + 1):
        round_ = fresh[turn == number]
        for market_id in np.unique(markets[round_]).tolist():
            here = round_[markets[round_] == market_id]
            _record(
                new.take(here), digest[here], market_id=market_id,
                names=[names[i] for i in here.tolist()],
                words=[words[i] for i in here.tolist()], by=by, at_us=at_us,
            )  # fmt: skip
    return Recorded(recorded=len(fresh), known=len(rows))


def _digests(new: NewViolations) -> Int:
    return digests_of(
        new.kind, new.source, new.incident_id, new.units, new.is_corrected.astype(np.int64),
        new.happened_us,
    )  # fmt: skip


def _record(
    new: NewViolations, digest: Int, *, market_id: int, names: Sequence[str],
    words: Sequence[str], by: str, at_us: int,
) -> None:  # fmt: skip
    """One violation of each of these sellers of one market."""
    count = len(new)
    now = np.full(count, at_us, np.int64)
    zone = zone_of(promises.market_of(market_id).zone)
    terms = reading.terms_at(KindTerms, market_id, new.happened_us, new.kind, _KINDS)
    facts = queries.facts_of(new, terms)
    appeal_until = reading.clock_due(market_id, ClockKind.VIOLATION_APPEAL, now)
    classes = promises.book_of(ClassTerms, market_id).in_force(now, terms.points_class)

    weights = rules.weigh(facts, terms)

    day = days_of(now, zone)
    expires = np.where(classes.life_days > 0, day + classes.life_days, FAR_DAY)
    none = np.zeros(count, np.int64)
    cases = Cases(
        seller_id=new.seller_id, violation_id=new.violation_id, points=weights.points,
        penalty_minor=weights.penalty_minor, held_minor=none, taken_hold_minor=none,
        taken_deposit_minor=none, taken_fund_minor=none, recorded_us=now,
        appeal_until_us=appeal_until, decide_by_us=none + FAR_US, due_us=appeal_until,
        counted_day=day, expires_day=expires, seq=none + 2, market_id=none + market_id,
        kind=new.kind, points_class=weights.points_class, state=none + State.NOTIFIED,
        strikes=weights.strikes, is_waived=none > 0,
    )  # fmt: skip
    cases = _hold_money(cases)
    store.cases.add(
        new, facts, weights,
        columns={
            "digest": digest, "held_minor": cases.held_minor, "terms_version": terms.version,
            "class_version": classes.version, "recorded_at": now,
            "appeal_until_at": appeal_until, "decide_by_at": cases.decide_by_us,
            "due_at": cases.due_us, "counted_day": day, "expires_day": expires,
            "seq": cases.seq, "market_id": cases.market_id, "state": cases.state,
        },
        names=names, words=words, by=by,
    )  # fmt: skip
    _tell(cases, by, words)
    counts = cases.take((cases.points > 0) | (cases.strikes > 0) | (cases.penalty_minor > 0))
    store.tallies.await_night(
        counts.seller_id, counts.points_class, midnight_of(counts.counted_day + 1, zone)
    )


def _hold_money(cases: Cases) -> Cases:
    """Lock what each penalty asks for, as far as the deposit is free."""
    asks = cases.penalty_minor > 0
    if not asks.any():
        return cases
    asking = cases.take(asks)
    ledger.hold_books(asking.seller_id)
    money = reading.money_of(asking)
    held = rules.to_hold(money)
    ledger.post_all(rules.holding(money, held, asking.recorded_us))
    deposits.check_shortfalls(asking.seller_id, at_us=asking.recorded_us)
    all_held = cases.held_minor.copy()
    all_held[asks] = held
    return replace(cases, held_minor=all_held)


def _tell(cases: Cases, by: str, words: Sequence[str]) -> None:
    """The record and the notice: one act, two events."""
    count = len(cases)
    recorded = replace(
        cases, seq=np.ones(count, np.int64), state=np.full(count, State.RECORDED.value)
    )
    store.cases.add_events(
        recorded, np.full(count, Event.RECORD.value), cases.recorded_us, by=[by] * count,
        words=words,
    )  # fmt: skip
    store.cases.add_events(
        cases, np.full(count, Event.NOTIFY.value), cases.recorded_us, by=[""] * count,
        words=[""] * count,
    )  # fmt: skip
    cause = causes_of(
        CauseKind.MOVED, cases.recorded_us, cases.seller_id, cases.violation_id, cases.seq
    )
    tell(
        EventKind.VIOLATION_RECORDED, cases.seller_id, *cause, at_us=cases.recorded_us,
        subject_id=cases.violation_id, amount_minor=cases.penalty_minor,
    )  # fmt: skip
