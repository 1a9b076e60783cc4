"""Cells: a column as a file gives it becomes the column we keep; what does not fit is a fault."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xiaobao.gateways.feeds.faults import Fault, Words
from xiaobao.gateways.feeds.sheets import SAFE_WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.kernel.columns import Int, Mask

MOMENT = pa.timestamp("us", "UTC")

# Each kind of cell: what it must look like, then what it may be instead, with the fix.
# Lengths are asked apart: counted repeats make a pattern ten times as slow.
LONGEST = 200
LONGEST_TEXT = 1000
ID_LOOKS = r"^[^\s\p{Z}\p{C}=+@\-][^\s\p{Z}\p{C}]*$"
# Names of people and shops may have single blanks inside.
NAME_LOOKS = r"^[^\s\p{Z}\p{C}=+@\-]( ?[^\s\p{Z}\p{C}])*$"
SCIENTIFIC = r"^[+-]?[0-9]+([.,][0-9]+)?[eE]\+[0-9]+$"
SCIENTIFIC_WORDS = Words(
    "编号被电子表格写成了科学计数法，末位已丢失；请以文本格式重新导出",
    "a spreadsheet turned this id into scientific notation and lost digits; export it again as "
    "text",
)
ID_FAULTS = (
    (r"^[=+@\-]", Words(
        "以 = + - @ 开头，是公式；请只写编号本身",
        "this begins with = + - or @, as a formula does; write the id alone")),
    (r"[\s\p{Z}]", Words(
        "编号中或首尾有空白；请去掉", "there are blanks in or around the id; take them out")),
    (r"\p{C}", Words(
        "编号中有不可见字符；请去掉", "there are invisible characters in the id; take them out")),
    (r"", Words(f"超过 {LONGEST} 个字符", f"this is longer than {LONGEST} characters")),
)  # fmt: skip
# Which of the columns that name something hold names of people or shops.
NAMES = ("seller", "buyer")
TEXT_LOOKS = r"^[^=\p{Cc}][^\p{Cc}]*$"
TEXT_FAULTS = (
    (r"^=", Words("以 = 开头，是公式；请写文字本身",
                  "this begins with =, as a formula does; write the text alone")),
    (r"\p{Cc}", Words("有控制字符；请去掉", "there are control characters; take them out")),
    (r"", Words(f"超过 {LONGEST_TEXT} 个字符", f"this is longer than {LONGEST_TEXT} characters")),
)  # fmt: skip
WHOLE_LOOKS = r"^[0-9]{1,14}$"
WHOLE_FAULTS = (
    (r"^-", Words("不能是负数；退款用 refund_paid 事实记录",
                  "this may not be negative; money given back is a refund_paid fact")),
    (r"^[0-9]+[.][0-9]+$", Words(
        "金额以最小货币单位（分）的整数表示，不带小数：12.50 写成 1250；数量也是整数",
        "amounts are whole minor units (fen, cents) without fraction: 12.50 is written 1250; "
        "quantities are whole too")),
    (SCIENTIFIC, Words("科学计数法；请写出全部数字",
                       "this is in scientific notation; write all its digits")),
    (r"^[0-9]{15,}$", Words("过大，应小于 10^14", "this is too large; it must be below 10^14")),
    (r"", Words("不是整数；只写数字，不带千分位、符号或单位",
                "this is not a whole number; write digits only, without separators, signs or "
                "units")),
)  # fmt: skip
MOMENT_LOOKS = (
    r"^(199|20[0-9]|21[0-9])[0-9]-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
)
MOMENT_FAULTS = (
    (r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+$", Words(
        "时间没有时区；请写成 2026-01-31T09:30:00+08:00",
        "this time has no zone; write it like 2026-01-31T09:30:00+08:00")),
    (r"", Words(
        "不是 1990 至 2199 年间带时区的时间；请写成 2026-01-31T09:30:00+08:00",
        "this is not a time with a zone between 1990 and 2199; write it like "
        "2026-01-31T09:30:00+08:00")),
)  # fmt: skip
NO_SUCH_DAY = Words("没有这个日期或时刻", "there is no such day or hour")
FLOATING = Words(
    "这一列是浮点数；金额请存为整数（分），编号请存为字符串",
    "this column holds floating-point numbers; keep amounts as whole minor units and ids as "
    "strings",
)
BEYOND_SAFE = Words(
    "作为数字大于 2^53，末位可能已丢失；编号请存为字符串",
    "as a number this is beyond 2^53 and may have lost digits; keep ids as strings",
)
OTHER_TYPE = Words(
    "这一列的类型不对；编号用字符串，金额用整数，时间用带时区的 timestamp",
    "this column has a wrong type; ids are strings, amounts whole numbers, times timestamps with "
    "a zone",
)
ZONELESS = Words(
    "这一列的时间没有时区；请存为带时区的 timestamp（UTC）",
    "the times in this column have no zone; keep them as timestamps with a zone (UTC)",
)


class Cells:
    """Reads columns of one sheet and keeps the faults found on the way."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.faults: list[Fault] = []

    def blame(self, field: str, words: Words, bad: Mask) -> None:
        """Keep a fault for the rows marked, if any."""
        if bad.any():
            self.faults.append(Fault(field, words, np.flatnonzero(bad)))

    @property
    def bad(self) -> Mask:
        """The rows in which anything is wrong so far."""
        marked = np.zeros(self.count, bool)
        for fault in self.faults:
            marked[fault.rows] = True
        return marked

    def ids(self, field: str, values: pa.Array | None) -> pa.Array:
        """Outside names; whole numbers are taken where they are surely whole."""
        if values is not None and pa.types.is_integer(values.type):
            self.blame(field, BEYOND_SAFE, _beyond_safe(values))
            values = values.cast(pa.large_string())
        looks = NAME_LOOKS if field in NAMES else ID_LOOKS
        text = self._text(field, values, looks, ID_FAULTS)
        if is_empty(text):
            return text
        damaged = mask_of(pc.fill_null(pc.match_substring_regex(text, SCIENTIFIC), False))
        self.blame(field, SCIENTIFIC_WORDS, damaged)
        return text

    def texts(self, field: str, values: pa.Array | None) -> pa.Array:
        return self._text(field, values, TEXT_LOOKS, TEXT_FAULTS, longest=LONGEST_TEXT)

    def wholes(self, field: str, values: pa.Array | None) -> pa.Array:
        """Whole numbers from 0 to below 10^14."""
        if values is not None and pa.types.is_integer(values.type):
            values = values.cast(pa.large_string())
        text = self._text(field, values, WHOLE_LOOKS, WHOLE_FAULTS)
        return text.cast(pa.int64())

    def moments(self, field: str, values: pa.Array | None) -> pa.Array:
        if values is not None and pa.types.is_timestamp(values.type):
            if values.type.tz is None:
                return self._none(field, ZONELESS, MOMENT, values)
            return values.cast(MOMENT, safe=False)
        return self._parsed(field, self._text(field, values, MOMENT_LOOKS, MOMENT_FAULTS))

    def _parsed(self, field: str, text: pa.Array) -> pa.Array:
        """Times that look right, as moments; days and hours that do not exist are faults."""
        try:
            return text.cast(MOMENT)
        except pa.ArrowInvalid:
            bad = np.array([not _is_moment(one) for one in text.to_pylist()])
            self.blame(field, NO_SUCH_DAY, bad)
            return pc.if_else(pa.array(~bad), text, None).cast(MOMENT)

    def words(
        self, field: str, values: pa.Array | None, allowed: Sequence[str], numbers: Sequence[int]
    ) -> pa.Array:
        """One word of a fixed list, as its number."""
        text = self._plain(field, values)
        if is_empty(text):
            return pa.nulls(self.count, pa.int16())
        place = pc.index_in(text, pa.array(allowed, pa.large_string()))
        bad = mask_of(pc.and_(text.is_valid(), place.is_null()))
        listed = ", ".join(allowed)
        self.blame(field, Words(f"应为以下之一：{listed}", f"this must be one of: {listed}"), bad)
        return pc.take(pa.array(numbers, pa.int16()), place)

    def _plain(self, field: str, values: pa.Array | None) -> pa.Array:
        """The column as text, or nothing but nulls where it is missing or of another type."""
        if values is None or is_empty(values):
            return pa.nulls(self.count, pa.large_string())
        if pa.types.is_large_string(values.type):
            # What an empty field says is nothing, in every kind of file.
            return pc.if_else(pc.equal(values, ""), None, values)
        words = FLOATING if pa.types.is_floating(values.type) else OTHER_TYPE
        return self._none(field, words, pa.large_string(), values)

    def _none(self, field: str, words: Words, kind: pa.DataType, values: pa.Array) -> pa.Array:
        self.blame(field, words, mask_of(values.is_valid()))
        return pa.nulls(self.count, kind)

    def _text(
        self,
        field: str,
        values: pa.Array | None,
        looks: str,
        faults: Sequence[tuple[str, Words]],
        longest: int = LONGEST,
    ) -> pa.Array:
        """The text where it looks right; of the rest the first reason that fits is told."""
        text = self._plain(field, values)
        if is_empty(text):
            return text
        right = pc.and_(
            pc.match_substring_regex(text, looks), pc.less_equal(pc.utf8_length(text), longest)
        )
        left = mask_of(pc.fill_null(pc.invert(right), fill_value=False))
        if not left.any():
            return text
        kept = pc.if_else(pa.array(~left), text, None)
        for pattern, words in faults:
            fits = left & mask_of(pc.fill_null(pc.match_substring_regex(text, pattern), False))
            self.blame(field, words, fits)
            left &= ~fits
        return kept


def is_empty(values: pa.Array) -> bool:
    """Whether no row says anything: then there is nothing to look at, and most columns are so."""
    empty: bool = values.null_count == len(values)
    return empty


def mask_of(values: pa.Array | pa.ChunkedArray) -> Mask:
    return np.asarray(values.to_numpy(zero_copy_only=False), bool)


def _beyond_safe(values: pa.Array) -> Mask:
    return mask_of(pc.fill_null(pc.greater(pc.abs(values), SAFE_WHOLE), fill_value=False))


def _is_moment(text: str | None) -> bool:
    try:
        return text is None or datetime.fromisoformat(text) is not None
    except ValueError:
        return False


def us_of(moments: pa.Array) -> Int:
    """Microseconds since 1970 UTC; missing ones are 0."""
    return np.asarray(pc.fill_null(moments.cast(pa.int64()), 0).to_numpy(zero_copy_only=False))
