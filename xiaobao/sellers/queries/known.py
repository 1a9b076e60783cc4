"""Questions others ask about sellers: who is known, where they stand, what they cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of
from xiaobao.sellers.facts import (
    PROFILE_PARTS,
    Event,
    ItemRow,
    PromiseRow,
    SellerRow,
    SignatureRow,
    Standing,
    StandingRow,
    Standings,
)
from xiaobao.sellers.rules import causes_in, completeness

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from xiaobao.database.trips import Asked
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.sellers.facts import Completeness

    V = TypeVar("V")


class SellerNotFound(Problem):
    """No seller has the outside name asked for."""

    code: ClassVar[str] = "seller_not_found"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = "seller 字段：没有名为“{seller}”的卖家；请核对名称，或先让其加入"
    en: ClassVar[str] = "seller: nobody is called '{seller}'; check the name, or enrol the seller"


_SELLER = (
    "SELECT seller_id, name, market_id, currency, category, is_natural_person, state, "
    "restricted_by, invited_at, since FROM sellers_seller"
)


def standing(seller_ids: Int) -> Standings:
    """Where these sellers stand, one row per seller known, in the order of ids."""
    return ask_standing(seller_ids).answer


def ask_standing(seller_ids: Int) -> Asked[Standings]:
    """As `standing`; asked with whatever is asked or done next."""
    return sets.ask_arrays(
        "SELECT seller_id, market_id, state, restricted_by, seq, since FROM sellers_seller "
        "WHERE seller_id = ANY(%s::bigint[]) ORDER BY seller_id",
        [seller_ids],
        {
            "seller_id": "i8", "market_id": "i2", "state": "i2", "restricted_by": "i2",
            "seq": "i4", "since_us": "ts",
        },
        Standings.of,
    )  # fmt: skip


def states_of(seller_ids: Int) -> Int:
    """The standing of each of these, row for row; 0 for an id nobody has."""
    now = standing(np.unique(seller_ids))
    place = np.searchsorted(now.seller_id, seller_ids)
    is_there = np.append(now.seller_id, 0)[place] == seller_ids
    return np.where(is_there, np.append(now.state, 0)[place], 0)


def known(seller_ids: Int) -> Mask:
    """Which of these, row for row, are sellers."""
    return np.isin(seller_ids, _market_columns(np.unique(seller_ids))[0])


def markets_of(seller_ids: Int) -> Int:
    """The market of each, row for row; 0 where the seller is unknown."""
    ids, markets = _market_columns(np.unique(seller_ids))
    if len(ids) == 0:
        return np.zeros(len(seller_ids), np.int64)
    place = np.minimum(np.searchsorted(ids, seller_ids), len(ids) - 1)
    return np.where(ids[place] == seller_ids, markets[place], 0)


def _market_columns(seller_ids: Int) -> tuple[Int, Int]:
    columns = sets.fetch_arrays(
        "SELECT seller_id, market_id FROM sellers_seller WHERE seller_id = ANY(%s::bigint[]) "
        "ORDER BY seller_id",
        [seller_ids],
        {"seller_id": "i8", "market_id": "i2"},
    )
    return columns["seller_id"], columns["market_id"].astype(np.int64)


def sellers_of(market_id: int) -> Int:
    """Every seller of a market, in the order of ids."""
    return sets.fetch_arrays(
        "SELECT seller_id FROM sellers_seller WHERE market_id = %s ORDER BY seller_id",
        [market_id],
        {"seller_id": "i8"},
    )["seller_id"]


def names_of(seller_ids: Int) -> dict[int, str]:
    """Outside names by id, of those known."""
    rows = sets.fetch_rows(
        "SELECT seller_id, name FROM sellers_seller WHERE seller_id = ANY(%s::bigint[])",
        [seller_ids],
    )
    return dict(rows)


def names_and_markets_of(seller_ids: Int) -> dict[int, tuple[str, int]]:
    """Outside names and markets by id, of those known."""
    rows = sets.fetch_rows(
        "SELECT seller_id, name, market_id FROM sellers_seller "
        "WHERE seller_id = ANY(%s::bigint[])",
        [seller_ids],
    )
    return {seller_id: (name, market_id) for seller_id, name, market_id in rows}


def categories_of(seller_ids: Int) -> dict[int, str]:
    """The category each known seller joined under, by id."""
    rows = sets.fetch_rows(
        "SELECT seller_id, category FROM sellers_seller WHERE seller_id = ANY(%s::bigint[])",
        [seller_ids],
    )
    return dict(rows)


def covered(seller_ids: Int, item_ids: Int, at_us: Int) -> Mask:
    """Which items, row for row, were covered at the row's moment."""
    rows = sets.fetch_arrays(
        "SELECT u.n FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) WITH ORDINALITY "
        "AS u(seller_id, item_id, at, n) CROSS JOIN LATERAL ("
        "SELECT k.is_marked FROM sellers_mark k WHERE k.seller_id = u.seller_id "
        "AND k.item_id = u.item_id "
        "AND k.marked_at <= u.at ORDER BY k.marked_at DESC LIMIT 1) AS k WHERE k.is_marked",
        [seller_ids, item_ids, _moments(at_us)],
        {"n": "i8"},
    )
    mask = np.zeros(len(seller_ids), np.bool_)
    mask[rows["n"] - 1] = True
    return mask


def _moments(at_us: Int) -> np.typing.NDArray[np.datetime64]:
    return np.ascontiguousarray(at_us).view("M8[us]")


def promised(seller_ids: Int, promises: Int, at_us: Int) -> Mask:
    """Which promises, row for row, the seller gave at the row's moment."""
    return ask_promised(seller_ids, promises, at_us, np.asarray).answer


def ask_promised(
    seller_ids: Int, promises: Int, at_us: Int, made: Callable[[Mask], V]
) -> Asked[V]:
    """As `promised`, and what is `made` of it: asked with what else is asked meanwhile."""

    def mask_of(n: Int) -> V:
        mask = np.zeros(len(seller_ids), np.bool_)
        mask[n - 1] = True
        return made(mask)

    return sets.ask_arrays(
        "SELECT u.n FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) WITH ORDINALITY "
        "AS u(seller_id, promise, at, n) WHERE EXISTS (SELECT 1 FROM sellers_promise p "
        "WHERE p.seller_id = u.seller_id AND p.promise = u.promise AND p.began_at <= u.at "
        "AND (p.ended_at IS NULL OR p.ended_at > u.at))",
        [seller_ids, promises, _moments(at_us)],
        {"n": "i8"},
        mask_of,
    )


def seller(name: str) -> SellerRow | None:
    """The seller of this outside name."""
    if "\0" in name:  # PostgreSQL takes no NUL, so nobody is called so
        return None
    rows = sets.fetch_rows(f"{_SELLER} WHERE seller_id = %s AND name = %s", [id_of(name), name])
    return _seller_row(rows[0]) if rows else None


def seller_named(name: str) -> SellerRow:
    """:raises SellerNotFound: where no seller has this outside name"""
    found = seller(name)
    if found is None:
        raise SellerNotFound(seller=name)
    return found


def sellers(
    *,
    market_id: int | None = None,
    state: Standing | None = None,
    after: str = "",
    limit: int = 100,
) -> list[SellerRow]:
    """Sellers by name, at most `limit`, after the name given."""
    rows = sets.fetch_rows(
        f"{_SELLER} WHERE (%(market)s::smallint IS NULL OR market_id = %(market)s) "
        "AND (%(state)s::smallint IS NULL OR state = %(state)s) AND name > %(after)s "
        "ORDER BY name LIMIT %(limit)s",
        {"market": market_id, "state": state, "after": after, "limit": limit},
    )
    return [_seller_row(row) for row in rows]


def counts_by_standing(market_id: int | None = None) -> dict[Standing, int]:
    """How many sellers stand where; every standing is named."""
    rows = sets.fetch_rows(
        "SELECT state, count(*) FROM sellers_seller "
        "WHERE (%(market)s::smallint IS NULL OR market_id = %(market)s) GROUP BY state",
        {"market": market_id},
    )
    return dict.fromkeys(Standing, 0) | {Standing(row[0]): row[1] for row in rows}


def _seller_row(row: tuple[object, ...]) -> SellerRow:
    values: list[object] = list(row)
    values[6] = Standing(int(str(row[6])))
    values[7] = causes_in(int(str(row[7])))
    return SellerRow(*values)  # type: ignore[arg-type]


def history_of(seller_id: int) -> list[StandingRow]:
    """Every entry of a seller's standing, oldest first."""
    rows = sets.fetch_rows(
        "SELECT seq, event, state, restricted_by, happened_at FROM sellers_standing "
        "WHERE seller_id = %s ORDER BY seq",
        [seller_id],
    )
    return [StandingRow(r[0], Event(r[1]), Standing(r[2]), causes_in(r[3]), r[4]) for r in rows]


def signatures_of(seller_id: int) -> list[SignatureRow]:
    rows = sets.fetch_rows(
        "SELECT version, language, text_sha256, signed_at, signed_by FROM sellers_signature "
        "WHERE seller_id = %s ORDER BY signed_at, version, language",
        [seller_id],
    )
    return [SignatureRow(*row) for row in rows]


def promises_of(seller_id: int) -> list[PromiseRow]:
    """Every span of every promise, by promise and beginning."""
    rows = sets.fetch_rows(
        "SELECT promise, began_at, ended_at FROM sellers_promise WHERE seller_id = %s "
        "ORDER BY promise, began_at",
        [seller_id],
    )
    return [PromiseRow(*row) for row in rows]


def items_of(
    seller_id: int, *, only_marked: bool = False, after: str = "", limit: int = 100
) -> list[ItemRow]:
    """Items by name with their latest mark, at most `limit`, after the name given."""
    rows = sets.fetch_rows(
        "SELECT i.item_id, i.name, k.is_marked, k.marked_at FROM sellers_item i "
        "CROSS JOIN LATERAL (SELECT m.is_marked, m.marked_at FROM sellers_mark m "
        "WHERE m.seller_id = i.seller_id AND m.item_id = i.item_id "
        "ORDER BY m.marked_at DESC LIMIT 1) AS k "
        "WHERE i.seller_id = %s AND i.name > %s AND (k.is_marked OR NOT %s) "
        "ORDER BY i.name LIMIT %s",
        [seller_id, after, only_marked, limit],
    )
    return [ItemRow(*row) for row in rows]


def items_covered(seller_id: int) -> int:
    """How many items are covered now."""
    rows = sets.fetch_rows(
        "SELECT count(*) FROM (SELECT DISTINCT ON (item_id) is_marked FROM sellers_mark "
        "WHERE seller_id = %s ORDER BY item_id, marked_at DESC) AS latest WHERE is_marked",
        [seller_id],
    )
    return int(rows[0][0])


def profile_of(seller_id: int) -> dict[str, str]:
    """The parts of the profile by field; empty where not given."""
    fields = [part.field for part in PROFILE_PARTS]
    rows = sets.fetch_rows(
        f"SELECT {', '.join(fields)} FROM sellers_profile WHERE seller_id = %s", [seller_id]
    )
    return dict(zip(fields, rows[0], strict=True)) if rows else dict.fromkeys(fields, "")


def profile_completeness(seller_id: int) -> Completeness:
    return completeness(profile_of(seller_id))
