"""Tables of the catalogue: small, the same for everybody, and replicated whole.

A published term is never changed; a trigger lets through only what follows from a later version:
an open end that closes, and a corrected source or certainty.
"""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models

APPEND_ONLY: tuple[str, ...] = ("promises_pack", "promises_clause")


class Market(models.Model):
    market_id = models.SmallIntegerField(primary_key=True)
    name = models.TextField(unique=True)
    line = models.TextField()  # the name of the packs that govern it
    currency = models.CharField(max_length=3)
    zone = models.TextField()

    class Meta:
        db_table = "promises_market"

    def __str__(self) -> str:
        return self.name


class Pack(models.Model):
    pack_id = models.BigAutoField(primary_key=True)
    market_id = models.SmallIntegerField()
    name = models.TextField()
    version = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    title_zh = models.TextField()
    title_en = models.TextField()
    agreement_version = models.TextField()
    agreement_sha256 = models.CharField(max_length=64)
    agreement_zh = models.TextField()
    agreement_en = models.TextField()
    # Kept for download at least three years (网络交易监督管理办法, article 28): never deleted.
    files = models.JSONField()

    class Meta:
        db_table = "promises_pack"
        constraints = (
            models.UniqueConstraint(
                fields=["market_id", "name", "sha256"], name="promises_pack_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Clause(models.Model):
    pk = models.CompositePrimaryKey("pack_id", "ref")
    pack_id = models.BigIntegerField()
    ref = models.TextField()
    title_zh = models.TextField()
    title_en = models.TextField()
    zh = models.TextField()
    en = models.TextField()

    class Meta:
        db_table = "promises_clause"

    def __str__(self) -> str:
        return self.ref


class Category(models.Model):
    pk = models.CompositePrimaryKey("market_id", "code")
    market_id = models.SmallIntegerField()
    code = models.TextField()
    category_id = models.IntegerField()
    parent = models.TextField()
    zh = models.TextField()
    en = models.TextField()

    class Meta:
        db_table = "promises_category"

    def __str__(self) -> str:
        return self.code


class Term(models.Model):
    term_id = models.BigAutoField(primary_key=True)
    pack_id = models.BigIntegerField()  # in which it was first published
    market_id = models.SmallIntegerField()
    line = models.TextField()
    tbl = models.TextField()
    key = models.TextField()
    k = models.BigIntegerField()  # stands for market, line, table and key in the exclusion
    during = DateTimeRangeField()
    values = models.JSONField()
    clause = models.TextField()
    source = models.TextField()
    certainty = models.SmallIntegerField()
    notes = models.JSONField()

    class Meta:
        db_table = "promises_term"
        indexes = (models.Index(fields=["market_id", "line", "tbl"], name="promises_term_tbl"),)

    def __str__(self) -> str:
        return f"{self.tbl} {self.key}"


class Revision(models.Model):
    """One row: a new token whenever anything in this room is published."""

    revision_id = models.SmallIntegerField(primary_key=True)
    token = models.UUIDField()

    class Meta:
        db_table = "promises_revision"

    def __str__(self) -> str:
        return str(self.token)
