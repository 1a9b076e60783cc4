"""Violations move: appealed by the seller, decided by another person, or by their clocks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import causes_of
from xiaobao.outbox.acts import tell
from xiaobao.outbox.facts import EventKind
from xiaobao.promises.facts import ClockKind
from xiaobao.violations import queries, rules, store
from xiaobao.violations.acts import money, reading
from xiaobao.violations.acts.problems import (
    SamePersonDecides,
    ViolationMoveImpossible,
    ViolationNotNameable,
)
from xiaobao.violations.acts.recounting import count_again
from xiaobao.violations.facts import (
    EVENT_WORDS,
    STATE_WORDS,
    Cases,
    CauseKind,
    Event,
    MoveReport,
    State,
)

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.kernel.columns import Int
    from xiaobao.violations.facts import ViolationKey

_TOLD = {
    Event.APPEAL: EventKind.VIOLATION_APPEALED,
    Event.LAPSE: EventKind.VIOLATION_CONFIRMED,
    Event.UPHOLD: EventKind.VIOLATION_CONFIRMED,
    Event.REVOKE: EventKind.VIOLATION_REVOKED,
    Event.MISS: EventKind.VIOLATION_OVERDUE,
}
_CLOCKS = {State.NOTIFIED: Event.LAPSE, State.APPEALED: Event.MISS}


@transaction.atomic
def appeal_violation(key: ViolationKey, *, by: str, words: str, at: datetime) -> State:
    """The seller appeals: another person decides by the platform's clock; penalties run on.

    :raises ViolationNotNameable: without words: an appeal says why
    :raises ViolationMoveImpossible: where its time is over, or it was appealed before
    """
    if not words.strip():
        raise ViolationNotNameable(field="words")
    case = _held(key, us_of(at))
    _check(case, Event.APPEAL)
    now = np.array([us_of(at)], np.int64)
    due = reading.clock_due(int(case.market_id[0]), ClockKind.VIOLATION_DECISION, now)
    case = _moved(replace(case, decide_by_us=due, due_us=due), Event.APPEAL, now, by, words)
    return State(int(case.state[0]))


@transaction.atomic
def decide_violation(
    key: ViolationKey, *, is_upheld: bool, by: str, words: str, at: datetime
) -> State:
    """Another person upholds a violation on appeal, or revokes it, at any time, with reasons.

    Revoked: its points, the penalties that rested on them and its money are undone, and the
    correction is published.

    :raises ViolationNotNameable: without a person or reasons
    :raises SamePersonDecides: for whoever recorded it
    :raises ViolationMoveImpossible: where it stands so that this cannot be decided
    """
    for field, given in (("by", by), ("words", words)):
        if not given.strip():
            raise ViolationNotNameable(field=field)
    case = _held(key, us_of(at))
    event = Event.UPHOLD if is_upheld else Event.REVOKE
    _check(case, event)
    if queries.recorded_by(key.seller_id, key.violation_id) == by:
        raise SamePersonDecides(by=by)
    now = np.array([us_of(at)], np.int64)
    if is_upheld:
        case = money.take(case, now)
    else:
        # Penalties before books, as everywhere: no two wait for one another.
        store.penalties.hold_of(key.seller_id, int(case.points_class[0]))
        case = money.give_back(case, now)
    case = replace(case, due_us=np.full(1, FAR_US))
    case = _moved(case, event, now, by, words)
    if is_upheld:
        # A forced exit that waited for this is carried out as of now, not of a day gone by.
        store.penalties.put_off_forced_exits(key.seller_id, int(case.points_class[0]), at=at)
    else:
        count_again(key.seller_id, int(case.points_class[0]), at=at)
    return State(int(case.state[0]))


@transaction.atomic
def move_due_violations(until_us: int, limit: int = 4096) -> MoveReport:
    """Fire the clocks of violations that ran out by then, each as of its own moment.

    The time to appeal ends: the violation is confirmed and its money taken. The platform's own
    clock ends: the money is not taken any more, and the seller is told.
    """
    return _fire(store.cases.hold_due(until_us, limit))[1]


def _held(key: ViolationKey, at_us: int) -> Cases:
    """The violation, locked with its seller's tallies, its clock fired if it ran out before."""
    seller = np.array([key.seller_id], np.int64)
    found = store.cases.hold(seller, np.array([key.violation_id], np.int64))
    assert len(found) == 1, f"no violation {key}"
    store.tallies.hold(seller, found.market_id)
    return _fire(found)[0] if found.due_us[0] <= at_us else found


def _fire(due: Cases) -> tuple[Cases, MoveReport]:
    """Violations whose clock ran out, moved as of then."""
    lapsing, missing = due.state == State.NOTIFIED, due.state == State.APPEALED
    parts = []
    if lapsing.any():
        ends = replace(due.take(lapsing), due_us=np.full(int(lapsing.sum()), FAR_US))
        at_us = due.due_us[lapsing]
        parts.append(_moved(money.take(ends, at_us), Event.LAPSE, at_us, "", ""))
    if missing.any():
        late = replace(due.take(missing), due_us=np.full(int(missing.sum()), FAR_US))
        at_us = due.due_us[missing]
        parts.append(_moved(money.waive(late, at_us), Event.MISS, at_us, "", ""))
    report = MoveReport(looked=len(due), confirmed=int(lapsing.sum()), missed=int(missing.sum()))
    return (Cases.concat(parts) if parts else due), report


def _check(case: Cases, event: Event) -> None:
    """:raises ViolationMoveImpossible: where the lifecycle has no such move"""
    state = State(int(case.state[0]))
    if (state, event) in rules.LIFECYCLE:
        return
    possible = [EVENT_WORDS[one] for one in rules.events_in(state) if one not in _CLOCKS.values()]
    raise ViolationMoveImpossible(
        violation=queries.name_of(int(case.seller_id[0]), int(case.violation_id[0])),
        state_zh=STATE_WORDS[state].zh, state_en=STATE_WORDS[state].en,
        event_zh=EVENT_WORDS[event].zh, event_en=EVENT_WORDS[event].en,
        possible_zh="、".join(one.zh for one in possible) or "无",
        possible_en=", ".join(one.en for one in possible) or "nothing",
    )  # fmt: skip


def _moved(cases: Cases, event: Event, at_us: Int, by: str, words: str) -> Cases:
    """Write what the cases became, and the event that made them so."""
    count = len(cases)
    state = [rules.LIFECYCLE[State(one), event].value for one in cases.state.tolist()]
    after = replace(cases, state=np.array(state, np.int64), seq=cases.seq + 1)
    store.cases.change(after)
    store.cases.add_events(
        after, np.full(count, event.value), at_us, by=[by] * count, words=[words] * count
    )
    cause = causes_of(CauseKind.MOVED, at_us, after.seller_id, after.violation_id, after.seq)
    tell(
        _TOLD[event], after.seller_id, *cause, at_us=at_us, subject_id=after.violation_id,
        amount_minor=after.penalty_minor,
    )  # fmt: skip
    return after
