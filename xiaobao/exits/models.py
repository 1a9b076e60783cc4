"""Tables of exits: each as it stands, its events, what each check kept, payments back to sellers.

Every moment is NOT NULL: one that is not known, or a clock that does not run, is 'infinity'.
"""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q, Value

APPEND_ONLY: tuple[str, ...] = (
    "exits_event",
    "exits_kept",
    "exits_check",
    "exits_payment_event",
    "exits_consult_words",
)


class Desk(models.Model):
    """One row per seller that ever asked: locked first by whatever is done about its exits."""

    seller_id = models.BigIntegerField(primary_key=True)

    class Meta:
        db_table = "exits_desk"

    def __str__(self) -> str:
        return f"desk {self.seller_id}"


class Exit(models.Model):
    """An exit as it stands; `exits_event` says how it came there."""

    pk = models.CompositePrimaryKey("seller_id", "number")
    seller_id = models.BigIntegerField()
    asked_minor = models.BigIntegerField()
    locked_minor = models.BigIntegerField()
    sent_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    interest_minor = models.BigIntegerField()
    held_minor = models.BigIntegerField()
    digest = models.BigIntegerField()  # of what was asked: the same key asks the same, once
    terms_at = models.DateTimeField()
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField()
    closing_at = models.DateTimeField()
    quiet_until_at = models.DateTimeField()
    review_due_at = models.DateTimeField()
    approved_at = models.DateTimeField()
    payout_due_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    next_at = models.DateTimeField()
    cause = models.UUIDField()
    number = models.IntegerField()
    marks = models.IntegerField()
    seq = models.IntegerField()
    tranches = models.IntegerField()
    payments = models.IntegerField()
    market_id = models.SmallIntegerField()
    scope = models.SmallIntegerField()
    reason = models.SmallIntegerField()
    state = models.SmallIntegerField()
    words = models.TextField()

    class Meta:
        db_table = "exits_exit"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="exits_exit_amounts",
                condition=Q(asked_minor__gte=0, locked_minor__gte=0, held_minor__gte=0)
                & Q(paid_minor__gte=0, interest_minor__gte=0)
                & Q(sent_minor__gte=F("paid_minor")),
            ),
            models.UniqueConstraint(fields=["seller_id", "cause"], name="exits_exit_once"),
            # One at a time, but that a forced exit begins beside one whose money is on its way.
            models.UniqueConstraint(
                fields=["seller_id"],
                name="exits_exit_one_before_paying",
                condition=Q(state__lte=6),
            ),
        ]

    def __str__(self) -> str:
        return f"exit {self.seller_id}/{self.number}"


class Event(models.Model):
    """One step of an exit; added once, never changed."""

    pk = models.CompositePrimaryKey("seller_id", "number", "seq")
    seller_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    happened_at = models.DateTimeField()
    number = models.IntegerField()
    seq = models.IntegerField()
    event = models.SmallIntegerField()
    state = models.SmallIntegerField()
    by = models.TextField()
    words = models.TextField()

    class Meta:
        db_table = "exits_event"

    def __str__(self) -> str:
        return f"event {self.seller_id}/{self.number}/{self.seq}"


class Kept(models.Model):
    """What one check kept for one thing, with the facts and the terms it was judged on."""

    pk = models.CompositePrimaryKey("seller_id", "number", "seq", "kind", "subject_id")
    seller_id = models.BigIntegerField()
    subject_id = models.BigIntegerField()
    basis_minor = models.BigIntegerField()
    held_minor = models.BigIntegerField()
    since_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    terms_version = models.BigIntegerField()
    number = models.IntegerField()
    seq = models.IntegerField()  # of the event that checked
    kind = models.SmallIntegerField()
    rules_version = models.SmallIntegerField()
    is_waited_for = models.BooleanField()

    class Meta:
        db_table = "exits_kept"

    def __str__(self) -> str:
        return f"kept {self.seller_id}/{self.number}/{self.seq}"


class Check(models.Model):
    """One check whole: what it was judged on and what came of it, so that it can be made again."""

    pk = models.CompositePrimaryKey("seller_id", "number", "seq")
    seller_id = models.BigIntegerField()
    deposit_minor = models.BigIntegerField()
    required_minor = models.BigIntegerField()
    counted_elsewhere_minor = models.BigIntegerField()
    debt_minor = models.BigIntegerField()
    set_off_minor = models.BigIntegerField()
    kept_minor = models.BigIntegerField()
    free_minor = models.BigIntegerField()
    checked_at = models.DateTimeField()
    number = models.IntegerField()
    seq = models.IntegerField()  # of the event that checked
    market_id = models.SmallIntegerField()
    scope = models.SmallIntegerField()
    rules_version = models.SmallIntegerField()
    is_unblockable = models.BooleanField()
    is_waiting = models.BooleanField()
    things = models.JSONField()  # columns of whatever stood, and how each was judged

    class Meta:
        db_table = "exits_check"

    def __str__(self) -> str:
        return f"check {self.seller_id}/{self.number}/{self.seq}"


class Payment(models.Model):
    """Money on its way back to a seller; its name is the key under which it is sent, once."""

    pk = models.CompositePrimaryKey("seller_id", "payment")
    seller_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    payment = models.UUIDField()
    replaces = models.UUIDField(db_default=UUID(int=0))  # whose money it carries instead; or 0
    # Of which frozen sum it is let go; 0 where it is paid.
    lodgement = models.UUIDField(db_default=UUID(int=0))
    number = models.IntegerField()
    attempts = models.IntegerField()
    queries = models.IntegerField()
    market_id = models.SmallIntegerField()
    kind = models.SmallIntegerField()
    state = models.SmallIntegerField()
    account = models.TextField()
    holder = models.TextField()
    # Since when it has been this account and not another, and by whom; 'infinity' where always.
    payee_changed_at = models.DateTimeField(db_default=Value("infinity"))
    payee_changed_by = models.TextField(db_default="")
    gateway_ref = models.TextField()
    said = models.TextField()

    class Meta:
        db_table = "exits_payment"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="exits_payment_counts",
                condition=Q(amount_minor__gt=0, attempts__gte=0, queries__gte=0),
            ),
            models.UniqueConstraint(
                fields=["seller_id", "replaces"],
                condition=~Q(replaces=UUID(int=0)),
                name="exits_payment_replaced_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(F("ended_at"), name="exits_payment_unowed", condition=Q(state=7)),
        ]

    def __str__(self) -> str:
        return f"payment {self.payment}"


class PaymentEvent(models.Model):
    """One step of a payment; added only."""

    pk = models.CompositePrimaryKey("seller_id", "payment", "happened_at", "state", "attempt")
    seller_id = models.BigIntegerField()
    happened_at = models.DateTimeField()
    payment = models.UUIDField()
    attempt = models.IntegerField()
    state = models.SmallIntegerField()
    gateway_ref = models.TextField()
    said = models.TextField()

    class Meta:
        db_table = "exits_payment_event"

    def __str__(self) -> str:
        return f"payment event {self.payment}"


class Consult(models.Model):
    """A thread between a seller and a specialist; `due_at` is by when an answer is owed."""

    pk = models.CompositePrimaryKey("seller_id", "number")
    seller_id = models.BigIntegerField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField()
    number = models.IntegerField()
    seq = models.IntegerField()
    is_late = models.BooleanField()
    topic = models.TextField()

    class Meta:
        db_table = "exits_consult"

    def __str__(self) -> str:
        return f"consultation {self.seller_id}/{self.number}"


class ConsultWords(models.Model):
    """What somebody said in a consultation; added only."""

    pk = models.CompositePrimaryKey("seller_id", "number", "seq")
    seller_id = models.BigIntegerField()
    said_at = models.DateTimeField()
    number = models.IntegerField()
    seq = models.IntegerField()
    is_specialist = models.BooleanField()
    by = models.TextField()
    words = models.TextField()
    key = models.TextField(db_default="")  # of the form: the same key says the same, once

    class Meta:
        db_table = "exits_consult_words"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller_id", "key"], condition=~Q(key=""), name="exits_consult_words_once"
            ),
        ]

    def __str__(self) -> str:
        return f"words {self.seller_id}/{self.number}/{self.seq}"
