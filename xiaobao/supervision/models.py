"""Tables of supervision: weeks as counted and judged, inspections with samples and findings.

Every moment is NOT NULL: one that is not known is 'infinity'.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

APPEND_ONLY: tuple[str, ...] = (
    "supervision_week",
    "supervision_judged_by",
    "supervision_sampled",
    "supervision_finding",
    "supervision_event",
)


class Week(models.Model):
    """One week of one shop and one thing watched: what was counted, and how it was judged.

    Counts of the span are those of the weeks that the rate is estimated from; rates and limits in
    ten-thousandths. `since_week` is the first week of a signal that stands; 0 where none does.
    """

    pk = models.CompositePrimaryKey("seller_id", "watched", "week")
    seller_id = models.BigIntegerField()
    week = models.IntegerField()  # its Monday, in days since 1970-01-01
    orders = models.IntegerField()
    broken = models.IntegerField()
    span_orders = models.IntegerField()
    span_broken = models.IntegerField()
    sampled = models.IntegerField()
    sample_broken = models.IntegerField()
    rate_bps = models.IntegerField()
    least_bps = models.IntegerField()
    most_bps = models.IntegerField()
    centre_bps = models.IntegerField()
    low_bps = models.IntegerField()
    high_bps = models.IntegerField()
    market_bps = models.IntegerField()
    funnel_bps = models.IntegerField()
    since_week = models.IntegerField()
    market_id = models.SmallIntegerField()
    watched = models.SmallIntegerField()
    signals = models.SmallIntegerField()
    rules_version = models.SmallIntegerField()

    class Meta:
        db_table = "supervision_week"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="supervision_week_counts",
                condition=Q(orders__gte=0, broken__gte=0, broken__lte=models.F("orders"))
                & Q(span_broken__lte=models.F("span_orders"))
                & Q(sample_broken__lte=models.F("sampled")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["market_id", "week", "watched", "-least_bps"],
                name="supervision_week_ranked",
            ),
            models.Index(
                fields=["market_id", "week", "since_week"],
                name="supervision_week_signals",
                condition=Q(signals__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"week {self.seller_id}/{self.watched}/{self.week}"


class JudgedBy(models.Model):
    """The numbers by which one week of a market was judged, and the hash of the file with them."""

    pk = models.CompositePrimaryKey("market_id", "week")
    market_id = models.SmallIntegerField()
    week = models.IntegerField()
    sha256 = models.TextField()
    numbers = models.JSONField()

    class Meta:
        db_table = "supervision_judged_by"

    def __str__(self) -> str:
        return f"judged by {self.market_id}/{self.week}"


class Look(models.Model):
    """The week that is to be counted next in a market, and when."""

    market_id = models.SmallIntegerField(primary_key=True)
    due_at = models.DateTimeField()
    week = models.IntegerField()

    class Meta:
        db_table = "supervision_look"

    def __str__(self) -> str:
        return f"look at market {self.market_id}"


class Desk(models.Model):
    """One row per shop ever inspected: locked first by whatever is done about its inspections."""

    seller_id = models.BigIntegerField(primary_key=True)

    class Meta:
        db_table = "supervision_desk"

    def __str__(self) -> str:
        return f"desk {self.seller_id}"


class Inspection(models.Model):
    """One inspection: what of whose orders is looked at, why, and what it came to.

    `seed` and the span of orders draw the sample again.
    """

    pk = models.CompositePrimaryKey("seller_id", "number")
    seller_id = models.BigIntegerField()
    seed = models.BigIntegerField()
    opened_by_id = models.BigIntegerField()
    since_at = models.DateTimeField()
    until_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField()
    number = models.IntegerField()
    week = models.IntegerField()  # the last one counted when it was opened
    population = models.IntegerField()
    sampled = models.IntegerField()
    found = models.IntegerField()
    broken = models.IntegerField()
    seq = models.IntegerField()
    market_id = models.SmallIntegerField()
    watched = models.SmallIntegerField()
    state = models.SmallIntegerField()
    outcome = models.SmallIntegerField()
    opened_by = models.TextField()
    words = models.TextField()
    violation = models.TextField()  # the name of what it led to

    class Meta:
        db_table = "supervision_inspection"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="supervision_inspection_counts",
                condition=Q(sampled__gte=1, sampled__lte=models.F("population"))
                & Q(found__lte=models.F("sampled"), broken__lte=models.F("found")),
            ),
            # A breach is never found without the violation that follows from it.
            models.CheckConstraint(
                name="supervision_inspection_leads_on",
                condition=(Q(outcome=2) & ~Q(violation="") & Q(broken__gte=1))
                | (~Q(outcome=2) & Q(violation="")),
            ),
            models.UniqueConstraint(
                fields=["seller_id"], name="supervision_inspection_one_open", condition=Q(state=1)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-opened_at"], name="supervision_inspection_latest"),
        ]

    def __str__(self) -> str:
        return f"inspection {self.seller_id}/{self.number}"


class Sampled(models.Model):
    """One order drawn for an inspection, and whether it was known to be broken by then."""

    pk = models.CompositePrimaryKey("seller_id", "number", "order_id")
    seller_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    number = models.IntegerField()
    is_known = models.BooleanField()

    class Meta:
        db_table = "supervision_sampled"

    def __str__(self) -> str:
        return f"sampled {self.seller_id}/{self.number}/{self.order_id}"


class Finding(models.Model):
    """What was found about one order of a sample; added once."""

    pk = models.CompositePrimaryKey("seller_id", "number", "order_id")
    seller_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    number = models.IntegerField()
    seq = models.IntegerField()  # of the event that recorded it
    finding = models.SmallIntegerField()
    words = models.TextField()

    class Meta:
        db_table = "supervision_finding"

    def __str__(self) -> str:
        return f"finding {self.seller_id}/{self.number}/{self.order_id}"


class Event(models.Model):
    """What somebody did about an inspection, under the key of the act; added once."""

    pk = models.CompositePrimaryKey("seller_id", "number", "seq")
    seller_id = models.BigIntegerField()
    digest = models.BigIntegerField()  # of what the act said
    by_id = models.BigIntegerField()
    happened_at = models.DateTimeField()
    number = models.IntegerField()
    seq = models.IntegerField()
    event = models.SmallIntegerField()
    by = models.TextField()
    words = models.TextField()
    key = models.TextField()

    class Meta:
        db_table = "supervision_event"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seller_id", "key"], name="supervision_event_once"),
        ]

    def __str__(self) -> str:
        return f"event {self.seller_id}/{self.number}/{self.seq}"
