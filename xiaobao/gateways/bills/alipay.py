"""Alipay's bills: comment lines, rows with tabs, totals that must agree with the rows."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from xiaobao.gateways.alipay.yuan import fen_of, yuan_of
from xiaobao.gateways.bills.cells import CHINA, Cells, columns_of
from xiaobao.gateways.bills.shapes import Bill, BillKind, Row, refused
from xiaobao.gateways.bills.vocabulary import is_fee

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BUSINESS, ACCOUNT = "业务明细列表", "账务明细列表"
_END = "列表结束"
_ACCOUNT_NUMBER = re.compile(r"#账号：\[([0-9]+)\]")
_SPAN = re.compile(r"#起始日期：\[([^\]]+)\]\s*终止日期：\[([^\]]+)\]")
_TOTAL = re.compile(
    r"#(交易|退款|支出|收入)合计：([0-9]+)笔，[^共]*共([+-]?[0-9]{1,13}(?:\.[0-9]{1,2})?)元"
)


class _Form(NamedTuple):
    """How one kind of bill looks: its columns, totals, and how a line is read."""

    kind: BillKind
    needed: tuple[str, ...]
    totals: tuple[str, str]
    read: Callable[[Cells], Row]
    total_of: Callable[[Row, Cells], str]


def _business_row(cells: Cells) -> Row:
    kind, ref = cells.text("业务类型"), cells.text("支付宝交易号")
    request = cells.text("退款批次号/请求号")
    # A refund of ours has a number of its own; its order's number names the payment.
    return Row(
        line=cells.line, name=f"{ref} {kind} {request}".strip(),
        number=request if kind == "退款" and request else cells.text("商户订单号"),
        ref=ref, at=cells.moment("完成时间"), fen=cells.fen("商家实收（元）"),
        title=cells.text("商品名称"), remark=cells.text("备注"),
    )  # fmt: skip


def _account_row(cells: Cells) -> Row:
    into, out = cells.fen("收入金额（+元）"), cells.fen("支出金额（-元）")
    number = cells.text("商户订单号")
    return Row(
        line=cells.line, name=cells.text("账务流水号"), number=number,
        ref=cells.text("业务流水号"), at=cells.moment("发生时间"),
        # Some exports write what went out with its sign, some without.
        fen=into - abs(out), title=cells.text("商品名称"), remark=cells.text("备注"),
        is_fee=is_fee(cells.text("业务类型")),
    )  # fmt: skip


_BUSINESS_FORM = _Form(
    BillKind.ALIPAY_BUSINESS,
    ("支付宝交易号", "商户订单号", "业务类型", "完成时间", "商家实收（元）", "备注"),
    ("交易", "退款"),
    _business_row,
    lambda _, cells: "退款" if cells.text("业务类型") == "退款" else "交易",
)
_ACCOUNT_FORM = _Form(
    BillKind.ALIPAY_ACCOUNT,
    ("账务流水号", "业务流水号", "商户订单号", "发生时间", "收入金额（+元）", "支出金额（-元）",
     "备注"),
    ("收入", "支出"),
    _account_row,
    lambda row, _: "支出" if row.fen < 0 else "收入",
)  # fmt: skip


def read_alipay(file: str, text: str) -> Bill:
    """:raises BillRefused: where a line cannot be read, the end is missing, or totals disagree"""
    # Not by `splitlines`: a title may hold what Unicode calls a line's end.
    lines = [line.rstrip("\r") for line in text.split("\n")]
    form = _BUSINESS_FORM if BUSINESS in text[:2_000] else _ACCOUNT_FORM
    begins, ends = _span(file, lines)
    first = next(n for n, line in enumerate(lines) if "明细列表" in line) + 1
    last = next((n for n in range(first, len(lines)) if _END in lines[n]), None)
    if last is None:
        raise refused(
            file, 0, "没有“列表结束”一行，文件不完整", "the line that ends it is missing"
        )
    rows, sums = _rows(file, lines[first:last], first + 1, form)
    _check_totals(file, lines[last:], form, sums)
    account = _ACCOUNT_NUMBER.search("\n".join(lines[:first]))
    return Bill(form.kind, account[1] if account else "", begins, ends, tuple(rows))


def _span(file: str, lines: Sequence[str]) -> tuple[datetime | None, datetime | None]:
    for number, line in enumerate(lines, 1):
        found = _SPAN.match(line)
        if found is None:
            continue
        try:
            begins, ends = (
                datetime.strptime(said, "%Y年%m月%d日 %H:%M:%S").replace(tzinfo=CHINA)
                for said in found.groups()
            )
        except ValueError as trouble:
            raise refused(
                file, number, "起止日期读不出来", "its dates cannot be read"
            ) from trouble
        return begins, ends
    return None, None


def _rows(
    file: str, lines: Sequence[str], first: int, form: _Form
) -> tuple[list[Row], dict[str, tuple[int, int]]]:
    """The rows, and for each total how many lines it has and what they come to."""
    columns = columns_of(lines[0]) if lines else []
    for column in form.needed:
        if column not in columns:
            raise refused(file, first, f"缺少“{column}”列", f"the column {column} is missing")
    rows: list[Row] = []
    sums = dict.fromkeys(form.totals, (0, 0))
    for number, line in enumerate(lines[1:], first + 1):
        if not line.strip():
            continue
        values = line.split(",")
        while len(values) > len(columns) and not values[-1].strip():
            values.pop()
        if len(values) != len(columns):
            raise refused(
                file, number, f"有 {len(values)} 列，应为 {len(columns)} 列",
                f"{len(values)} cells where there are {len(columns)} columns",
            )  # fmt: skip
        cells = Cells(file, number, dict(zip(columns, values, strict=True)))
        row = form.read(cells)
        rows.append(row)
        of = form.total_of(row, cells)
        sums[of] = (sums[of][0] + 1, sums[of][1] + row.fen)
    return rows, sums


def _check_totals(
    file: str, tail: Sequence[str], form: _Form, sums: dict[str, tuple[int, int]]
) -> None:
    told = {found[1]: found for line in tail if (found := _TOTAL.match(line))}
    for of in form.totals:
        if of not in told:
            raise refused(file, 0, f"没有“{of}合计”，文件不完整", f"the total of {of} is missing")
        count, fen = int(told[of][2]), fen_of(told[of][3])
        rows, total = sums[of]
        # What went out is summed with its sign or without it.
        if count != rows or abs(fen) != abs(total):
            raise refused(
                file, 0,
                f"“{of}合计”写 {count} 笔 {yuan_of(fen)} 元，"
                f"各行却是 {rows} 笔 {yuan_of(total)} 元",
                f"its total of {of} says {count} lines of {yuan_of(fen)}, "
                f"and its lines are {rows} of {yuan_of(total)}",
            )  # fmt: skip
