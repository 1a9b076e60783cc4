"""What is asked for and why, money in, where it stands, every posting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, moment, money, print_json, print_table, say

if TYPE_CHECKING:
    from xiaobao.deposits.facts import DepositRow, FrozenRow, LodgementRow, Lodgements, QuoteRow

app = typer.Typer()
SellerName = Annotated[str, typer.Argument(metavar="SELLER", help="卖家名称 · the seller's name")]


@app.command()
def quote(
    seller: SellerName,
    *,
    renew: Annotated[
        bool, typer.Option("--renew", help="现在重新核定 · make a new quote now")
    ] = False,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """应缴金额：每一项的原因与如何降低 · what is asked for: why, and what would lower it"""
    open_for_command()
    import numpy as np

    from xiaobao.deposits import acts, queries
    from xiaobao.sellers import queries as sellers

    row = sellers.seller_named(seller)
    moment_at = now() if at is None else at
    made = queries.quote_of(row.seller_id, at=at)
    if renew or made is None:
        acts.quote_deposits(np.array([row.seller_id]), at=moment_at)
        made = queries.quote_of(row.seller_id, at=at)
    assert made is not None, "a quote was made and is not there"
    decision = queries.quote_reference(seller, made.quoted_at)
    if as_json:
        print_json({"seller": seller, "quote": made, "decision": decision})
    else:
        _print_quote(made)
        print(say(zh=f"重算：xiaobao replay {decision}", en=f"again: xiaobao replay {decision}"))


@app.command()
def lodge(
    seller: SellerName,
    amount: Annotated[
        str, typer.Argument(metavar="AMOUNT", help="金额，如 1000.00 · e.g. 1000.00")
    ],
    *,
    key: Annotated[
        str | None,
        typer.Option(help="幂等键：相同的键只缴一次 · the same key lodges once"),
    ] = None,
    frozen: Annotated[
        bool,
        typer.Option(
            "--frozen",
            help="冻结在卖家自己的支付宝账户，应付时才划走 · stays frozen in the seller's own "
            "account, taken only where owed",
        ),
    ] = False,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """经支付网关缴存 · pay a deposit in, through the gateway"""
    open_for_command()
    from xiaobao.deposits import queries
    from xiaobao.kernel.clocks import us_of
    from xiaobao.kernel.references import id_of
    from xiaobao.sellers import queries as sellers
    from xiaobao.work.lodging import lodge_deposit

    row = sellers.seller_named(seller)
    amount_minor = minor_of(amount, row.currency)
    moment_at = now() if at is None else at
    asked = lodge_deposit(
        row, amount_minor, key=us_of(moment_at) if key is None else id_of(key), at=moment_at,
        is_frozen=frozen,
    )  # fmt: skip
    [lodged] = [
        one for one in queries.lodgements_of(row.seller_id) if one.lodgement == _name(asked)
    ]
    page = queries.deposit_of(row.seller_id, at=moment_at)
    if as_json:
        print_json({"seller": seller, "lodgement": lodged, "deposit": page})
        return
    _print_lodgements([lodged], row.currency)
    if page is not None:
        _print_page(page)


def minor_of(amount: str, currency: str) -> int:
    """The amount in minor units, exactly.

    :raises typer.BadParameter: where it is no positive amount, or finer than the currency
    """
    from xiaobao.kernel.money import MINOR_DIGITS, minor_from

    whole = minor_from(amount, currency)
    if whole is None:
        digits = MINOR_DIGITS[currency]
        raise typer.BadParameter(
            say(
                zh=f"{amount!r} 须为正的 {currency} 金额，最多 {digits} 位小数，如 1000.00",
                en=f"{amount!r}: give a positive {currency} amount with at most {digits} "
                "decimals, like 1000.00",
            ),
            param_hint="AMOUNT",
        )
    return whole


def _name(asked: Lodgements) -> Any:
    from xiaobao.kernel.references import uuid_of

    return uuid_of(asked.lodgement_hi[0], asked.lodgement_lo[0])


@app.command()
def mix(
    seller: SellerName,
    *,
    reserve: Annotated[
        float | None,
        typer.Option(metavar="PERCENT", min=0, max=100,
                     help="每笔结算暂缓的比例，如 10 · share of each settlement withheld"),
    ] = None,
    instalments: Annotated[
        int | None, typer.Option(metavar="N", help="缺口分几期 · spread what is missing")
    ] = None,
    at: Moment = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """现金之外：货款暂缓、分期 · in place of cash: withheld settlement, instalments"""
    open_for_command()
    import numpy as np

    from xiaobao.deposits import acts, queries
    from xiaobao.sellers import queries as sellers

    row, moment_at = sellers.seller_named(seller), now() if at is None else at
    if reserve is not None:
        acts.withhold_share(row.seller_id, round(reserve * 100), at=moment_at)
    if instalments is not None:
        acts.pay_in_instalments(row.seller_id, instalments, at=moment_at)
    mixes = queries.mixes_of(np.array([row.seller_id]))
    page = queries.deposit_of(row.seller_id, at=moment_at)
    chosen = {name: int(c[0]) for name, c in mixes.as_dict().items() if len(c)}
    if as_json:
        print_json({"seller": seller, "mix": chosen, "deposit": page})
        return
    if chosen:
        share = f"{chosen['reserve_bps'] / 100:g}%"
        deferred = money(chosen["deferred_minor"], row.currency)
        each = money(chosen["instalment_minor"], row.currency)
        print(say(zh=f"结算暂缓 {share}；分期尚余 {deferred}，每月 {each}",
                  en=f"{share} of settlements withheld; {deferred} in instalments of {each} "
                  "a month"))  # fmt: skip
    if page is not None:
        _print_page(page)


@app.command()
def show(seller: SellerName, *, at: Moment = None, as_json: Json = False) -> None:
    """应缴、可用、冻结、欠款与时钟 · required, available, locked, debt, and the clocks"""
    open_for_command()
    from xiaobao.deposits import queries
    from xiaobao.sellers import queries as sellers

    row = sellers.seller_named(seller)
    page = queries.deposit_of(row.seller_id, at=now() if at is None else at)
    lodgements = queries.lodgements_of(row.seller_id, limit=10)
    frozen = queries.frozen_of(row.seller_id)
    if as_json:
        print_json(
            {"seller": seller, "deposit": page, "lodgements": lodgements, "frozen": frozen,
             "takings": queries.takings_of(row.seller_id),
             "ladder": queries.ladder_of(row.seller_id),
             "covers": queries.covers_of(row.seller_id)}
        )  # fmt: skip
        return
    if page is None:
        print(
            say(zh="尚未核定：xiaobao deposit quote", en="not quoted yet: xiaobao deposit quote")
        )
    else:
        _print_page(page)
    if lodgements:
        _print_lodgements(lodgements, row.currency)
    if frozen:
        _print_frozen(frozen, row.currency)


@app.command()
def statement(
    seller: SellerName,
    *,
    account: Annotated[
        str, typer.Option(metavar="ACCOUNT", help="账户，如 reserve · e.g. reserve")
    ] = "deposit",
    before: Annotated[
        int | None, typer.Option(metavar="SEQ", help="此序号之前 · lines before this number")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="行数 · how many lines")] = 50,
    as_json: Json = False,
) -> None:
    """保证金账户的明细，最近的在前 · the deposit account's lines, newest first"""
    from xiaobao.ledger.facts import Account

    known = {one.name.lower(): one for one in Account}
    if account.lower() not in known:
        raise typer.BadParameter(", ".join(known), param_hint="--account")
    open_for_command()
    from xiaobao.ledger import queries as ledger
    from xiaobao.ledger.rules import account_words, why_words
    from xiaobao.sellers import queries as sellers

    row = sellers.seller_named(seller)
    chosen = known[account.lower()]
    lines = ledger.statement(row.seller_id, chosen, before, limit)
    if as_json:
        print_json({"seller": seller, "account": chosen, "currency": row.currency,
                    "lines": lines})  # fmt: skip
        return
    language = say(zh="zh", en="en")
    print_table(
        ["#", say(zh="时间", en="at"), say(zh="事由", en="why"), say(zh="变动", en="change"),
         say(zh="余额", en="balance")],
        [[line.seq, moment(line.at), why_words(line.why, language),
          money(line.change_minor or 0, row.currency), money(line.after_minor or 0, row.currency)]
         for line in lines],
        title=f"{seller} · {account_words(chosen, language)}",
    )  # fmt: skip


# -- printing ------------------------------------------------------------------------------------


def _print_quote(made: QuoteRow) -> None:
    from xiaobao.deposits.facts import LINE_WORDS

    print_table(
        [say(zh="项目", en="line"), say(zh="金额", en="amount"), say(zh="原因", en="why"),
         say(zh="如何降低", en="how to lower it"), say(zh="条款", en="clause")],
        [[say(zh=LINE_WORDS[one.code][0], en=LINE_WORDS[one.code][1]),
          money(one.amount_minor, made.currency), say(zh=one.zh, en=one.en),
          say(zh=one.lower_zh, en=one.lower_en), one.clause] for one in made.lines],
    )  # fmt: skip
    total = money(made.required_minor, made.currency)
    print(say(zh=f"应缴 {total}", en=f"required: {total}") + f"  ({moment(made.quoted_at)})")
    if made.next_quote_at is not None:
        print(say(zh="下次核定 ", en="next quote: ") + moment(made.next_quote_at))


def _print_page(page: DepositRow) -> None:
    from xiaobao.deposits.facts import STEP_WORDS

    amounts = {
        say(zh="应缴", en="required"): page.required_minor,
        say(zh="可用", en="available"): page.available_minor,
        say(zh="其中：保证金", en="of it deposit"): page.deposit_minor,
        say(zh="其中：冻结在卖家账户", en="of it frozen with the seller"): page.frozen_minor,
        say(zh="其中：预留款", en="of it reserve"): page.available_minor
        - page.deposit_minor - page.cover_counted_minor,
        say(zh="其中：保险", en="of it cover"): page.cover_counted_minor,
        say(zh="冻结", en="locked"): page.locked_minor,
        say(zh="其中：已批准退还", en="of it approved to leave"): page.leaving_minor,
        say(zh="缺口", en="shortfall"): page.shortfall_minor,
        say(zh="欠款", en="debt"): page.debt_minor,
        say(zh="待退还", en="owed back"): page.refunds_minor,
    }  # fmt: skip
    print_table(
        [say(zh="保证金", en="deposit"), say(zh="金额", en="amount")],
        [[name, money(amount, page.currency)] for name, amount in amounts.items()],
    )
    clocks = {
        say(zh="缺口自", en="short since"): page.short_since,
        say(zh="补缴期限", en="top-up due"): page.top_up_due_at,
        say(zh="下一步限制", en="next step of the ladder"): page.next_due_at,
        say(zh="下次核定", en="next quote"): page.next_quote_at,
    }
    for name, at in clocks.items():
        if at is not None:
            print(f"{name}: {moment(at)}")
    if page.step:
        zh, en = STEP_WORDS[page.step]
        print(say(zh=f"当前限制：{zh}", en=f"restriction now: {en}"))
    if page.is_zero_start:
        print(say(zh="新店零起步", en="zero start of a new shop"))


def _print_lodgements(rows: list[LodgementRow], currency: str) -> None:
    from xiaobao.deposits.facts import STATE_WORDS

    print_table(
        [say(zh="缴存", en="lodgement"), say(zh="金额", en="amount"),
         say(zh="状态", en="state"), say(zh="申请于", en="asked"),
         say(zh="网关", en="gateway")],
        [[str(one.lodgement), money(one.amount_minor, currency),
          say(zh=STATE_WORDS[one.state][0], en=STATE_WORDS[one.state][1]),
          moment(one.asked_at), f"{one.gateway_ref} {one.answer}".strip()] for one in rows],
    )  # fmt: skip


def _print_frozen(rows: list[FrozenRow], currency: str) -> None:
    print_table(
        [say(zh="冻结授权", en="frozen sum"), say(zh="金额", en="amount"),
         say(zh="仍冻结", en="frozen now"), say(zh="已转支付", en="taken"),
         say(zh="已解冻", en="let go of"), say(zh="已失效", en="lost"),
         say(zh="到期", en="ends")],
        [[str(one.lodgement), money(one.amount_minor, currency),
          money(one.frozen_minor, currency), money(one.taken_minor, currency),
          money(one.let_go_minor, currency), money(one.lost_minor, currency),
          moment(one.ends_at)] for one in rows],
    )  # fmt: skip
