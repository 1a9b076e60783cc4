"""A whole history of points: the step, day after day, for everybody at once; pure.

The lab folds with this; so does the live house, to count again after a violation was revoked.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import midnight_of
from xiaobao.kernel.columns import Columns, Int, Mask, groups_of
from xiaobao.violations.facts import FAR_DAY, Counted, Stepped, Tallies, Today
from xiaobao.violations.rules.stepping import rungs_of, step

if TYPE_CHECKING:
    from xiaobao.kernel.books import Book
    from xiaobao.kernel.clocks import Zone
    from xiaobao.violations.terms import ClassTerms, StepTerms


@dataclass(frozen=True, slots=True)
class Nights(Columns):
    """What nights counted: tally, day, what it was taken on, and what it came to."""

    seller_id: Int
    points_class: Int
    day: Int
    points_before: Int
    strikes_before: Int
    points_today: Int
    strikes_today: Int
    penalty_minor: Int
    expiring: Int
    is_year_end: Mask
    reached: Int
    points: Int
    strikes: Int
    rung: Int
    begins: Mask
    is_forced_out: Mask
    class_version: Int

    @classmethod
    def none(cls) -> Nights:
        return cls(
            **{
                one.name: np.zeros(0, np.bool_ if one.type == "Mask" else np.int64)
                for one in fields(cls)
            }
        )


def night(
    before: Tallies,
    today: Today,
    day: int,
    *,
    zone: Zone,
    classes: Book[ClassTerms],
    rungs: Book[StepTerms],
) -> tuple[Stepped, Nights, list[StepTerms]]:
    """One day of tallies under the terms in force at its end: stepped, and written down."""
    moments = np.full(len(before), last_of(day, zone), np.int64)
    terms = classes.in_force(moments, before.points_class)
    ladder = rungs_of(rungs, before.points_class, moments)
    after = step(before, today, terms, ladder)
    told = Nights(
        seller_id=before.seller_id, points_class=before.points_class,
        day=np.full(len(before), day, np.int64), points_before=before.points,
        strikes_before=before.strikes, points_today=today.points, strikes_today=today.strikes,
        penalty_minor=today.penalty_minor, expiring=today.expiring,
        is_year_end=today.is_year_end, reached=after.reached, points=after.points,
        strikes=after.strikes, rung=after.rung, begins=after.begins,
        is_forced_out=after.is_forced_out, class_version=terms.version,
    )  # fmt: skip
    return after, told, ladder


def fold(
    counted: Counted,
    until_day: int,
    *,
    zone: Zone,
    classes: Book[ClassTerms],
    rungs: Book[StepTerms],
) -> tuple[Tallies, Nights]:
    """Every tally as the night of `until_day` leaves it, and every night that had work to do."""
    tallies = _begun(counted)
    place = places_of(tallies, counted)
    by_day, by_end = np.argsort(counted.day), np.argsort(counted.expires_day)
    days, ends = counted.day[by_day], counted.expires_day[by_end]
    points, strikes = tallies.points.copy(), tallies.strikes.copy()
    nights = [Nights.none()]
    for day in _days(counted, until_day):
        # Each row is looked at on its own days alone, however long the history is.
        rows = np.union1d(by_day[_on(days, day)], by_end[_on(ends, day)])
        touched = np.unique(place[rows])
        if is_year_end(np.array([day]))[0]:
            touched = np.union1d(touched, np.flatnonzero(points > 0))
        before = Tallies(
            tallies.seller_id[touched], tallies.points_class[touched], points[touched],
            strikes[touched],
        )  # fmt: skip
        here = today_of(
            counted.take(rows), np.searchsorted(touched, place[rows]), len(touched), day
        )
        busy = has_work(here, before)
        if not busy.any():
            continue
        after, told, _ = night(
            before.take(busy), here.take(busy), day, zone=zone, classes=classes, rungs=rungs
        )
        points[touched[busy]], strikes[touched[busy]] = after.points, after.strikes
        nights.append(told)
    return Tallies(tallies.seller_id, tallies.points_class, points, strikes), Nights.concat(nights)


def _on(days: Int, day: int) -> slice:
    """Where a day stands among sorted days."""
    first, last = np.searchsorted(days, [day, day + 1]).tolist()
    return slice(first, last)


def today_of(counted: Counted, place: Int, tallies: int, day: int) -> Today:
    """What one day brings each tally; `place` is the tally of each row counted."""

    def total(column: Int, where: Mask) -> Int:
        summed = np.zeros(tallies, np.int64)
        np.add.at(summed, place[where], column[where])
        return summed

    is_today = counted.day == day
    return Today(
        points=total(counted.points, is_today),
        strikes=total(counted.strikes, is_today),
        penalty_minor=total(counted.penalty_minor, is_today),
        expiring=total(counted.points, counted.expires_day == day),
        is_year_end=np.full(tallies, is_year_end(np.array([day]))[0]),
    )


def is_year_end(days: Int) -> Mask:
    """Whether a day is 31 December."""
    return _year(days + 1) > _year(days)


def next_year_end(days: Int) -> Int:
    """The first 31 December that is not before each day."""
    return _year_ends(_year(days))


def _year_ends(years: Int) -> Int:
    """31 December of each year, counted from 1970."""
    return (years + 1).astype("M8[Y]").astype("M8[D]").astype(np.int64) - 1


def last_of(day: int, zone: Zone) -> int:
    """The last moment of a local day."""
    return int(midnight_of(np.array([day + 1]), zone)[0]) - 1


def _year(days: Int) -> Int:
    return days.astype("M8[D]").astype("M8[Y]").astype(np.int64)


def has_work(today: Today, tallies: Tallies) -> Mask:
    """Whether a day does anything to a tally; where it does not, no night is written down."""
    brings = (today.points | today.strikes | today.penalty_minor | today.expiring) != 0
    busy: Mask = brings | (today.is_year_end & (tallies.points > 0))
    return busy


def _days(counted: Counted, until_day: int) -> list[int]:
    """The days on which something can happen, in order."""
    if len(counted) == 0:
        return []
    first = int(counted.day.min())
    first_year, last_year = _year(np.array([first, until_day])).tolist()
    ends = _year_ends(np.arange(first_year, last_year + 1))
    every = np.unique(np.concatenate([counted.day, counted.expires_day, ends]))
    return [int(day) for day in every if first <= day <= until_day and day != FAR_DAY]


def _begun(counted: Counted) -> Tallies:
    """A tally for each seller and class, with nothing in it, by seller and class."""
    group = groups_of(counted.seller_id, counted.points_class)
    _, first = np.unique(group, return_index=True)
    none = np.zeros(len(first), np.int64)
    return Tallies(counted.seller_id[first], counted.points_class[first], none, none)


def places_of(tallies: Tallies, counted: Counted) -> Int:
    """The tally of each row that counts."""
    group = groups_of(
        np.concatenate([tallies.seller_id, counted.seller_id]),
        np.concatenate([tallies.points_class, counted.points_class]),
    )
    row = np.zeros(int(group.max(initial=-1)) + 1, np.int64)
    row[group[: len(tallies)]] = np.arange(len(tallies))
    return row[group[len(tallies) :]]
