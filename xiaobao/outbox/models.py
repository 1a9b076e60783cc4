"""The outbox's one table."""

from django.db import models

APPEND_ONLY: tuple[str, ...] = ("outbox_event",)


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
