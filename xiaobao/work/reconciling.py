"""Our book against the gateway's own, movement by movement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xiaobao.advances import acts as advances
from xiaobao.advances import queries as advances_now
from xiaobao.advances.facts import PayoutState
from xiaobao.deposits import queries as deposits_now
from xiaobao.exits import acts as exits
from xiaobao.exits import queries as exits_now
from xiaobao.gateways.payments import Direction
from xiaobao.kernel.references import uuid_of

if TYPE_CHECKING:
    from uuid import UUID

    from xiaobao.advances.facts import Payouts
    from xiaobao.exits.facts import Payments
    from xiaobao.gateways.payments import PaymentGateway
    from xiaobao.kernel.columns import Int


class Difference(NamedTuple):
    """A movement that the two books tell differently; None where a book does not have it."""

    id: UUID
    direction: Direction
    ours_minor: int | None
    theirs_minor: int | None


@dataclass(frozen=True)
class Reconciliation:
    """`agreed` movements stand alike in both books; `reconciled` payouts were marked so now.

    Ours is what we hold for confirmed: a payout whose answer is still open may stand in the
    gateway's book alone, and is a difference until it is known.
    """

    agreed: int
    agreed_minor: int
    reconciled: int
    differences: tuple[Difference, ...]


def reconcile(gateway: PaymentGateway) -> Reconciliation:
    """Compare every movement, and mark the payouts on which both books agree."""
    paid = advances_now.paid_payouts()
    paid_names = _names(paid.payout_hi, paid.payout_lo)
    ours = _movements(Direction.OUT, paid_names, paid.amount_minor)
    refunds = exits_now.paid_refunds()
    refund_names = _names(refunds.payment_hi, refunds.payment_lo)
    ours |= _movements(Direction.OUT, refund_names, refunds.amount_minor)
    ours |= {(Direction.IN, one.id): one.amount_minor for one in deposits_now.moved_in()}
    theirs = {(line.direction, line.id): line.amount_minor for line in gateway.bill()}
    agreed = {key for key, amount in ours.items() if theirs.get(key) == amount}
    return Reconciliation(
        agreed=len(agreed),
        agreed_minor=sum(ours[key] for key in agreed),
        reconciled=_mark(paid, [(Direction.OUT, name) in agreed for name in paid_names])
        + _mark_refunds(refunds, [(Direction.OUT, name) in agreed for name in refund_names]),
        differences=tuple(
            Difference(name, direction, ours.get(key), theirs.get(key))
            for key in sorted((ours.keys() | theirs.keys()) - agreed)
            for direction, name in [key]
        ),
    )


def _names(high: Int, low: Int) -> list[UUID]:
    return [uuid_of(hi, lo) for hi, lo in zip(high.tolist(), low.tolist(), strict=True)]


def _movements(
    direction: Direction, names: list[UUID], amounts: Int
) -> dict[tuple[Direction, UUID], int]:
    keys = [(direction, name) for name in names]
    return dict(zip(keys, amounts.tolist(), strict=True))


def _mark(paid: Payouts, is_agreed: list[bool]) -> int:
    fresh = paid.take(np.array(is_agreed, np.bool_) & (paid.state == PayoutState.CONFIRMED))
    return advances.reconcile_payouts(fresh.seller_id, fresh.payout_hi, fresh.payout_lo)


def _mark_refunds(paid: Payments, is_agreed: list[bool]) -> int:
    fresh = paid.take(np.array(is_agreed, np.bool_) & (paid.state == PayoutState.CONFIRMED))
    return exits.reconcile_refunds(fresh.seller_id, fresh.payment_hi, fresh.payment_lo)
