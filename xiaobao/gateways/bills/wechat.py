"""WeChat's trade bill: every cell behind a grave accent, and one line of totals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from xiaobao.gateways.bills.cells import Cells, columns_of
from xiaobao.gateways.bills.shapes import Bill, BillKind, Row, refused

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARK = "`"
_NEEDED = (
    "交易时间", "商户号", "微信订单号", "商户订单号", "交易状态", "货币种类", "应结订单金额",
    "微信退款单号", "商户退款单号", "退款金额", "商品名称", "手续费",
)  # fmt: skip
_COUNT = "总交易单数"
# Each total, and the column that it sums.
_TOTALS = {
    "应结订单总金额": "应结订单金额", "退款总金额": "退款金额",
    "充值券退款总金额": "充值券退款金额", "手续费总金额": "手续费",
    "订单总金额": "订单金额", "申请退款总金额": "申请退款金额",
}  # fmt: skip


def read_wechat(file: str, text: str) -> Bill:
    """:raises BillRefused: where a line cannot be read, or totals are missing or disagree"""
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    columns = columns_of(lines[0][1])
    for column in _NEEDED:
        if column not in columns:
            raise refused(file, 1, f"缺少“{column}”列", f"the column {column} is missing")
    at = next((n for n, (_, line) in enumerate(lines) if line.startswith(_COUNT)), None)
    if at is None or at + 2 != len(lines):
        raise refused(file, 0, "没有合计行，文件不完整", "the line of totals is missing")
    cells = [_cells(file, number, line, columns) for number, line in lines[1:at]]
    rows = [_row(file, one) for one in cells]
    totals = _cells(file, *lines[-1], columns_of(lines[at][1]))
    _check_totals(file, totals, columns_of(lines[at][1]), cells)
    accounts = {one.text("商户号") for one in cells}
    return Bill(BillKind.WECHAT_TRADE, accounts.pop() if len(accounts) == 1 else "", None, None,
                tuple(rows))  # fmt: skip


def _cells(file: str, number: int, line: str, columns: Sequence[str]) -> Cells:
    # A cell may hold a comma: the accent behind it tells where the next one begins.
    values = line.strip().removeprefix(_MARK).split(f",{_MARK}")
    if not line.startswith(_MARK) or len(values) != len(columns):
        raise refused(
            file, number, f"应为 {len(columns)} 列，各以 ` 开头",
            f"{len(columns)} cells are expected, a ` before each",
        )  # fmt: skip
    return Cells(file, number, dict(zip(columns, values, strict=True)))


def _row(file: str, cells: Cells) -> Row:
    if cells.text("货币种类") != "CNY":
        raise refused(file, cells.line, "货币不是 CNY", "another currency than CNY")
    is_refund = cells.text("交易状态") == "REFUND"
    order, refund = cells.text("微信订单号"), cells.text("微信退款单号")
    return Row(
        line=cells.line, name=f"{order} {refund}" if is_refund else order,
        number=cells.text("商户退款单号" if is_refund else "商户订单号"),
        ref=refund if is_refund else order, at=cells.moment("交易时间"),
        fen=-cells.fen("退款金额") if is_refund else cells.fen("应结订单金额"),
        title=cells.text("商品名称"), remark="",
    )  # fmt: skip


def _check_totals(file: str, totals: Cells, columns: Sequence[str], rows: Sequence[Cells]) -> None:
    if totals.exact(_COUNT) != len(rows):
        raise refused(
            file, totals.line, f"合计写 {totals.text(_COUNT)} 笔，各行却是 {len(rows)} 笔",
            f"the totals say {totals.text(_COUNT)} lines, and there are {len(rows)}",
        )  # fmt: skip
    for total, column in _TOTALS.items():
        if total not in columns:
            continue
        said, found = totals.exact(total), sum((row.exact(column) for row in rows), Decimal(0))
        if said != found:
            raise refused(
                file, totals.line, f"“{total}”写 {said}，各行之和却是 {found}",
                f"{total} says {said}, and the lines come to {found}",
            )  # fmt: skip
