"""History as the database holds it: orders as they were known at the time, bucket by bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from xiaobao.database.sets import fetch_columns, fetch_rows
from xiaobao.kernel.clocks import days_of, us_of, zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.lab.history.knowing import as_it_was_known
from xiaobao.lab.history.seller_rows import rows_of
from xiaobao.lab.history.shapes import JUDGED, Place, Stretch, month_of, states_from
from xiaobao.orders.facts import DETAIL_KINDS, Details, FactKind, Facts
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from xiaobao.kernel.columns import Int
    from xiaobao.lab.history.tables import T

# A bucket is what is held in memory at once; so many orders make some 300 MB with their facts.
BUCKET_ORDERS = 250_000
# Fewer than these do not pay for going through all days once more.
LEAST_ORDERS, MANY_BUCKETS = 40_000, 8

_ORDER = {name: "ts" if name.endswith("_us") else "i8" for name in JUDGED}
_ORDER_COLUMNS = ", ".join(
    f"o.{name.removesuffix('_us')}_at" if name.endswith("_us") else f"o.{name}::bigint"
    for name in JUDGED
)
_DETAIL = {
    "row": "i8", "kind": "i2", "at_us": "ts", "recorded_us": "ts", "amount_minor": "i8",
    "waybill_id": "i8",
}  # fmt: skip
_FACT = {
    "seller_id": "i8", "order_id": "i8", "kind": "i2", "digest": "i8", "at_us": "ts",
    "recorded_us": "ts", "market_id": "i2", "buyer_id": "i8", "category_id": "i4",
    "goods_minor": "i8", "freight_minor": "i8", "ship_by_us": "ts", "ship_hours": "i4",
    "route": "i2", "reason": "i2", "amount_minor": "i8", "waybill_id": "i8",
}  # fmt: skip
# What a shop sold after it had left, and before it was back, was promised nothing under any pack.
_GONE = """
    gone AS MATERIALIZED (SELECT o.seller_id, o.order_id FROM (
            SELECT DISTINCT seller_id FROM sellers_standing WHERE event IN (8, 9)) AS e
        JOIN orders_order o USING (seller_id)
        WHERE o.market_id = %(market)s AND mod(o.seller_id, %(buckets)s) = %(bucket)s
        AND (SELECT k.event IN (8, 9) FROM sellers_standing k WHERE k.seller_id = o.seller_id
            AND k.event IN (3, 8, 9) AND k.happened_at <= o.ordered_at
            ORDER BY k.seq DESC LIMIT 1))"""
# Orders told late have rows of their own making; of the others the state that stands is all.
_LATE = """
    late AS MATERIALIZED (SELECT f.seller_id, f.order_id FROM orders_fact f
        LEFT JOIN gone USING (seller_id, order_id)
        WHERE gone.order_id IS NULL AND f.market_id = %(market)s
        AND mod(f.seller_id, %(buckets)s) = %(bucket)s
        AND f.kind <> %(line)s GROUP BY 1, 2 HAVING bool_or(
            (f.recorded_at AT TIME ZONE %(zone)s)::date
            > (f.happened_at AT TIME ZONE %(zone)s)::date))"""
_IN_TIME = """
    in_time AS (SELECT o.* FROM orders_order o LEFT JOIN late USING (seller_id, order_id)
        LEFT JOIN gone USING (seller_id, order_id)
        WHERE gone.order_id IS NULL AND o.market_id = %(market)s
        AND mod(o.seller_id, %(buckets)s) = %(bucket)s
        AND o.ordered_at < 'infinity' AND late.order_id IS NULL)"""
_ORDERS = f"""
    WITH {_GONE}, {_LATE}, {_IN_TIME} SELECT {_ORDER_COLUMNS} FROM in_time o
    ORDER BY o.seller_id, o.order_id
"""
_DETAILS = f"""
    WITH {_GONE}, {_LATE}, {_IN_TIME}, numbered AS (
        SELECT seller_id, order_id, row_number() OVER (ORDER BY seller_id, order_id) - 1 AS n
        FROM in_time)
    SELECT n, f.kind, f.happened_at, f.recorded_at, coalesce(f.amount_minor, 0),
        coalesce(f.waybill_id, 0) FROM numbered JOIN orders_fact f USING (seller_id, order_id)
    WHERE f.kind = ANY(%(kinds)s::smallint[])
"""
_FACTS = f"""
    WITH {_GONE}, {_LATE} SELECT f.seller_id, f.order_id, f.kind, f.digest, f.happened_at,
        f.recorded_at, f.market_id, coalesce(f.buyer_id, 0), coalesce(f.category_id, 0),
        coalesce(f.goods_minor, 0), coalesce(f.freight_minor, 0),
        coalesce(f.ship_by_at, 'infinity'), coalesce(f.ship_hours, 0),
        coalesce(f.route, 0::smallint), coalesce(f.reason, 0::smallint),
        coalesce(f.amount_minor, 0), coalesce(f.waybill_id, 0)
    FROM late JOIN orders_fact f USING (seller_id, order_id)
"""


def buckets_for(orders: int) -> int:
    """So many that each fits into memory, and enough to be shared among processors."""
    wanted = min(-(-orders // LEAST_ORDERS), MANY_BUCKETS)
    return max(wanted, -(-orders // BUCKET_ORDERS), 1)


class StoredHistory:
    """The history of one market."""

    def __init__(self, market: str, buckets: int) -> None:
        self.place = place_of(market)
        self.buckets = buckets
        self._zone = zone_of(self.place.zone)

    @classmethod
    def of_size(cls, market: str) -> Self:
        """In so many buckets that one fits into memory, whatever the history's size.

        :raises MarketUnknown: if no pack was published for it
        """
        found = promises.market(market)
        orders = sum(mark[0] for mark in fingerprints(found.market_id, found.zone, 1).values())
        return cls(market, buckets_for(orders))

    def _asked(self, bucket: int) -> dict[str, Any]:
        return {
            "market": self.place.market_id, "buckets": self.buckets, "bucket": bucket,
            "zone": self.place.zone, "line": int(FactKind.LINE),
            "kinds": np.array(DETAIL_KINDS, np.int64),
        }  # fmt: skip

    def stretches(self, bucket: int) -> Iterator[Stretch]:
        """The orders of a bucket of sellers, month by month."""
        whole = self._whole(bucket)
        month = _month_of_last_row(whole)
        for number in np.unique(month).tolist():
            yield whole.take(month == number, number)

    def _whole(self, bucket: int) -> Stretch:
        asked = self._asked(bucket)
        columns = fetch_columns(_ORDERS, asked, _ORDER)
        details = Details.of(**fetch_columns(_DETAILS, asked, _DETAIL))
        known = as_it_was_known(Facts.of(**fetch_columns(_FACTS, asked, _FACT)), self._zone)
        count = len(columns["seller_id"])
        none = np.zeros(count, np.int64)
        columns = {n: np.concatenate([c, getattr(known.states, n)]) for n, c in columns.items()}
        later = Details(**{**known.details.as_dict(), "row": known.details.row + count})
        return _in_order(
            columns,
            days_of(columns["ordered_us"], self._zone),
            np.concatenate([none, known.known_us]),
            np.concatenate([none + FAR_US, known.until_us]),
            Details.concat([details, later]),
            self.place.market_id,
        )

    def rows(self, table: type[T], bucket: int) -> T:
        """What one table says of a bucket of sellers."""
        return rows_of(table, self._asked(bucket))

    def order_names(self, seller_id: Int, order_id: Int) -> list[str]:
        """The outside names of these orders, row for row."""
        return _names(
            "orders_order o USING (seller_id, order_id)", "o.order_name", seller_id, order_id
        )

    def seller_names(self, seller_id: Int) -> list[str]:
        """The outside names of these sellers, row for row."""
        return _names("sellers_seller s USING (seller_id)", "s.name", seller_id, seller_id)


def _month_of_last_row(whole: Stretch) -> Int:
    """The month of each order as it stands now: all its rows lie together."""
    seller, order = whole.states.seller_id, whole.states.order_id
    is_last = np.ones(len(whole), np.bool_)
    is_last[:-1] = (order[1:] != order[:-1]) | (seller[1:] != seller[:-1])
    last = np.flatnonzero(is_last)
    return month_of(whole.ordered_day)[last[np.searchsorted(last, np.arange(len(whole)))]]


def _names(join: str, column: str, seller_id: Int, order_id: Int) -> list[str]:
    found: NDArray[Any] = fetch_columns(
        f"SELECT {column} FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY "
        f"AS u(seller_id, order_id, n) JOIN {join} ORDER BY u.n",
        [seller_id, order_id],
        {"name": "text"},
    )["name"]
    return [str(name) for name in found.tolist()]


def _in_order(
    columns: dict[str, Int], day: Int, known: Int, until: Int, d: Details, market_id: int
) -> Stretch:
    """By seller, order and turn; details by order, parcel and time."""
    rank = np.lexsort((until, columns["order_id"], columns["seller_id"]))
    place = np.empty(len(rank), np.int64)
    place[rank] = np.arange(len(rank))
    row = place[d.row]
    by_row = np.lexsort((d.at_us, d.waybill_id, row))
    states = states_from({name: column[rank] for name, column in columns.items()}, market_id)
    details = Details(**{**d.as_dict(), "row": row}).take(by_row)
    return Stretch(0, states, day[rank], known[rank], until[rank], details)


def place_of(market: str) -> Place:
    """The market as published.

    :raises MarketUnknown: if no pack was published for it
    """
    found = promises.market(market)
    withdrawn = promises.withdrawn_packs()
    packs = tuple(
        {"name": p.name, "version": p.version, "sha256": p.sha256,
         "files": promises.pack_files(p.pack_id)}
        for p in promises.packs()
        if p.market_id == found.market_id and p.pack_id not in withdrawn
    )  # fmt: skip
    line = promises.line_of(found.market_id)
    return Place(
        found.name, found.market_id, found.currency, found.zone,
        tuple(promises.categories(found.market_id)), line, packs, _horizon_us(),
    )  # fmt: skip


def _horizon_us() -> int:
    """How far time has been lived: the last window that was closed, or the last fact told."""
    rows = fetch_rows(
        "SELECT greatest((SELECT max(ends_at) FROM work_window), "
        "(SELECT max(recorded_at) FROM orders_fact))"
    )
    return 0 if rows[0][0] is None else us_of(rows[0][0])


def fingerprints(
    market_id: int, zone: str, buckets: int
) -> dict[tuple[int, int], tuple[int, int]]:
    """Orders and facts of each month and bucket: facts are only added, so equal is unchanged."""
    rows = fetch_rows(
        "SELECT (date_part('year', d) - 1970)::int * 12 + date_part('month', d)::int - 1, bucket, "
        "count(*), sum(facts)::bigint FROM (SELECT ordered_at AT TIME ZONE %(zone)s AS d, "
        "mod(seller_id, %(buckets)s)::int AS bucket, facts FROM orders_order "
        "WHERE market_id = %(market)s AND ordered_at < 'infinity') AS o GROUP BY 1, 2",
        {"zone": zone, "buckets": buckets, "market": market_id},
    )
    return {(month, bucket): (count, facts) for month, bucket, count, facts in rows}
