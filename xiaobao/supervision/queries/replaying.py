"""A week's judgement made again from what is stored with it, beside what stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.replays import compared
from xiaobao.promises import queries as promises
from xiaobao.supervision import rules
from xiaobao.supervision.facts import RULES_VERSION, Watched, Weeks
from xiaobao.supervision.queries.terms_of import judged_by, watch_terms
from xiaobao.supervision.queries.weeks import history_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.kernel.columns import Int
    from xiaobao.kernel.replays import Replayed
    from xiaobao.promises.facts import Market
    from xiaobao.supervision.rules.judging import History
    from xiaobao.supervision.terms import WatchTerms

KIND = "week"
_SMALL = {"watched", "market_id", "signals", "rules_version"}
_STORED = {
    name: "i8" if name == "seller_id" else "i2" if name in _SMALL else "i4"
    for name in (*Weeks.names(), "rules_version")
}


def replayed_weeks() -> Iterator[Replayed]:
    """Every week ever judged, one after another."""
    for market in promises.markets():
        rows = sets.fetch_rows(
            "SELECT DISTINCT week FROM supervision_week WHERE market_id = %s ORDER BY week",
            [market.market_id],
        )
        for (week,) in rows:
            yield _again(market, week)


def replayed_week(market: str, week: int) -> Replayed | None:
    """One week of a market, by its Monday; None where none was judged."""
    found = next((one for one in promises.markets() if one.name == market), None)
    if found is None:
        return None
    made = _again(found, week)
    return made if made.looked else None


def _again(market: Market, week: int) -> Replayed:
    """The rows as they stand, and those that the rules make of the counts that stand with them.

    They are judged by the numbers kept with them; where none were kept yet, by those of today. A
    row that only one of the two has is all zeros on the other side, and so differs.
    """
    by = judged_by(market.market_id, week)
    terms = watch_terms() if by is None else by.terms()
    rows = sets.fetch_arrays(
        f"SELECT {', '.join(_STORED)} FROM supervision_week WHERE market_id = %s AND week = %s "
        "ORDER BY watched, seller_id",
        [market.market_id, week], _STORED,
    )  # fmt: skip
    version = rows.pop("rules_version")
    stored = Weeks.of(**{name: column.astype(np.int64) for name, column in rows.items()})
    has_rules = terms is not None and bool((version == RULES_VERSION).all())
    if terms is not None and has_rules:
        made = rules.judge(
            history_stored(stored, market.market_id, week, terms),
            market_id=market.market_id, week=week, terms=terms,
        )  # fmt: skip
    else:  # of another release: nothing is compared
        made = stored
    keys = sorted({*_keys(stored), *_keys(made)})
    place = {key: row for row, key in enumerate(keys)}
    day = np.datetime64(week, "D")
    return compared(
        KIND,
        lambda row: f"{market.name}/week/{day}#{keys[row][0]}/{keys[row][1]}",
        _laid_out(stored, place), _laid_out(made, place),
        has_rules=np.full(len(keys), has_rules),
    )  # fmt: skip


def history_stored(stored: Weeks, market_id: int, week: int, terms: WatchTerms) -> History:
    """What the week was judged on: its own counts and samples, and the weeks before it."""
    every = stored.take(stored.watched == Watched.ANY)
    given, samples = {}, {}
    for watched in Watched:
        mine = stored.take(stored.watched == watched)
        given[watched] = mine.seller_id, mine.broken
        samples[watched] = mine.seller_id, mine.sampled, mine.sample_broken
    return history_of(
        market_id, week, orders=(every.seller_id, every.orders), broken=given, samples=samples,
        terms=terms,
    )  # fmt: skip


def _keys(weeks: Weeks) -> list[tuple[int, int]]:
    return list(zip(weeks.watched.tolist(), weeks.seller_id.tolist(), strict=True))


def _laid_out(weeks: Weeks, place: dict[tuple[int, int], int]) -> dict[str, Int]:
    at = np.array([place[key] for key in _keys(weeks)], np.int64)
    out = {}
    for name, column in weeks.as_dict().items():
        out[name] = np.zeros(len(place), np.int64)
        out[name][at] = column
    return out
