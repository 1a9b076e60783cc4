"""One pack for each thing the linter refuses: it breaks that rule alone, and is told so by law."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import xiaobao.promises.rules as room
from tests.promises import test_rules_lint as others
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises.facts import ClockUnit, Promise
from xiaobao.promises.packs import laws, read_files, shipped
from xiaobao.promises.rules.limits import breaks
from xiaobao.promises.rules.lint import lint_pack
from xiaobao.promises.rules.majority import MarketSellers
from xiaobao.promises.rules.statutes import law_named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xiaobao.promises.rules.statutes import Limit

Files = dict[str, str]
Edit = tuple[str, str, str]  # file, pattern, replacement
CN = read_files("cn")
NOW = ("pack.toml", r"announced = .*\neffective = .*\n",
       "announced = 2026-05-01\neffective = 2026-05-08\n")  # fmt: skip
MINOR = ("pack.toml", "is_major = true", "is_major = false")
LATE_TODAY = (
    "late_shipment,2026-05-08,,true,{bps},500,3000,0,3000,half_up,true,cn.ship.late,house,low\n"
)


def broken(*edits: Edit) -> Files:
    files = dict(CN)
    for file, pattern, new in edits:
        text, count = re.subn(pattern, lambda _, new=new: new, files[file], count=1)  # type: ignore[misc]
        assert count == 1, (file, pattern)
        files[file] = text
    return files


def added(file: str, text: str) -> Edit:
    return (file, r"\Z", text)


RULES = tomllib.loads(
    (Path(__file__).parent / "cases" / "refusals.toml").read_text(encoding="utf-8")
)["cases"]


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r['code']} {r['en'][:30]}")
def test_a_pack_that_breaks_one_rule_is_refused_for_it(rule: dict[str, Any]) -> None:
    found = lint_pack(broken(*rule["edits"]))[1]
    assert {(f.code, f.law) for f in found} == {(rule["code"], rule["law"])}
    assert all(rule["zh"] in f.zh for f in found)
    assert all(rule["en"] in f.en for f in found)
    # A row carried through several versions is found in each; nothing else is.
    assert len({f.field for f in found}) == 1


@pytest.mark.parametrize("name", shipped())
def test_what_is_shipped_breaks_none(name: str) -> None:
    assert lint_pack(read_files(name))[1] == []


def codes_in(paths: Iterable[Path]) -> set[str]:
    call = re.compile(r'(?:Finding|found|_undecided|_twice)\(\s*"(\w+)"')
    text = "".join(path.read_text("utf-8") for path in paths)
    return set(call.findall(text)) | set(re.findall(r'"(\w+)" if .* else "(?:\w+_law)"', text))


def test_every_rule_of_the_linter_has_a_pack_that_breaks_it() -> None:
    folder = Path(room.__file__).parent
    codes = codes_in(folder.rglob("*.py"))
    assert {"short_notice", "below_law", "gap", "undecided"} <= codes
    tried = {rule["code"] for rule in RULES}
    tried |= {case[3] for case in others.BROKEN} | {case[3] for case in others.HEAD}
    # Each has a test of its own there.
    tried |= {"missing_table", "missing_file", "unknown_table", "clause_name", "not_toml"}
    tried |= {"announced_day"}  # in test_acts_announce.py
    tried |= {"not_entries", "unknown_key"}
    assert codes - tried == set()


# -- what is major -------------------------------------------------------------------------------

SELLERS = MarketSellers(
    100, {"phones": 19, "clothing": 30, "shoes_bags": 5, "food": 46}, {Promise.GENUINE: 20}
)
PHONES = "phones,2026-05-08,,{base},0,500,cn.deposit.amount,house,low\n"


def majority(edits: list[Edit], sellers: MarketSellers | None = SELLERS) -> list[str]:
    found = lint_pack(broken(NOW, MINOR, *edits), sellers)[1]
    assert {f.code for f in found} <= {"understated_major"}
    return [f.en for f in found]


def test_a_change_is_major_by_its_size() -> None:
    assert majority([added("compensation.csv", LATE_TODAY.format(bps=550))]) == []
    for bps in (400, 600):
        assert majority([added("compensation.csv", LATE_TODAY.format(bps=bps))], None)


def test_a_smaller_change_is_major_by_whom_it_touches() -> None:
    smaller = majority([added("compensation.csv", LATE_TODAY.format(bps=560))])
    assert len(smaller) == 1
    assert "100% of sellers are affected" in smaller[0]
    # 19 sellers of phones of 100 are fewer than a fifth; with one more they are as many.
    raised = [added("deposit.csv", PHONES.format(base=1_150_000))]
    assert majority(raised) == []
    more = MarketSellers(100, {**SELLERS.by_category, "phones": 20}, {})
    assert "20% of sellers are affected" in majority(raised, more)[0]
    # Whoever has no row of its own has its parent's.
    clothing = "clothing,2026-05-08,,112000,0,300,cn.deposit.amount,house,low\n"
    assert "35% of sellers" in majority([added("deposit.csv", clothing)])[0]


def test_a_new_duty_is_major_and_better_words_are_not() -> None:
    basic = CN["promises.toml"][CN["promises.toml"].index('[[promises]]\nkey = "genuine"') :]
    basic = basic[: basic.index("[[promises]]", 5)]
    new = basic.replace("2014-03-15", "2026-05-08").replace("is_basic = false", "is_basic = true")
    assert (
        "comes with the agreement from no to yes"
        in majority([added("promises.toml", "\n" + new)])[0]
    )
    words = basic.replace("2014-03-15", "2026-05-08").replace("商品为假货", "商品是假货")
    assert majority([added("promises.toml", "\n" + words)]) == []


def test_a_longer_clock_in_another_unit_is_compared_in_hours() -> None:
    same = "appeal,2026-05-08,,168,hours,0,0,cn.claim.appeal,house,low\n"
    assert majority([added("clocks.csv", same)]) == []
    shorter = "appeal,2026-05-08,,130,hours,0,0,cn.claim.appeal,house,low\n"
    said_en = majority([added("clocks.csv", shorter)])[0]
    assert "clocks · appeal: time from 7 days to 130 hours" in said_en


@pytest.mark.parametrize("name", laws())
def test_laws_are_whole(name: str) -> None:
    law = law_named(name)
    refs = [law.notice_law, law.major_notice_law, law.consultation_law, law.deposit_law]
    refs += [limit.law for limit in law.limits] + [term.law for term in law.void_terms]
    for ref in refs:
        zh, en = law.cited(ref)
        assert re.search("[\u4e00-\u9fff]", zh)
        assert not re.search("[\u4e00-\u9fff]", en)
    for limit in law.limits:
        assert (limit.least is None) != (limit.most is None)
    assert law.major_notice_days >= law.notice_days >= law.consultation_days >= 7


@pytest.mark.parametrize("limit", law_named("cn").limits, ids=lambda n: f"{n.table} {n.key}")
def test_every_limit_of_the_law_bites(limit: Limit) -> None:
    """Each binds a row of the China pack, which keeps it by itself and breaks it one further."""
    pack = lint_pack(CN)[0]
    bound = [
        t for t in pack.terms if t.table == limit.table and fnmatchcase(t.key, limit.key)
        and t.ends_us == FAR_US
    ]  # fmt: skip
    assert bound
    for term in bound:
        assert not breaks(limit, term)
        edge = limit.least if limit.least is not None else limit.most
        assert edge is not None
        unit = {"unit": int(ClockUnit[limit.unit.upper()])} if limit.unit else {}
        at_edge = replace(term, values={**term.values, **unit, limit.column: edge})
        assert not breaks(limit, at_edge)
        beyond = edge - 1 if limit.least is not None else edge + 1
        assert breaks(limit, replace(at_edge, values={**at_edge.values, limit.column: beyond}))
