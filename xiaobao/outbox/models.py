"""Tables of the outbox: what was told, who subscribed, and every event's way to each of them."""

from typing import ClassVar

from django.db import models

APPEND_ONLY: tuple[str, ...] = ("outbox_event", "outbox_attempt")
# Never changed, and kept for a while only.
MAY_BE_DELETED = ("outbox_attempt",)


class Event(models.Model):
    """One thing the outside must be told; added once, never changed."""

    pk = models.CompositePrimaryKey("seller_id", "event")
    seller_id = models.BigIntegerField()
    event = models.UUIDField()
    kind = models.SmallIntegerField()
    cause = models.UUIDField()
    subject_id = models.BigIntegerField()
    party_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "outbox_event"


class Subscription(models.Model):
    """Who is told of what, and where; few rows, read by every act that tells anything.

    No secret is kept: they are made from the house's key, the number and the generation.
    """

    subscription = models.AutoField(primary_key=True)
    name = models.TextField()
    url = models.TextField()
    patterns = models.TextField()  # with blanks between
    only_seller = models.BigIntegerField(db_default=0)
    is_of_shop = models.BooleanField(db_default=False)
    generation = models.IntegerField(db_default=1)
    old_until = models.DateTimeField(null=True)
    unanswered = models.IntegerField(db_default=0)  # sets in a row to which nobody answered
    rests_until = models.DateTimeField(null=True)  # nothing is sent to it before
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outbox_subscription"
        indexes: ClassVar = [
            models.Index(
                fields=["only_seller"],
                name="outbox_subscription_of",
                condition=models.Q(ended_at=None),
            ),
        ]


class Delivery(models.Model):
    """One event on its way to one subscriber, written in the transaction of the act.

    The migration numbers them as they come: of one seller they go out in that order.
    """

    pk = models.CompositePrimaryKey("seller_id", "subscription", "event")
    seller_id = models.BigIntegerField()
    number = models.BigIntegerField()
    event = models.UUIDField()
    subscription = models.IntegerField()
    kind = models.SmallIntegerField()
    state = models.SmallIntegerField(db_default=0)
    attempts = models.SmallIntegerField(db_default=0)  # since it was told, or replayed
    tries = models.IntegerField(db_default=0)  # ever
    last_status = models.SmallIntegerField(db_default=0)
    last_trouble = models.SmallIntegerField(db_default=0)
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outbox_delivery"
        indexes: ClassVar = [
            models.Index(
                fields=["subscription", "seller_id", "number"],
                name="outbox_delivery_waiting",
                condition=models.Q(state=0),
            ),
            models.Index(fields=["subscription", "number"], name="outbox_delivery_listed"),
            models.Index(fields=["number"], name="outbox_delivery_newest"),
        ]


class Attempt(models.Model):
    """What came of one attempt."""

    pk = models.CompositePrimaryKey("seller_id", "subscription", "event", "attempt")
    seller_id = models.BigIntegerField()
    event = models.UUIDField()
    subscription = models.IntegerField()
    attempt = models.IntegerField()
    took_ms = models.IntegerField()
    status = models.SmallIntegerField()
    trouble = models.SmallIntegerField()
    tried_at = models.DateTimeField()
    answer = models.TextField()

    class Meta:
        db_table = "outbox_attempt"
        indexes: ClassVar = [models.Index(fields=["tried_at"], name="outbox_attempt_at")]
