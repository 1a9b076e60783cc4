"""Tables of money: lodgements, sums that stay frozen, insurance cover and what was drawn."""

from __future__ import annotations

from django.db import models


class Lodgement(models.Model):
    """Money asked of the seller's account, and what the gateway said became of it."""

    pk = models.CompositePrimaryKey("seller_id", "lodgement")
    seller_id = models.BigIntegerField()
    lodgement = models.UUIDField()
    amount_minor = models.BigIntegerField()
    state = models.SmallIntegerField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    next_query_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    is_ending = models.BooleanField(db_default=False)
    is_frozen = models.BooleanField(db_default=False)
    gateway_ref = models.TextField(default="")
    answer = models.TextField(default="")

    class Meta:
        db_table = "deposits_lodgement"
        indexes = (
            models.Index(
                fields=["next_query_at"],
                condition=models.Q(next_query_at__isnull=False),
                name="deposits_lodgement_query",
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="deposits_lodgement_is_positive", condition=models.Q(amount_minor__gt=0)
            ),
            models.CheckConstraint(
                name="deposits_lodgement_open_is_queried",
                condition=models.Q(state__in=(1, 4), next_query_at__isnull=False)
                | models.Q(state__in=(2, 3), next_query_at__isnull=True),
            ),
        )


class Authorisation(models.Model):
    """A sum frozen in the seller's own account: what of it was taken, let go of, or lost.

    `look_at` is when it is looked at next: before its end, and from then on. `besides_minor` is
    no part of it: it came when nothing of the sum was here any more, and goes back.
    """

    pk = models.CompositePrimaryKey("seller_id", "lodgement")
    seller_id = models.BigIntegerField()
    lodgement = models.UUIDField()
    amount_minor = models.BigIntegerField()
    taken_minor = models.BigIntegerField(db_default=0)
    taking_minor = models.BigIntegerField(db_default=0)
    let_go_minor = models.BigIntegerField(db_default=0)
    leaving_minor = models.BigIntegerField(db_default=0)
    lost_minor = models.BigIntegerField(db_default=0)
    besides_minor = models.BigIntegerField(db_default=0)
    takings = models.IntegerField(db_default=0)
    is_told = models.BooleanField(db_default=False)
    frozen_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    look_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)
    gateway_ref = models.TextField()

    class Meta:
        db_table = "deposits_authorisation"
        indexes = (
            models.Index(
                fields=["look_at"],
                condition=models.Q(look_at__isnull=False),
                name="deposits_authorisation_look",
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="deposits_authorisation_parts",
                condition=models.Q(
                    taken_minor__gte=0, taking_minor__gte=0, let_go_minor__gte=0,
                    leaving_minor__gte=0, lost_minor__gte=0,
                    amount_minor__gte=models.F("taken_minor") + models.F("taking_minor")
                    + models.F("let_go_minor") + models.F("leaving_minor")
                    + models.F("lost_minor"),
                ),
            ),
            models.CheckConstraint(
                name="deposits_authorisation_besides", condition=models.Q(besides_minor__gte=0)
            ),
        )  # fmt: skip


class Taking(models.Model):
    """A part of a frozen sum asked for by the platform; its name is the key it is asked under."""

    pk = models.CompositePrimaryKey("seller_id", "taking")
    seller_id = models.BigIntegerField()
    taking = models.UUIDField()
    lodgement = models.UUIDField()
    amount_minor = models.BigIntegerField()
    state = models.SmallIntegerField()
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(db_default=0)
    queries = models.IntegerField(db_default=0)
    gateway_ref = models.TextField(db_default="")
    answer = models.TextField(db_default="")

    class Meta:
        db_table = "deposits_taking"
        indexes = (
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="deposits_taking_next",
            ),
            models.Index(fields=["ended_at"], name="deposits_taking_ended"),
        )
        constraints = (
            models.CheckConstraint(
                name="deposits_taking_is_positive", condition=models.Q(amount_minor__gt=0)
            ),
            models.CheckConstraint(
                name="deposits_taking_open_is_due",
                condition=models.Q(state__in=(1, 4), next_at__isnull=False)
                | models.Q(state__in=(2, 3), next_at__isnull=True),
            ),
        )


class Cover(models.Model):
    """An insured limit over a span; one at a time per seller."""

    pk = models.CompositePrimaryKey("seller_id", "cover_id")
    seller_id = models.BigIntegerField()
    cover_id = models.BigIntegerField()
    name = models.TextField()
    insurer = models.TextField()
    limit_minor = models.BigIntegerField()
    drawn_minor = models.BigIntegerField(default=0)
    premium_minor = models.BigIntegerField(db_default=0)  # taken from the deposit for it
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "deposits_cover"
        constraints = (
            models.CheckConstraint(
                name="deposits_cover_ends_after_it_begins",
                condition=models.Q(ends_at__gt=models.F("begins_at")),
            ),
            models.CheckConstraint(
                name="deposits_cover_is_not_overdrawn",
                condition=models.Q(drawn_minor__gte=0, drawn_minor__lte=models.F("limit_minor")),
            ),
        )


class Draw(models.Model):
    """What one cause drew from a seller's cover."""

    pk = models.CompositePrimaryKey("seller_id", "cause")
    seller_id = models.BigIntegerField()
    cause = models.UUIDField()
    cover_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    drawn_at = models.DateTimeField()

    class Meta:
        db_table = "deposits_draw"
        constraints = (
            models.CheckConstraint(
                name="deposits_draw_is_positive", condition=models.Q(amount_minor__gt=0)
            ),
        )


class CoverReturn(models.Model):
    """What went back to a seller's cover because the cause that drew it was reversed."""

    pk = models.CompositePrimaryKey("seller_id", "cause")
    seller_id = models.BigIntegerField()
    cause = models.UUIDField()
    cover_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    returned_at = models.DateTimeField()

    class Meta:
        db_table = "deposits_return"
        constraints = (
            models.CheckConstraint(
                name="deposits_return_is_positive", condition=models.Q(amount_minor__gt=0)
            ),
        )
