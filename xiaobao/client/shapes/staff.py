"""Shapes of calls about staff: drawn by `make map` from the OpenAPI, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from xiaobao.client.shapes.shared import Money


class AttemptTold(TypedDict):
    """One attempt; `status` is 0 where there was no answer."""

    tried_at: str
    status: int
    trouble: str
    took_ms: int
    answer: str


class AttemptsTold(TypedDict):
    attempts: list[AttemptTold]


class ClockTold(TypedDict):
    """The platform's own clocks of one kind that began in one month; times in minutes."""

    month: str
    clock: str
    met: int
    late: int
    running: int
    half_minutes: int | None
    most_minutes: int | None


class ClocksTold(TypedDict):
    as_of: str | None
    clocks: list[ClockTold]


class CountTold(TypedDict):
    messages: int


class DeliveryTold(TypedDict):
    event: str
    type: str
    seller_id: str
    state: str
    attempts: int
    last_status: int
    last_trouble: str
    next_at: str | None
    done_at: str | None


class GaugeRowTold(TypedDict):
    """One promise, in all categories or in one: sums are for each bad sale."""

    promise: str
    category: str | None
    bad_sales: int
    gain: Money
    sanction: Money
    found_bps: int
    upheld_bps: int
    expected: Money
    pays: bool
    break_even: Money | None
    smallest_floor: Money | None


class GaugeTold(TypedDict):
    as_of: str | None
    bad_sales: int
    sample_broken: int
    sample_known: int
    promises: list[GaugeRowTold]
    not_known: list[WordsTold]


class InspectionTold(TypedDict):
    seller: str
    number: int
    watched: str
    state: str
    outcome: str
    sampled: int
    found: int
    broken: int
    opened_at: str
    closed_at: str | None
    violation: str


class PairTold(TypedDict):
    """A buyer and the shop it claims from; the buyer goes by its latest claim."""

    seller: str
    claim: str
    claims: int
    conceded: int
    sharing: int
    paid: Money
    fund: Money
    signs: list[str]


class PairsTold(TypedDict):
    count: int
    as_of: str | None
    pairs: list[PairTold]


class RankTold(TypedDict):
    """One shop by the last week counted; the rate lies between `least` and `most`, surely."""

    seller: str
    watched: str
    orders: int
    broken: int
    sampled: int
    sample_broken: int
    rate_bps: int
    least_bps: int
    most_bps: int
    market_bps: int
    signals: list[str]
    since_week: int


class SecretTold(TypedDict):
    """What messages are signed with now, as Standard Webhooks writes it."""

    secret: str


class SubscriptionTold(TypedDict):
    number: int
    name: str
    url: str
    kinds: list[str]
    seller_id: str | None
    old_secret_until: str | None
    unanswered: int
    rests_until: str | None
    made_at: str


class SubscriptionsTold(TypedDict):
    subscriptions: list[SubscriptionTold]


class WordsTold(TypedDict):
    zh: str
    en: str
