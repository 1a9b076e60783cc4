"""How long a case is kept: the pack's clock, never less than the law's three years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import add_months, moment_of, us_of, zone_of

if TYPE_CHECKING:
    from datetime import datetime

# E-Commerce Law, article 31: at least three years from the completion of the transaction.
LEAST_MONTHS = 36


def kept_until(ended_at: datetime, asked_until: datetime | None, zone: str) -> datetime:
    """The later of what the pack asks and what the law does."""
    by_law = moment_of(
        int(add_months(np.array([us_of(ended_at)]), np.array([LEAST_MONTHS]), zone_of(zone))[0])
    )
    return by_law if asked_until is None else max(by_law, asked_until)
