"""The only code that writes the outbox's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import psycopg
from django.db import transaction

from xiaobao.database.arrays import uuids
from xiaobao.database.sets import copy_in, execute, fetch_rows
from xiaobao.outbox.facts import Delivery, DeliveryState, EventKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from xiaobao.kernel.columns import Int
    from xiaobao.outbox.facts import Attempt, Events, Head

_SPEC = {
    "seller_id": "i8", "event": "uuid", "kind": "i2", "cause": "uuid", "subject_id": "i8",
    "party_id": "i8", "amount_minor": "i8", "happened_at": "ts", "recorded_at": "ts",
}  # fmt: skip
_COLUMNS = ", ".join(_SPEC)
_ADD_UNKNOWN = f"""
    WITH told AS (
        SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::smallint[], %s::uuid[], %s::bigint[],
                             %s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
        WITH ORDINALITY AS u ({_COLUMNS}, place)
    ), added AS (
        INSERT INTO outbox_event ({_COLUMNS}) SELECT {_COLUMNS} FROM told
        ON CONFLICT DO NOTHING RETURNING seller_id, event
    )
    SELECT min(place) FROM told JOIN added USING (seller_id, event)
    GROUP BY seller_id, event ORDER BY 1
"""


def add(events: Events) -> Events:
    """Add those not told before; return the new ones.

    Nearly always all are new, and a plain COPY costs a third of an INSERT that looks for
    conflicts; so COPY goes first, and the INSERT does only when COPY met a known event.
    """
    if len(events) == 0:
        return events
    columns = events.as_dict()
    columns |= {"happened_at": events.happened_us, "recorded_at": events.recorded_us}
    try:
        with transaction.atomic():
            copy_in("outbox_event", columns, _SPEC)
    except psycopg.errors.UniqueViolation:
        return events.take(_add_unknown(events))
    return events


def _add_unknown(events: Events) -> Int:
    """The positions of those that were new."""
    rows = fetch_rows(
        _ADD_UNKNOWN,
        [
            events.seller_id, uuids(events.event_hi, events.event_lo), events.kind.astype("i2"),
            uuids(events.cause_hi, events.cause_lo), events.subject_id, events.party_id,
            events.amount_minor, events.happened_us.view("M8[us]"),
            events.recorded_us.view("M8[us]"),
        ],
    )  # fmt: skip
    return np.array([place - 1 for (place,) in rows], np.int64)


def expect(subscription: int, events: Events) -> None:
    """Put events on their way to a subscriber, due at once, in the order they happened."""
    if len(events):
        execute(
            "INSERT INTO outbox_delivery (seller_id, subscription, event, kind, next_at) "
            "SELECT seller_id, %s, event, kind, 'epoch' FROM unnest(%s::bigint[], %s::uuid[], "
            "%s::smallint[], %s::timestamptz[]) AS u (seller_id, event, kind, happened_at) "
            "ORDER BY happened_at, kind",
            [
                subscription, events.seller_id, uuids(events.event_hi, events.event_lo),
                events.kind.astype("i2"), events.happened_us.view("M8[us]"),
            ],
        )  # fmt: skip


def add_subscription(
    name: str,
    url: str,
    patterns: Sequence[str],
    only_seller: int,
    *,
    is_of_shop: bool,
    at: datetime,
) -> int:
    rows = fetch_rows(
        "INSERT INTO outbox_subscription (name, url, patterns, only_seller, is_of_shop, made_at) "
        "VALUES (%s, %s, %s, %s, %s, %s) RETURNING subscription",
        [name, url, " ".join(patterns), only_seller, is_of_shop, at],
    )
    return int(rows[0][0])


def rotate(subscription: int, *, old_until: datetime) -> bool:
    return bool(
        execute(
            "UPDATE outbox_subscription SET generation = generation + 1, old_until = %s "
            "WHERE subscription = %s AND ended_at IS NULL",
            [old_until, subscription],
        )
    )


def end(subscription: int, *, at: datetime) -> bool:
    return bool(
        execute(
            "UPDATE outbox_subscription SET ended_at = %s "
            "WHERE subscription = %s AND ended_at IS NULL",
            [at, subscription],
        )
    )


def drop_waiting(subscription: int, *, at: datetime) -> int:
    return execute(
        "UPDATE outbox_delivery SET state = %s, done_at = %s "
        "WHERE subscription = %s AND state = %s",
        [int(DeliveryState.DROPPED), at, subscription, int(DeliveryState.WAITING)],
    )


def replay(subscription: int, *, event: UUID | None, since: datetime | None, at: datetime) -> int:
    """Let deliveries wait again from now: one event, all told since, or what was given up."""
    return execute(
        "UPDATE outbox_delivery d SET state = 0, attempts = 0, next_at = %(at)s, done_at = NULL "
        "FROM outbox_event e WHERE e.seller_id = d.seller_id AND e.event = d.event "
        "AND d.subscription = %(subscription)s AND d.state <> 0 AND CASE "
        "WHEN %(event)s::uuid IS NOT NULL THEN d.event = %(event)s "
        "WHEN %(since)s::timestamptz IS NOT NULL THEN e.recorded_at >= %(since)s "
        "ELSE d.state = %(dead)s END",
        {
            "at": at, "subscription": subscription, "event": event, "since": since,
            "dead": int(DeliveryState.DEAD),
        },
    )  # fmt: skip


def take(
    subscription: int, heads: Sequence[Head], *, at: datetime, lease_until: datetime
) -> list[Delivery]:
    """Those of these deliveries that are still due; two senders never take one."""
    rows = fetch_rows(
        "WITH taken AS (UPDATE outbox_delivery d "
        "SET next_at = %(lease)s, attempts = attempts + 1, tries = tries + 1 "
        "FROM unnest(%(sellers)s::bigint[], %(events)s::uuid[]) AS h (seller_id, event) "
        "WHERE d.seller_id = h.seller_id AND d.subscription = %(subscription)s "
        "AND d.event = h.event AND d.state = 0 AND d.next_at <= %(at)s "
        "RETURNING d.seller_id, d.event, d.attempts, d.tries, d.number) "
        "SELECT e.seller_id, e.event, e.kind, e.subject_id, e.party_id, e.amount_minor, "
        "e.happened_at, e.recorded_at, t.attempts, t.tries FROM taken t "
        "JOIN outbox_event e USING (seller_id, event) ORDER BY t.number",
        {
            "subscription": subscription, "at": at, "lease": lease_until,
            "sellers": [seller for seller, _ in heads], "events": [event for _, event in heads],
        },
    )  # fmt: skip
    return [
        Delivery(subscription, seller, event, EventKind(kind), *rest)
        for seller, event, kind, *rest in rows
    ]


def record(
    told: Delivery, attempt: Attempt, state: DeliveryState, *, next_at: datetime, at: datetime
) -> None:
    """Write an attempt down; a delivery that was dropped meanwhile stays so."""
    key = [told.seller_id, told.subscription, told.event]
    execute(
        "INSERT INTO outbox_attempt (seller_id, subscription, event, attempt, tried_at, status, "
        "trouble, took_ms, answer) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            *key,
            told.tries,
            at,
            attempt.status,
            int(attempt.trouble),
            attempt.took_ms,
            attempt.answer,
        ],
    )
    is_done = state is not DeliveryState.WAITING
    execute(
        "UPDATE outbox_delivery SET state = %s, last_status = %s, last_trouble = %s, "
        "next_at = %s, done_at = %s WHERE seller_id = %s AND subscription = %s AND event = %s "
        "AND state = 0",
        [int(state), attempt.status, int(attempt.trouble), next_at, at if is_done else None, *key],
    )
