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
    ids = np.array(sellers, np.int64)
    cause = causes_of(301, np.full(len(ids), AT_US), ids, np.full(len(ids), part))
    return acts.tell(kind, ids, *cause, at_us=AT_US + part, subject_id=part)


def due(number: int, at: dt.datetime = AT) -> list[tuple[int, int]]:
    """Whose deliveries were taken, and of what; they are recorded as taken well."""
    return [(one.seller_id, one.subject_id) for one in take(number, at)]


def take(number: int, at: dt.datetime = AT) -> list[Delivery]:
    return acts.take(number, queries.due_heads(number, at=at, limit=10), at=at)


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
    assert acts.record_attempt(first, BAD, at=AT) is DeliveryState.WAITING
    assert acts.record_attempt(other, GOOD, at=AT) is DeliveryState.DELIVERED
    assert due(number) == [(2, 2)]
    # The sender of (2, 2) died: it is taken again once its time is over, before anything after.
    later = AT + rules.LEASE + dt.timedelta(seconds=1)
    assert due(number, later) == [(1, 1), (2, 2)]


def test_what_is_given_up_lets_the_next_go_and_is_sent_again_when_asked() -> None:
    number = acts.subscribe("all", URL, ["*"], at=AT)
    tell(EventKind.CLAIM_FILED, 1, part=1)
    tell(EventKind.CLAIM_FILED, 1, part=2)
    at, tries = AT, 0
    while (taken := take(number, at)) and taken[0].subject_id == 1:
        [told] = taken
        tries += 1
        state = acts.record_attempt(told, BAD, at=at)
        wait = rules.next_wait(tries)
        if wait is not None:
            assert take(number, at + wait - dt.timedelta(seconds=1)) == []
            at += wait
    assert (tries, state) == (10, DeliveryState.DEAD)
    [second] = taken
    assert (second.subject_id, acts.record_attempt(second, GOOD, at=at)) == (
        2, DeliveryState.DELIVERED,
    )  # fmt: skip
    assert [one.status for _, one in queries.attempts_of(number, told.event)] == [500] * 10
    assert acts.replay(number, at=at) == 1
    assert acts.replay(number, at=at) == 0
    [again] = take(number, at)
    assert (again.event, again.attempts, again.tries) == (told.event, 1, 11)
    assert acts.record_attempt(again, GOOD, at=at) is DeliveryState.DELIVERED
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
    assert acts.record_attempt(told, gone, at=AT) is DeliveryState.DEAD
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
