"""Shapes of bills: one file, its rows, and why a file is refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from datetime import datetime


class BillKind(IntEnum):
    ALIPAY_BUSINESS = 1  # 业务明细: trades and refunds
    ALIPAY_ACCOUNT = 2  # 账务明细: everything that came in or went out
    WECHAT_TRADE = 3  # 交易账单


KIND_WORDS = {
    BillKind.ALIPAY_BUSINESS: ("支付宝业务明细", "Alipay business bill"),
    BillKind.ALIPAY_ACCOUNT: ("支付宝账务明细", "Alipay account bill"),
    BillKind.WECHAT_TRADE: ("微信交易账单", "WeChat trade bill"),
}


@dataclass(frozen=True)
class Row:
    """One line: `name` is the gateway's own for it, once in all its bills of a kind.

    `fen` is positive where money came in. `number` is the one we gave, as far as it is ours. A
    fee carries the number of the trade it is for, and is not that trade.
    """

    line: int
    name: str
    number: str
    ref: str
    at: datetime
    fen: int
    title: str
    remark: str
    is_fee: bool = False


@dataclass(frozen=True)
class Bill:
    """One file whose totals agree with its rows; over [begins, ends) where it says so."""

    kind: BillKind
    account: str
    begins: datetime | None
    ends: datetime | None
    rows: tuple[Row, ...]

    @property
    def in_fen(self) -> int:
        return sum(row.fen for row in self.rows if row.fen > 0)

    @property
    def out_fen(self) -> int:
        return -sum(row.fen for row in self.rows if row.fen < 0)


class BillRefused(Problem):
    """A bill that cannot be read, or does not add up: nothing of it is booked."""

    code: ClassVar[str] = "bill_refused"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "{file}{where_zh}：{why_zh}；整个文件都没有入账，请重新下载账单"
    en: ClassVar[str] = "{file}{where}: {why}; nothing of it was booked, download the bill again"


class BillMissing(Problem):
    """There is nothing there to read."""

    code: ClassVar[str] = "bill_missing"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "{file}：{why_zh}；没有入账"
    en: ClassVar[str] = "{file}: {why}; nothing was booked"


def refused(file: str, line: int, why_zh: str, why: str) -> BillRefused:
    """`line` 0: the file as a whole."""
    return BillRefused(
        file=file, line=line, where_zh=f" 第 {line} 行" if line else "",
        where=f", line {line}" if line else "", why_zh=why_zh, why=why,
    )  # fmt: skip
