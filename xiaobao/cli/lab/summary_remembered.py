"""A comparison on the terminal: claims decided anew, violations, who has to leave, exits."""

from __future__ import annotations

from typing import Any

from xiaobao.cli.output import language, money, print_table, say

Figures = dict[str, Any]
_HOURS_A_DAY = 24


def print_remembered(found: Figures) -> None:
    """What has memory, as far as there is any."""
    _print_claims(found)
    if found["violations"] is not None:
        _print_violations(found)
        _print_forced(found)
        _print_exits(found)


def _words(row: Figures) -> str:
    return str(row["words"][language()])


def _pair(row: Figures, name: str) -> list[str]:
    return [f"{row['old'][name]:,}", f"{row['new'][name]:,}"]


def _print_claims(found: Figures) -> None:
    rows = found["claims"]["by_kind"]
    if not rows:
        return
    print_table(
        [say(zh="维权", en="claim"), say(zh="件数", en="cases"),
         say(zh="裁决改变", en="decided otherwise"), say(zh="原：支持", en="old: for buyer"),
         say(zh="新：支持", en="new: for buyer"), say(zh="原：要人判断", en="old: needs a person"),
         say(zh="新：要人判断", en="new: needs a person"),
         say(zh="原：给买家", en="old: to buyers"), say(zh="新：给买家", en="new: to buyers")],
        [
            [_words(row), f"{row['cases']:,}", f"{row['decided_otherwise']:,}",
             *_pair(row, "upheld"),
             *(f"{row[side]['needs_person'] + row[side]['open']:,}" for side in ("old", "new")),
             *(money(row[side]["buyer_minor"], found["currency"]) for side in ("old", "new"))]
            for row in rows
        ],
        title=say(zh="规则裁决过的维权，重新裁决", en="claims that rules decided, decided anew"),
    )  # fmt: skip


def _print_violations(found: Figures) -> None:
    rows = found["violations"]["by_kind"]
    if not rows:
        return
    print_table(
        [say(zh="违规", en="violation"), say(zh="原件数", en="old, found"),
         say(zh="新件数", en="new, found"), say(zh="原扣分", en="old, points"),
         say(zh="新扣分", en="new, points")],
        [[_words(row), *_pair(row, "violations"), *_pair(row, "points")] for row in rows],
        title=say(zh="违规", en="violations"),
    )  # fmt: skip


def _print_forced(found: Figures) -> None:
    told = found["violations"]
    stays, leaves = say(zh="留下", en="stays"), say(zh="强制退保", en="forced exit")
    print(
        say(
            zh=f"处罚 {told['old']['penalties']:,} → {told['new']['penalties']:,}，"
            f"强制退保 {told['old']['forced_exits']:,} → {told['new']['forced_exits']:,}",
            en=f"penalties {told['old']['penalties']:,} → {told['new']['penalties']:,}, "
            f"forced exits {told['old']['forced_exits']:,} → {told['new']['forced_exits']:,}",
        )
    )
    differs = [row for row in told["forced_out"] if row["old"] != row["new"]]
    if differs:
        print_table(
            [say(zh="卖家", en="seller"), say(zh="类别", en="class"), say(zh="原", en="old"),
             say(zh="新", en="new")],
            [
                [row["seller"], _words(row),
                 *(leaves if row[side] else stays for side in ("old", "new"))]
                for row in differs
            ],
            title=say(zh="谁因此要离开、谁因此留下", en="who has to leave, and who stays"),
        )  # fmt: skip


def _print_exits(found: Figures) -> None:
    rows = [row for row in found["exits"]["by_change"].values() if row["exits"]]
    if not rows:
        return
    print_table(
        [say(zh="退保", en="exits"), say(zh="件数", en="cases"),
         say(zh="原：立即可退", en="old: free at once"),
         say(zh="新：立即可退", en="new: free at once"),
         say(zh="原：平均等候（天）", en="old: mean wait (days)"),
         say(zh="新：平均等候（天）", en="new: mean wait (days)")],
        [
            [_words(row), f"{row['exits']:,}",
             *(money(row[f"{side}_free_minor"], found["currency"]) for side in ("old", "new")),
             *(f"{row[f'{side}_hours'] / row['exits'] / _HOURS_A_DAY:.1f}"
               for side in ("old", "new"))]
            for row in rows
        ],
        title=say(zh="申请过的退保：延后还是提早", en="exits asked for: delayed or eased"),
    )  # fmt: skip
