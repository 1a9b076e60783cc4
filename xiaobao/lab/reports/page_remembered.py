"""Sections of the page about what has memory: claims, the fund, violations, exits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.kernel.money import in_words
from xiaobao.lab.reports.charts import Words, lying, standing

if TYPE_CHECKING:
    from xiaobao.lab.reports.charts import Row

Figures = dict[str, Any]
_HOURS_A_DAY = 24


def remembered_sections(found: Figures) -> list[Any]:
    """Those of which there is something to show."""
    sections = [_claims(found)]
    if found["violations"] is not None:
        sections += [_fund(found), _violations(found), _forced(found), _exits(found)]
    return [one for one in sections if one is not None]


def fund_fact(found: Figures) -> list[tuple[Words, str]]:
    """How much more comes from the fund; nothing where only a part of history was asked for."""
    if found["fund"] is None:
        return []
    minor = found["fund"]["difference_minor"]
    return [(Words("基金垫付", "from the fund"), ("+" if minor > 0 else "")
             + in_words(minor, found["currency"]))]  # fmt: skip


def _section(key: str, chart: Any, heads: list[Words], rows: list[list[Words]]) -> Figures:
    return {"key": key, "chart": chart, "table": {"heads": heads, "rows": rows}}


def _money(found: Figures, minor: int) -> Words:
    return _same(in_words(minor, found["currency"]))


def _same(text: str) -> Words:
    return Words(text, text)


def _count(number: int) -> Words:
    return _same(f"{number:,}")


def _pair(row: Figures, name: str) -> list[Words]:
    return [_count(row["old"][name]), _count(row["new"][name])]


def _claims(found: Figures) -> Any:
    """What rules decided, as either pack decides it; nobody guesses what a person would."""
    told = found["claims"]
    if not told["cases"]:
        return None
    rows: list[Row] = [
        (Words(**row["words"]), row["old"]["buyer_minor"], row["new"]["buyer_minor"])
        for row in told["by_kind"]
    ]
    heads = [
        Words("维权", "claim"), Words("件数", "cases"), Words("裁决改变", "decided otherwise"),
        Words("原：支持", "old: for the buyer"), Words("新：支持", "new: for the buyer"),
        Words("原：要人判断", "old: needs a person"), Words("新：要人判断", "new: needs a person"),
        Words("原：给买家", "old: to buyers"), Words("新：给买家", "new: to buyers"),
    ]  # fmt: skip
    cells = [
        [Words(**row["words"]), _count(row["cases"]), _count(row["decided_otherwise"]),
         *_pair(row, "upheld"), *_pair(_with_waiting(row), "waiting"),
         *(_money(found, row[side]["buyer_minor"]) for side in ("old", "new"))]
        for row in told["by_kind"]
    ]  # fmt: skip
    chart = lying(
        Words("规则裁决过的维权：给买家", "Claims that rules decided: to buyers"), rows,
        lambda minor: in_words(minor, found["currency"]),
    )  # fmt: skip
    return _section("claims", chart, heads, cells)


def _with_waiting(row: Figures) -> Figures:
    """What no rule decides: it waits for evidence, or for a person."""
    return {
        side: {"waiting": row[side]["needs_person"] + row[side]["open"]} for side in ("old", "new")
    }


def _fund(found: Figures) -> Any:
    months = found["fund"]["by_month"]
    rows: list[Row] = [
        (_same(row["month"]), row["old"]["drawn_minor"], row["new"]["drawn_minor"])
        for row in months
    ]
    heads = [
        Words("月份", "month"), Words("原：基金垫付", "old: the fund paid"),
        Words("新：基金垫付", "new: the fund paid"), Words("原：月末欠款", "old: owed at its end"),
        Words("新：月末欠款", "new: owed at its end"),
    ]  # fmt: skip
    cells = [
        [_same(row["month"]),
         *(_money(found, row[side][name]) for name in ("drawn_minor", "owed_minor")
           for side in ("old", "new"))]
        for row in months
    ]  # fmt: skip
    chart = standing(
        Words("按月：保障基金垫付", "Paid by the guarantee fund, by month"), rows,
        lambda minor: in_words(minor, found["currency"]),
    )  # fmt: skip
    return _section("fund", chart, heads, cells) if months else None


def _violations(found: Figures) -> Any:
    told = found["violations"]
    if not told["by_kind"]:
        return None
    rows: list[Row] = [
        (Words(**row["words"]), row["old"]["points"], row["new"]["points"])
        for row in told["by_kind"]
    ]
    heads = [
        Words("违规", "violation"), Words("原件数", "old, found"), Words("新件数", "new, found"),
        Words("原计入", "old, counted"), Words("新计入", "new, counted"),
        Words("原扣分", "old, points"), Words("新扣分", "new, points"),
    ]  # fmt: skip
    cells = [
        [Words(**row["words"]), *_pair(row, "violations"), *_pair(row, "counted"),
         *_pair(row, "points")]
        for row in told["by_kind"]
    ]  # fmt: skip
    chart = lying(Words("违规：扣分", "Violations: points"), rows, lambda n: f"{n:,}")
    return _section("violations", chart, heads, cells)


def _forced(found: Figures) -> Any:
    """Penalties that begin, and by name who has to leave."""
    told = found["violations"]
    names = (
        ("penalties", Words("处罚", "penalties")),
        ("forced_exits", Words("强制退保", "forced exits")),
    )
    rows: list[Row] = [(words, told["old"][n], told["new"][n]) for n, words in names]
    heads = [Words("要离开的卖家", "who has to leave"), Words("类别", "class"),
             Words("原", "old"), Words("新", "new")]  # fmt: skip
    cells = [
        [_same(row["seller"]), Words(**row["words"]),
         *(Words("强制退保", "forced exit") if row[side] else Words("留下", "stays")
           for side in ("old", "new"))]
        for row in told["forced_out"]
    ]  # fmt: skip
    chart = lying(Words("处罚与强制退保", "Penalties and forced exits"), rows, lambda n: f"{n:,}")
    return _section("forced", chart, heads, cells)


def _exits(found: Figures) -> Any:
    told = found["exits"]
    if not told["exits"]:
        return None
    changes = [row for row in told["by_change"].values() if row["exits"]]
    rows: list[Row] = [
        (Words(**row["words"]), row["old_hours"] // row["exits"], row["new_hours"] // row["exits"])
        for row in told["by_scope"]
    ]
    heads = [
        Words("按变化，再按种类", "by change, then by kind"), Words("件数", "cases"),
        Words("原：立即可退", "old: free at once"), Words("新：立即可退", "new: free at once"),
        Words("原：平均等候", "old: mean wait"), Words("新：平均等候", "new: mean wait"),
    ]  # fmt: skip
    cells = [
        [Words(**row["words"]), _count(row["exits"]), _money(found, row["old_free_minor"]),
         _money(found, row["new_free_minor"]), _wait(row["old_hours"] // row["exits"]),
         _wait(row["new_hours"] // row["exits"])]
        for row in [*changes, *told["by_scope"]]
    ]  # fmt: skip
    chart = lying(
        Words("退保：全部退完平均等候几天", "Exits: mean days until all is free"), rows,
        lambda hours: f"{hours / _HOURS_A_DAY:.1f}",
    )  # fmt: skip
    return _section("exits", chart, heads, cells)


def _wait(hours: int) -> Words:
    days = f"{hours / _HOURS_A_DAY:.1f}"
    return Words(f"{days} 天", f"{days} days")
