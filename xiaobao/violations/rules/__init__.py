"""Decisions about violations: what one counts, how points step, which penalties follow; pure."""

from xiaobao.violations.rules.finding import over_threshold, period_of
from xiaobao.violations.rules.folding import (
    Nights,
    fold,
    has_work,
    is_year_end,
    last_of,
    next_year_end,
    night,
    places_of,
    today_of,
)
from xiaobao.violations.rules.lifecycle import LIFECYCLE, events_in
from xiaobao.violations.rules.money import (
    Money,
    Taken,
    freeing,
    held_under,
    holding,
    taken,
    taken_under,
    taking,
    to_hold,
)
from xiaobao.violations.rules.penalties import Penalties, not_longer, shown_until, span
from xiaobao.violations.rules.stepping import carried, rungs_of, step, times_reached
from xiaobao.violations.rules.weighing import weigh

__all__ = [
    "LIFECYCLE",
    "Money",
    "Nights",
    "Penalties",
    "Taken",
    "carried",
    "events_in",
    "fold",
    "freeing",
    "has_work",
    "held_under",
    "holding",
    "is_year_end",
    "last_of",
    "next_year_end",
    "night",
    "not_longer",
    "over_threshold",
    "period_of",
    "places_of",
    "rungs_of",
    "shown_until",
    "span",
    "step",
    "taken",
    "taken_under",
    "taking",
    "times_reached",
    "to_hold",
    "today_of",
    "weigh",
]
