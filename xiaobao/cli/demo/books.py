"""The books at the end of the demo: balances, the gateway beside the ledger, and every law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xiaobao.advances import queries as advances
from xiaobao.advances.facts import PayoutState
from xiaobao.database.places import places
from xiaobao.deposits import queries as deposits
from xiaobao.exits import queries as exits
from xiaobao.gateways.local_alipay.book import moved_at
from xiaobao.gateways.payments import Direction
from xiaobao.gateways.test_gateway import TestGateway
from xiaobao.kernel.references import uuid_of
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Account
from xiaobao.work.checking import check_money

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from xiaobao.advances.facts import PayoutTotals
    from xiaobao.kernel.columns import Int

Figures = dict[str, Any]


@dataclass(frozen=True)
class Checked:
    """What other rooms say the books must hold."""

    breach_minor: tuple[int, int]  # to buyers and to the platform
    claims_minor: tuple[int, int]  # the same, for claims settled and ruled
    gateway_agrees: bool


def books_of() -> dict[Account, int]:
    """Every account summed over all books."""
    return {row.account: row.sum_minor for row in ledger.trial_balance()}


def gateway_of() -> tuple[Figures, bool]:
    """What the gateway's own book says of our movements, and whether it agrees with ours."""
    moved = {(line.id, line.direction): line.amount_minor for line in TestGateway().bill()}
    # What was served since went through the local Alipay.
    moved |= moved_at(places().local_alipay)
    paid = advances.paid_payouts()
    refunds = exits.paid_refunds()
    ours = {
        Direction.OUT: _by_id(paid.payout_hi, paid.payout_lo, paid.amount_minor)
        | _by_id(refunds.payment_hi, refunds.payment_lo, refunds.amount_minor),
        Direction.IN: {one.id: one.amount_minor for one in deposits.moved_in()},
    }
    figures: Figures = {}
    agrees = True
    for way, name in ((Direction.OUT, "paid_out"), (Direction.IN, "taken_in")):
        known = {key: moved.get((key, way)) for key in ours[way]}
        agrees &= known == ours[way]
        figures[name] = {
            "ledger": len(ours[way]),
            "ledger_minor": sum(ours[way].values()),
            "gateway": sum(amount is not None for amount in known.values()),
            "gateway_minor": sum(amount or 0 for amount in known.values()),
        }
    return figures, agrees


def _by_id(high: Int, low: Int, amount: Int) -> dict[UUID, int]:
    keys = (uuid_of(h, lo) for h, lo in zip(high.tolist(), low.tolist(), strict=True))
    return dict(zip(keys, amount.tolist(), strict=True))


def invariants_of(checked: Checked) -> Figures:
    """Whether all that must hold does."""
    totals = advances.split_totals()
    buyers = sum(t.buyers_minor for t in totals)
    platform = sum(t.platform_minor for t in totals)
    borne = sum(
        t.reserve_minor + t.deposit_minor + t.cover_minor + t.fund_minor + t.granted_minor
        for t in totals
    )
    payouts = advances.payout_totals()
    held = dict.fromkeys(Account, 0) | books_of()
    waiting = sum(t.amount_minor for t in payouts) - _left(payouts)
    owed = tuple(map(sum, zip(checked.breach_minor, checked.claims_minor, strict=True)))
    laws = {
        "books_keep_every_law": not check_money(),
        "books_sum_to_zero": sum(held.values()) == 0,
        "breaches_and_claims_were_paid_in_full": (buyers, platform) == owed,
        "what_was_paid_was_borne": buyers + platform == borne,
        "every_compensation_is_paid_out": sum(t.amount_minor for t in payouts) == buyers,
        "what_buyers_wait_for_is_held": held[Account.BUYERS] == waiting,
        "gateway_agrees": checked.gateway_agrees,
    }
    return {**laws, "hold": all(laws.values())}


def _left(payouts: Sequence[PayoutTotals]) -> int:
    """What of payouts is in the books no more: it left, or was stopped."""
    gone = (
        PayoutState.CONFIRMED, PayoutState.RECONCILED, PayoutState.STOPPED,
        PayoutState.PAID_UNOWED,
    )  # fmt: skip
    return sum(t.amount_minor for t in payouts if t.state in gone)
