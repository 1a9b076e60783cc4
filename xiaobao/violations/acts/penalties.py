"""Penalties begin, are published at once, restrict, and end by themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.kernel.clocks import midnight_of, zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import causes_of
from xiaobao.outbox.acts import tell
from xiaobao.outbox.facts import EventKind
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as sellers_now
from xiaobao.sellers.facts import Restriction, Standing
from xiaobao.violations import rules, store
from xiaobao.violations.acts import reading
from xiaobao.violations.facts import (
    CauseKind,
    ForcedExits,
    MoveReport,
    PenaltyEvent,
    PenaltyState,
)
from xiaobao.violations.terms import RuleTerms, StepTerms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.kernel.columns import Int
    from xiaobao.violations.rules import Nights, Penalties

_INSIDE = (Standing.ACTIVE, Standing.RESTRICTED, Standing.EXITING)
_TOLD = {
    PenaltyEvent.BEGUN: EventKind.PENALTY_BEGUN,
    PenaltyEvent.ENDED: EventKind.PENALTY_ENDED,
    PenaltyEvent.REVOKED: EventKind.PENALTY_REVOKED,
}


def begin(
    nights: Nights, ladder: Sequence[StepTerms], *, market_id: int, at_us: int
) -> tuple[int, int]:
    """Begin what these nights brought; return how many penalties and forced exits those were."""
    if len(nights) == 0:
        return 0, 0
    made = made_of(nights, ladder, market_id=market_id, at_us=at_us)
    store.penalties.add(made)
    tell_of(made, PenaltyEvent.BEGUN, np.full(len(made), at_us, np.int64))
    restrict(made, at_us)
    forced = force_out(nights, made, market_id=market_id, at_us=at_us)
    return len(made), forced


def made_of(
    nights: Nights, ladder: Sequence[StepTerms], *, market_id: int, at_us: int
) -> Penalties:
    """The penalties that these nights bring, published the moment they are known."""
    zone = zone_of(promises.market_of(market_id).zone)
    now = np.full(len(nights), at_us, np.int64)
    rule = promises.book_of(RuleTerms, market_id).in_force(now - 1)
    days, version = rule.money_published_days, rule.version
    restricting = np.zeros(len(nights), np.bool_)
    for number, rung in enumerate(ladder, 1):
        here = nights.rung == number
        days, version = np.where(here, rung.days, days), np.where(here, rung.version, version)
        restricting = np.where(here, rung.is_restricting, restricting)
    begins, ends = rules.span(nights.day, days, zone)
    return rules.Penalties(
        seller_id=nights.seller_id, market_id=np.full(len(nights), market_id, np.int64),
        day=nights.day, step=nights.points_class * 10 + nights.rung, points=nights.reached,
        strikes=nights.strikes, penalty_minor=nights.penalty_minor, terms_version=version,
        begins_us=begins, ends_us=ends, published_us=now,
        publish_by_us=reading.clock_due(market_id, ClockKind.PENALTY_PUBLICATION, now),
        corrected_us=np.full(len(nights), FAR_US), shown_until_us=ends,
        state=np.full(len(nights), PenaltyState.RUNNING.value), is_restricting=restricting,
    )  # fmt: skip


def force_out(nights: Nights, made: Penalties, *, market_id: int, at_us: int) -> int:
    """Decide that sellers have to leave, once the time the pack sets is over."""
    out = nights.is_forced_out
    if not out.any():
        return 0
    zone = zone_of(promises.market_of(market_id).zone)
    leaving = nights.take(out)
    now = np.full(len(leaving), at_us, np.int64)
    rule = promises.book_of(RuleTerms, market_id).in_force(now - 1)
    exits = ForcedExits(
        seller_id=leaving.seller_id, market_id=np.full(len(leaving), market_id, np.int64),
        day=leaving.day, step=leaving.points_class * 10 + leaving.rung, points=leaving.reached,
        strikes=leaving.strikes, decided_us=now,
        due_us=np.maximum(
            midnight_of(leaving.day + 1 + rule.forced_exit_wait_days, zone), now
        ),
    )  # fmt: skip
    store.penalties.add_forced_exits(exits, made.terms_version[out])
    cause = causes_of(CauseKind.FORCED_EXIT, now, exits.seller_id, exits.day, exits.step)
    tell(EventKind.SELLER_FORCED_OUT, exits.seller_id, *cause, at_us=now, subject_id=exits.day)
    return len(exits)


def restrict(made: Penalties, at_us: int) -> None:
    """Those whom these penalties restrict, and who are inside the guarantee."""
    ids = np.unique(made.seller_id[made.is_restricting])
    sellers.restrict_sellers(_inside(ids), Restriction.PENALTY, at_us=at_us)


def lift(seller_ids: Int, at_us: Int) -> None:
    """Those of these sellers whom no penalty restricts any more, each at its moment."""
    ids, place = np.unique(seller_ids, return_inverse=True)
    moments = np.zeros(len(ids), np.int64)
    np.maximum.at(moments, place, at_us)
    free = np.isin(ids, _inside(np.setdiff1d(ids, store.penalties.still_restricted(ids))))
    sellers.lift_restriction(ids[free], Restriction.PENALTY, at_us=moments[free])


def _inside(seller_ids: Int) -> Int:
    standing = sellers_now.standing(seller_ids)
    return standing.seller_id[np.isin(standing.state, _INSIDE)]


@transaction.atomic
def end_penalties(until_us: int, limit: int = 4096) -> MoveReport:
    """End the penalties whose time is over by then, each at its own moment."""
    ending = store.penalties.hold_ending(until_us, limit)
    if len(ending) == 0:
        return MoveReport()
    ended = replace(ending, state=np.full(len(ending), PenaltyState.ENDED.value))
    store.penalties.change(ended)
    tell_of(ended, PenaltyEvent.ENDED, ended.ends_us)
    restricted = ended.is_restricting
    lift(ended.seller_id[restricted], ended.ends_us[restricted])
    return MoveReport(looked=len(ended), ended=len(ended))


def tell_of(penalties: Penalties, event: PenaltyEvent, at_us: Int) -> None:
    """Tell the outside what happened to penalties."""
    cause = causes_of(
        CauseKind.PENALTY, at_us, penalties.seller_id, penalties.day, penalties.step,
        np.full(len(penalties), event.value),
    )  # fmt: skip
    tell(
        _TOLD[event], penalties.seller_id, *cause, at_us=at_us, subject_id=penalties.day,
        amount_minor=penalties.penalty_minor,
    )  # fmt: skip
