"""A bill taken in: every line kept once, booked by its remark, whole or not at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from xiaobao.database.sets import execute, fetch_rows
from xiaobao.gateways.alipay.names import named
from xiaobao.gateways.bills import bill_in
from xiaobao.gateways.bills.vocabulary import Booking, booked

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.gateways.bills import Bill, Row
    from xiaobao.gateways.payments import Direction

OURS, FEE = "ours", "fee"
_LONGEST = 200


@dataclass(frozen=True)
class Booked:
    """How many lines of one kind, and what they come to with their signs."""

    kind: str
    lines: int
    fen: int
    compensation_fen: int


@dataclass(frozen=True)
class Taken:
    """What taking a bill in came to; a bill read before is not new, nor are its lines."""

    bill: UUID
    is_new: bool
    lines: int
    lines_new: int
    in_fen: int
    out_fen: int
    booked: tuple[Booked, ...]


def name_of(bill: Bill) -> UUID:
    """Of its content: the same bill under another name or in another zip is the same."""
    text = "\n".join(
        [
            f"{bill.kind.value} {bill.account} {bill.begins} {bill.ends}",
            *(f"{r.name}|{r.number}|{r.ref}|{r.at}|{r.fen}|{r.remark}" for r in bill.rows),
        ]
    )
    return UUID(bytes=sha256(text.encode()).digest()[:16])


def booking_of(row: Row) -> Booking:
    """By our own number where it has one, else by its remark; a fee is a fee."""
    if row.is_fee:
        return Booking(FEE, is_compensation=False)
    if named(row.number) is not None:
        return Booking(OURS, is_compensation=False)
    return booked(row.remark, row.fen)


def read_handed(body: bytes, name: str) -> Bill:
    """The bill in what was handed in, under the name that whoever did knows it by.

    :raises BillRefused: where it is not one, is cut off, or does not add up
    """
    return bill_in(name, body)


@transaction.atomic
def take_in(bill: Bill, file: str, *, at: datetime) -> Taken:
    """Keep a bill and its lines; what another bill of the kind had before stays as it was."""
    name = name_of(bill)
    added = execute(
        "INSERT INTO work_bill (bill, begins_at, ends_at, read_at, in_minor, out_minor, lines, "
        "kind, account, file) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) "
        "ON CONFLICT DO NOTHING",
        [name, bill.begins, bill.ends, at, bill.in_fen, bill.out_fen, len(bill.rows),
         bill.kind.value, bill.account, file[:_LONGEST]],
    )  # fmt: skip
    bookings = [booking_of(row) for row in bill.rows]
    lines_new = _keep(bill, name, bookings) if added else 0
    return Taken(
        bill=name, is_new=bool(added), lines=len(bill.rows), lines_new=lines_new,
        in_fen=bill.in_fen, out_fen=bill.out_fen, booked=_summed(bill.rows, bookings),
    )  # fmt: skip


def _keep(bill: Bill, name: UUID, bookings: list[Booking]) -> int:
    ours = [None if row.is_fee else named(row.number) for row in bill.rows]
    direction: list[Direction | None] = [one.direction if one else None for one in ours]
    columns = [
        [one.seller_id if one else 0 for one in ours],
        [row.fen for row in bill.rows],
        [row.at for row in bill.rows],
        [one.id if one else None for one in ours],
        [row.line for row in bill.rows],
        [one.value if one else 0 for one in direction],
        [one.is_compensation for one in bookings],
        [row.name[:_LONGEST] for row in bill.rows],
        [row.number[:_LONGEST] for row in bill.rows],
        [row.ref[:_LONGEST] for row in bill.rows],
        [one.kind for one in bookings],
        [one.reason[:_LONGEST] for one in bookings],
        [row.remark[:_LONGEST] for row in bill.rows],
    ]
    return execute(
        "INSERT INTO work_bill_line (seller_id, amount_minor, happened_at, movement, line, "
        "direction, is_compensation, name, number, ref, booking, reason, remark, bill, kind) "
        "SELECT *, %s::uuid, %s::smallint FROM unnest(%s::bigint[], %s::bigint[], "
        "%s::timestamptz[], %s::uuid[], %s::int[], %s::smallint[], %s::bool[], %s::text[], "
        "%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING",
        [name, bill.kind.value, *columns],
    )


def _summed(rows: tuple[Row, ...], bookings: list[Booking]) -> tuple[Booked, ...]:
    lines: Counter[str] = Counter()
    fen: Counter[str] = Counter()
    compensation: Counter[str] = Counter()
    for row, one in zip(rows, bookings, strict=True):
        lines[one.kind] += 1
        fen[one.kind] += row.fen
        compensation[one.kind] += -row.fen if one.is_compensation else 0
    return tuple(Booked(kind, lines[kind], fen[kind], compensation[kind]) for kind in lines)


def bills_read(limit: int = 50) -> list[BillRow]:
    """Bills, the latest read first."""
    rows = fetch_rows(
        "SELECT bill, kind, account, begins_at, ends_at, file, lines, in_minor, out_minor, "
        "read_at FROM work_bill ORDER BY read_at DESC, bill LIMIT %s",
        [limit],
    )
    return [BillRow(*row) for row in rows]


@dataclass(frozen=True)
class BillRow:
    bill: UUID
    kind: int
    account: str
    begins_at: datetime | None
    ends_at: datetime | None
    file: str
    lines: int
    in_minor: int
    out_minor: int
    read_at: datetime
