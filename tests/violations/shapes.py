"""Short ways to write histories of points, and the books of the China pack."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.kernel.calendars import day_of
from xiaobao.kernel.clocks import zone_of
from xiaobao.promises.facts import PointsClass
from xiaobao.promises.packs import read_files
from xiaobao.promises.rules.books import draft_book
from xiaobao.promises.rules.lint import lint_pack
from xiaobao.violations.facts import FAR_DAY, Counted
from xiaobao.violations.terms import ClassTerms, KindTerms, StepTerms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.kernel.books import Book
    from xiaobao.promises.facts import Pack

ZONE = zone_of("Asia/Shanghai")


@lru_cache(maxsize=1)
def pack() -> Pack:
    made, findings = lint_pack(read_files("cn"))
    assert findings == []
    return made


@lru_cache(maxsize=1)
def books() -> dict[str, Any]:
    """The terms that nights are counted under."""
    return {
        "zone": ZONE,
        "classes": draft_book(ClassTerms, pack()),
        "rungs": draft_book(StepTerms, pack()),
    }


@lru_cache(maxsize=1)
def kinds() -> Book[KindTerms]:
    return draft_book(KindTerms, pack())


def day(text: str) -> int:
    return day_of(date.fromisoformat(text))


def counted(rows: Sequence[Sequence[Any]], seller: int = 1) -> Counted:
    """Rows of day, class, points and, where given, strikes, money and the last day of life."""
    full = [[*row, *[0, 0, FAR_DAY][len(row) - 3 :]] for row in rows]
    return Counted.of(
        seller_id=[seller] * len(full),
        points_class=[int(PointsClass[row[1].upper()]) for row in full],
        day=[day(row[0]) for row in full],
        points=[row[2] for row in full],
        strikes=[row[3] for row in full],
        penalty_minor=[row[4] for row in full],
        expires_day=np.array([row[5] for row in full], np.int64),
    )
