"""Publishing: once, linted, dated; what stands is never rewritten, and nothing half recorded."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import psycopg
import pytest
from django.db import transaction

from xiaobao.advances.terms import PayoutTerms
from xiaobao.database import trips
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.deposits.terms import DepositRules, DepositTerms, LadderTerms
from xiaobao.kernel.clocks import us_of
from xiaobao.orders.facts import BreachKind
from xiaobao.orders.terms import CompensationTerms, ShippingTerms
from xiaobao.promises import queries
from xiaobao.promises.acts import (
    AnnounceFirst,
    OtherMarketShape,
    OtherPackLine,
    PackRefused,
    TermsStand,
    publish_pack,
)
from xiaobao.promises.packs import PackNotReadable, read_files
from xiaobao.promises.rules.books import draft_book
from xiaobao.promises.rules.lint import lint_pack
from xiaobao.promises.terms import ClockTerms, PromiseTerms

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 6, 1, tzinfo=UTC)
TABLES = ("market", "pack", "clause", "category", "term")


def counts() -> dict[str, int]:
    return {t: fetch_rows(f"SELECT count(*) FROM promises_{t}")[0][0] for t in TABLES}


def rewrite(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def append_row(folder: Path, begins: str) -> None:
    """Late shipping costs 8 % from that day on."""
    with (folder / "compensation.csv").open("a", encoding="utf-8") as file:
        file.write(
            f"late_shipment,{begins},,true,800,500,3000,0,3000,half_up,true,cn.ship.late,"
            "house:a test,low\n"
        )


def test_a_pack_is_published_whole() -> None:
    row = publish_pack("cn", at=AT)
    read, _ = lint_pack(read_files("cn"))
    assert (row.market, row.name, row.version, row.published_at) == ("cn", "cn", read.version, AT)
    assert row.sha256 == read.sha256
    assert counts() == {
        "market": 1, "pack": 1, "clause": len(read.clauses), "category": len(read.categories),
        "term": len(read.terms),
    }  # fmt: skip
    assert queries.packs() == [row]
    assert queries.pack_files(row.pack_id) == read_files("cn")
    market = queries.market("cn")
    assert (market.currency, market.zone) == ("CNY", "Asia/Shanghai")
    assert queries.line_of(market.market_id) == "cn"


def test_the_same_content_again_changes_nothing() -> None:
    first = publish_pack("cn", at=AT)
    before, token = counts(), fetch_rows("SELECT token FROM promises_revision")
    assert publish_pack("cn", at=LATER) == first
    assert counts() == before
    assert fetch_rows("SELECT token FROM promises_revision") == token


def _publish_and_break() -> None:
    with transaction.atomic():
        publish_pack("cn", at=AT)
        assert [one.name for one in queries.markets()] == ["cn"]
        raise ZeroDivisionError


def test_a_transaction_sees_what_it_publishes_and_not_what_was_undone() -> None:
    """It looks at the catalogue's token once, and again after it has published itself."""
    assert queries.markets() == []
    with pytest.raises(ZeroDivisionError):
        _publish_and_break()
    assert queries.markets() == []
    publish_pack("cn", at=AT)
    assert [one.name for one in queries.markets()] == ["cn"]
    # What others publish meanwhile counts after it; this one is not asked again.
    execute("UPDATE promises_revision SET token = gen_random_uuid()")
    execute("UPDATE promises_market SET zone = 'UTC'")
    assert queries.markets()[0].zone == "Asia/Shanghai"
    trips.known().clear()
    assert queries.markets()[0].zone == "UTC"


@pytest.mark.parametrize(
    "terms",
    [ShippingTerms, CompensationTerms, DepositTerms, DepositRules, LadderTerms, PayoutTerms,
     PromiseTerms, ClockTerms],
)  # fmt: skip
@pytest.mark.parametrize("name", ["cn", "olist"])
def test_a_published_book_is_the_draft_with_versions(terms: type[Any], name: str) -> None:
    row = publish_pack(name, at=AT)
    book = queries.book_of(terms, row.market_id)
    draft = draft_book(terms, lint_pack(read_files(name))[0])
    numbers = dict(queries.categories(row.market_id))
    if getattr(terms, "KEY_IS_CATEGORY", False):
        assert set(book.key.tolist()) == set(numbers)
    for column in terms.names():
        if column != "version":
            drafted = sorted(zip(draft.begins_us, getattr(draft.rows, column), strict=True))
            stored = sorted(zip(book.begins_us, getattr(book.rows, column), strict=True))
            assert stored == drafted
    stored_ids = {r[0] for r in fetch_rows("SELECT term_id FROM promises_term")}
    assert set(book.rows.version.tolist()) <= stored_ids
    assert sorted(book.ends_us.tolist()) == sorted(draft.ends_us.tolist())


def test_a_pack_of_before_a_column_was_added_stands_and_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = read_files(str(folder))
    text = re.sub(r"frozen_(look_|notice_)?days = .*\n", "", files["deposit_rules.toml"])
    (folder / "deposit_rules.toml").write_text(text, encoding="utf-8")
    pack, findings = lint_pack(read_files(str(folder)))
    assert [(f.code, f.file, f.field) for f in findings] == [
        ("missing_value", "deposit_rules.toml", "frozen_days"),
        ("missing_value", "deposit_rules.toml", "frozen_look_days"),
        ("missing_value", "deposit_rules.toml", "frozen_notice_days"),
    ]
    # It was published when nobody asked for them, and its rows say nothing of them.
    bare = replace(
        pack,
        terms=tuple(
            replace(t, values={c: v for c, v in t.values.items() if not c.startswith("frozen_")})
            for t in pack.terms
        ),
    )
    with monkeypatch.context() as before:
        before.setattr("xiaobao.promises.acts.publishing.lint_pack", lambda _: (bare, []))
        row = publish_pack(str(folder), at=AT)
    rules = queries.book_of(DepositRules, row.market_id)
    assert rules.rows.frozen_days.tolist() == [360]
    assert rules.rows.frozen_look_days.tolist() == [7]
    assert rules.rows.frozen_notice_days.tolist() == [15]
    assert len(draft_book(DepositRules, pack).rows) == 1
    # The shipped pack says the same of them, and so changes nothing that binds anybody.
    again = publish_pack("cn", at=LATER)
    assert again.pack_id != row.pack_id
    assert queries.book_of(DepositRules, row.market_id).rows.version.tolist() == (
        rules.rows.version.tolist()
    )


def test_words_and_sources_may_get_better(folder: Path) -> None:
    row = publish_pack("cn", at=AT)
    rewrite(folder, "clauses.toml", 'title_en = "Ships on time"', 'title_en = "Ships in time"')
    rewrite(folder, "compensation.csv", "digest:late shipping,medium", "digest:art. 9,high")
    rewrite(folder, "categories.toml", 'en = "Phones"', 'en = "Mobile phones"')
    before = counts()
    publish_pack(str(folder), at=LATER)
    assert queries.title_of("cn.ship.late", "en", us_of(LATER)) == "Ships in time"
    assert queries.title_of("cn.ship.late", "en", us_of(AT)) == "Ships on time"
    assert fetch_rows("SELECT certainty FROM promises_term WHERE source = 'digest:art. 9'") == [
        (1,)
    ]
    assert "Mobile phones" in {c.en for _, c in queries.categories(row.market_id)}
    assert counts()["term"] == before["term"]


REWRITES = [
    ("compensation.csv", "true,500,500,3000,0,3000", "true,600,500,3000,0,3000", "late_shipment"),
    ("compensation.csv", "cn.ship.late,digest:late shipping,m", "cn.ship.stock,digest,m",
     "late_shipment"),
    ("deposit.csv", "phones,2014-03-15", "jewellery,2014-03-15", "phones"),
    ("clocks.csv", "retention,2014-03-15,", "retention,2014-03-16,", "retention"),
    ("categories.toml", 'code = "phones"\nparent = "electronics"',
     'code = "phones"\nparent = "home"', "phones"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "named"), REWRITES)
def test_what_stands_is_not_rewritten(
    folder: Path, file: str, old: str, new: str, named: str
) -> None:
    publish_pack("cn", at=AT)
    before = counts()
    rewrite(folder, file, old, new)
    with pytest.raises(TermsStand) as refused:
        publish_pack(str(folder), at=LATER)
    for language in ("zh", "en"):
        assert named in refused.value.says(language)
    assert counts() == before


@pytest.mark.parametrize("what", ["a row", "a clause", "the agreement"])
def test_what_binds_sellers_otherwise_is_announced_not_published(folder: Path, what: str) -> None:
    publish_pack("cn", at=AT)
    before = counts()
    if what == "a row":
        append_row(folder, "2027-01-01")
    elif what == "a clause":
        rewrite(folder, "clauses.toml", 'en = "The seller gets', 'en = "The seller soon gets')
    else:
        text = (folder / "agreement.en.md").read_text("utf-8")
        (folder / "agreement.en.md").write_text(text + "\nOne more sentence.\n", "utf-8")
    with pytest.raises(AnnounceFirst) as refused:
        publish_pack(str(folder), at=LATER)
    for language in ("zh", "en"):
        assert "xiaobao policy announce" in refused.value.says(language)
    assert counts() == before


def test_another_line_is_refused_and_never_mixed() -> None:
    row = publish_pack("olist", at=AT)
    before = counts()
    with pytest.raises(OtherPackLine) as refused:
        publish_pack("olist-a", at=AT)
    assert refused.value.fields == {"market": "olist", "line": "olist", "pack": "olist-a"}
    for language in ("zh", "en"):
        assert "XIAOBAO_HOME" in refused.value.says(language)
    assert counts() == before
    assert queries.line_of(row.market_id) == "olist"


def test_a_market_without_orders_may_switch_its_line_and_back() -> None:
    market_id = publish_pack("olist", at=AT).market_id
    kind = np.array([BreachKind.LATE_SHIPMENT] * 2)
    moments = np.array([us_of(datetime(y, 1, 1, tzinfo=UTC)) for y in (2017, 2019)])

    def rates() -> list[int]:
        found = queries.book_of(CompensationTerms, market_id).in_force(moments, kind)
        return [int(n) for n in found.rate_bps]

    assert rates() == [3000, 500]
    assert publish_pack("olist-a", at=AT, may_switch=True).market_id == market_id
    assert rates() == [3000, 3000]
    publish_pack("olist-b", at=AT, may_switch=True)
    assert rates() == [500, 500]
    before = counts()
    publish_pack("olist", at=AT, may_switch=True)
    assert rates() == [3000, 500]
    assert counts() == {**before, "pack": before["pack"]}


def test_a_pack_with_findings_is_refused_whole(folder: Path) -> None:
    rewrite(folder, "compensation.csv", "true,500,500,3000,0,3000", "true,5.0,500,3000,0,3000")
    with pytest.raises(PackRefused) as refused:
        publish_pack(str(folder), at=AT)
    assert [f.field for f in refused.value.findings] == ["rate_bps"]
    assert "compensation.csv:7:rate_bps" in refused.value.says("zh")
    assert counts() == dict.fromkeys(TABLES, 0)


def test_a_market_keeps_its_currency(folder: Path) -> None:
    publish_pack("cn", at=AT)
    rewrite(folder, "pack.toml", 'currency = "CNY"', 'currency = "USD"')
    with pytest.raises(OtherMarketShape, match=r"currency 'CNY'.*'USD'"):
        publish_pack(str(folder), at=LATER)


def test_a_folder_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    for name in ("cn2", str(tmp_path), str(tmp_path / "nowhere")):
        with pytest.raises(PackNotReadable, match=r"shipped one: cn, olist"):
            publish_pack(name, at=AT)


def test_a_file_in_another_encoding_is_named_with_its_line(folder: Path) -> None:
    body = (folder / "clauses.toml").read_text("utf-8")
    (folder / "clauses.toml").write_bytes(("# ok\n" + body).encode("gb18030"))
    with pytest.raises(PackNotReadable, match=r"clauses\.toml:2: not UTF-8"):
        publish_pack(str(folder), at=AT)


def test_a_file_with_windows_line_ends_and_mark_is_the_same_pack(folder: Path) -> None:
    first = publish_pack("cn", at=AT)
    for path in folder.iterdir():
        text = path.read_text("utf-8").replace("\n", "\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert publish_pack(str(folder), at=LATER) == first


def test_a_pack_may_be_based_on_a_shipped_one(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    head = read_files("cn")["pack.toml"]
    (folder / "pack.toml").write_text('based_on = "cn"\n' + head, "utf-8")
    assert lint_pack(read_files(str(folder)))[1] == []
    (folder / "pack.toml").write_text('based_on = "mine"\n' + head, "utf-8")
    with pytest.raises(PackNotReadable, match="circle"):
        read_files(str(folder))


# -- the database's own refusals -----------------------------------------------------------------


def test_the_database_refuses_overlapping_periods() -> None:
    publish_pack("cn", at=AT)
    with pytest.raises(psycopg.errors.ExclusionViolation), transaction.atomic():
        execute(
            "INSERT INTO promises_term (pack_id, market_id, line, tbl, key, k, during, values, "
            "clause, source, certainty, notes) SELECT pack_id, market_id, line, tbl, key, k, "
            "tstzrange('2025-01-01', '2025-03-01'), values, clause, source, certainty, notes "
            "FROM promises_term WHERE key = 'late_shipment' LIMIT 1"
        )


STANDING = [
    "values = '{}'", "clause = 'cn.x'", "k = k + 1", "key = 'x'", "market_id = 9",
    "during = tstzrange('2015-01-01', NULL)",
    "during = tstzrange(lower(during), '2099-01-01')",
]  # fmt: skip


@pytest.mark.parametrize("change", STANDING)
def test_the_database_keeps_a_published_term(change: str) -> None:
    publish_pack("cn", at=AT)
    with (
        pytest.raises(psycopg.errors.RestrictViolation, match="a published term stands"),
        transaction.atomic(),
    ):
        execute(f"UPDATE promises_term SET {change} WHERE NOT upper_inf(during)")


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_deleted(table: str) -> None:
    publish_pack("cn", at=AT)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), transaction.atomic():
        execute(f"DELETE FROM promises_{table}")


@pytest.mark.parametrize("table", ["pack", "clause"])
def test_packs_and_clauses_are_only_added(table: str) -> None:
    publish_pack("cn", at=AT)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), transaction.atomic():
        execute(f"UPDATE promises_{table} SET title_zh = 'x'")


# -- questions -----------------------------------------------------------------------------------


def test_books_kept_in_memory_are_never_stale() -> None:
    market_id = publish_pack("olist", at=AT).market_id
    kept = queries.book_of(CompensationTerms, market_id)
    assert queries.book_of(CompensationTerms, market_id) is kept
    with transaction.atomic():
        publish_pack("cn", at=AT)
        assert len(queries.markets()) == 2
        assert queries.book_of(CompensationTerms, market_id) is not kept
        transaction.set_rollback(True)
    assert [m.name for m in queries.markets()] == ["olist"]


def test_unknown_names_are_said_so() -> None:
    with pytest.raises(queries.MarketUnknown, match="mars"):
        queries.market("mars")
    with pytest.raises(queries.MarketUnknown):
        queries.market_of(7)
    with pytest.raises(queries.ClauseUnknown, match=r"cn\.no"):
        queries.words_of("cn.no", "zh", us_of(AT))


def test_words_in_both_languages() -> None:
    publish_pack("cn", at=AT)
    assert re.search("[\u4e00-\u9fff]", queries.words_of("cn.ship.late", "zh", us_of(AT)))
    assert queries.words_of("cn.ship.late", "en", 0).startswith("The seller gets the parcel")
    assert queries.title_of("cn.ship.late", "zh-CN", us_of(AT)) == "按时发货"


def test_categories_have_one_number_in_all_markets() -> None:
    cn = publish_pack("cn", at=AT)
    olist = publish_pack("olist", at=AT)
    names = ["phones", "no such", "general", "telefonia", "phones"]
    found = queries.category_ids(names).tolist()
    numbers = {c.code: n for m in (cn, olist) for n, c in queries.categories(m.market_id)}
    assert found == [numbers["phones"], 0, 0, numbers["telefonia"], numbers["phones"]]
    assert queries.category_ids([]).tolist() == []


def test_the_promises_of_a_market_in_words() -> None:
    market_id = publish_pack("cn", at=AT).market_id
    found = queries.promises_of(market_id, us_of(AT))
    basic = [p.promise.name.lower() for p in found if p.is_basic]
    assert basic == [
        "as_described", "in_stock", "real_shipment", "refund_on_time", "return_7_days",
        "ships_on_time", "tracking_moves",
    ]  # fmt: skip
    assert all(p.trigger_zh and p.trigger_en and p.remedy_zh and p.remedy_en for p in found)
    assert queries.promises_of(market_id, us_of(datetime(2013, 1, 1, tzinfo=UTC))) == []
