"""Tables of claims: each as it stands, its timeline, offers, and times its clocks stood still.

Columns stand widest first. Every moment is NOT NULL: one that is not known, or a clock that does
not run, is 'infinity'.
"""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

APPEND_ONLY: tuple[str, ...] = ("claims_event",)


class Claim(models.Model):
    """A claim as it stands; its entries in `claims_event` say how it came there."""

    pk = models.CompositePrimaryKey("seller_id", "claim_id")
    seller_id = models.BigIntegerField()
    claim_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    buyer_id = models.BigIntegerField()
    item_id = models.BigIntegerField()
    promises = models.BigIntegerField()
    evidence_buyer = models.BigIntegerField()
    evidence_seller = models.BigIntegerField()
    asked_minor = models.BigIntegerField()
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    loss_minor = models.BigIntegerField()
    exposure_minor = models.BigIntegerField()
    locked_minor = models.BigIntegerField()
    uncovered_minor = models.BigIntegerField()
    agreed_minor = models.BigIntegerField()
    refund_minor = models.BigIntegerField()
    freight_back_minor = models.BigIntegerField()
    compensation_minor = models.BigIntegerField()
    punitive_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    fund_minor = models.BigIntegerField()
    counted_refund_minor = models.BigIntegerField(db_default=0)
    counted_freight_minor = models.BigIntegerField(db_default=0)
    counted_compensation_minor = models.BigIntegerField(db_default=0)
    test_minor = models.BigIntegerField(db_default=0)
    digest = models.BigIntegerField()  # of what was filed: the same name files the same, once
    ordered_at = models.DateTimeField()
    filed_at = models.DateTimeField()
    seller_since_at = models.DateTimeField()
    seller_base_at = models.DateTimeField()
    seller_due_at = models.DateTimeField()
    buyer_since_at = models.DateTimeField()
    buyer_base_at = models.DateTimeField()
    buyer_due_at = models.DateTimeField()
    talks_since_at = models.DateTimeField()
    talks_base_at = models.DateTimeField()
    talks_due_at = models.DateTimeField()
    platform_since_at = models.DateTimeField()
    platform_base_at = models.DateTimeField()
    platform_due_at = models.DateTimeField()
    stop_until_at = models.DateTimeField()
    appeal_until_at = models.DateTimeField()
    due_at = models.DateTimeField()
    locked_at = models.DateTimeField()
    category_id = models.IntegerField()
    marks = models.IntegerField()
    abuse = models.IntegerField()
    seq = models.IntegerField()
    offers = models.IntegerField()
    stops = models.IntegerField()
    holds = models.IntegerField()
    market_id = models.SmallIntegerField()
    kind = models.SmallIntegerField()
    ask = models.SmallIntegerField()
    stage = models.SmallIntegerField()
    state = models.SmallIntegerField()
    before = models.SmallIntegerField()
    claim_name = models.TextField()
    order_name = models.TextField()
    buyer_name = models.TextField()
    words = models.TextField()

    class Meta:
        db_table = "claims_claim"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="claims_claim_amounts",
                condition=Q(asked_minor__gte=0, goods_minor__gte=0, freight_minor__gte=0)
                & Q(loss_minor__gte=0, exposure_minor__gte=0, locked_minor__gte=0)
                & Q(
                    uncovered_minor__gte=0,
                    agreed_minor__gte=0,
                    refund_minor__gte=0,
                    compensation_minor__gte=0,
                )
                & Q(punitive_minor__gte=0, paid_minor__gte=0, fund_minor__gte=0),
            ),
            models.CheckConstraint(
                name="claims_claim_pays_what_was_decided",
                condition=Q(
                    paid_minor__lte=F("refund_minor")
                    + F("freight_back_minor")
                    + F("compensation_minor")
                ),
            ),
            # One claim of a kind about an order; withdrawn and lapsed ones leave room for another.
            models.UniqueConstraint(
                fields=["seller_id", "order_id", "kind"],
                name="claims_claim_one_of_a_kind",
                condition=~Q(state__in=[13, 14]),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["claim_id"], name="claims_claim_by_name"),
            models.Index(fields=["seller_id", "order_id"], name="claims_claim_by_order"),
            models.Index(fields=["buyer_id", "filed_at"], name="claims_claim_by_buyer"),
            # Claims of a span of days lie together, as they were filed: see `orders_breach`.
            BrinIndex(fields=["ordered_at"], name="claims_claim_by_day", autosummarize=True),
            models.Index(
                fields=["seller_id", "item_id", "kind"],
                name="claims_claim_upheld",
                condition=Q(paid_minor__gt=0),
            ),
            models.Index(
                fields=["state", "platform_due_at"],
                name="claims_claim_to_rule",
                condition=Q(state__in=[6, 8]),
            ),
            # What waits for a ruling, appeals too; few beside all claims there ever were.
            models.Index(
                F("platform_since_at"),
                name="claims_claim_waiting",
                condition=Q(state__in=[6, 16]),
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.claim_name}"


class Event(models.Model):
    """One entry of a claim's timeline; added once, never changed."""

    pk = models.CompositePrimaryKey("seller_id", "claim_id", "seq")
    seller_id = models.BigIntegerField()
    claim_id = models.BigIntegerField()
    digest = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    bits = models.BigIntegerField()
    happened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    cause = models.UUIDField()
    seq = models.IntegerField()
    event = models.SmallIntegerField()
    state = models.SmallIntegerField()
    party = models.SmallIntegerField()
    words = models.TextField()

    class Meta:
        db_table = "claims_event"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller_id", "claim_id", "cause"], name="claims_event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"event {self.claim_id}/{self.seq}"


class Offer(models.Model):
    """What one party offered the other."""

    pk = models.CompositePrimaryKey("seller_id", "claim_id", "number")
    seller_id = models.BigIntegerField()
    claim_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField()
    number = models.IntegerField()
    party = models.SmallIntegerField()
    state = models.SmallIntegerField()
    with_return = models.BooleanField()
    words = models.TextField()

    class Meta:
        db_table = "claims_offer"
        constraints: ClassVar = [
            models.CheckConstraint(name="claims_offer_amount", condition=Q(amount_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"offer {self.claim_id}/{self.number}"


class Stop(models.Model):
    """A time in which the clocks of a claim stood still."""

    pk = models.CompositePrimaryKey("seller_id", "claim_id", "number")
    seller_id = models.BigIntegerField()
    claim_id = models.BigIntegerField()
    stop_at = models.DateTimeField()
    resume_at = models.DateTimeField()
    until_at = models.DateTimeField()
    number = models.IntegerField()
    reason = models.SmallIntegerField()
    party = models.SmallIntegerField()
    # By both parties, or by the platform; a party's alone ends where nobody accepts it in time.
    is_accepted = models.BooleanField(db_default=True)
    words = models.TextField()

    class Meta:
        db_table = "claims_stop"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="claims_stop_runs_forward", condition=Q(resume_at__gte=F("stop_at"))
            ),
        ]
        indexes: ClassVar = [
            # Stops that wait for the desk: few, and asked for with every look at its queue.
            models.Index(
                fields=["until_at"],
                name="claims_stop_to_accept",
                condition=Q(is_accepted=False),
            ),
        ]

    def __str__(self) -> str:
        return f"stop {self.claim_id}/{self.number}"
