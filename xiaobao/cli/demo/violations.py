"""Violations in the demo's summary: what was recorded, what followed, what was undone."""

from __future__ import annotations

from typing import Any

from xiaobao.cli.output import console, money, print_pairs, print_table, say
from xiaobao.violations import queries
from xiaobao.violations.facts import KIND_WORDS, STATE_WORDS

Figures = dict[str, Any]


def violations_of() -> Figures:
    """What stands at the end, in whole numbers."""
    totals = queries.totals()
    return {
        **{name: getattr(totals, name) for name in type(totals).__dataclass_fields__},
        "by_kind": queries.counts_by_kind(),
        "by_state": queries.counts_by_state(),
    }


def print_violations(figures: Figures, currency: str) -> None:
    console().print("\n" + say(zh="违规与处罚", en="Violations and penalties"))
    print_table(
        [say(zh="违规", en="violation"), say(zh="条数", en="count")],
        [
            (say(zh=KIND_WORDS[kind].zh, en=KIND_WORDS[kind].en), f"{count:,}")
            for kind, count in figures["by_kind"].items()
        ],
    )
    states = [
        f"{say(zh=STATE_WORDS[state].zh, en=STATE_WORDS[state].en)} {count:,}"
        for state, count in figures["by_state"].items()
        if count
    ]
    print_pairs(
        [
            (say(zh="记录的违规", en="violations recorded"), f"{figures['violations']:,}"),
            (say(zh="现状", en="where they stand"), "  ".join(states)),
            (say(zh="其中只提醒", en="of them reminders"), f"{figures['reminded']:,}"),
            (say(zh="扣分合计", en="points altogether"), f"{figures['points']:,}"),
            (
                say(zh="处罚：开始 / 执行中 / 已结束 / 已撤销",
                    en="penalties: begun / running / ended / revoked"),
                " / ".join(
                    f"{figures[name]:,}" for name in ("penalties", "running", "ended", "revoked")
                ),
            ),
            (
                say(zh="按时公示", en="published in time"),
                f"{figures['published_in_time']:,} / {figures['penalties']:,}",
            ),
            (
                say(zh="罚金：已收 / 冻结", en="penalty money: taken / held"),
                " / ".join(
                    money(figures[name], currency) for name in ("taken_minor", "held_minor")
                ),
            ),
            (say(zh="决定强制退保", en="forced exits decided"), f"{figures['forced_exits']:,}"),
        ]
    )  # fmt: skip
