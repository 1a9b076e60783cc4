"""Counting again after a violation was revoked: as if it had never been recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import us_of, zone_of
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.violations import queries, rules, store
from xiaobao.violations.acts import penalties, reading
from xiaobao.violations.facts import ForcedExitState, PenaltyEvent, PenaltyState

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.kernel.columns import Int
    from xiaobao.violations.facts import TalliesHeld
    from xiaobao.violations.rules import Nights, Penalties


def count_again(seller_id: int, points_class: int, *, at: datetime) -> None:
    """Fold the class's whole history anew, without what was revoked, and make it so.

    Penalties that it no longer brings are revoked and the correction published; those it brings
    on another night begin as of then and never end later than what they replace.
    """
    one = np.array([seller_id], np.int64)
    held = _tally(one, points_class)
    market_id = int(held.market_id[0])
    zone = zone_of(promises.market_of(market_id).zone)
    counted = queries.counted_of(one)
    counted = counted.take(counted.points_class == points_class)

    tallies, nights = rules.fold(
        counted, int(held.day[0]), zone=zone, classes=reading.class_book(market_id),
        rungs=reading.step_book(market_id),
    )  # fmt: skip

    points = tallies.points if len(tallies) else np.zeros(1, np.int64)
    strikes = tallies.strikes if len(tallies) else np.zeros(1, np.int64)
    store.tallies.put(replace(held, points=points, strikes=strikes))
    number = store.tallies.last_number(seller_id, points_class) + 1
    at_us = us_of(at)
    store.tallies.add_nights(nights, number=number, at_us=np.full(len(nights), at_us))
    _follow(seller_id, points_class, nights.take(nights.begins), market_id, at)


def _tally(seller: Int, points_class: int) -> TalliesHeld:
    held = store.tallies.hold(seller, sellers.markets_of(seller))
    return held.take(held.points_class == points_class)


def _follow(
    seller_id: int, points_class: int, begins: Nights, market_id: int, at: datetime
) -> None:
    """Penalties as the new count has them."""
    at_us = us_of(at)
    stand = store.penalties.hold_of(seller_id, points_class)
    wanted = {
        (day, step): row
        for row, (day, step) in enumerate(
            zip(begins.day.tolist(), (begins.points_class * 10 + begins.rung).tolist(),
                strict=True)
        )
    }  # fmt: skip
    names = list(zip(stand.day.tolist(), stand.step.tolist(), strict=True))
    stays = np.array([name in wanted for name in names], np.bool_)
    _correct(stand.take(stays), begins, wanted)
    gone = stand.take(~stays)
    _revoke(gone, at)
    missing = np.array([row for name, row in wanted.items() if name not in names], np.int64)
    _begin_instead(begins.take(missing), gone, market_id, at_us)
    penalties.lift(np.array([seller_id]), np.array([at_us]))


def _correct(stand: Penalties, begins: Nights, wanted: dict[tuple[int, int], int]) -> None:
    """What stays says what it rests on now."""
    if len(stand) == 0:
        return
    rows = np.array(
        [wanted[name] for name in zip(stand.day.tolist(), stand.step.tolist(), strict=True)]
    )
    store.penalties.change(
        replace(
            stand, points=begins.reached[rows], strikes=begins.strikes[rows],
            penalty_minor=begins.penalty_minor[rows],
        )
    )  # fmt: skip


def _revoke(gone: Penalties, at: datetime) -> None:
    """End what is not owed, in the register too: as a correction, as long as it stood there."""
    if len(gone) == 0:
        return
    now = np.full(len(gone), us_of(at), np.int64)
    revoked = replace(
        gone,
        state=np.full(len(gone), PenaltyState.REVOKED.value),
        ends_us=np.maximum(np.minimum(gone.ends_us, now), gone.begins_us),
        corrected_us=now,
        shown_until_us=rules.shown_until(gone.published_us, now),
    )
    store.penalties.change(revoked)
    store.penalties.end_forced_exits(
        gone.seller_id, gone.day, gone.step, ForcedExitState.REVOKED, at=at
    )
    penalties.tell_of(revoked, PenaltyEvent.REVOKED, now)


def _begin_instead(begins: Nights, gone: Penalties, market_id: int, at_us: int) -> None:
    """What the new count brings on another night, or on a lower rung, in place of what went."""
    if len(begins) == 0:
        return
    zone = zone_of(promises.market_of(market_id).zone)
    moments = np.array([rules.last_of(day, zone) for day in begins.day.tolist()], np.int64)
    ladder = rules.rungs_of(reading.step_book(market_id), begins.points_class, moments)
    made = penalties.made_of(begins, ladder, market_id=market_id, at_us=at_us)
    most = int(gone.ends_us.max(initial=0))
    ends = rules.not_longer(made.ends_us, most)
    runs = (ends > at_us) & (ends > made.begins_us)
    made = replace(made, ends_us=ends, shown_until_us=ends).take(runs)
    store.penalties.add(made)
    penalties.tell_of(made, PenaltyEvent.BEGUN, np.full(len(made), at_us, np.int64))
    penalties.restrict(made, at_us)
    penalties.force_out(begins.take(runs), made, market_id=market_id, at_us=at_us)
