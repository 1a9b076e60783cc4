"""How a violation's state moves; a pair that is not here cannot happen."""

from __future__ import annotations

from xiaobao.violations.facts import Event, State

LIFECYCLE = {
    (State.RECORDED, Event.NOTIFY): State.NOTIFIED,
    (State.NOTIFIED, Event.APPEAL): State.APPEALED,
    (State.NOTIFIED, Event.LAPSE): State.CONFIRMED,
    (State.NOTIFIED, Event.REVOKE): State.REVOKED,
    (State.APPEALED, Event.MISS): State.APPEALED,
    (State.APPEALED, Event.UPHOLD): State.CONFIRMED,
    (State.APPEALED, Event.REVOKE): State.REVOKED,
    # What a violation rests on may fall away later still.
    (State.CONFIRMED, Event.REVOKE): State.REVOKED,
}


def events_in(state: State) -> list[Event]:
    """What may happen to a violation that stands so."""
    return [event for (before, event) in LIFECYCLE if before is state]
