"""Violations, points and penalties over all history, by the live rules under any policy pack.

Breaches that are too many in a period, and claims that ended for their buyers, are found anew;
what staff and inspections recorded, and what was revoked, are facts. Each is weighed on those
before it, and the points are folded, day after day, all sellers at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import DAY_US, days_of, midnight_of, next_midnight
from xiaobao.kernel.columns import FAR_US, Columns, Int, Mask, groups_of, running_within
from xiaobao.kernel.references import ids_of
from xiaobao.lab.history.tables import Recorded, none_of
from xiaobao.lab.replay.claims import Decision
from xiaobao.orders.facts import BreachKind, BreachRates
from xiaobao.violations import rules
from xiaobao.violations.facts import (
    FAR_DAY,
    Counted,
    Effect,
    Source,
    Tallies,
    ViolationFacts,
    Weights,
)

if TYPE_CHECKING:
    from xiaobao.kernel.clocks import Zone
    from xiaobao.lab.history.shapes import Stretch
    from xiaobao.lab.history.tables import Endings, Rulings
    from xiaobao.lab.replay.breaches import Breaches
    from xiaobao.lab.replay.claims import Redecided
    from xiaobao.lab.replay.policies import Penal
    from xiaobao.violations.rules import Nights
    from xiaobao.violations.terms import KindTerms


# More days than history has.
_DAYS = 2**20


@dataclass(frozen=True, slots=True)
class Placed(Columns):
    """The day on which each order of a bucket was placed, and the one that told of it."""

    seller_id: Int
    day: Int
    known_day: Int

    @classmethod
    def none(cls) -> Placed:
        return cls(*[np.zeros(0, np.int64)] * 3)

    @classmethod
    def of_stretch(cls, stretch: Stretch, zone: Zone) -> Placed:
        rows = np.flatnonzero(stretch.is_first)
        day, known = stretch.ordered_day[rows], stretch.known_us[rows]
        late = known > 0
        told = days_of(np.where(late, known, 0), zone) if late.any() else day
        return cls(stretch.states.seller_id[rows], day, np.where(late, told, day))


@dataclass(frozen=True)
class Punished:
    """What a policy makes of a bucket's sellers; nights are those that begin something."""

    violations: Recorded
    weights: Weights
    tallies: Tallies
    nights: Nights


def punished_under(
    recorded: Recorded, endings: Endings, ruled: tuple[Rulings, Redecided], found: Breaches,
    placed: Placed, penal: Penal, *, zone: Zone, horizon_us: int,
) -> Punished:  # fmt: skip
    """Violations of a bucket of sellers, and what follows, until the horizon."""
    kept = recorded.take(~np.isin(recorded.source, (Source.RULING, Source.BREACHES)))
    parts = [
        kept,
        _from_endings(recorded, endings, ruled, penal, zone),
        _from_breaches(recorded, found, placed, penal, zone),
    ]
    rows = Recorded.concat(parts)
    # On one night rulings are looked at before breaches; what staff record has its own moment.
    turn = np.lexsort((rows.happened_us, rows.seller_id, rows.source, rows.recorded_us))
    rows = rows.take(turn)
    _, has_terms = penal.kinds.positions(rows.happened_us, rows.kind)
    rows = rows.take(has_terms & (rows.recorded_us <= horizon_us))
    weights = weighed(rows, penal)
    counted = _counted(rows, weights, penal, zone)
    last = int(days_of(np.array([horizon_us]), zone)[0]) - 1
    tallies, nights = rules.fold(
        counted, last, zone=zone, classes=penal.classes, rungs=penal.rungs
    )
    return Punished(rows, weights, tallies, nights.take(nights.begins))


def _from_endings(
    recorded: Recorded, endings: Endings, ruled: tuple[Rulings, Redecided], penal: Penal,
    zone: Zone,
) -> Recorded:  # fmt: skip
    """Claims that ended for their buyers, as the policy would have decided them."""
    place, is_ruled_on = penal.rulings.positions(endings.ended_us, endings.kind)
    hit = np.flatnonzero(is_ruled_on & _is_upheld(endings, *ruled))
    # Reopened, a claim ends again; it counts once, as it first ended for its buyer.
    claim = groups_of(endings.seller_id[hit], endings.claim_id[hit])
    hit = np.sort(hit[np.unique(claim, return_index=True)[1]])
    e, kind = endings.take(hit), penal.rulings.rows.violation[place[hit]]
    none = np.zeros(len(e), np.int64)
    rows = Recorded(
        seller_id=e.seller_id, violation_id=none, kind=kind, source=none + Source.RULING,
        incident_id=e.item_id, subject_id=e.claim_id, units=none + 1, is_corrected=none > 0,
        happened_us=e.ended_us, recorded_us=next_midnight(e.ended_us, zone),
        revoked_us=none + FAR_US,
    )  # fmt: skip
    known = recorded.take(recorded.source == Source.RULING)
    return _as_recorded(rows, known, rows.subject_id, known.subject_id)


def _is_upheld(endings: Endings, rulings: Rulings, redecided: Redecided) -> Mask:
    """As it ended, but for what rules decided; what no rule decides now stays as it ended."""
    is_sure = redecided.is_decided
    at, there = _place_of(rulings.take(is_sure), endings)
    decision = redecided.take(is_sure).decision
    upheld: Mask = np.where(there, np.append(decision, 0)[at] == Decision.UPHELD, endings.is_paid)
    return upheld


def _place_of(rulings: Rulings, endings: Endings) -> tuple[Int, Mask]:
    """Where the ruling that stood at each ending is; the last place where there is none."""
    both = groups_of(
        np.concatenate([rulings.seller_id, endings.seller_id]),
        np.concatenate([rulings.claim_id, endings.claim_id]),
        np.concatenate([rulings.round, endings.round]),
    )
    row = np.full(int(both.max(initial=-1)) + 1, len(rulings), np.int64)
    row[both[: len(rulings)]] = np.arange(len(rulings))
    at = row[both[len(rulings) :]]
    return at, at < len(rulings)


def _as_recorded(rows: Recorded, known: Recorded, mine: Int, theirs: Int) -> Recorded:
    """The name and the revocation of those that were really recorded."""
    both = groups_of(
        np.concatenate([known.seller_id, rows.seller_id]), np.concatenate([theirs, mine])
    )
    row = np.full(int(both.max(initial=-1)) + 1, len(known), np.int64)
    row[both[: len(known)]] = np.arange(len(known))
    at = row[both[len(known) :]]
    return replace(
        rows,
        violation_id=np.append(known.violation_id, 0)[at],
        revoked_us=np.append(known.revoked_us, FAR_US)[at],
    )


def _from_breaches(
    recorded: Recorded, found: Breaches, placed: Placed, penal: Penal, zone: Zone
) -> Recorded:
    """Promises broken too often in a period, found when the period is over."""
    _, has_rules = penal.rules.positions(found.due_us, np.zeros(len(found), np.int64))
    b = found.take(has_rules & ~found.is_platforms)
    if len(b) == 0 or len(penal.breaches.rows) == 0:
        return none_of(Recorded)
    first, ends_us = _periods(b.due_us, penal, zone)
    # A period is looked at on the first night after it: what was told later, nobody found.
    in_time = b.known_us <= ends_us
    b, first, ends_us = b.take(in_time), first[in_time], ends_us[in_time]
    group = groups_of(b.seller_id, b.kind, first)
    _, head, count = np.unique(group, return_index=True, return_counts=True)
    place, ruled = penal.breaches.positions(ends_us[head] - 1, b.kind[head])
    # Only where breaches are many are orders counted.
    many = np.flatnonzero(ruled & (count >= penal.breaches.rows.least_breaches[place]))
    head, count, place = head[many], count[many], place[many]
    day, ends_us = first[head], ends_us[head]
    last = days_of(ends_us - 1, zone)
    orders = _orders_in(placed, b.seller_id[head], day, last)
    rates = BreachRates(b.seller_id[head], b.kind[head], count, orders)
    terms = penal.breaches.rows.take(place)
    over = np.flatnonzero(rules.over_threshold(rates, terms))
    rates, day, ends_us = rates.take(over), day[over], ends_us[over]
    names = [
        f"{BreachKind(kind).name.lower()}-{np.datetime64(number, 'D')}"
        for kind, number in zip(rates.kind.tolist(), day.tolist(), strict=True)
    ]
    none = np.zeros(len(over), np.int64)
    rows = Recorded(
        seller_id=rates.seller_id, violation_id=ids_of(names), kind=terms.violation[over],
        source=none + Source.BREACHES, incident_id=none, subject_id=day, units=rates.breaches,
        is_corrected=none > 0, happened_us=ends_us - 1, recorded_us=ends_us,
        revoked_us=none + FAR_US,
    )  # fmt: skip
    known = recorded.take(recorded.source == Source.BREACHES)
    return replace(
        _as_recorded(rows, known, rows.violation_id, known.violation_id),
        violation_id=rows.violation_id,
    )


def _periods(due_us: Int, penal: Penal, zone: Zone) -> tuple[Int, Int]:
    """The first day of the period that each moment lies in, and the moment at which it ends."""
    days = penal.rules.in_force(due_us).breach_period_days
    first = rules.period_of(days_of(due_us, zone), days)
    return first, midnight_of(first + days, zone)


def _orders_in(placed: Placed, seller_id: Int, first: Int, last: Int) -> Int:
    """How many orders each seller had on the days from first to last, as known the day after."""
    ids = np.unique(seller_id)
    at = np.minimum(np.searchsorted(ids, placed.seller_id), max(len(ids) - 1, 0))
    mine = np.flatnonzero(np.append(ids, -1)[at] == placed.seller_id)
    p, seller = placed.take(mine), at[mine]
    asked = np.searchsorted(ids, seller_id)
    counts = _counted_in(np.sort(_code(seller, p.day)), asked, first, last)
    late = np.flatnonzero(p.known_day > p.day)
    for row in late[np.isin(seller[late], asked)].tolist():
        told = (asked == seller[row]) & (first <= p.day[row]) & (p.day[row] <= last)
        counts[told & (p.known_day[row] > last + 1)] -= 1
    return counts


def _code(seller: Int, day: Int) -> Int:
    """A number by seller and day, in their order."""
    return seller * _DAYS + day


def _counted_in(codes: Int, seller: Int, first: Int, last: Int) -> Int:
    counts: Int = np.searchsorted(codes, _code(seller, last), side="right") - np.searchsorted(
        codes, _code(seller, first)
    )
    return counts


def weighed(rows: Recorded, penal: Penal) -> Weights:
    """What each violation counts, in the order in which they were recorded."""
    terms = penal.kinds.in_force(rows.happened_us, rows.kind)
    none = np.zeros(len(rows), np.int64)
    columns = {name: none.copy() for name in Weights.names()}
    # A violation is judged on those of its kind and seller before it: the first of all, then the
    # second, and so on.
    group = groups_of(rows.seller_id, rows.kind)
    turn = running_within(none + 1, group) if len(rows) else none
    by_group = np.lexsort((turn, group))
    where = np.empty(len(rows), np.int64)
    where[by_group] = np.arange(len(rows))
    for number in range(1, int(turn.max(initial=0)) + 1):
        now = np.flatnonzero(turn == number)
        before = by_group[where[now][:, None] - np.arange(1, number)[None, :]]
        facts = _facts(rows, now, before, columns, terms)
        for name, column in rules.weigh(facts, terms.take(now)).as_dict().items():
            columns[name][now] = column
    return Weights(**columns)


def _facts(
    rows: Recorded, now: Int, before: Int, columns: dict[str, Int], terms: KindTerms
) -> ViolationFacts:
    """What stood when each was recorded; `before` has a column for each one before it."""
    stood = rows.revoked_us[before] > rows.recorded_us[now][:, None]
    happened = rows.happened_us[before]
    since = rows.happened_us[now]
    incident = rows.incident_id[now][:, None]
    is_same = (incident != 0) & (rows.incident_id[before] == incident)
    in_bundle = happened > (since - terms.bundle_days[now] * DAY_US)[:, None]
    in_cap = happened > (since - terms.cap_days[now] * DAY_US)[:, None]
    is_counted = columns["effect"][before] != Effect.BUNDLED
    return ViolationFacts(
        kind=rows.kind[now], units=rows.units[now], is_corrected=rows.is_corrected[now],
        earlier=(stood & is_counted).sum(axis=1),
        is_same_incident=(stood & is_same & in_bundle).any(axis=1),
        points_in_cap=np.where(stood & in_cap, columns["points"][before], 0).sum(axis=1),
    )  # fmt: skip


def _counted(rows: Recorded, weights: Weights, penal: Penal, zone: Zone) -> Counted:
    """What nights count of what was not revoked."""
    stands = np.flatnonzero(
        (rows.revoked_us == FAR_US)
        & ((weights.points > 0) | (weights.strikes > 0) | (weights.penalty_minor > 0))
    )
    r, w = rows.take(stands), weights.take(stands)
    day = days_of(r.recorded_us, zone)
    life = penal.classes.in_force(r.recorded_us, w.points_class).life_days
    return Counted(
        seller_id=r.seller_id, points_class=w.points_class, day=day, points=w.points,
        strikes=w.strikes, penalty_minor=w.penalty_minor,
        expires_day=np.where(life > 0, day + life, FAR_DAY),
    )  # fmt: skip
