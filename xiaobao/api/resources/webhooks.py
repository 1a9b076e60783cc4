"""Webhooks: subscriptions to what happens here, their secrets, and how far each message is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Path, Router, Status
from pydantic import AwareDatetime, Field

from xiaobao.api.asking import NotFound, caller_in, needs, shop_in
from xiaobao.api.pages import Cursor, Limit, page_of
from xiaobao.api.shapes import NO_NUL, Asked, Code, Moment, Name, Page, Told, Whole, name_of
from xiaobao.outbox import acts, queries
from xiaobao.outbox.facts import DeliveryState, Trouble
from xiaobao.outbox.rules import spelt
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from xiaobao.outbox.facts import DeliveryRow, Subscription
    from xiaobao.work.callers import Caller

router = Router(tags=["webhooks"])
AT = "/webhooks/{number}"
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Pattern = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[a-z_.*]+$")]
_UNREACHED = frozenset({Trouble.NOT_ALLOWED, Trouble.NOT_REACHED})
StateCode = Annotated[str, Code(DeliveryState)]


class SubscriptionAsked(Asked):
    """`kinds` are names of events, beginnings with `.*`, or `*`; a shop hears of itself alone."""

    url: Annotated[str, Field(min_length=1, max_length=2000, pattern=NO_NUL)]
    kinds: Annotated[list[Pattern], Field(min_length=1, max_length=100)] = Field(
        default_factory=lambda: ["*"]
    )
    name: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    seller: Name | None = None


class RotationAsked(Asked):
    keep_hours: Annotated[Whole, Field(ge=0, le=24 * 30)] = 24


class EndAsked(Asked):
    """Nothing has to be said."""


class ReplayAsked(Asked):
    """One event, all told since a moment, or else what was given up."""

    event: UUID | None = None
    since: AwareDatetime | None = None


class SubscriptionTold(Told):
    number: int
    name: str
    url: str
    kinds: list[str]
    seller_id: str | None
    old_secret_until: Moment | None
    unanswered: int = Field(description="sets of messages in a row to which nobody answered")
    rests_until: Moment | None = Field(
        description="nothing is sent before; then one message at a time, until one is answered"
    )
    made_at: Moment


class SubscriptionsTold(Told):
    subscriptions: list[SubscriptionTold]


class SecretTold(Told):
    """What messages are signed with now, as Standard Webhooks writes it."""

    secret: str


class CountTold(Told):
    messages: int


class DeliveryTold(Told):
    event: str
    type: str
    seller_id: str
    state: StateCode
    attempts: int
    last_status: int
    last_trouble: Annotated[str, Code(Trouble)]
    next_at: Moment | None
    done_at: Moment | None


class AttemptTold(Told):
    """One attempt; `status` is 0 where there was no answer."""

    tried_at: Moment
    status: int
    trouble: Annotated[str, Code(Trouble)]
    took_ms: int
    answer: str = Field(description="how it begins")


class AttemptsTold(Told):
    attempts: list[AttemptTold]


class DeliveriesTold(Page):
    deliveries: list[DeliveryTold]


@router.get("/webhooks", **needs("webhooks:read"), response=SubscriptionsTold,
            summary="Subscriptions; a shop's own alone")  # fmt: skip
def listed(request: HttpRequest) -> SubscriptionsTold:
    caller = caller_in(request)
    return SubscriptionsTold(
        subscriptions=[_told(one) for one in queries.subscriptions() if _is_for(caller, one)]
    )


@router.post("/webhooks", **needs("webhooks:write"), response={201: SubscriptionTold},
             summary="Subscribe an address to events; its secret is read apart")  # fmt: skip
def subscribed(request: HttpRequest, body: SubscriptionAsked) -> Status[SubscriptionTold]:
    caller = caller_in(request)
    only = caller.seller_id if caller.is_of_shop else 0
    if body.seller is not None:
        only = shop_in(request, body.seller).seller_id
    number = acts.subscribe(
        body.name or body.url, body.url, body.kinds, at=now(), only_seller=only,
        is_of_shop=caller.is_of_shop,
        may_stay_here=settings.WEBHOOKS_MAY_STAY_HERE,
    )  # fmt: skip
    return Status(201, _told(_own(request, number)))


@router.get(f"{AT}/secret", **needs("webhooks:write"), response=SecretTold,
            summary="The secret that signs now")  # fmt: skip
def secret(request: HttpRequest, number: Number) -> SecretTold:
    one = _own(request, number)
    return SecretTold(secret=spelt(queries.secrets_of(one, now())[0]))


@router.post(f"{AT}/rotate", **needs("webhooks:write"), response=SubscriptionTold,
             summary="A new secret; the old one signs as well for a while")  # fmt: skip
def rotated(request: HttpRequest, number: Number, body: RotationAsked) -> SubscriptionTold:
    _own(request, number)
    acts.rotate_secret(number, keep=timedelta(hours=body.keep_hours), at=now())
    return _told(_own(request, number))


@router.post(f"{AT}/end", **needs("webhooks:write"), response=CountTold,
             summary="End a subscription; what waits is not sent")  # fmt: skip
def ended(request: HttpRequest, number: Number, body: EndAsked) -> CountTold:  # noqa: ARG001
    _own(request, number)
    return CountTold(messages=acts.unsubscribe(number, at=now()))


@router.post(f"{AT}/replay", **needs("webhooks:write"), response=CountTold,
             summary="Send again")  # fmt: skip
def replayed(request: HttpRequest, number: Number, body: ReplayAsked) -> CountTold:
    _own(request, number)
    count = acts.replay(number, event=body.event, since=body.since, at=now())
    return CountTold(messages=count)


@router.get(f"{AT}/deliveries", **needs("webhooks:read"), response=DeliveriesTold,
            summary="Messages to a subscriber, the newest first")  # fmt: skip
def deliveries(
    request: HttpRequest, number: Number, state: StateCode | None = None, cursor: Cursor = "",
    limit: Limit = 100,
) -> DeliveriesTold:  # fmt: skip
    _own(request, number)
    found = queries.deliveries(
        subscription=number, state=None if state is None else DeliveryState[state.upper()],
        place=queries.BY_NUMBER.place(cursor), limit=limit + 1,
    )  # fmt: skip
    rows, after = page_of(found, queries.BY_NUMBER, limit)
    return DeliveriesTold(deliveries=[_delivery(one) for one in rows], next=after)


@router.get(f"{AT}/deliveries/{{uuid:event}}", **needs("webhooks:read"), response=AttemptsTold,
            summary="Every attempt to deliver one event")  # fmt: skip
def attempts(request: HttpRequest, number: Number, event: UUID) -> AttemptsTold:
    """The first first, as long as they are kept."""
    _own(request, number)
    # Where nobody answered these are our own words, about names and addresses of our own net.
    hidden = _UNREACHED if caller_in(request).is_of_shop else frozenset()
    return AttemptsTold(
        attempts=[
            AttemptTold(
                tried_at=at, status=one.status, trouble=name_of(one.trouble),
                took_ms=one.took_ms, answer="" if one.trouble in hidden else one.answer,
            )
            for at, one in queries.attempts_of(number, event)
        ]
    )  # fmt: skip


def _is_for(caller: Caller, one: Subscription) -> bool:
    # What the platform asked for about one shop is its own: else that shop could sign for us.
    return not caller.is_of_shop or (one.is_of_shop and one.only_seller == caller.seller_id)


def _own(request: HttpRequest, number: int) -> Subscription:
    """:raises NotFound: where there is none, or it is not of whoever asks"""
    caller = caller_in(request)
    one = queries.subscription(number)
    if one is None or not _is_for(caller, one):
        raise NotFound(what_zh="订阅", what_en="subscription")
    return one


def _told(one: Subscription) -> SubscriptionTold:
    return SubscriptionTold(
        number=one.subscription, name=one.name, url=one.url, kinds=list(one.patterns),
        seller_id=str(one.only_seller) if one.only_seller else None,
        old_secret_until=one.old_until, unanswered=one.unanswered,
        rests_until=one.rests_until, made_at=one.made_at,
    )  # fmt: skip


def _delivery(one: DeliveryRow) -> DeliveryTold:
    return DeliveryTold(
        event=str(one.event), type=one.event_name, seller_id=str(one.seller_id),
        state=name_of(one.state), attempts=one.attempts, last_status=one.last_status,
        last_trouble=name_of(one.last_trouble), next_at=one.next_at, done_at=one.done_at,
    )  # fmt: skip
