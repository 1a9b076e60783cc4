"""Two packs compared: where they differ in time, whom it touches, and how it is told."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.kernel.columns import FAR_US
from xiaobao.promises.facts import Category, Pack, PackState, Term, Version
from xiaobao.promises.packs import read_files
from xiaobao.promises.rules.comparing import Side, changes_of, continued, touches
from xiaobao.promises.rules.lifecycle import states_of
from xiaobao.promises.rules.lint import lint_pack
from xiaobao.promises.rules.telling import reworded, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

CODES = ("general", "home", "furniture")
TREE = (
    Category("general", "", "通用", "general"), Category("home", "general", "家居", "home"),
    Category("furniture", "home", "家具", "furniture"),
)  # fmt: skip


def row(key: str, begins: int, ends: int, base: int) -> Term:
    values: dict[str, int | bool | str] = {
        "base_minor": base, "special_minor": 0, "exposure_bps": 1,
    }  # fmt: skip
    return Term("deposit", key, begins, ends, values, "c", "s", 1, {})


@st.composite
def lines(draw: st.DrawFn) -> list[Term]:
    """Rows of some categories, one after another; the general one has a row at every time."""
    terms = []
    for key in CODES:
        starts = sorted(draw(st.sets(st.integers(1, 9), max_size=3)))
        if key == "general":
            starts = [0, *starts]
        ends = [*starts[1:], FAR_US]
        terms += [
            row(key, begins, until, draw(st.integers(1, 3)))
            for begins, until in zip(starts, ends, strict=False)
        ]
    return terms


@given(lines(), lines())
def test_changes_are_there_where_the_packs_differ_and_nowhere_else(
    old: list[Term], new: list[Term]
) -> None:
    before, after = Side(old, TREE), Side(new, TREE)
    changes = changes_of(before, after)
    named = {t.key for t in (*old, *new)}
    for key in named:
        for moment in range(11):
            found = [
                c for c in changes
                if (c.key, c.column) == (key, "base_minor") and c.begins_us <= moment < c.ends_us
            ]  # fmt: skip
            rows = (side.in_force("deposit", key, moment) for side in (before, after))
            left, right = (None if r is None else r.values["base_minor"] for r in rows)
            assert [(c.was, c.becomes) for c in found] == (
                [(left, right)] if left != right else []
            )


@given(lines())
def test_a_pack_does_not_differ_from_itself(terms: list[Term]) -> None:
    side = Side(terms, TREE)
    assert changes_of(side, side) == []


@given(lines(), st.integers(0, 10))
def test_what_goes_on_is_what_held_last(terms: list[Term], until: int) -> None:
    before, after = Side(terms, TREE), Side(continued(terms, until), TREE)
    for key in CODES:
        for moment in range(11):
            asked = min(moment, max(until - 1, 0))
            one = before.in_force("deposit", key, asked)
            if until == 0:
                assert after.in_force("deposit", key, moment) is None
                continue
            other = after.in_force("deposit", key, moment)
            assert one is not None
            assert other is not None
            assert one.values == other.values


def test_only_those_beneath_a_category_are_touched() -> None:
    old = [row("general", 0, FAR_US, 1), row("furniture", 0, FAR_US, 5)]
    before = Side(old, TREE)
    raised = [replace(old[0], ends_us=5), row("general", 5, FAR_US, 2), old[1]]
    after = Side(raised, TREE)
    (change,) = changes_of(before, after)
    found = {code: touches(change, before, after, code, ()) for code in CODES}
    assert found == {"general": True, "home": True, "furniture": False}


# -- told ----------------------------------------------------------------------------------------


def pack(*edits: tuple[str, str, str]) -> Pack:
    files = read_files("cn")
    for file, old, new in edits:
        assert old in files[file]
        files[file] = files[file].replace(old, new, 1)
    made, findings = lint_pack(files)
    assert findings == []
    return made


CN = pack()
TOLD = tomllib.loads(
    (Path(__file__).parent / "cases" / "telling.toml").read_text(encoding="utf-8")
)["cases"]


@pytest.mark.parametrize("case", TOLD, ids=lambda c: str(c["edit"][0]))
def test_a_change_is_told_in_a_sentence(case: dict[str, Any]) -> None:
    file, old, new = case["edit"]
    after = pack((file, old, new))
    changes = changes_of(Side(CN.terms, CN.categories), Side(after.terms, after.categories))
    ((_, zh, en),) = sentences(changes, after)
    assert case["zh"] in zh
    assert case["en"] in en
    assert not re.search("[\u4e00-\u9fff]", en)


def test_a_span_that_ends_says_so_and_a_new_row_says_what_it_holds() -> None:
    again = "appeal,2020-01-01,,7,days,0,0,cn.claim.appeal,house,low"
    before = pack(
        ("clocks.csv", "appeal,2014-03-15,,7", "appeal,2014-03-15,2020-01-01,8"),
        ("clocks.csv", "exit_review,", f"{again}\nexit_review,"),
    )
    changes = changes_of(Side(CN.terms, CN.categories), Side(before.terms, before.categories))
    ((_, zh, en),) = sentences(changes, before)
    assert zh.startswith("自 2014-03-15 至 2020-01-01（不含），时限 · 申诉：时长由 7 天 改为 8 天")
    assert en.startswith("From 2014-03-15 until 2020-01-01, clocks · appeal: time from 7 days")
    kept = tuple(t for t in CN.terms if t.key != "exit_offer")
    fewer = replace(CN, terms=kept)
    back = changes_of(Side(fewer.terms, CN.categories), Side(CN.terms, CN.categories))
    said = [en for _, _, en in sentences(back, CN)]
    assert any("clocks · answer to an offer of relief: new: time 3 days" in en for en in said)


def test_words_that_change_are_told_too() -> None:
    after = pack(("clauses.toml", 'en = "The goods are genuine.', 'en = "All goods are genuine.'),
                 ("agreement.en.md", "## 1.", "# 1."))  # fmt: skip
    told = {what: (zh, en) for what, zh, en in reworded(CN, after)}
    assert set(told) == {"agreement", "cn.goods.genuine"}
    assert told["cn.goods.genuine"][1].startswith(
        "The words of clause 'Genuine' (cn.goods.genuine) become: All goods are genuine."
    )
    assert reworded(CN, CN) == []


# -- where versions stand ------------------------------------------------------------------------


def moment(day: int) -> datetime:
    return datetime(2026, 1, 1 + day, tzinfo=UTC)


def version(number: int, announced: int | None, effective: int, gone: int | None) -> Version:
    return Version(
        number, 1, "cn", "cn", f"v{number}", "", PackState.ANNOUNCED, moment(effective),
        None if announced is None else moment(announced), "", False, 7, (), 0,
        None if gone is None else moment(gone), "", "",
    )  # fmt: skip


@st.composite
def lives(draw: st.DrawFn) -> list[Version]:
    made = [version(0, None, 0, None)]
    for number in range(1, draw(st.integers(1, 5))):
        announced = draw(st.integers(0, 10))
        effective = draw(st.integers(announced + 1, 20))
        gone = draw(st.none() | st.integers(announced, effective - 1))
        made.append(version(number, announced, effective, gone))
    return made


@given(lives(), st.integers(0, 25))
def test_one_version_is_in_force_at_any_time(versions: Sequence[Version], day: int) -> None:
    found = states_of(versions, "cn", moment(day))
    in_force = [v for v in found if v.state is PackState.IN_FORCE]
    assert len(in_force) == 1
    assert in_force[0].withdrawn_at is None
    assert in_force[0].effective_at <= moment(day)
    for v in found:
        if v.state is PackState.ANNOUNCED:
            assert v.effective_at > moment(day)
        if v.withdrawn_at is not None and v.withdrawn_at <= moment(day):
            assert v.state is PackState.WITHDRAWN
