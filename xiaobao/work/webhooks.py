"""Subscribers are told: what is due is taken, sent, and written down, whoever dies in between.

Nothing is called outside while a transaction is open. A sender that dies between sending and
writing down has told its subscriber, and tells it once more when its time with the delivery is
over: under the same id, by which subscribers know it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings

from xiaobao.gateways.webhooks import Message, send_all
from xiaobao.ledger import queries as ledger
from xiaobao.orders import queries as orders
from xiaobao.outbox import acts, queries, rules
from xiaobao.outbox.facts import DeliveryState, EventKind
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xiaobao.outbox.facts import Attempt, Delivery, Head, Subscription

    Send = Callable[[Sequence[Message]], list[Attempt]]

# Sent at once; together they are done well before another sender may take them over.
BATCH = 16
# Finding what is due costs as much as the whole backlog is long, so it is done for many at once.
AT_A_LOOK = 1024
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


def deliver_due(*, send: Send | None = None) -> Delivered:
    """Tell every subscriber what is due, until nothing is or the subscriber fails.

    A subscriber that fails is left for this round: of the others of its messages none was tried,
    so none of them comes nearer to being given up.
    """
    through = _send if send is None else send
    done = Delivered()
    for one in queries.due_subscriptions(_now()):
        while heads := queries.due_heads(one.subscription, at=_now(), limit=AT_A_LOOK):
            if not _worked_off(one, heads, through, done):
                break
    return done


def _worked_off(one: Subscription, heads: Sequence[Head], send: Send, done: Delivered) -> bool:
    """Whether the subscriber took all of these; the first batch that it does not ends it."""
    for first in range(0, len(heads), BATCH):
        taken = acts.take(one.subscription, heads[first : first + BATCH], at=_now())
        if not taken:
            continue  # another sender has them
        states = [
            acts.record_attempt(told, attempt, at=_now())
            for told, attempt in zip(taken, send(_messages(one, taken)), strict=True)
        ]
        for state in states:
            done.count(state)
        if any(state is not DeliveryState.DELIVERED for state in states):
            return False
    return True


def _send(messages: Sequence[Message]) -> list[Attempt]:
    return send_all(messages, may_stay_here=settings.WEBHOOKS_MAY_STAY_HERE)


def _now() -> datetime:
    """The wall's clock, in a generated marketplace too: receivers compare it with theirs."""
    return datetime.now(tz=UTC)  # noqa: TID251  doors read the clock


def _messages(one: Subscription, taken: Sequence[Delivery]) -> list[Message]:
    """The messages, signed at this moment."""
    at = _now()
    secrets = queries.secrets_of(one, at)
    names = sellers.names_of(np.unique([told.seller_id for told in taken]))
    messages = []
    for told in taken:
        named = {"seller": names.get(told.seller_id, str(told.seller_id))}
        if told.kind in OF_ORDERS:
            subject = np.array([told.subject_id])
            known = orders.names_of(told.seller_id, subject).get(told.subject_id)
            named |= {"order": known} if known else {}
        body = rules.body_of(told, named, ledger.currency_of(told.seller_id))
        headers = rules.headers_of(secrets, str(told.event), int(at.timestamp()), body)
        messages.append(Message(one.url, headers, body))
    return messages
