"""`xiaobao gateway`: a local Alipay to try things on; bills fetched, and days closed by them."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, note, print_json, print_pairs, say
from xiaobao.gateways.payments import RESULT_WORDS

app = typer.Typer(
    help="支付网关：本机支付宝、查询、账单、日结 · gateways: a local Alipay, bills, closing",
    no_args_is_help=True,
)
DEFAULT_PORT = 8869
# Our words, and Alipay's.
BILLS = {"account": "signcustomer", "business": "trade"}
MILLION = 1_000_000

Folder = Annotated[
    Path | None,
    typer.Option(
        "--folder", metavar="DIR", help="账本与密钥所在的文件夹 · where its book and keys lie"
    ),
]
Ppm = Annotated[int, typer.Option(min=0, max=MILLION, help="百万分之几 · parts of a million")]
Ms = Annotated[int, typer.Option(min=0, max=3_600_000, help="毫秒 · milliseconds")]


def _folder(named: Path | None) -> Path:
    from xiaobao.database.places import places

    return places().local_alipay if named is None else named


def _now_ms() -> int:
    return time.time_ns() // MILLION


@app.command()
def serve(
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="端口，0 任选 · its port, 0 for any")
    ] = DEFAULT_PORT,
    notify: Annotated[
        str, typer.Option("--notify", metavar="URL", help="通知地址 · where notifies go")
    ] = "http://127.0.0.1:8868/notify/alipay",
    deposits: Annotated[
        str, typer.Option(metavar="payment|freeze", help="缴存方式 · how deposits come in")
    ] = "payment",
    beside: Annotated[bool, typer.Option("--beside", hidden=True)] = False,
    folder: Folder = None,
    as_json: Json = False,
) -> None:
    """在本机运行支付宝网关，直到 Ctrl-C · serve a local Alipay until Ctrl-C"""
    from xiaobao.cli.serving import PortTaken
    from xiaobao.gateways.alipay.config import DEPOSITS
    from xiaobao.gateways.local_alipay.keys import make_keys
    from xiaobao.gateways.local_alipay.serving import LocalAlipay

    if deposits not in DEPOSITS:
        raise typer.BadParameter(" | ".join(DEPOSITS), param_hint="--deposits")
    where = _folder(folder)
    make_keys(where, port, notify, deposits=deposits)
    try:
        alipay = LocalAlipay(where, port, _now_ms)
    except OSError as trouble:
        raise PortTaken(port=port) from trouble
    # Only now is the port known, where any would do.
    client = make_keys(where, alipay.port, notify, deposits=deposits)
    alipay.start()
    if as_json:
        print_json({"port": alipay.port, "client": str(client)})
    else:
        print(f"XIAOBAO_ALIPAY={client}", flush=True)
    note(
        say(
            zh=f"本机支付宝：http://127.0.0.1:{alipay.port}/gateway.do （Ctrl-C 结束）",
            en=f"a local Alipay: http://127.0.0.1:{alipay.port}/gateway.do (Ctrl-C ends)",
        )
    )
    try:
        if beside:
            # Its input ends with whoever started it, however that ends.
            sys.stdin.read()
        else:
            alipay.wait()
    finally:
        alipay.stop()


@app.command()
def behave(
    *,
    seed: Annotated[int, typer.Option(help="随机种子 · picks which requests")] = 0,
    fail_ppm: Ppm = 0,
    busy_moved_ppm: Ppm = 0,
    busy_still_ppm: Ppm = 0,
    lost_ppm: Ppm = 0,
    forged_ppm: Ppm = 0,
    twice_ppm: Ppm = 0,
    delay_ms: Ms = 0,
    spread_ms: Ms = 0,
    scan_after_ms: Annotated[
        int, typer.Option(min=-1, help="多久后扫码付款，-1 永不 · when codes are paid, -1 never")
    ] = 0,
    folder: Folder = None,
    as_json: Json = False,
) -> None:
    """本机支付宝从此怎样出错 · from now on the local Alipay fails, delays, loses, doubles so"""
    from dataclasses import asdict

    from xiaobao.gateways.local_alipay.book import Behaviour, Book

    told = Behaviour(
        seed, fail_ppm, busy_moved_ppm, busy_still_ppm, lost_ppm, forged_ppm, twice_ppm,
        delay_ms, spread_ms, scan_after_ms,
    )  # fmt: skip
    Book(_folder(folder)).behave(told)
    if as_json:
        print_json(asdict(told))
    else:
        print_pairs([(name, str(value)) for name, value in asdict(told).items()])


@app.command()
def close(
    day: Annotated[
        str, typer.Argument(metavar="DAY", help="北京时间的一天，如 2026-11-26 · a day in China")
    ],
    *,
    because: Annotated[
        str, typer.Option(help="有差异仍日结的理由 · why it is closed with differences")
    ] = "",
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """日结：与账单核对后签名封存 · close a day: matched with its bills, and signed"""
    from datetime import date

    from xiaobao.work.bills.closing import close_day

    try:
        wanted = date.fromisoformat(day)
    except ValueError as trouble:
        raise typer.BadParameter("YYYY-MM-DD", param_hint="DAY") from trouble
    open_for_command()
    closed = close_day(wanted, because=because, at=now() if at is None else at)
    if as_json:
        print_json(closed)
    else:
        print(closed.note, end="")


@app.command()
def bill(
    day: Annotated[
        str, typer.Argument(metavar="DAY", help="北京时间的一天，如 2026-11-26 · a day in China")
    ],
    *,
    kind: Annotated[
        str, typer.Option(metavar="account|business", help="账务或业务明细 · which bill")
    ] = "account",
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="写入的文件 · the file")
    ] = None,
    as_json: Json = False,
) -> None:
    """下载支付宝一天的账单 · fetch Alipay's bill of a day"""
    from xiaobao.cli.output import write_private
    from xiaobao.work.through import fetch_bill

    if kind not in BILLS:
        raise typer.BadParameter(" | ".join(BILLS), param_hint="--kind")
    file = Path(f"alipay-{kind}-{day}.zip") if to is None else to
    write_private(file, fetch_bill(day, BILLS[kind]))
    if as_json:
        print_json({"file": str(file)})
    else:
        print(file)


@app.command()
def ask(
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="收付单号，见账单或差异 · as in bill")
    ],
    *,
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """向网关查询一笔收付；已动的钱随即入账 · ask about a payment; what moved is booked"""
    from xiaobao.work.asking import ask_about
    from xiaobao.work.through import gateway_in_use

    open_for_command()
    answer = ask_about(number, gateway_in_use(), at=now() if at is None else at)
    if as_json:
        print_json({
            "number": number, "result": answer.result.name.lower(),
            "gateway_ref": answer.gateway_ref, "said": answer.said,
        })  # fmt: skip
        return
    zh, en = RESULT_WORDS[answer.result]
    print_pairs([
        (say(zh="结果", en="result"), say(zh=zh, en=en)),
        (say(zh="网关单号", en="gateway's number"), answer.gateway_ref),
        (say(zh="网关答复", en="it said"), answer.said),
    ])  # fmt: skip
