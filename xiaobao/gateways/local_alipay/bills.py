"""Bills of the local Alipay in the real format: GB18030, comments, tabs, totals, in a zip."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from xiaobao.gateways.alipay.yuan import yuan_of
from xiaobao.gateways.local_alipay.keys import SELLER_ID

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from xiaobao.gateways.local_alipay.asking import Asked
    from xiaobao.gateways.local_alipay.book import Entry

BUSINESS, ACCOUNT = "trade", "signcustomer"
_BUSINESS_COLUMNS = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,"
    "对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,"
    "商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
    "退款批次号/请求号,服务费（元）,分润（元）,备注"
)
_ACCOUNT_COLUMNS = (
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,"
    "账户余额（元）,交易渠道,业务类型,备注"
)


def address(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    """Where the bill of a day lies, on the very server that is asked."""
    del book
    kind, day = asked.text("bill_type"), asked.text("bill_date")
    return {"bill_download_url": f"/bill/{kind}/{day}.zip"}


def zipped(kind: str, day: str, entries: Sequence[Entry]) -> bytes:
    name, text = (
        ("业务明细", business_bill(day, entries))
        if kind == BUSINESS
        else ("账务明细", account_bill(day, entries))
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        # The name as Alipay's zips have it: in the file's own encoding, without a flag.
        file = zipfile.ZipInfo(f"{SELLER_ID}0156_{day.replace('-', '')}_{name}.csv")
        file.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(file, text.encode("gb18030"))
    return out.getvalue()


def _head(title: str, day: str, next_day: str, columns: str) -> list[str]:
    return [
        f"#支付宝{title}查询",
        f"#账号：[{SELLER_ID}0156]",
        f"#起始日期：[{_in_words(day)}]   终止日期：[{_in_words(next_day)}]",
        f"#-----------------------------------------{title}列表----------------------------------------",
        columns,
    ]


def _in_words(day: str) -> str:
    year, month, of_month = day.split("-")
    return f"{year}年{month}月{of_month}日 00:00:00"


def _after(day: str) -> str:
    return (datetime.fromisoformat(day) + timedelta(days=1)).strftime("%Y-%m-%d")


def business_bill(day: str, entries: Sequence[Entry]) -> str:
    """Trades and refunds; transfers stand in the account's bill alone."""
    lines = _head("业务明细", day, _after(day), _BUSINESS_COLUMNS)
    paid = [one for one in entries if one.kind == "交易"]
    back = [one for one in entries if one.kind == "退款"]
    for one in entries:
        if one.kind not in {"交易", "退款"}:
            continue
        sums = ["0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00\t", "0.00"]
        lines.append(",".join([
            f"{one.ref}\t", f"{one.number}\t", f"{one.kind}\t", _plain(one.title), one.at, one.at,
            "\t", "\t", "\t", "\t", f"{one.party}\t", yuan_of(one.fen), yuan_of(one.fen), *sums,
            f"{one.request}\t", "0.00", "0.00", _plain(one.remark),
        ]))  # fmt: skip
    lines += [
        "#-----------------------------------------业务明细列表结束------------------------------------",
        _total("交易", "商家实收", "商家优惠", paid),
        _total("退款", "商家实收退款", "商家优惠退款", back),
        f"#导出时间：[{_in_words(_after(day))}]",
    ]
    return "\r\n".join(lines) + "\r\n"


def _total(of: str, received: str, given: str, entries: Sequence[Entry]) -> str:
    total = yuan_of(sum(one.fen for one in entries))
    return f"#{of}合计：{len(entries)}笔，{received}共{total}元，{given}共0.00元"


def account_bill(day: str, entries: Sequence[Entry]) -> str:
    """Everything that came in or went out, with the balance after it."""
    lines = _head("账务明细", day, _after(day), _ACCOUNT_COLUMNS)
    words = {"交易": "在线支付", "退款": "交易退款", "转账": "转账"}
    for one in entries:
        into, out = (one.fen, 0) if one.fen > 0 else (0, one.fen)
        lines.append(",".join([
            f"{one.seq:014d}\t", f"{one.ref}\t", f"{one.number}\t",
            f"{_plain(one.title)}\t", one.at, f"{_plain(one.party)}\t", yuan_of(into),
            yuan_of(out), yuan_of(one.balance), "支付宝", words[one.kind], _plain(one.remark),
        ]))  # fmt: skip
    out_rows, in_rows = ([e.fen for e in entries if (e.fen > 0) is way] for way in (False, True))
    lines += [
        "#-----------------------------------------账务明细列表结束------------------------------------",
        f"#支出合计：{len(out_rows)}笔，共{yuan_of(sum(out_rows))}元",
        f"#收入合计：{len(in_rows)}笔，共{yuan_of(sum(in_rows))}元",
        f"#导出时间：[{_in_words(_after(day))}]",
    ]
    return "\r\n".join(lines) + "\r\n"


def _plain(text: str) -> str:
    """A cell holds no comma and no line's end: the format has no way to write one."""
    return "".join("，" if c == "," else c for c in text if c.isprintable())
