"""Questions about what was told, who subscribed, and how far each event is on its way."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.database.sets import fetch_columns, fetch_rows
from xiaobao.outbox.facts import (
    Attempt,
    DeliveryRow,
    DeliveryState,
    EventKind,
    Events,
    Subscription,
    Trouble,
    Waiting,
    name_of,
)
from xiaobao.outbox.rules import secret_of
from xiaobao.outbox.store.keys import house_key
from xiaobao.outbox.terms import KeptTerms

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from xiaobao.kernel.columns import Int

_SPEC = {
    "seller_id": "i8", "kind": "i8", "event": "uuid", "cause": "uuid", "subject_id": "i8",
    "party_id": "i8", "amount_minor": "i8", "happened_us": "ts", "recorded_us": "ts",
}  # fmt: skip


def events_of(seller_ids: Int, *, limit: int = 10_000) -> Events:
    """What was told about these sellers, in the order in which it happened."""
    return Events(
        **fetch_columns(
            """
            SELECT seller_id, kind::bigint, event, cause, subject_id, party_id, amount_minor,
                   happened_at, recorded_at
            FROM outbox_event WHERE seller_id = ANY(%s::bigint[])
            ORDER BY happened_at, kind, event LIMIT %s
            """,
            [seller_ids, limit],
            _SPEC,
        )
    )


def last_told(seller_id: int, kind: EventKind) -> datetime | None:
    """When something of this kind last happened to a seller; None where it never did."""
    rows = fetch_rows(
        "SELECT max(happened_at) FROM outbox_event WHERE seller_id = %s AND kind = %s",
        [seller_id, kind.value],
    )
    found: datetime | None = rows[0][0]
    return found


def counts_by_kind() -> dict[str, int]:
    """How many events of each kind were told, under their dotted names."""
    rows = fetch_rows("SELECT kind, count(*) FROM outbox_event GROUP BY kind ORDER BY kind")
    return {name_of(EventKind(kind)): count for kind, count in rows}


_SUBSCRIPTION = (
    "SELECT subscription, name, url, patterns, only_seller, is_of_shop, generation, old_until, "
    "unanswered, rests_until, made_at, ended_at FROM outbox_subscription"
)


def subscriptions(*, are_ended: bool = False) -> list[Subscription]:
    """Who is told of things now; with `are_ended` whoever ever was."""
    where = "" if are_ended else " WHERE ended_at IS NULL"
    rows = fetch_rows(f"{_SUBSCRIPTION}{where} ORDER BY subscription")
    return [_subscription(row) for row in rows]


def subscriptions_for(seller_ids: Int) -> list[Subscription]:
    """Who is told of these sellers: whoever hears of all, and whoever hears of one of them."""
    rows = fetch_rows(
        f"{_SUBSCRIPTION} WHERE ended_at IS NULL "
        "AND (only_seller = 0 OR only_seller = ANY(%s::bigint[])) ORDER BY subscription",
        [seller_ids],
    )
    return [_subscription(row) for row in rows]


def due_subscriptions(at: datetime) -> list[Subscription]:
    """Those to which something is due, and that do not rest."""
    rows = fetch_rows(
        f"{_SUBSCRIPTION} s WHERE ended_at IS NULL AND coalesce(rests_until <= %s, true) "
        "AND EXISTS (SELECT FROM outbox_delivery d "
        "WHERE d.subscription = s.subscription AND d.state = 0 AND d.next_at <= %s) "
        "ORDER BY subscription",
        [at, at],
    )
    return [_subscription(row) for row in rows]


def due_runs(subscription: int, *, at: datetime, each: int, limit: int) -> list[list[Waiting]]:
    """Of each seller the first deliveries that wait, as far as they are due; the oldest first.

    Of one seller at most `each`, in their order; of all of them at most `limit`. Whoever sends
    takes them first, and taking looks again.
    """
    rows = fetch_rows(
        "SELECT seller_id, event FROM (SELECT seller_id, event, number, "
        "row_number() OVER mine AS place, bool_and(next_at <= %s) OVER mine AS is_due "
        "FROM outbox_delivery WHERE subscription = %s AND state = 0 "
        "WINDOW mine AS (PARTITION BY seller_id ORDER BY number)) AS waiting "
        "WHERE is_due AND place <= %s ORDER BY number LIMIT %s",
        [at, subscription, each, limit],
    )
    runs: dict[int, list[Waiting]] = {}
    for seller_id, event in rows:
        runs.setdefault(seller_id, []).append(Waiting(seller_id, event))
    return list(runs.values())


def subscription(number: int) -> Subscription | None:
    """The one with this number, unless it has ended."""
    rows = fetch_rows(f"{_SUBSCRIPTION} WHERE subscription = %s AND ended_at IS NULL", [number])
    return _subscription(rows[0]) if rows else None


def secrets_of(one: Subscription, at: datetime) -> list[bytes]:
    """What its messages are signed with now: the secret, and for a while the one before."""
    key = house_key()
    generations = [one.generation]
    if one.old_until is not None and at < one.old_until:
        generations.append(one.generation - 1)
    return [secret_of(key, one.subscription, generation) for generation in generations]


def _subscription(row: tuple[Any, ...]) -> Subscription:
    number, name, url, patterns, *rest = row
    return Subscription(number, name, url, tuple(patterns.split()), *rest)


def delivery_counts() -> dict[tuple[int, DeliveryState], int]:
    """How many deliveries of each subscription stand in each state."""
    rows = fetch_rows(
        "SELECT subscription, state, count(*) FROM outbox_delivery GROUP BY subscription, state"
    )
    return {(number, DeliveryState(state)): count for number, state, count in rows}


BY_NUMBER: Order[DeliveryRow] = Order(
    (Part("d.number", is_descending=True),), lambda row: (row.number,)
)  # fmt: skip


def deliveries(
    *,
    subscription: int | None = None,
    state: DeliveryState | None = None,
    place: Place | None = None,
    limit: int = 50,
) -> list[DeliveryRow]:
    """Deliveries, the newest first."""
    rows = fetch_rows(
        "SELECT d.number, d.subscription, s.name, d.seller_id, d.event, d.kind, d.state, d.tries, "
        "d.last_status, d.last_trouble, CASE WHEN d.state = 0 THEN d.next_at END, d.done_at "
        "FROM outbox_delivery d JOIN outbox_subscription s USING (subscription) "
        "WHERE (%(one)s::int IS NULL OR d.subscription = %(one)s) "
        "AND (%(state)s::smallint IS NULL OR d.state = %(state)s)"
        f"{BY_NUMBER.after(place)}{BY_NUMBER.by(place)} LIMIT %(limit)s",
        {"one": subscription, "state": state, "limit": limit} | BY_NUMBER.params(place),
    )
    return straight([_delivery(row) for row in rows], place)


def _delivery(row: tuple[Any, ...]) -> DeliveryRow:
    number, one, name, seller, event, kind, state, tries, status, trouble, next_at, done_at = row
    return DeliveryRow(
        number, one, name, seller, event, EventKind(kind), DeliveryState(state), tries, status,
        Trouble(trouble), next_at, done_at,
    )  # fmt: skip


def attempts_of(subscription: int, event: UUID) -> list[tuple[datetime, Attempt]]:
    """Every attempt to tell a subscriber of an event, the first first."""
    rows = fetch_rows(
        "SELECT tried_at, status, trouble, took_ms, answer FROM outbox_attempt "
        "WHERE subscription = %s AND event = %s ORDER BY attempt",
        [subscription, event],
    )
    return [
        (at, Attempt(status, Trouble(trouble), took_ms, answer))
        for at, status, trouble, took_ms, answer in rows
    ]


@cache
def attempts_kept() -> KeptTerms:
    """How long what came of attempts is kept, with whose word that is."""
    text = files("xiaobao.outbox.packs").joinpath("kept.toml").read_text("utf-8")
    return KeptTerms(**tomllib.loads(text)["attempts"])
