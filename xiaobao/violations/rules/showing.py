"""What may be shown of whom, and how far it is to the next rung; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def masked(name: str) -> str:
    """The first letter of a natural person's shop, and nothing that tells how long the rest is."""
    return f"{name[:1]}***"


def next_rung(points: int, rungs: Sequence[int]) -> int | None:
    """The points at which the next rung stands; None above the last."""
    return min((one for one in rungs if one > points), default=None)
