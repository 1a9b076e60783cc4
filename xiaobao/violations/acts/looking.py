"""Looks for violations: rulings that became final, and breaches of a period that is over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims import queries as claims
from xiaobao.kernel.clocks import days_of, midnight_of, next_midnight, zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import ids_of
from xiaobao.orders import queries as orders
from xiaobao.orders.facts import BreachKind
from xiaobao.promises import queries as promises
from xiaobao.violations import rules, store
from xiaobao.violations.acts.recording import record_violations
from xiaobao.violations.facts import LookReport, Looks, NewViolations, Source
from xiaobao.violations.terms import BreachTerms, RuleTerms, RulingTerms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.kernel.clocks import Zone
    from xiaobao.kernel.columns import Int
    from xiaobao.promises.facts import Market

# Who records what nobody found: the rules themselves.
BY_RULE = "xiaobao"


@transaction.atomic
def expect_looks(at_us: int) -> None:
    """Something may be found from now on: rulings at midnight, breaches after their period.

    How far a market was looked at before stays, so nothing is missed and nothing counts twice.
    """
    rows = [one for m in promises.markets() if (one := _expected(m, at_us)) is not None]
    if rows:
        store.looks.expect(Looks.concat(rows))


def _expected(market: Market, at_us: int) -> Looks | None:
    now = np.array([at_us], np.int64)
    zone = zone_of(market.zone)
    book = promises.book_of(RuleTerms, market.market_id)
    if not book.positions(now, np.zeros(1, np.int64))[1].all():
        return None
    begins, ends = _period(now, book.in_force(now), zone)
    return Looks(
        market_id=np.array([market.market_id], np.int64),
        rulings_until_us=midnight_of(days_of(now, zone), zone),
        rulings_due_us=next_midnight(now, zone), breaches_until_us=begins,
        breaches_due_us=ends,
    )  # fmt: skip


def _period(now: Int, terms: RuleTerms, zone: Zone) -> tuple[Int, Int]:
    """The beginning and the end of the period that a moment lies in."""
    first = rules.period_of(days_of(now, zone), terms.breach_period_days)
    return midnight_of(first, zone), midnight_of(first + terms.breach_period_days, zone)


@transaction.atomic
def look_for_violations(until_us: int) -> LookReport:
    """Look wherever a look is due by then, once per market; call until nothing is looked at.

    What is found is recorded as of the moment at which the look was due.
    """
    held = store.looks.hold_due(until_us)
    report = LookReport()
    for row in range(len(held)):
        look = held.take(np.array([row]))
        market_id = int(look.market_id[0])
        if look.rulings_due_us[0] <= look.breaches_due_us[0]:
            report += _look_at_rulings(market_id, look)
        else:
            report += _look_at_breaches(market_id, look)
    return report


def _look_at_rulings(market_id: int, look: Looks) -> LookReport:
    until_us = int(look.rulings_due_us[0])
    found, names = claims.upheld(market_id, int(look.rulings_until_us[0]), until_us)
    book = promises.book_of(RulingTerms, market_id)
    place, ruled = book.positions(found.closed_us, found.kind)
    rows = np.flatnonzero(ruled)
    upheld = found.take(rows)
    recorded = _record(
        NewViolations(
            seller_id=upheld.seller_id,
            violation_id=ids_of([f"ruling-{names[row]}" for row in rows.tolist()]),
            kind=book.rows.violation[place[rows]], source=np.full(len(rows), Source.RULING.value),
            incident_id=upheld.item_id, subject_id=upheld.claim_id,
            units=np.ones(len(rows), np.int64), is_corrected=np.zeros(len(rows), np.bool_),
            happened_us=upheld.closed_us,
        ),
        [f"ruling-{names[row]}" for row in rows.tolist()], until_us,
    )  # fmt: skip
    next_us = claims.first_ending_us(market_id, until_us)
    zone = zone_of(promises.market_of(market_id).zone)
    due_us = FAR_US if next_us is None else int(next_midnight(np.array([next_us]), zone)[0])
    store.looks.put(
        replace(
            look, rulings_until_us=look.rulings_due_us,
            # A late fact brought this look forward: what ended since was to be looked at already.
            rulings_due_us=np.full(1, due_us),
        )
    )  # fmt: skip
    return LookReport(looked=1, recorded=recorded)


def _look_at_breaches(market_id: int, look: Looks) -> LookReport:
    """The period that is over."""
    until_us = int(look.breaches_due_us[0])
    zone = zone_of(promises.market_of(market_id).zone)
    inside = look.breaches_due_us - 1
    terms_then = promises.book_of(RuleTerms, market_id).in_force(inside)
    # Periods in which nothing was found had no look; a pack may have made periods longer since.
    begins, _ = _period(inside, terms_then, zone)
    since_us = max(int(begins[0]), int(look.breaches_until_us[0]))
    rates = orders.breach_rates(market_id, since_us, until_us)
    last = np.full(len(rates), until_us - 1, np.int64)
    book = promises.book_of(BreachTerms, market_id)
    place, ruled = book.positions(last, rates.kind)
    rates, place = rates.take(ruled), place[ruled]
    terms = book.rows.take(place)
    over = rules.over_threshold(rates, terms)
    rates, terms = rates.take(over), terms.take(over)
    day = int(days_of(np.array([since_us]), zone)[0])
    names = [
        f"{BreachKind(kind).name.lower()}-{np.datetime64(day, 'D')}"
        for kind in rates.kind.tolist()
    ]
    count = len(rates)
    recorded = _record(
        NewViolations(
            seller_id=rates.seller_id, violation_id=ids_of(names), kind=terms.violation,
            source=np.full(count, Source.BREACHES.value),
            incident_id=np.zeros(count, np.int64), subject_id=np.full(count, day, np.int64),
            units=rates.breaches, is_corrected=np.zeros(count, np.bool_),
            happened_us=np.full(count, until_us - 1, np.int64),
        ),
        names, until_us,
    )  # fmt: skip
    due_us = FAR_US
    if (next_us := orders.first_breach_us(market_id, until_us)) is not None:
        later = np.array([next_us])
        due_us = int(
            _period(later, promises.book_of(RuleTerms, market_id).in_force(later), zone)[1][0]
        )
    store.looks.put(
        replace(look, breaches_until_us=look.breaches_due_us, breaches_due_us=np.full(1, due_us))
    )
    return LookReport(looked=1, recorded=recorded)


def _record(new: NewViolations, names: Sequence[str], at_us: int) -> int:
    return record_violations(
        new, names=names, words=[""] * len(new), by=BY_RULE, at_us=at_us, keeps_known=True
    ).recorded
