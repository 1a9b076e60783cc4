"""Tables of violations: each as it stands, its events, points per class, penalties, looks.

Columns stand widest first. Every moment is NOT NULL: one that is not known, or a clock that does
not run, is 'infinity'.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

APPEND_ONLY: tuple[str, ...] = ("violations_event", "violations_step")


class Violation(models.Model):
    """A violation as it stands, with the facts its weight was judged on and the versions."""

    pk = models.CompositePrimaryKey("seller_id", "violation_id")
    seller_id = models.BigIntegerField()
    violation_id = models.BigIntegerField()
    incident_id = models.BigIntegerField()  # 0 where it is nobody else's incident
    subject_id = models.BigIntegerField()  # the claim, or the first day of the period
    digest = models.BigIntegerField()  # of what was recorded: the same name records the same
    units = models.BigIntegerField()
    earlier = models.BigIntegerField()
    points_in_cap = models.BigIntegerField()
    points = models.BigIntegerField()
    penalty_minor = models.BigIntegerField()
    held_minor = models.BigIntegerField()
    taken_hold_minor = models.BigIntegerField()
    taken_deposit_minor = models.BigIntegerField()
    taken_fund_minor = models.BigIntegerField()
    terms_version = models.BigIntegerField()
    class_version = models.BigIntegerField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    appeal_until_at = models.DateTimeField()
    decide_by_at = models.DateTimeField()
    due_at = models.DateTimeField()
    counted_day = models.IntegerField()
    expires_day = models.IntegerField()
    seq = models.IntegerField()
    market_id = models.SmallIntegerField()
    kind = models.SmallIntegerField()
    points_class = models.SmallIntegerField()
    source = models.SmallIntegerField()
    state = models.SmallIntegerField()
    effect = models.SmallIntegerField()
    strikes = models.SmallIntegerField()
    rules_version = models.SmallIntegerField()
    is_corrected = models.BooleanField()
    is_same_incident = models.BooleanField()
    is_waived = models.BooleanField(default=False)  # the platform missed its clock: no money
    violation_name = models.TextField()
    words = models.TextField()
    recorded_by = models.TextField()

    class Meta:
        db_table = "violations_violation"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="violations_violation_amounts",
                condition=Q(points__gte=0, strikes__gte=0, penalty_minor__gte=0)
                & Q(held_minor__gte=0, held_minor__lte=F("penalty_minor"))
                & Q(
                    taken_hold_minor__gte=0,
                    taken_deposit_minor__gte=0,
                    taken_fund_minor__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="violations_violation_takes_no_more",
                condition=Q(
                    penalty_minor__gte=F("taken_hold_minor")
                    + F("taken_deposit_minor")
                    + F("taken_fund_minor")
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["violation_id"], name="violations_violation_by_name"),
            models.Index(
                fields=["seller_id", "kind", "happened_at"], name="violations_violation_by_kind"
            ),
            models.Index(
                fields=["due_at"],
                name="violations_violation_due",
                condition=Q(state__in=[2, 3]),
            ),
        ]

    def __str__(self) -> str:
        return f"violation {self.violation_name}"


class Event(models.Model):
    """One event of a violation; added once, never changed."""

    pk = models.CompositePrimaryKey("seller_id", "violation_id", "seq")
    seller_id = models.BigIntegerField()
    violation_id = models.BigIntegerField()
    happened_at = models.DateTimeField()
    seq = models.IntegerField()
    event = models.SmallIntegerField()
    state = models.SmallIntegerField()
    by = models.TextField()
    words = models.TextField()

    class Meta:
        db_table = "violations_event"

    def __str__(self) -> str:
        return f"event {self.violation_id}/{self.seq}"


class Tally(models.Model):
    """Points of one class of one seller as the last night that counted them left them.

    `due_at` is the end of the day that is to be counted next; 'infinity' where none is.
    """

    pk = models.CompositePrimaryKey("seller_id", "points_class")
    seller_id = models.BigIntegerField()
    points = models.BigIntegerField()
    strikes = models.BigIntegerField()
    due_at = models.DateTimeField()
    day = models.IntegerField()  # the last day counted; 0 before the first
    market_id = models.SmallIntegerField()
    points_class = models.SmallIntegerField()

    class Meta:
        db_table = "violations_tally"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="violations_tally_not_negative", condition=Q(points__gte=0, strikes__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"tally {self.seller_id}/{self.points_class}"


class Step(models.Model):
    """One night's count: what it was taken on, what it came to, and the versions that decided.

    `number` is 0 for the night itself, and counts the recounts after a violation was revoked.
    """

    pk = models.CompositePrimaryKey("seller_id", "points_class", "day", "number")
    seller_id = models.BigIntegerField()
    points_before = models.BigIntegerField()
    strikes_before = models.BigIntegerField()
    points_today = models.BigIntegerField()
    strikes_today = models.BigIntegerField()
    penalty_minor = models.BigIntegerField()
    expiring = models.BigIntegerField()
    reached = models.BigIntegerField()
    points = models.BigIntegerField()
    strikes = models.BigIntegerField()
    class_version = models.BigIntegerField()
    happened_at = models.DateTimeField()
    day = models.IntegerField()
    number = models.IntegerField()
    points_class = models.SmallIntegerField()
    rung = models.SmallIntegerField()
    rules_version = models.SmallIntegerField()
    is_year_end = models.BooleanField()
    begins = models.BooleanField()
    is_forced_out = models.BooleanField()

    class Meta:
        db_table = "violations_step"

    def __str__(self) -> str:
        return f"step {self.seller_id}/{self.points_class}/{self.day}"


class Penalty(models.Model):
    """What a night's count brought: from when to when, and its place in the public register."""

    pk = models.CompositePrimaryKey("seller_id", "day", "step")
    seller_id = models.BigIntegerField()
    points = models.BigIntegerField()
    strikes = models.BigIntegerField()
    penalty_minor = models.BigIntegerField()
    terms_version = models.BigIntegerField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    published_at = models.DateTimeField()
    publish_by_at = models.DateTimeField()
    corrected_at = models.DateTimeField()  # 'infinity' unless revoked
    shown_until_at = models.DateTimeField()
    day = models.IntegerField()
    market_id = models.SmallIntegerField()
    step = models.SmallIntegerField()  # ten times the class, and the rung
    state = models.SmallIntegerField()
    is_restricting = models.BooleanField()

    class Meta:
        db_table = "violations_penalty"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="violations_penalty_runs_forward",
                condition=Q(ends_at__gte=F("begins_at")),
            ),
            models.CheckConstraint(
                name="violations_penalty_published_in_time",
                condition=Q(published_at__lte=F("publish_by_at")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["ends_at"], name="violations_penalty_running", condition=Q(state=1)
            ),
            models.Index(fields=["shown_until_at"], name="violations_penalty_shown"),
        ]

    def __str__(self) -> str:
        return f"penalty {self.seller_id}/{self.day}/{self.step}"


class ForcedExit(models.Model):
    """A decision that a seller has to leave, and what became of it."""

    pk = models.CompositePrimaryKey("seller_id", "day", "step")
    seller_id = models.BigIntegerField()
    points = models.BigIntegerField()
    strikes = models.BigIntegerField()
    terms_version = models.BigIntegerField()
    decided_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField()  # carried out, or revoked; 'infinity' until then
    day = models.IntegerField()
    market_id = models.SmallIntegerField()
    step = models.SmallIntegerField()
    state = models.SmallIntegerField()

    class Meta:
        db_table = "violations_forced_exit"
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], name="violations_forced_exit_due", condition=Q(state=1)
            ),
        ]

    def __str__(self) -> str:
        return f"forced exit {self.seller_id}/{self.day}"


class Look(models.Model):
    """How far a market's rulings and breaches were looked at, and when the next look is due."""

    market_id = models.SmallIntegerField(primary_key=True)
    rulings_until_at = models.DateTimeField()
    rulings_due_at = models.DateTimeField()
    breaches_until_at = models.DateTimeField()
    breaches_due_at = models.DateTimeField()

    class Meta:
        db_table = "violations_look"

    def __str__(self) -> str:
        return f"looks at market {self.market_id}"
