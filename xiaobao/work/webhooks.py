"""Subscribers are told: what is due is taken, sent, and written down, whoever dies in between.

Nothing is called outside while a transaction is open. A sender that dies between sending and
writing down has told its subscriber, and tells it once more when its time with the delivery is
over: under the same id, by which subscribers know it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings

from xiaobao.gateways.webhooks import Message, send_runs
from xiaobao.ledger import queries as ledger
from xiaobao.orders import queries as orders
from xiaobao.outbox import acts, queries, rules
from xiaobao.outbox.facts import DeliveryState, EventKind
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from xiaobao.outbox.facts import Attempt, Delivery, Subscription, Waiting

    Send = Callable[[Sequence[Sequence[Message]]], list[list[Attempt]]]

# Sellers told of side by side, and of each so many messages one after another: a set, taken and
# written down in a transaction each.
SELLERS, EACH = 16, 32
# Finding what is due costs as much as the whole backlog is long, so it is done for many at once.
AT_A_LOOK = 4096
# So long a look that found nothing holds.
LOOKED = timedelta(seconds=5)
OF_ORDERS = (
    EventKind.BREACH_FOUND, EventKind.COMPENSATION_ADVANCED, EventKind.COMPENSATION_REVERSED,
)  # fmt: skip


@dataclass
class Delivered:
    """What a round of the sender did."""

    delivered: int = 0
    failed: int = 0  # and tried again later
    given_up: int = 0

    def count(self, state: DeliveryState) -> None:
        self.delivered += state is DeliveryState.DELIVERED
        self.failed += state is DeliveryState.WAITING
        self.given_up += state is DeliveryState.DEAD

    @property
    def attempts(self) -> int:
        return self.delivered + self.failed + self.given_up


def deliver_due(*, send: Send | None = None, within: timedelta | None = None) -> Delivered:
    """Tell every subscriber what is due, until nothing is or the subscriber fails.

    Each is told one set at a time, in turn, so that one who answers slowly holds up the others by
    a set and not by all of its own. With `within` no turn begins later than that.

    A subscriber that fails is left for this round: of the others of its messages none was tried,
    so none of them comes nearer to being given up. Where nobody answered time after time it rests;
    after that all such are tried together, each with one message, and hold up the others once.
    """
    through, done = _send if send is None else send, Delivered()
    until = None if within is None else _now() + within
    sets: dict[int, Iterator[list[Waiting]]] = {}
    left: set[int] = set()
    empty: dict[int, datetime] = {}
    asleep: list[Subscription] = []
    is_moving = True
    while is_moving and (until is None or _now() < until):
        is_moving, asleep = False, []
        # Asked anew each time: to whom something became due meanwhile does not wait for the slow.
        for one in queries.due_subscriptions(_now()):
            number = one.subscription
            if number in left or (number in empty and _now() < empty[number] + LOOKED):
                continue
            if rules.rest(one.unanswered) is not None:
                asleep.append(one)
                continue
            waiting = next(sets.setdefault(number, _sets_due(number)), None)
            if waiting is None:
                del sets[number]
                empty[number] = _now()
                continue
            is_moving = True
            if not _is_told(one, waiting, through, done):
                left.add(number)
        awake = _try_each(asleep, through, done)
        left |= {one.subscription for one in asleep} - awake
        is_moving |= bool(awake)
    return done


def _try_each(asleep: Sequence[Subscription], send: Send, done: Delivered) -> set[int]:
    """One message to each of those where nobody answered, side by side; who took it.

    Each goes on connections of its own: those are kept by address, and belong to one name.
    """
    tried: list[tuple[Delivery, Message]] = []
    awake: set[int] = set()
    for one in asleep:
        first = queries.due_runs(one.subscription, at=_now(), each=1, limit=1)
        taken = acts.take(one.subscription, first[0], at=_now()) if first else []
        tried += zip(taken, _messages(one, taken), strict=True)
    with ThreadPoolExecutor(SELLERS) as crew:
        came = list(crew.map(lambda one: send([[one[1]]])[0], tried))
    for (told, _), attempts in zip(tried, came, strict=True):
        tries = [(told, attempt) for attempt in attempts]
        for state in acts.record_attempts(tries, () if tries else (told,), at=_now()):
            done.count(state)
            if state is DeliveryState.DELIVERED:
                awake.add(told.subscription)
    return awake


def _sets_due(number: int) -> Iterator[list[Waiting]]:
    """What is due to a subscriber, set by set."""
    while runs := queries.due_runs(number, at=_now(), each=EACH, limit=AT_A_LOOK):
        for first in range(0, len(runs), SELLERS):
            yield [each for run in runs[first : first + SELLERS] for each in run]


def _is_told(one: Subscription, waiting: Sequence[Waiting], send: Send, done: Delivered) -> bool:
    """Whether the subscriber took all of a set."""
    taken = acts.take(one.subscription, waiting, at=_now())
    if not taken:
        return True  # another sender has them
    of_seller: dict[int, list[tuple[Delivery, Message]]] = {}
    for told, message in zip(taken, _messages(one, taken), strict=True):
        of_seller.setdefault(told.seller_id, []).append((told, message))
    came = send([[message for _, message in run] for run in of_seller.values()])
    tried: list[tuple[Delivery, Attempt]] = []
    untried: list[Delivery] = []
    for run, attempts in zip(of_seller.values(), came, strict=True):
        mine = [told for told, _ in run]
        tried += zip(mine, attempts, strict=False)
        untried += mine[len(attempts) :]
    states = acts.record_attempts(tried, untried, at=_now())
    for state in states:
        done.count(state)
    return all(state is DeliveryState.DELIVERED for state in states)


def _send(runs: Sequence[Sequence[Message]]) -> list[list[Attempt]]:
    return send_runs(runs, may_stay_here=settings.WEBHOOKS_MAY_STAY_HERE)


def _now() -> datetime:
    """The wall's clock, in a generated marketplace too: receivers compare it with theirs."""
    return datetime.now(tz=UTC)  # noqa: TID251  doors read the clock


def _messages(one: Subscription, taken: Sequence[Delivery]) -> list[Message]:
    """The messages, signed at this moment."""
    at = _now()
    secrets = queries.secrets_of(one, at)
    ids = np.unique([told.seller_id for told in taken])
    names, currencies = sellers.names_of(ids), dict(ledger.currencies_of(ids))
    about = {
        seller: orders.names_of(seller, np.array(subjects))
        for seller, subjects in _orders_in(taken).items()
    }
    messages = []
    for told in taken:
        named = {"seller": names.get(told.seller_id, str(told.seller_id))}
        if told.kind in OF_ORDERS:
            known = about[told.seller_id].get(told.subject_id)
            named |= {"order": known} if known else {}
        body = rules.body_of(told, named, currencies.get(told.seller_id))
        headers = rules.headers_of(secrets, str(told.event), int(at.timestamp()), body)
        messages.append(Message(one.url, headers, body))
    return messages


def _orders_in(taken: Sequence[Delivery]) -> dict[int, list[int]]:
    """Of each seller the orders that its events are about."""
    found: dict[int, list[int]] = {}
    for told in taken:
        if told.kind in OF_ORDERS:
            found.setdefault(told.seller_id, []).append(told.subject_id)
    return found
