"""Points as a step: one day of all tallies at once; the live night and the lab call the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.violations.facts import MONEY_RUNG, RUNGS, Stepped, Tallies, Today
from xiaobao.violations.terms import StepTerms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.kernel.books import Book
    from xiaobao.kernel.columns import Int
    from xiaobao.violations.terms import ClassTerms


def step(before: Tallies, today: Today, terms: ClassTerms, rungs: Sequence[StepTerms]) -> Stepped:
    """One day of each tally: what is added, which rung that reaches, what expires tonight.

    Rungs are judged before anything expires: what is decided on 31 December still counts. The
    highest rung newly reached begins its penalty; penalty money without one is a penalty too.
    """
    reached = before.points + today.points
    strikes = before.strikes + today.strikes
    rung = np.zeros(len(before), np.int64) + MONEY_RUNG
    forced = np.zeros(len(before), np.bool_)
    for number, terms_of_rung in enumerate(rungs, 1):
        was = times_reached(before.points, before.strikes, terms_of_rung)
        is_new = times_reached(reached, strikes, terms_of_rung) > was
        rung = np.where(is_new, number, rung)
        forced |= is_new & terms_of_rung.is_forced_out
    # Where the year's end clears points none expires by itself: it would be taken away twice.
    left = np.maximum(reached - np.where(terms.is_cleared_yearly, 0, today.expiring), 0)
    return Stepped(
        reached=reached,
        points=np.where(today.is_year_end, carried(left, terms), left),
        strikes=strikes,
        rung=rung,
        begins=(rung > MONEY_RUNG) | (today.penalty_minor > 0),
        is_forced_out=forced,
    )


def times_reached(points: Int, strikes: Int, rung: StepTerms) -> Int:
    """How often a rung stands reached: once, and again at every so many points more."""
    more = np.where(
        rung.again_points > 0,
        (points - rung.at_points) // np.maximum(rung.again_points, 1),
        0,
    )
    by_points = np.where((rung.at_points > 0) & (points >= rung.at_points), 1 + more, 0)
    by_strikes = (rung.at_strikes > 0) & (strikes >= rung.at_strikes)
    return np.maximum(by_points, by_strikes.astype(np.int64))


def carried(points: Int, terms: ClassTerms) -> Int:
    """What the year's end leaves."""
    keeps_all = (terms.never_cleared_points > 0) & (points >= terms.never_cleared_points)
    keeps_some = (terms.kept_from_points > 0) & (points >= terms.kept_from_points)
    kept = np.where(keeps_some, np.minimum(terms.kept_points, points), 0)
    return np.where(~terms.is_cleared_yearly | keeps_all, points, kept)


def rungs_of(book: Book[StepTerms], points_class: Int, moments_us: Int) -> list[StepTerms]:
    """The rungs of each class in force then, the lowest first; one that is not there is nil."""
    return [
        _or_nil(book, points_class * 10 + number, moments_us) for number in range(1, RUNGS + 1)
    ]


def _or_nil(book: Book[StepTerms], key: Int, moments_us: Int) -> StepTerms:
    """A rung that the pack does not have is never reached."""
    place, found = book.positions(moments_us, key)
    return StepTerms(
        **{
            name: np.where(found, np.append(column, np.zeros(1, column.dtype))[place], 0).astype(
                column.dtype
            )
            for name, column in book.rows.as_dict().items()
        }
    )
