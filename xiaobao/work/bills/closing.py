"""A day is closed: bills read, books sound, differences none or answered for; signed as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import transaction

from xiaobao.database.sets import execute, fetch_rows
from xiaobao.evidence.acts import sign_statement
from xiaobao.gateways.bills import BillKind
from xiaobao.gateways.bills.cells import CHINA
from xiaobao.gateways.bills.shapes import KIND_WORDS
from xiaobao.kernel.problems import Problem
from xiaobao.ledger import queries as ledger
from xiaobao.work.bills.matching import match_day
from xiaobao.work.checking import check_money
from xiaobao.work.unowed import open_sums, paid_unowed, steps_taken

if TYPE_CHECKING:
    from xiaobao.work.bills.matching import Matched

_FIRST_LINE = "xiaobao daily close"
_LONGEST_REASON = 500


class DayNotOver(Problem):
    code: ClassVar[str] = "day_not_over"
    zh: ClassVar[str] = "day 字段：{day} 在北京时间还没有过完；请次日再日结"
    en: ClassVar[str] = "day: {day} is not over in China yet; close it the day after"


class DayWithoutBill(Problem):
    code: ClassVar[str] = "day_without_bill"
    zh: ClassVar[str] = (
        "day 字段：还没有读入覆盖 {day} 的支付宝账务明细；请先 xiaobao reconcile FILE"
    )
    en: ClassVar[str] = (
        "day: no Alipay account bill that covers {day} was read; first: xiaobao reconcile FILE"
    )
    page_zh: ClassVar[str] = (
        "还没有读入覆盖 {day} 的支付宝账务明细；请先在“读入账单”选择文件，再按“读入并核对”"
    )
    page_en: ClassVar[str] = (
        "no Alipay account bill that covers {day} was read; under 'Read a bill' choose the file "
        "and press 'Read and compare' first"
    )


class DayDiffers(Problem):
    code: ClassVar[str] = "day_differs"
    zh: ClassVar[str] = (
        "day 字段：{day} 与账单有 {differences} 处差异、账本有 {broken} 处不合规律；"
        "请先处理，或用 --because 写明为何照此日结"
    )
    en: ClassVar[str] = (
        "day: {day} has {differences} differences from the bill and {broken} broken laws; "
        "settle them, or say with --because why it is closed so"
    )
    page_zh: ClassVar[str] = (
        "{day} 与账单有 {differences} 处差异、账本有 {broken} 处不合规律；"
        "请先处理，或在“有差异仍日结的理由”写明为何照此日结"
    )
    page_en: ClassVar[str] = (
        "{day} has {differences} differences from the bill and {broken} broken laws; settle "
        "them, or fill in 'Why it is closed with differences'"
    )


@dataclass(frozen=True)
class DayCloseRow:
    """A day as it was closed; `note` is the statement with its signature."""

    day: date
    closed_at: datetime
    differences: int
    note: str


def close_day(day: date, *, because: str = "", at: datetime) -> DayCloseRow:
    """Close one day; a day that is closed stays as it was.

    :raises DayNotOver: before its midnight in China
    :raises DayWithoutBill: where no account bill covers it
    :raises DayDiffers: where something differs, or a law is broken, and nobody says why
    """
    known = closed_day(day)
    if known is not None:
        return known
    begins, ends = _span(day)
    if at < ends:
        raise DayNotOver(day=day)
    bills = _bills(begins, ends)
    if not any(kind is BillKind.ALIPAY_ACCOUNT for kind, _, _ in bills):
        raise DayWithoutBill(day=day)
    matched, broken = match_day(begins, ends, marks=True), len(check_money())
    reason = " ".join(because.split())[:_LONGEST_REASON]
    if (matched.differences or broken) and not reason:
        raise DayDiffers(day=day, differences=len(matched.differences), broken=broken)
    note = sign_statement(_statement(day, bills, matched, broken, reason, at))
    with transaction.atomic():
        execute(
            "INSERT INTO work_day_close (day, closed_at, differences, note) "
            "VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [day, at, len(matched.differences), note],
        )
    closed = closed_day(day)
    assert closed is not None, "a day closed is there"
    return closed


def _span(day: date) -> tuple[datetime, datetime]:
    begins = datetime(day.year, day.month, day.day, tzinfo=CHINA)
    return begins, begins + timedelta(days=1)


def _bills(begins: datetime, ends: datetime) -> list[tuple[BillKind, str, str]]:
    rows = fetch_rows(
        "SELECT kind, bill::text, account FROM work_bill WHERE begins_at <= %s AND ends_at >= %s "
        "ORDER BY kind, bill",
        [begins, ends],
    )
    return [(BillKind(row[0]), row[1], row[2]) for row in rows]


def _statement(
    day: date, bills: list[tuple[BillKind, str, str]], matched: Matched, broken: int,
    reason: str, at: datetime,
) -> str:  # fmt: skip
    """Lines of one word and one value: people read them, and programs."""
    lines = [
        _FIRST_LINE,
        f"day {day.isoformat()} Asia/Shanghai",
        f"closed_at {at.isoformat()}",
        *(f"bill {KIND_WORDS[kind][1]} {account} {bill}" for kind, bill, account in bills),
        f"lines {matched.lines}",
        f"agreed {matched.agreed}",
        f"agreed_in_minor {matched.agreed_in_minor} CNY",
        f"agreed_out_minor {matched.agreed_out_minor} CNY",
        f"differences {len(matched.differences)}",
        *(
            f"difference {d.kind.value} {d.number or d.name} ours_minor {d.ours_minor} "
            f"theirs_minor {d.theirs_minor}"
            for d in matched.differences
        ),
        # By so much the account holds less than the balance "outside" says, until it is back.
        *(f"paid_unowed_minor {minor} {code}" for code, minor in open_sums(paid_unowed()).items()),
        *(
            f"unowed {step.kind.name.lower()} {number} {step.amount_minor} {code}"
            for number, code, step in steps_taken(*_span(day))
        ),
        f"broken_laws {broken}",
        *(
            f"balance {row.currency} {row.account.name.lower()} {row.sum_minor}"
            for row in ledger.trial_balance()
        ),
    ]
    lines += [f"because {reason}"] if reason else []
    return "".join(f"{_plain(line)}\n" for line in lines)


def _plain(line: str) -> str:
    return "".join(c if c.isprintable() else " " for c in line)


def closed_day(day: date) -> DayCloseRow | None:
    rows = fetch_rows(
        "SELECT day, closed_at, differences, note FROM work_day_close WHERE day = %s", [day]
    )
    return DayCloseRow(*rows[0]) if rows else None


def closed_days(limit: int = 31) -> list[DayCloseRow]:
    """The latest days first."""
    rows = fetch_rows(
        "SELECT day, closed_at, differences, note FROM work_day_close ORDER BY day DESC LIMIT %s",
        [limit],
    )
    return [DayCloseRow(*row) for row in rows]
