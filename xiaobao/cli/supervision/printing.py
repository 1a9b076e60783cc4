"""What commands of supervision share: what they ask for, and how they print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from xiaobao.cli.output import moment, print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.supervision.facts import InspectionRow, RankRow, Words
    from xiaobao.supervision.terms import JudgedBy

MOST = 1000
SellerName = Annotated[str, typer.Argument(metavar="SELLER", help="卖家名称 · the seller's name")]
MarketName = Annotated[str, typer.Option("--market", help="市场 · the market")]
Limit = Annotated[int, typer.Option(min=1, max=MOST, help="最多几行 · at most so many")]
WatchedName = Annotated[
    str, typer.Option("--watched", help="any, shipping, tracking, refund, claims")
]
Number = Annotated[int, typer.Option("--number", min=1, help="第几号抽查 · which inspection")]
By = Annotated[str, typer.Option("--by", metavar="PERSON", help="谁 · who does this")]
Key = Annotated[str, typer.Option("--key", help="同一 key 只做一次 · done once under a key")]
Fresh = Annotated[
    bool,
    typer.Option(
        "--fresh",
        help="现在重算，不用此前算好的 · reckon it now, and show nothing that was kept",
    ),
]
Reasons = Annotated[str, typer.Option("--words", metavar="WORDS", help="理由 · the reasons")]


def print_one(seller: str, seller_id: int, number: int, *, as_json: bool) -> None:
    from xiaobao.supervision import queries
    from xiaobao.supervision.facts import FINDING_WORDS

    one = queries.inspection(seller_id, number)
    sample = queries.sample_of(seller_id, number)
    if as_json:
        print_json({
            **as_plain(one, seller), "sample": sample,
            "events": queries.events_of(seller_id, number),
        })  # fmt: skip
        return
    print_inspections([(seller, one)])
    print_table(
        [say(zh="订单", en="order"), say(zh="下单", en="placed"), say(zh="结果", en="finding"),
         say(zh="说明", en="words")],
        [
            (drawn.order, moment(drawn.ordered_at),
             "" if drawn.finding is None else said(FINDING_WORDS[drawn.finding]), drawn.words)
            for drawn in sample
        ],
    )  # fmt: skip


def print_as_of(as_of: datetime | None) -> None:
    """Up to when figures were reckoned that were not reckoned just now."""
    if as_of is not None:
        until = moment(as_of)
        print(say(
            zh=f"数字截至 {until}；用 --fresh 现在重算",
            en=f"figures as of {until}; reckon them now with --fresh",
        ))  # fmt: skip


def as_plain(one: InspectionRow, seller: str) -> dict[str, Any]:
    return {**vars(one), "seller": seller}


def print_inspections(rows: Sequence[tuple[str, InspectionRow]]) -> None:
    from xiaobao.supervision.facts import OUTCOME_WORDS, STATE_WORDS, WATCHED_WORDS

    print_table(
        [
            say(zh="店铺", en="shop"), say(zh="号", en="number"), say(zh="承诺", en="promise"),
            say(zh="开始", en="opened"), say(zh="样本", en="sample"),
            say(zh="已看", en="looked at"),
            say(zh="违约", en="broken"), say(zh="状态", en="state"), say(zh="结论", en="outcome"),
            say(zh="违规", en="violation"),
        ],
        [
            (seller, one.number, said(WATCHED_WORDS[one.watched]), moment(one.opened_at),
             one.sampled, one.found, one.broken, said(STATE_WORDS[one.state]),
             said(OUTCOME_WORDS[one.outcome]), one.violation)
            for seller, one in rows
        ],
    )  # fmt: skip


def print_ranks(
    rows: Sequence[RankRow], *, as_json: bool, judged_by: JudgedBy | None = None
) -> None:
    from xiaobao.sellers.queries import names_of
    from xiaobao.supervision.facts import WATCHED_WORDS

    names = names_of(np.array([one.seller_id for one in rows], np.int64))
    if as_json:
        print_json({"shops": [
            {**vars(one), "seller": names[one.seller_id],
             "signals": signal_codes(int(one.signals)),
             "since_week": day_words(one.since_week) if one.since_week else None}
            for one in rows
        ], **({"judged_by": judged_by} if judged_by else {})})  # fmt: skip
        return
    print_table(
        [
            say(zh="店铺", en="shop"), say(zh="承诺", en="promise"), say(zh="订单", en="orders"),
            say(zh="违约", en="broken"), say(zh="估计", en="estimate"),
            say(zh="至少", en="at least"),
            say(zh="至多", en="at most"), say(zh="市场", en="market"), say(zh="自", en="since"),
            say(zh="信号", en="signals"),
        ],
        [
            (names[one.seller_id], said(WATCHED_WORDS[one.watched]), one.orders, one.broken,
             share_words(one.rate_bps), share_words(one.least_bps), share_words(one.most_bps),
             share_words(one.market_bps), day_words(one.since_week) if one.since_week else "",
             signal_words(int(one.signals)))
            for one in rows
        ],
    )  # fmt: skip


def said(words: Words) -> str:
    return say(zh=words.zh, en=words.en)


def share_words(bps: int) -> str:
    return f"{bps / 100:.2f} %"


def day_words(day: int) -> str:
    return str(np.datetime64(day, "D"))


def signal_codes(signals: int) -> list[str]:
    from xiaobao.supervision.facts import Signal

    return [str(one.name).lower() for one in Signal if one & signals]


def signal_words(signals: int) -> str:
    from xiaobao.supervision.facts import SIGNAL_WORDS

    return " ".join(said(words) for one, words in SIGNAL_WORDS.items() if one & signals)
