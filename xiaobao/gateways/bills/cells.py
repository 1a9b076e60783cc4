"""Cells of bills: sums and moments, exact or refused by line."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from xiaobao.gateways.alipay.yuan import fen_of
from xiaobao.gateways.bills.shapes import refused

if TYPE_CHECKING:
    from collections.abc import Mapping

CHINA = ZoneInfo("Asia/Shanghai")


class Cells:
    """One line's cells by column; whatever asks for one knows file and line."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str]) -> None:
        self._file, self.line, self._cells = file, line, cells

    def text(self, column: str) -> str:
        return self._cells.get(column, "").strip()

    def fen(self, column: str) -> int:
        """:raises BillRefused: unless it is a sum, exact to the fen"""
        try:
            return fen_of(self.text(column))
        except ValueError as trouble:
            raise self._wrong(column, "不是精确到分的金额", "no sum exact to the fen") from trouble

    def exact(self, column: str) -> Decimal:
        """A sum finer than a fen, as fees are.

        :raises BillRefused: unless it is one
        """
        try:
            found = Decimal(self.text(column))
        except InvalidOperation as trouble:
            raise self._wrong(column, "不是金额", "no sum") from trouble
        if not found.is_finite():
            raise self._wrong(column, "不是金额", "no sum")
        return found

    def moment(self, column: str) -> datetime:
        """China's, as bills have it.

        :raises BillRefused: unless it is one
        """
        try:
            found = datetime.strptime(self.text(column), "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
        except ValueError as trouble:
            raise self._wrong(
                column, "不是“年-月-日 时:分:秒”", "no moment 'YYYY-MM-DD hh:mm:ss'"
            ) from trouble
        return found.replace(tzinfo=CHINA)

    def _wrong(self, column: str, why_zh: str, why: str) -> Exception:
        said = self.text(column)[:40]
        return refused(
            self._file, self.line, f"“{column}”列“{said}”{why_zh}", f"{column}: '{said}' is {why}"
        )


def columns_of(line: str) -> list[str]:
    return [cell.strip() for cell in line.rstrip("\r\n").rstrip(",").split(",")]
