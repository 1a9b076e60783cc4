"""The only code that writes the outbox's tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
from django.db import transaction

from xiaobao.database.arrays import uuids
from xiaobao.database.sets import copy_in, execute, fetch_rows, write
from xiaobao.outbox.facts import Delivery, DeliveryState, EventKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from xiaobao.kernel.columns import Int
    from xiaobao.outbox.facts import Attempt, Events, Followed, Waiting

    Attempted = tuple[Delivery, Attempt, Followed]

_SPEC = {
    "seller_id": "i8", "event": "uuid", "kind": "i2", "cause": "uuid", "subject_id": "i8",
    "party_id": "i8", "amount_minor": "i8", "happened_at": "ts", "recorded_at": "ts",
}  # fmt: skip
_COLUMNS = ", ".join(_SPEC)
_TOLD = "%s::bigint[], %s::uuid[], %s::smallint[], %s::uuid[], %s::bigint[], %s::bigint[], "
_TOLD += "%s::bigint[], %s::timestamptz[], %s::timestamptz[]"
_ADDED = f"""
    added AS (
        INSERT INTO outbox_event ({_COLUMNS}) SELECT {_COLUMNS} FROM told
        ON CONFLICT DO NOTHING RETURNING seller_id, event
    )
"""
_ADD_UNKNOWN = f"""
    WITH told AS (
        SELECT * FROM unnest({_TOLD}) WITH ORDINALITY AS u ({_COLUMNS}, place)
    ), {_ADDED}
    SELECT min(place) FROM told JOIN added USING (seller_id, event)
    GROUP BY seller_id, event ORDER BY 1
"""
_ADD_FEW = f"""
    WITH told AS (
        SELECT * FROM unnest({_TOLD}, %s::text[]) AS u ({_COLUMNS}, patterns)
    ), {_ADDED}
    INSERT INTO outbox_delivery (seller_id, subscription, event, kind, next_at)
    SELECT seller_id, subscription, event, kind, 'epoch' FROM (
        SELECT DISTINCT ON (seller_id, event) * FROM told JOIN added USING (seller_id, event)
    ) AS n JOIN outbox_subscription AS s ON s.ended_at IS NULL
        AND (s.only_seller = 0 OR s.only_seller = n.seller_id)
        AND string_to_array(s.patterns, ' ') && string_to_array(n.patterns, ' ')
    ORDER BY subscription, happened_at, kind
"""


def add_few(events: Events, patterns: Sequence[str]) -> None:
    """Add those not told before, each on its way to whom one of its patterns is kept for.

    One statement that waits for the next; for few, as it looks for conflicts.
    """
    write(_ADD_FEW, [*_arrays(events), list(patterns)])


def add_many(events: Events) -> Events:
    """Add those not told before; return the new ones.

    Nearly always all are new, and a plain COPY of many costs a third of an INSERT that looks for
    conflicts; so COPY goes first, and the INSERT does only when COPY met a known event.
    """
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
    rows = fetch_rows(_ADD_UNKNOWN, _arrays(events))
    return np.array([place - 1 for (place,) in rows], np.int64)


def _arrays(events: Events) -> list[Any]:
    return [
        events.seller_id, uuids(events.event_hi, events.event_lo), events.kind.astype("i2"),
        uuids(events.cause_hi, events.cause_lo), events.subject_id, events.party_id,
        events.amount_minor, events.happened_us.view("M8[us]"),
        events.recorded_us.view("M8[us]"),
    ]  # fmt: skip


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


def count_unanswered(subscription: int) -> int:
    """Once more nobody answered; return how many times in a row that is."""
    rows = fetch_rows(
        "UPDATE outbox_subscription SET unanswered = unanswered + 1 WHERE subscription = %s "
        "RETURNING unanswered",
        [subscription],
    )
    return int(rows[0][0])


def let_rest(subscription: int, *, until: datetime | None) -> None:
    execute(
        "UPDATE outbox_subscription SET rests_until = %s WHERE subscription = %s",
        [until, subscription],
    )


def wake(subscription: int) -> None:
    """Somebody answers there: it is sent to as any other."""
    execute(
        "UPDATE outbox_subscription SET unanswered = 0, rests_until = NULL "
        "WHERE subscription = %s AND unanswered > 0",
        [subscription],
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


# The rows asked for are held first: what is decided on next, with a look of its own, cannot be
# what was before another sender took, sent and gave back some of them.
_HOLD = """
    SELECT FROM outbox_delivery AS d
    JOIN unnest(%(sellers)s::bigint[], %(events)s::uuid[]) AS u (seller_id, event)
    USING (seller_id, event)
    WHERE d.subscription = %(subscription)s ORDER BY d.seller_id, d.number FOR UPDATE OF d
"""
_TAKE = """
    WITH asked AS (
        SELECT d.seller_id, d.event, d.number
        FROM unnest(%(sellers)s::bigint[], %(events)s::uuid[]) AS u (seller_id, event)
        JOIN outbox_delivery AS d USING (seller_id, event)
        WHERE d.subscription = %(subscription)s
    ), ready AS (
        SELECT d.seller_id, d.event,
               bool_and(d.next_at <= %(at)s AND a.event IS NOT NULL)
                   OVER (PARTITION BY d.seller_id ORDER BY d.number) AS goes
        FROM (SELECT seller_id, max(number) AS number FROM asked GROUP BY seller_id) AS last
        JOIN outbox_delivery AS d ON d.subscription = %(subscription)s AND d.state = 0
            AND d.seller_id = last.seller_id AND d.number <= last.number
        LEFT JOIN asked AS a ON a.seller_id = d.seller_id AND a.event = d.event
    ), taken AS (
        UPDATE outbox_delivery AS d
        SET next_at = %(lease)s, attempts = attempts + 1, tries = tries + 1
        FROM ready AS r
        WHERE r.goes AND d.seller_id = r.seller_id AND d.event = r.event
        AND d.subscription = %(subscription)s
        RETURNING d.seller_id, d.event, d.attempts, d.tries, d.number
    )
    SELECT e.seller_id, e.event, e.kind, e.subject_id, e.party_id, e.amount_minor, e.happened_at,
           e.recorded_at, t.attempts, t.tries
    FROM taken AS t JOIN outbox_event AS e USING (seller_id, event) ORDER BY t.number
"""


def take(
    subscription: int, waiting: Sequence[Waiting], *, at: datetime, lease_until: datetime
) -> list[Delivery]:
    """Those of these that are still due, with none of their seller waiting before them.

    Two senders never take one. Within a transaction.
    """
    asked = {
        "subscription": subscription, "at": at, "lease": lease_until,
        "sellers": [seller for seller, _ in waiting], "events": [event for _, event in waiting],
    }  # fmt: skip
    execute(_HOLD, asked)
    return [
        Delivery(subscription, seller, event, EventKind(kind), *rest)
        for seller, event, kind, *rest in fetch_rows(_TAKE, asked)
    ]


def record(attempts: Sequence[Attempted]) -> None:
    """Write attempts down and what follows; a delivery that was dropped meanwhile stays so."""
    keys = _keys([told for told, *_ in attempts])
    execute(
        "INSERT INTO outbox_attempt (seller_id, subscription, event, attempt, tried_at, status, "
        "trouble, took_ms, answer) SELECT * FROM unnest(%s::bigint[], %s::int[], %s::uuid[], "
        "%s::int[], %s::timestamptz[], %s::smallint[], %s::smallint[], %s::int[], %s::text[])",
        [
            *keys,
            [told.tries for told, *_ in attempts],
            [one.at for *_, one in attempts],
            [attempt.status for _, attempt, _ in attempts],
            [int(attempt.trouble) for _, attempt, _ in attempts],
            [attempt.took_ms for _, attempt, _ in attempts],
            [attempt.answer for _, attempt, _ in attempts],
        ],
    )
    execute(
        "UPDATE outbox_delivery AS d SET state = u.state, last_status = u.status, "
        "last_trouble = u.trouble, next_at = u.next_at, "
        "done_at = CASE WHEN u.state <> 0 THEN u.at END FROM unnest(%s::bigint[], %s::int[], "
        "%s::uuid[], %s::smallint[], %s::smallint[], %s::smallint[], %s::timestamptz[], "
        "%s::timestamptz[]) AS u (seller_id, subscription, event, state, status, trouble, "
        "next_at, at) WHERE d.seller_id = u.seller_id AND d.subscription = u.subscription "
        "AND d.event = u.event AND d.state = 0",
        [
            *keys,
            [int(one.state) for *_, one in attempts],
            [attempt.status for _, attempt, _ in attempts],
            [int(attempt.trouble) for _, attempt, _ in attempts],
            [one.next_at for *_, one in attempts],
            [one.at for *_, one in attempts],
        ],
    )


def give_back(untried: Sequence[Delivery]) -> None:
    """What was taken and not tried is due as it was, and lost no attempt."""
    execute(
        "UPDATE outbox_delivery AS d SET next_at = 'epoch', attempts = d.attempts - 1, "
        "tries = d.tries - 1 FROM unnest(%s::bigint[], %s::int[], %s::uuid[], %s::int[]) "
        "AS u (seller_id, subscription, event, tries) WHERE d.seller_id = u.seller_id "
        "AND d.subscription = u.subscription AND d.event = u.event AND d.state = 0 "
        "AND d.tries = u.tries",
        [*_keys(untried), [one.tries for one in untried]],
    )


def _keys(told: Sequence[Delivery]) -> list[list[int] | list[UUID]]:
    return [
        [one.seller_id for one in told],
        [one.subscription for one in told],
        [one.event for one in told],
    ]


def forget_attempts(*, before: datetime, limit: int) -> int:
    """Attempts made before a moment go away, the oldest first; return how many."""
    return execute(
        "DELETE FROM outbox_attempt WHERE ctid = ANY(ARRAY(SELECT ctid FROM outbox_attempt "
        "WHERE tried_at < %s ORDER BY tried_at LIMIT %s))",
        [before, limit],
    )
