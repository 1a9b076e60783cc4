"""When penalties run, until when they stay published, and what counting again leaves of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import DAY_US, midnight_of
from xiaobao.kernel.columns import Columns, Int, Mask

if TYPE_CHECKING:
    from xiaobao.kernel.clocks import Zone


@dataclass(frozen=True, slots=True)
class Penalties(Columns):
    """Penalties as they stand, one row each."""

    seller_id: Int
    market_id: Int
    day: Int
    step: Int  # ten times the class, and the rung
    points: Int
    strikes: Int
    penalty_minor: Int
    terms_version: Int
    begins_us: Int
    ends_us: Int
    published_us: Int
    publish_by_us: Int
    corrected_us: Int
    shown_until_us: Int
    state: Int
    is_restricting: Mask


def span(day: Int, days: Int, zone: Zone) -> tuple[Int, Int]:
    """From the midnight after the day that brought a penalty, so many whole days."""
    return midnight_of(day + 1, zone), midnight_of(day + 1 + days, zone)


def shown_until(published_us: Int, corrected_us: Int) -> Int:
    """A correction stays published as long as what it corrects was, and a day at least."""
    shown: Int = corrected_us + np.maximum(corrected_us - published_us, DAY_US)
    return shown


def not_longer(ends_us: Int, most_us: int) -> Int:
    """Counting again for a seller who was right never lengthens what the seller serves."""
    return np.minimum(ends_us, most_us)
