"""What a violation counts: once per incident, mildly for the first, never above the cap; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import first_match
from xiaobao.violations.facts import Effect, ViolationFacts, Weights

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Mask
    from xiaobao.violations.terms import KindTerms


def bundled(f: ViolationFacts, t: KindTerms) -> Mask:
    """The same incident was counted a few days ago."""
    return f.is_same_incident & (t.bundle_days > 0)


def reminded(f: ViolationFacts, t: KindTerms) -> Mask:
    """One of the first, about little, and mended where the pack asks for that.

    Law favours warning and education here (Implementing Regulations of the Consumer Law, 51).
    """
    is_minor = f.units <= t.lenient_units
    return (f.earlier < t.lenient_times) & is_minor & (f.is_corrected | ~t.is_correction_asked)


def capped(f: ViolationFacts, t: KindTerms) -> Mask:
    """The kind would count more within the pack's days than its cap."""
    return (t.cap_points > 0) & (f.points_in_cap + t.points > t.cap_points)


def weigh(f: ViolationFacts, t: KindTerms) -> Weights:
    """What each violation counts under the terms of its kind.

    Money and strikes follow points: where none are counted, nothing else is either.
    """
    tests = [bundled(f, t), reminded(f, t), capped(f, t)]
    effect = first_match(tests, len(f))
    effect = np.where(effect == 0, Effect.COUNTED.value, effect)
    left = np.maximum(t.cap_points - f.points_in_cap, 0)
    points = np.where(effect == Effect.CAPPED, np.minimum(left, t.points), t.points)
    is_mild = (effect == Effect.BUNDLED) | (effect == Effect.REMINDED)
    points = np.where(is_mild, 0, points)
    counts = ~is_mild & ((effect == Effect.COUNTED) | (points > 0))
    return Weights(
        effect=effect,
        points_class=t.points_class,
        points=points,
        strikes=np.where(counts, t.strikes, 0),
        penalty_minor=np.where(counts, t.penalty_minor, 0),
    )
