"""How exits are shown: the list before applying, and one exit whole."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.output import moment, money, print_json, print_pairs, print_table, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.exits.facts import (
        BlockerRow,
        CheckRow,
        ExitDetail,
        ExitRow,
        GroupRow,
        PaymentRow,
        ReliefRow,
    )
    from xiaobao.sellers.facts import SellerRow

# The next days are told one by one, those after them together, and the last.
MOST_DAYS = 6
SellerName = Annotated[str, typer.Argument(metavar="SELLER", help="卖家名称 · the seller's name")]


def said(words: tuple[str, str]) -> str:
    return say(zh=words[0], en=words[1])


def print_check(found: CheckRow, *, is_whole_list: bool = False) -> None:
    """The list before applying: by kind, or thing by thing."""
    if is_whole_list:
        _print_blockers(found)
    else:
        _print_groups(found)
    currency = found.currency
    print_pairs(
        [
            (say(zh="保证金", en="deposit"), money(found.deposit_minor, currency)),
            (say(zh="应缴", en="required"), money(found.required_minor, currency)),
            (say(zh="抵偿欠款", en="set off"), money(found.set_off_minor, currency)),
            (say(zh="占用", en="held"), money(found.kept_minor, currency)),
            (say(zh="现在可退", en="may leave now"), money(found.free_minor, currency)),
        ]
    )
    _print_days(found)
    if found.payee_waits_until is not None:
        until = moment(found.payee_waits_until)
        print(
            say(
                zh=f"收款账户已更改：退款最早于 {until} 打入新账户",
                en=f"the bound account was changed: nothing is paid to the new one before {until}",
            )
        )
    if found.missing:
        fields = ", ".join(found.missing)
        print(
            say(
                zh=f"店铺资料缺少 {fields}：退款只付到实名的绑定账户",
                en=f"the profile lacks {fields}: money goes only to an account in the real name",
            )
        )


def _print_groups(found: CheckRow) -> None:
    from xiaobao.exits.facts import ACTOR_WORDS, BLOCKER_WORDS

    print_table(
        [say(zh="阻碍项", en="in the way"), say(zh="数量", en="count"), say(zh="占用", en="held"),
         say(zh="最晚结束于", en="ends by"), say(zh="谁", en="who"),
         say(zh="怎样更早", en="sooner by"), say(zh="条款", en="clause")],
        [[said(BLOCKER_WORDS[g.kind]) + (" *" if g.is_waited_for else ""), g.count,
          _held_for(g, found.currency), moment(g.last_ends_at) if g.last_ends_at else "-",
          said(ACTOR_WORDS[g.actor]), say(zh=g.sooner_zh, en=g.sooner_en), g.clause]
         for g in found.groups],
        title=_title(),
    )  # fmt: skip


def _print_blockers(found: CheckRow) -> None:
    from xiaobao.exits.facts import ACTOR_WORDS

    print_table(
        [say(zh="阻碍项", en="in the way"), say(zh="占用", en="held"),
         say(zh="结束于", en="ends"), say(zh="谁", en="who"),
         say(zh="怎样更早", en="sooner by"), say(zh="条款", en="clause")],
        [[say(zh=b.what_zh, en=b.what_en) + (" *" if b.is_waited_for else ""),
          _held_for(b, found.currency), moment(b.ends_at) if b.ends_at else "-",
          said(ACTOR_WORDS[b.actor]), say(zh=b.sooner_zh, en=b.sooner_en), b.clause]
         for b in found.blockers],
        title=_title(),
    )  # fmt: skip


def _title() -> str:
    return say(zh="阻碍项（* 须等它结束；+ 已另行冻结）",
               en="in the way (* waited for; + locked for it already)")  # fmt: skip


def _held_for(row: GroupRow | BlockerRow, currency: str) -> str:
    beside = f" + {money(row.locked_minor, currency)}" if row.locked_minor else ""
    return money(row.held_minor, currency) + beside


def _print_days(found: CheckRow) -> None:
    """What leaves when, day by day; where the days are many, those in between in one line."""
    from xiaobao.exits.queries import days_of

    for day in days_of(found.stages[1:], UTC, MOST_DAYS):
        more, at = money(day.amount_minor, found.currency), moment(day.at)
        if day.until is None:
            print(
                say(
                    zh=f"若无新情况，{at} 起可再退 {more}",
                    en=f"if nothing new happens, {more} more from {at}",
                )
            )
        else:
            until = moment(day.until)
            print(
                say(
                    zh=f"若无新情况，{at} 至 {until} 陆续可再退 {more}",
                    en=f"if nothing new happens, {more} more between {at} and {until}",
                )
            )
    if found.kept_minor and found.all_free_at is not None:
        last = moment(found.all_free_at)
        print(say(zh=f"全部可退之日：{last}", en=f"all of it by {last}"))


def print_done(row: SellerRow, number: int | None, *, as_json: bool) -> None:
    from xiaobao.exits.facts import ExitState
    from xiaobao.exits.queries import exit_detail, reliefs_of

    detail = exit_detail(row.seller_id, row.name, number)
    since = detail.exit.submitted_at
    is_offered = detail.exit.state is ExitState.SUBMITTED
    offers = reliefs_of(row.seller_id, at=since) if is_offered and since is not None else []
    if as_json:
        print_json({"seller": row.name, **_as_dict(detail), "relief": offers})
        return
    print_detail(detail)
    if offers:
        print_reliefs(offers, detail.exit.currency)


def _as_dict(detail: ExitDetail) -> dict[str, object]:
    return {"exit": detail.exit, "held": detail.held, "events": detail.events,
            "payments": detail.payments, "waits_for": detail.waits_for}  # fmt: skip


def print_detail(detail: ExitDetail) -> None:
    """One exit: where it stands, what is held, every step and payment."""
    from xiaobao.cli.run import STATES
    from xiaobao.exits.facts import BLOCKER_WORDS, EVENT_WORDS, PAYMENT_WORDS

    one = detail.exit
    _print_head(one)
    print_table(
        [say(zh="占用", en="held for"), say(zh="金额", en="amount"),
         say(zh="结束于", en="ends"), say(zh="条款", en="clause")],
        [[said(BLOCKER_WORDS[h.kind]), money(h.held_minor, one.currency), moment(h.ends_at),
          h.clause] for h in detail.held if h.held_minor],
    )  # fmt: skip
    print_table(
        ["#", say(zh="经过", en="step"), say(zh="时间", en="at"), say(zh="经办", en="by"),
         say(zh="金额", en="amount"), say(zh="说明", en="words")],
        [[e.seq, said(EVENT_WORDS[e.event]), moment(e.happened_at), e.by,
          money(e.amount_minor, one.currency) if e.amount_minor else "", e.words]
         for e in detail.events],
    )  # fmt: skip
    print_table(
        [say(zh="打款", en="payment"), say(zh="金额", en="amount"),
         say(zh="状态", en="state"), say(zh="账户", en="account"),
         say(zh="实名", en="real name"), say(zh="网关", en="gateway")],
        [[said(PAYMENT_WORDS[p.kind]), money(p.amount_minor, one.currency),
          said(STATES[p.state.name.lower()]),
          _where(p),
          "" if p.is_let_go else p.holder,
          f"{p.gateway_ref} {p.said}".strip()] for p in detail.payments],
    )  # fmt: skip
    wait = detail.waits_for
    if wait is not None:
        amount, again = money(wait.amount_minor, one.currency), moment(wait.asked_again_at)
        print(
            say(
                zh=f"等待 {amount}：{wait.what_zh}。下次询问：{again}",
                en=f"waits for {amount}: {wait.what_en}. Asked again: {again}",
            )
        )


def _where(payment: PaymentRow) -> str:
    """Where a payment goes; or why it does not go yet."""
    if payment.is_let_go:
        return say(zh="解冻", en="unfrozen")
    if payment.waits_until is not None:
        until = moment(payment.waits_until)
        return say(zh=f"账户已更改，等至 {until}", en=f"account changed, waits until {until}")
    return payment.account or say(zh="等待绑定账户", en="waits for an account")


def print_reliefs(offers: Sequence[ReliefRow], currency: str) -> None:
    """What is offered to who leaves for hardship."""
    from xiaobao.exits.facts import RELIEF_WORDS

    print_table(
        [say(zh="方案", en="relief"), say(zh="可腾出", en="frees"),
         say(zh="每年费用", en="costs a year"), say(zh="说明", en="what it means"), "--take"],
        [[said(RELIEF_WORDS[o.kind]), money(o.frees_minor, currency),
          money(o.costs_minor, currency), say(zh=o.zh, en=o.en), o.kind.name.lower()]
         for o in offers],
        title=say(zh="帮扶方案：接受其一，或继续退保（xiaobao exits answer）",
                  en="relief: take one, or go on (xiaobao exits answer)"),
    )  # fmt: skip


def _print_head(one: ExitRow) -> None:
    from xiaobao.exits.facts import REASON_WORDS, SCOPE_WORDS, STATE_WORDS

    amounts = {
        say(zh="申请", en="asked"): one.asked_minor,
        say(zh="已批准待打款", en="approved, not sent"): one.locked_minor,
        say(zh="已打款", en="sent"): one.sent_minor,
        say(zh="已到账", en="arrived"): one.paid_minor,
        say(zh="逾期利息", en="interest"): one.interest_minor,
        say(zh="仍占用", en="still held"): one.held_minor,
    }
    clocks: dict[str, datetime | None] = {
        say(zh="等待期至", en="quiet until"): one.quiet_until,
        say(zh="审核时限", en="review due"): one.review_due_at,
        say(zh="到账时限", en="to arrive by"): one.payout_due_at,
        say(zh="结束于", en="ended"): one.ended_at,
        say(zh="下一时限", en="next"): one.next_at,
    }
    late = say(zh="（平台逾期）", en=" (the platform is late)") if one.is_late else ""
    print_pairs(
        [
            (say(zh="卖家", en="seller"), f"{one.seller} #{one.number}"),
            (say(zh="范围", en="scope"), said(SCOPE_WORDS[one.scope])),
            (say(zh="原因", en="reason"), f"{said(REASON_WORDS[one.reason])} {one.words}"),
            (say(zh="状态", en="state"), said(STATE_WORDS[one.state]) + late),
            *((name, money(minor, one.currency)) for name, minor in amounts.items() if minor),
            *((name, moment(at)) for name, at in clocks.items() if at is not None),
        ]
    )
