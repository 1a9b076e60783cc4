"""What may happen to an exit in which state; illegal pairs are absent."""

from __future__ import annotations

from xiaobao.exits.facts import ExitEvent, ExitState

_S, _E = ExitState, ExitEvent
NOWHERE = 0
# A seller may call an exit off in any of these: nothing has left yet.
BEFORE_PAYING = (_S.DRAFT, _S.SUBMITTED, _S.CHECKED, _S.QUIET, _S.UNDER_REVIEW, _S.APPROVED)
UNDER_WAY = (*BEFORE_PAYING, _S.PAYING)
ENDED = (_S.PAID, _S.REFUSED, _S.CANCELLED)

LIFECYCLE: dict[tuple[int, int], ExitState] = {
    (NOWHERE, _E.DRAFTED): _S.DRAFT,
    (_S.DRAFT, _E.SUBMITTED): _S.SUBMITTED,
    (_S.SUBMITTED, _E.OFFERS_MADE): _S.SUBMITTED,
    (_S.SUBMITTED, _E.OFFERS_DECLINED): _S.SUBMITTED,
    (_S.SUBMITTED, _E.OFFER_TAKEN): _S.CANCELLED,
    (_S.SUBMITTED, _E.CHECKED): _S.CHECKED,
    (_S.CHECKED, _E.QUIET_BEGUN): _S.QUIET,
    (_S.CHECKED, _E.REVIEW_BEGUN): _S.UNDER_REVIEW,
    (_S.QUIET, _E.QUIET_BEGUN): _S.QUIET,  # something new is waited for
    (_S.QUIET, _E.REVIEW_BEGUN): _S.UNDER_REVIEW,
    (_S.UNDER_REVIEW, _E.REVIEW_LATE): _S.UNDER_REVIEW,
    (_S.UNDER_REVIEW, _E.APPROVED): _S.APPROVED,
    (_S.UNDER_REVIEW, _E.INTEREST_OWED): _S.UNDER_REVIEW,
    (_S.UNDER_REVIEW, _E.REFUSED): _S.REFUSED,
    **{(s, _E.CANCELLED): _S.CANCELLED for s in BEFORE_PAYING},
    (_S.APPROVED, _E.PAYING_BEGUN): _S.PAYING,
    (NOWHERE, _E.FORCED): _S.PAYING,
    (_S.PAYING, _E.TAIL_ENDED): _S.PAYING,
    (_S.PAYING, _E.PAYMENT_CONFIRMED): _S.PAYING,
    (_S.PAYING, _E.PAYMENT_FAILED): _S.PAYING,
    (_S.PAYING, _E.INTEREST_OWED): _S.PAYING,
    (_S.PAYING, _E.PAID): _S.PAID,
    **{(s, _E.CAME_BACK): _S.PAYING for s in (_S.PAYING, _S.PAID)},
}


def after(state: int, event: ExitEvent) -> ExitState | None:
    """Where the exit stands after it; None where it cannot happen."""
    return LIFECYCLE.get((state, event))


def events_in(state: int) -> tuple[ExitEvent, ...]:
    """What may happen now."""
    return tuple(ExitEvent(event) for at, event in LIFECYCLE if at == state)
