"""The gateway's account bills of the last two days: one day is closed, the other one differs.

The bills are written of the gateway's own book, in Alipay's form, and read as finance reads them.
In the last day's a line is missing, one came twice, one has another amount, and one is nobody's.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from xiaobao.advances import queries as advances
from xiaobao.deposits import queries as deposits
from xiaobao.exits import queries as exits
from xiaobao.gateways.alipay.names import number_of
from xiaobao.gateways.bills.cells import CHINA
from xiaobao.gateways.local_alipay.bills import ACCOUNT, zipped
from xiaobao.gateways.local_alipay.book import Entry
from xiaobao.gateways.payments import Direction
from xiaobao.gateways.test_gateway import TestGateway
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.work.bills.closing import DayDiffers, close_day
from xiaobao.work.bills.matching import match_bill
from xiaobao.work.bills.taking import read_handed, take_in

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from xiaobao.gateways.payments import BillLine
    from xiaobao.lab.generate.plans import Plan

# Kind, title and sign in a bill.
_KINDS = {Direction.IN: ("交易", "消保保证金", 1), Direction.OUT: ("转账", "消保付款", -1)}
_OVER = 100
_NOBODYS = 6_600
_LEAST_LINES = 4
_DAYS = 2
_WHY = "隔日到账，已逐笔核对"


def reconcile(plan: Plan, at: datetime) -> None:
    """Read both, and close the day before the last; asked again nothing changes."""
    if plan.days < _DAYS:
        return
    closed, last = (plan.first_day + timedelta(days=plan.days - n) for n in (2, 1))
    for day in (closed, last):
        entries = _entries(day)
        if day == last:
            entries = _spoilt(entries)
        name = f"账务明细-{day.isoformat()}.zip"
        bill = read_handed(zipped(ACCOUNT, day.isoformat(), entries), name)
        take_in(bill, name, at=at)
        match_bill(bill)
    try:
        close_day(closed, at=at)
    except DayDiffers:
        # An answer came the day after its money: the line is in the bill before.
        close_day(closed, because=_WHY, at=at)


def _entries(day: date) -> list[Entry]:
    """What moved that day by the gateway's book, under the numbers that it was given."""
    begins = datetime(day.year, day.month, day.day, tzinfo=CHINA)
    ends = begins + timedelta(days=1)
    # Who answered late may have done so on another day than the money moved.
    sellers = _sellers(begins - timedelta(days=1), ends + timedelta(days=1))
    gateway = TestGateway()
    before = sum(
        _KINDS[one.direction][2] * one.amount_minor for one in gateway.totals(us_of(begins))
    )
    entries: list[Entry] = []
    for at_us, line in gateway.moved_between(us_of(begins), us_of(ends)):
        seller_id = sellers.get((line.direction, line.id))
        if seller_id is not None:
            seq = begins.toordinal() * 100_000 + len(entries)
            entries.append(_entry(seq, line, seller_id, at_us))
    return _balanced(entries, before)


def _sellers(begins: datetime, ends: datetime) -> dict[tuple[Direction, UUID], int]:
    out = [*advances.payouts_ended(begins, ends), *exits.refunds_ended(begins, ends)]
    return {
        **{(Direction.OUT, one.id): one.seller_id for one in out},
        **{(Direction.IN, one.id): one.seller_id for one in deposits.money_ended(begins, ends)},
    }


def _entry(seq: int, line: BillLine, seller_id: int, at_us: int) -> Entry:
    kind, title, sign = _KINDS[line.direction]
    at = moment_of(at_us).astimezone(CHINA)
    return Entry(
        seq, kind, number_of(line.direction, seller_id, line.id), line.gateway_ref, "*",
        sign * line.amount_minor, 0, f"{at:%Y-%m-%d %H:%M:%S}", title, title, "",
    )  # fmt: skip


def _spoilt(entries: list[Entry]) -> list[Entry]:
    """As a bill is that needs looking at."""
    if len(entries) < _LEAST_LINES:
        return entries
    before = entries[0].balance - entries[0].fen
    _, twice, other, *rest = entries
    more = max(one.seq for one in entries)
    sign = 1 if other.fen > 0 else -1
    return _balanced(
        [
            twice,
            twice._replace(seq=more + 1),
            other._replace(fen=other.fen + sign * _OVER),
            *rest,
            other._replace(
                seq=more + 2, kind="转账", number="", ref=f"{more}", fen=_NOBODYS, party="*",
                title="转账", remark="货款",
            ),
        ],
        before,
    )  # fmt: skip


def _balanced(entries: list[Entry], before: int) -> list[Entry]:
    done = []
    for one in entries:
        before += one.fen
        done.append(one._replace(balance=before))
    return done
