"""Compensations, recoveries and reversals made again, from the book as it stood just before each.

What was free is read from the book's own postings: each carries the balance it left behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.advances.facts import Available, Backing, Borne, Leg, Owed
from xiaobao.advances.rules import (
    covered,
    from_own_money,
    recovery_postings,
    restoration,
    reversal_causes,
)
from xiaobao.database import sets
from xiaobao.database.arrays import uuids
from xiaobao.kernel.references import halves_of, uuid_of
from xiaobao.kernel.replays import compared
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Account, Balances, Op

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from xiaobao.kernel.columns import Int
    from xiaobao.kernel.replays import Replayed
    from xiaobao.ledger.queries import Movements

_SELLERS_AT_ONCE = 500
_SPLIT_PARTS = (
    "buyer_reserve", "buyer_deposit", "buyer_cover", "buyer_fund", "buyer_grant",
    "platform_reserve", "platform_deposit", "platform_cover", "platform_fund",
)  # fmt: skip
_KEY = {"seller_id": "i8", "cause": "uuid"}
_TABLES = {
    "compensation": ("advances_split", _SPLIT_PARTS),
    "recovery": ("advances_recovery", ("reserve", "deposit")),
    "reversal": (
        "advances_reversal", ("reserve", "deposit", "cover", "cancelled", "returned"),
    ),
}  # fmt: skip


def replayed_compensations() -> Iterator[Replayed]:
    """Who bore each compensation, made again in sets of sellers."""
    return _everything("compensation")


def replayed_recoveries() -> Iterator[Replayed]:
    """What each recovery took, made again in sets of sellers."""
    return _everything("recovery")


def replayed_reversals() -> Iterator[Replayed]:
    """What each reversal gave back, made again in sets of sellers."""
    return _everything("reversal")


def replayed_compensation(cause: UUID) -> Replayed | None:
    """One compensation made again; None where nothing was paid under this cause."""
    return _one("compensation", cause)


def replayed_recovery(cause: UUID) -> Replayed | None:
    """As `replayed_compensation`, of a recovery."""
    return _one("recovery", cause)


def replayed_reversal(cause: UUID) -> Replayed | None:
    """As `replayed_compensation`, of the reversal of what was paid under this cause."""
    return _one("reversal", cause)


def _everything(kind: str) -> Iterator[Replayed]:
    table, _ = _TABLES[kind]
    after = -(2**63)
    while True:
        found = sets.fetch_arrays(
            f"SELECT seller_id FROM (SELECT DISTINCT seller_id FROM {table} "
            "WHERE seller_id > %s ORDER BY seller_id LIMIT %s) AS s ORDER BY seller_id",
            [after, _SELLERS_AT_ONCE],
            {"seller_id": "i8"},
        )["seller_id"]
        if len(found) == 0:
            return
        yield _again(kind, _rows(kind, "seller_id = ANY(%s::bigint[])", [found]))
        after = int(found[-1])


def _one(kind: str, cause: UUID) -> Replayed | None:
    high, low = (np.array([half]) for half in halves_of(cause))
    rows = _rows(kind, "cause = ANY(%s::uuid[])", [uuids(high, low)])
    return _again(kind, rows) if len(rows["seller_id"]) else None


def _rows(kind: str, where: str, params: list[Any]) -> dict[str, Any]:
    table, parts = _TABLES[kind]
    moment = {"compensation": "decided_at", "recovery": "recovered_at"}.get(kind, "reversed_at")
    return sets.fetch_arrays(
        f"SELECT seller_id, cause, {moment}, {', '.join(parts)} FROM {table} WHERE {where} "
        "ORDER BY seller_id, cause",
        params,
        _KEY | {"at_us": "ts"} | dict.fromkeys(parts, "i8"),
    )


def _again(kind: str, rows: dict[str, Any]) -> Replayed:
    _, parts = _TABLES[kind]
    book = _Book.of(ledger.movements_of(np.unique(rows["seller_id"])))
    made = {"compensation": _borne, "recovery": _recovered, "reversal": _restored}[kind]
    again = made(rows, book)
    return compared(
        kind,
        lambda row: str(uuid_of(int(rows["cause_hi"][row]), int(rows["cause_lo"][row]))),
        {name: rows[name] for name in parts},
        {name: again[name] for name in parts},
    )


# -- the book just before ------------------------------------------------------------------------


# What became of the payout, however long after the compensation was decided.
_AFTERWARDS = (Leg.BUYER_PAID, Leg.PAYOUT_STOPPED)


@dataclass(frozen=True)
class _Book:
    """Postings of some sellers by number, and where those of a cause begin."""

    moves: Movements
    begins: dict[tuple[int, int, int], int]  # the first own movement of a cause
    held: dict[tuple[int, int, int], int]  # what a hold locked that a cause resolved

    @classmethod
    def of(cls, moves: Movements) -> _Book:
        own = (moves.op == Op.MOVE) & ~np.isin(moves.leg, _AFTERWARDS)
        keys = list(
            zip(
                moves.seller_id.tolist(), moves.cause_hi.tolist(), moves.cause_lo.tolist(),
                strict=True,
            )
        )  # fmt: skip
        begins: dict[tuple[int, int, int], int] = {}
        for place in np.flatnonzero(own).tolist():
            begins.setdefault(keys[place], place)
        resolved = np.isin(moves.op, (Op.CAPTURE, Op.RELEASE, Op.RETURN))
        held: dict[tuple[int, int, int], int] = {}
        for place in np.flatnonzero(resolved).tolist():
            held[keys[place]] = held.get(keys[place], 0) + int(moves.amount_minor[place])
        return cls(moves, begins, held)

    def places(self, rows: dict[str, Any], high: Int, low: Int) -> Int:
        """Where each row's cause begins; -1 where it moved nothing of its own."""
        keys = zip(rows["seller_id"].tolist(), high.tolist(), low.tolist(), strict=True)
        return np.array([self.begins.get(key, -1) for key in keys], np.int64)

    def before(self, account: Account, places: Int) -> Int:
        """The balance of an account just before each of these postings; 0 where there is none."""
        moves = self.moves
        is_in, is_out = moves.target == account, moves.source == account
        after = np.where(is_in, moves.target_after, moves.source_after)
        index = np.arange(len(after))
        last = np.maximum.accumulate(np.where(is_in | is_out, index, -1))
        previous = np.where(places > 0, last[np.maximum(places, 1) - 1], -1)
        same = moves.seller_id[np.maximum(previous, 0)] == moves.seller_id[np.maximum(places, 0)]
        known = (previous >= 0) & same & (places >= 0)
        return np.where(known, after[np.maximum(previous, 0)], 0)


def _borne(rows: dict[str, Any], book: _Book) -> dict[str, Any]:
    """The waterfall again: each cause by itself, on what was free when its turn came."""
    high, low, count = rows["cause_hi"], rows["cause_lo"], len(rows["cause_hi"])
    places = book.places(rows, high, low)
    keys = zip(rows["seller_id"].tolist(), high.tolist(), low.tolist(), strict=True)
    locked = np.array([book.held.get(key, 0) for key in keys], np.int64)
    buyer = sum(rows[name] for name in _SPLIT_PARTS if name.startswith("buyer"))
    platform = sum(rows[name] for name in _SPLIT_PARTS if name.startswith("platform"))
    none = np.zeros(count, np.int64)
    # Each row a seller of its own: what came before it stands in the book it is judged on.
    owed = Owed(np.arange(count), high, low, none, none, none, buyer, platform, rows["at_us"])
    behind = Backing(none, none, locked, rows["buyer_grant"], none > 0)
    # What its hold gave back to the deposit stands there already; the rule adds it itself.
    rest = np.maximum(locked - np.minimum(locked, buyer - rows["buyer_grant"]), 0)
    free = Available(
        book.before(Account.RESERVE, places), book.before(Account.DEPOSIT, places) - rest, none
    )
    own = from_own_money(owed, behind, free.reserve_minor, np.maximum(free.deposit_minor, 0))
    # What insurers paid is their own decision's: a fact here.
    split = covered(own, rows["buyer_cover"] + rows["platform_cover"])
    made = {name.removesuffix("_minor"): column for name, column in split.as_dict().items()}
    made["buyer_deposit"] = made["buyer_deposit"] + made["buyer_locked"]
    made["platform_deposit"] = made["platform_deposit"] + made["platform_locked"]
    return made


def _recovered(rows: dict[str, Any], book: _Book) -> dict[str, Any]:
    """Reserve, then deposit, towards the debt as it stood."""
    count = len(rows["seller_id"])
    places = book.places(rows, rows["cause_hi"], rows["cause_lo"])
    columns = {name: np.zeros(count, np.int64) for name in Balances.names()}
    for name, account in (
        ("fund", Account.FUND), ("reserve", Account.RESERVE), ("deposit", Account.DEPOSIT),
    ):  # fmt: skip
        columns[name] = book.before(account, places)
    columns["seller_id"] = np.arange(count)
    postings = recovery_postings(Balances(**columns), 0)
    made = {name: np.zeros(count, np.int64) for name in ("reserve", "deposit")}
    for name, source in (("reserve", Account.RESERVE), ("deposit", Account.DEPOSIT)):
        of = postings.take(postings.source == source)
        made[name][of.seller_id] = of.amount_minor
    return made


def _restored(rows: dict[str, Any], book: _Book) -> dict[str, Any]:
    """What was borne goes back; of the debt, what is left of it is struck out first."""
    count = len(rows["seller_id"])
    split = sets.fetch_arrays(
        "SELECT s.buyer_reserve + s.platform_reserve, s.buyer_deposit + s.platform_deposit, "
        "s.buyer_cover + s.platform_cover, s.buyer_fund + s.platform_fund "
        "FROM unnest(%s::bigint[], %s::uuid[]) WITH ORDINALITY AS k (seller_id, cause, n) "
        "JOIN advances_split s USING (seller_id, cause) ORDER BY k.n",
        [rows["seller_id"], uuids(rows["cause_hi"], rows["cause_lo"])],
        dict.fromkeys(("reserve_minor", "deposit_minor", "cover_minor", "fund_minor"), "i8"),
    )
    high, low = reversal_causes(rows["cause_hi"], rows["cause_lo"])
    debt = -book.before(Account.FUND, book.places(rows, high, low))
    borne = Borne(
        seller_id=np.arange(count), cause_hi=rows["cause_hi"], cause_lo=rows["cause_lo"], **split
    )
    back = restoration(borne, debt).as_dict()
    return {name.removesuffix("_minor"): column for name, column in back.items()}
