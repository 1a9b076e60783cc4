"""Tables of the catalogue: small, the same for everybody, and replicated whole.

A published term is never changed; a trigger lets through only what follows from a later version:
an open end that closes, a corrected source or certainty, and a row of a pack that is withdrawn
before it is in force (what it would have ended is open again).
"""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models

APPEND_ONLY: tuple[str, ...] = (
    "promises_pack", "promises_clause", "promises_draft", "promises_comment", "promises_reply",
    "promises_announcement", "promises_withdrawal",
)  # fmt: skip


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


class Draft(models.Model):
    """A pack put to public consultation; what is announced later bears its version."""

    draft_id = models.BigAutoField(primary_key=True)
    market_id = models.SmallIntegerField()
    name = models.TextField()
    version = models.TextField()
    sha256 = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    opened_by = models.TextField()
    files = models.JSONField()

    class Meta:
        db_table = "promises_draft"
        constraints = (
            models.UniqueConstraint(
                fields=["market_id", "name", "version"], name="promises_draft_version"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Comment(models.Model):
    """What somebody says of a draft; the same words of the same person count once."""

    comment_id = models.BigAutoField(primary_key=True)
    draft_id = models.BigIntegerField()
    said_at = models.DateTimeField()
    said_by = models.TextField()
    words = models.TextField()
    words_sha256 = models.CharField(max_length=64)

    class Meta:
        db_table = "promises_comment"
        constraints = (
            models.UniqueConstraint(
                fields=["draft_id", "said_by", "words_sha256"], name="promises_comment_once"
            ),
        )

    def __str__(self) -> str:
        return self.words


class Reply(models.Model):
    """The operator's answer to a comment."""

    comment_id = models.BigIntegerField(primary_key=True)
    said_at = models.DateTimeField()
    said_by = models.TextField()
    words = models.TextField()

    class Meta:
        db_table = "promises_reply"

    def __str__(self) -> str:
        return self.words


class Announcement(models.Model):
    """A pack as announced: never edited, only followed, or withdrawn before it is in force."""

    pack_id = models.BigIntegerField(primary_key=True)
    draft_id = models.BigIntegerField()
    announced_at = models.DateTimeField()
    announced_by = models.TextField()
    effective_at = models.DateTimeField()
    is_major = models.BooleanField()
    notice_days = models.SmallIntegerField()
    why_major = models.JSONField()  # [{zh, en}]: what made it major by the stated terms

    class Meta:
        db_table = "promises_announcement"
        constraints = (
            models.CheckConstraint(
                name="promises_announcement_ahead",
                condition=models.Q(effective_at__gt=models.F("announced_at")),
            ),
        )

    def __str__(self) -> str:
        return str(self.pack_id)


class Withdrawal(models.Model):
    pack_id = models.BigIntegerField(primary_key=True)
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.TextField()
    why = models.TextField()

    class Meta:
        db_table = "promises_withdrawal"

    def __str__(self) -> str:
        return str(self.pack_id)


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
    withdrawn_at = models.DateTimeField(null=True)  # with its pack, before it was in force

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
