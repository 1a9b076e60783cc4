"""Tables of this room: facts, orders as folded, offer lines, clocks, breaches, daily caps.

Every moment column is NOT NULL: one that is not known is 'infinity', later than any clock, except
in `orders_fact`, which keeps what came as it came.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from xiaobao.kernel.columns import FAR_US

APPEND_ONLY = ("orders_fact", "orders_line", "orders_breach", "orders_breach_detail")


class Fact(models.Model):
    """A fact as it came; `digest` is the hash of its content, so one told twice is one row."""

    pk = models.CompositePrimaryKey("seller_id", "order_id", "kind", "digest")
    seller_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    kind = models.SmallIntegerField()
    digest = models.BigIntegerField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    market_id = models.SmallIntegerField()
    route = models.SmallIntegerField(null=True)
    reason = models.SmallIntegerField(null=True)
    ship_hours = models.IntegerField(null=True)
    category_id = models.IntegerField(null=True)
    quantity = models.IntegerField(null=True)
    buyer_id = models.BigIntegerField(null=True)
    goods_minor = models.BigIntegerField(null=True)
    freight_minor = models.BigIntegerField(null=True)
    ship_by_at = models.DateTimeField(null=True)
    amount_minor = models.BigIntegerField(null=True)
    waybill_id = models.BigIntegerField(null=True)
    item_id = models.BigIntegerField(null=True)
    price_minor = models.BigIntegerField(null=True)
    buyer = models.TextField(null=True)
    category = models.TextField(null=True)
    waybill = models.TextField(null=True)
    item = models.TextField(null=True)
    title = models.TextField(null=True)

    class Meta:
        db_table = "orders_fact"


class Order(models.Model):
    """An order as its facts leave it; always equal to the fold of its rows of `orders_fact`."""

    pk = models.CompositePrimaryKey("seller_id", "order_id")
    seller_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    market_id = models.SmallIntegerField()
    route = models.SmallIntegerField()
    cancel_reason = models.SmallIntegerField()
    ordered_day = models.IntegerField()  # since 1970-01-01, in the market's zone
    ship_hours = models.IntegerField()
    category_id = models.IntegerField()
    scans = models.IntegerField()
    reports = models.IntegerField()
    facts = models.IntegerField()
    flags = models.IntegerField()
    buyer_id = models.BigIntegerField()
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    placed_digest = models.BigIntegerField()
    refund_asked_minor = models.BigIntegerField()
    refund_paid_minor = models.BigIntegerField()
    ordered_at = models.DateTimeField()
    ship_by_at = models.DateTimeField()
    paid_at = models.DateTimeField()
    labelled_at = models.DateTimeField()
    first_scan_at = models.DateTimeField()
    last_scan_at = models.DateTimeField()
    delivered_at = models.DateTimeField()
    signed_at = models.DateTimeField()
    completed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField()
    refund_asked_at = models.DateTimeField()
    refund_paid_at = models.DateTimeField()
    return_shipped_at = models.DateTimeField()
    return_received_at = models.DateTimeField()
    order_name = models.TextField()

    class Meta:
        db_table = "orders_order"
        indexes = (models.Index(fields=["seller_id", "ordered_at"], name="orders_order_by_time"),)


class Report(models.Model):
    """A report of force majeure that came in time: its review, and the platform's clock for it."""

    pk = models.CompositePrimaryKey("seller_id", "order_id")
    seller_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    market_id = models.SmallIntegerField()
    state = models.SmallIntegerField()
    happened_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    due_at = models.DateTimeField()
    until_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    decided_by = models.TextField(default="")
    words = models.TextField(default="")

    class Meta:
        db_table = "orders_report"
        indexes = (models.Index(fields=["state", "due_at"], name="orders_report_by_clock"),)


class Line(models.Model):
    """One line of the offer as it stood at order time: the snapshot, under its own digest.

    `ordered_at` with the market says which terms were in force; `is_covered` whether the item was
    marked. Where contradicting facts move the order's time, the line is written again under it.
    """

    pk = models.CompositePrimaryKey("seller_id", "order_id", "digest")
    seller_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    digest = models.BigIntegerField()
    fact_digest = models.BigIntegerField()
    ordered_at = models.DateTimeField()
    item_id = models.BigIntegerField()
    price_minor = models.BigIntegerField()
    quantity = models.IntegerField()
    is_covered = models.BooleanField()
    item = models.TextField()
    title = models.TextField()

    class Meta:
        db_table = "orders_line"
        # Each item that a shop ever sold, and what one sold, without all lines of the shop.
        indexes = (models.Index(fields=["seller_id", "item_id"], name="orders_line_by_item"),)


class Watch(models.Model):
    """The next moment at which a clock of an order runs out, given the facts known.

    `due_at` is 'infinity' where nothing can run out any more; the migration indexes the others
    (Django cannot name that moment). `judged` has a bit per breach kind
    found already; `paid_minor` is what those paid the buyer, and claims about the same;
    `platform_minor` the punitive part.
    """

    pk = models.CompositePrimaryKey("seller_id", "order_id", "clock")
    seller_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    clock = models.SmallIntegerField()
    judged = models.SmallIntegerField()
    due_at = models.DateTimeField()
    paid_minor = models.BigIntegerField()
    platform_minor = models.BigIntegerField(db_default=0)

    class Meta:
        db_table = "orders_watch"


class Breach(models.Model):
    """A promise found broken: the facts it was judged on, the sum, the terms, the cause.

    Columns ending in `_us` are the judged facts as the rule saw them: microseconds since 1970
    UTC, an unknown moment as the rules write it.
    """

    pk = models.CompositePrimaryKey("seller_id", "order_id", "kind")
    seller_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    kind = models.SmallIntegerField()
    clock = models.SmallIntegerField()
    market_id = models.SmallIntegerField()
    ground = models.SmallIntegerField()
    rules_version = models.SmallIntegerField()
    route = models.SmallIntegerField()
    cancel_reason = models.SmallIntegerField()
    is_paid_by_itself = models.BooleanField()
    ordered_day = models.IntegerField()
    ship_hours = models.IntegerField()
    buyer_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    cause = models.UUIDField()
    terms_version = models.BigIntegerField()
    shipping_version = models.BigIntegerField()
    base_minor = models.BigIntegerField()
    owed_minor = models.BigIntegerField()
    order_had_minor = models.BigIntegerField()
    pair_had_minor = models.BigIntegerField()
    buyer_minor = models.BigIntegerField()
    platform_minor = models.BigIntegerField()
    platform_had_minor = models.BigIntegerField(db_default=0)
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    since_us = models.BigIntegerField()
    ordered_us = models.BigIntegerField()
    ship_by_us = models.BigIntegerField()
    paid_us = models.BigIntegerField()
    labelled_us = models.BigIntegerField()
    first_scan_us = models.BigIntegerField()
    delivered_us = models.BigIntegerField()
    signed_us = models.BigIntegerField()
    completed_us = models.BigIntegerField()
    cancelled_us = models.BigIntegerField()
    return_shipped_us = models.BigIntegerField()
    return_received_us = models.BigIntegerField()
    refund_asked_us = models.BigIntegerField(db_default=FAR_US)
    is_platforms = models.BooleanField(db_default=False)

    class Meta:
        db_table = "orders_breach"
        constraints = (
            models.CheckConstraint(
                name="orders_breach_amounts",
                condition=models.Q(
                    buyer_minor__gte=0,
                    platform_minor__gte=0,
                    buyer_minor__lte=models.F("owed_minor"),
                ),
            ),
        )
        # Breaches are found in about the order of their days: a few bytes for each stretch of the
        # table say where a span of days lies, and adding a breach costs next to nothing.
        indexes: ClassVar = [
            BrinIndex(fields=["ordered_day"], name="orders_breach_by_day", autosummarize=True)
        ]


class BreachDetail(models.Model):
    """A scan or a refund that a breach was judged on, as it was known when it was found.

    Facts that are told later, of a moment before, change nothing here.
    """

    pk = models.CompositePrimaryKey("seller_id", "order_id", "kind", "number")
    seller_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    at_us = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    waybill_id = models.BigIntegerField()
    number = models.IntegerField()
    kind = models.SmallIntegerField()  # of the breach
    fact = models.SmallIntegerField()
    recorded_us = models.BigIntegerField(db_default=0)  # of a report, and of its review

    class Meta:
        db_table = "orders_breach_detail"


class PairDay(models.Model):
    """What a buyer was paid for one kind of breach on one seller's orders of one day."""

    pk = models.CompositePrimaryKey("seller_id", "buyer_id", "ordered_day", "kind")
    seller_id = models.BigIntegerField()
    buyer_id = models.BigIntegerField()
    ordered_day = models.IntegerField()
    kind = models.SmallIntegerField()
    paid_minor = models.BigIntegerField()

    class Meta:
        db_table = "orders_pair_day"
