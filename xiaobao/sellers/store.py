"""The only code that writes or locks this room's tables; it decides nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.references import uuid_of
from xiaobao.sellers.facts import PROFILE_PARTS, PolicyNoticeRow, Standings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from xiaobao.kernel.columns import Int, Mask

_STANDING = {
    "seller_id": "i8", "market_id": "i2", "state": "i2", "restricted_by": "i2", "seq": "i4",
    "since_us": "ts",
}  # fmt: skip
_MARK = {
    "seller_id": "i8", "item_id": "i8", "marked_at": "ts", "is_marked": "bool", "batch": "uuid"
}  # fmt: skip
_PROFILE_FIELDS = tuple(part.field for part in PROFILE_PARTS)


def add_sellers(
    seller_ids: Int,
    names: Sequence[str],
    categories: Sequence[str],
    is_natural: Mask,
    *,
    market_id: int,
    currency: str,
    at_us: int,
    state: int,
) -> Int:
    """Insert who is not there; return the ids that were new. Rows in the order of ids."""
    order = np.argsort(seller_ids)
    rows = sets.fetch_rows(
        "INSERT INTO sellers_seller (seller_id, name, market_id, currency, category, "
        "is_natural_person, invited_at, state, restricted_by, seq, since) "
        "SELECT u.seller_id, u.name, %(market)s, %(currency)s, u.category, u.is_natural, "
        "%(at)s::timestamptz, %(state)s, 0, 1, %(at)s::timestamptz "
        "FROM unnest(%(ids)s::bigint[], %(names)s::text[], %(categories)s::text[], "
        "%(natural)s::bool[]) AS u(seller_id, name, category, is_natural) "
        "ON CONFLICT (seller_id) DO NOTHING RETURNING seller_id",
        {
            "ids": seller_ids[order], "names": [names[i] for i in order],
            "categories": [categories[i] for i in order], "natural": is_natural[order],
            "market": market_id, "currency": currency, "state": state, "at": moment_of(at_us),
        },
    )  # fmt: skip
    return np.array([row[0] for row in rows], np.int64)


def names_and_markets(seller_ids: Int) -> dict[int, tuple[str, int]]:
    rows = sets.fetch_rows(
        "SELECT seller_id, name, market_id FROM sellers_seller "
        "WHERE seller_id = ANY(%s::bigint[])",
        [seller_ids],
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def hold(seller_ids: Int) -> Standings:
    """The standings of these sellers, locked in the order of ids until the transaction ends."""
    columns = sets.fetch_arrays(
        "SELECT seller_id, market_id, state, restricted_by, seq, since FROM sellers_seller "
        "WHERE seller_id = ANY(%s::bigint[]) ORDER BY seller_id FOR UPDATE",
        [seller_ids],
        _STANDING,
    )
    return Standings.of(**columns)


def move(after: Standings, event: int) -> None:
    """Write where these sellers stand now, and the entry that says how they came there."""
    sets.execute(
        "UPDATE sellers_seller s SET state = u.state, restricted_by = u.restricted_by, "
        "seq = u.seq, "
        "since = CASE WHEN s.state = u.state THEN s.since ELSE u.since END "
        "FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], "
        "%s::timestamptz[]) AS u(seller_id, state, restricted_by, seq, since) "
        "WHERE s.seller_id = u.seller_id",
        [
            after.seller_id, after.state, after.restricted_by, after.seq,
            after.since_us.view("M8[us]"),
        ],
    )  # fmt: skip
    write_entries(after, event)


def write_entries(after: Standings, event: int) -> None:
    columns = after.as_dict() | {
        "event": np.full(len(after), event, np.int64), "happened_at": after.since_us
    }  # fmt: skip
    sets.copy_in(
        "sellers_standing",
        columns,
        {
            "seller_id": "i8", "seq": "i4", "event": "i2", "state": "i2", "restricted_by": "i2",
            "happened_at": "ts",
        },
    )  # fmt: skip


def add_signatures(
    seller_ids: Int, *, version: str, language: str, sha256: str, signed_by: str, at_us: int
) -> None:
    count = len(seller_ids)
    sets.copy_in(
        "sellers_signature",
        {
            "seller_id": seller_ids, "version": [version] * count, "language": [language] * count,
            "text_sha256": [sha256] * count, "signed_at": np.full(count, at_us, np.int64),
            "signed_by": [signed_by] * count,
        },
        {
            "seller_id": "i8", "version": "text", "language": "text", "text_sha256": "text",
            "signed_at": "ts", "signed_by": "text",
        },
    )  # fmt: skip


def signed_already(seller_ids: Int, *, version: str, language: str) -> Mask:
    """Who signed this version since they were last invited."""
    rows = sets.fetch_rows(
        "SELECT DISTINCT g.seller_id FROM sellers_signature g "
        "JOIN (SELECT seller_id, max(happened_at) AS at FROM sellers_standing "
        "WHERE seller_id = ANY(%s::bigint[]) AND event = 1 GROUP BY seller_id) i "
        "ON i.seller_id = g.seller_id AND g.signed_at >= i.at "
        "WHERE g.version = %s AND g.language = %s",
        [seller_ids, version, language],
    )
    return np.isin(seller_ids, np.array([row[0] for row in rows], np.int64))


def begin_promises(seller_ids: Int, promises: Int, at_us: int) -> int:
    """Begin what does not run yet; return how many were begun. One row per seller and promise."""
    return sets.execute(
        "INSERT INTO sellers_promise (seller_id, promise, began_at) "
        "SELECT u.seller_id, u.promise, %s::timestamptz "
        "FROM unnest(%s::bigint[], %s::bigint[]) AS u(seller_id, promise) "
        "ON CONFLICT DO NOTHING",
        [moment_of(at_us), seller_ids, promises],
    )


def end_promises(seller_ids: Int, promises: Int, at_us: int) -> int:
    return sets.execute(
        "UPDATE sellers_promise p "
        "SET ended_at = %s::timestamptz "
        "FROM unnest(%s::bigint[], %s::bigint[]) AS u(seller_id, promise) "
        "WHERE p.seller_id = u.seller_id AND p.promise = u.promise AND p.ended_at IS NULL",
        [moment_of(at_us), seller_ids, promises],
    )


def running_promises(seller_ids: Int) -> tuple[Int, Int]:
    """Sellers and promises, row for row, that run without an end."""
    columns = sets.fetch_arrays(
        "SELECT seller_id, promise FROM sellers_promise "
        "WHERE seller_id = ANY(%s::bigint[]) AND ended_at IS NULL ORDER BY seller_id, promise",
        [seller_ids],
        {"seller_id": "i8", "promise": "i2"},
    )
    return columns["seller_id"], columns["promise"].astype(np.int64)


def add_items(seller_id: int, item_ids: Int, names: Sequence[str]) -> dict[int, str]:
    """Insert the items that are not there; return every name as it is kept."""
    sets.execute(
        "INSERT INTO sellers_item (seller_id, item_id, name) "
        "SELECT %s, u.item_id, u.name FROM unnest(%s::bigint[], %s::text[]) AS u(item_id, name) "
        "ORDER BY u.item_id ON CONFLICT DO NOTHING",
        [seller_id, item_ids, list(names)],
    )
    rows = sets.fetch_rows(
        "SELECT item_id, name FROM sellers_item WHERE seller_id = %s "
        "AND item_id = ANY(%s::bigint[])",
        [seller_id, item_ids],
    )
    return {row[0]: row[1] for row in rows}


def last_marks(seller_id: int, item_ids: Int) -> tuple[Int, Mask, Int]:
    """The items that have marks, whether the latest covers them, and since when."""
    columns = sets.fetch_arrays(
        "SELECT DISTINCT ON (item_id) item_id, is_marked, marked_at FROM sellers_mark "
        "WHERE seller_id = %s AND item_id = ANY(%s::bigint[]) "
        "ORDER BY item_id, marked_at DESC",
        [seller_id, item_ids],
        {"item_id": "i8", "is_marked": "bool", "marked_at": "ts"},
    )
    return columns["item_id"], columns["is_marked"], columns["marked_at"]


def covered_items(seller_id: int, *, before_us: int) -> Int:
    """The items covered now, by a mark made before that moment."""
    return sets.fetch_arrays(
        "SELECT item_id FROM (SELECT DISTINCT ON (item_id) item_id, is_marked, marked_at "
        "FROM sellers_mark WHERE seller_id = %s ORDER BY item_id, marked_at DESC) AS latest "
        "WHERE is_marked AND marked_at < %s::timestamptz ORDER BY item_id",
        [seller_id, moment_of(before_us)],
        {"item_id": "i8"},
    )["item_id"]


def standing_of_batch(seller_id: int, hi: int, lo: int) -> Int:
    """The items whose latest mark is still the one that this act set."""
    return sets.fetch_arrays(
        "SELECT m.item_id FROM sellers_mark m WHERE m.seller_id = %s AND m.batch = %s "
        "AND NOT EXISTS (SELECT 1 FROM sellers_mark l WHERE l.seller_id = m.seller_id "
        "AND l.item_id = m.item_id AND l.marked_at > m.marked_at) ORDER BY m.item_id",
        [seller_id, uuid_of(hi, lo)],
        {"item_id": "i8"},
    )["item_id"]


def add_marks(
    seller_id: int, item_ids: Int, *, is_marked: bool, at_us: int, batch: tuple[int, int]
) -> None:
    count = len(item_ids)
    columns: dict[str, Any] = {
        "seller_id": np.full(count, seller_id, np.int64), "item_id": item_ids,
        "marked_at": np.full(count, at_us, np.int64), "is_marked": np.full(count, is_marked),
        "batch_hi": np.full(count, batch[0], np.int64),
        "batch_lo": np.full(count, batch[1], np.int64),
    }  # fmt: skip
    sets.copy_in("sellers_mark", columns, _MARK)


def write_profile(seller_id: int, changes: Mapping[str, str], at_us: int) -> None:
    """Set the named parts; a profile not there yet begins with the rest empty."""
    values = {field: changes.get(field, "") for field in _PROFILE_FIELDS}
    columns = ", ".join(_PROFILE_FIELDS)
    chosen = [field for field in _PROFILE_FIELDS if field in changes]
    given = ", ".join(f"%({field})s" for field in _PROFILE_FIELDS)
    kept = ", ".join(f"{field} = EXCLUDED.{field}" for field in [*chosen, "updated_at"])
    sets.execute(
        f"INSERT INTO sellers_profile (seller_id, {columns}, updated_at) "
        f"VALUES (%(seller_id)s, {given}, %(at)s::timestamptz) "
        f"ON CONFLICT (seller_id) DO UPDATE SET {kept}",
        {**values, "seller_id": seller_id, "at": moment_of(at_us)},
    )


def add_payee_change(
    seller_id: int, before: Mapping[str, str], after: Mapping[str, str], *, by: str, at_us: int
) -> int:
    """Keep that money goes back elsewhere; return the number of the change."""
    ((number,),) = sets.fetch_rows(
        "INSERT INTO sellers_payee (seller_id, seq, changed_at, changed_by, account, "
        "account_before, holder, holder_before, phone_before) SELECT %(seller)s, "
        "coalesce(max(seq), 0) + 1, %(at)s::timestamptz, %(by)s, %(account)s, "
        "%(account_before)s, %(holder)s, %(holder_before)s, %(phone)s FROM sellers_payee "
        "WHERE seller_id = %(seller)s RETURNING seq",
        {"seller": seller_id, "at": moment_of(at_us), "by": by, "phone": before["phone"],
         "account": after["payout_account"], "account_before": before["payout_account"],
         "holder": after["legal_name"], "holder_before": before["legal_name"]},
    )  # fmt: skip
    return int(number)


def profile(seller_id: int) -> dict[str, str]:
    """The parts of the profile just written."""
    parts = ", ".join(_PROFILE_FIELDS)
    asked = f"SELECT {parts} FROM sellers_profile WHERE seller_id = %s"
    (row,) = sets.fetch_rows(asked, [seller_id])
    return dict(zip(_PROFILE_FIELDS, row, strict=True))


def add_notices(notices: Mapping[int, PolicyNoticeRow]) -> list[int]:
    """Write what sellers are told of a version; return those who had not been told before."""
    rows = [{"seller_id": s, **vars(n), "told_at": n.told_at.isoformat()}
            for s, n in notices.items()]  # fmt: skip
    found = sets.fetch_rows(
        "INSERT INTO sellers_notice (seller_id, pack_id, told_at, orders, before_minor, "
        "after_minor, lines) SELECT * FROM jsonb_to_recordset(%s::jsonb) AS n(seller_id bigint, "
        "pack_id bigint, told_at timestamptz, orders bigint, before_minor bigint, "
        "after_minor bigint, lines jsonb) ON CONFLICT DO NOTHING RETURNING seller_id",
        [json.dumps(rows)],
    )
    return sorted(row[0] for row in found)


def add_answer(seller_id: int, pack_id: int, *, is_accepted: bool, by: str, at: datetime) -> int:
    """The answer's number among this seller's to this pack, from 1; the seller is held."""
    rows = sets.fetch_rows(
        "INSERT INTO sellers_answer (seller_id, pack_id, seq, is_accepted, said_at, said_by) "
        "SELECT %(seller)s, %(pack)s, coalesce(max(seq), 0) + 1, %(accepted)s, %(at)s, %(by)s "
        "FROM sellers_answer WHERE seller_id = %(seller)s AND pack_id = %(pack)s RETURNING seq",
        {"seller": seller_id, "pack": pack_id, "accepted": is_accepted, "at": at, "by": by},
    )
    return int(rows[0][0])
