"""Tables of what is reckoned over all of history: comparisons of packs, figures for pages."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Comparison(models.Model):
    """A pack compared over all of history: asked for, then reckoned and kept as it was told.

    Named by what was asked, or by its own figures; they are the answer's very bytes.
    """

    comparison = models.UUIDField(primary_key=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    market_id = models.SmallIntegerField()
    state = models.SmallIntegerField()
    asked_by = models.TextField()
    engine = models.TextField()
    new_label = models.TextField()
    new_sha256 = models.TextField()
    old_label = models.TextField()
    sha256 = models.TextField()  # of the figures
    figures = models.TextField()
    why_zh = models.TextField()  # nothing came of it
    why_en = models.TextField()

    class Meta:
        db_table = "work_comparison"
        indexes: ClassVar = [
            models.Index(fields=["new_sha256", "asked_at"], name="work_comparison_of"),
        ]
        constraints: ClassVar = [
            # Asked for twice, it is reckoned once.
            models.UniqueConstraint(
                fields=["new_sha256"], condition=Q(state=1), name="work_comparison_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return f"comparison {self.comparison}"


class Figure(models.Model):
    """A figure over all of history as it was last reckoned: see `figures.py`."""

    name = models.TextField(primary_key=True)
    reckoned_at = models.DateTimeField()
    took_us = models.BigIntegerField()
    body = models.JSONField()

    class Meta:
        db_table = "work_figure"

    def __str__(self) -> str:
        return f"figure {self.name}"


class FigureFailure(models.Model):
    """A figure that cannot be reckoned: what it raised last, and since when it does."""

    name = models.TextField(primary_key=True)
    since_at = models.DateTimeField()
    failed_at = models.DateTimeField()
    said = models.TextField()

    class Meta:
        db_table = "work_figure_failure"

    def __str__(self) -> str:
        return f"failing figure {self.name}"
