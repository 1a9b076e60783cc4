"""Quotes, requirements with their clocks, and the events of the ladder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.deposits.facts import RULES_VERSION, Requirements
from xiaobao.kernel.clocks import moment_of

if TYPE_CHECKING:
    from xiaobao.deposits.facts import DepositFacts, LastQuote, Quote
    from xiaobao.kernel.columns import Int, Mask

# A clock that does not run is NULL in the table and FAR_US, which travels as infinity, here.
COLUMNS = (
    "seller_id, market_id, required_minor, is_zero_start, coalesce(quoted_at, 'infinity'), "
    "coalesce(next_quote_at, 'infinity'), coalesce(short_since, 'infinity'), "
    "coalesce(top_up_due_at, 'infinity'), step, coalesce(next_due_at, 'infinity'), seq"
)
SPEC = {
    "seller_id": "i8", "market_id": "i2", "required_minor": "i8", "is_zero_start": "bool",
    "quoted_us": "ts", "next_quote_us": "ts", "short_since_us": "ts", "top_up_due_us": "ts",
    "step": "i2", "next_due_us": "ts", "seq": "i4",
}  # fmt: skip


def hold(seller_ids: Int) -> Requirements:
    """The requirements of these sellers that have one, locked in the order of ids."""
    columns = sets.fetch_arrays(
        f"SELECT {COLUMNS} FROM deposits_requirement "
        "WHERE seller_id = ANY(%s::bigint[]) ORDER BY seller_id FOR UPDATE",
        [seller_ids],
        SPEC,
    )
    return Requirements.of(**columns)


def begin(seller_ids: Int, market_ids: Int) -> None:
    """A row for every seller, so that there is something to lock; quoted in this transaction."""
    sets.execute(
        "INSERT INTO deposits_requirement "
        "(seller_id, market_id, required_minor, is_zero_start, step, seq) "
        "SELECT u.seller_id, u.market_id, 0, false, 0, 0 "
        "FROM unnest(%s::bigint[], %s::bigint[]) AS u(seller_id, market_id) "
        "ORDER BY u.seller_id ON CONFLICT DO NOTHING",
        [seller_ids, market_ids],
    )


def claim_due(clock: str, until_us: int, limit: int) -> Requirements:
    """Requirements whose clock ran out, earliest first, that nobody else works on."""
    assert clock in {"next_quote_at", "next_due_at"}, clock
    columns = sets.fetch_arrays(
        f"SELECT {COLUMNS} FROM deposits_requirement WHERE {clock} <= %s::timestamptz "
        f"ORDER BY {clock}, seller_id LIMIT %s FOR UPDATE SKIP LOCKED",
        [moment_of(until_us), limit],
        SPEC,
    )
    return Requirements.of(**columns)


def put(after: Requirements) -> None:
    """Write requirements that are held."""
    sets.execute(
        "UPDATE deposits_requirement r SET required_minor = u.required_minor, "
        "is_zero_start = u.is_zero_start, quoted_at = nullif(u.quoted_at, 'infinity'), "
        "next_quote_at = nullif(u.next_quote_at, 'infinity'), "
        "short_since = nullif(u.short_since, 'infinity'), "
        "top_up_due_at = nullif(u.top_up_due_at, 'infinity'), step = u.step, "
        "next_due_at = nullif(u.next_due_at, 'infinity'), seq = u.seq "
        "FROM unnest(%s::bigint[], %s::bigint[], %s::bool[], %s::timestamptz[], "
        "%s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::bigint[], "
        "%s::timestamptz[], %s::bigint[]) "
        "AS u(seller_id, required_minor, is_zero_start, quoted_at, next_quote_at, "
        "short_since, top_up_due_at, step, next_due_at, seq) "
        "WHERE r.seller_id = u.seller_id",
        [
            after.seller_id, after.required_minor, after.is_zero_start, _ts(after.quoted_us),
            _ts(after.next_quote_us), _ts(after.short_since_us), _ts(after.top_up_due_us),
            after.step, _ts(after.next_due_us), after.seq,
        ],
    )  # fmt: skip


def _ts(moments_us: Int) -> np.typing.NDArray[np.datetime64]:
    return np.ascontiguousarray(moments_us).view("M8[us]")


def add_quotes(
    before: LastQuote,
    facts: DepositFacts,
    quote: Quote,
    *,
    market_id: int,
    category_id: Int,
    terms_version: Int,
    sizing_version: Int,
    at_us: Int,
    kept: Mask,
) -> None:
    """Add the quotes that are kept, with everything they were judged on."""
    count = len(facts)
    columns = facts.as_dict() | quote.as_dict()
    columns |= {
        "was_quoted": before.is_quoted, "was_zero_start": before.is_zero_start,
        "was_required_minor": before.required_minor, "quoted_at": at_us,
        "market_id": np.full(count, market_id), "category_id": category_id,
        "terms_version": terms_version, "sizing_version": sizing_version,
        "rules_version": np.full(count, RULES_VERSION),
    }  # fmt: skip
    spec = dict.fromkeys(columns, "i8") | {
        "quoted_at": "ts", "market_id": "i2", "rules_version": "i2", "has_sold": "bool",
        "is_short": "bool", "was_quoted": "bool", "was_zero_start": "bool",
        "is_zero_start": "bool",
    }  # fmt: skip
    sets.copy_in("deposits_quote", {n: c[kept] for n, c in columns.items()}, spec)


def add_events(
    seller_id: Int, seq: Int, event: Int, step: Int, required: Int, available: Int, at_us: Int
) -> None:
    sets.copy_in(
        "deposits_event",
        {
            "seller_id": seller_id, "seq": seq, "event": event, "step": step,
            "required_minor": required, "available_minor": available, "happened_at": at_us,
        },
        {
            "seller_id": "i8", "seq": "i4", "event": "i2", "step": "i2", "required_minor": "i8",
            "available_minor": "i8", "happened_at": "ts",
        },
    )  # fmt: skip
