"""Order files: what is right becomes facts; what is wrong is named by line, field and fix."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaobao.gateways.feeds.faults import (
    FileCutOff,
    FileMissing,
    FileNotWhatItSays,
    FileUnusable,
    WrongColumns,
    WrongEncoding,
)
from xiaobao.gateways.feeds.opening import MOST_BYTES
from xiaobao.gateways.feeds.orders import COLUMNS, OrderFeed, read_order_file
from xiaobao.gateways.feeds.parquet_rows import MOST_ROWS
from xiaobao.gateways.feeds.rejects import NOTES, bad_rows, count_bad, write_rejected
from xiaobao.kernel.problems import Problem
from xiaobao.orders.facts import FACT_SCHEMA, CancelReason, FactKind, Route
from xiaobao.orders.rules.clocks import DECISIONS

HEAD = (
    "seller,order,fact,at,buyer,goods,currency,item,quantity,price,title,amount,reason,waybill\n"
)
PLACED = "shop,o1,placed,2026-01-01T08:00:00+08:00,buyer,1250,CNY,,,,,,,\n"
LINE = "shop,o1,line,2026-01-01T08:00:00+08:00,,,,i1,2,625,白茶,,,\n"
PAID = "shop,o1,paid,2026-01-01T08:05:00+08:00,,,,,,,,,,\n"


def read(path: Path, body: str | bytes, name: str = "orders.csv", **options: Any) -> OrderFeed:
    file = path / name
    file.write_bytes(body if isinstance(body, bytes) else body.encode())
    return read_order_file(file, currency="CNY", **options)


def bad(feed: OrderFeed) -> list[tuple[int, str]]:
    return [(one.line, one.field) for one in bad_rows(feed.sheet, feed.faults)]


def says(feed: OrderFeed) -> str:
    return "\n".join(one.says("en") for one in bad_rows(feed.sheet, feed.faults))


def test_a_good_file_becomes_facts_of_the_agreed_shape(tmp_path: Path) -> None:
    feed = read(tmp_path, HEAD + PLACED + LINE + PAID)
    assert feed.facts.schema == FACT_SCHEMA
    assert not feed.faults
    placed, line, paid = feed.facts.to_pylist()
    assert placed["at"] == dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert (placed["goods"], placed["currency"], placed["buyer"]) == (1250, "CNY", "buyer")
    assert (line["item"], line["quantity"], line["price"], line["title"]) == ("i1", 2, 625, "白茶")
    assert [placed["fact"], line["fact"], paid["fact"]] == [1, 2, 3]
    assert paid["goods"] is None


def test_a_column_that_facts_of_the_file_need_is_named_once(tmp_path: Path) -> None:
    names = HEAD.strip().split(",")
    left = [n for n, name in enumerate(names) if name != "currency"]

    def without(*rows: str) -> str:
        return "".join(
            ",".join(row.strip("\n").split(",")[n] for n in left) + "\n" for row in rows
        )

    with pytest.raises(WrongColumns) as refused:
        read(tmp_path, without(HEAD, PLACED, PLACED.replace("o1", "o2"), PAID))
    assert "column currency is missing, and placed needs it" in refused.value.says("en")
    assert "缺少列 currency，placed 必须有它" in refused.value.says("zh")
    # One row alone may be wrong, and the others be taken.
    assert bad(read(tmp_path, without(HEAD, PLACED, PAID))) == [(2, "currency")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_do_not_matter(
    tmp_path: Path, line_end: str, mark: bytes
) -> None:
    body = (HEAD + PLACED + LINE + PAID).replace("\n", line_end)
    feed = read(tmp_path, mark + body.encode())
    assert len(feed.facts) == 3
    assert feed.sheet.line.tolist() == [2, 3, 4]


def test_the_three_kinds_of_file_say_the_same(tmp_path: Path) -> None:
    csv = read(tmp_path, HEAD + PLACED + LINE + PAID)
    rows: list[dict[str, Any]] = [
        {
            name: value.isoformat() if isinstance(value, dt.datetime) else value
            for name, value in row.items()
            if value is not None
        }
        for row in csv.facts.to_pylist()
    ]
    for row in rows:
        row["fact"] = FactKind(row["fact"]).name.lower()
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    lines = read(tmp_path, text, "orders.jsonl")
    typed = csv.facts.drop_columns(["fact", "route", "reason"]).append_column(
        "fact", pa.array(["placed", "line", "paid"])
    )
    pq.write_table(typed, tmp_path / "orders.parquet")
    columns = read_order_file(tmp_path / "orders.parquet", currency="CNY")
    assert lines.facts.equals(csv.facts)
    assert columns.facts.equals(csv.facts)


def test_blank_lines_anywhere_are_passed_over(tmp_path: Path) -> None:
    for body, lines in (
        ("\n" + HEAD + PAID, [3]),
        (HEAD + "\n" + PAID, [3]),
        (HEAD + PAID + "\n\n", [2]),
        (HEAD, []),
    ):
        feed = read(tmp_path, body)
        assert feed.sheet.line.tolist() == lines
        assert len(feed.facts) == len(lines)


def test_quotes_commas_and_line_breaks_inside_fields_keep_the_line_numbers(tmp_path: Path) -> None:
    odd = LINE.replace("白茶", '"a, ""b""\nc"')
    feed = read(tmp_path, HEAD + PLACED + "\n" + LINE.replace("白茶", '"a, ""b"" c"'))
    assert feed.facts["title"].to_pylist() == [None, 'a, "b" c']
    assert feed.sheet.line.tolist() == [2, 4]
    broken = read(tmp_path, HEAD + odd + PAID)
    assert broken.sheet.line.tolist() == [2, 4]
    assert bad(broken) == [(2, "title")]


@pytest.mark.parametrize(
    ("field", "value", "fix"),
    [
        ("order", "3.51531E+16", "scientific notation"),
        ("order", '="35153"', "formula"),
        ("order", "=1+1", "formula"),
        ("order", "@cmd", "formula"),
        ("order", "o 1", "blanks"),
        ("order", " o1", "blanks"),
        ("order", "o1\t", "blanks"),
        ("order", "o1\u3000", "blanks"),
        ("order", "o\u200b1", "invisible"),
        ("seller", "Tea  Co", "blanks"),
        ("seller", "Tea ", "blanks"),
        ("buyer", "3.51531E+16", "scientific notation"),
        ("order", "", "may not be empty"),
        ("order", "x" * 201, "200"),
        ("at", "2026-01-01T08:00:00", "no zone"),
        ("at", "2026-01-01", "zone"),
        ("at", "2026/1/1 8:00", "zone"),
        ("at", "1767225600", "zone"),
        ("at", "2026-02-30T08:00:00Z", "no such day"),
        ("at", "2026-01-01T24:00:00Z", "no such day"),
        ("at", "1989-12-31T08:00:00Z", "1990"),
        ("goods", "12.50", "1250"),
        ("goods", "-1", "negative"),
        ("goods", "1E+3", "scientific"),
        ("goods", "¥12", "whole number"),
        ("goods", '"1,250"', "whole number"),
        ("goods", "1" * 15, "too large"),
        ("goods", "", "must say it"),
        ("currency", "XYZ", "one of"),
        ("currency", "cny", "one of"),
        ("currency", "USD", "the market keeps CNY"),
        ("fact", "payed", "one of"),
        ("fact", "PAID", "one of"),
        ("item", "i1", "only line, refund_asked, refund_paid says it"),
        ("amount", "5", "only refund_asked, refund_paid says it"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_its_line_field_and_fix(
    tmp_path: Path, field: str, value: str, fix: str
) -> None:
    names = HEAD.strip().split(",")
    cells = PLACED.strip("\n").split(",")
    cells[names.index(field)] = value
    feed = read(tmp_path, HEAD + PLACED + ",".join(cells) + "\n" + PAID)
    assert (3, field) in bad(feed)
    assert fix in says(feed)
    assert len(feed.facts) == 2
    assert count_bad(feed.sheet, feed.faults) == 1


@pytest.mark.parametrize("quantity", ["0", "1000000001", "2.0"])
def test_quantities_are_whole_and_at_least_one(tmp_path: Path, quantity: str) -> None:
    feed = read(tmp_path, HEAD + LINE.replace(",i1,2,", f",i1,{quantity},"))
    assert bad(feed) == [(2, "quantity")]


@pytest.mark.parametrize(
    ("body", "kind", "fix"),
    [
        ("", FileUnusable, "empty"),
        ("\n\n", FileUnusable, "no header"),
        ("a,b\n1,2\n", WrongColumns, "missing columns seller"),
        (HEAD.replace("goods", "good"), WrongColumns, "'good' (goods?)"),
        (HEAD.replace("goods", "buyer"), WrongColumns, "given twice buyer"),
        (HEAD.replace(",", ";"), WrongColumns, "not separated by commas"),
        (HEAD.replace(",", "\t"), WrongColumns, "not separated by commas"),
        (HEAD + PLACED.replace("buyer", "b\0"), FileNotWhatItSays, "line 2: there is a NUL"),
        (b"PAR1abcdPAR1", FileNotWhatItSays, "this is Parquet"),
        (b"PK\x03\x04....", FileNotWhatItSays, "zip/xlsx"),
        ((HEAD + PLACED).encode("utf-16"), FileNotWhatItSays, "UTF-16"),
        ((HEAD + LINE).encode("gb18030"), WrongEncoding, "--encoding gb18030"),
        (HEAD.encode() + b"\xff\xff\xff\n", WrongEncoding, "line 2"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(
    tmp_path: Path, body: str | bytes, kind: type[Problem], fix: str
) -> None:
    with pytest.raises(kind) as refused:
        read(tmp_path, body)
    assert fix in refused.value.says("en")
    assert "orders.csv" in refused.value.says("zh")


def test_gb18030_is_read_where_it_is_named(tmp_path: Path) -> None:
    feed = read(tmp_path, (HEAD + LINE).encode("gb18030"), encoding="gb18030")
    assert feed.facts["title"].to_pylist() == ["白茶"]
    with pytest.raises(WrongEncoding, match="utf-8 or gb18030"):
        read(tmp_path, HEAD, encoding="latin-1")


def test_folders_missing_files_and_unknown_endings_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match="folder"):
        read_order_file(tmp_path, currency="CNY")
    with pytest.raises(FileMissing, match="no such file"):
        read_order_file(tmp_path / "none.csv", currency="CNY")
    with pytest.raises(FileUnusable, match=r"ending \.xlsx"):
        read(tmp_path, "x", "orders.xlsx")
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(FileMissing, match="ordinary"):
        read_order_file(tmp_path / "pipe.csv", currency="CNY")


def test_a_file_that_may_not_be_read_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(file: Path) -> bytes:
        raise PermissionError(file)

    # Root may read everything: the refusal of the system is stood in for.
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(FileMissing, match="permissions"):
        read(tmp_path, HEAD)


# -- half a file -------------------------------------------------------------------------------


def test_a_cut_last_line_is_named(tmp_path: Path) -> None:
    whole = HEAD + PLACED + LINE + PAID
    assert bad(read(tmp_path, whole.rstrip("\n"))) == [(4, "")]
    assert "line break" in says(read(tmp_path, whole.rstrip("\n")))
    cut = read(tmp_path, whole[:-9])
    assert bad(cut) == [(4, "")]
    assert "instead of 14" in says(cut)
    assert len(cut.facts) == 2


def test_an_open_quotation_mark_is_named_where_it_opens(tmp_path: Path) -> None:
    feed = read(tmp_path, HEAD + PLACED + LINE.replace("白茶", '"白茶') + PAID)
    assert bad(feed) == [(3, "")]
    assert "never closed" in says(feed)
    assert len(feed.facts) == 1
    stray = read(tmp_path, HEAD + PLACED + LINE.replace("白茶", '"白"茶') + PAID)
    assert bad(stray) == [(3, "")]
    assert len(stray.facts) == 2


def test_every_cut_of_a_good_file_is_noticed(tmp_path: Path) -> None:
    whole = (HEAD + PLACED + LINE + PAID).encode()
    starts = {i + 1 for i, byte in enumerate(whole) if byte == ord("\n")}
    for end in range(1, len(whole), 3):
        if end in starts:
            continue
        try:
            feed = read(tmp_path, whole[:end])
        except Problem:
            continue
        assert count_bad(feed.sheet, feed.faults) == 1, whole[:end]


def test_a_cut_parquet_file_is_refused(tmp_path: Path) -> None:
    table = read(tmp_path, HEAD + PLACED).facts.drop_columns(["fact"])
    table = table.append_column("fact", pa.array(["placed"]))
    pq.write_table(table, tmp_path / "whole.parquet")
    body = (tmp_path / "whole.parquet").read_bytes()
    for end in (4, 100, len(body) - 5):
        with pytest.raises(FileCutOff, match="cut off"):
            read(tmp_path, body[:end], "cut.parquet")
    with pytest.raises(FileCutOff):
        read(tmp_path, body[: len(body) // 2] + b"PAR1", "cut.parquet")
    with pytest.raises(FileNotWhatItSays, match="not a Parquet"):
        read(tmp_path, HEAD, "text.parquet")


def test_a_small_file_of_endless_rows_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    file = tmp_path / "endless.parquet"
    rows = MOST_ROWS + 1
    pq.write_table(pa.table({"seller": pa.nulls(rows, pa.int8())}), file)
    assert file.stat().st_size < 1_000_000
    with pytest.raises(FileUnusable, match=f"{rows} rows"):
        read_order_file(file, currency="CNY")


def test_a_file_beyond_what_memory_should_hold_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "huge.csv"
    with file.open("wb") as out:
        out.truncate(MOST_BYTES + 1)
    with pytest.raises(FileUnusable, match="larger than 1 GiB"):
        read_order_file(file, currency="CNY")


def test_a_line_beyond_all_measure_is_named(tmp_path: Path) -> None:
    feed = read(tmp_path, HEAD + PLACED + LINE.replace("白茶", "x" * 2_000_000) + PAID)
    assert bad(feed) == [(3, "")]
    assert len(feed.facts) == 2


# -- JSON Lines and Parquet --------------------------------------------------------------------

GOOD = {"seller": "s", "order": "o", "fact": "paid", "at": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ('{"seller": "s"', "one whole JSON object"),
        ("[1]", "one JSON object"),
        (json.dumps(GOOD | {"colour": "red"}), "unknown keys 'colour'"),
        (json.dumps(GOOD | {"order": 2**53 + 1}), "beyond 2^53"),
        (json.dumps(GOOD | {"order": 3.5e16}), "blanks"),
        (json.dumps(GOOD | {"order": 1.5e300}), "scientific"),
        (json.dumps(GOOD | {"order": True}), "a string or a whole number"),
        (json.dumps(GOOD | {"order": {"id": 1}}), "a string or a whole number"),
        (json.dumps(GOOD | {"order": "\ud800"}), "surrogate"),
        (json.dumps(GOOD)[:-1] + ', "order": "p"}', "given twice"),
        (json.dumps(GOOD | {"fact": "refund_paid", "amount": -5}), "negative"),
        (json.dumps(GOOD | {"fact": "refund_paid", "amount": 5.5}), "1250"),
        (json.dumps(GOOD | {"fact": "refund_paid", "amount": float("nan")}), "JSON"),
        ("[" * 100_000, "JSON"),
        ('{"order": ' + "1" * 10_000 + "}", "beyond 2^53"),
    ],
)
def test_a_wrong_json_line_is_named(tmp_path: Path, line: str, fix: str) -> None:
    feed = read(tmp_path, f"{json.dumps(GOOD)}\n\n{line}\n", "orders.jsonl")
    assert [one.line for one in bad_rows(feed.sheet, feed.faults)] == [3]
    if fix != "blanks":
        assert fix in says(feed)
    assert len(feed.facts) == 1


def test_numbers_as_ids_are_taken_while_they_are_exact(tmp_path: Path) -> None:
    feed = read(tmp_path, json.dumps(GOOD | {"order": 2**53}), "orders.jsonl")
    assert feed.facts["order"].to_pylist() == ["9007199254740992"]


@pytest.mark.parametrize(
    ("field", "values", "fix"),
    [
        ("order", pa.array([2**53 + 1]), "beyond 2"),
        ("order", pa.array([1.5]), "floating"),
        ("amount", pa.array([12.5]), "floating"),
        ("amount", pa.array([-1]), "negative"),
        ("at", pa.array([0], pa.timestamp("us")), "no zone"),
        ("at", pa.array([0]), "wrong type"),
        ("fact", pa.array([1]), "wrong type"),
    ],
)
def test_a_parquet_column_of_another_type_is_named(
    tmp_path: Path, field: str, values: pa.Array, fix: str
) -> None:
    columns: dict[str, Any] = {
        name: pa.array([value]) for name, value in (GOOD | {"fact": "refund_paid"}).items()
    }
    columns["amount"] = pa.array([5])
    columns[field] = values
    pq.write_table(pa.table(columns), tmp_path / "orders.parquet")
    feed = read_order_file(tmp_path / "orders.parquet", currency="CNY")
    assert (1, field) in bad(feed)
    assert fix in says(feed)
    assert len(feed.facts) == 0


# -- rejected rows -----------------------------------------------------------------------------


def test_rejected_rows_can_be_mended_and_fed_back(tmp_path: Path) -> None:
    wrong = LINE.replace("625", "6.25")
    feed = read(tmp_path, HEAD + PLACED + wrong + PAID.replace("paid", "payed") + PAID[:-3] + "\n")
    file = write_rejected(feed.sheet, feed.faults, COLUMNS, tmp_path, "en")
    assert file.name == "orders.rejected.csv"
    text = file.read_text()
    assert text.splitlines()[0].split(",") == [*COLUMNS, *NOTES]
    assert "price: amounts are whole minor units" in text
    again = read_order_file(file, currency="CNY")
    assert count_bad(again.sheet, again.faults) == 2  # the short line only lacked empty fields
    mended = text.replace("6.25", "625").replace("payed", "paid")
    file.write_text(mended)
    back = read_order_file(file, currency="CNY")
    assert count_bad(back.sheet, back.faults) == 0
    assert back.facts.slice(0, 1).equals(read(tmp_path, HEAD + LINE).facts)


def test_whoever_may_not_read_the_file_may_not_read_its_bad_rows(tmp_path: Path) -> None:
    feed = read(tmp_path, HEAD + PLACED.replace("shop", "=shop"))
    for mode, copied in ((0o400, 0o600), (0o640, 0o640)):
        feed.sheet.file.chmod(mode)
        (tmp_path / oct(mode)).mkdir()
        file = write_rejected(feed.sheet, feed.faults, COLUMNS, tmp_path / oct(mode), "en")
        assert file.stat().st_mode & 0o777 == copied & ~_umask()


def _umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found


def test_a_file_of_rejected_rows_is_never_overwritten(tmp_path: Path) -> None:
    feed = read(tmp_path, HEAD + PAID.replace("paid", "payed"))
    first = write_rejected(feed.sheet, feed.faults, COLUMNS, tmp_path, "en")
    assert write_rejected(feed.sheet, feed.faults, COLUMNS, tmp_path, "en") == first
    first.write_text("being mended")
    second = write_rejected(feed.sheet, feed.faults, COLUMNS, tmp_path, "en")
    assert second.name == "orders.rejected-2.csv"
    assert first.read_text() == "being mended"
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "orders.csv", "orders.rejected-2.csv", "orders.rejected.csv",
    ]  # fmt: skip


def test_many_bad_rows_are_counted_and_the_listing_is_short(tmp_path: Path) -> None:
    feed = read(tmp_path, HEAD + PLACED + PAID.replace("paid", "payed") * 5000)
    assert count_bad(feed.sheet, feed.faults) == 5000
    assert [one.line for one in bad_rows(feed.sheet, feed.faults)] == list(range(3, 23))


def test_the_exact_reader_and_the_fast_one_agree(tmp_path: Path) -> None:
    rows = "".join(
        LINE.replace("o1", f"o{n}").replace("白茶", f'"茶, ""{n}"""') for n in range(2000)
    )
    fast = read(tmp_path, HEAD + rows)
    exact = read(tmp_path, HEAD + "\n" + rows)
    assert fast.facts.equals(exact.facts)
    assert (exact.sheet.line - fast.sheet.line == 1).all()


# -- nonsense ----------------------------------------------------------------------------------

nonsense = st.one_of(
    st.binary(max_size=400),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(alphabet='",\n\r;=shopo1placed0 \t', max_size=300).map(
        lambda text: (HEAD + PLACED + text).encode()
    ),
    st.lists(st.sampled_from([PLACED, LINE, PAID, '"', ",", "\n", "{}", "null"]), max_size=9).map(
        lambda parts: (HEAD + "".join(parts)).encode()
    ),
    st.dictionaries(
        st.sampled_from([*COLUMNS, "x"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    ).map(lambda row: json.dumps(row).encode()),
)


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=nonsense, ending=st.sampled_from(["csv", "jsonl", "parquet"]))
def test_nonsense_is_refused_or_named_and_never_breaks(
    tmp_path: Path, body: bytes, ending: str
) -> None:
    try:
        feed = read(tmp_path, body, f"nonsense.{ending}")
    except Problem:
        return
    assert len(feed.kept) == len(feed.facts)
    bad_count = count_bad(feed.sheet, feed.faults)
    assert bad_count == len(feed.sheet) + len(feed.sheet.unread) - len(feed.kept)
    write_rejected(feed.sheet, feed.faults, COLUMNS, tmp_path, "zh")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_damaged_parquet_file_never_breaks(tmp_path: Path, data: st.DataObject) -> None:
    table = pa.table({name: pa.array([value] * 50) for name, value in GOOD.items()})
    pq.write_table(table, tmp_path / "whole.parquet")
    body = np.frombuffer((tmp_path / "whole.parquet").read_bytes(), np.uint8).copy()
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(4, len(body) - 5))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Problem):
        read(tmp_path, body.tobytes(), "damaged.parquet")


@pytest.mark.parametrize("text", [b"seller", b"late-1"])
def test_parquet_whose_text_is_no_utf_8_is_refused(tmp_path: Path, text: bytes) -> None:
    table = pa.table({name: pa.array([value] * 50) for name, value in GOOD.items()})
    table = table.set_column(
        table.column_names.index("order"), "order", pa.array(["late-1"] * len(table))
    )
    pq.write_table(table, tmp_path / "whole.parquet", compression="none", use_dictionary=False)
    body = (tmp_path / "whole.parquet").read_bytes()
    assert text in body
    with pytest.raises(FileUnusable):
        read(tmp_path, body.replace(text, b"\x80" + text[1:]), "damaged.parquet")


# -- the documentation -------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["import.md", "import.zh-CN.md"])
def test_the_documented_example_and_columns_are_the_ones_read(tmp_path: Path, page: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    start = text.index("    seller,order,fact")
    example = text[start : text.index("\n\n", start)]
    feed = read(tmp_path, "\n".join(line[4:] for line in example.splitlines()) + "\n")
    assert (len(feed.facts), feed.faults) == (3, [])
    for name in COLUMNS:
        assert f"| `{name}` |" in text, name
    told = [kind for kind in FactKind if kind not in DECISIONS]
    words = [*told, *Route, *[one for one in CancelReason if one]]
    for word in words:
        assert f"`{word.name.lower()}`" in text, word
