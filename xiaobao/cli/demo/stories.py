"""One shop's story in a few sentences, made of its figures."""

from __future__ import annotations

from typing import Any

from xiaobao.cli.output import money, say
from xiaobao.deposits.facts import STEP_WORDS, LadderStep
from xiaobao.orders.facts import KIND_WORDS
from xiaobao.sellers.facts import STANDING_WORDS

Figures = dict[str, Any]

OPENINGS = {
    "took_the_money_and_left": ("卷款走人", "took the money and left"),
    "cheats_quietly": ("暗中欺诈", "cheats where nobody complains"),
    "sloppy": ("马虎", "sloppy"),
    "started_from_zero": ("零起步的新店", "a newcomer that started from zero"),
    "good": ("好店", "a good shop"),
}


def story_of(shop: Figures, currency: str) -> str:
    """The story in the language of this process."""
    parts = [_opening(shop), _found(shop, currency), _dearest(shop, currency)]
    parts += [_left(shop), _stands(shop, currency)]
    return say(zh="", en=" ").join(part for part in parts if part)


def _opening(shop: Figures) -> str:
    zh, en = OPENINGS[shop["story"]]
    return say(
        zh=f"· {shop['name']}（{shop['category_zh']}，{zh}）：{shop['joined']} 加入，"
        f"{shop['orders']:,} 单。",
        en=f"· {shop['name']} ({shop['category']}, {en}): joined {shop['joined']}, "
        f"{shop['orders']:,} orders.",
    )


def _found(shop: Figures, currency: str) -> str:
    if not shop["breaches"]:
        return say(zh="没有查出违约。", en="No breach was found.")
    kinds = say(zh="、", en=", ").join(
        f"{say(zh=KIND_WORDS[kind].zh, en=KIND_WORDS[kind].en)} {count:,}"
        for kind, count in shop["breaches"].items()
    )
    paid = money(shop["paid_minor"], currency)
    would = shop["buyers_who_would_complain"]
    words = say(
        zh=f"查出违约：{kinds}；未等投诉已赔 {paid}，本会投诉的买家 {would:,} 人。",
        en=f"Found: {kinds}; buyers were paid {paid} unasked; {would:,} of them would "
        "have complained.",
    )
    if not shop["orders_cheated"]:
        return words
    return words + say(
        zh=f"蓄意欺诈 {shop['orders_cheated']:,} 单，查出 {shop['cheated_found']:,} 单。",
        en=f" It cheated in {shop['orders_cheated']:,} orders; {shop['cheated_found']:,} were "
        "found.",
    )


def _dearest(shop: Figures, currency: str) -> str:
    one = shop["example"]
    if one is None:
        return ""
    words = KIND_WORDS[one["kind"]]
    paid, goods = (money(one[key], currency) for key in ("paid_minor", "goods_minor"))
    return say(
        zh=f"例如订单 {one['order']}（{goods}）：{words.zh}，"
        f"{one['found_at']:%Y-%m-%d %H:%M}Z 到期，赔 {paid}。",
        en=f"Order {one['order']} ({goods}), for one: {words.en}; the clock ran out at "
        f"{one['found_at']:%Y-%m-%d %H:%M}Z, and {paid} was paid.",
    )


def _left(shop: Figures) -> str:
    if shop["left"] is None:
        return ""
    return say(zh=f"{shop['left']} 起人去店空。", en=f"From {shop['left']} on nobody was there.")


def _stands(shop: Figures, currency: str) -> str:
    required, deposit, missing, debt = (
        money(shop[key], currency)
        for key in ("required_minor", "deposit_minor", "missing_minor", "debt_minor")
    )
    standing = STANDING_WORDS[shop["standing"]]
    zh = f"应缴保证金 {required}，现有 {deposit}"
    en = f"Deposit required {required}, there {deposit}"
    if shop["reserve_minor"]:
        reserve = money(shop["reserve_minor"], currency)
        zh, en = f"{zh}，准备金 {reserve}", f"{en} and {reserve} in reserve"
    if shop["missing_minor"]:
        zh, en = f"{zh}，缺 {missing}", f"{en}, missing {missing}"
    if shop["debt_minor"]:
        zh, en = f"{zh}，欠基金 {debt}", f"{en}, owed to the fund {debt}"
    if shop["step"] is not LadderStep.NONE:
        step = STEP_WORDS[shop["step"]]
        zh, en = f"{zh}；{step[0]}", f"{en}; {step[1]}"
    return say(zh=f"{zh}；状态：{standing[0]}。", en=f"{en}; standing: {standing[1]}.")
