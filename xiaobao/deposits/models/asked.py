"""Tables of what is asked for: quotes, requirements and their clocks, mixes, the ladder."""

from __future__ import annotations

from django.db import models


class QuoteEntry(models.Model):
    """A quote with the facts it was judged on, its lines, and the versions that judged it."""

    pk = models.CompositePrimaryKey("seller_id", "quoted_at")
    seller_id = models.BigIntegerField()
    quoted_at = models.DateTimeField()
    market_id = models.SmallIntegerField()
    category_id = models.BigIntegerField()
    terms_version = models.BigIntegerField()
    sizing_version = models.BigIntegerField()
    rules_version = models.SmallIntegerField()
    orders = models.BigIntegerField()
    goods_minor = models.BigIntegerField()
    open_orders = models.BigIntegerField()
    open_goods_minor = models.BigIntegerField()
    breaches = models.BigIntegerField()
    breach_minor = models.BigIntegerField()
    has_sold = models.BooleanField()
    midnights_since_sale = models.BigIntegerField()
    debt_minor = models.BigIntegerField()
    is_short = models.BooleanField()
    was_quoted = models.BooleanField()
    was_zero_start = models.BooleanField()
    was_required_minor = models.BigIntegerField()
    base_minor = models.BigIntegerField()
    exposure_minor = models.BigIntegerField()
    risk_minor = models.BigIntegerField()
    special_minor = models.BigIntegerField()
    ceiling_minor = models.BigIntegerField()
    kept_minor = models.BigIntegerField()
    zero_start_minor = models.BigIntegerField()
    required_minor = models.BigIntegerField()
    is_zero_start = models.BooleanField()

    class Meta:
        db_table = "deposits_quote"
        constraints = (
            models.CheckConstraint(
                name="deposits_quote_is_the_sum_of_its_lines",
                condition=models.Q(
                    required_minor=models.F("base_minor")
                    + models.F("exposure_minor")
                    + models.F("risk_minor")
                    + models.F("special_minor")
                    + models.F("ceiling_minor")
                    + models.F("kept_minor")
                    + models.F("zero_start_minor")
                ),
            ),
            models.CheckConstraint(
                name="deposits_quote_is_not_negative",
                condition=models.Q(required_minor__gte=0),
            ),
        )


class Requirement(models.Model):
    """What is asked for now, and the clocks of a shortfall."""

    seller_id = models.BigIntegerField(primary_key=True)
    market_id = models.SmallIntegerField()
    required_minor = models.BigIntegerField()
    is_zero_start = models.BooleanField()
    # NULL until the first quote is made, in the transaction that adds the row.
    quoted_at = models.DateTimeField(null=True)
    next_quote_at = models.DateTimeField(null=True)
    short_since = models.DateTimeField(null=True)
    top_up_due_at = models.DateTimeField(null=True)
    step = models.SmallIntegerField(default=0)
    next_due_at = models.DateTimeField(null=True)
    seq = models.IntegerField(default=0)

    class Meta:
        db_table = "deposits_requirement"
        indexes = (
            models.Index(
                fields=["next_quote_at"],
                condition=models.Q(next_quote_at__isnull=False),
                name="deposits_requirement_quote",
            ),
            models.Index(
                fields=["next_due_at"],
                condition=models.Q(next_due_at__isnull=False),
                name="deposits_requirement_due",
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="deposits_requirement_clocks_run_together",
                condition=models.Q(
                    short_since__isnull=True,
                    top_up_due_at__isnull=True,
                    next_due_at__isnull=True,
                    step=0,
                )
                | models.Q(short_since__isnull=False, top_up_due_at__isnull=False),
            ),
        )


class Mix(models.Model):
    """What a seller chose in place of cash: a share of settlements withheld, and instalments.

    `deferred_minor` is what of the plan is not due yet, `unpaid_minor` what of it was not lodged:
    the smaller of them is no shortfall yet.
    """

    seller_id = models.BigIntegerField(primary_key=True)
    deferred_minor = models.BigIntegerField()
    instalment_minor = models.BigIntegerField()
    unpaid_minor = models.BigIntegerField(db_default=0)
    due_at = models.DateTimeField(null=True)
    chosen_at = models.DateTimeField()
    reserve_bps = models.IntegerField()

    class Meta:
        db_table = "deposits_mix"
        indexes = (
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="deposits_mix_due",
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="deposits_mix_amounts",
                condition=models.Q(
                    deferred_minor__gte=0, instalment_minor__gte=0,
                    reserve_bps__gte=0, reserve_bps__lte=10_000,
                ),
            ),
        )  # fmt: skip


class Release(models.Model):
    """When a seller's withheld settlement is to be looked at next, for what may go back."""

    seller_id = models.BigIntegerField(primary_key=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "deposits_release"
        indexes = (
            models.Index(
                fields=["due_at"],
                condition=models.Q(due_at__isnull=False),
                name="deposits_release_due",
            ),
        )


class LadderEntry(models.Model):
    """One event on a seller's ladder, numbered from 1."""

    pk = models.CompositePrimaryKey("seller_id", "seq")
    seller_id = models.BigIntegerField()
    seq = models.IntegerField()
    event = models.SmallIntegerField()
    step = models.SmallIntegerField()
    required_minor = models.BigIntegerField()
    available_minor = models.BigIntegerField()
    happened_at = models.DateTimeField()

    class Meta:
        db_table = "deposits_event"
