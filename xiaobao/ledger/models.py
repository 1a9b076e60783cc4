"""Tables of the ledger: one row per book, postings that are only ever added, and holds.

Columns stand widest first, so that rows carry no padding, and none is ever NULL: rows travel by
binary COPY of fixed width. A hold of zeros means none; an end at infinity means no end.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact

APPEND_ONLY: tuple[str, ...] = ("ledger_posting",)

LAST_ACCOUNT = 7
_TOTAL = (
    F("outside") + F("deposit") + F("locked") + F("reserve") + F("fund") + F("buyers")
    + F("refunds") + F("penalty")
)  # fmt: skip


class Book(models.Model):
    """A seller's eight balances: the one row that is updated as this seller's money moves.

    `last_at` is the book's clock, that of its last posting; 1970 before the first.
    """

    seller_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    last_at = models.DateTimeField()
    outside = models.BigIntegerField()
    deposit = models.BigIntegerField()
    locked = models.BigIntegerField()
    reserve = models.BigIntegerField()
    fund = models.BigIntegerField()
    buyers = models.BigIntegerField()
    refunds = models.BigIntegerField()
    penalty = models.BigIntegerField()
    opened_at = models.DateTimeField()
    currency = models.CharField(max_length=3)

    class Meta:
        db_table = "ledger_book"
        constraints: ClassVar = [
            models.CheckConstraint(name="ledger_book_sums_to_zero", condition=Exact(_TOTAL, 0)),
            models.CheckConstraint(
                name="ledger_book_floors",
                condition=Q(deposit__gte=0, locked__gte=0, reserve__gte=0, buyers__gte=0)
                & Q(refunds__gte=0, penalty__gte=0, fund__lte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"book {self.seller_id}"


class Posting(models.Model):
    """One movement inside one book; `cause` and `leg` are its idempotency key.

    The key's index begins with the cause, and so with its moment: what a batch writes lies
    together, whatever the number of books.
    """

    pk = models.CompositePrimaryKey("seller_id", "seq")
    seller_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    amount = models.BigIntegerField()
    source_after = models.BigIntegerField()
    target_after = models.BigIntegerField()
    expires_at = models.DateTimeField()
    cause = models.UUIDField()
    hold = models.UUIDField()
    leg = models.SmallIntegerField()
    op = models.SmallIntegerField()
    source = models.SmallIntegerField()
    target = models.SmallIntegerField()
    why = models.SmallIntegerField()

    class Meta:
        db_table = "ledger_posting"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cause", "leg", "seller_id"], name="ledger_posting_cause"
            ),
            models.CheckConstraint(
                name="ledger_posting_moves",
                condition=Q(amount__gt=0) & ~Q(source=F("target")),
            ),
            models.CheckConstraint(
                name="ledger_posting_accounts",
                condition=Q(source__gte=0, source__lte=LAST_ACCOUNT)
                & Q(target__gte=0, target__lte=LAST_ACCOUNT),
            ),
        ]

    def __str__(self) -> str:
        return f"posting {self.seller_id}/{self.seq}"


class Hold(models.Model):
    """Locked money under a name, resolved once; what made it stands among the postings."""

    pk = models.CompositePrimaryKey("seller_id", "hold")
    seller_id = models.BigIntegerField()
    amount = models.BigIntegerField()
    captured = models.BigIntegerField()
    expires_at = models.DateTimeField()
    hold = models.UUIDField()
    cause = models.UUIDField()
    source = models.SmallIntegerField()
    state = models.SmallIntegerField()

    class Meta:
        db_table = "ledger_hold"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="ledger_hold_captures",
                condition=Q(amount__gt=0, captured__gte=0, captured__lte=F("amount")),
            ),
        ]

    def __str__(self) -> str:
        return f"hold {self.hold}"
