"""The linter: each thing that can be wrong is found at its place, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import xiaobao
from xiaobao.promises.facts import UNREAD_CLOCKS, ClockKind
from xiaobao.promises.packs import read_files
from xiaobao.promises.rules.lint import lint_pack

if TYPE_CHECKING:
    from xiaobao.promises.facts import Finding

Files = dict[str, str]
LATE = "late_shipment,2025-02-13,,true,500,500,3000,0,3000,half_up,true,"


def findings(files: Files) -> list[Finding]:
    return lint_pack(files)[1]


def changed(files: Files, file: str, old: str, new: str) -> Files:
    assert old in files[file]
    return files | {file: files[file].replace(old, new, 1)}


def row_of(files: Files, file: str, text: str) -> int:
    return next(n for n, line in enumerate(files[file].split("\n"), 1) if text in line)


# file, old text, new text -> code, field; the row is that of the old text in CSV files.
BROKEN = [
    ("compensation.csv", LATE, LATE.replace(",500,500", ",5.5,500"), "bad_value", "rate_bps"),
    ("compensation.csv", LATE, LATE.replace(",3000,0", ",-3000,0"), "bad_value", "most_minor"),
    ("compensation.csv", LATE, LATE.replace(",3000,0", ",30.00,0"), "bad_value", "most_minor"),
    ("compensation.csv", LATE, LATE.replace(",500,500", ",500,unlimited"), "bad_value",
     "least_minor"),
    ("compensation.csv", LATE, LATE.replace(",true,500", ",maybe,500"), "bad_value",
     "is_promised"),
    ("compensation.csv", LATE, LATE.replace("half_up", "bankers"), "bad_value", "rounding"),
    ("compensation.csv", LATE, LATE.replace(",500,500", ",,500"), "missing_value", "rate_bps"),
    ("compensation.csv", LATE, LATE.replace(",500,500", ",2000000,500"), "bad_value", "rate_bps"),
    ("compensation.csv", LATE, LATE.replace("late_", "tardy_"), "unknown_key", "key"),
    ("compensation.csv", LATE, LATE.replace("2025-02-13", "13.2.2025"), "bad_moment", "begins"),
    ("compensation.csv", LATE, LATE.replace("2025-02-13", "2025-02-13T00:00:00"), "bad_moment",
     "begins"),
    ("compensation.csv", LATE, LATE.replace("2025-02-13,", "2025-02-13,2025-02-13"),
     "ends_early", "ends"),
    ("compensation.csv", LATE, LATE.replace("2025-02-13,", "2025-02-13,2030-01-01"), "gap",
     "ends"),
    ("compensation.csv", LATE, LATE.replace("2025-02-13", "2025-02-12"), "overlap", "begins"),
    ("compensation.csv", LATE, LATE.replace("2025-02-13", "2025-02-14"), "gap", "begins"),
    ("compensation.csv", LATE, LATE + ",", "row_length", ""),
    ("compensation.csv", LATE + "cn.ship.late", LATE + "cn.ship.never", "unknown_reference",
     "clause"),
    ("compensation.csv", LATE + "cn.ship.late,digest", LATE + "cn.ship.late,hearsay",
     "unknown_reference", "source"),
    ("compensation.csv", LATE + "cn.ship.late,digest:late shipping,medium",
     LATE + "cn.ship.late,digest:late shipping,", "bad_certainty", "certainty"),
    ("compensation.csv", LATE + "cn.ship.late,digest:late shipping,medium",
     LATE + "cn.ship.late,,medium", "missing_words", "source"),
    ("deposit.csv", "phones,", "telephones,", "unknown_reference", "key"),
    ("clocks.csv", "4,window_hours", "4,fortnights", "bad_value", "unit"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "code", "field"), BROKEN)
def test_a_broken_row_is_found_at_its_line(
    cn: Files, file: str, old: str, new: str, code: str, field: str
) -> None:
    found = findings(changed(cn, file, old, new))
    assert [(f.code, f.file, f.field) for f in found] == [(code, file, field)]
    assert found[0].row == row_of(cn, file, old)


HEAD = [
    ("pack.toml", 'zone = "Asia/Shanghai"', 'zone = "Asia/Peking"', "unknown_zone", "zone"),
    ("pack.toml", 'currency = "CNY"', 'currency = "RMB"', "unknown_currency", "currency"),
    ("pack.toml", 'name = "cn"', 'name = "规则 包"', "bad_name", "name"),
    ("pack.toml", 'zh = "中国默认规则包"', "", "missing_words", "title_zh"),
    ("pack.toml", 'name = "cn"', 'name = "cn"\ncolour = "red"', "unknown_field", "colour"),
    ("pack.toml", "is_major = true", 'is_major = "perhaps"', "bad_value", "notice.is_major"),
    ("pack.toml", "announced = 2025-08-21", "announced = 2025-08-22", "short_notice",
     "notice.effective"),
    ("shipping.toml", "ship_hours = 48", "ship_hours = 48\nship_days = 2", "unknown_field",
     "ship_days"),
    ("shipping.toml", "ship_hours = 48", 'ship_hours = { value = 48, source = "hearsay" }',
     "unknown_reference", "ship_hours.source"),
    ("shipping.toml", "ship_hours = 48", 'ship_hours = { value = 48, certainty = "sure" }',
     "bad_certainty", "ship_hours.certainty"),
    ("shipping.toml", "ship_hours = 48", "ship_hours = { value = 48, colour = 1 }",
     "unknown_field", "colour"),
    ("shipping.toml", "ship_hours = 48", "ship_hours = 48.5", "bad_value", "ship_hours"),
    ("clauses.toml", 'title_en = "Ships on time"\n', "", "missing_words", "title_en"),
    ("clauses.toml", 'en = "The goods are genuine.', 'en = "Final interpretation is ours.',
     "void_term", "en"),
    ("categories.toml", 'parent = "electronics"', 'parent = "gadgets"', "unknown_parent",
     "parent"),
    ("categories.toml", 'parent = "electronics"', 'parant = "electronics"', "unknown_field",
     "parant"),
    ("categories.toml", 'code = "sports"', 'code = "phones"', "twice", "code"),
    ("agreement.zh.md", "{#deposit-refund}", "", "agreement_clause", "deposit-refund"),
    ("agreement.en.md", "{#deposit-use}", "{#use}", "agreement_clause", "deposit-use"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "code", "field"), HEAD)
def test_a_broken_file_is_found(
    cn: Files, file: str, old: str, new: str, code: str, field: str
) -> None:
    found = findings(changed(cn, file, old, new))
    assert [(f.code, f.file, f.field) for f in found] == [(code, file, field)]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("compensation.csv", "missing_table"), ("clauses.toml", "missing_file"),
        ("agreement.en.md", "missing_file"), ("sources.toml", "missing_file"),
    ],
)  # fmt: skip
def test_a_missing_file_is_named(cn: Files, file: str, code: str) -> None:
    assert (code, file) in {
        (f.code, f.file) for f in findings({n: t for n, t in cn.items() if n != file})
    }


def test_an_unknown_table_is_named_with_those_that_are_known(cn: Files) -> None:
    found = findings(cn | {"discounts.csv": "key\n"})
    assert [(f.code, f.file) for f in found] == [("unknown_table", "discounts.csv")]
    assert "compensation" in found[0].zh
    assert "compensation" in found[0].en


def test_a_clause_begins_with_its_market(cn: Files) -> None:
    found = findings(changed(cn, "clauses.toml", 'id = "cn.policy.retention"', 'id = "keeping"'))
    assert [(f.code, f.file) for f in found] == [
        ("clause_name", "clauses.toml"),
        ("unknown_reference", "clocks.csv"),
    ]


@pytest.mark.parametrize("key", ["closing_notice", "return_right", "return_refund"])
def test_a_clock_that_nothing_reads_is_named_until_it_ends(cn: Files, key: str) -> None:
    said = f"{key},2014-03-15,,30,days,0,0,cn.policy.notice,house,low\nexit_review,"
    found = findings(changed(cn, "clocks.csv", "exit_review,", said))
    row = row_of(cn, "clocks.csv", "exit_review,")
    assert [(f.code, f.file, f.row, f.field) for f in found] == [
        ("unread_clock", "clocks.csv", row, "key")
    ]
    # Whoever published it lets it end with the day of effect: nothing need follow it.
    ended = said.replace("2014-03-15,,30", "2014-03-15,2025-09-05,30")
    assert findings(changed(cn, "clocks.csv", "exit_review,", ended)) == []


def test_every_other_clock_is_read_somewhere() -> None:
    """By name in code, or by key where the law of notice looks it up."""
    named = re.compile(r"ClockKind\.([A-Z_]+)|\"(policy_notice\w*)\"")
    here = Path(xiaobao.__file__).parent
    read = {
        (one[0] or one[1]).upper()
        for file in here.rglob("*.py") if file.name != "catalogue.py"
        for one in named.findall(file.read_text("utf-8"))
    }  # fmt: skip
    assert {kind.name for kind in ClockKind} - read == {kind.name for kind in UNREAD_CLOCKS}


INFANT = '[[categories]]\ncode = "{code}"\nparent = "{parent}"\nzh = "{zh}"\nen = "{en}"\n\n'


@pytest.mark.parametrize(
    ("code", "parent", "zh", "en", "is_heard"),
    [
        ("formula", "baby", "婴儿奶粉", "Infant formula", False),
        ("formula", "food", "婴儿奶粉", "Infant formula", True),
        ("milk_food", "general", "牛奶", "Milk", False),
        ("canned", "pets", "宠物食品", "Pet food", True),
        ("rice", "fresh", "米", "Rice", True),
    ],
    ids=["among baby things", "among food", "by its code", "not for people", "beneath fresh"],
)
def test_no_category_of_food_lacks_the_claim_about_unsafe_food(
    cn: Files, code: str, parent: str, zh: str, en: str, *, is_heard: bool
) -> None:
    one = INFANT.format(code=code, parent=parent, zh=zh, en=en)
    found = findings(cn | {"categories.toml": cn["categories.toml"] + "\n" + one})
    expected = (
        [] if is_heard else [("unheard_claim", "categories.toml", code, "food-safety-law:148")]
    )
    assert [(f.code, f.file, f.field, f.law) for f in found] == expected


def test_food_itself_cannot_be_left_unheard(cn: Files) -> None:
    row = "unsafe_food.food,2014-03-15,,true"
    found = findings(changed(cn, "claims.csv", row, row.replace("true", "false")))
    assert {(f.code, f.field) for f in found} == {
        ("unheard_claim", "food"), ("unheard_claim", "baby_food"),
    }  # fmt: skip


def test_a_pack_that_gives_more_notice_than_the_law_keeps_to_it(cn: Files) -> None:
    """Major: 21 August to 5 September is fifteen days; twenty of its own ask for more."""
    own = (
        "clocks.csv",
        "policy_notice_major,2014-03-15,,15",
        "policy_notice_major,2014-03-15,,20",
    )
    found = findings(changed(cn, *own))
    assert [(f.code, f.field) for f in found] == [("short_notice", "notice.effective")]
    assert "2025-09-10" in found[0].en
    assert "the pack's own clock" in found[0].en


def test_a_missing_breach_is_missed(cn: Files) -> None:
    lines = [x for x in cn["compensation.csv"].split("\n") if not x.startswith("refund_overdue")]
    found = findings(cn | {"compensation.csv": "\n".join(lines)})
    assert [(f.code, f.file, f.field) for f in found] == [
        ("missing_key", "compensation.csv", "key")
    ]
    assert "refund_overdue" in found[0].en


def test_a_syntax_error_is_found_at_its_line(cn: Files) -> None:
    found = findings(changed(cn, "deposit_rules.toml", "resize_day = 6", "resize_day = = 6"))
    assert found[0].code == "not_toml"
    assert found[0].row == row_of(cn, "deposit_rules.toml", "resize_day = 6")


def test_numbers_of_a_finding_name_the_line_behind_comments_and_blanks(cn: Files) -> None:
    text = "# a comment\n\n" + cn["deposit.csv"].replace("phones,", "telephones,")
    found = findings(cn | {"deposit.csv": text})
    assert [f.row for f in found] == [row_of({"x": text}, "x", "telephones")]


def test_a_term_with_quotes_and_line_breaks_is_read(cn: Files) -> None:
    text = cn["deposit.csv"].replace(
        "older-rules:phones at least 10000 yuan; exposure is our own choice",
        '"older-rules:phones, at least\n10,000 yuan"',
    )
    assert findings(cn | {"deposit.csv": text}) == []


def test_every_finding_speaks_both_languages_and_names_a_file(cn: Files) -> None:
    broken = cn
    for file, old, new, _, _ in [*BROKEN, *HEAD]:
        found = findings(changed(broken, file, old, new))
        for finding in found:
            assert finding.file
            assert re.search("[\u4e00-\u9fff]", finding.zh)
            assert not re.search("[\u4e00-\u9fff]", finding.en.replace("规则 包", ""))


def test_a_rule_may_take_effect_on_the_seventh_day(cn: Files) -> None:
    def notice(announced: str, effective: str, major: str) -> list[str]:
        text = re.sub(r"announced = \S+", f"announced = {announced}", cn["pack.toml"])
        text = re.sub(r"effective = \S+", f"effective = {effective}", text)
        text = re.sub(r"is_major = \S+", f"is_major = {major}", text)
        return [f.code for f in findings(cn | {"pack.toml": text})]

    assert notice("2026-05-01", "2026-05-08", "false") == []
    assert notice("2026-05-01", "2026-05-07", "false") == ["short_notice"]
    assert notice("2026-05-01", "2026-05-15", "true") == ["short_notice"]
    assert notice("2026-05-01", "2026-05-16", "true") == []


CN = read_files("cn")
SOUP = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)


@given(st.sampled_from(sorted(CN)), st.integers(0, 4000), st.integers(0, 400), SOUP)
def test_no_soup_of_letters_breaks_the_linter(
    file: str, start: int, length: int, soup: str
) -> None:
    text = CN[file]
    start = min(start, len(text))
    pack, _ = lint_pack(CN | {file: text[:start] + soup + text[start + length :]})
    assert pack.files
