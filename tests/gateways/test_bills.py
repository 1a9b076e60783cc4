"""Bills as they really come: read whole and added up, or refused, by line, with nothing kept."""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import SHARED
from xiaobao.gateways.alipay.yuan import yuan_of
from xiaobao.gateways.bills import BillKind, BillRefused, read_bill
from xiaobao.gateways.bills.shapes import BillMissing
from xiaobao.gateways.bills.vocabulary import UNKNOWN, Booking, booked, kinds
from xiaobao.gateways.local_alipay.bills import account_bill, business_bill, zipped
from xiaobao.gateways.local_alipay.book import Entry

FORMATS = SHARED / "data" / "formats"
VOCABULARY = FORMATS / "alipay_bill" / "remark_vocabulary.tsv"
WECHAT = FORMATS / "wechat" / "tradebill_2021.csv"
absent = pytest.mark.skipif(
    not VOCABULARY.exists(), reason=f"{FORMATS} is not on this machine: no real bills to read"
)
DAY = "2026-11-25"


def entry(seq: int, fen: int, kind: str = "转账", *, title: str = "消保赔付") -> Entry:
    return Entry(
        seq, kind, f"N{seq}", f"R{seq}", "*付(a@b.c)", fen, 0, f"{DAY} 10:00:{seq:02d}", title,
        "备注", f"Q{seq}" if kind == "退款" else "",
    )  # fmt: skip


ENTRIES = [entry(1, 5_000, "交易"), entry(2, -300), entry(3, -200, "退款"), entry(4, 1, "交易")]


def written(folder: Path, text: str, encoding: str = "gb18030") -> Path:
    file = folder / "bill.csv"
    file.write_bytes(text.encode(encoding))
    return file


def test_what_is_no_file_is_told_and_waited_for_by_nobody(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for file, why in (
        (tmp_path / "none", "there is no such file, check its path"),
        (tmp_path, "this is a folder, name the bill in it"),
        (pipe, "this is no ordinary file, save it as one first"),
    ):
        with pytest.raises(BillMissing) as refused:
            read_bill(file)
        assert refused.value.says("en") == f"{file}: {why}; nothing was booked"
    assert refusal(written(tmp_path, "")) == (0, "the file is empty")


def refusal(file: Path) -> tuple[int, str]:
    with pytest.raises(BillRefused) as refused:
        read_bill(file)
    assert "整个文件都没有入账" in refused.value.says("zh")
    return refused.value.fields["line"], refused.value.fields["why"]


@absent
def test_the_real_alipay_bill_is_read_to_the_fen() -> None:
    [file] = (FORMATS / "alipay_bill").glob("*.csv")
    bill = read_bill(file)
    assert (bill.kind, bill.account) == (BillKind.ALIPAY_BUSINESS, "20880211096256330156")
    assert (str(bill.begins), str(bill.ends)) == (
        "2019-09-16 00:00:00+08:00", "2019-09-17 00:00:00+08:00",
    )  # fmt: skip
    assert (len(bill.rows), bill.in_fen, bill.out_fen) == (10, 6, 4)
    refund = bill.rows[1]
    # The tab behind an id is not of it, and an id of 28 digits stays whole.
    assert (refund.line, refund.fen, refund.ref, refund.number) == (
        7, -1, "2019091622001458860515315453", "re_test_1568602607356",
    )  # fmt: skip
    assert str(refund.at) == "2019-09-16 10:56:48+08:00"
    assert len({row.name for row in bill.rows}) == 10


@absent
@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("交易合计：6笔", "交易合计：7笔", "its total of 交易 says 7"),
        ("商家实收共0.06元", "商家实收共0.07元", "its total of 交易 says 6 lines of 0.07"),
        ("退款合计：4笔，商家实收退款共-0.04元", "退款合计：4笔，商家实收退款共-0.05元",
         "its total of 退款"),
        ("#退款合计", "#合计", "the total of 退款 is missing"),
        ("列表结束", "列表", "the line that ends it is missing"),
        ("商家实收（元）,", "商家实付（元）,", "the column 商家实收（元） is missing"),
        (",-0.01,-0.01,", ",-0.01,-0.015,", "no sum exact to the fen"),
        ("2019-09-16 10:56:48", "2019-09-16", "no moment"),
        (",下单测试,2019-09-16 10:55:16,2019-09-16 10:55:23", ",下,单,2019-09-16 10:55:16,x",
         "26 cells where there are 25 columns"),
    ],
)  # fmt: skip
def test_a_real_bill_with_one_thing_wrong_is_refused(
    before: str, after: str, why: str, tmp_path: Path
) -> None:
    [file] = (FORMATS / "alipay_bill").glob("*.csv")
    text = file.read_bytes().decode("gb18030")
    assert before in text
    line, said = refusal(written(tmp_path, text.replace(before, after, 1)))
    assert why in said
    assert (line > 0) is ("cells" in why or "no " in why or "column" in why)


@absent
def test_the_real_wechat_bill_is_read_and_has_to_add_up(tmp_path: Path) -> None:
    bill = read_bill(WECHAT)
    assert (bill.kind, bill.account, len(bill.rows)) == (BillKind.WECHAT_TRADE, "1600000000", 2)
    assert [(r.fen, r.number) for r in bill.rows] == [
        (1, "S20210128170702357723"), (1, "S20210128153505214586"),
    ]  # fmt: skip
    text = WECHAT.read_text("utf-8-sig")
    for before, after, why in (
        ("`2,`0.02", "`3,`0.02", "the totals say 3 lines"),
        ("`2,`0.02", "`2,`0.03", "应结订单总金额 says 0.03"),
        ("`CNY", "`USD", "another currency"),
        ("总交易单数", "总数", "the line of totals is missing"),
        ("`NATIVE,`SUCCESS", "`NATIVE,SUCCESS", "cells are expected"),
    ):
        assert before in text
        assert why in refusal(written(tmp_path, text.replace(before, after, 1), "utf-8"))[1]
    # A cell with a comma in it is one cell.
    told = text.replace("`for testing", "`a,b", 1)
    assert read_bill(written(tmp_path, told, "utf-8-sig")).rows[0].title == "a,b"


@absent
def test_a_wechat_refund_goes_out(tmp_path: Path) -> None:
    head, first, second, totals_head, _ = WECHAT.read_text("utf-8-sig").splitlines()
    refund = first.replace("`SUCCESS", "`REFUND").replace(
        "`0.01,`0.00,`0,`0,`0.00", "`0.00,`0.00,`50,`D7,`0.01", 1
    )
    totals = "`2,`0.01,`0.01,`0.00,`0.00000,`0.02,`0.00"
    text = f"{head}\n{refund}\n{second}\n{totals_head}\n{totals}"
    bill = read_bill(written(tmp_path, text, "utf-8"))
    assert [(row.fen, row.number, row.ref) for row in bill.rows] == [
        (-1, "D7", "50"), (1, "S20210128153505214586", "4200000910202101282955148400"),
    ]  # fmt: skip


@absent
def test_every_remark_is_booked_as_the_vocabulary_says() -> None:
    rows = [line.split("\t") for line in VOCABULARY.read_text("utf-8").splitlines()[1:]]
    assert len(rows) == 24
    for remark, kind, way, compensates, reason, *_ in rows:
        found = booked(remark, -1 if way == "out" else 1)
        assert (found.kind, found.is_compensation, found.reason) == (
            kind, compensates == "Y", reason,
        ), remark  # fmt: skip
        # Money that went the other way is not that.
        assert booked(remark, 1 if way == "out" else -1).kind == UNKNOWN


def test_a_plain_top_up_is_no_compensation() -> None:
    assert booked("天猫保证金-充值", -1) == Booking("deposit_topup", is_compensation=False)
    # Brackets in half width, and a breach that is named.
    assert booked("天猫保证金-充值(代扣)-缺货", -1) == Booking(
        "deposit_topup_auto", is_compensation=True, reason="缺货"
    )
    assert booked("天猫保证金-充值（代扣）", -1).is_compensation is False
    assert booked("售后退款-2019-T200P35153", -1).order == "35153"
    assert booked("随便写的", -1) == Booking(UNKNOWN, is_compensation=False)
    assert UNKNOWN in kinds()


def test_what_the_local_alipay_writes_is_read_back(tmp_path: Path) -> None:
    business = read_bill(written(tmp_path, business_bill(DAY, ENTRIES)))
    assert [(r.number, r.fen) for r in business.rows] == [("N1", 5_000), ("Q3", -200), ("N4", 1)]
    account = read_bill(written(tmp_path, account_bill(DAY, ENTRIES)))
    assert [(r.number, r.fen) for r in account.rows] == [
        ("N1", 5_000), ("N2", -300), ("N3", -200), ("N4", 1),
    ]  # fmt: skip
    assert (account.in_fen, account.out_fen) == (5_001, 500)
    # Whatever contains the sign of a fee is none: buying is written 消费, paying bills 缴费.
    for kind, is_fee in (
        ("消费", False), ("缴费", False), ("收费", True), ("退费", True), ("服务费", True),
        ("花呗分期手续费", True), ("技术服务费退回", True), ("提现手续费退还", True),
        ("手续费红包", False), ("服务费退款", False),
    ):  # fmt: skip
        text = account_bill(DAY, ENTRIES).replace(",转账,", f",{kind},", 1)
        assert [row.is_fee for row in read_bill(written(tmp_path, text)).rows] == [
            False, is_fee, False, False
        ]  # fmt: skip
    fee = account_bill(DAY, ENTRIES).replace(",转账,", ",收费,", 1)
    assert [r.is_fee for r in read_bill(written(tmp_path, fee)).rows] == [
        False, True, False, False,
    ]  # fmt: skip
    file = tmp_path / "bill.zip"
    file.write_bytes(zipped("signcustomer", DAY, ENTRIES))
    assert read_bill(file) == account
    assert read_bill(written(tmp_path, account_bill(DAY, []))).rows == ()


@given(st.lists(st.integers(-9_999_999, 9_999_999).filter(bool), max_size=30), st.data())
def test_a_bill_that_lost_a_line_or_a_fen_is_never_taken(
    fen: list[int], data: st.DataObject
) -> None:
    text = account_bill(DAY, [entry(n % 60, one) for n, one in enumerate(fen)])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bill = read_bill(written(folder, text))
        assert [row.fen for row in bill.rows] == fen
        if not fen:
            return
        lines = text.split("\r\n")
        lost = data.draw(st.integers(5, 4 + len(fen)))
        refusal(written(folder, "\r\n".join(lines[:lost] + lines[lost + 1 :])))
        one = fen[lost - 5]
        was, now = yuan_of(one), yuan_of(one + (1 if one > 0 else -1))
        changed = lines[lost].replace(f",{was},", f",{now},", 1)
        refusal(written(folder, "\r\n".join([*lines[:lost], changed, *lines[lost + 1 :]])))


def packed(folder: Path, *files: tuple[str, bytes]) -> Path:
    file = folder / "bill.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files:
            archive.writestr(name, body)
    return file


def test_zips_are_unpacked_within_limits(tmp_path: Path) -> None:
    bill = account_bill(DAY, ENTRIES).encode("gb18030")
    summary = "#支付宝账务汇总查询\r\n#---账务汇总列表---\r\n".encode("gb18030")
    assert len(read_bill(packed(tmp_path, ("a", bill), ("b", summary))).rows) == 4
    assert (
        "one bill of lines, this one 2" in refusal(packed(tmp_path, ("a", bill), ("b", bill)))[1]
    )
    assert "one bill of lines, this one 0" in refusal(packed(tmp_path, ("b", summary)))[1]
    bomb = packed(tmp_path, ("a", b"\0" * 50_000_000))
    assert bomb.stat().st_size < 100_000
    assert refusal(bomb)[1] == "the zip unpacks to too much"
    many = packed(tmp_path, *((f"{n}", b"x") for n in range(21)))
    assert refusal(many)[1] == "too many files in the zip"
    inner = packed(tmp_path, ("a", bill)).read_bytes()
    assert refusal(packed(tmp_path, ("z", inner)))[1] == "a zip within the zip"
    broken = tmp_path / "broken.zip"
    broken.write_bytes(inner[: len(inner) // 2])
    assert refusal(broken)[1] == "the zip is broken or has a password"
    spoilt = bytearray(inner)
    spoilt[40] ^= 0xFF
    broken.write_bytes(spoilt)
    assert refusal(broken)[0] == 0


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00\x01", b"a,b\n1,2\n", b"PK", b"\x00" * 99])
def test_other_files_are_refused(body: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(body)
    assert refusal(file)[0] == 0
