"""Shops by rate, signals, one shop's chart, and the platform's own clocks."""

from __future__ import annotations

from typing import Annotated

import numpy as np
import typer

from xiaobao.cli.evidence.pieces import named
from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, money, print_json, print_table, say
from xiaobao.cli.supervision.printing import (
    Fresh,
    Limit,
    MarketName,
    SellerName,
    WatchedName,
    day_words,
    print_as_of,
    print_ranks,
    said,
    share_words,
    signal_words,
)

app = typer.Typer()
MOST_DAYS = 3650


@app.command()
def shops(
    *, market: MarketName = "cn", watched: WatchedName = "any", limit: Limit = 50,
    as_json: Json = False,
) -> None:  # fmt: skip
    """违约率最确定偏高的店铺在前 · shops whose rate is surely highest first"""
    from xiaobao.supervision.facts import Watched

    of_watched = named(Watched, watched, "--watched")
    open_for_command()
    from xiaobao.promises.queries import market as market_named
    from xiaobao.supervision.queries import judged_by, last_week, shops_ranked

    market_id = market_named(market).market_id
    rows = shops_ranked(market_id, of_watched, limit=limit)
    print_ranks(rows, as_json=as_json, judged_by=judged_by(market_id, last_week(market_id)))


@app.command()
def signals(*, market: MarketName = "cn", limit: Limit = 200, as_json: Json = False) -> None:
    """越过控制限的店铺 · what left its limits, and what to look at"""
    open_for_command()
    from xiaobao.promises.queries import market as market_named
    from xiaobao.supervision.queries import signals_standing

    rows = signals_standing(market_named(market).market_id, limit=limit)
    print_ranks(rows, as_json=as_json)


@app.command()
def pairs(
    *, market: MarketName = "cn", at: Moment = None, fresh: Fresh = False, as_json: Json = False
) -> None:
    """买家与店铺像是一方：线索，不是结论 · buyers and shops that look like one; no verdict"""
    open_for_command()
    from xiaobao.promises.queries import market as market_named
    from xiaobao.sellers.queries import names_of
    from xiaobao.supervision.facts import PAIR_WORDS, PairSign
    from xiaobao.work.figures import pairs_found

    of_market, until = market_named(market), now() if at is None else at
    found, as_of = pairs_found(of_market, at=until, is_fresh=fresh)
    names = names_of(np.array([one.seller_id for one in found.rows], np.int64))
    if as_json:
        print_json({"as_of": as_of, "count": found.total, "pairs": [
            {**vars(one), "seller": names[one.seller_id],
             "signs": [sign for sign in PairSign if sign & one.signs]}
            for one in found.rows
        ]})  # fmt: skip
        return
    print_table(
        [
            say(zh="店铺", en="shop"), say(zh="最近的维权", en="latest claim"),
            say(zh="承认", en="conceded"), say(zh="维权", en="claims"), say(zh="赔付", en="paid"),
            say(zh="其中基金垫付", en="by the fund"), say(zh="看什么", en="what to look at"),
        ],
        [
            (names[one.seller_id], one.claim, one.conceded, one.claims,
             money(one.paid_minor, of_market.currency), money(one.fund_minor, of_market.currency),
             " · ".join(said(words) for sign, words in PAIR_WORDS.items() if sign & one.signs))
            for one in found.rows
        ],
    )  # fmt: skip
    print_as_of(as_of)


@app.command()
def shop(seller: SellerName, *, watched: WatchedName = "any", as_json: Json = False) -> None:
    """一家店铺的估计与控制图 · one shop: its rates and its control chart"""
    from xiaobao.supervision.facts import Watched

    of_watched = named(Watched, watched, "--watched")
    open_for_command()
    from xiaobao.sellers.queries import seller_named
    from xiaobao.supervision.queries import chart_of, standing_of

    row = seller_named(seller)
    standing = standing_of(row.seller_id, row.market_id)
    points = chart_of(row.seller_id, of_watched)
    if as_json:
        print_json({
            "seller": seller, "standing": standing,
            "chart": [{**vars(one), "week": day_words(one.week)} for one in points],
        })  # fmt: skip
        return
    print_ranks(standing, as_json=False)
    print_table(
        [
            say(zh="周", en="week of"), say(zh="订单", en="orders"), say(zh="违约", en="broken"),
            say(zh="比率", en="share"), say(zh="中心线", en="centre"), say(zh="下限", en="lower"),
            say(zh="上限", en="upper"), say(zh="信号", en="signals"),
        ],
        [
            (
                day_words(one.week), one.orders, one.broken, share_words(one.share_bps),
                *(share_words(bps) if one.is_limited else ""
                  for bps in (one.centre_bps, one.low_bps, one.high_bps)),
                signal_words(int(one.signals)),
            )
            for one in points
        ],
    )  # fmt: skip


@app.command()
def clocks(
    *,
    market: MarketName = "cn",
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="最近几天 · days back")] = 90,
    at: Moment = None,
    fresh: Fresh = False,
    as_json: Json = False,
) -> None:
    """平台自身的时限：按时、超时、用时 · the platform's own clocks: met, late, time taken"""
    open_for_command()
    from xiaobao.promises.queries import market as market_named
    from xiaobao.supervision.facts import CLOCK_WORDS
    from xiaobao.work.figures import platform_clocks

    until = now() if at is None else at
    rows, as_of = platform_clocks(market_named(market), days, at=until, is_fresh=fresh)
    if as_json:
        print_json({"as_of": as_of, "clocks": rows})
        return
    print_table(
        [
            say(zh="时限", en="clock"), say(zh="开始于", en="began in"),
            say(zh="按时", en="in time"), say(zh="超时", en="late"),
            say(zh="进行中", en="running"), say(zh="半数不超过（分钟）", en="half took (min)"),
            say(zh="95% 不超过（分钟）", en="95 % took (min)"),
        ],
        [
            (said(CLOCK_WORDS[one.clock]), one.month, one.met, one.late, one.running,
             "" if one.half_minutes is None else one.half_minutes,
             "" if one.most_minutes is None else one.most_minutes)
            for one in rows
        ],
    )  # fmt: skip
    print_as_of(as_of)


@app.command()
def cheating(
    *,
    market: MarketName = "cn",
    seller: Annotated[str, typer.Option(metavar="SELLER", help="只看一家 · one shop only")] = "",
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="最近几天 · days back")] = 90,
    at: Moment = None,
    fresh: Fresh = False,
    as_json: Json = False,
) -> None:
    """作弊合算吗：每笔得利与应当预期的代价 · does cheating pay: gain against the sanction"""
    open_for_command()
    from xiaobao.promises.queries import market as market_named
    from xiaobao.sellers.queries import seller_named
    from xiaobao.work.figures import gauge

    found, as_of = gauge(
        market_named(market), days, at=now() if at is None else at,
        seller_id=seller_named(seller).seller_id if seller else None, is_fresh=fresh,
    )  # fmt: skip
    if as_json:
        print_json({"as_of": as_of} | found)
        return
    currency = found["currency"]
    print_table(
        [
            say(zh="承诺", en="promise"), say(zh="类目", en="category"),
            say(zh="违约", en="bad sales"), say(zh="每笔得利", en="gain"),
            say(zh="代价", en="sanction"), say(zh="查出", en="found"), say(zh="成立", en="upheld"),
            say(zh="预期代价", en="expected"), say(zh="合算吗", en="pays?"),
            say(zh="持平代价", en="break-even"), say(zh="最小下限", en="smallest floor"),
        ],
        [
            (_said(row["words"]), _said(row["category_words"]) if row["category"] else "",
             row["bad_sales"], money(row["mean_gain_minor"], currency),
             money(row["mean_sanction_minor"], currency), share_words(under["found_bps"]),
             share_words(under["upheld_bps"]),
             money(under["expected_sanction_minor"], currency),
             say(zh="合算", en="pays") if under["pays"] else say(zh="不合算", en="does not pay"),
             "–" if under["break_even_minor"] is None
             else money(under["break_even_minor"], currency),
             _floor(under["smallest_floor_minor"], currency))
            for row in found["rows"]
            for under in (row["scenarios"]["measured"],)
        ],
    )  # fmt: skip
    print_as_of(as_of)
    for one in found["not_known"]:
        print(f"- {_said(one)}")


def _said(words: dict[str, str]) -> str:
    return say(zh=words["zh"], en=words["en"])


def _floor(floor_minor: int | None, currency: str) -> str:
    if floor_minor is None:
        return say(zh="超出试算范围", en="beyond the sweep")
    return money(floor_minor, currency) if floor_minor else say(zh="不需要", en="none needed")
