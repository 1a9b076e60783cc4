"""Breaches made again: the facts and terms stored with each, judged by the very rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.books import of_versions
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import causes_of, uuid_of
from xiaobao.kernel.replays import compared, moment_in
from xiaobao.orders.facts import BREACH_CAUSE, Clock, Details, Excuse, OrderStates, Verdicts
from xiaobao.orders.rules import RULES_VERSION
from xiaobao.orders.rules.amounts import owed_to_buyer, owed_to_platform, without_punishment
from xiaobao.orders.rules.refunds import judge_refunds
from xiaobao.orders.rules.shipping import judge_shipping
from xiaobao.orders.rules.tracking import judge_tracking
from xiaobao.orders.store.breaches import SPEC, BreachRows
from xiaobao.orders.terms import CompensationTerms, ShippingTerms
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from xiaobao.kernel.columns import Int
    from xiaobao.kernel.replays import Replayed

KIND = "breach"
_AT_ONCE = 100_000
_JUDGES = {
    Clock.SHIPPING: judge_shipping,
    Clock.TRACKING: judge_tracking,
    Clock.REFUND: judge_refunds,
}
# What is decided of a breach; all else that is stored with it is what it was decided on.
_DECIDED = (
    "cause_hi", "cause_lo", "due_at", "since_us", "ground", "base_minor", "owed_minor",
    "buyer_minor", "platform_minor", "is_paid_by_itself", "is_platforms",
)  # fmt: skip
_DETAIL = {
    "n": "i8", "at_us": "i8", "amount_minor": "i8", "waybill_id": "i8", "fact": "i2",
    "recorded_us": "i8",
}  # fmt: skip


def replayed_breaches() -> Iterator[Replayed]:
    """Every breach ever found, made again in sets."""
    after = (-(2**63), 0, 0)
    while True:
        rows = _fetched(
            "WHERE (seller_id, order_id, kind) > (%s, %s, %s) "
            "ORDER BY seller_id, order_id, kind LIMIT %s",
            [*after, _AT_ONCE],
        )
        if len(rows) == 0:
            return
        yield _replayed(rows)
        after = int(rows.seller_id[-1]), int(rows.order_id[-1]), int(rows.kind[-1])


def replayed_breach(cause: UUID) -> Replayed | None:
    """One breach made again, by the cause that names it; None where there is none."""
    us = moment_in(cause)
    rows = _fetched(
        "WHERE due_at BETWEEN %s AND %s AND cause = %s",
        [moment_of(us), moment_of(us + 999), cause],
    )
    return _replayed(rows) if len(rows) else None


def _fetched(where: str, params: list[Any]) -> BreachRows:
    columns = ", ".join(name for name in SPEC)
    return BreachRows(
        **sets.fetch_arrays(f"SELECT {columns} FROM orders_breach {where}", params, SPEC)
    )


def _replayed(rows: BreachRows) -> Replayed:
    made = {name: np.zeros(len(rows), np.int64) for name in _DECIDED}
    details = _details_of(rows)
    for market_id in np.unique(rows.market_id).tolist():
        shipping = promises.book_of(ShippingTerms, market_id).rows
        compensation = promises.book_of(CompensationTerms, market_id).rows
        for clock, judge in _JUDGES.items():
            place = np.flatnonzero((rows.market_id == market_id) & (rows.clock == clock))
            if len(place) == 0:
                continue
            some = rows.take(place)
            own = _renumbered(details, place, len(rows))
            states = _states(some, own)
            verdicts = judge(states, own, of_versions(shipping, some.shipping_version))
            decided = _decided(some, verdicts, of_versions(compensation, some.terms_version))
            for name, column in decided.items():
                made[name][place] = column
    return compared(
        KIND,
        lambda row: str(uuid_of(int(rows.cause_hi[row]), int(rows.cause_lo[row]))),
        {name: getattr(rows, name).astype(np.int64) for name in _DECIDED},
        made,
        has_rules=rows.rules_version == RULES_VERSION,
    )


def _states(rows: BreachRows, d: Details) -> OrderStates:
    """The orders as they were judged: what is not stored with a breach bears on no verdict."""
    none = np.zeros(len(rows), np.int64)
    given = {name: column for name, column in rows.as_dict().items() if name in _STATE}
    far = {name: none + FAR_US for name in _STATE if name.endswith("_us") and name not in given}
    rest = {name: none for name in _STATE if name not in given and name not in far}
    return OrderStates(
        **{**given, **far, **rest, "scans": np.bincount(d.row, minlength=len(rows))}
    )


_STATE = OrderStates.names()


def _details_of(rows: BreachRows) -> Details:
    """The scans and refunds stored with these breaches; `row` is the breach's position."""
    found = sets.fetch_arrays(
        "SELECT u.n - 1, d.at_us, d.amount_minor, d.waybill_id, d.fact, d.recorded_us "
        "FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[]) "
        "WITH ORDINALITY AS u(seller_id, order_id, kind, n) "
        "JOIN orders_breach_detail d USING (seller_id, order_id, kind) ORDER BY u.n, d.number",
        [rows.seller_id, rows.order_id, rows.kind.astype(np.int16)],
        _DETAIL,
    )
    return Details(
        row=found["n"], kind=found["fact"].astype(np.int64), at_us=found["at_us"],
        recorded_us=found["recorded_us"], amount_minor=found["amount_minor"],
        waybill_id=found["waybill_id"],
    )  # fmt: skip


def _renumbered(d: Details, rows: Int, count: int) -> Details:
    place = np.full(count, -1)
    place[rows] = np.arange(len(rows))
    mine = d.take(place[d.row] >= 0)
    return Details(**{**mine.as_dict(), "row": place[mine.row]})


def _decided(rows: BreachRows, v: Verdicts, terms: Any) -> dict[str, Any]:
    """What the rules make of each breach; zeros where they find none of its kind."""
    v = v.take((v.excuse == Excuse.NONE) & (v.kind == rows.kind[v.row]))
    place = np.full(len(rows), -1)
    place[v.row] = np.arange(len(v))
    is_found = (place >= 0) & terms.is_promised

    def judged(name: str) -> Int:
        column = getattr(v, name)
        return np.where(is_found, column[place], 0) if len(v) else np.zeros(len(rows), np.int64)

    due, base = judged("due_us"), judged("base_minor")
    owed = owed_to_buyer(base, terms)
    left = np.maximum(terms.pair_day_most_minor - rows.pair_had_minor, 0)
    is_platforms = judged("is_platforms").astype(np.bool_)
    spared = without_punishment(terms, is_platforms)
    punitive = owed_to_platform(owed, rows.pair_had_minor, spared)
    high, low = causes_of(BREACH_CAUSE, due, rows.seller_id, rows.order_id, rows.kind)
    made = {
        "cause_hi": high, "cause_lo": low, "due_at": due, "since_us": judged("since_us"),
        "ground": judged("ground"), "base_minor": base, "owed_minor": owed,
        "buyer_minor": np.minimum(np.maximum(owed - rows.order_had_minor, 0), left),
        "platform_minor": np.maximum(punitive - rows.platform_had_minor, 0),
        "is_paid_by_itself": terms.is_paid_by_itself.astype(np.int64),
        "is_platforms": is_platforms.astype(np.int64),
    }  # fmt: skip
    return {name: np.where(is_found, column, 0) for name, column in made.items()}
