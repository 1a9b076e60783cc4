"""A comparison on the terminal: what changes, the money, the shops, and whether cheating pays."""

from __future__ import annotations

from typing import Any

from xiaobao.cli.lab.summary_remembered import print_remembered
from xiaobao.cli.output import language, money, print_pairs, print_table, say

Figures = dict[str, Any]
SHOWN_CASES = 10


def print_summary(found: Figures) -> None:
    """The answer as people read it; `--json` and `--html` say all of it."""
    _print_head(found)
    _print_changes(found)
    _print_promises(found)
    _print_months(found)
    _print_sizes(found)
    _print_deposits(found)
    print_remembered(found)
    _print_cheating(found)
    _print_kept(found)
    _print_cases(found)
    print(say(zh="回放不能知道的：", en="What replay cannot know:"))
    for limit in found["not_known"]:
        print(f"  - {limit[language()]}")


def _words(row: Figures) -> str:
    return str(row[language()])


def _money(found: Figures, minor: int) -> str:
    return money(minor, found["currency"])


def _signed(found: Figures, minor: int) -> str:
    return f"+{_money(found, minor)}" if minor > 0 else _money(found, minor)


def _print_head(found: Figures) -> None:
    from xiaobao.lab.reports.figures import labels_of

    packs = labels_of(found)
    period = found["period"]
    changes = found["outcomes"]
    difference = found["money"]["difference"]
    print_pairs(
        [
            (say(zh="新规则包", en="new pack"), packs["new"]),
            (say(zh="与之比较", en="against"), packs["old"]),
            (say(zh="月份", en="months"), f"{period['first_month']} – {period['last_month']}"),
            (say(zh="订单", en="orders"), f"{found['orders']:,}"),
            (say(zh="判断次数（订单 × 承诺）", en="order-promise evaluations"),
             f"{found['evaluations']:,}"),
            (say(zh="结果改变", en="outcomes that change"),
             f"{changes['changed']:,} / {changes['broken_under_either']:,}"),
            (say(zh="买家所得", en="to buyers"), _signed(found, difference["to_buyers_minor"])),
            (say(zh="惩罚部分", en="punitive part"),
             _signed(found, difference["punitive_minor"])),
            (say(zh="卖家所付", en="from sellers"),
             _signed(found, difference["from_sellers_minor"])),
            *_from_fund(found),
        ]
    )  # fmt: skip
    if period["as_of"] is not None:
        print(
            say(
                zh=f"两个规则包都按 {period['as_of_day']} 前后的内容，当作一直如此。",
                en="Both packs are taken as if what they say "
                f"around {period['as_of_day']} had always held.",
            )
        )


def _from_fund(found: Figures) -> list[tuple[str, str]]:
    if found["fund"] is None:
        return []
    difference = found["fund"]["difference_minor"]
    return [(say(zh="基金垫付", en="from the fund"), _signed(found, difference))]


def _print_changes(found: Figures) -> None:
    rows = found["outcomes"]["by_change"].values()
    print_table(
        [say(zh="结果", en="outcome"), say(zh="件数", en="cases"), say(zh="原赔付", en="old pays"),
         say(zh="新赔付", en="new pays")],
        [
            [_words(row["words"]), f"{row['cases']:,}",
             _money(found, row["old_buyer_minor"] + row["old_platform_minor"]),
             _money(found, row["new_buyer_minor"] + row["new_platform_minor"])]
            for row in rows if row["cases"]
        ],
        title=say(zh="哪些结果改变", en="what changes"),
    )  # fmt: skip


def _sides(found: Figures, row: Figures) -> list[str]:
    old, new = row["old"], row["new"]
    return [
        f"{old['breaches']:,}", f"{new['breaches']:,}",
        _money(found, old["from_sellers_minor"]), _money(found, new["from_sellers_minor"]),
        _signed(found, new["from_sellers_minor"] - old["from_sellers_minor"]),
    ]  # fmt: skip


def _side_heads() -> list[str]:
    return [
        say(zh="原违约", en="old breaches"), say(zh="新违约", en="new breaches"),
        say(zh="原由卖家付", en="old, from sellers"), say(zh="新由卖家付", en="new, from sellers"),
        say(zh="差额", en="difference"),
    ]  # fmt: skip


def _print_promises(found: Figures) -> None:
    print_table(
        [say(zh="承诺", en="promise"), *_side_heads()],
        [[_words(row["words"]), *_sides(found, row)] for row in found["by_promise"]],
        title=say(zh="按承诺", en="by promise"),
    )


def _print_months(found: Figures) -> None:
    print_table(
        [say(zh="下单月份", en="month of order"), *_side_heads()],
        [[row["month"], *_sides(found, row)] for row in found["by_month"]],
        title=say(zh="按月", en="by month"),
    )


def band_words(found: Figures, row: Figures) -> str:
    low = money(row["from_minor"], found["currency"])
    if row["to_minor"] is None:
        return f"≥ {low}"
    return f"{low} – {money(row['to_minor'], found['currency'])}"


def _print_sizes(found: Figures) -> None:
    print_table(
        [say(zh="店铺月销售额", en="shop's month"), say(zh="店铺", en="shops"),
         say(zh="付得更多", en="pay more"), say(zh="付得更少", en="pay less"),
         say(zh="原付出占销售额", en="old, of sales"),
         say(zh="新付出占销售额", en="new, of sales")],
        [
            [band_words(found, row), row["sellers"], row["pay_more"], row["pay_less"],
             share_words(row["old_minor"], row["goods_minor"]),
             share_words(row["new_minor"], row["goods_minor"])]
            for row in found["by_shop_size"]
        ],
        title=say(zh="按店铺大小", en="by shop size"),
    )  # fmt: skip


def _print_deposits(found: Figures) -> None:
    """As of the last month's end; --json has every month."""
    rows = found["deposits"]
    if not rows:
        return
    last = [row for row in rows if row["month"] == rows[-1]["month"]]
    print_table(
        [say(zh="店铺近期销售额", en="shop's window"), say(zh="店铺", en="shops"),
         say(zh="原应缴", en="old, asked"), say(zh="新应缴", en="new, asked"),
         say(zh="原占销售额", en="old, of sales"), say(zh="新占销售额", en="new, of sales"),
         say(zh="原缺口", en="old, short"), say(zh="新缺口", en="new, short")],
        [[band_words(found, row), *_deposit_cells(found, row)] for row in last],
        title=say(zh=f"保证金，{last[0]['month']} 末", en=f"deposits, end of {last[0]['month']}"),
    )  # fmt: skip


def _deposit_cells(found: Figures, row: Figures) -> list[str]:
    sides = [row["old"], row["new"]]
    return [
        f"{max(side['sellers'] for side in sides):,}",
        *(_money(found, side["required_minor"]) for side in sides),
        *(share_words(side["required_minor"], side["goods_minor"]) for side in sides),
        *(f"{side['short_sellers']:,}: {_money(found, side['shortfall_minor'])}"
          for side in sides),
    ]  # fmt: skip


def share_words(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.2f} %" if whole else "–"


def _print_cheating(found: Figures) -> None:
    """Each promise over all categories, under each scenario."""
    scenarios = {s["key"]: s for s in found["cheating"]["scenarios"]}
    rows = [
        [_words(row["words"]), _words(scenarios[key]["words"]), *_cheats(found, row, key)]
        for row in found["cheating"]["rows"] if row["category"] is None
        for key in scenarios
    ]  # fmt: skip
    print_table(
        [say(zh="承诺", en="promise"), say(zh="情形", en="scenario"),
         say(zh="每笔得利", en="gain a sale"), say(zh="原预期代价", en="old, expected"),
         say(zh="新预期代价", en="new, expected"), say(zh="原合算？", en="old pays?"),
         say(zh="新合算？", en="new pays?"), say(zh="持平所需", en="break-even"),
         say(zh="最小下限", en="smallest floor")],
        rows,
        title=say(zh="作弊合算吗（假设与出处见 --json）",
                  en="does cheating pay (assumptions and sources: --json)"),
    )  # fmt: skip


def _cheats(found: Figures, row: Figures, key: str) -> list[str]:
    sides = [row.get(side) for side in ("old", "new")]
    cells = [_under(found, side, key) for side in sides]
    last = sides[1] or sides[0] or {}
    under = last["scenarios"][key]
    return [
        _money(found, last["mean_gain_minor"]), cells[0][0], cells[1][0], cells[0][1],
        cells[1][1], _money(found, under["break_even_minor"]),
        _floor(found, under["smallest_floor_minor"]),
    ]  # fmt: skip


def _floor(found: Figures, floor: int | None) -> str:
    if floor is None:
        return say(zh="超出试算范围", en="beyond the sweep")
    return _money(found, floor) if floor else say(zh="不需要", en="none needed")


def _under(found: Figures, side: Figures | None, key: str) -> tuple[str, str]:
    if side is None:
        return "–", "–"
    under = side["scenarios"][key]
    pays = say(zh="合算", en="pays") if under["pays"] else say(zh="不合算", en="does not")
    return _money(found, under["expected_sanction_minor"]), pays


def _print_kept(found: Figures) -> None:
    if found["kept"]:
        print_table(
            [say(zh="怎样裁决", en="decided"), say(zh="维权", en="claim"),
             say(zh="件数", en="cases"), say(zh="已赔付", en="paid")],
            [
                [_words(row["by"]), _words(row["words"]), f"{row['cases']:,}",
                 _money(found, row["paid_minor"])]
                for row in found["kept"]
            ],
            title=say(zh="人裁决或双方和解的维权，原样保留",
                      en="claims that persons or parties decided, kept as they are"),
        )  # fmt: skip


def _print_cases(found: Figures) -> None:
    cases = found["cases"][:SHOWN_CASES]
    if not cases:
        return
    print_table(
        [say(zh="卖家", en="seller"), say(zh="订单", en="order"), say(zh="承诺", en="promise"),
         say(zh="怎样改变", en="change"), say(zh="原", en="old"), say(zh="新", en="new")],
        [
            [case["seller"], case["order"], _words(case["words"]), _words(case["change_words"]),
             _paid(found, case["old"]), _paid(found, case["new"])]
            for case in cases
        ],
        title=say(zh="差别最大的案件", en="cases that differ most"),
    )  # fmt: skip


def _paid(found: Figures, outcome: Figures | None) -> str:
    return say(zh="履约", en="kept") if outcome is None else _money(found, outcome["minor"])
