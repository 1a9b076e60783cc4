"""Tables of this door: stretches of time lived, the generated marketplace, buyers' links."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

APPEND_ONLY: tuple[str, ...] = ()


class Window(models.Model):
    """A stretch of one day, open while it is being lived.

    So a run that was cut off there ends it as it would have ended.
    """

    ends_at = models.DateTimeField(primary_key=True)  # the last moment inside
    begins_at = models.DateTimeField()
    is_open = models.BooleanField()
    times = models.IntegerField(db_default=1)  # facts that came late open it again

    class Meta:
        db_table = "work_window"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="work_window_runs_forward", condition=Q(begins_at__lte=F("ends_at"))
            ),
        ]


class Life(models.Model):
    """The generated marketplace that is lived in this database, where there is one."""

    life = models.SmallIntegerField(primary_key=True)
    plan = models.TextField()  # in words: another plan is another marketplace
    days = models.IntegerField()  # recorded so far; each in one transaction with this number
    claimed = models.IntegerField(db_default=0)  # days whose claims were lived to their end

    class Meta:
        db_table = "work_life"
        constraints: ClassVar = [
            models.CheckConstraint(name="work_life_is_one", condition=Q(life=1)),
        ]


class Pass(models.Model):
    """A link to one order for its buyer; opened once."""

    pk = models.CompositePrimaryKey("seller_id", "pass_id")
    seller_id = models.BigIntegerField()
    pass_id = models.UUIDField()  # the fingerprint of the secret
    order_id = models.BigIntegerField()
    made_at = models.DateTimeField()
    until_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "work_pass"

    def __str__(self) -> str:
        return f"pass {self.pass_id}"
