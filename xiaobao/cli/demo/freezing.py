"""The part of the demo about deposits that stay frozen with their sellers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.cli.output import money, say

if TYPE_CHECKING:
    from xiaobao.deposits.facts import FrozenTotals


def frozen_pairs(totals: FrozenTotals, currency: str) -> list[tuple[str, str]]:
    """Where the money of these deposits is by now; nothing where nobody lodged so."""
    if not totals.sums:
        return []
    lines = [
        ("其中仍在授权中", "of it frozen still", totals.frozen_minor),
        (f"其中因应付而转支付（{totals.takings:,} 笔）",
         f"of it taken, being owed ({totals.takings:,} parts)", totals.taken_minor),
        ("其中退保时解冻", "of it let go of on leaving", totals.let_go_minor),
        ("其中授权已失效", "of it ended before it was taken", totals.lost_minor),
    ]  # fmt: skip
    return [
        (
            say(
                zh=f"资金授权：{totals.sellers:,} 个卖家，{totals.sums:,} 笔",
                en=f"frozen with {totals.sellers:,} sellers, in {totals.sums:,} sums",
            ),
            money(totals.amount_minor, currency),
        ),
        *((say(zh=zh, en=en), money(minor, currency)) for zh, en, minor in lines if minor),
    ]
