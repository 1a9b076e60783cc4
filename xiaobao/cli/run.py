"""`xiaobao run`: fire every clock that is due up to a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, moment, money, note, print_json, print_table, say
from xiaobao.cli.progress import progress

if TYPE_CHECKING:
    from xiaobao.work.report import RunReport

app = typer.Typer()

MOST_WORKERS = 32

_KINDS = {
    "late_shipment": ("延迟发货", "late shipment"),
    "out_of_stock": ("缺货", "out of stock"),
    "out_of_stock_long": ("缺货（承诺超过48小时）", "out of stock, longer promise"),
    "out_of_stock_malicious": ("恶意缺货", "out of stock on purpose"),
    "tracking_slow": ("轨迹超时", "slow tracking"),
    "tracking_abnormal": ("轨迹异常", "abnormal tracking"),
    "fake_shipment": ("虚假发货", "fake shipment"),
    "refund_overdue": ("退款逾期", "refund overdue"),
}
STATES = {
    "created": ("待付", "created"),
    "sent": ("已发出", "sent"),
    "confirmed": ("已到账", "confirmed"),
    "failed": ("失败待重试", "failed, to be retried"),
    "unknown": ("结果未知", "unknown"),
    "reconciled": ("已对账", "reconciled"),
}
_SUMS = {
    "paid_to_buyers": ("赔付买家", "paid to buyers"),
    "punitive": ("惩罚性部分", "punitive part"),
    "from_reserve": ("其中：预留款", "of it from reserves"),
    "from_deposit": ("其中：保证金", "of it from deposits"),
    "from_cover": ("其中：保险", "of it from cover"),
    "advanced": ("其中：保障基金先行赔付", "of it advanced by the fund"),
    "granted": ("其中：保障基金承担", "of it borne by the fund for good"),
    "recovered": ("已追偿", "recovered"),
    "debts": ("欠款", "debts"),
    "owed_to_buyers": ("尚未到账", "still on its way to buyers"),
}


@app.command()
def run(
    *,
    until: Moment = None,
    workers: Annotated[
        int, typer.Option(min=1, max=MOST_WORKERS, help="并行处理积压 · settle a backlog at once")
    ] = 1,
    as_json: Json = False,
) -> None:
    """Fire every clock that is due up to TIME (now, if not given)."""
    open_for_command()
    from xiaobao.work.figures import reckon_due
    from xiaobao.work.run import run as live

    with progress(say(zh="运行", en="running")) as tell:
        report = live(now() if until is None else until, progress=tell, workers=workers)
    # Where no server does it beside its clocks.
    reckon_due(report.until)
    if as_json:
        print_json(report.as_dict())
    else:
        _print(report)


def _print(report: RunReport) -> None:
    if report.this_run.log_refused:
        note(
            say(
                zh="证据日志已损坏，未再追加：运行 xiaobao evidence check",
                en="the evidence log is damaged and nothing was added to it: run xiaobao evidence "
                "check",
            )
        )
    print(say(zh=f"已运行到 {moment(report.until)}", en=f"lived until {moment(report.until)}"))
    print_table(
        [
            say(zh="违约", en="breach"),
            say(zh="笔数", en="count"),
            say(zh="赔付买家", en="to buyers"),
            say(zh="平台部分", en="to the platform"),
        ],
        [
            (
                _word(_KINDS, t.kind), t.count, money(t.buyers_minor, t.currency),
                money(t.platform_minor, t.currency),
            )
            for t in report.promises
        ],
    )  # fmt: skip
    print_table(
        [say(zh="付款", en="payouts"), say(zh="笔数", en="count"), say(zh="金额", en="amount")],
        [
            (_word(STATES, t.state), t.count, money(t.amount_minor, t.currency))
            for t in report.payouts
        ],
    )
    print_table(
        [say(zh="合计", en="altogether"), say(zh="金额", en="amount")],
        [
            (say(zh=zh, en=en), money(minor, currency))
            for name, (zh, en) in _SUMS.items()
            for currency, minor in sorted(report.sums[name].items())
        ],
    )
    fired = report.this_run
    print(
        say(
            zh=f"本次：{fired.windows} 天，发现违约 {fired.settled.found} 笔，"
            f"付款到账 {fired.answers.confirmed} 笔，按规则裁决 {fired.ruled.by_rule} 宗",
            en=f"this run: {fired.windows} days, {fired.settled.found} breaches found, "
            f"{fired.answers.confirmed} payouts confirmed, ruled by rule: {fired.ruled.by_rule}",
        )
    )


def _word(words: dict[str, tuple[str, str]], member: Any) -> str:
    zh, en = words[member.name.lower()]
    return say(zh=zh, en=en)
