"""Weeks as counted: shops by rate, signals that stand, one shop's chart, a count's beginning."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database import sets
from xiaobao.database.lists import Order, Part, straight
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.money import WHOLE_BPS
from xiaobao.supervision.facts import (
    DAYS,
    ChartPoint,
    Finding,
    InspectionState,
    Outcome,
    RankRow,
    Signal,
    Watched,
)
from xiaobao.supervision.queries.terms_of import watch_terms
from xiaobao.supervision.rules.judging import History

if TYPE_CHECKING:
    from xiaobao.database.lists import Place
    from xiaobao.kernel.columns import Int
    from xiaobao.orders.facts import OrdersBroken
    from xiaobao.supervision.terms import WatchTerms

_ROW = (
    "seller_id, watched, span_orders, span_broken, sampled, sample_broken, rate_bps, least_bps, "
    "most_bps, market_bps, funnel_bps, signals, since_week"
)


def next_due_us() -> int | None:
    """When the next week is to be counted; None before any order."""
    ((due,),) = sets.fetch_rows("SELECT min(due_at) FROM supervision_look")
    return None if due is None else us_of(due)


def markets_awaited() -> set[int]:
    """Markets of which a week is to be counted some time."""
    return {row[0] for row in sets.fetch_rows("SELECT market_id FROM supervision_look")}


def last_week(market_id: int) -> int | None:
    """The Monday of the last week counted, in days since 1970; None before the first."""
    ((week,),) = sets.fetch_rows(
        "SELECT max(week) FROM supervision_week WHERE market_id = %s", [market_id]
    )
    return None if week is None else int(week)


def signal_counts(
    market_id: int, since_day: int, until_day: int
) -> dict[tuple[Watched, Signal], int]:  # fmt: skip
    """How many weeks of shops, begun on these days, raised each signal, by what was watched."""
    rows = sets.fetch_rows(
        "SELECT watched, signals, count(*) FROM supervision_week WHERE market_id = %s "
        "AND week >= %s AND week < %s AND signals > 0 GROUP BY 1, 2 ORDER BY 1, 2",
        [market_id, since_day, until_day],
    )
    counts: dict[tuple[Watched, Signal], int] = {}
    for watched, signals, count in rows:
        for one in Signal:
            if one & signals:
                key = Watched(watched), one
                counts[key] = counts.get(key, 0) + count
    return counts


BY_RATE: Order[RankRow] = Order(
    (Part("least_bps", is_descending=True), Part("seller_id")),
    lambda row: (row.least_bps, row.seller_id),
)


def shops_ranked(
    market_id: int, watched: Watched, *, place: Place | None = None, limit: int = 50
) -> list[RankRow]:
    """Shops as the last week counted left them, whose rate is surely highest first."""
    rows = sets.fetch_rows(
        f"SELECT {_ROW} FROM supervision_week WHERE market_id = %(market)s AND week = %(week)s "
        f"AND watched = %(watched)s{BY_RATE.after(place)}{BY_RATE.by(place)} LIMIT %(limit)s",
        {
            "market": market_id, "week": last_week(market_id), "watched": int(watched),
            "limit": limit, **BY_RATE.params(place),
        },
    )  # fmt: skip
    return straight([_rank_row(row) for row in rows], place)


BY_SIGNAL: Order[RankRow] = Order(
    (
        Part("since_week", is_descending=True), Part("least_bps", is_descending=True),
        Part("seller_id"), Part("watched"),
    ),
    lambda row: (row.since_week, row.least_bps, row.seller_id, row.watched),
)  # fmt: skip


def signals_standing(
    market_id: int, *, place: Place | None = None, limit: int = 200
) -> list[RankRow]:
    """What left its limits by the last week counted, the newest first."""
    rows = sets.fetch_rows(
        f"SELECT {_ROW} FROM supervision_week WHERE market_id = %(market)s AND week = %(week)s "
        f"AND signals > 0{BY_SIGNAL.after(place)}{BY_SIGNAL.by(place)} LIMIT %(limit)s",
        {
            "market": market_id, "week": last_week(market_id), "limit": limit,
            **BY_SIGNAL.params(place),
        },
    )  # fmt: skip
    return straight([_rank_row(row) for row in rows], place)


def standing_of(seller_id: int, market_id: int) -> list[RankRow]:
    """One shop by the last week counted, each thing watched."""
    rows = sets.fetch_rows(
        f"SELECT {_ROW} FROM supervision_week WHERE seller_id = %s AND week = %s ORDER BY watched",
        [seller_id, last_week(market_id)],
    )
    return [_rank_row(row) for row in rows]


def _rank_row(row: tuple[Any, ...]) -> RankRow:
    plain = RankRow(*row)
    return replace(plain, watched=Watched(plain.watched), signals=Signal(plain.signals))


def chart_of(seller_id: int, watched: Watched) -> list[ChartPoint]:
    """The weeks of a shop's chart, the earliest first; weeks without a break of it count as such.

    Each has the limits that it was judged by. Of a thing nothing of which broke for a whole span
    there was no judgement: such a week stands between its neighbours without limits.
    """
    terms = watch_terms()
    rows = sets.fetch_rows(
        "SELECT a.week, a.orders, coalesce(w.broken, 0), w.centre_bps, w.low_bps, w.high_bps, "
        "coalesce(w.signals, 0) FROM (SELECT week, orders FROM supervision_week "
        "WHERE seller_id = %(seller)s AND watched = 0 ORDER BY week DESC LIMIT %(limit)s) AS a "
        "LEFT JOIN supervision_week w ON w.seller_id = %(seller)s AND w.watched = %(watched)s "
        "AND w.week = a.week ORDER BY a.week",
        {"seller": seller_id, "watched": int(watched), "limit": 2 * terms.chart_weeks},
    )
    points, earlier = [], 0
    for week, orders, broken, centre, low, high, signals in rows:
        points.append(
            ChartPoint(
                week, orders, broken, broken * WHOLE_BPS // max(orders, 1), centre or 0, low or 0,
                high or 0, is_limited=centre is not None and earlier >= terms.baseline_weeks,
                signals=Signal(signals),
            )
        )  # fmt: skip
        earlier += orders > 0
    # Those before them say which had enough weeks behind them for limits.
    return points[-terms.chart_weeks :]


# -- what a count starts from --------------------------------------------------------------------


def history_for(market_id: int, week: int, latest: OrdersBroken) -> History:
    """A market's shops up to a week, whose own counts are given; earlier ones as they stand."""
    since_day = week - DAYS * (watch_terms().rate_weeks - 1)
    columns = (latest.broken, latest.shipping, latest.tracking, latest.refund, latest.claimed)
    return history_of(
        market_id, week, orders=(latest.seller_id, latest.orders),
        broken={
            one: (latest.seller_id, column) for one, column in zip(Watched, columns, strict=True)
        },
        samples={one: _samples(market_id, one, since_day, week) for one in Watched},
        terms=watch_terms(),
    )  # fmt: skip


def history_of(
    market_id: int,
    week: int,
    *,
    orders: tuple[Int, Int],
    broken: dict[Watched, tuple[Int, Int]],
    samples: dict[Watched, tuple[Int, Int, Int]],
    terms: WatchTerms,
) -> History:
    """A market's shops up to a week; of that week counts and samples by sellers, as given."""
    weeks = terms.chart_weeks
    first = week - DAYS * (weeks - 1)
    before = sets.fetch_arrays(
        "SELECT seller_id, watched, week, orders, broken, CASE WHEN week = %s THEN since_week "
        "ELSE 0 END FROM supervision_week WHERE market_id = %s AND week >= %s AND week < %s",
        [week - DAYS, market_id, first, week],
        {
            "seller_id": "i8", "watched": "i2", "week": "i4", "orders": "i4", "broken": "i4",
            "since_week": "i4",
        },
    )  # fmt: skip
    sellers = np.union1d(before["seller_id"], orders[0])
    row = np.searchsorted(sellers, before["seller_id"])
    column = (before["week"].astype(np.int64) - first) // DAYS
    placed = _matrix(len(sellers), weeks)
    is_any = before["watched"] == Watched.ANY
    placed[row[is_any], column[is_any]] = before["orders"][is_any]
    placed[np.searchsorted(sellers, orders[0]), -1] = orders[1]
    broke, since, sampled, found = {}, {}, {}, {}
    for watched in Watched:
        mine = before["watched"] == watched
        broke[watched] = _matrix(len(sellers), weeks)
        broke[watched][row[mine], column[mine]] = before["broken"][mine]
        those, counts = broken[watched]
        broke[watched][np.searchsorted(sellers, those), -1] = counts
        since[watched] = np.zeros(len(sellers), np.int64)
        np.maximum.at(since[watched], row[mine], before["since_week"][mine].astype(np.int64))
        sampled[watched], found[watched] = _by_seller(sellers, *samples[watched])
    return History(sellers, placed, broke, sampled, found, since)


def _matrix(rows: int, columns: int) -> Int:
    return np.zeros((rows, columns), np.int64)


def _samples(market_id: int, watched: Watched, since_day: int, week: int) -> tuple[Int, Int, Int]:
    """What inspections found in samples looked at whole, drawn while these weeks were counted.

    An order that several drew counts once, as broken if any found it so: two inspections in one
    week draw the same orders, and looking twice makes nothing surer.
    """
    found = sets.fetch_arrays(
        "SELECT seller_id, count(*), count(*) FILTER (WHERE is_broken) FROM ("
        "SELECT f.seller_id, f.order_id, bool_or(f.finding = %s) AS is_broken "
        "FROM supervision_inspection i JOIN supervision_finding f USING (seller_id, number) "
        "WHERE i.market_id = %s AND i.watched = %s AND i.state = %s AND i.outcome <> %s "
        "AND i.week >= %s AND i.week < %s GROUP BY f.seller_id, f.order_id"
        ") AS each GROUP BY seller_id ORDER BY seller_id",
        [
            int(Finding.BROKEN), market_id, int(watched), int(InspectionState.CLOSED),
            int(Outcome.CALLED_OFF), since_day, week,
        ],
        {"seller_id": "i8", "sampled": "i8", "broken": "i8"},
    )  # fmt: skip
    return found["seller_id"], found["sampled"], found["broken"]


def _by_seller(sellers: Int, those: Int, *columns: Int) -> tuple[Int, ...]:
    """Columns of some sellers, laid out for these; 0 for whom there is none."""
    place = np.searchsorted(sellers, those)
    known = place < len(sellers)
    known[known] = sellers[place[known]] == those[known]
    out = []
    for column in columns:
        laid = np.zeros(len(sellers), np.int64)
        laid[place[known]] = column[known]
        out.append(laid)
    return tuple(out)


def span_of(week: int) -> tuple[int, int]:
    """First day, and the day after the last, of the weeks that a rate is estimated from."""
    return week - DAYS * (watch_terms().rate_weeks - 1), week + DAYS
