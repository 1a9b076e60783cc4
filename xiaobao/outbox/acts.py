"""Telling the outside, inside the transaction of the act that did the thing; and subscribers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from django.db import transaction

from xiaobao.database.sets import FEW
from xiaobao.kernel.problems import Problem
from xiaobao.outbox import queries, rules
from xiaobao.outbox.facts import EventKind, Events, Trouble
from xiaobao.outbox.store import rows as store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from xiaobao.kernel.columns import Int
    from xiaobao.outbox.facts import Attempt, Delivery, DeliveryState, Waiting


# For the whole marketplace, and for each seller.
MOST_EACH = 20
AT_ONCE = 10_000
# What is wrong with an address, as `wrong_with_url` names it.
WRONG_URL = {
    "unreadable": ("地址不可读", "the address cannot be read"),
    "scheme": ("不是 https", "it is not https"),
    "extras": ("带有用户名、密码或片段", "it has a user, a password or a fragment"),
    "port": ("端口不可用", "its port cannot be used"),
    "private": ("不是公网地址", "it is no public address"),
}


class SubscriptionUnknown(Problem):
    """There is no such subscription, or it has ended."""

    code = "subscription_unknown"
    status: ClassVar[int] = 404
    zh = "subscription：没有编号为 {subscription} 的有效订阅；用 xiaobao webhooks list 查看"
    en = (
        "subscription: there is none with number {subscription} that has not ended; see "
        "xiaobao webhooks list"
    )


class AddressNotAllowed(Problem):
    """Messages may not be sent there."""

    code = "webhook_address_not_allowed"
    status: ClassVar[int] = 422
    zh = (
        "url：不能发往 {url}：{what_zh}；请用公网的 https 地址，不带用户名和片段，"
        "端口 443 或 1024 以上"
    )
    en = (
        "url: nothing may be sent to {url}: {what_en}; use a public https address without user or "
        "fragment, at port 443 or above 1024"
    )


class EventKindUnknown(Problem):
    """No event has such a name."""

    code = "event_kind_unknown"
    status: ClassVar[int] = 422
    zh = "kind：没有名为 {patterns} 的事件；可用 claim.paid、claim.* 或 *。所有事件：{names}"
    en = "kind: no event is named {patterns}; write claim.paid, claim.* or *. All are: {names}"


class TooManySubscriptions(Problem):
    """Every act that tells anything looks at all that hear of its seller."""

    code = "subscriptions_too_many"
    status: ClassVar[int] = 422
    zh = "url：至多 {most} 个订阅；请先结束一个不用的（xiaobao webhooks remove）"
    en = "url: at most {most} subscriptions; end one first (xiaobao webhooks remove)"


def tell(
    kind: EventKind | Int,
    seller_id: Int,
    cause_hi: Int,
    cause_lo: Int,
    *,
    at_us: Int | int,
    subject_id: Int | int = 0,
    party_id: Int | int = 0,
    amount_minor: Int | int = 0,
    recorded_us: Int | int | None = None,
    is_counted: bool = False,
) -> int:
    """Tell one event per row. Columns or one value for all rows.

    Returns how many were new where `is_counted`, else 0: few then go with what is done next.

    A cause tells each kind once: told again, in whatever batch, it adds nothing. Kinds that can
    happen again to one thing (a payout that fails twice) name a cause for each time. What is new
    is on its way to its subscribers in the same transaction.
    """
    count = len(seller_id)
    if count == 0:
        return 0

    def column(value: Int | int) -> Int:
        given = np.asarray(value, np.int64)
        return given if given.ndim else np.full(count, given)

    kinds = column(kind)
    event_hi, event_lo = rules.event_ids(kinds, cause_hi, cause_lo)
    events = Events(
        seller_id=seller_id, kind=kinds, event_hi=event_hi, event_lo=event_lo,
        cause_hi=cause_hi, cause_lo=cause_lo, subject_id=column(subject_id),
        party_id=column(party_id), amount_minor=column(amount_minor), happened_us=column(at_us),
        recorded_us=column(at_us if recorded_us is None else recorded_us),
    )  # fmt: skip
    if count <= FEW and not is_counted:
        store.add_few(events, [rules.patterns_for(one) for one in kinds.tolist()])
        return 0
    new = store.add_many(events)
    for one in queries.subscriptions_for(new.seller_id) if len(new) else ():
        mine = new.take(np.flatnonzero(rules.wanted(one, new.kind, new.seller_id)))
        store.expect(one.subscription, mine)
    return len(new) if is_counted else 0


def subscribe(
    name: str,
    url: str,
    patterns: Sequence[str],
    *,
    at: datetime,
    only_seller: int = 0,
    is_of_shop: bool = False,
    may_stay_here: bool = False,
) -> int:
    """Tell this address of these events from now on; return the subscription's number.

    :raises AddressNotAllowed: where nothing may be sent
    :raises EventKindUnknown: naming what no event is called
    :raises TooManySubscriptions: whoever it is for has as many as may be
    """
    why = rules.wrong_with_url(url, may_stay_here=may_stay_here)
    if why:
        what_zh, what_en = WRONG_URL[why]
        raise AddressNotAllowed(url=url, why=why, what_zh=what_zh, what_en=what_en)
    unknown = rules.unknown_patterns(patterns)
    if unknown:
        raise EventKindUnknown(patterns=", ".join(unknown), names=", ".join(rules.event_names()))
    standing = queries.subscriptions_for(np.array([only_seller]))
    if sum(one.only_seller == only_seller for one in standing) >= MOST_EACH:
        raise TooManySubscriptions(most=MOST_EACH)
    return store.add_subscription(
        name, url, sorted(set(patterns)), only_seller, is_of_shop=is_of_shop, at=at
    )


def rotate_secret(subscription: int, *, keep: timedelta, at: datetime) -> None:
    """Sign with a new secret from now on, and with the old one too for a while.

    :raises SubscriptionUnknown: there is none, or it has ended
    """
    if not store.rotate(subscription, old_until=at + keep):
        raise SubscriptionUnknown(subscription=subscription)


@transaction.atomic
def unsubscribe(subscription: int, *, at: datetime) -> int:
    """Tell this address nothing more; return how many waiting deliveries were dropped.

    :raises SubscriptionUnknown: there is none, or it has ended
    """
    if not store.end(subscription, at=at):
        raise SubscriptionUnknown(subscription=subscription)
    return store.drop_waiting(subscription, at=at)


def replay(
    subscription: int, *, at: datetime, event: UUID | None = None, since: datetime | None = None
) -> int:
    """Send again what was given up, or one event, or all told since a moment; return how many.

    :raises SubscriptionUnknown: there is none, or it has ended
    """
    if queries.subscription(subscription) is None:
        raise SubscriptionUnknown(subscription=subscription)
    # Whoever asks for it has mended something: it is tried now, with one message.
    store.let_rest(subscription, until=None)
    return store.replay(subscription, event=event, since=since, at=at)


@transaction.atomic
def take(subscription: int, waiting: Sequence[Waiting], *, at: datetime) -> list[Delivery]:
    """Take those that are still due; nobody else sends them for a while.

    Whoever takes them and dies has told nobody anything, or told it and not said so: they are
    taken again once that while is over.
    """
    return store.take(subscription, waiting, at=at, lease_until=at + rules.LEASE)


@transaction.atomic
def record_attempts(
    attempts: Sequence[tuple[Delivery, Attempt]],
    untried: Sequence[Delivery] = (),
    *,
    at: datetime,
) -> list[DeliveryState]:
    """What came of attempts at one subscriber, and what follows: done, tried again, or given up.

    What was taken and not tried is given back. A subscriber that is gone is told nothing more,
    and one where nobody answers, time after time, rests.
    """
    follow = [rules.followed(told, attempt, at) for told, attempt in attempts]
    store.record([(*one, what) for one, what in zip(attempts, follow, strict=True)])
    store.give_back(untried)
    _answered_or_not(attempts, at)
    for told, attempt in attempts:
        if attempt.trouble is Trouble.GONE and store.end(told.subscription, at=at):
            store.drop_waiting(told.subscription, at=at)
    return [one.state for one in follow]


def _answered_or_not(attempts: Sequence[tuple[Delivery, Attempt]], at: datetime) -> None:
    came = [attempt for _, attempt in attempts]
    for number in {told.subscription for told, _ in attempts}:
        if not rules.is_unanswered(came):
            store.wake(number)
        elif rest := rules.rest(store.count_unanswered(number)):
            store.let_rest(number, until=at + rest)


def forget_attempts(*, at: datetime) -> int:
    """What came of attempts is kept as long as `packs/kept.toml` says; return how many went."""
    before, gone = at - timedelta(days=queries.attempts_kept().days), 0
    while some := store.forget_attempts(before=before, limit=AT_ONCE):
        gone += some
    return gone
