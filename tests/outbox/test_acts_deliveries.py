"""Deliveries: in the act's own transaction, in order, tried again, given up, replayed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pytest
from django.db import transaction

from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.references import causes_of
from xiaobao.outbox import acts, queries, rules
from xiaobao.outbox.facts import Attempt, DeliveryState, EventKind, Trouble

if TYPE_CHECKING:
    from xiaobao.outbox.facts import Delivery

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
AT_US = 1_767_225_600_000_000
GOOD = Attempt(200, Trouble.NONE, 5, "ok")
BAD = Attempt(500, Trouble.REFUSED, 5, "no")
URL = "https://shop.example/hook"


def tell(kind: EventKind, *sellers: int, part: int = 1) -> int:
    """Tell, and how many were new."""
    before = sum(queries.counts_by_kind().values())
    ids = np.array(sellers, np.int64)
    cause = causes_of(301, np.full(len(ids), AT_US), ids, np.full(len(ids), part))
    acts.tell(kind, ids, *cause, at_us=AT_US + part, subject_id=part)
    return sum(queries.counts_by_kind().values()) - before


def due(number: int, at: dt.datetime = AT) -> list[tuple[int, int]]:
    """Whose deliveries were taken, and of what; they are recorded as taken well."""
    return [(one.seller_id, one.subject_id) for one in take(number, at)]


def take(number: int, at: dt.datetime = AT, each: int = 1) -> list[Delivery]:
    runs = queries.due_runs(number, at=at, each=each, limit=10)
    return acts.take(number, [one for run in runs for one in run], at=at)


def came(told: Delivery, attempt: Attempt, at: dt.datetime = AT) -> DeliveryState:
    [state] = acts.record_attempts([(told, attempt)], at=at)
    return state


def test_events_reach_whoever_asked_for_them_and_nobody_else() -> None:
    tell(EventKind.CLAIM_PAID, 1, part=9)  # told before anybody subscribed
    claims = acts.subscribe("claims", URL, ["claim.*", "claim.*"], at=AT)
    every = acts.subscribe("all of one", URL, ["*"], at=AT, only_seller=2)
    # An act that failed told nothing, and nothing is on its way.
    with transaction.atomic():
        tell(EventKind.CLAIM_FILED, 1, 2, part=5)
        transaction.set_rollback(True)
    assert fetch_rows("SELECT count(*) FROM outbox_delivery") == [(0,)]
    assert tell(EventKind.CLAIM_FILED, 1, 2) == 2
    assert tell(EventKind.BREACH_FOUND, 1, 2) == 2
    # Told again beside something new, and the old event from before: only what is new goes out.
    assert tell(EventKind.CLAIM_FILED, 1, 2, 3) == 1
    assert tell(EventKind.CLAIM_PAID, 1, part=9) == 0
    assert due(claims) == [(1, 1), (2, 1), (3, 1)]
    assert due(every) == [(2, 1)]
    found = queries.deliveries(subscription=every)
    assert [(one.event_name, one.state) for one in found] == [
        ("breach.found", DeliveryState.WAITING), ("claim.filed", DeliveryState.WAITING),
    ]  # fmt: skip
    assert acts.unsubscribe(every, at=AT) == 2
    assert due(every) == []
    assert tell(EventKind.CLAIM_FILED, 2, part=7) == 1
    assert queries.delivery_counts()[every, DeliveryState.DROPPED] == 2
    assert (every, DeliveryState.WAITING) not in queries.delivery_counts()
    with pytest.raises(acts.SubscriptionUnknown):
        acts.unsubscribe(every, at=AT)
    with pytest.raises(acts.SubscriptionUnknown):
        acts.rotate_secret(every, keep=dt.timedelta(hours=1), at=AT)
    with pytest.raises(acts.SubscriptionUnknown):
        acts.replay(99, at=AT)
    with pytest.raises(acts.AddressNotAllowed):
        acts.subscribe("x", "https://10.0.0.1/", ["*"], at=AT)
    with pytest.raises(acts.EventKindUnknown):
        acts.subscribe("x", URL, ["claim.unheard"], at=AT)
    for _ in range(acts.MOST_EACH):
        acts.subscribe("x", URL, ["*"], at=AT, only_seller=5)
    with pytest.raises(acts.TooManySubscriptions):
        acts.subscribe("x", URL, ["*"], at=AT, only_seller=5)
    acts.subscribe("x", URL, ["*"], at=AT, only_seller=6)


def test_one_seller_waits_for_its_first_and_no_other_seller_does() -> None:
    number = acts.subscribe("all", URL, ["*"], at=AT)
    for part in (1, 2, 3):
        tell(EventKind.CLAIM_FILED, 1, 2, part=part)
    first, other = take(number)
    assert [(one.seller_id, one.subject_id) for one in (first, other)] == [(1, 1), (2, 1)]
    # Taken by one sender, they are nobody else's while it may still be sending.
    assert take(number) == []
    assert came(first, BAD) is DeliveryState.WAITING
    assert came(other, GOOD) is DeliveryState.DELIVERED
    assert due(number) == [(2, 2)]
    # The sender of (2, 2) died: it is taken again once its time is over, before anything after.
    later = AT + rules.LEASE + dt.timedelta(seconds=1)
    assert due(number, later) == [(1, 1), (2, 2)]


def test_a_run_is_taken_in_order_and_what_was_not_tried_is_given_back() -> None:
    number = acts.subscribe("all", URL, ["*"], at=AT)
    for part in (1, 2, 3, 4):
        tell(EventKind.CLAIM_FILED, 1, part=part)
    tell(EventKind.CLAIM_FILED, 2, part=9)
    stale = [one for run in queries.due_runs(number, at=AT, each=3, limit=10) for one in run]
    first, second, third, other = taken = take(number, each=3)
    assert [(one.seller_id, one.subject_id) for one in taken] == [(1, 1), (1, 2), (1, 3), (2, 9)]
    # The fourth waits behind them, and nobody sends it.
    assert queries.due_runs(number, at=AT, each=9, limit=10) == []
    assert acts.record_attempts([(first, GOOD), (second, BAD), (other, GOOD)], [third], at=AT) == [
        DeliveryState.DELIVERED,
        DeliveryState.WAITING,
        DeliveryState.DELIVERED,
    ]
    # Another sender found them before all that: what was given back is not taken past the second.
    assert acts.take(number, stale, at=AT) == []
    assert fetch_rows(
        "SELECT attempts, tries, state FROM outbox_delivery WHERE seller_id = 1 ORDER BY number"
    ) == [(1, 1, 1), (1, 1, 0), (0, 0, 0), (0, 0, 0)]
    at = AT + dt.timedelta(seconds=5)
    again = take(number, at, each=9)
    assert [(one.subject_id, one.attempts) for one in again] == [(2, 2), (3, 1), (4, 1)]
    # Behind one that another sender has, none is taken, however it was found.
    assert acts.take(number, stale[2:3], at=at) == []


def test_attempts_are_kept_for_their_time_and_events_for_good() -> None:
    number = acts.subscribe("all", URL, ["*"], at=AT)
    tell(EventKind.CLAIM_FILED, 1, 2)
    first, second = take(number)
    came(first, GOOD)
    came(second, GOOD, AT + dt.timedelta(days=1))
    kept = queries.attempts_kept()
    assert (kept.days, kept.certainty) == (184, "medium")
    assert acts.forget_attempts(at=AT + dt.timedelta(days=kept.days)) == 0
    assert acts.forget_attempts(at=AT + dt.timedelta(days=kept.days, seconds=1)) == 1
    assert queries.attempts_of(number, first.event) == []
    assert len(queries.attempts_of(number, second.event)) == 1
    assert fetch_rows("SELECT count(*) FROM outbox_delivery WHERE state = 1") == [(2,)]


def test_what_is_given_up_lets_the_next_go_and_is_sent_again_when_asked() -> None:
    number = acts.subscribe("all", URL, ["*"], at=AT)
    tell(EventKind.CLAIM_FILED, 1, part=1)
    tell(EventKind.CLAIM_FILED, 1, part=2)
    at, tries = AT, 0
    while (taken := take(number, at)) and taken[0].subject_id == 1:
        [told] = taken
        tries += 1
        state = came(told, BAD, at)
        wait = rules.next_wait(tries)
        if wait is not None:
            assert take(number, at + wait - dt.timedelta(seconds=1)) == []
            at += wait
    assert (tries, state) == (10, DeliveryState.DEAD)
    [second] = taken
    assert (second.subject_id, came(second, GOOD, at)) == (
        2, DeliveryState.DELIVERED,
    )  # fmt: skip
    assert [one.status for _, one in queries.attempts_of(number, told.event)] == [500] * 10
    assert acts.replay(number, at=at) == 1
    assert acts.replay(number, at=at) == 0
    [again] = take(number, at)
    assert (again.event, again.attempts, again.tries) == (told.event, 1, 11)
    assert came(again, GOOD, at) is DeliveryState.DELIVERED
    assert acts.replay(number, at=at, event=second.event) == 1
    assert acts.replay(number, at=at, since=AT) == 1
    counts = queries.delivery_counts()
    assert counts == {(number, DeliveryState.WAITING): 2}


def test_a_subscriber_that_is_gone_ends_its_subscription() -> None:
    number = acts.subscribe("all", URL, ["*"], at=AT)
    tell(EventKind.CLAIM_FILED, 1, part=1)
    tell(EventKind.CLAIM_FILED, 1, part=2)
    [told] = take(number)
    gone = Attempt(410, Trouble.GONE, 5, "")
    assert came(told, gone) is DeliveryState.DEAD
    assert queries.subscription(number) is None
    assert queries.delivery_counts() == {
        (number, DeliveryState.DEAD): 1, (number, DeliveryState.DROPPED): 1,
    }  # fmt: skip


def test_a_secret_is_rotated_and_the_old_one_counts_for_a_while() -> None:
    number = acts.subscribe("all", URL, ["*"], at=AT)
    one = queries.subscription(number)
    assert one is not None
    [first] = queries.secrets_of(one, AT)
    acts.rotate_secret(number, keep=dt.timedelta(hours=1), at=AT)
    one = queries.subscription(number)
    assert one is not None
    second, old = queries.secrets_of(one, AT + dt.timedelta(minutes=59))
    assert (old, second == first) == (first, False)
    assert queries.secrets_of(one, AT + dt.timedelta(hours=1)) == [second]
