"""The course of claims within one act: events follow the lifecycle, are written down and told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims import store
from xiaobao.claims.acts.problems import ClaimMoveImpossible
from xiaobao.claims.facts import (
    EVENT_WORDS,
    STATE_WORDS,
    CauseKind,
    ClaimEvent,
    ClaimRow,
    ClaimState,
    Entries,
    Mark,
)
from xiaobao.claims.queries.clocks import clock_due
from xiaobao.claims.rules import clocks_of, lifecycle
from xiaobao.evidence import acts as evidence
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import causes_of
from xiaobao.outbox.acts import tell
from xiaobao.outbox.facts import EventKind
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind

if TYPE_CHECKING:
    from xiaobao.claims.facts import Claims
    from xiaobao.kernel.columns import Int, Mask

_E = ClaimEvent
_TOLD = {
    _E.FILED: EventKind.CLAIM_FILED,
    _E.TALKS_OPENED: EventKind.CLAIM_FILED,
    _E.DENIED: EventKind.CLAIM_ANSWERED,
    _E.ACCEPTED: EventKind.CLAIM_SETTLED,
    _E.OFFERED: EventKind.CLAIM_OFFERED,
    _E.OFFER_ACCEPTED: EventKind.CLAIM_SETTLED,
    _E.EVIDENCE_ADDED: EventKind.CLAIM_EVIDENCE_ADDED,
    _E.BUYER_ASKED: EventKind.CLAIM_EVIDENCE_ASKED,
    _E.SELLER_ASKED: EventKind.CLAIM_EVIDENCE_ASKED,
    _E.BOTH_ASKED: EventKind.CLAIM_EVIDENCE_ASKED,
    _E.REVIEW_BEGUN: EventKind.CLAIM_UNDER_REVIEW,
    _E.PLATFORM_LATE: EventKind.CLAIM_OVERDUE,
    _E.RULED: EventKind.CLAIM_RULED,
    _E.PAID: EventKind.CLAIM_PAID,
    _E.CLOSED: EventKind.CLAIM_CLOSED,
    _E.APPEALED: EventKind.CLAIM_APPEALED,
    _E.REOPENED: EventKind.CLAIM_REOPENED,
    _E.WITHDRAWN: EventKind.CLAIM_WITHDRAWN,
    _E.LAPSED: EventKind.CLAIM_LAPSED,
    _E.SUSPENDED: EventKind.CLAIM_SUSPENDED,
    _E.RESUMED: EventKind.CLAIM_RESUMED,
    _E.RETURN_SHIPPED: EventKind.CLAIM_PAID,
    _E.STOP_ASKED: EventKind.CLAIM_STOP_ASKED,
    _E.STOP_ACCEPTED: EventKind.CLAIM_STOP_ACCEPTED,
    _E.GOODS_OWED: EventKind.CLAIM_GOODS_OWED,
    _E.GOODS_DONE: EventKind.CLAIM_GOODS_DONE,
}
_TOLD_AS = np.zeros(max(_E) + 1, np.int64)
for _event, _kind in _TOLD.items():
    _TOLD_AS[_event] = _kind
# What parties and the platform do; the rest is what clocks do.
_MOVES = frozenset(_E) - {
    _E.BUYER_ASKED, _E.SELLER_ASKED, _E.BOTH_ASKED, _E.CURE_OPENED, _E.TIME_RAN_OUT,
    _E.REVIEW_BEGUN, _E.PLATFORM_LATE, _E.RECOVERY_BEGUN, _E.RETURN_SHIPPED, _E.GOODS_OWED,
}  # fmt: skip


class Course:
    """Claims held by one act, row for row, changed by what happens, until it is recorded.

    `key` names the act, for one claim; without one the causes are those of a clock, named by the
    moment at which it ran out.
    """

    def __init__(
        self, claims: Claims, at_us: Int, *, key: Int | None = None, digest: int = 0
    ) -> None:
        self.claims = claims
        self.at_us = at_us
        self._key = key
        self._digest = digest
        self._entries = np.zeros(len(claims), np.int64)
        self._was_over = lifecycle.is_over(claims.state, claims.marks)
        self._parts: list[Entries] = []
        self._words: list[str] = []
        self._buyers: list[Int] = []

    def happens(
        self,
        event: ClaimEvent,
        where: Mask | None = None,
        *,
        party: Int | int = 0,
        amount_minor: Int | int = 0,
        bits: Int | int = 0,
        due_us: Int | int = FAR_US,
        words: str = "",
    ) -> None:
        """An event of the claims asked for (all, if not said): they move, and it is written down.

        :raises ClaimMoveImpossible: where it cannot happen, naming what can
        """
        claims = self.claims
        rows = np.arange(len(claims)) if where is None else np.flatnonzero(where)
        if len(rows) == 0:
            return
        state = claims.state[rows]
        self._check(rows, state, event)
        moved, before = claims.state.copy(), claims.before.copy()
        moved[rows] = lifecycle.after(state, np.full(len(rows), event), claims.before[rows])
        if event == _E.SUSPENDED:
            before[rows] = state
        seq = claims.seq.copy()
        seq[rows] += 1
        self.claims = claims.put(state=moved, before=before, seq=seq)
        self._write(rows, event, _at(rows, party), _at(rows, amount_minor), _at(rows, bits),
                    _at(rows, due_us), words)  # fmt: skip

    def check(self, event: ClaimEvent) -> None:
        """:raises ClaimMoveImpossible: where this cannot happen to every claim, naming what can"""
        self._check(np.arange(len(self.claims)), self.claims.state, event)

    def _check(self, rows: Int, state: Int, event: ClaimEvent) -> None:
        possible = lifecycle.possible(state, np.full(len(rows), event))
        if event not in lifecycle.RULED_NEXT:
            possible &= ~lifecycle.is_ruled_next(state, self.claims.marks[rows])
        impossible = np.flatnonzero(~possible)
        if len(impossible) == 0:
            return
        row = int(impossible[0])
        one = self.claims.take(rows[row : row + 1])
        raise impossible_move(
            int(one.claim_id[0]), int(state[row]), event, marks=int(one.marks[0])
        )

    def _write(
        self, rows: Int, event: ClaimEvent, party: Int, amount: Int, bits: Int, due_us: Int,
        words: str,
    ) -> None:  # fmt: skip
        held = self.claims.take(rows)
        high, low = self._causes(rows, held)
        first = self._entries[rows] == 0
        self._entries[rows] += 1
        self._parts.append(
            Entries(
                seller_id=held.seller_id, claim_id=held.claim_id, seq=held.seq, cause_hi=high,
                cause_lo=low, digest=np.where(first, self._digest, 0),
                event=np.full(len(rows), event), state=held.state, party=party,
                amount_minor=amount, bits=bits, at_us=self.at_us[rows], due_us=due_us,
            )
        )  # fmt: skip
        self._words += [words] * len(rows)
        self._buyers.append(held.buyer_id)

    def _causes(self, rows: Int, held: Claims) -> tuple[Int, Int]:
        number = self._entries[rows]
        if self._key is not None:
            none = np.zeros(len(rows), np.int64)
            return causes_of(
                CauseKind.ACT, none, held.seller_id, held.claim_id, self._key[rows], number
            )
        return causes_of(
            CauseKind.CLOCK, self.at_us[rows], held.seller_id, held.claim_id, held.seq, number
        )

    # -- marks and clocks ------------------------------------------------------------------------

    def mark(self, mark: Mark, where: Mask | None = None) -> None:
        marked = self.claims.marks | int(mark)
        self.claims = self.claims.put(marks=_where(where, marked, self.claims.marks))

    def unmark(self, mark: Mark, where: Mask | None = None) -> None:
        cleared = self.claims.marks & ~int(mark)
        self.claims = self.claims.put(marks=_where(where, cleared, self.claims.marks))

    def start(self, clock: str, due_us: Int, where: Mask | None = None) -> None:
        """A clock begins now and runs out then."""
        mask = np.ones(len(self.claims), np.bool_) if where is None else where
        self.claims = clocks_of.started(self.claims, clock, mask, self.at_us, due_us)
        if clock == "platform":
            self.unmark(Mark.PLATFORM_LATE, mask)

    def end(self, clock: str, where: Mask | None = None) -> None:
        mask = np.ones(len(self.claims), np.bool_) if where is None else where
        self.claims = clocks_of.ended(self.claims, clock, mask)

    def put(self, **columns: Any) -> None:
        """Columns of the claims as they are from now on."""
        self.claims = self.claims.put(**columns)

    # -- the end ---------------------------------------------------------------------------------

    def filed(self) -> Claims:
        """The claims as they stand, with the moment at which something is next to be done."""
        self.put(due_us=clocks_of.next_due(self.claims))
        return self.claims

    def record(self) -> Claims:
        """Write the claims and their entries."""
        self.filed()
        store.change(self.claims)
        self.record_entries()
        self._keep_cases()
        return self.claims

    def _keep_cases(self) -> None:
        """The evidence of claims that are over is kept for its time; of those that go on, on."""
        is_over = lifecycle.is_over(self.claims.state, self.claims.marks)
        ended = np.flatnonzero(is_over & ~self._was_over)
        zones = {market.market_id: market.zone for market in promises.markets()}
        if len(ended):
            held, at_us = self.claims.take(ended), self.at_us[ended]
            until_us = clock_due(held, ClockKind.RETENTION, at_us).tolist()
            for seller_id, claim_id, market_id, us, until in zip(
                held.seller_id.tolist(),
                held.claim_id.tolist(),
                held.market_id.tolist(),
                at_us.tolist(),
                until_us,
                strict=True,
            ):
                evidence.end_case(
                    seller_id,
                    claim_id,
                    keep_until=moment_of(until),
                    zone=zones[market_id],
                    at=moment_of(us),
                )
        for row in np.flatnonzero(self._was_over & ~is_over).tolist():
            evidence.reopen_case(
                int(self.claims.seller_id[row]),
                int(self.claims.claim_id[row]),
                at=moment_of(self.at_us[row]),
            )

    def record_entries(self) -> None:
        if not self._parts:
            return
        entries = Entries.concat(self._parts)
        store.add_entries(entries, self._words)
        kinds = _TOLD_AS[entries.event]
        here = kinds > 0
        if here.any():
            told = entries.take(here)
            tell(
                kinds[here], told.seller_id, told.cause_hi, told.cause_lo, at_us=told.at_us,
                subject_id=told.claim_id, party_id=np.concatenate(self._buyers)[here],
                amount_minor=told.amount_minor,
            )  # fmt: skip


def _at(rows: Int, value: Int | int) -> Int:
    values = np.asarray(value, np.int64)
    return values[rows] if values.ndim else np.full(len(rows), int(values))


def _where(where: Mask | None, then: Int, otherwise: Int) -> Int:
    return then if where is None else np.where(where, then, otherwise)


def impossible_move(
    claim_id: int, state: int, event: ClaimEvent, *, marks: int = 0
) -> ClaimMoveImpossible:  # fmt: skip
    """The problem that names what is possible now."""
    events = [one for one in lifecycle.events_in(state) if one in _MOVES]
    if lifecycle.is_ruled_next(np.array([state]), np.array([marks]))[0]:
        events = [one for one in events if one in lifecycle.RULED_NEXT]
    possible = [EVENT_WORDS[one] for one in events]
    return ClaimMoveImpossible(
        claim_id=claim_id,
        state_zh=STATE_WORDS[ClaimState(state)].zh,
        state_en=STATE_WORDS[ClaimState(state)].en,
        event_zh=EVENT_WORDS[event].zh,
        event_en=EVENT_WORDS[event].en,
        possible_zh="、".join(one.zh for one in possible) or "无",
        possible_en=", ".join(one.en for one in possible) or "nothing",
    )


def row_of(claims: Claims, *, is_new: bool) -> ClaimRow:
    """The one claim as the act leaves it."""
    return ClaimRow(
        seller_id=int(claims.seller_id[0]),
        claim_id=int(claims.claim_id[0]),
        state=ClaimState(int(claims.state[0])),
        marks=Mark(int(claims.marks[0])),
        exposure_minor=int(claims.exposure_minor[0]),
        locked_minor=int(claims.locked_minor[0]),
        uncovered_minor=int(claims.uncovered_minor[0]),
        paid_minor=int(claims.paid_minor[0]),
        due_us=int(claims.due_us[0]),
        is_new=is_new,
    )
