"""Shapes of violations counted over a span of time: for whoever reports on them."""

from __future__ import annotations

from dataclasses import dataclass

from xiaobao.kernel.columns import Columns, Int, Mask


@dataclass(frozen=True, slots=True)
class Recorded(Columns):
    """Violations that were recorded in a time."""

    seller_id: Int
    kind: Int  # ViolationKind
    is_revoked: Mask


@dataclass(frozen=True, slots=True)
class PenaltiesBegun(Columns):
    """Penalties that began in a time."""

    seller_id: Int
    penalty_minor: Int
    is_in_time: Mask  # published by its clock
    is_corrected: Mask  # revoked since
