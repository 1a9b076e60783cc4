"""Tables of advances: who bore what, what was given back, payouts and their history.

Columns stand widest first, so that rows carry no padding.
"""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

APPEND_ONLY: tuple[str, ...] = (
    "advances_split", "advances_reversal", "advances_recovery", "advances_payout_event",
)  # fmt: skip


class Split(models.Model):
    """Who bore one compensation; added once, so a reversal is exact however much later."""

    pk = models.CompositePrimaryKey("seller_id", "cause")
    seller_id = models.BigIntegerField()
    subject_id = models.BigIntegerField()
    buyer_id = models.BigIntegerField()
    buyer_reserve = models.BigIntegerField()
    buyer_deposit = models.BigIntegerField()
    buyer_cover = models.BigIntegerField()
    buyer_fund = models.BigIntegerField()
    buyer_grant = models.BigIntegerField(db_default=0)  # borne by the fund for good
    platform_reserve = models.BigIntegerField()
    platform_deposit = models.BigIntegerField()
    platform_cover = models.BigIntegerField()
    platform_fund = models.BigIntegerField()
    decided_at = models.DateTimeField()
    cause = models.UUIDField()
    market_id = models.SmallIntegerField()

    class Meta:
        db_table = "advances_split"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="advances_split_amounts",
                condition=Q(buyer_reserve__gte=0, buyer_deposit__gte=0, buyer_cover__gte=0)
                & Q(buyer_fund__gte=0, platform_reserve__gte=0, platform_deposit__gte=0)
                & Q(platform_cover__gte=0, platform_fund__gte=0),
            ),
        ]


class Reversal(models.Model):
    """What the seller got back for one compensation reversed; added once."""

    pk = models.CompositePrimaryKey("seller_id", "cause")
    seller_id = models.BigIntegerField()
    reserve = models.BigIntegerField()
    deposit = models.BigIntegerField()
    cover = models.BigIntegerField()
    cancelled = models.BigIntegerField()
    returned = models.BigIntegerField()
    reversed_at = models.DateTimeField()
    cause = models.UUIDField()  # of the compensation reversed

    class Meta:
        db_table = "advances_reversal"


class Recovery(models.Model):
    """What one recovery took from reserve and deposit towards the debt; added once."""

    pk = models.CompositePrimaryKey("seller_id", "cause")
    seller_id = models.BigIntegerField()
    reserve = models.BigIntegerField()
    deposit = models.BigIntegerField()
    recovered_at = models.DateTimeField()
    cause = models.UUIDField()

    class Meta:
        db_table = "advances_recovery"


class Payout(models.Model):
    """Money on its way to a buyer; its name is the cause that owes it.

    `next_at` is when something is to be done about it; NULL once nothing is.
    """

    pk = models.CompositePrimaryKey("seller_id", "payout")
    seller_id = models.BigIntegerField()
    buyer_id = models.BigIntegerField()
    amount = models.BigIntegerField()
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    payout = models.UUIDField()
    attempts = models.IntegerField(db_default=0)
    queries = models.IntegerField(db_default=0)  # since the last attempt
    market_id = models.SmallIntegerField()
    state = models.SmallIntegerField(db_default=0)
    gateway_ref = models.TextField(db_default="")
    said = models.TextField(db_default="")

    class Meta:
        db_table = "advances_payout"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="advances_payout_counts",
                condition=Q(amount__gt=0, attempts__gte=0, queries__gte=0),
            ),
            # Payouts that have moved or were stopped wait for nothing; all others for a moment.
            models.CheckConstraint(
                name="advances_payout_waits",
                condition=Q(state__in=[2, 5, 6, 7], next_at__isnull=True, ended_at__isnull=False)
                | Q(state__in=[0, 1, 3, 4], next_at__isnull=False, ended_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                F("next_at"), name="advances_payout_due", condition=Q(next_at__isnull=False)
            ),
            models.Index(F("ended_at"), name="advances_payout_unowed", condition=Q(state=7)),
            # Those of a day, for whoever reconciles it: a few bytes for each stretch of the table.
            BrinIndex(
                fields=["created_at", "ended_at"],
                name="advances_payout_by_day",
                autosummarize=True,
            ),
        ]


class PayoutEvent(models.Model):
    """One step of a payout; added only."""

    pk = models.CompositePrimaryKey("seller_id", "payout", "happened_at", "state")
    seller_id = models.BigIntegerField()
    happened_at = models.DateTimeField()
    payout = models.UUIDField()
    attempt = models.IntegerField()
    state = models.SmallIntegerField()
    gateway_ref = models.TextField()
    said = models.TextField()

    class Meta:
        db_table = "advances_payout_event"
