"""The only code that writes the outbox's table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from django.db import transaction

from xiaobao.database.arrays import uuids
from xiaobao.database.sets import copy_in, execute

if TYPE_CHECKING:
    from xiaobao.outbox.facts import Events

_SPEC = {
    "seller_id": "i8", "event": "uuid", "kind": "i2", "cause": "uuid", "subject_id": "i8",
    "party_id": "i8", "amount_minor": "i8", "happened_at": "ts", "recorded_at": "ts",
}  # fmt: skip
_ADD_UNKNOWN = f"""
    INSERT INTO outbox_event ({", ".join(_SPEC)})
    SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::smallint[], %s::uuid[], %s::bigint[],
                         %s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
    ON CONFLICT DO NOTHING
"""


def add(events: Events) -> int:
    """Add those not told before; return how many were new.

    Nearly always all are new, and a plain COPY costs a third of an INSERT that looks for
    conflicts; so COPY goes first, and the INSERT does only when COPY met a known event.
    """
    if len(events) == 0:
        return 0
    columns = events.as_dict()
    columns |= {"happened_at": events.happened_us, "recorded_at": events.recorded_us}
    try:
        with transaction.atomic():
            return copy_in("outbox_event", columns, _SPEC)
    except psycopg.errors.UniqueViolation:
        return _add_unknown(events)


def _add_unknown(events: Events) -> int:
    return execute(
        _ADD_UNKNOWN,
        [
            events.seller_id, uuids(events.event_hi, events.event_lo), events.kind.astype("i2"),
            uuids(events.cause_hi, events.cause_lo), events.subject_id, events.party_id,
            events.amount_minor, events.happened_us.view("M8[us]"),
            events.recorded_us.view("M8[us]"),
        ],
    )  # fmt: skip
