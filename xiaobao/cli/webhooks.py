"""`xiaobao webhooks`: who is told of what happens here, how far each message is, and again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path  # noqa: TC003  typer reads annotations
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID  # noqa: TC003

import typer

from xiaobao.cli.house import Moment, now, open_for_command
from xiaobao.cli.output import Json, moment, print_json, print_pairs, print_table, say

if TYPE_CHECKING:
    from xiaobao.outbox.facts import DeliveryState, Subscription

app = typer.Typer(
    help="事件推送：订阅、密钥轮换、日志、重发 · webhooks: subscribe, rotate, log, replay",
    no_args_is_help=True,
)
FAILED = 1
Number = Annotated[int, typer.Argument(metavar="SUBSCRIPTION", help="订阅编号 · its number")]


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="接收地址 · where to send")],
    *,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", metavar="KIND", help="claim.paid | claim.* | *（可多次 · repeat）"),
    ] = None,
    seller: Annotated[
        str | None, typer.Option(metavar="SELLER", help="只推送一个卖家 · of one seller only")
    ] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="名称 · a name for it")] = "",
    as_json: Json = False,
) -> None:
    """订阅；密钥只在此时显示 · subscribe; the secret is shown now and not again"""
    from django.conf import settings

    from xiaobao.outbox import acts
    from xiaobao.sellers.queries import seller_named

    open_for_command()
    number = acts.subscribe(
        name or url, url, kind or ["*"], at=now(),
        only_seller=0 if seller is None else seller_named(seller).seller_id,
        may_stay_here=settings.WEBHOOKS_MAY_STAY_HERE,
    )  # fmt: skip
    _print_secret(number, as_json=as_json)


@app.command()
def rotate(
    subscription: Number,
    *,
    keep_hours: Annotated[
        int, typer.Option(min=0, max=24 * 30, help="旧密钥再用几小时 · hours the old one signs on")
    ] = 24,
    as_json: Json = False,
) -> None:
    """换新密钥；旧密钥再签一段时间 · a new secret; the old one signs as well for a while"""
    from xiaobao.outbox import acts

    open_for_command()
    acts.rotate_secret(subscription, keep=timedelta(hours=keep_hours), at=now())
    _print_secret(subscription, as_json=as_json)


def _print_secret(number: int, *, as_json: bool) -> None:
    from xiaobao.outbox import queries
    from xiaobao.outbox.rules import spelt

    one = queries.subscription(number)
    assert one is not None, "a subscription that was just made or rotated is there"
    secret = spelt(queries.secrets_of(one, now())[0])
    if as_json:
        print_json({**_told(one), "secret": secret})
        return
    print_pairs([
        (say(zh="订阅", en="subscription"), number),
        (say(zh="地址", en="url"), one.url),
        (say(zh="事件", en="events"), " ".join(one.patterns)),
        (say(zh="密钥（只显示这一次）", en="secret (shown this once)"), secret),
    ])  # fmt: skip


def _told(one: Subscription) -> dict[str, Any]:
    return {
        "subscription": one.subscription, "name": one.name, "url": one.url,
        "kinds": list(one.patterns), "only_seller": str(one.only_seller or ""),
        "old_secret_until": one.old_until, "unanswered": one.unanswered,
        "rests_until": one.rests_until, "made_at": one.made_at, "ended_at": one.ended_at,
    }  # fmt: skip


def _how_it_is(one: Subscription) -> str:
    """That it has ended, or rests because nobody answers."""
    if one.ended_at:
        return say(zh="已结束", en="ended")
    if one.rests_until is None:
        return ""
    until = moment(one.rests_until)
    return say(
        zh=f"连续 {one.unanswered} 次无应答，停到 {until} 再逐条试发",
        en=f"{one.unanswered} times no answer; rests until {until}, then one message at a time",
    )


@app.command("list")
def list_all(*, as_json: Json = False) -> None:
    """所有订阅及送达情况 · every subscription, and how its messages stand"""
    from xiaobao.outbox import queries
    from xiaobao.outbox.facts import STATE_WORDS, DeliveryState

    open_for_command()
    counts = queries.delivery_counts()
    found = [
        (one, {state: counts.get((one.subscription, state), 0) for state in DeliveryState})
        for one in queries.subscriptions(are_ended=True)
    ]
    if as_json:
        print_json({"subscriptions": [{**_told(one), "deliveries": n} for one, n in found]})
        return
    states = [say(zh=words.zh, en=words.en) for words in STATE_WORDS.values()]
    print_table(
        ["#", say(zh="名称", en="name"), say(zh="地址", en="url"), say(zh="事件", en="events"),
         *states, ""],
        [
            [one.subscription, one.name, one.url, " ".join(one.patterns), *n.values(),
             _how_it_is(one)]
            for one, n in found
        ],
    )  # fmt: skip


@app.command()
def remove(subscription: Number, *, as_json: Json = False) -> None:
    """结束订阅；未送达的不再发送 · end it; what waits is not sent"""
    from xiaobao.outbox import acts

    open_for_command()
    dropped = acts.unsubscribe(subscription, at=now())
    if as_json:
        print_json({"subscription": subscription, "dropped": dropped})
    else:
        print(
            say(
                zh=f"订阅 {subscription} 已结束，{dropped} 条不再发送",
                en=f"subscription {subscription} has ended; {dropped} messages were dropped",
            )
        )


@app.command()
def log(
    subscription: Annotated[
        int | None, typer.Argument(metavar="SUBSCRIPTION", help="订阅编号 · its number")
    ] = None,
    *,
    state: Annotated[
        str | None, typer.Option(metavar="waiting|delivered|dead|dropped", help="状态 · state")
    ] = None,
    event: Annotated[
        UUID | None, typer.Option(metavar="EVENT", help="一个事件的每次尝试 · each attempt of one")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="最多 · at most")] = 50,
    as_json: Json = False,
) -> None:
    """送达日志，最近的在前 · messages, the newest first; with --event each attempt"""
    from xiaobao.outbox import queries

    chosen = _state_named(state)
    open_for_command()
    if event is not None and subscription is not None:
        _print_attempts(subscription, event, as_json=as_json)
        return
    rows = queries.deliveries(subscription=subscription, state=chosen, limit=limit)
    rows = [one for one in rows if event in (None, one.event)]
    if as_json:
        print_json({"deliveries": [
            {"subscription": one.subscription, "event": one.event, "type": one.event_name,
             "seller_id": str(one.seller_id), "state": one.state, "attempts": one.attempts,
             "last_status": one.last_status, "last_trouble": one.last_trouble,
             "next_at": one.next_at, "done_at": one.done_at}
            for one in rows
        ]})  # fmt: skip
        return
    _print_deliveries(rows)


def _print_deliveries(rows: list[Any]) -> None:
    from xiaobao.outbox.facts import STATE_WORDS, TROUBLE_WORDS

    def words(one: Any) -> str:
        return say(zh=one.zh, en=one.en)

    print_table(
        [say(zh="订阅", en="subscriber"), say(zh="事件", en="event"), "id",
         say(zh="状态", en="state"), say(zh="尝试", en="attempts"), say(zh="回应", en="answer"),
         say(zh="完成于", en="done")],
        [
            [one.subscriber, one.event_name, str(one.event), words(STATE_WORDS[one.state]),
             one.attempts, f"{one.last_status or ''} {words(TROUBLE_WORDS[one.last_trouble])}",
             moment(one.done_at) if one.done_at else ""]
            for one in rows
        ],
    )  # fmt: skip


def _print_attempts(subscription: int, event: UUID, *, as_json: bool) -> None:
    from xiaobao.outbox import queries
    from xiaobao.outbox.facts import TROUBLE_WORDS

    found = queries.attempts_of(subscription, event)
    if as_json:
        print_json({"attempts": [
            {"at": at, "status": one.status, "trouble": one.trouble, "took_ms": one.took_ms,
             "answer": one.answer}
            for at, one in found
        ]})  # fmt: skip
        return
    print_table(
        [say(zh="时间", en="at"), say(zh="状态码", en="status"), "", "ms",
         say(zh="回应", en="answer")],
        [
            [moment(at), one.status or "",
             say(zh=TROUBLE_WORDS[one.trouble].zh, en=TROUBLE_WORDS[one.trouble].en),
             one.took_ms, one.answer]
            for at, one in found
        ],
    )  # fmt: skip


def _state_named(text: str | None) -> DeliveryState | None:
    from xiaobao.outbox.facts import DeliveryState

    if text is None:
        return None
    names = [one.name.lower() for one in DeliveryState]
    if text.lower() not in names:
        raise typer.BadParameter(" | ".join(names), param_hint="--state")
    return DeliveryState[text.upper()]


@app.command()
def replay(
    subscription: Number,
    *,
    event: Annotated[
        UUID | None, typer.Option(metavar="EVENT", help="只重发一个事件 · one event only")
    ] = None,
    since: Moment = None,
    as_json: Json = False,
) -> None:
    """重发：已放弃的，或某个事件，或某时刻以来的 · again: given up, or one, or since a time"""
    from xiaobao.outbox import acts

    open_for_command()
    count = acts.replay(subscription, event=event, since=since, at=now())
    if as_json:
        print_json({"subscription": subscription, "replayed": count})
    else:
        print(say(zh=f"{count} 条将重新发送", en=f"{count} messages will be sent again"))


@app.command()
def deliver(*, as_json: Json = False) -> None:
    """发送到期的消息；有失败则以 1 结束 · send what is due; ends with 1 where anything failed"""
    from xiaobao.work.webhooks import deliver_due

    open_for_command()
    done = deliver_due()
    if as_json:
        print_json(done)
    else:
        print_pairs([
            (say(zh="已送达", en="delivered"), done.delivered),
            (say(zh="失败，稍后再试", en="failed, tried again later"), done.failed),
            (say(zh="已放弃", en="given up"), done.given_up),
        ])  # fmt: skip
    if done.failed or done.given_up:
        raise typer.Exit(FAILED)


@app.command()
def check(
    body: Annotated[Path, typer.Argument(metavar="FILE", help="收到的正文 · the body received")],
    *,
    secret: Annotated[str, typer.Option(metavar="whsec_…", help="密钥 · the secret")],
    message: Annotated[str, typer.Option("--id", metavar="ID", help="webhook-id")],
    timestamp: Annotated[str, typer.Option(metavar="SECONDS", help="webhook-timestamp")],
    signature: Annotated[str, typer.Option(metavar="v1,…", help="webhook-signature")],
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """核对一条收到的消息的签名 · check the signature of a message that was received"""
    from xiaobao.outbox.rules import is_signed, read_secret

    key = read_secret(secret)
    if key is None or not body.is_file():
        hint = "--secret" if key is None else "FILE"
        raise typer.BadParameter(say(zh="无法读取", en="cannot be read"), param_hint=hint)
    headers = {
        "webhook-id": message, "webhook-timestamp": timestamp, "webhook-signature": signature,
    }  # fmt: skip
    moment_now = int((now() if at is None else at).timestamp())
    is_good = is_signed(key, headers, body.read_bytes(), now_seconds=moment_now)
    if as_json:
        print_json({"is_signed": is_good})
    elif is_good:
        print(say(zh="签名有效", en="the signature is good"))
    else:
        print(say(zh="签名无效，或时间相差超过五分钟",
                  en="the signature is wrong, or more than five minutes old"))  # fmt: skip
    if not is_good:
        raise typer.Exit(FAILED)
