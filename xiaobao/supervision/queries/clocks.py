"""The platform's own clocks, all kinds: how many were met, by month, and how long it took."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances import queries as advances
from xiaobao.claims import queries as claims
from xiaobao.exits import queries as exits
from xiaobao.kernel.clocks import zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind
from xiaobao.promises.rules.clocks import calendar_of, due_of
from xiaobao.promises.terms import ClockTerms
from xiaobao.supervision import rules
from xiaobao.violations import queries as violations

if TYPE_CHECKING:
    from xiaobao.kernel.spans import Spans
    from xiaobao.supervision.facts import ClockRow


def platform_clocks(
    since_us: int, until_us: int, *, market_id: int, as_of_us: int | None = None,
    is_by_month: bool = True,
) -> list[ClockRow]:  # fmt: skip
    """Clocks of the platform that began in `[since, until)` in one market, as of `until` or later.

    By the month they began in, or all of a kind as one row.
    """
    market = promises.market_of(market_id)
    between = since_us, until_us
    spans = {
        ClockKind.RULING: claims.ruling_spans(*between, is_appeal=False),
        ClockKind.APPEAL: claims.ruling_spans(*between, is_appeal=True),
        ClockKind.RULING_EXECUTION: advances.payout_spans(*between),
        ClockKind.VIOLATION_DECISION: violations.decision_spans(*between),
        ClockKind.PENALTY_PUBLICATION: violations.publication_spans(*between),
        ClockKind.EXIT_REVIEW: exits.review_spans(*between),
        ClockKind.EXIT_PAYOUT: exits.refund_spans(*between),
        ClockKind.CONSULT_ANSWER: exits.consult_spans(*between),
    }
    rows = []
    for clock, found in spans.items():
        here = found.take(found.market_id == market_id)
        if clock in (ClockKind.RULING_EXECUTION, ClockKind.CONSULT_ANSWER):
            here = _due_by_pack(here, clock, market_id)
        rows += rules.clock_rows(
            clock, here, at_us=until_us if as_of_us is None else as_of_us,
            zone=zone_of(market.zone), is_by_month=is_by_month,
        )  # fmt: skip
    return rows


def _due_by_pack(spans: Spans, clock: ClockKind, market_id: int) -> Spans:
    """When the pack of that moment lets each run out; without end where it set no such clock."""
    market = promises.market_of(market_id)
    book = promises.book_of(ClockTerms, market_id)
    keys = np.full(len(spans), clock.value, np.int64)
    place, is_set = book.positions(spans.since_us, keys)
    due = np.full(len(spans), FAR_US)
    due[is_set] = due_of(
        spans.since_us[is_set], book.rows.take(place[is_set]), zone=zone_of(market.zone),
        calendar=calendar_of(market.zone),
    )  # fmt: skip
    return replace(spans, due_us=due)
