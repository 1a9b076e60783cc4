"""What else bears on a claim: breaches of the same promise, other claims about the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import CauseKind, ClaimKind, Stage
from xiaobao.kernel.references import causes_of
from xiaobao.orders.facts import CLOCK_OF, BreachKind, Clock

if TYPE_CHECKING:
    from xiaobao.claims.facts import Claims
    from xiaobao.kernel.columns import Int


def _bits(*clocks: Clock) -> int:
    return sum(1 << kind for kind in BreachKind if CLOCK_OF[kind] in clocks)


# Breaches that paid by themselves for what a claim of this kind is about.
_PAID_BEFORE = np.zeros(max(ClaimKind) + 1, np.int64)
_PAID_BEFORE[ClaimKind.LATE_SHIPMENT] = _bits(Clock.SHIPPING)
_PAID_BEFORE[ClaimKind.FALSE_SHIPMENT] = _bits(Clock.SHIPPING)
_PAID_BEFORE[ClaimKind.NOT_RECEIVED] = _bits(Clock.TRACKING)
_PAID_BEFORE[ClaimKind.REFUND_NOT_PAID] = _bits(Clock.REFUND)
_PAID_BEFORE[ClaimKind.PROMISE_NOT_KEPT] = _bits(*Clock)

# The clock that watches over what a claim of this kind is about; 0 where none alone does.
_CLOCK = np.zeros(max(ClaimKind) + 1, np.int64)
_CLOCK[[ClaimKind.LATE_SHIPMENT, ClaimKind.FALSE_SHIPMENT]] = Clock.SHIPPING
_CLOCK[ClaimKind.NOT_RECEIVED] = Clock.TRACKING
_CLOCK[ClaimKind.REFUND_NOT_PAID] = Clock.REFUND


def clock_of(kind: Int) -> Int:
    """Per claim the orders' clock whose breaches its compensation counts towards; 0 for none."""
    return _CLOCK[kind]


# Other kinds of claim that are about the same clock: what one of them paid counts for the others.
_KIN = np.zeros(max(ClaimKind) + 1, np.int64)
for _kind in ClaimKind:
    _KIN[_kind] = sum(
        1 << other for other in ClaimKind if other != _kind and 0 < _CLOCK[_kind] == _CLOCK[other]
    )


def kin_of(kind: Int) -> Int:
    """Per claim a bit for each other kind that is about the same clock."""
    return _KIN[kind]


def breaches_of(kind: Int) -> Int:
    """Per claim a bit for each kind of breach whose compensation counts towards it."""
    return _PAID_BEFORE[kind]


def stage_of(signed_us: Int, completed_us: Int, at_us: Int) -> Int:
    """When in the life of the order a claim made at that moment speaks."""
    signed = np.where(signed_us <= at_us, Stage.AFTER_SIGNING, Stage.BEFORE_SIGNING)
    return np.where(completed_us <= at_us, Stage.AFTER_COMPLETION, signed)


def taken_from(claims: Claims, order_goods_minor: Int, same_minor: Int, others_minor: Int) -> Int:
    """What other claims took of the price that this claim is about.

    `same_minor` was given for the same goods; `others_minor`, for other goods of the order, counts
    only as far as those goods do not bear it: claims about one order share one price.
    """
    elsewhere = np.maximum(order_goods_minor - claims.goods_minor, 0)
    taken: Int = same_minor + np.maximum(others_minor - elsewhere, 0)
    return taken


def hold_of(claims: Claims) -> tuple[Int, Int]:
    """The name of the hold that locks each claim's exposure, as two halves."""
    return causes_of(
        CauseKind.HOLD, claims.locked_us, claims.seller_id, claims.claim_id, claims.holds
    )


def lock_causes(claims: Claims, moment_us: Int) -> tuple[Int, Int]:
    """Every cause that may have locked or freed one claim's exposure at these moments."""
    times = np.arange(1, int(claims.holds[0]) + 1)
    moment, number = (grid.ravel() for grid in np.meshgrid(moment_us, times))
    seller, claim = (np.full(len(moment), c[0]) for c in (claims.seller_id, claims.claim_id))
    made = [
        causes_of(kind, moment, seller, claim, number)
        for kind in (CauseKind.HOLD, CauseKind.FREED)
    ]
    return np.concatenate([m[0] for m in made]), np.concatenate([m[1] for m in made])
