"""Day windows: time is lived a day at a time, each day opened and closed in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.advances.acts import sweep_penalties
from xiaobao.advances.facts import MoneyMoved
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.kernel.clocks import moment_of, next_midnight, us_of, zone_of
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class Window:
    """From the first clock that is due to the last moment of its day, both inside."""

    begins_us: int
    ends_us: int


def window_from(due_us: int, until_us: int) -> Window:
    """The window of a clock: to the next midnight of any market, and not beyond `until_us`.

    Every market's days then begin where a window begins, whatever its zone.
    """
    zones = {market.zone for market in promises.markets()} or {"UTC"}
    midnights = [int(next_midnight(np.array([due_us]), zone_of(zone))[0]) for zone in zones]
    return Window(due_us, min(*midnights, until_us + 1) - 1)


def left_open(until_us: int) -> Window | None:
    """The window that a run began and did not end."""
    found = fetch_rows(
        "SELECT begins_at, ends_at FROM work_window WHERE is_open AND ends_at <= %s "
        "ORDER BY ends_at LIMIT 1",
        [moment_of(until_us)],
    )
    return Window(us_of(found[0][0]), us_of(found[0][1])) if found else None


@transaction.atomic
def open_window(window: Window) -> MoneyMoved:
    """Begin a window; the first of a month also sweeps punitive money to the fund.

    The sweep stands in the transaction that opens the window: a run that goes on after a kill
    finds the window open and does not sweep what its own breaches have added since.
    """
    begins, ends = moment_of(window.begins_us), moment_of(window.ends_us)
    swept = MoneyMoved()
    if _is_first_of_month(begins):
        swept = sweep_penalties(at=begins)
    execute(
        "INSERT INTO work_window (ends_at, begins_at, is_open) VALUES (%s, %s, true) "
        "ON CONFLICT (ends_at) DO UPDATE SET is_open = true, times = work_window.times + 1, "
        "begins_at = least(work_window.begins_at, excluded.begins_at)",
        [ends, begins],
    )
    return swept


def close_window(window: Window) -> None:
    execute(
        "UPDATE work_window SET is_open = false WHERE ends_at = %s", [moment_of(window.ends_us)]
    )


def _is_first_of_month(begins: datetime) -> bool:
    """Whether no window of this month, nor of a later one, was opened before."""
    month = begins.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return not fetch_rows("SELECT 1 FROM work_window WHERE ends_at >= %s LIMIT 1", [month])
