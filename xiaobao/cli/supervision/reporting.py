"""The platform's own report of a quarter: read, corrected beside, and packed for the regulator."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003  typer reads it
from typing import Annotated, Any

import typer

from xiaobao.cli.dossier import write_archive
from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, money, print_json, print_pairs, print_table, say
from xiaobao.cli.supervision.printing import MarketName, said, share_words

app = typer.Typer()
QuarterName = Annotated[
    str, typer.Argument(metavar="QUARTER", help="如 2025-Q3 · such as 2025-Q3")
]


@app.command()
def report(
    quarter: QuarterName,
    *,
    market: MarketName = "cn",
    correct: Annotated[
        str, typer.Option("--correct", metavar="WORDS",
                          help="在旁边另列更正，写明原因 · put a correction beside it, and why"),
    ] = "",
    by: Annotated[str, typer.Option("--by", metavar="PERSON", help="谁更正 · who corrects")] = "",
    at: Moment = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """平台季度报告；未发布的按此刻统计 · a quarter's report; reckoned now where unpublished"""
    open_for_command()
    from xiaobao.promises.queries import market as market_named
    from xiaobao.trust import queries
    from xiaobao.trust.acts import correct_report

    of, asked = market_named(market), queries.quarter_asked(quarter)
    moment = now() if at is None else at
    if correct or by:
        correct_report(of, asked, why=correct, by=by, at=moment)
    rows = queries.reports_on(of.market_id, asked)
    told = [json.loads(one.body) for one in rows] or [
        queries.reckoned(of, asked, at=moment) | {"is_final": False}
    ]
    if as_json:
        print_json(told[0] | {"corrections": told[1:]})
        return
    for one in told:
        _print(one)


def _print(told: dict[str, Any]) -> None:
    payout, appeals, fund = told["payout"], told["appeals"], told["fund"]
    few, currency = say(zh="不公布", en="not told"), told["currency"]

    def sum_of(minor: int | None) -> str:
        return few if minor is None else money(minor, currency)

    final = say(zh="已签名", en="signed") if told["is_final"] else say(
        zh="未发布，不是最终数字", en="not published: not final"
    )  # fmt: skip
    print_pairs([
        (say(zh="季度", en="quarter"), f"{told['quarter']} · {told['market']} · {final}"),
        *([(say(zh="更正", en="corrects"), told["why"])] if told.get("why") else []),
        (say(zh="订单", en="orders"), told["orders"]["placed"]),
        (say(zh="维权", en="claims filed"), told["claims"]["filed"]),
        (say(zh="平台超时、由基金赔付", en="platform late, paid by the fund"),
         f"{told['defaults']['count']} · {sum_of(told['defaults']['paid_minor'])}"),
        (say(zh="半数在几小时内赔付", en="half paid within (h)"),
         few if payout["half_hours"] is None else payout["half_hours"]),
        (say(zh="申诉后改判", en="overturned on appeal"),
         f"{appeals['overturned']}/{appeals['ruled']}"),
        (say(zh="赔给买家", en="to buyers"), sum_of(fund["to_buyers_minor"])),
        (say(zh="基金先行赔付", en="advanced"), sum_of(fund["advanced_minor"])),
        (say(zh="已追偿", en="recovered"), sum_of(fund["recovered_minor"])),
    ])  # fmt: skip
    _print_clocks(told)
    _print_sizes(told)


def _print_clocks(told: dict[str, Any]) -> None:
    from xiaobao.promises.facts import ClockKind
    from xiaobao.supervision.facts import CLOCK_WORDS

    print_table(
        [
            say(zh="时限", en="clock"), say(zh="按时", en="in time"), say(zh="超时", en="late"),
            say(zh="进行中", en="running"),
        ],
        [
            (said(CLOCK_WORDS[ClockKind[one["clock"].upper()]]), one["in_time"], one["late"],
             one["running"])
            for one in told["clocks"]
        ],
    )  # fmt: skip


def _print_sizes(told: dict[str, Any]) -> None:
    def percent(value: int | None) -> str:
        return "" if value is None else f"{value} %"

    print_table(
        [
            say(zh="店铺", en="shops"), say(zh="家数", en="how many"),
            say(zh="订单", en="orders"), say(zh="违约率", en="broken"),
            say(zh="支持买家", en="for the buyer"), say(zh="改判", en="overturned"),
        ],
        [
            (say(zh="大店", en="big") if one["size"] == "big" else say(zh="小店", en="small"),
             one["shops"], one["orders"],
             "" if one["broken_bps"] is None else share_words(one["broken_bps"]),
             percent(one["for_buyer_percent"]), percent(one["overturned_percent"]))
            for one in told["sizes"]
        ],
    )  # fmt: skip


@app.command()
def pack(
    quarter: QuarterName,
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="写到哪里 · where to write it")
    ],
    market: MarketName = "cn",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """监管包：报告与依据，签名成一个档案 · the regulator's pack: report and what it rests on"""
    open_for_command()
    from xiaobao.evidence.rules.dossiers import fingerprint_of, open_archive
    from xiaobao.promises.queries import market as market_named
    from xiaobao.trust import queries
    from xiaobao.trust.facts import PACK_FORMAT
    from xiaobao.work.regulator import pack_of

    of = market_named(market)
    body = pack_of(of, queries.quarter_asked(quarter), at=now() if at is None else at)
    _, verifier, files = open_archive(body, [], PACK_FORMAT)
    write_archive(out, body)
    if as_json:
        print_json({
            "file": out, "size": body.size, "pieces": [one.name for one in files],
            "key": str(verifier), "fingerprint": fingerprint_of(verifier),
        })  # fmt: skip
        return
    print_pairs([
        (say(zh="监管包", en="pack"), out), (say(zh="大小", en="size"), body.size),
        (say(zh="文件", en="files"), len(files)),
        (say(zh="公钥指纹", en="key's fingerprint"), fingerprint_of(verifier)),
    ])  # fmt: skip
    print(say(zh=f"核对：xiaobao verify {out}", en=f"to check it: xiaobao verify {out}"))
