"""One order whole: its facts, lines, open clocks and breaches, for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.database import sets
from xiaobao.kernel.references import id_of
from xiaobao.orders.facts import (
    CLOCK_WORDS,
    GROUND_WORDS,
    BreachKind,
    BreachRow,
    CancelReason,
    Clock,
    ClockRow,
    Contradiction,
    FactKind,
    FactRow,
    Ground,
    LineRow,
    OrderDetail,
    contradictions_in,
)

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.database.trips import Asked


def order_of(seller: str, order: str) -> OrderDetail | None:
    """One order by its outside names, whole: facts, offer, clocks, breaches."""
    return order_detail(id_of(seller), id_of(order))


def order_detail(seller_id: int, order_id: int) -> OrderDetail | None:
    """As `order_of`, by ids."""
    return ask_order(seller_id, order_id).answer


def ask_order(seller_id: int, order_id: int) -> Asked[OrderDetail | None]:
    """As `order_detail`, asked together with what else is asked meanwhile."""
    key = [seller_id, order_id]

    def whole(rows: list[tuple[Any, ...]]) -> OrderDetail | None:
        if not rows:
            return None
        name, buyer, market_id, goods, freight, ordered_at, flags = rows[0]
        return OrderDetail(
            seller_id, order_id, name, buyer, market_id, goods, freight, ordered_at,
            Contradiction(flags), contradictions_in(flags), told.answer, lines.answer,
            clocks.answer, breaches.answer,
        )  # fmt: skip

    # Asked first: what an order is made of never comes before it.
    order = sets.ask_rows(
        "SELECT o.order_name, f.buyer, o.market_id, o.goods_minor, o.freight_minor, "
        "nullif(o.ordered_at, 'infinity'), o.flags FROM orders_order o "
        "LEFT JOIN orders_fact f ON f.seller_id = o.seller_id AND f.order_id = o.order_id "
        "AND f.kind = 1 AND f.digest = o.placed_digest "
        "WHERE o.seller_id = %s AND o.order_id = %s",
        key,
        whole,
    )
    told, lines, clocks, breaches = (
        _facts_of(key), _lines_of(key), _clocks_of(key), _breaches_of(key)
    )  # fmt: skip
    return order


def last_orders_of(seller_id: int, until: datetime, limit: int) -> list[str]:
    """The names of a seller's last orders, placed by then."""
    rows = sets.fetch_rows(
        "SELECT order_name FROM orders_order WHERE seller_id = %s AND ordered_at <= %s "
        "ORDER BY ordered_at DESC LIMIT %s",
        [seller_id, until, limit],
    )
    return [row[0] for row in rows]


def _facts_of(key: list[int]) -> Asked[list[FactRow]]:
    return sets.ask_rows(
        "SELECT kind, happened_at, recorded_at, reason, amount_minor, waybill FROM orders_fact "
        "WHERE seller_id = %s AND order_id = %s ORDER BY happened_at, kind, digest",
        key,
        lambda rows: [_fact(*row) for row in rows],
    )


def _fact(kind: int, happened: Any, recorded: Any, reason: int | None, *rest: Any) -> FactRow:
    why = None if reason is None else CancelReason(reason)
    return FactRow(FactKind(kind), happened, recorded, why, *rest)


def _lines_of(key: list[int]) -> Asked[list[LineRow]]:
    """The offer at the order's own time; a snapshot under another time is kept but not shown."""
    return sets.ask_rows(
        "SELECT l.item, l.title, l.quantity, l.price_minor, l.is_covered, l.digest "
        "FROM orders_line l JOIN orders_order o USING (seller_id, order_id, ordered_at) "
        "WHERE l.seller_id = %s AND l.order_id = %s ORDER BY l.item, l.digest",
        key,
        lambda rows: [LineRow(*row) for row in rows],
    )


def open_clocks_of(seller_id: int, order_id: int) -> list[ClockRow]:
    """The clocks of an order that still run, the next one first, in words."""
    return _clocks_of([seller_id, order_id]).answer


def _clocks_of(key: list[int]) -> Asked[list[ClockRow]]:
    return sets.ask_rows(
        "SELECT clock, due_at FROM orders_watch WHERE seller_id = %s AND order_id = %s "
        "AND due_at < 'infinity' ORDER BY due_at, clock",
        key,
        lambda rows: [
            ClockRow(Clock(clock), due, CLOCK_WORDS[Clock(clock)]) for clock, due in rows
        ],
    )


def _breaches_of(key: list[int]) -> Asked[list[BreachRow]]:
    return sets.ask_rows(
        "SELECT kind, ground, due_at, base_minor, owed_minor, buyer_minor, platform_minor, "
        "terms_version FROM orders_breach WHERE seller_id = %s AND order_id = %s "
        "ORDER BY due_at, kind",
        key,
        lambda rows: [
            BreachRow(BreachKind(kind), Ground(ground), *rest, *[GROUND_WORDS[Ground(ground)]])
            for kind, ground, *rest in rows
        ],
    )
