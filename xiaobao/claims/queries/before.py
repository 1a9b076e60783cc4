"""What happened before a claim that bears on it: purchases and claims of the same buyer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import Ask
from xiaobao.claims.terms import ClaimRules
from xiaobao.database import sets
from xiaobao.kernel.clocks import DAY_US
from xiaobao.orders import queries as orders
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimFacts, Claims
    from xiaobao.database.trips import Asked
    from xiaobao.kernel.columns import Int


def rules_of(claims: Claims) -> ClaimRules:
    """The terms on patterns and abuse in force when each claim's order was placed."""
    if len(claims) == 1:
        book = promises.book_of(ClaimRules, int(claims.market_id[0]))
        return book.in_force(claims.ordered_us)
    parts, places = [], []
    for market_id in np.unique(claims.market_id).tolist():
        here = np.flatnonzero(claims.market_id == market_id)
        book = promises.book_of(ClaimRules, market_id)
        parts.append(book.in_force(claims.ordered_us[here]))
        places.append(here)
    order = np.argsort(np.concatenate(places))
    return ClaimRules.concat(parts).take(order)


def pattern_days_of(claims: Claims) -> Int:
    """How far back other claims on an item count towards a pattern."""
    return rules_of(claims).pattern_days if len(claims) else np.zeros(0, np.int64)


_BEFORE = """
    SELECT u.n - 1, o.order_id, o.goods_minor, o.compensation_minor
    FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::smallint[],
        %s::bigint[], %s::timestamptz[]) WITH ORDINALITY
        AS u (seller_id, claim_id, buyer_id, item_id, kind, order_id, since, n)
    JOIN claims_claim AS o ON o.seller_id = u.seller_id AND o.buyer_id = u.buyer_id
        AND o.item_id = u.item_id AND o.kind = u.kind AND o.filed_at >= u.since
        AND o.claim_id <> u.claim_id AND o.compensation_minor > 0
"""


def with_purchases_before(facts: ClaimFacts, claims: Claims) -> ClaimFacts:
    """The facts with the units claimed about, and what like claims of the buyer had before.

    Asked only of claims for what the law pays: those are taken together within a time that the
    pack sets. Whichever is paid first counts as before, so that none is paid twice.
    """
    rows = np.flatnonzero((claims.ask == Ask.STATUTORY) & (claims.item_id != 0))
    if len(rows) == 0:
        return facts
    asking = claims.take(rows)
    since = asking.filed_us - rules_of(asking).reasonable_days * DAY_US
    found = sets.fetch_arrays(
        _BEFORE,
        [
            asking.seller_id, asking.claim_id, asking.buyer_id, asking.item_id,
            asking.kind.astype(np.int16), asking.order_id, since.view("M8[us]"),
        ],
        {"row": "i8", "order_id": "i8", "goods_minor": "i8", "paid_minor": "i8"},
    )  # fmt: skip
    of = found["row"]
    units = orders.units_of(asking.seller_id, asking.order_id, asking.item_id)
    before = orders.units_of(asking.seller_id[of], found["order_id"], asking.item_id[of])
    return replace(
        facts,
        units=_put(facts.units, rows, np.maximum(units, 1)),
        before_units=_put(facts.before_units, rows, _sums(of, before, len(rows))),
        before_goods_minor=_put(
            facts.before_goods_minor, rows, _sums(of, found["goods_minor"], len(rows))
        ),
        before_paid_minor=_put(
            facts.before_paid_minor, rows, _sums(of, found["paid_minor"], len(rows))
        ),
    )


def _sums(of: Int, amounts: Int, count: int) -> Int:
    total = np.zeros(count, np.int64)
    np.add.at(total, of, amounts)
    return total


def _put(column: Int, rows: Int, values: Int) -> Int:
    filled = column.copy()
    filled[rows] = values
    return filled


def ask_bought(claims: Claims) -> Asked[Int]:
    """How many units of its item each claim's buyer ordered in the time that the pack sets."""
    days = rules_of(claims).reasonable_days
    until = claims.filed_us + 1
    return orders.ask_units_sold(
        claims.seller_id, claims.item_id, until - days * DAY_US, until, claims.buyer_id
    )


def ask_filed_before(claims: Claims) -> Asked[Int]:
    """How many other claims each buyer filed with the shop in the time that the pack sets."""
    since = claims.filed_us - rules_of(claims).frequent_days * DAY_US

    def by_row(row: Int, count: Int) -> Int:
        found = np.zeros(len(claims), np.int64)
        found[row] = count
        return found

    return sets.ask_arrays(
        "SELECT u.n - 1, count(*) FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], "
        "%s::timestamptz[]) WITH ORDINALITY AS u (seller_id, claim_id, buyer_id, since, n) "
        "JOIN claims_claim AS o ON o.buyer_id = u.buyer_id AND o.filed_at >= u.since "
        "AND o.seller_id = u.seller_id AND o.claim_id <> u.claim_id GROUP BY u.n",
        [claims.seller_id, claims.claim_id, claims.buyer_id, since.view("M8[us]")],
        {"row": "i8", "count": "i8"},
        by_row,
    )
