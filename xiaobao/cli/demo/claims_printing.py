"""The demo's claims as people read them, in Chinese or English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.claims.facts import ABUSE_WORDS, KIND_WORDS
from xiaobao.cli.output import console, money, print_pairs, print_table, say
from xiaobao.hearings.facts import BY_WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

_ENDINGS = {
    "filed": ("提出", "filed"),
    "settled": ("和解", "settled"),
    "upheld": ("支持", "upheld"),
    "partly": ("部分支持", "in part"),
    "rejected": ("驳回", "rejected"),
    "given_up": ("撤回或失效", "given up"),
    "open": ("未结", "open"),
}


def print_claims(figures: Mapping[str, Any], currency: str) -> None:
    print_table(
        [
            say(zh="维权", en="claim"),
            *(say(zh=zh, en=en) for zh, en in _ENDINGS.values()),
            say(zh="赔付", en="paid"),
        ],
        [
            [
                say(zh=KIND_WORDS[kind].zh, en=KIND_WORDS[kind].en),
                *(f"{row[name]:,}" for name in _ENDINGS),
                money(row["paid_minor"], currency),
            ]
            for kind, row in figures["by_kind"].items()
        ],
        title="\n" + say(zh="买家提出的维权", en="Claims that buyers filed"),
    )
    _print_rulings(figures, currency)


def _print_rulings(figures: Mapping[str, Any], currency: str) -> None:
    clocks, rulings, false = figures["clocks"], figures["rulings"], figures["made_up"]
    by = say(zh="、", en=", ").join(
        f"{say(zh=BY_WORDS[one].zh, en=BY_WORDS[one].en)} {count:,}"
        for one, count in rulings["by"].items()
        if count
    )
    lines = [
        ("首次裁决", "first rulings", by or "0"),
        ("从提出到裁决（小时，中位数 / 最长）", "hours from filing to ruling, median / most",
         f"{clocks['ruled_after_hours_median']:,} / {clocks['ruled_after_hours_most']:,}"),
        ("当事人逾期", "clocks that ran out on a party", f"{clocks['parties_out_of_time']:,}"),
        ("平台自己逾期", "clocks that the platform missed", f"{clocks['platform_late']:,}"),
        ("补正期", "cure periods", f"{clocks['cure_periods']:,}"),
        ("大众评审", "put to a jury", f"{rulings['juries']:,}"),
        ("申诉（其中改判）", "appeals (overturned)",
         f"{rulings['appeals_decided']:,} ({rulings['overturned']:,})"),
        ("此前已赔付或退款而驳回", "rejected: paid before, unasked or by the shop",
         f"{rulings['paid_before']:,}"),
        ("超期或不在承诺之内而驳回", "rejected: too late, or never promised",
         f"{rulings['not_covered']:,}"),
        ("其余首次裁决与真相相符", "of the other first rulings, meet the truth",
         f"{rulings['rightly']:,} / {rulings['on_merits']:,}"),
        *((ABUSE_WORDS[sign].zh, ABUSE_WORDS[sign].en, f"{count:,}")
          for sign, count in false["signs"].items() if count),
    ]  # fmt: skip
    print_pairs([(say(zh=zh, en=en), value) for zh, en, value in lines])
    paid = money(false["paid_minor"], currency)
    console().print(
        say(
            zh=f"其中 {false['filed']:,} 宗是编造的，{false['paid']:,} 宗得到赔付，共 {paid}；"
            f"{false['pictures_seen_before']:,} 宗的照片在别的案件中出现过，"
            f"其中 {false['of_them_made_up']:,} 宗是编造的。引擎只见证据，不知真相。",
            en=f"{false['filed']:,} of them are made up; {false['paid']:,} were paid, {paid} in "
            f"all. Pictures of {false['pictures_seen_before']:,} looked like one of another case, "
            f"{false['of_them_made_up']:,} of them made up. The engine sees evidence, not truth.",
        )
    )
