"""The course of one exit within one act: it moves by the lifecycle, and every step is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.exits import store
from xiaobao.exits.acts.problems import ExitMoveImpossible, NoExitUnderWay
from xiaobao.exits.facts import EVENT_WORDS, STATE_WORDS, CauseKind, ExitEvent, Exits, ExitState
from xiaobao.exits.queries.pages import exit_under_way
from xiaobao.exits.rules import lifecycle
from xiaobao.kernel.clocks import moment_of, zone_of
from xiaobao.kernel.references import cause_of
from xiaobao.outbox.acts import tell
from xiaobao.outbox.facts import EventKind
from xiaobao.promises import queries as promises
from xiaobao.promises.rules.clocks import calendar_of, due_of
from xiaobao.promises.terms import ClockTerms

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import ClockKind

_E = ExitEvent
_TOLD = {
    _E.SUBMITTED: EventKind.EXIT_SUBMITTED,
    _E.OFFERS_MADE: EventKind.EXIT_RELIEF_OFFERED,
    _E.REVIEW_BEGUN: EventKind.EXIT_UNDER_REVIEW,
    _E.REVIEW_LATE: EventKind.EXIT_OVERDUE,
    _E.APPROVED: EventKind.EXIT_APPROVED,
    _E.REFUSED: EventKind.EXIT_REFUSED,
    _E.CANCELLED: EventKind.EXIT_CANCELLED,
    _E.PAYING_BEGUN: EventKind.EXIT_PAYING,
    _E.PAYMENT_CONFIRMED: EventKind.EXIT_PAYMENT_CONFIRMED,
    _E.PAYMENT_FAILED: EventKind.EXIT_PAYMENT_FAILED,
    _E.PAID: EventKind.EXIT_ENDED,
    _E.FORCED: EventKind.EXIT_FORCED,
    _E.CAME_BACK: EventKind.EXIT_PAYING,
}


class Course:
    """One exit held by one act, until it is written with `keep`."""

    def __init__(self, one: Exits, at_us: int) -> None:
        self.one = one
        self.at_us = at_us

    @classmethod
    def under_way(cls, seller_id: int, at_us: int) -> Course:
        """The exit this seller has under way, held.

        :raises NoExitUnderWay: if there is none
        """
        store.hold_desk(seller_id)
        one = exit_under_way(seller_id)
        if len(one) == 0:
            raise NoExitUnderWay(seller_id=seller_id)
        return cls(one, at_us)

    def __getitem__(self, name: str) -> int:
        return int(getattr(self.one, name)[0])

    @property
    def seller_id(self) -> int:
        return self["seller_id"]

    @property
    def state(self) -> ExitState:
        return ExitState(self["state"])

    @property
    def at(self) -> datetime:
        return moment_of(self.at_us)

    def put(self, **changes: int) -> None:
        columns = {name: np.array([value], np.int64) for name, value in changes.items()}
        self.one = replace(self.one, **columns)

    def happens(
        self, event: ExitEvent, *, by: str = "", amount_minor: int = 0, words: str = ""
    ) -> None:
        """:raises ExitMoveImpossible: where it cannot happen"""
        after = lifecycle.after(self["state"] if self["seq"] else lifecycle.NOWHERE, event)
        if after is None:
            state = STATE_WORDS[self.state]
            raise ExitMoveImpossible(
                number=self["number"], state_zh=state[0], state_en=state[1],
                event_zh=EVENT_WORDS[event][0], event_en=EVENT_WORDS[event][1],
            )  # fmt: skip
        self.put(state=after, seq=self["seq"] + 1)
        store.add_event(
            self.one, event, by=by, amount_minor=amount_minor, at_us=self.at_us, words=words
        )
        if event in _TOLD:
            self._tell(_TOLD[event], amount_minor)

    def _tell(self, kind: EventKind, amount_minor: int) -> None:
        hi, lo = cause_of(CauseKind.EVENT, self.at_us, self.seller_id, self["number"], self["seq"])
        tell(
            kind, self.one.seller_id, np.array([hi]), np.array([lo]), at_us=self.at_us,
            subject_id=self["number"], amount_minor=amount_minor,
        )  # fmt: skip

    def due(self, clock: ClockKind) -> int:
        """When a clock of the pack started now runs out."""
        return clock_due(self["market_id"], clock, self.at_us, self["terms_us"])

    def keep(self) -> None:
        store.change(self.one)


def clock_due(market_id: int, clock: ClockKind, since_us: int, terms_us: int) -> int:
    """When this clock, started then, runs out by the terms of that moment."""
    market = promises.market_of(market_id)
    kinds = np.array([clock.value], np.int64)
    terms = promises.book_of(ClockTerms, market_id).in_force(np.array([terms_us]), kinds)
    zone = zone_of(market.zone)
    due = due_of(np.array([since_us]), terms, zone=zone, calendar=calendar_of(market.zone))
    return int(due[0])
