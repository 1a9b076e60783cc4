"""The clocks of a claim: which one counts in which state, and how they stand still and go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import ClaimState, Mark, StopReason
from xiaobao.kernel.clocks import add_stops
from xiaobao.kernel.columns import FAR_US, among
from xiaobao.promises.facts import ClockKind

if TYPE_CHECKING:
    from xiaobao.claims.facts import Claims, Stops
    from xiaobao.kernel.columns import Int, Mask

_S = ClaimState
CLOCKS = ("seller", "buyer", "talks", "platform")
SELLERS = (_S.AWAITING_SELLER, _S.AWAITING_SELLER_EVIDENCE, _S.AWAITING_BOTH_EVIDENCE)
BUYERS = (_S.AWAITING_BUYER_EVIDENCE, _S.AWAITING_BOTH_EVIDENCE)
PLATFORMS = (_S.UNDER_REVIEW, _S.WITH_JURY, _S.RULED, _S.APPEALED)
# Every clock that a claim may need: a market whose pack lacks one hears no claims.
KINDS = (
    ClockKind.SELLER_ANSWER,
    ClockKind.SELLER_EVIDENCE,
    ClockKind.BUYER_EVIDENCE,
    ClockKind.NEGOTIATION,
    ClockKind.RULING,
    ClockKind.RULING_EXECUTION,
    ClockKind.APPEAL,
    ClockKind.SUSPENSION_SELF_SETTLEMENT,
    ClockKind.SUSPENSION_COURT,
    ClockKind.SUSPENSION_POLICE,
    ClockKind.RETENTION,
)
SUSPENSIONS = {
    StopReason.SELF_SETTLEMENT: ClockKind.SUSPENSION_SELF_SETTLEMENT,
    StopReason.COURT: ClockKind.SUSPENSION_COURT,
    StopReason.POLICE: ClockKind.SUSPENSION_POLICE,
}


def started(claims: Claims, clock: str, where: Mask, since_us: Int, due_us: Int) -> Claims:
    """The claims with this clock running from `since_us` to `due_us` where asked."""
    return claims.put(
        **{
            f"{clock}_since_us": np.where(where, since_us, getattr(claims, f"{clock}_since_us")),
            f"{clock}_base_us": np.where(where, due_us, getattr(claims, f"{clock}_base_us")),
            f"{clock}_due_us": np.where(where, due_us, getattr(claims, f"{clock}_due_us")),
        },
    )


def ended(claims: Claims, clock: str, where: Mask) -> Claims:
    """The claims with this clock running no longer where asked."""
    far = np.full(len(claims), FAR_US)
    return started(claims, clock, where, far, far)


def resumed(claims: Claims, stops: Stops) -> Claims:
    """The claims with every clock later by the time it stood still; `stops` are all of theirs."""
    keys = list(zip(claims.seller_id.tolist(), claims.claim_id.tolist(), strict=True))
    row = {key: number for number, key in enumerate(keys)}
    named = zip(stops.seller_id.tolist(), stops.claim_id.tolist(), strict=True)
    case = np.array([row[key] for key in named], np.int64)
    for clock in CLOCKS:
        since, base = getattr(claims, f"{clock}_since_us"), getattr(claims, f"{clock}_base_us")
        later = add_stops(since, base, case=case, stop_us=stops.stop_us, resume_us=stops.resume_us)
        claims = claims.put(**{f"{clock}_due_us": np.where(base >= FAR_US, FAR_US, later)})
    return claims


def next_due(claims: Claims) -> Int:
    """When something is to be done about each claim; FAR_US where nothing is."""
    state, far = claims.state, np.full(len(claims), FAR_US)
    is_late = (claims.marks & Mark.PLATFORM_LATE) != 0
    with_return = (claims.marks & Mark.WITH_RETURN) != 0
    platforms = among(state, PLATFORMS) & ~is_late | (state == _S.RECOVERING)
    returns = (state == _S.SETTLED) & with_return
    buyers = among(state, BUYERS) | returns
    waits = (
        np.where(among(state, (*SELLERS, _S.GOODS_OWED)), claims.seller_due_us, far),
        np.where(buyers, claims.buyer_due_us, far),
        np.where(state == _S.NEGOTIATING, claims.talks_due_us, far),
        np.where(platforms, claims.platform_due_us, far),
        np.where(state == _S.SUSPENDED, claims.stop_until_us, far),
        np.where(state == _S.PAID, claims.appeal_until_us, far),
        np.where(returns, claims.platform_due_us, far),
    )
    due: Int = np.minimum.reduce(waits)
    return due
