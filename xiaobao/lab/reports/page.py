"""A comparison as one page for a browser: self-contained, in both languages, without scripts."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Any

from django.template import Context, Engine, Template

from xiaobao.kernel.money import in_words
from xiaobao.lab.reports.charts import Row, Words, lying, standing
from xiaobao.lab.reports.figures import labels_of
from xiaobao.lab.reports.page_remembered import fund_fact, remembered_sections

Figures = dict[str, Any]
SHOWN_CASES = 25
_BPS = 10_000


@cache
def _template() -> Template:
    folder = Path(__file__).parent
    return Engine(dirs=[str(folder)], autoescape=True).get_template("page.html")


def page_of(found: Figures) -> str:
    """The page of an answer, as `figures_of` gives it."""
    return _template().render(Context(context_of(found)))


def context_of(found: Figures) -> Figures:
    """What the page shows: sections with chart and table, in both languages."""
    money = partial(in_words, currency=found["currency"])
    return {
        "found": found,
        "labels": labels_of(found),
        "evaluations": f"{found['evaluations']:,}",
        "facts": facts_of(found),
        "sections": [
            _section("months", "按下单月份：由卖家付出", "From sellers, by month of order",
                     standing, _by(found["by_month"], _month_words), money, _month_table(found)),
            _section("promises", "按承诺：由卖家付出", "From sellers, by promise", lying,
                     _by(found["by_promise"], _own_words), money, _promise_table(found)),
            _section("sizes", "按店铺大小：付出占销售额", "Share of sales paid, by size of shop",
                     lying, _size_rows(found), _percent, _size_table(found)),
            *_deposit_sections(found),
            *remembered_sections(found),
            _section("cheating", "作弊合算吗：三分之一买家投诉时的预期代价",
                     "Does cheating pay: sanction to expect where a third complain", lying,
                     _cheating_rows(found), money, _cheating_table(found)),
        ],
        "changes": _change_table(found),
        "cases": _case_table(found),
        "sources": [*found["cheating"]["scenarios"], *found["cheating"]["gains"]],
    }  # fmt: skip


def _section(key: str, zh: str, en: str, draw: Any, rows: list[Row], says: Any, table: Any) -> Any:
    return {"key": key, "chart": draw(Words(zh, en), rows, says), "table": table}


def _money(found: Figures, minor: int) -> str:
    return in_words(minor, found["currency"])


def _signed(found: Figures, minor: int) -> str:
    return f"+{_money(found, minor)}" if minor > 0 else _money(found, minor)


def _words(zh: str, en: str) -> Words:
    return Words(zh, en)


def _same(text: str) -> Words:
    return Words(text, text)


def _own_words(row: Figures) -> Words:
    return Words(**row["words"])


def _month_words(row: Figures) -> Words:
    return _same(row["month"])


def facts_of(found: Figures) -> list[tuple[Words, str]]:
    changes, difference = found["outcomes"], found["money"]["difference"]
    return [
        (_words("订单", "orders"), f"{found['orders']:,}"),
        (_words("结果改变 / 违约", "outcomes changed / breaches"),
         f"{changes['changed']:,} / {changes['broken_under_either']:,}"),
        (_words("买家所得", "to buyers"), _signed(found, difference["to_buyers_minor"])),
        (_words("惩罚部分", "punitive part"), _signed(found, difference["punitive_minor"])),
        (_words("卖家所付", "from sellers"), _signed(found, difference["from_sellers_minor"])),
        *fund_fact(found),
    ]  # fmt: skip


def _by(rows: list[Figures], words: Any) -> list[Row]:
    return [
        (words(row), row["old"]["from_sellers_minor"], row["new"]["from_sellers_minor"])
        for row in rows
    ]


_SIDES = (
    _words("原违约", "old breaches"), _words("新违约", "new breaches"),
    _words("原付出", "old paid"), _words("新付出", "new paid"), _words("差额", "difference"),
)  # fmt: skip


def _side_cells(found: Figures, row: Figures) -> list[Words]:
    old, new = row["old"], row["new"]
    cells = [
        f"{old['breaches']:,}", f"{new['breaches']:,}", _money(found, old["from_sellers_minor"]),
        _money(found, new["from_sellers_minor"]),
        _signed(found, new["from_sellers_minor"] - old["from_sellers_minor"]),
    ]  # fmt: skip
    return [_same(cell) for cell in cells]


def _table(heads: Any, rows: Any) -> Figures:
    return {"heads": heads, "rows": rows}


def _month_table(found: Figures) -> Figures:
    rows = [[_month_words(row), *_side_cells(found, row)] for row in found["by_month"]]
    return _table([_words("月份", "month"), *_SIDES], rows)


def _promise_table(found: Figures) -> Figures:
    rows = [[_own_words(row), *_side_cells(found, row)] for row in found["by_promise"]]
    return _table([_words("承诺", "promise"), *_SIDES], rows)


def _band(found: Figures, row: Figures) -> Words:
    low = _money(found, row["from_minor"])
    if row["to_minor"] is None:
        return _words(f"月销售额 {low} 以上", f"{low} a month and more")
    high = _money(found, row["to_minor"])
    return _words(f"月销售额 {low}–{high}", f"{low}–{high} a month")


def _share(part: int, whole: int) -> int:
    return part * _BPS // whole if whole else 0


def _percent(bps: int) -> str:
    return f"{bps / 100:.2f}%"


def _size_rows(found: Figures) -> list[Row]:
    return [
        (_band(found, row), _share(row["old_minor"], row["goods_minor"]),
         _share(row["new_minor"], row["goods_minor"]))
        for row in found["by_shop_size"]
    ]  # fmt: skip


def _size_table(found: Figures) -> Figures:
    heads = [
        _words("店铺大小", "size of shop"), _words("店铺", "shops"),
        _words("付得更多", "pay more"), _words("付得更少", "pay less"),
        _words("原占销售额", "old, of sales"), _words("新占销售额", "new, of sales"),
    ]  # fmt: skip
    rows = [
        [_band(found, row), *(_same(f"{row[n]:,}") for n in ("sellers", "pay_more", "pay_less")),
         _same(_percent(_share(row["old_minor"], row["goods_minor"]))),
         _same(_percent(_share(row["new_minor"], row["goods_minor"])))]
        for row in found["by_shop_size"]
    ]  # fmt: skip
    return _table(heads, rows)


def _deposit_sections(found: Figures) -> list[Any]:
    """As of the last month's end; none where only a part of history was asked for."""
    if not found["deposits"]:
        return []
    month = found["deposits"][-1]["month"]
    last = [row for row in found["deposits"] if row["month"] == month]
    asked: list[Row] = [(_band(found, row), *_asked_shares(row)) for row in last]
    heads = [
        _words("店铺大小", "size of shop"), _words("店铺", "shops"),
        _words("原应缴", "old, asked for"), _words("新应缴", "new, asked for"),
        _words("原缺口", "old, short"), _words("新缺口", "new, short"),
    ]  # fmt: skip
    rows = [
        [_band(found, row), *(_same(cell) for cell in _deposit_cells(found, row))] for row in last
    ]
    return [
        _section(
            "deposits", f"保证金占销售额，{month} 末",
            f"Deposit asked for, of sales, end of {month}", lying, asked, _percent,
            _table(heads, rows),
        )
    ]  # fmt: skip


def _asked_shares(row: Figures) -> tuple[int, int]:
    old, new = (
        _share(row[side]["required_minor"], row[side]["goods_minor"]) for side in ("old", "new")
    )
    return old, new


def _deposit_cells(found: Figures, row: Figures) -> list[str]:
    sides = (row["old"], row["new"])
    return [
        f"{max(side['sellers'] for side in sides):,}",
        *(_money(found, side["required_minor"]) for side in sides),
        *(
            f"{side['short_sellers']:,}: {_money(found, side['shortfall_minor'])}"
            for side in sides
        ),
    ]


_TRIED = "third_complain"


def _of_all_categories(found: Figures) -> list[Figures]:
    return [row for row in found["cheating"]["rows"] if row["category"] is None]


def _expected(row: Figures, side: str) -> int | None:
    under = row.get(side)
    return None if under is None else int(under["scenarios"][_TRIED]["expected_sanction_minor"])


def _cheating_rows(found: Figures) -> list[Row]:
    rows: list[Row] = []
    for row in _of_all_categories(found):
        gain = _money(found, (row.get("new") or row["old"])["mean_gain_minor"])
        words = row["words"]
        label = _words(f"{words['zh']}（得利 {gain}）", f"{words['en']} (gain {gain})")
        rows.append((label, _expected(row, "old"), _expected(row, "new")))
    return rows


def _cheating_table(found: Figures) -> Figures:
    heads = [
        _words("承诺", "promise"), _words("情形", "scenario"), _words("每笔得利", "gain a sale"),
        _words("原：预期代价", "old: expected"), _words("新：预期代价", "new: expected"),
        _words("新包下合算？", "pays under the new pack?"), _words("持平所需", "break-even"),
        _words("最小下限", "smallest floor"),
    ]  # fmt: skip
    scenarios = {s["key"]: Words(**s["words"]) for s in found["cheating"]["scenarios"]}
    rows = [
        _cheating_cells(found, row, key, words)
        for row in _of_all_categories(found)
        for key, words in scenarios.items()
    ]
    return _table(heads, rows)


def _cheating_cells(found: Figures, row: Figures, key: str, words: Words) -> list[Words]:
    last = row.get("new") or row["old"]
    under = last["scenarios"][key]
    floor = under["smallest_floor_minor"]
    expected = [
        "–" if side is None else _money(found, side["scenarios"][key]["expected_sanction_minor"])
        for side in (row.get("old"), row.get("new"))
    ]
    return [
        _own_words(row), words, _same(_money(found, last["mean_gain_minor"])),
        *(_same(cell) for cell in expected),
        _words("合算", "pays") if under["pays"] else _words("不合算", "does not pay"),
        _same(_money(found, under["break_even_minor"])),
        _words("超出试算范围", "beyond the sweep") if floor is None
        else _same(_money(found, floor)) if floor else _words("不需要", "none needed"),
    ]  # fmt: skip


def _change_table(found: Figures) -> Figures:
    heads = [
        _words("结果", "outcome"), _words("件数", "cases"), _words("原赔付", "old pays"),
        _words("新赔付", "new pays"),
    ]  # fmt: skip
    rows = [
        [_own_words(row), _same(f"{row['cases']:,}"),
         _same(_money(found, row["old_buyer_minor"] + row["old_platform_minor"])),
         _same(_money(found, row["new_buyer_minor"] + row["new_platform_minor"]))]
        for row in found["outcomes"]["by_change"].values() if row["cases"]
    ]  # fmt: skip
    return _table(heads, rows)


def _case_table(found: Figures) -> Figures:
    heads = [
        _words("卖家", "seller"), _words("订单", "order"), _words("承诺", "promise"),
        _words("怎样改变", "change"), _words("原", "old"), _words("新", "new"),
    ]  # fmt: skip
    rows = [
        [_same(case["seller"]), _same(case["order"]), _own_words(case),
         Words(**case["change_words"]), _outcome(found, case["old"]), _outcome(found, case["new"])]
        for case in found["cases"][:SHOWN_CASES]
    ]  # fmt: skip
    return _table(heads, rows)


def _outcome(found: Figures, outcome: Figures | None) -> Words:
    if outcome is None:
        return _words("履约", "kept")
    paid = _money(found, outcome["minor"])
    words = outcome["words"]
    return _words(f"{paid}：{words['zh']}", f"{paid}: {words['en']}")
