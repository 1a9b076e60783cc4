"""Files of Taobao, its Open Platform and Shopify: what they tell becomes facts, nothing more."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pytest

from tests.conftest import SHARED
from xiaobao.gateways.feeds.comparing import Compensation
from xiaobao.gateways.feeds.faults import FileUnusable, ShopUnnamed, WrongColumns
from xiaobao.gateways.feeds.json_entries import bodies_of
from xiaobao.gateways.feeds.orders import BESIDE
from xiaobao.gateways.feeds.rejects import bad_rows, reasons_of
from xiaobao.gateways.feeds.shopify import read_shopify
from xiaobao.gateways.feeds.taobao import Exported, read_taobao
from xiaobao.gateways.feeds.taobao_sheets import Kind
from xiaobao.gateways.feeds.top import read_top
from xiaobao.orders.facts import CancelReason, FactKind
from xiaobao.promises.facts import Market

if TYPE_CHECKING:
    from pathlib import Path

CN = Market(1, "cn", "CNY", "Asia/Shanghai")
US = Market(2, "us", "USD", "UTC")
SAMPLES = SHARED / "data" / "formats"
K = FactKind

LIST = {
    "订单编号": '="1001"', "买家会员名": "li", "买家应付货款": "199.00",
    "买家应付邮费 ": "10.00元", "总金额": "209.00", "订单状态": "卖家已发货，等待买家确认",
    "订单创建时间": "2026-01-01 08:00:00",
    "订单付款时间 ": "2026-01-01 08:01:00", "物流单号 ": "No:SF1", "店铺名称": "茶店",
    "订单关闭原因": "订单未关闭", "确认收货时间": "", "退款金额": "无退款申请",
}  # fmt: skip
PART = {
    "子订单编号": "1001-1", "主订单编号": "1001\t", "商品标题": "白茶", "商品价格": "100.00",
    "购买数量": "1", "订单状态": "等待买家确认", "买家应付货款": "99.50", "商品ID": "77",
    "订单创建时间": "2026-01-01 08:00:00", "订单付款时间": "2026-01-01 08:01:00",
    "发货时间": "2026-01-03 09:00:00", "应发货时间": "2026-01-03 08:01:00", "物流单号": "SF1",
    "是否主动赔付": "是", "主动赔付金额": "5.00", "退款金额": "",
}  # fmt: skip
REFUND = {
    "订单编号": "1001", "退款编号": "R1", "退款的申请时间": "2026-01-05 10:00:00",
    "买家退款金额": "50.00", "退款状态": "退款成功", "退款完结时间": "2026-01-06 10:00:00",
    "买家退货时间": "", "店铺名称": "茶店",
}  # fmt: skip


def quoted(text: str) -> str:
    return text if text.startswith("=") else '"' + text.replace('"', '""') + '"'


def csv_of(*rows: dict[str, str], encoding: str = "gb18030", tail: str = "") -> bytes:
    lines = [",".join(quoted(name) for name in rows[0])]
    lines += [",".join(quoted(value) for value in row.values()) + tail for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def xlsx_of(*rows: dict[str, str]) -> bytes:
    """A workbook as the seller centre's: texts shared, empty cells left out."""
    texts: list[str] = []
    body = ""
    for number, row in enumerate([list(rows[0]), *[list(row.values()) for row in rows]], 1):
        cells = ""
        for place, text in enumerate(row):
            if text:
                texts.append(text)
                cells += f'<c r="{chr(65 + place)}{number}" t="s"><v>{len(texts) - 1}</v></c>'
        body += f'<row r="{number}">{cells}</row>'
    ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml",
                         f"<worksheet {ns}><sheetData>{body}</sheetData></worksheet>")  # fmt: skip
        archive.writestr("xl/sharedStrings.xml", f"<sst {ns}>{strings}</sst>")
    return held.getvalue()


def taobao(path: Path, body: bytes, name: str = "e.csv", **options: Any) -> Exported:
    file = path / name
    file.write_bytes(body)
    options.setdefault("placed_at", lambda *_: {})
    return read_taobao(file, CN, **options)


def told(feed: Any) -> list[tuple[Any, ...]]:
    """What was told, briefly: order, kind, moment in China, and what else the fact says."""
    zone = dt.timezone(dt.timedelta(hours=8))
    return [
        (
            one["order"], K(one["fact"]).name, one["at"].astimezone(zone).strftime("%d %H:%M"),
            *(one[name] for name in ("goods", "freight", "amount", "price", "waybill", "buyer")
              if one[name] is not None),
        )
        for one in feed.facts.to_pylist()
    ]  # fmt: skip


def test_an_order_export_tells_what_happened_and_when(tmp_path: Path) -> None:
    done = LIST | {"订单编号": '="1002"', "确认收货时间": "2026-01-09 07:00:00"}
    off = LIST | {
        "订单编号": '="1003"', "订单状态": "交易关闭", "订单关闭原因": "商品缺货", "物流单号 ": "",
    }  # fmt: skip
    for body in (csv_of(LIST, done, off, tail=","), csv_of(LIST, done, off, encoding="utf-8-sig"),
                 xlsx_of(LIST, done, off)):  # fmt: skip
        found = taobao(tmp_path, body)
        assert found.kind is Kind.ORDERS
        assert not found.feed.faults
        placed = ("PLACED", "01 08:00", 19900, 1000, "li")
        assert told(found.feed) == [
            ("1001", *placed), ("1001", "PAID", "01 08:01"),
            ("1002", *placed), ("1002", "PAID", "01 08:01"), ("1002", "COMPLETED", "09 07:00"),
            ("1003", *placed), ("1003", "PAID", "01 08:01"), ("1003", "CANCELLED", "01 08:01"),
        ]  # fmt: skip
        assert found.feed.facts["seller"].unique().to_pylist() == ["茶店"]
        assert found.feed.facts["reason"].drop_null().to_pylist() == [CancelReason.OUT_OF_STOCK]
    closed_after_shipping = off | {"物流单号 ": "SF9"}
    assert ("1003", "CANCELLED", "01 08:01") not in told(
        taobao(tmp_path, csv_of(closed_after_shipping)).feed
    )


def test_parts_of_one_order_are_summed_and_each_is_a_line(tmp_path: Path) -> None:
    other = PART | {
        "子订单编号": "1001-2", "买家应付货款": "0.50", "应发货时间": "2026-01-05 08:01:00",
        "是否主动赔付": "否", "主动赔付金额": "",
    }  # fmt: skip
    found = taobao(tmp_path, csv_of(PART, other), seller="茶店")
    assert told(found.feed) == [
        ("1001", "PLACED", "01 08:00", 10000, "taobao-order-1001"),
        ("1001", "PAID", "01 08:01"),
        ("1001", "LABELLED", "03 09:00", "SF1"), ("1001", "LINE", "01 08:00", 10000),
        ("1001", "LABELLED", "03 09:00", "SF1"), ("1001", "LINE", "01 08:00", 10000),
    ]  # fmt: skip
    [said] = found.said
    assert (said.is_late, said.compensation) == (True, Compensation(is_paid=True, minor=500))
    assert said.ship_by == "2026-01-05T08:01:00+08:00"
    scans = taobao(tmp_path, csv_of(PART), seller="茶店", is_scan=True)
    assert ("1001", "SCANNED", "03 09:00", "SF1") in told(scans.feed)


def test_refunds_and_lines(tmp_path: Path) -> None:
    asked = REFUND | {"退款编号": "R2", "退款状态": "等待卖家处理", "退款完结时间": ""}
    assert told(taobao(tmp_path, csv_of(REFUND, asked)).feed) == [
        ("1001", "REFUND_ASKED", "05 10:00", 5000), ("1001", "REFUND_PAID", "06 10:00", 5000),
        ("1001", "REFUND_ASKED", "05 10:00", 5000),
    ]  # fmt: skip
    line = {"订单编号": '="1001"', "标题": "白茶", "价格": "99.50", "购买数量": "2",
            "外部系统编号": "", "商品属性": "", "套餐信息": "", "备注": "", "订单状态": "",
            "商家编码": "T-1"}  # fmt: skip
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    known = taobao(tmp_path, csv_of(line, tail=","), seller="茶店",
                   placed_at=lambda _seller, _orders: {"1001": moment})  # fmt: skip
    assert told(known.feed) == [("1001", "LINE", "01 08:00", 9950)]
    unknown = taobao(tmp_path, csv_of(line), seller="茶店")
    [one] = bad_rows(unknown.feed.sheet, unknown.feed.faults)
    assert one.says("en") == (
        "line 2: 订单编号 '=\"1001\"': this export carries no times, and the order is not known "
        "here; import the export of orders (ExportOrderList) first"
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"订单编号": "3.51531E+16"}, "订单编号"),
        ({"订单创建时间": "2026/1/1 8:00"}, "订单创建时间"),
        ({"买家应付货款": "-1"}, "买家应付货款"),
        ({"买家应付货款": "1.005"}, "买家应付货款"),
        ({"买家应付货款": ""}, "买家应付货款"),
        ({"店铺名称": ""}, "店铺名称"),
        ({"订单编号": ""}, "订单编号"),
    ],
)
def test_a_bad_row_is_named_by_the_column_of_its_file(
    tmp_path: Path, change: dict[str, str], field: str
) -> None:
    found = taobao(tmp_path, csv_of(LIST, LIST | {"订单编号": "1009"} | change))
    assert [(one.line, one.field) for one in bad_rows(found.feed.sheet, found.feed.faults)] == [
        (3, field)
    ]
    assert [one[0] for one in told(found.feed)] == ["1001", "1001"]


def test_an_order_given_twice_counts_once_or_not_at_all(tmp_path: Path) -> None:
    again = taobao(tmp_path, csv_of(LIST, LIST))
    assert not again.feed.faults
    assert [one[1] for one in told(again.feed)] == ["PLACED", "PAID"]
    assert again.said[0].goods == "19900"
    other = taobao(tmp_path, csv_of(LIST, LIST | {"买家应付货款": "1.00"}))
    assert len(other.feed.facts) == 0
    assert reasons_of(other.feed.faults, "en").keys() == {0, 1}


def test_one_bad_part_holds_back_its_whole_order_and_no_other(tmp_path: Path) -> None:
    bad = PART | {"子订单编号": "1001-2", "买家应付货款": "x"}
    far = PART | {"子订单编号": "1002-1", "主订单编号": "1002"}
    found = taobao(tmp_path, csv_of(PART, bad, far), seller="茶店")
    assert {one[0] for one in told(found.feed)} == {"1002"}
    why = reasons_of(found.feed.faults, "en")
    assert sorted(why) == [0, 1]
    assert why[0] == [BESIDE.en]
    # A row that cannot even be split holds its order back as well.
    lines = csv_of(PART, bad).split(b"\r\n")
    short = b"\r\n".join([lines[0], lines[1], b",".join(lines[2].split(b",")[:5]), b""])
    found = taobao(tmp_path, short, seller="茶店")
    assert len(found.feed.facts) == 0
    assert [one.line for one in found.feed.sheet.unread] == [3]


def test_what_is_no_export_of_orders_is_refused_by_name(tmp_path: Path) -> None:
    moved = {"商家昵称": "a", "入帐日期": "b", "支付流水号": "c", "入帐类型": "交易收款"}
    with pytest.raises(WrongColumns, match="movements of money"):
        taobao(tmp_path, csv_of(moved))
    with pytest.raises(WrongColumns, match="订单创建时间"):
        taobao(tmp_path, csv_of({"订单编号": "1", "买家应付货款": "1"}))
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(FileUnusable, match="DOCTYPE"):
        taobao(tmp_path, bomb.getvalue())
    with pytest.raises(FileUnusable):
        taobao(tmp_path, xlsx_of(LIST)[:200])


def test_a_small_workbook_without_end_is_refused_before_it_fills_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sheet(rows: str, *, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", packed) as archive:
            ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
            text = f"<worksheet {ns}><sheetData>{rows}</sheetData></worksheet>"
            archive.writestr("xl/worksheets/sheet1.xml", text)
        return held.getvalue()

    far = sheet('<row r="1"><c r="ALM1"><v>1</v></c></row>')
    monkeypatch.setattr("xiaobao.gateways.feeds.xlsx_rows.MOST_ROWS", 50)
    long = sheet('<row><c r="A1"><v>1</v></c></row>' * 51)
    for body in (far, long):
        with pytest.raises(FileUnusable, match="too many rows, columns or cells"):
            taobao(tmp_path, body)
    monkeypatch.setattr("xiaobao.gateways.feeds.xlsx_rows.MOST_CELLS", 99)
    # Each row is as wide as the first: few cells written may be many held.
    wide = '<row><c r="CV1"><v>1</v></c></row>'
    with pytest.raises(FileUnusable, match="too many rows"):
        taobao(tmp_path, sheet(wide))
    with pytest.raises(FileUnusable, match="larger than 256 MiB"):
        taobao(tmp_path, sheet(" " * 2**24))


def test_every_known_column_set_is_recognised(tmp_path: Path) -> None:
    listed = SAMPLES / "taobao_export" / "columns.tsv"
    if not listed.exists():
        pytest.skip(f"{listed} is not here")
    sets: dict[str, list[str]] = {}
    for line in listed.read_text().splitlines()[1:]:
        variant, _, column, _ = line.split("\t")
        sets.setdefault(variant, []).append(column)
    kinds = {
        "ExportOrderList 2017": Kind.ORDERS, "ExportOrderList 2018-09 (56)": Kind.ORDERS,
        "ExportOrderList 2020+ xlsx (61)": Kind.ORDERS, "ExportOrderDetailList 2017": Kind.LINES,
        "千牛 子订单导出 2024-26 (35)": Kind.PARTS,
        "千牛 订单 2025-26 (subset read by a finance tool)": Kind.ORDERS,
        "天猫/淘宝 退款导出 (39)": Kind.REFUNDS,
    }  # fmt: skip
    adds, base = "退款导出新版 adds (54 in total)", "天猫/淘宝 退款导出 (39)"
    sets[adds] = sets[base] + sets[adds]
    assert set(sets) == {*kinds, adds, "千牛 动账 (14)"}
    values = {name.strip(): value for row in (LIST, PART, REFUND) for name, value in row.items()}
    for variant, kind in [*kinds.items(), (adds, Kind.REFUNDS)]:
        row = {name: values.get(name.strip(), "") for name in sets[variant]}
        row |= (
            {"订单编号": "1001", "购买数量": "1", "标题": "t", "价格": "1.00"}
            if (kind is Kind.LINES)
            else {}
        )
        moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        found = taobao(tmp_path, csv_of(row), seller="茶店",
                       placed_at=lambda _s, _o, at=moment: {"1001": at})  # fmt: skip
        assert (variant, found.kind, found.feed.faults) == (variant, kind, [])
        assert len(found.feed.facts) > 0
    with pytest.raises(WrongColumns, match="movements of money"):
        taobao(tmp_path, csv_of(dict.fromkeys(sets["千牛 动账 (14)"], "1")))


def test_a_file_that_names_no_shop_is_refused_once_with_the_option(tmp_path: Path) -> None:
    nobody = LIST | {"店铺名称": ""}
    rows = [nobody, nobody | {"订单编号": '="1002"'}]
    with pytest.raises(ShopUnnamed) as refused:
        taobao(tmp_path, csv_of(*rows))
    assert "--seller" in refused.value.says("zh")
    assert "--seller" in refused.value.says("en")
    assert not taobao(tmp_path, csv_of(*rows), seller="茶店").feed.faults
    # Where one line names it, those that do not are wrong each for itself.
    mixed = taobao(tmp_path, csv_of(LIST, rows[1]))
    assert [(one.line, one.field) for one in bad_rows(mixed.feed.sheet, mixed.feed.faults)] == [
        (3, "店铺名称")
    ]
    trades = [{"tid": n, "created": "2026-01-01 08:00:00", "payment": "1.00"} for n in (1, 2)]
    file = tmp_path / "top.json"
    file.write_text(json.dumps({"trades_sold_get_response": {"trades": {"trade": trades}}}))
    with pytest.raises(ShopUnnamed):
        read_top(file, CN)


def test_the_sample_export_of_lines_waits_for_its_orders() -> None:
    sample = next((SAMPLES / "taobao_export").glob("*.csv"), None)
    if sample is None:
        pytest.skip(f"{SAMPLES} is not here")
    found = read_taobao(sample, CN, seller="厨房", placed_at=lambda *_: {})
    assert (found.kind, len(found.feed.sheet), len(found.feed.facts)) == (Kind.LINES, 5, 0)
    at = dt.datetime(2017, 1, 1, tzinfo=dt.UTC)
    found = read_taobao(sample, CN, seller="厨房", placed_at=lambda _, o: dict.fromkeys(o, at))
    assert found.feed.facts["price"].to_pylist() == [23900, 21900, 34900, 100900, 24900]
    assert not found.feed.faults


def test_answers_and_messages_of_the_open_platform(tmp_path: Path) -> None:
    trade = {
        "seller_nick": "店", "tid": 9007199254740993, "buyer_nick": "li",
        "created": "2026-01-01 08:00:00", "pay_time": "2026-01-01 08:01:00", "payment": "510.00",
        "post_fee": "10.00", "status": "TRADE_FINISHED", "end_time": "2026-01-09 08:00:00",
        "consign_time": "2026-01-02 08:00:00", "invoice_no": "SF1",
        "orders": {"order": [{"num_iid": 7, "num": 5, "price": "100.00", "title": "茶"}]},
    }  # fmt: skip
    refund = {"seller_nick": "店", "tid": 1, "created": "2026-01-03 00:00:00",
              "refund_fee": "1.10", "status": "SUCCESS",
              "modified": "2026-01-04 00:00:00"}  # fmt: skip
    fen = {"seller_nick": "店", "tid": "2", "refund_fee": 110, "modified": "2026-01-05 00:00:00"}
    trace = {"tid": 3, "seller_nick": "店", "out_sid": "SF1", "trace_list": {"transit_step_info": [
        {"status_time": "2026-01-02 09:00:00", "status_desc": "已揽收", "action": "GOT"},
        {"status_time": "2026-01-03 09:00:00", "status_desc": "已签收", "action": "SIGNED"},
    ]}}  # fmt: skip
    bodies = [
        {"trades_sold_get_response": {"trades": {"trade": [trade]}}},
        {"refund_get_response": {"refund": refund}},
        {"topic": "taobao_tae_BaichuanTradeRefundCreated", "content": json.dumps(fen)},
        {"tmc_messages_consume_response": {"messages": {"tmc_message": [
            {"topic": "taobao_trade_TradeBuyerPay", "content": '{"tid":4,"seller_nick":"店"}'}]}}},
        {"logistics_trace_search_response": trace},
    ]  # fmt: skip
    file = tmp_path / "top.jsonl"
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in bodies))
    found = read_top(file, CN)
    assert not found.feed.faults
    number = "9007199254740993"
    assert told(found.feed) == [
        (number, "PLACED", "01 08:00", 50000, 1000, "li"), (number, "PAID", "01 08:01"),
        (number, "LINE", "01 08:00", 10000), (number, "LABELLED", "02 08:00", "SF1"),
        (number, "COMPLETED", "09 08:00"),
        ("1", "REFUND_ASKED", "03 00:00", 110), ("1", "REFUND_PAID", "04 00:00", 110),
        ("2", "REFUND_ASKED", "05 00:00", 110),
        ("3", "SCANNED", "02 09:00", "SF1"), ("3", "SIGNED", "03 09:00"),
    ]  # fmt: skip
    assert found.to_fetch == ["4"]
    del trade["created"]
    file.write_text(json.dumps([bodies[1], {"trade_fullinfo_get_response": {"trade": trade}}],
                               ensure_ascii=False, indent=1))  # fmt: skip
    found = read_top(file, CN)
    assert [(one.line, one.field) for one in bad_rows(found.feed.sheet, found.feed.faults)] == [
        (16, "created")
    ]


def test_samples_of_the_open_platform() -> None:
    folder = SAMPLES / "top" / "samples"
    if not folder.exists():
        pytest.skip(f"{folder} is not here")
    sold = read_top(folder / "trades_sold_get.sandbox2016.json", CN)
    assert told(sold.feed) == [
        ("194145147111084", "PLACED", "20 13:27", 50000, 1000, "sandbox_cilai_c"),
        ("194145147111084", "PAID", "20 13:27"), ("194145147111084", "LINE", "20 13:27", 10000),
    ]  # fmt: skip
    asked = read_top(folder / "refunds_receive_get.sandbox2016.json", CN)
    assert told(asked.feed) == [
        ("194174063521084", "REFUND_ASKED", "03 11:52", 11000),
        ("194174061956510", "REFUND_ASKED", "01 15:09", 25277),
    ]
    with pytest.raises(FileUnusable, match="no facts of orders"):
        read_top(folder / "refund_messages_get.sandbox2016.json", CN)


def test_bodies_of_shopify(tmp_path: Path) -> None:
    order = {
        "id": 1, "created_at": "2026-01-01T08:00:00+08:00", "currency": "USD", "email": "li@x.org",
        "processed_at": "2026-01-01T08:01:00+08:00", "total_price": "110.00",
        "financial_status": "partially_refunded", "line_items": [
            {"product_id": 7, "quantity": 2, "price": "50.00", "title": "tea"}],
        "shipping_lines": [{"price": "9.50"}, {"price": "0.50"}],
        "cancelled_at": "2026-01-04T08:00:00+08:00", "cancel_reason": "inventory",
        "refunds": [{"created_at": "2026-01-05T08:00:00+08:00", "transactions": [
            {"kind": "refund", "status": "success", "amount": "50.00"},
            {"kind": "refund", "status": "failure", "amount": "9.00"}]}],
        "fulfillments": [{"status": "success", "created_at": "2026-01-02T08:00:00+08:00",
                          "tracking_number": "1Z"}, {"status": "cancelled"}],
    }  # fmt: skip
    event = {"fulfillment_event": {"order_id": 1, "status": "in_transit",
                                   "happened_at": "2026-01-03T08:00:00+08:00"}}  # fmt: skip
    file = tmp_path / "shop.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in (order, event)))
    found = read_shopify(file, US, seller="shop")
    assert not found.feed.faults
    assert told(found.feed) == [
        ("1", "PLACED", "01 08:00", 10000, 1000, "li@x.org"), ("1", "LINE", "01 08:00", 5000),
        ("1", "PAID", "01 08:01"), ("1", "CANCELLED", "04 08:00"),
        ("1", "LABELLED", "02 08:00", "1Z"), ("1", "REFUND_PAID", "05 08:00", 5000),
        ("1", "SCANNED", "03 08:00"),
    ]  # fmt: skip
    file.write_text('{"orders": 5}')
    with pytest.raises(FileUnusable, match="nothing of Shopify"):
        read_shopify(file, US, seller="shop")
    file.write_text('{"order": {"id": 1,\n "total_price": "12.345"}}')
    found = read_shopify(file, US, seller="shop")
    assert {fault.field for fault in found.feed.faults} >= {"total_price", "created_at"}


def test_samples_of_shopify() -> None:
    folder = SAMPLES / "shopify"
    if not folder.exists():
        pytest.skip(f"{folder} is not here")
    counts = {}
    for file in sorted(folder.glob("*.json")):
        found = read_shopify(file, US, seller="shop")
        counts[file.stem] = (len(found.feed.facts), sorted(reasons_of(found.feed.faults, "en")))
    assert counts == {
        # A dispute without an order belongs nowhere.
        "dispute": (0, [0]), "disputes": (6, [0]), "fulfillment": (1, []),
        "fulfillment_event": (1, []), "order": (4, []), "orders": (2, []),
    }  # fmt: skip
    yuan = read_shopify(folder / "order.json", CN, seller="shop")
    assert [fault.field for fault in yuan.feed.faults] == ["currency"]


def test_objects_know_their_lines_and_numbers_keep_their_digits(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('[\n {"a": 12345678901234567890,\n  "b": {"c": 0.10}},\n\n {"a": "}\\n{"}]')
    found, unread = bodies_of(file)
    assert [(one.line, one["a"]) for one in found] == [(2, "12345678901234567890"), (5, "}\n{")]
    assert (found[0]["b"].line, found[0]["b"]["c"], unread) == (3, "0.10", [])
    file.write_text('{"a": 1}\nnot\n')
    found, unread = bodies_of(file)
    assert ([one.line for one in found], [one.line for one in unread]) == ([1], [2])
    file.write_text("nothing")
    with pytest.raises(FileUnusable, match="not whole JSON"):
        bodies_of(file)
