"""Writing a lake: what changed since the last time, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database.sets import one_snapshot
from xiaobao.kernel.clocks import days_of, us_of, zone_of
from xiaobao.kernel.problems import Problem
from xiaobao.lab.history.lake import (
    MANIFEST,
    part_path,
    place_as_json,
    read_manifest,
    write_manifest,
    write_rows,
    write_stretch,
)
from xiaobao.lab.history.shapes import SCHEMA_VERSION, month_of, month_words
from xiaobao.lab.history.stored import StoredHistory, fingerprints
from xiaobao.lab.history.tables import TABLES, Sellers

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path


class LakeOfAnotherMarket(Problem):
    """The folder holds the history of another market."""

    code = "lab.lake_of_another_market"
    zh = "{path} 里是市场“{there}”的历史：给市场“{market}”换一个目录"
    en = "{path} holds the history of market '{there}': give market '{market}' another folder"


@dataclass(frozen=True)
class Exported:
    """What an export did."""

    path: str
    market: str
    months: int
    buckets: int
    orders: int
    parts: int
    parts_written: int
    schema_version: int


def export_lake(
    market: str,
    out: Path,
    *,
    since: datetime | None,
    until: datetime | None,
    buckets: int | None = None,
    progress: Callable[[int, int, str], None],
) -> Exported:
    """Write the history of a market's orders; partitions that stand unchanged are left alone.

    Months that `[since, until)` touches are written whole, and the others stay as they are.

    :raises MarketUnknown: if no pack was published for it
    :raises LakeOfAnotherMarket: if the folder holds another market's history
    :raises LakeUnreadable: if the folder holds a lake of another version
    """  # fmt: skip
    before = read_manifest(out) if (out / MANIFEST).exists() else None
    if before is not None and before["market"] != market:
        raise LakeOfAnotherMarket(path=out, there=before["market"], market=market)
    with one_snapshot():
        number = int(before["buckets"]) if before else buckets
        history = StoredHistory(market, number) if number else StoredHistory.of_size(market)
        number = history.buckets
        place = history.place
        marks = fingerprints(place.market_id, place.zone, number)
        span = _months(since, until, place.zone)
        asked = {k: v for k, v in marks.items() if k[0] in span}
        known = _known(before)
        stale = {k for k, mark in asked.items() if known.get(k) != mark or _is_missing(out, k)}
        _write_parts(history, out, stale, progress)
    outside = {k: mark for k, mark in known.items() if k[0] not in span}
    parts = {**outside, **asked}
    write_manifest(
        out,
        {
            "schema_version": SCHEMA_VERSION, "buckets": number, **place_as_json(place),
            "parts": [
                {"month": month, "bucket": bucket, "orders": mark[0], "facts": mark[1]}
                for (month, bucket), mark in sorted(parts.items())
            ],
        },
    )  # fmt: skip
    return Exported(
        str(out), market, len({month for month, _ in parts}), number,
        sum(mark[0] for mark in parts.values()), len(parts), len(stale), SCHEMA_VERSION,
    )  # fmt: skip


# The years 1970 to 2199: a span without a bound covers all of them.
_EVERY_MONTH = range(12 * 230)


def _months(since: datetime | None, until: datetime | None, zone: str) -> range:
    """The months of the market's zone that a span touches."""
    moments = [0 if m is None else us_of(m) for m in (since, until)]
    # The last moment inside is the one before the end.
    days = days_of(np.array([moments[0], moments[1] - 1]), zone_of(zone))
    first, last = month_of(days).tolist()
    return range(
        _EVERY_MONTH.start if since is None else first,
        _EVERY_MONTH.stop if until is None else last + 1,
    )


def _known(before: dict[str, Any] | None) -> dict[tuple[int, int], tuple[int, int]]:
    parts = before["parts"] if before else []
    return {(p["month"], p["bucket"]): (p["orders"], p["facts"]) for p in parts}


def _is_missing(out: Path, part: tuple[int, int]) -> bool:
    return not part_path(out, "orders", *part).exists()


def _write_parts(
    history: StoredHistory, out: Path, stale: set[tuple[int, int]],
    progress: Callable[[int, int, str], None],
) -> None:  # fmt: skip
    for bucket in range(history.buckets):
        for table in TABLES:
            rows = history.rows(table, bucket)
            named = history.seller_names(rows.seller_id) if isinstance(rows, Sellers) else ()
            write_rows(out, rows, bucket, named)
        months = {month for month, of in stale if of == bucket}
        if months:
            for stretch in history.stretches(bucket):
                if stretch.month in months:
                    f = stretch.states
                    names = history.order_names(f.seller_id, f.order_id)
                    write_stretch(out, stretch, bucket, names)
        words = ", ".join(month_words(month) for month in sorted(months)[:3])
        progress(bucket + 1, history.buckets, words)
