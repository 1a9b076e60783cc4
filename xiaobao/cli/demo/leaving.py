"""The part of the demo about sellers who left: waits by reason, what held, what was paid back."""

from __future__ import annotations

from typing import Any

from xiaobao.cli.output import console, money, print_table, say
from xiaobao.exits.facts import BLOCKER_WORDS, REASON_WORDS, SCOPE_WORDS
from xiaobao.exits.queries import exit_totals, kept_totals

Figures = dict[str, Any]


def leaving_figures() -> Figures:
    """Exits by scope and reason, and what they were held for."""
    return {"exits": exit_totals(), "held_for": kept_totals()}


def print_leaving(figures: Figures, currency: str) -> None:
    rows, kept = figures["exits"], figures["held_for"]
    print_table(
        [say(zh="退保", en="exits"), say(zh="原因", en="reason"), say(zh="申请", en="asked"),
         say(zh="已打款", en="paid"), say(zh="撤回或驳回", en="called off"),
         say(zh="平台逾期", en="late"), say(zh="等待（小时，中位）", en="wait (hours, median)"),
         say(zh="已退", en="paid back"), say(zh="逾期利息", en="interest"),
         say(zh="仍占用", en="still held")],
        [[_word(SCOPE_WORDS[r.scope]), _word(REASON_WORDS[r.reason]), r.asked, r.paid,
          r.called_off, r.late, "-" if r.wait_hours is None else r.wait_hours,
          money(r.refunded_minor, currency), money(r.interest_minor, currency),
          money(r.held_minor, currency)] for r in rows],
        title="\n" + say(zh="退保", en="Sellers who left, or took a part out"),
    )  # fmt: skip
    if kept:
        told = say(zh="；", en="; ").join(
            say(
                zh=f"{zh} {k.things:,}（{money(k.held_minor, currency)}）",
                en=f"{en} {k.things:,} ({money(k.held_minor, currency)})",
            )
            for k in kept
            for zh, en in [BLOCKER_WORDS[k.kind]]
        )
        console().print(
            say(zh="批准时逐项占用：", en="Held at approval, thing by thing: ") + told,
            soft_wrap=True,
        )


def _word(pair: tuple[str, str]) -> str:
    return say(zh=pair[0], en=pair[1])
