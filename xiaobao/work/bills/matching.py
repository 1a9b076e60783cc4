"""Lines of bills matched to what caused them: agreed ones are marked, others are differences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from django.db import transaction

from xiaobao.advances import acts as advances
from xiaobao.advances import queries as advances_now
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits import queries as deposits_now
from xiaobao.exits import acts as exits
from xiaobao.exits import queries as exits_now
from xiaobao.gateways.alipay.names import number_of
from xiaobao.gateways.bills import BillKind
from xiaobao.gateways.bills.vocabulary import UNKNOWN
from xiaobao.gateways.payments import Direction
from xiaobao.kernel.references import halves_of
from xiaobao.work.bill_lines import READ_FIRST
from xiaobao.work.bills.differing import Difference, Kind
from xiaobao.work.bills.moving import moved_lines
from xiaobao.work.bills.ours import SIGN, ours_named
from xiaobao.work.unowed import booked_back

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from xiaobao.deposits.facts import Moved
    from xiaobao.gateways.bills import Bill
    from xiaobao.work.bills.ours import Name, Ours

# Which way each kind of bill shows: transfers stand in the account's bill alone.
_SHOWS = {
    BillKind.ALIPAY_BUSINESS: {Direction.IN},
    BillKind.ALIPAY_ACCOUNT: {Direction.IN, Direction.OUT},
    BillKind.WECHAT_TRADE: set(),
}


class _Line(NamedTuple):
    seller_id: int
    kind: int
    name: str
    number: str
    minor: int
    at: datetime
    line: int
    direction: int
    movement: UUID | None
    booking: str


@dataclass(frozen=True)
class Matched:
    """What comparing came to: lines that agree, payouts marked so now, and what differs."""

    lines: int
    agreed: int
    agreed_in_minor: int
    agreed_out_minor: int
    reconciled: int
    differences: tuple[Difference, ...]


@transaction.atomic
def match_bill(bill: Bill) -> Matched:
    """Compare a bill's lines with our books, and our books with it over its span.

    Asked again it says what stands then: what was heard meanwhile is no difference any more.
    """
    lines = _lines_named(bill.kind, [row.name for row in bill.rows])
    by_name = {line.name: line for line in lines}
    changed = [
        Difference(
            Kind.CHANGED if known.number == row.number else Kind.MOVED, known.seller_id,
            known.movement, row.line, row.name, row.number, known.minor, row.fen, row.at,
        )
        for row in bill.rows
        if (known := by_name[row.name]).minor != row.fen or known.number != row.number
    ]  # fmt: skip
    compared = _compared(lines, marks=True)
    missing: list[Difference] = []
    if bill.begins is not None and bill.ends is not None:
        missing = _missing(bill.kind, bill.begins, bill.ends, set(by_name))
    return replace(compared, differences=(*changed, *compared.differences, *missing))


@transaction.atomic
def match_day(begins: datetime, ends: datetime, *, marks: bool = False) -> Matched:
    """As `match_bill`, of every line of every bill read that happened in [begins, ends).

    For whoever only looks, nothing is marked.
    """
    kinds = [
        BillKind(row[0])
        for row in fetch_rows(
            "SELECT DISTINCT kind FROM work_bill WHERE begins_at <= %s AND ends_at >= %s",
            [begins, ends],
        )
    ]
    lines = _lines_where("l.happened_at >= %s AND l.happened_at < %s", [begins, ends])
    compared = _compared(lines, marks=marks)
    missing = [d for kind in sorted(kinds) for d in _missing(kind, begins, ends)]
    return replace(
        compared,
        differences=(*moved_lines(begins, ends), *compared.differences, *dict.fromkeys(missing)),
    )


def _lines_named(kind: BillKind, names: Sequence[str]) -> list[_Line]:
    return _lines_where("l.kind = %s AND l.name = ANY(%s)", [kind.value, list(names)])


def _lines_where(condition: str, values: Sequence[object]) -> list[_Line]:
    rows = fetch_rows(
        "SELECT seller_id, kind, name, number, amount_minor, happened_at, line, direction, "
        f"movement, booking FROM work_bill_line l WHERE {condition} AND {READ_FIRST} "
        "ORDER BY kind, line, name",
        values,
    )
    return [_Line(*row) for row in rows]


# -- lines beside our books -----------------------------------------------------------------------


def _compared(lines: Sequence[_Line], *, marks: bool) -> Matched:
    ours = ours_named({name for line in lines if (name := _name(line)) is not None})
    others = _others_about(lines)
    back = booked_back([line.name for line in lines if _may_be_back(line)])
    found = [(line, _kind_of(line, ours, others, back)) for line in lines]
    agreed = [line for line, kind in found if kind is None and _name(line) is not None]
    return Matched(
        lines=len(lines),
        agreed=len(agreed),
        agreed_in_minor=sum(line.minor for line in agreed if line.minor > 0),
        agreed_out_minor=-sum(line.minor for line in agreed if line.minor < 0),
        reconciled=_mark(agreed, ours) if marks else 0,
        differences=tuple(
            Difference(
                kind, line.seller_id, line.movement, line.line, line.name, line.number,
                _minor(ours, line), line.minor, line.at,
            )
            for line, kind in found
            if kind is not None
        ),
    )  # fmt: skip


def _may_be_back(line: _Line) -> bool:
    """Whether it could be what left unowed, come back under a number that is none of ours."""
    return line.kind == BillKind.ALIPAY_ACCOUNT and line.movement is None and line.minor > 0


def _name(line: _Line) -> Name | None:
    if line.movement is None:
        return None
    return Direction(line.direction), line.seller_id, line.movement


def _minor(ours: dict[Name, Ours], line: _Line) -> int | None:
    name = _name(line)
    mine = ours.get(name) if name is not None else None
    if mine is None:
        return None
    # The book let go of the sum, or never had it to pay.
    return 0 if mine.is_unowed else mine.minor


def _kind_of(
    line: _Line, ours: dict[Name, Ours], others: dict[tuple[int, Name], tuple[str, int]],
    back: dict[str, int],
) -> Kind | None:  # fmt: skip
    """Why a line differs; None where it agrees, or is none of ours and known by its remark.

    What we hold for failed or not owed, and what moved went back, to the fen, is explained; so
    is what left unowed once it is settled, whether what came back has our number or another.
    """
    name = _name(line)
    if name is None:
        is_back = _may_be_back(line) and back.get(line.name) == line.minor
        return Kind.NOT_OURS if line.booking == UNKNOWN and not is_back else None
    mine = ours.get(name)
    if mine is None:
        return Kind.UNKNOWN_HERE
    first, total = others[line.kind, name]
    if (mine.is_failed or mine.is_unowed) and total == 0:
        return None
    if mine.is_settled and total in (mine.minor, mine.minor + mine.back_minor):
        return None
    tests = (
        (first != line.name, Kind.TWICE),
        ((line.minor < 0) is not (mine.minor < 0), Kind.WRONG_WAY),
        (line.minor != mine.minor, Kind.OTHER_AMOUNT),
        (mine.is_failed, Kind.FAILED_YET_MOVED),
        (mine.is_unowed, Kind.PAID_UNOWED),
        (not mine.is_confirmed, Kind.STILL_OPEN),
    )
    return next((kind for holds, kind in tests if holds), None)


def _others_about(lines: Sequence[_Line]) -> dict[tuple[int, Name], tuple[str, int]]:
    """The line that is the first of its movement, in all bills of a kind; and what all come to.

    The next is one more.
    """
    about = [line for line in lines if line.movement is not None]
    rows = fetch_rows(
        "SELECT DISTINCT ON (l.kind, l.direction, l.seller_id, l.movement) "
        "l.kind, l.direction, l.seller_id, l.movement, l.name, sum(l.amount_minor) "
        "OVER (PARTITION BY l.kind, l.direction, l.seller_id, l.movement)::bigint "
        "FROM (SELECT DISTINCT * FROM unnest(%s::bigint[], %s::uuid[])) "
        "AS k (seller_id, movement) "
        f"JOIN work_bill_line l USING (seller_id, movement) WHERE {READ_FIRST} "
        "ORDER BY l.kind, l.direction, l.seller_id, l.movement, l.happened_at, l.name",
        [[line.seller_id for line in about], [line.movement for line in about]],
    )
    return {
        (kind, (Direction(direction), seller, movement)): (name, total)
        for kind, direction, seller, movement, name, total in rows
    }


def _mark(agreed: Sequence[_Line], ours: dict[Name, Ours]) -> int:
    """Payouts and refunds that both books have alike are marked so; return how many were new."""
    marked = 0
    for room, mark in (
        ("advances", advances.reconcile_payouts), ("exits", exits.reconcile_refunds)
    ):  # fmt: skip
        names = sorted(
            {name[1:] for line in agreed if (name := _name(line)) and ours[name].room == room}
        )
        if names:
            halves = [halves_of(one) for _, one in names]
            marked += mark(
                np.array([seller for seller, _ in names], np.int64),
                np.array([hi for hi, _ in halves], np.int64),
                np.array([lo for _, lo in halves], np.int64),
            )
    return marked


# -- our books beside the lines -------------------------------------------------------------------


def _missing(
    kind: BillKind, begins: datetime, ends: datetime, names: set[str] | None = None
) -> list[Difference]:
    """What we hold for moved in that time, and no bill has; of one bill, `names` are its lines.

    A line of another time counts: an answer may be heard on the next day. One of this time
    counts only where it is in this very bill.
    """
    found: list[tuple[Direction, Moved]] = []
    if Direction.IN in _SHOWS[kind]:
        found += [(Direction.IN, one) for one in deposits_now.money_ended(begins, ends)]
    if Direction.OUT in _SHOWS[kind]:
        out = [*advances_now.payouts_ended(begins, ends), *exits_now.refunds_ended(begins, ends)]
        found += [(Direction.OUT, one) for one in out]
    rows = fetch_rows(
        "SELECT l.direction, l.seller_id, l.movement, l.kind, l.name, l.happened_at "
        "FROM unnest(%s::bigint[], %s::uuid[]) AS k (seller_id, movement) "
        f"JOIN work_bill_line l USING (seller_id, movement) WHERE {READ_FIRST}",
        [[one.seller_id for _, one in found], [one.id for _, one in found]],
    )
    known = {
        tuple(row[:3])
        for row in rows
        if names is None or not begins <= row[5] < ends or (row[3] == kind and row[4] in names)
    }
    return [
        Difference(
            Kind.NOT_IN_BILL, one.seller_id, one.id, 0, "",
            number_of(direction, one.seller_id, one.id),
            SIGN[direction] * one.amount_minor, None, one.at,
        )
        for direction, one in found
        if (direction.value, one.seller_id, one.id) not in known
    ]  # fmt: skip
