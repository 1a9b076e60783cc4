"""The days of a generated marketplace: how much is sold on each, and when the peak comes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.lab.generate.figures import figures, number, numbers
from xiaobao.lab.generate.plans import HOUR_US

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xiaobao.kernel.columns import Int
    from xiaobao.lab.generate.plans import Plan

PEAK_REACH = 3  # days either side of the peak that sell more


def peak_day(plan: Plan) -> int:
    """The day, counted from 0, on which most is sold."""
    month, day = figures()["peak_month_and_day"].value
    for n in range(plan.days):
        date = plan.first_day + timedelta(days=n)
        if (date.month, date.day) == (month, day):
            return n
    return plan.days * 7 // 10


def day_weights(plan: Plan) -> NDArray[np.float64]:
    days = np.arange(plan.days)
    weekday = (plan.first_day.weekday() + days) % 7
    weight = numbers("weekday_factors")[weekday] * (1 + number("growth_a_day")) ** days
    distance = np.abs(days - peak_day(plan))
    lift = number("peak_day_factor") - 1
    # The days around the peak sell more than usual too: half the lift, a quarter, an eighth.
    return np.asarray(
        weight * (1 + np.where(distance <= PEAK_REACH, lift * 0.5**distance, 0)), np.float64
    )


def hours_us(rng: np.random.Generator, n: int, least: float, most: float) -> Int:
    """So many waits, each between two numbers of hours, in microseconds."""
    return (rng.uniform(least, most, n) * HOUR_US).astype(np.int64)
