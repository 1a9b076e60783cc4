"""The summary as people read it, in Chinese or English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.advances.facts import STATE_WORDS
from xiaobao.cli.demo.claims_printing import print_claims
from xiaobao.cli.demo.freezing import frozen_pairs
from xiaobao.cli.demo.leaving import print_leaving
from xiaobao.cli.demo.stories import story_of
from xiaobao.cli.demo.violations import print_violations
from xiaobao.cli.output import console, money, print_pairs, print_table, say
from xiaobao.deposits.facts import STEP_WORDS, LadderStep
from xiaobao.lab.generate.plans import KIND_WORDS, ShopKind
from xiaobao.orders.facts import KIND_WORDS as BREACH_WORDS
from xiaobao.sellers.facts import STANDING_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

Figures = dict[str, Any]

LAW_WORDS = {
    "books_keep_every_law": ("账本的每条规律都成立", "the books keep every law"),
    "books_sum_to_zero": ("所有账户之和为零", "all accounts sum to zero"),
    "breaches_and_claims_were_paid_in_full": (
        "违约与维权应付多少就付了多少",
        "every breach and claim was paid, no more",
    ),
    "what_was_paid_was_borne": ("付出的每一分都有人承担", "every fen paid was borne by somebody"),
    "every_compensation_is_paid_out": (
        "每笔赔付都有一笔打款",
        "every compensation has its payout",
    ),
    "what_buyers_wait_for_is_held": ("未到账的款都还在账上", "what is on its way is still held"),
    "gateway_agrees": ("支付网关的账与账本一致", "the gateway's book agrees with the ledger"),
}


def print_figures(figures: Figures) -> None:
    currency = figures["currency"]
    _print_plan(figures)
    _print_breaches(figures["breaches"], currency)
    print_claims(figures["claims"], currency)
    _print_money(figures, currency)
    _print_deposits(figures["deposits"], currency)
    _print_shops(figures["shops"], currency)
    print_violations(figures["violations"], currency)
    print_leaving(figures["leaving"], currency)
    _print_examples(figures["examples"], currency)
    _print_invariants(figures["invariants"])
    _print_next(figures)


def _word(pair: Sequence[str]) -> str:
    return say(zh=pair[0], en=pair[1])


def _heading(zh: str, en: str) -> str:
    return "\n" + say(zh=zh, en=en)


def _print_plan(figures: Figures) -> None:
    plan, orders, facts = figures["plan"], figures["orders"], figures["facts"]
    placed = money(orders["placed_minor"], figures["currency"])
    console().print(
        say(
            zh=f"\n一个生成的市场（种子 {plan['seed']}）：{plan['first_day']} 至 "
            f"{plan['last_day']}，{plan['sellers']:,} 个卖家，"
            f"{orders['placed']:,} 个订单，共 {placed}。",
            en=f"\nA generated marketplace (seed {plan['seed']}), {plan['first_day']} to "
            f"{plan['last_day']}: {plan['sellers']:,} sellers, {orders['placed']:,} orders worth "
            f"{placed}.",
        )
    )
    print_pairs(
        [
            (
                say(zh="卖家退出后不再成交的订单", en="orders not placed, the shop having left"),
                f"{orders['never_placed']:,}",
            ),
            (say(zh="收到的事实", en="facts received"), f"{facts['arrived']:,}"),
            (say(zh="其中重复", en="of them told again"), f"{facts['told_again']:,}"),
            (
                say(zh="自相矛盾的订单", en="orders with contradictions"),
                f"{facts['orders_contradicted']:,}",
            ),
            (
                say(zh="仍有时限未到的订单", en="orders still watched"),
                f"{orders['still_watched']:,}",
            ),
        ]
    )


def _print_breaches(breaches: Figures, currency: str) -> None:
    rows = [
        [
            say(zh=BREACH_WORDS[kind].zh, en=BREACH_WORDS[kind].en),
            f"{row['found']:,}",
            f"{row['sellers']:,}",
            money(row["buyers_minor"], currency),
            money(row["platform_minor"], currency),
        ]
        for kind, row in breaches["by_kind"].items()
    ]
    rows.append(
        [
            say(zh="合计", en="all"),
            f"{breaches['found']:,}",
            "",
            money(breaches["buyers_minor"], currency),
            money(breaches["platform_minor"], currency),
        ]
    )
    print_table(
        [
            say(zh="违约", en="breach"),
            say(zh="笔数", en="found"),
            say(zh="卖家", en="sellers"),
            say(zh="赔给买家", en="to buyers"),
            say(zh="惩罚性部分", en="punitive part"),
        ],
        rows,
        title=_heading("无人投诉而发现的违约", "Breaches found without a complaint"),
    )
    would = breaches["orders_whose_buyer_would_complain"]
    console().print(
        say(
            zh=f"涉及 {breaches['orders']:,} 个订单；若等买家投诉，只会知道其中 {would:,} 个。",
            en=f"They touch {breaches['orders']:,} orders; waiting for complaints would have "
            f"shown {would:,} of them.",
        )
    )


def _print_money(figures: Figures, currency: str) -> None:
    paid, gateway = figures["compensation"], figures["gateway"]
    lines = [
        ("赔给买家", "paid to buyers", paid["buyers_minor"]),
        ("惩罚性部分", "punitive part", paid["platform_minor"]),
        ("出自：准备金", "borne by: reserves", paid["reserve_minor"]),
        ("出自：保证金", "borne by: deposits", paid["deposit_minor"]),
        ("出自：保险", "borne by: cover", paid["cover_minor"]),
        ("出自：保障基金垫付", "borne by: the fund, in advance", paid["fund_minor"]),
        ("已向卖家追偿", "recovered from sellers", paid["recovered_minor"]),
        ("卖家仍欠", "still owed by sellers", paid["debt_minor"]),
    ]
    print_table(
        [say(zh="钱", en="money"), say(zh="金额", en="amount")],
        [[say(zh=zh, en=en), money(minor, currency)] for zh, en, minor in lines],
        title=_heading("赔付与追偿", "Compensation and recovery"),
    )
    print_table(
        [say(zh="打款", en="payouts"), say(zh="笔数", en="count"), say(zh="金额", en="amount")],
        [
            [_word(STATE_WORDS[state]), f"{row['count']:,}", money(row["amount_minor"], currency)]
            for state, row in figures["payouts"].items()
            if row["count"]
        ],
        title=_heading("打款", "Payouts"),
    )
    for name, zh, en in (("paid_out", "付出", "paid out"), ("taken_in", "收入", "taken in")):
        row = gateway[name]
        ours, theirs = (money(row[key], currency) for key in ("ledger_minor", "gateway_minor"))
        console().print(
            say(
                zh=f"网关{zh}：账本 {row['ledger']:,} 笔 {ours}，"
                f"网关 {row['gateway']:,} 笔 {theirs}",
                en=f"gateway, {en}: ledger {row['ledger']:,} for {ours}, "
                f"gateway {row['gateway']:,} for {theirs}",
            )
        )


def _print_deposits(deposits: Figures, currency: str) -> None:
    print_pairs(
        [
            (_heading("保证金", "Deposits"), ""),
            (say(zh="应缴", en="required"), money(deposits["required_minor"], currency)),
            (say(zh="已缴", en="lodged"), money(deposits["lodged_minor"], currency)),
            (say(zh="准备金", en="in reserve"), money(deposits["reserve_minor"], currency)),
            (say(zh="保险余额", en="cover left"), money(deposits["cover_minor"], currency)),
            (say(zh="缺口", en="missing"), money(deposits["missing_minor"], currency)),
            (say(zh="有缺口的卖家", en="sellers short"), f"{deposits['sellers_short']:,}"),
            (
                say(zh="零起步的卖家", en="sellers at zero start"),
                f"{deposits['sellers_at_zero']:,}",
            ),
            *(
                (_word(STEP_WORDS[step]), f"{count:,}")
                for step, count in deposits["by_step"].items()
                if count and step is not LadderStep.NONE
            ),
            *frozen_pairs(deposits["frozen"], currency),
        ]
    )


def _print_shops(shops: Figures, currency: str) -> None:
    print_table(
        [
            say(zh="真实类型", en="truly"),
            say(zh="店铺", en="shops"),
            say(zh="订单", en="orders"),
            say(zh="查出违约", en="with breaches"),
            say(zh="蓄意欺诈", en="cheated"),
            say(zh="已查出", en="found"),
            say(zh="时限未到", en="not yet due"),
            say(zh="漏网", en="escaped"),
            say(zh="赔给买家", en="to buyers"),
            say(zh="欠款", en="debt"),
            say(zh="受限", en="restricted"),
        ],
        [
            [
                _word(KIND_WORDS[kind]),
                *(f"{row[name]:,}" for name in (
                    "shops", "orders", "orders_found", "orders_cheated", "cheated_found",
                    "cheated_still_watched", "cheated_escaped",
                )),
                money(row["paid_minor"], currency),
                money(row["debt_minor"], currency),
                f"{row['restricted']:,}",
            ]
            for kind, row in shops["by_kind"].items()
        ],
        title=_heading("店铺：引擎不知道的真相", "Shops: the truth that the engine is not told"),
    )  # fmt: skip
    row = shops["by_kind"][ShopKind.CHEATING]
    standing = say(zh="、", en=", ").join(
        f"{_word(STANDING_WORDS[state])} {count:,}"
        for state, count in shops["by_standing"].items()
    )
    console().print(
        say(
            zh=f"欺诈店蓄意欺诈 {row['orders_cheated']:,} 单，"
            f"凭事实查出 {row['cheated_found']:,} 单。店铺状态：{standing}。",
            en=f"Cheating shops cheated in {row['orders_cheated']:,} orders; "
            f"{row['cheated_found']:,} were found on the facts. Standing: {standing}.",
        )
    )


def _print_examples(examples: list[Figures], currency: str) -> None:
    console().print(_heading("几家店铺", "A few shops"))
    for shop in examples:
        console().print(story_of(shop, currency), soft_wrap=True)


def _print_invariants(laws: Figures) -> None:
    console().print(_heading("必须成立的", "What must hold"))
    for name, pair in LAW_WORDS.items():
        sign = "✓" if laws[name] else "✗"
        console().print(f"{sign} {_word(pair)}")


def _print_next(figures: Figures) -> None:
    shown = figures["examples"][0]["name"] if figures["examples"] else "shop-001"
    console().print(
        say(
            zh="\n接下来可以看：",
            en="\nWhat to look at next:",
        )
    )
    for command, zh, en in (
        (f"xiaobao sellers show {shown}", "一家店铺的全部情况", "one shop, whole"),
        (f"xiaobao deposit show {shown}", "它的保证金与时限", "its deposit and clocks"),
        (f"xiaobao deposit statement {shown}", "它账上的每一笔", "every line of its book"),
        ("xiaobao ledger check", "账本的每条规律", "every law of the books"),
        ("xiaobao policy show cn", "条款、出处与把握程度", "the terms, with sources"),
    ):
        console().print(f"  {command:<40} {say(zh=zh, en=en)}", highlight=False)
