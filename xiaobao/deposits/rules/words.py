"""A quote in words: what each line says, and what would lower it, reckoned from the numbers.

One row at a time, for people; nothing here decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.deposits.facts import Line, LineRow
from xiaobao.deposits.rules.quoting import quote as judge
from xiaobao.kernel.money import WHOLE_BPS, in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xiaobao.deposits.facts import DepositFacts, LastQuote, Quote
    from xiaobao.deposits.terms import DepositRules, DepositTerms
    from xiaobao.kernel.columns import Columns


@dataclass(frozen=True)
class _Said:
    zh: str
    en: str
    lower_zh: str
    lower_en: str
    # What the advice changes, by column; the quote is reckoned again with it.
    changes: Mapping[str, int] = field(default_factory=dict)


class _Case:
    """One row of everything, as plain numbers, with money in words."""

    def __init__(
        self, row: int, currency: str, category: tuple[str, str], *parts: Columns
    ) -> None:
        self.numbers = {
            name: column[row].item() for part in parts for name, column in part.as_dict().items()
        }
        self.currency = currency
        self.category_zh, self.category_en = category

    def __getitem__(self, name: str) -> Any:
        return self.numbers[name]

    def money(self, minor: int) -> str:
        return in_words(minor, self.currency)


def _percent(bps: int) -> str:
    return f"{bps / 100:g}%"


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def explain(
    before: LastQuote,
    facts: DepositFacts,
    terms: DepositTerms,
    sizing: DepositRules,
    quote: Quote,
    *,
    currency: str,
    category: tuple[str, str],
    clauses: Mapping[Line, str],
    row: int = 0,
) -> tuple[LineRow, ...]:
    """The lines of one row's quote that are not zero, and the base in any case.

    `category` is its name in zh and en; `clauses` names the clause behind each line. What an
    advice saves is what the whole would be less, the other lines moving as they would.
    """
    here = np.array([row])
    judged = tuple(part.take(here) for part in (before, facts, terms, sizing))
    last = {f"was_{name}": column for name, column in before.as_dict().items()}
    case = _Case(row, currency, category, facts, terms, sizing, quote)
    case.numbers |= {name: column[row].item() for name, column in last.items()}
    made = []
    for line, (column, speak) in _LINES.items():
        amount = case[column]
        if amount == 0 and line is not Line.BASE:
            continue
        said = speak(case)
        saves = case["required_minor"] - _required_with(said.changes, *judged)
        made.append(
            LineRow(
                line, amount, clauses.get(line, ""), said.zh, said.en, said.lower_zh,
                said.lower_en, saves,
            )
        )  # fmt: skip
    return tuple(made)


def _required_with(changes: Mapping[str, int], *judged: Any) -> int:
    """What one row would be asked for, had these columns other values."""
    changed = [
        replace(
            part,
            **{
                name: np.array([value]).astype(getattr(part, name).dtype)
                for name, value in changes.items()
                if name in part.names()
            },
        )
        for part in judged
    ]
    return int(judge(*changed).required_minor[0])


def _base(c: _Case) -> _Said:
    base = c.money(c["base_minor"])
    insured = c["required_minor"] * c["cover_most_bps"] // WHOLE_BPS
    if c["is_cover_counted"] and insured:
        price = insured * c["cover_price_bps"] // WHOLE_BPS
        lower_zh = (
            f"金额由类目决定，无法降低；但保证金保险最多可抵 {c.money(insured)}，"
            f"每年约 {c.money(price)}"
        )
        lower_en = (
            f"set by the category; insurance cover may stand in for up to {c.money(insured)}, "
            f"at about {c.money(price)} a year"
        )
    else:
        lower_zh, lower_en = "金额由类目决定，无法降低", "set by the category; nothing lowers it"
    return _Said(
        f"类目“{c.category_zh}”的基础金额 {base}",
        f"the base of the category '{c.category_en}' is {base}",
        lower_zh,
        lower_en,
    )


def _exposure(c: _Case) -> _Said:
    share = _percent(c["exposure_bps"])
    # The largest open amount whose share does not exceed the base.
    free = c["base_minor"] * WHOLE_BPS // c["exposure_bps"]
    complete = c["open_goods_minor"] - free
    return _Said(
        f"{c['open_orders']} 笔在途订单共 {c.money(c['open_goods_minor'])}，按 {share} 计，"
        f"超出基础金额 {c.money(c['exposure_minor'])}",
        f"{_many(c['open_orders'], 'open order', 'open orders')} of "
        f"{c.money(c['open_goods_minor'])}, {share} of which is "
        f"{c.money(c['exposure_minor'])} more than the base",
        f"再完成 {c.money(complete)} 的订单，本项即为零",
        f"complete orders of {c.money(complete)} more and this line is gone",
        {"open_goods_minor": free},
    )


def _risk(c: _Case) -> _Said:
    parts_zh, parts_en, lower_zh, lower_en = [], [], [], []
    changes = {}
    free = c["risk_free_breach_bps"] * c["orders"] // WHOLE_BPS
    if c["breaches"] > free and c["breach_minor"]:
        times = _percent(c["risk_breach_bps"])
        parts_zh.append(
            f"近 {c['window_days']} 天 {c['orders']} 笔订单中违约 {c['breaches']} 次"
            f"（免计 {free} 次），已赔 {c.money(c['breach_minor'])}，按 {times} 计"
        )
        parts_en.append(
            f"{_many(c['breaches'], 'breach', 'breaches')} in "
            f"{_many(c['orders'], 'order', 'orders')} of the last "
            f"{_many(c['window_days'], 'day', 'days')} ({free} not counted), "
            f"which paid buyers {c.money(c['breach_minor'])}, at {times}"
        )
        changes["breaches"] = free
        lower_zh.append(f"违约次数减少 {c['breaches'] - free} 次")
        lower_en.append(f"{_many(c['breaches'] - free, 'breach', 'breaches')} fewer")
    if c["debt_minor"] > c["base_minor"] and c["risk_advance_bps"]:
        parts_zh.append(
            f"平台垫付未还 {c.money(c['debt_minor'])}，超过基础金额，"
            f"加收基础金额的 {_percent(c['risk_advance_bps'])}"
        )
        parts_en.append(
            f"the debt of {c.money(c['debt_minor'])} exceeds the base, which adds "
            f"{_percent(c['risk_advance_bps'])} of the base"
        )
        changes["debt_minor"] = c["base_minor"]
        repay = c.money(c["debt_minor"] - c["base_minor"])
        lower_zh.append(f"偿还欠款 {repay}")
        lower_en.append(f"{repay} of the debt repaid")
    return _Said(
        "；".join(parts_zh),
        "; ".join(parts_en),
        "，并".join(lower_zh) + "，本项即为零",
        " and ".join(lower_en) + ": this line is gone",
        changes,
    )


def _special(c: _Case) -> _Said:
    amount = c.money(c["special_minor"])
    return _Said(
        f"类目“{c.category_zh}”的特殊金额 {amount}",
        f"the category '{c.category_en}' adds {amount}",
        f"不再经营该类目，本项 {amount} 即取消",
        f"leave the category and these {amount} are gone",
        {"special_minor": 0},
    )


def _ceiling(c: _Case) -> _Said:
    share = _percent(c["turnover_ceiling_bps"])
    return _Said(
        f"总额不超过近 {c['window_days']} 天销售额 {c.money(c['goods_minor'])} 的 {share}"
        f"（不低于基础与特殊金额），减 {c.money(-c['ceiling_minor'])}",
        f"not more than {share} of the turnover of {c.money(c['goods_minor'])} in "
        f"{c['window_days']} days (base and special part at least): "
        f"{c.money(-c['ceiling_minor'])} less",
        "本项已在降低总额",
        "this line lowers the total already",
    )


def _kept(c: _Case) -> _Said:
    was = c.money(c["was_required_minor"])
    if c["kept_minor"] < 0:
        return _Said(
            f"目前无欠款无缺口，不高于上次的 {was}",
            f"no debt and no shortfall now: not higher than the {was} of last time",
            "保持无欠款无缺口，总额即不上调",
            "stay without debt and shortfall and the total is not raised",
        )
    debt = c.money(c["debt_minor"])
    return _Said(
        f"目前有欠款或缺口，不低于上次的 {was}",
        f"there is a debt or a shortfall now: not lower than the {was} of last time",
        f"还清欠款（现为 {debt}）并补足缺口，下次核定即取消本项",
        f"repay the debt (now {debt}) and make good any shortfall: gone with the next quote",
        {"debt_minor": 0, "is_short": 0},
    )


def _zero_start(c: _Case) -> _Said:
    most = c["zero_start_sales_most_minor"]
    left = c.money(most - c["goods_minor"])
    days = c["zero_start_days"]
    return _Said(
        f"新店零起步：首笔成交后第 {days} 个零点前、销售额不超过 {c.money(most)} 时免缴",
        f"zero start: nothing is asked for until midnight number {days} after the first sale, "
        f"while sales stay within {c.money(most)}",
        f"距销售额上限还有 {left}；之后需缴 {c.money(-c['zero_start_minor'])}",
        f"{left} of sales are left; then {c.money(-c['zero_start_minor'])} is due",
    )


_LINES: dict[Line, tuple[str, Callable[[_Case], _Said]]] = {
    Line.BASE: ("base_minor", _base),
    Line.EXPOSURE: ("exposure_minor", _exposure),
    Line.RISK: ("risk_minor", _risk),
    Line.SPECIAL: ("special_minor", _special),
    Line.CEILING: ("ceiling_minor", _ceiling),
    Line.KEPT: ("kept_minor", _kept),
    Line.ZERO_START: ("zero_start_minor", _zero_start),
}
