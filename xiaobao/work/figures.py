"""Figures over all of history: reckoned beside the clocks, kept with their moment, shown with it.

What they sum grows for ever, and what a page asks for may not. Where nobody reckons them here, or
not lately, they are reckoned for whoever asks.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable  # noqa: TC003  a row's own type
from dataclasses import astuple, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from xiaobao.advances import queries as advances
from xiaobao.advances.facts import PayoutState, PayoutTotals, SplitTotals
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.kernel.clocks import us_of
from xiaobao.lab.gauging import gauged
from xiaobao.outbox import queries as outbox
from xiaobao.outbox.facts import DeliveryState
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind
from xiaobao.supervision import queries as supervision
from xiaobao.supervision.facts import ClockRow, PairRow, PairSign
from xiaobao.trust import queries as trust
from xiaobao.trust.facts import REPORT_FORMAT
from xiaobao.work.pairing import PairsFound
from xiaobao.work.pairing import pairs_found as pairs_found_now

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market
    from xiaobao.trust.facts import Quarter

GAUGE_DAYS = (30, 90, 365)
CLOCK_DAYS = (90, 365)
# Shown as it was kept up to so long ago: an outage of the clocks is seen, and hides nothing.
YOUNG = timedelta(hours=1)
# A figure is reckoned again after a hundred times as long as it took (a hundredth of a core), and
# before it is too old to be shown, however long it takes.
TIMES, SOONEST = 100, timedelta(seconds=20)
# One that could not be reckoned is tried again so much later.
AGAIN = timedelta(minutes=5)
_LONGEST = 500
_US = timedelta(microseconds=1)


class Figure(NamedTuple):
    """One of them, under its name; its body is as JSON has it."""

    name: str
    reckon: Callable[[datetime], Any]


class Failing(NamedTuple):
    """One that could not be reckoned, and what it said."""

    name: str
    since_at: datetime
    failed_at: datetime
    said: str


class Shown(NamedTuple):
    """What a page shows; the moment it was kept at, None where it was reckoned just now."""

    told: Any
    as_of: datetime | None


def payout_totals(at: datetime) -> Shown:
    """As `advances.queries.payout_totals`."""
    rows, as_of = _shown(_PAYOUTS, at)
    return Shown(
        [PayoutTotals(market, PayoutState(state), *sums) for market, state, *sums in rows], as_of
    )


def split_totals(at: datetime) -> Shown:
    """As `advances.queries.split_totals`."""
    rows, as_of = _shown(_SPLITS, at)
    return Shown([SplitTotals(*row) for row in rows], as_of)


def delivery_counts(at: datetime) -> Shown:
    """As `outbox.queries.delivery_counts`."""
    rows, as_of = _shown(_DELIVERIES, at)
    return Shown({(one, DeliveryState(state)): count for one, state, count in rows}, as_of)


def platform_clocks(
    market: Market, days: int, *, at: datetime, is_fresh: bool = False
) -> Shown:  # fmt: skip
    """As `supervision.queries.platform_clocks`, over so many days up to now.

    Over `CLOCK_DAYS` it is kept; where it is to be fresh, none that was kept is shown.
    """
    rows, as_of = _shown(_clocks(market, days), at, is_fresh=is_fresh)
    return Shown([ClockRow(month, ClockKind(clock), *rest) for month, clock, *rest in rows], as_of)


def gauge(
    market: Market, days: int, *, at: datetime, seller_id: int | None = None,
    is_fresh: bool = False,
) -> Shown:  # fmt: skip
    """As `lab.gauging.gauged`; of a market as a whole, over `GAUGE_DAYS`, it is kept."""
    if seller_id is not None:
        return Shown(_gauged(market, days, at, seller_id), None)
    return _shown(_gauge(market, days), at, is_fresh=is_fresh)


def pairs_found(market: Market, *, at: datetime, is_fresh: bool = False) -> Shown:
    """As `pairing.pairs_found`."""
    (total, rows), as_of = _shown(_pairs(market), at, is_fresh=is_fresh)
    pairs = [
        PairRow(seller_id, claim, made, conceded, sharing, paid, fund, PairSign(signs))
        for seller_id, claim, made, conceded, sharing, paid, fund, signs in rows
    ]
    return Shown(PairsFound(total, pairs), as_of)


def running_report(market: Market, quarter: Quarter) -> Shown | None:
    """The report of a quarter that is not published, as it was last reckoned beside the clocks.

    Everybody may ask for it, so it is reckoned for nobody who asks: none where it was not yet.
    """
    rows = fetch_rows(
        "SELECT body, reckoned_at FROM work_figure WHERE name = %s",
        [_report(market, quarter).name],
    )
    return Shown(*rows[0]) if rows else None


def reckon_due(at: datetime) -> int:
    """Reckon what was not yet, or not lately; return how many were.

    One that raises is written down with what it said, and stands in no other's way.
    """
    kept = {
        name: (reckoned_at, took_us)
        for name, reckoned_at, took_us in fetch_rows(
            "SELECT name, reckoned_at, took_us FROM work_figure"
        )
    }
    failing = {one.name: one for one in failing_figures()}
    reckoned = 0
    for one in _every(at):
        if not _is_due(kept.get(one.name), at) or _failed_lately(failing.get(one.name), at):
            continue
        begun = time.perf_counter()
        try:
            body = json.dumps(one.reckon(at))
        except Exception as trouble:  # noqa: BLE001  whatever it is, the others are reckoned
            _note_failure(one.name, trouble, at)
            continue
        _keep(one.name, body, int((time.perf_counter() - begun) * 1_000_000), at)
        if one.name in failing:
            execute("DELETE FROM work_figure_failure WHERE name = %s", [one.name])
        reckoned += 1
    return reckoned


def failing_figures() -> list[Failing]:
    """Figures that could not be reckoned the last time, by name."""
    rows = fetch_rows(
        "SELECT name, since_at, failed_at, said FROM work_figure_failure ORDER BY name"
    )
    return [Failing(*row) for row in rows]


def _keep(name: str, body: str, took_us: int, at: datetime) -> None:
    execute(
        "INSERT INTO work_figure (name, reckoned_at, took_us, body) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (name) DO UPDATE SET reckoned_at = excluded.reckoned_at, "
        "took_us = excluded.took_us, body = excluded.body",
        [name, at, took_us, body],
    )


def _note_failure(name: str, trouble: Exception, at: datetime) -> None:
    said = f"{type(trouble).__name__}: {' '.join(str(trouble).split())}"[:_LONGEST]
    execute(
        "INSERT INTO work_figure_failure (name, since_at, failed_at, said) "
        "VALUES (%s, %s, %s, %s) ON CONFLICT (name) DO UPDATE SET "
        "failed_at = excluded.failed_at, said = excluded.said",
        [name, at, at, said],
    )


def _failed_lately(failing: Failing | None, at: datetime) -> bool:
    """What raised is tried again in a while: it may take as long as what succeeds."""
    return failing is not None and failing.failed_at <= at < failing.failed_at + AGAIN


def _is_due(kept: tuple[datetime, int] | None, at: datetime) -> bool:
    if kept is None:
        return True
    reckoned_at, took_us = kept
    wait = min(YOUNG / 2, max(SOONEST, TIMES * took_us * _US))
    return not reckoned_at <= at < reckoned_at + wait


def _shown(one: Figure, at: datetime, *, is_fresh: bool = False) -> Shown:
    if is_fresh:
        return Shown(one.reckon(at), None)
    rows = fetch_rows(
        "SELECT body, reckoned_at FROM work_figure WHERE name = %s AND reckoned_at > %s "
        "AND reckoned_at <= %s",
        [one.name, at - YOUNG, at],
    )
    return Shown(*rows[0]) if rows else Shown(one.reckon(at), None)


def _every(at: datetime) -> list[Figure]:
    return [
        _PAYOUTS, _SPLITS, _DELIVERIES,
        *(_clocks(market, days) for market in promises.markets() for days in CLOCK_DAYS),
        *(_gauge(market, days) for market in promises.markets() for days in GAUGE_DAYS),
        *(_pairs(market) for market in promises.markets()),
        *(_report(market, quarter) for market in promises.markets()
          for quarter in trust.quarters_running(market, at=at)),
    ]  # fmt: skip


def _named(of: str, row: type[Any]) -> str:
    """Another release whose rows have other columns reads none of what was kept before it."""
    return f"{of} {' '.join(one.name for one in fields(row))}"


_PAYOUTS = Figure(
    _named("payouts", PayoutTotals), lambda _: [astuple(one) for one in advances.payout_totals()]
)
_SPLITS = Figure(
    _named("splits", SplitTotals), lambda _: [astuple(one) for one in advances.split_totals()]
)
_DELIVERIES = Figure(
    "deliveries",
    lambda _: [(*key, count) for key, count in outbox.delivery_counts().items()],
)


def _clocks(market: Market, days: int) -> Figure:
    return Figure(
        _named(f"clocks {market.name} {days}", ClockRow),
        lambda at: [
            astuple(one)
            for one in supervision.platform_clocks(
                us_of(at - timedelta(days=days)), us_of(at), market_id=market.market_id
            )
        ],
    )


def _pairs(market: Market) -> Figure:
    def reckon(at: datetime) -> Any:
        found = pairs_found_now(market, at=at)
        return found.total, [astuple(one) for one in found.rows]

    return Figure(_named(f"pairs {market.name}", PairRow), reckon)


def _report(market: Market, quarter: Quarter) -> Figure:
    return Figure(
        f"{REPORT_FORMAT} {market.name} {quarter}",
        lambda at: trust.reckoned(market, quarter, at=at),
    )


def _gauge(market: Market, days: int) -> Figure:
    return Figure(f"gauge {market.name} {days}", lambda at: _gauged(market, days, at))


def _gauged(market: Market, days: int, at: datetime, seller_id: int | None = None) -> Any:
    """As `lab.gauging.gauged`, of what JSON can hold."""
    found = gauged(market.name, days=days, at_us=us_of(at), seller_id=seller_id)
    samples = found["samples"]
    return found | {"samples": {"broken": samples.broken, "known": samples.known}}
