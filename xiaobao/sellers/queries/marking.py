"""Questions about marking items: what it would change, what was done in one go, until when."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of, us_of, zone_of
from xiaobao.kernel.references import ids_of
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind
from xiaobao.promises.rules.clocks import calendar_of, due_of
from xiaobao.promises.terms import ClockTerms
from xiaobao.sellers import rules, store
from xiaobao.sellers.facts import BatchRow, MarkPlan
from xiaobao.sellers.queries.known import items_covered, markets_of
from xiaobao.sellers.terms import ItemRules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

_BATCHES = (
    "SELECT m.batch, bool_and(m.is_marked), min(m.marked_at), count(*), "
    "count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM sellers_mark l "
    "WHERE l.seller_id = m.seller_id AND l.item_id = m.item_id "
    "AND l.marked_at > m.marked_at)) FROM sellers_mark m WHERE m.seller_id = %s "
)


def batches_of(seller_id: int, *, limit: int = 20) -> list[BatchRow]:
    """What was marked or unmarked in one go, the latest first."""
    rows = sets.fetch_rows(
        f"{_BATCHES} GROUP BY m.batch ORDER BY 3 DESC, 1 LIMIT %s", [seller_id, limit]
    )
    return [BatchRow(*row) for row in rows]


def batch_of(seller_id: int, batch: UUID | None) -> BatchRow | None:
    """The batch named, or the latest where none is."""
    if batch is None:
        rows = batches_of(seller_id, limit=1)
        return rows[0] if rows else None
    found = sets.fetch_rows(f"{_BATCHES} AND m.batch = %s GROUP BY m.batch", [seller_id, batch])
    return BatchRow(*found[0]) if found else None


def undo_until(seller_id: int, batch: BatchRow) -> datetime:
    """Until when a batch may be undone, by the pack of the day it was made."""
    market = promises.market_of(int(markets_of(np.array([seller_id]))[0]))
    since_us = np.array([us_of(batch.marked_at)])
    kind = np.array([ClockKind.ITEM_UNDO.value], np.int64)
    terms = promises.book_of(ClockTerms, market.market_id).in_force(since_us, kind)
    due = due_of(since_us, terms, zone=zone_of(market.zone), calendar=calendar_of(market.zone))
    return moment_of(int(due[0]))


def item_names(seller_id: int) -> list[str]:
    """Every item that was ever marked, by name."""
    rows = sets.fetch_rows(
        "SELECT name FROM sellers_item WHERE seller_id = %s ORDER BY name", [seller_id]
    )
    return [row[0] for row in rows]


def matching(names: Sequence[str], pattern: str) -> list[str]:
    """The names that fit: * stands for anything, ? for one letter, and all else for itself."""
    fits = pattern.replace("[", "[[]")
    return [name for name in names if fnmatchcase(name, fits)]


def mark_plan(seller_id: int, names: Sequence[str], *, is_marked: bool, at: datetime) -> MarkPlan:
    """What marking or unmarking these would change, and whether it looks like a mistake."""
    different = sorted(set(names))
    ids = ids_of(different)
    known, now_marked, _ = store.last_marks(seller_id, ids)
    covered = np.isin(ids, known[now_marked])
    changes = ~covered if is_marked else covered
    before = items_covered(seller_id)
    market_id = int(markets_of(np.array([seller_id]))[0])
    terms = promises.book_of(ItemRules, market_id).in_force(np.array([us_of(at)]))
    count = int(changes.sum())
    changed = tuple(name for name, is_so in zip(different, changes.tolist(), strict=True) if is_so)
    return MarkPlan(
        names=changed, unchanged=len(different) - count, covered_before=before,
        is_unusual=is_marked and rules.is_unusual(
            count, before, int(terms.unusual_count[0]), int(terms.unusual_bps[0])
        ),
    )  # fmt: skip
