"""One claim whole, and lists of claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.claims.naming import (
    ClaimName,
    SellerOf,
    marks_of,
    moment_at,
    party_words,
    print_actions,
    state_words,
)
from xiaobao.cli.evidence.pieces import named
from xiaobao.cli.house import Moment, open_for_command
from xiaobao.cli.output import (
    Json,
    language,
    moment,
    money,
    print_json,
    print_pairs,
    print_table,
    say,
)

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimDetail, Line

app = typer.Typer()


@app.command()
def show(
    claim: ClaimName, *, seller: SellerOf = None, at: Moment = None, as_json: Json = False
) -> None:
    """一宗维权的全部 · all of one claim: timeline, evidence, proposed ruling, next steps, money"""
    open_for_command()
    from xiaobao.claims.queries import claim_page
    from xiaobao.evidence.facts import Viewer
    from xiaobao.evidence.queries import pieces_of

    detail = claim_page(claim, language(), seller=seller, at=moment_at(at))
    pieces = pieces_of(detail.seller_id, detail.claim_id, viewer=Viewer.STAFF)
    if as_json:
        from xiaobao.cli.evidence.pieces import shown_piece

        shown = {name: getattr(detail, name) for name in type(detail).__dataclass_fields__}
        shown |= {"marks": marks_of(int(detail.marks)), "pieces": [shown_piece(p) for p in pieces]}
        print_json(shown)
        return
    _print(detail)
    print_table(
        ["#", say(zh="证据", en="evidence"), say(zh="提交方", en="by"), say(zh="文件", en="file"),
         say(zh="时间", en="at"), "sha256"],
        [[p.seq, p.kind.name.lower(), p.party.name.lower(), p.name, moment(p.submitted_at),
          p.sha256.hex()[:12]] for p in pieces],
        title=say(zh="证据", en="evidence"),
    )  # fmt: skip


def _print(detail: ClaimDetail) -> None:
    from xiaobao.claims.facts import ASK_WORDS, KIND_WORDS, STAGE_WORDS

    kind, ask, stage = KIND_WORDS[detail.kind], ASK_WORDS[detail.ask], STAGE_WORDS[detail.stage]
    print_pairs(
        [
            (say(zh="维权", en="claim"), detail.claim),
            (say(zh="订单", en="order"), detail.order),
            (say(zh="卖家", en="seller"), detail.seller),
            (say(zh="原因", en="kind"), say(zh=kind.zh, en=kind.en)),
            (say(zh="诉求", en="asks for"), say(zh=ask.zh, en=ask.en)),
            (say(zh="阶段", en="stage"), say(zh=stage.zh, en=stage.en)),
            (say(zh="状态", en="state"), state_words(detail.state)),
            (say(zh="陈述", en="words"), detail.words),
        ]
    )
    print_actions(detail.next_actions)
    _print_money(detail)
    _print_proposed(detail)
    _print_timeline(detail)


_SUMS = (
    ("asked_minor", "请求", "asked for"),
    ("exposure_minor", "敞口", "exposure"),
    ("locked_minor", "冻结", "locked"),
    ("uncovered_minor", "未覆盖", "uncovered"),
    ("refund_minor", "退款", "refund"),
    ("freight_back_minor", "运费", "freight"),
    ("compensation_minor", "赔付", "compensation"),
    ("punitive_minor", "惩罚性部分", "punitive part"),
    ("paid_minor", "已赔付买家", "paid to the buyer"),
    ("fund_minor", "其中保障基金先行赔付", "of it advanced by the fund"),
    ("test_minor", "送检费用，由败诉方承担", "a test, borne by whoever loses"),
)


def _print_money(detail: ClaimDetail) -> None:
    print_table(
        [say(zh="金额", en="money"), ""],
        [
            [say(zh=zh, en=en), money(getattr(detail.money, name), detail.money.currency)]
            for name, zh, en in _SUMS
        ],
    )


def _print_proposed(detail: ClaimDetail) -> None:
    from xiaobao.claims.facts import FINDING_WORDS

    proposed = detail.proposed
    if proposed is None:
        return
    words = FINDING_WORDS[proposed.finding]
    print(say(zh=f"建议裁决：{words.zh}", en=f"proposed ruling: {words.en}"))
    if proposed.missing:
        print(
            say(zh="尚缺（", en="missing (")
            + party_words(proposed.missing_party)
            + say(zh="）：", en="): ")
            + ", ".join(proposed.missing)
        )
    for line in proposed.lines:
        print("  " + _line(line, detail.money.currency))
    for line in proposed.changes:
        print("  " + say(zh="若：", en="if: ") + _line(line, detail.money.currency))
    for sign in detail.abuse:
        print(say(zh="提示：", en="note: ") + sign)


def _line(line: Line, currency: str) -> str:
    clause = f"[{line.clause}] " if line.clause else ""
    words = say(zh=line.zh, en=line.en)
    amount = f" → {money(line.amount_minor, currency)}" if line.amount_minor else ""
    return clause + words + ("" if words.endswith(amount) else amount)


def _print_timeline(detail: ClaimDetail) -> None:
    from xiaobao.claims.facts import EVENT_WORDS, OFFER_WORDS

    print_table(
        ["#", say(zh="事件", en="event"), say(zh="谁", en="who"), say(zh="时间", en="at"),
         say(zh="期限", en="by"), say(zh="金额", en="amount"), say(zh="说明", en="words")],
        [
            [e.seq, say(zh=EVENT_WORDS[e.event].zh, en=EVENT_WORDS[e.event].en),
             party_words(e.party), moment(e.happened_at), moment(e.due_at) if e.due_at else "",
             money(e.amount_minor, detail.money.currency) if e.amount_minor else "",
             " ".join(filter(None, [e.words, ", ".join(e.evidence)]))]
            for e in detail.timeline
        ],
        title=say(zh="经过", en="timeline"),
    )  # fmt: skip
    if detail.offers:
        print_table(
            ["#", say(zh="方案", en="offer"), say(zh="提出方", en="by"),
             say(zh="须退货", en="with return"), say(zh="状态", en="state")],
            [
                [o.number, money(o.amount_minor, detail.money.currency), party_words(o.party),
                 say(zh="是", en="yes") if o.with_return else say(zh="否", en="no"),
                 say(zh=OFFER_WORDS[o.state].zh, en=OFFER_WORDS[o.state].en)]
                for o in detail.offers
            ],
        )  # fmt: skip


@app.command("list")
def list_claims(
    *,
    seller: Annotated[str | None, typer.Option(help="只看一个卖家 · of one seller")] = None,
    state: Annotated[str | None, typer.Option(help="状态，如 under_review · one state")] = None,
    due: Annotated[bool, typer.Option("--due", help="只看已到期的 · those due only")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="最多 · at most")] = 100,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """维权列表，先到期者在前 · claims, those due first"""
    from xiaobao.claims.facts import ClaimState

    where = None if state is None else named(ClaimState, state, "--state")
    open_for_command()
    from xiaobao.claims.queries import claims_listed, counts_by_state
    from xiaobao.sellers.queries import seller_named

    seller_id = None if seller is None else seller_named(seller).seller_id
    rows = claims_listed(
        seller_id=seller_id, state=where, due_until=moment_at(at) if due else None, limit=limit
    )
    counts = counts_by_state()
    if as_json:
        listed = [
            {name: getattr(row, name) for name in type(row).__dataclass_fields__}
            | {"marks": marks_of(int(row.marks))}
            for row in rows
        ]
        print_json({"counts": counts, "claims": listed})
        return
    from xiaobao.claims.facts import KIND_WORDS
    from xiaobao.promises.queries import market_of

    print_table(
        [say(zh="维权", en="claim"), say(zh="订单", en="order"), say(zh="原因", en="kind"),
         say(zh="状态", en="state"), say(zh="敞口", en="exposure"),
         say(zh="已赔付", en="paid"), say(zh="到期", en="due")],
        [
            [r.claim, r.order, say(zh=KIND_WORDS[r.kind].zh, en=KIND_WORDS[r.kind].en),
             state_words(r.state), money(r.exposure_minor, market_of(r.market_id).currency),
             money(r.paid_minor, market_of(r.market_id).currency),
             moment(r.due_at) if r.due_at else "-"]
            for r in rows
        ],
    )  # fmt: skip
    print(
        "  ".join(f"{state_words(state)} {count}" for state, count in counts.items() if count)
        or say(zh="还没有维权", en="no claims yet")
    )
