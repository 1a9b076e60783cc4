"""Who may do what: members of shops and of staff, invitations; and who looked at whose data."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

APPEND_ONLY = ("people_look", "people_event")


class Member(models.Model):
    """A person's role: in a shop, or with `seller_id` 0 on the marketplace's staff."""

    pk = models.CompositePrimaryKey("seller_id", "user_id", "role")
    seller_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    role = models.SmallIntegerField()
    since_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_member"
        indexes: ClassVar = [models.Index(fields=["user_id"], name="people_member_by_user")]

    def __str__(self) -> str:
        return f"member {self.user_id} of {self.seller_id}"


class Look(models.Model):
    """Somebody of the staff looked at a page with personal data of a seller's or a buyer's."""

    pk = models.CompositePrimaryKey("seller_id", "look_id")
    seller_id = models.BigIntegerField()
    look_id = models.UUIDField()
    user_id = models.BigIntegerField()
    role = models.SmallIntegerField()
    looked_at = models.DateTimeField()
    page = models.TextField()

    class Meta:
        db_table = "people_look"
        indexes: ClassVar = [models.Index(fields=["looked_at"], name="people_look_by_time")]

    def __str__(self) -> str:
        return f"look {self.look_id}"


class Invitation(models.Model):
    """A link by which a person sets the password of their account, once; its fingerprint alone."""

    invitation_id = models.UUIDField(primary_key=True)
    user_id = models.BigIntegerField()
    made_at = models.DateTimeField()
    until_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_invitation"
        indexes: ClassVar = [models.Index(fields=["user_id"], name="people_invitation_by_user")]

    def __str__(self) -> str:
        return f"invitation {self.invitation_id}"


class Event(models.Model):
    """What happened to an account, and who did it; `role` 0 where it was about no role."""

    pk = models.CompositePrimaryKey("seller_id", "event_id")
    seller_id = models.BigIntegerField()
    event_id = models.UUIDField()
    user_id = models.BigIntegerField()
    event = models.SmallIntegerField()
    role = models.SmallIntegerField()
    by_user_id = models.BigIntegerField()
    by = models.TextField()
    happened_at = models.DateTimeField()

    class Meta:
        db_table = "people_event"
        indexes: ClassVar = [models.Index(fields=["happened_at"], name="people_event_by_time")]

    def __str__(self) -> str:
        return f"event {self.event_id}"


class Intent(models.Model):
    """What one person signed for and a second has to; `ended_by` signed too, or refused."""

    pk = models.CompositePrimaryKey("seller_id", "intent_id")
    seller_id = models.BigIntegerField()
    intent_id = models.UUIDField()
    duty = models.SmallIntegerField()
    subject = models.TextField()
    words = models.TextField()
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    by_user_id = models.BigIntegerField()
    by = models.TextField()
    made_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(db_default="")
    is_signed = models.BooleanField(db_default=False)

    class Meta:
        db_table = "people_intent"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller_id", "duty", "subject"],
                condition=Q(ended_at__isnull=True),
                name="people_intent_once",
            ),
        ]

    def __str__(self) -> str:
        return f"intent {self.intent_id}"


class Zone(models.Model):
    """The time zone in which a person reads moments, by its name."""

    user_id = models.BigIntegerField(primary_key=True)
    zone = models.TextField()
    chosen_at = models.DateTimeField()

    class Meta:
        db_table = "people_zone"

    def __str__(self) -> str:
        return f"zone of {self.user_id}"
