"""Tables of trust: reports as they were published, and the quarter that is due next."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

APPEND_ONLY: tuple[str, ...] = ("trust_report",)


class Report(models.Model):
    """The report of a quarter of a market, and corrections beside it; never changed.

    `day` is the quarter's first, counted from 1970-01-01; `body` is the signed statement's bytes.
    """

    pk = models.CompositePrimaryKey("market_id", "day", "number")
    published_at = models.DateTimeField()
    day = models.IntegerField()
    market_id = models.SmallIntegerField()
    number = models.SmallIntegerField()
    why = models.TextField()  # of a correction
    by = models.TextField()
    body = models.TextField()

    class Meta:
        db_table = "trust_report"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="trust_report_says_why_it_corrects",
                condition=Q(number=1, why="") | Q(number__gt=1) & ~Q(why=""),
            ),
            # Asked for twice for the same reason, it is corrected once.
            models.UniqueConstraint(
                fields=["market_id", "day", "why"], name="trust_report_corrected_once"
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.market_id}/{self.day}/{self.number}"


class ReportDue(models.Model):
    """The quarter that is to be reported next in a market, and when."""

    market_id = models.SmallIntegerField(primary_key=True)
    due_at = models.DateTimeField()
    day = models.IntegerField()

    class Meta:
        db_table = "trust_report_due"

    def __str__(self) -> str:
        return f"report due of market {self.market_id}"
