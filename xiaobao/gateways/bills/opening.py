"""Opening a bill: text, or a zip of few small files; read whole within limits, or refused."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from xiaobao.gateways.bills.alipay import ACCOUNT, BUSINESS, read_alipay
from xiaobao.gateways.bills.shapes import BillMissing, refused
from xiaobao.gateways.bills.wechat import read_wechat

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xiaobao.gateways.bills.shapes import Bill, Row

MOST_BYTES = 256 * 2**20  # of text: a few million lines
MOST_FILES = 20
# Bills are text of a kind, and pack to a tenth; what packs to a two-hundredth is no bill.
MOST_RATIO = 200
_SUMMARY = "汇总列表"


def read_bill(file: Path) -> Bill:
    """The bill in a file, or in the one file of a zip that is one.

    :raises BillMissing: where nothing is there that can be read
    :raises BillRefused: where it is not one, is cut off, or does not add up
    """
    if not file.exists():
        raise _missing(file, "没有这个文件，请核对路径", "there is no such file, check its path")
    if file.is_dir():
        raise _missing(
            file, "这是文件夹，请给出其中的账单", "this is a folder, name the bill in it"
        )
    if not file.is_file():
        # Reading a pipe would wait for whoever writes into it.
        raise _missing(
            file, "这不是普通文件，请先另存为文件",
            "this is no ordinary file, save it as one first",
        )  # fmt: skip
    try:
        is_large = file.stat().st_size > MOST_BYTES
        body = b"" if is_large else file.read_bytes()
    except OSError as trouble:
        said = trouble.strerror
        raise _missing(
            file, f"无法读取（{said}），请检查权限",
            f"it cannot be read ({said}), check its permissions",
        ) from trouble  # fmt: skip
    if is_large:
        raise refused(file.name, 0, "文件太大", "the file is too large")
    return bill_in(file.name, body)


def _missing(file: Path, zh: str, en: str) -> BillMissing:
    return BillMissing(file=file, why_zh=zh, why=en)


def bill_in(name: str, body: bytes) -> Bill:
    """As `read_bill`, of a file's content.

    :raises BillRefused: where it is not one, is cut off, or does not add up
    """
    if not body:
        raise refused(name, 0, "文件是空的", "the file is empty")
    texts = _unzipped(name, body) if body.startswith(b"PK") else [_text(name, body)]
    bills = [text for text in texts if _SUMMARY not in text]
    if len(bills) != 1:
        raise refused(
            name, 0, f"压缩包里应恰好有一份明细账单，这里有 {len(bills)} 份",
            f"a zip holds one bill of lines, this one {len(bills)}",
        )  # fmt: skip
    bill = _read(name, bills[0])
    return replace(bill, rows=_told_apart(bill.rows))


def _told_apart(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Each line a name of its own: one that stands there again is a line of its own as well."""
    seen: Counter[str] = Counter()
    apart = []
    for row in rows:
        seen[row.name] += 1
        times = seen[row.name]
        apart.append(row if times == 1 else replace(row, name=f"{row.name} #{times}"))
    return tuple(apart)


def _read(name: str, text: str) -> Bill:
    head = text[:2_000]
    if BUSINESS in head or ACCOUNT in head:
        return read_alipay(name, text)
    if head.startswith("交易时间,"):
        return read_wechat(name, text)
    raise refused(
        name, 0, "不是支付宝业务明细、支付宝账务明细或微信交易账单",
        "neither an Alipay business or account bill nor a WeChat trade bill",
    )  # fmt: skip


def _text(name: str, body: bytes) -> str:
    """Alipay writes GB18030, WeChat UTF-8 with a mark; what was saved again may be either."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise refused(name, 0, "既不是 UTF-8 也不是 GB18030 文本", "neither UTF-8 nor GB18030 text")


def _unzipped(name: str, body: bytes) -> list[str]:
    """Sizes that a zip states are not believed: it is unpacked up to the limit, and no further."""
    texts, left = [], min(MOST_BYTES, len(body) * MOST_RATIO)
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            files = [one for one in archive.infolist() if not one.is_dir()]
            if len(files) > MOST_FILES:
                raise refused(name, 0, "压缩包里文件太多", "too many files in the zip")
            for one in files:
                with archive.open(one) as packed:
                    unpacked = packed.read(left + 1)
                left -= len(unpacked)
                if left < 0:
                    raise refused(name, 0, "压缩包解开后太大", "the zip unpacks to too much")
                if unpacked.startswith(b"PK"):
                    raise refused(name, 0, "压缩包里又有压缩包", "a zip within the zip")
                texts.append(_text(name, unpacked))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as trouble:
        raise refused(
            name, 0, "压缩包损坏或有密码", "the zip is broken or has a password"
        ) from trouble
    return texts
