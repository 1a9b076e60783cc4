"""Tables of hearings: rulings and appeals, added once and never changed.

Columns stand widest first.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

APPEND_ONLY: tuple[str, ...] = ("hearings_ruling", "hearings_appeal")


class Ruling(models.Model):
    """One decision about one claim; `round` counts those of the claim.

    `reference` names it, and is the cause of what it pays. `content` is all that it was taken on,
    word for word; `sha256` is of that.
    """

    pk = models.CompositePrimaryKey("seller_id", "claim_id", "round")
    seller_id = models.BigIntegerField()
    claim_id = models.BigIntegerField()
    refund_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    compensation_minor = models.BigIntegerField()
    punitive_minor = models.BigIntegerField()
    fund_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    platform_minor = models.BigIntegerField()
    bears_minor = models.BigIntegerField()
    owed_back_minor = models.BigIntegerField()
    ruler_id = models.BigIntegerField()  # 0 where it was no person
    terms_version = models.BigIntegerField()
    key = models.BigIntegerField()  # of the act, under which it is done once
    digest = models.BigIntegerField()  # of what the act said
    ruled_at = models.DateTimeField()
    reference = models.UUIDField()
    market_id = models.SmallIntegerField()
    round = models.SmallIntegerField()
    rules_version = models.SmallIntegerField()
    by = models.SmallIntegerField()
    finding = models.SmallIntegerField()
    outcome = models.SmallIntegerField()
    ground = models.SmallIntegerField()
    kind = models.SmallIntegerField()
    is_departure = models.BooleanField()
    is_reversed = models.BooleanField()
    is_final = models.BooleanField()
    ruler = models.TextField()
    words = models.TextField()
    departure = models.TextField()
    sha256 = models.TextField()
    content = models.TextField()

    class Meta:
        db_table = "hearings_ruling"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="hearings_ruling_amounts",
                condition=Q(refund_minor__gte=0, freight_minor__gte=0, compensation_minor__gte=0)
                & Q(punitive_minor__gte=0, fund_minor__gte=0, paid_minor__gte=0)
                & Q(platform_minor__gte=0, bears_minor__gte=0, owed_back_minor__gte=0),
            ),
            # Who departs from what was proposed says why.
            models.CheckConstraint(
                name="hearings_ruling_departs_with_a_reason",
                condition=Q(is_departure=False) | ~Q(departure=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["reference"], name="hearings_ruling_by_reference"),
            models.Index(fields=["ruled_at"], name="hearings_ruling_by_time"),
        ]

    def __str__(self) -> str:
        return f"ruling {self.claim_id}/{self.round}"


class Appeal(models.Model):
    """One party asks for a new ruling."""

    pk = models.CompositePrimaryKey("seller_id", "claim_id", "number")
    seller_id = models.BigIntegerField()
    claim_id = models.BigIntegerField()
    key = models.BigIntegerField()
    digest = models.BigIntegerField()
    appealed_at = models.DateTimeField()
    number = models.SmallIntegerField()
    round = models.SmallIntegerField()  # of the ruling appealed
    party = models.SmallIntegerField()
    words = models.TextField()

    class Meta:
        db_table = "hearings_appeal"

    def __str__(self) -> str:
        return f"appeal {self.claim_id}/{self.number}"
