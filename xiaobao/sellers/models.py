"""Tables of this room: sellers, signatures, standing, promises, items, profiles, answers."""

from __future__ import annotations

from django.db import models

APPEND_ONLY = (
    "sellers_signature", "sellers_standing", "sellers_item", "sellers_mark", "sellers_notice",
    "sellers_answer", "sellers_payee",
)  # fmt: skip


class Seller(models.Model):
    """A seller as it stands; its history is in `sellers_standing`."""

    seller_id = models.BigIntegerField(primary_key=True)
    name = models.TextField()
    market_id = models.SmallIntegerField()
    currency = models.CharField(max_length=3)
    category = models.TextField()
    is_natural_person = models.BooleanField(default=False)
    invited_at = models.DateTimeField()
    state = models.SmallIntegerField()
    restricted_by = models.SmallIntegerField(default=0)
    seq = models.IntegerField()
    since = models.DateTimeField()

    class Meta:
        db_table = "sellers_seller"
        indexes = (models.Index(fields=["market_id", "seller_id"], name="sellers_seller_market"),)
        constraints = (
            models.CheckConstraint(
                name="sellers_seller_restricted_says_why",
                condition=~models.Q(state=4, restricted_by=0)
                & ~(models.Q(state=3) & ~models.Q(restricted_by=0)),
            ),
        )


class Signature(models.Model):
    """An agreement as signed; who leaves and comes back signs again."""

    pk = models.CompositePrimaryKey("seller_id", "version", "language", "signed_at")
    seller_id = models.BigIntegerField()
    version = models.TextField()
    language = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    signed_by = models.TextField()

    class Meta:
        db_table = "sellers_signature"


class StandingEntry(models.Model):
    """One event of a seller's standing, numbered from 1."""

    pk = models.CompositePrimaryKey("seller_id", "seq")
    seller_id = models.BigIntegerField()
    seq = models.IntegerField()
    event = models.SmallIntegerField()
    state = models.SmallIntegerField()
    restricted_by = models.SmallIntegerField()
    happened_at = models.DateTimeField()

    class Meta:
        db_table = "sellers_standing"
        # Who ever left: Event.FINISH and FORCE_OUT.
        indexes = (
            models.Index(
                fields=["seller_id"], condition=models.Q(event__in=(8, 9)),
                name="sellers_standing_left",
            ),
        )  # fmt: skip


class ChosenPromise(models.Model):
    """A promise over a span; once ended it is begun again by another row."""

    pk = models.CompositePrimaryKey("seller_id", "promise", "began_at")
    seller_id = models.BigIntegerField()
    promise = models.SmallIntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "sellers_promise"
        constraints = (
            models.UniqueConstraint(
                fields=["seller_id", "promise"],
                condition=models.Q(ended_at__isnull=True),
                name="sellers_promise_open_once",
            ),
            models.CheckConstraint(
                name="sellers_promise_ends_after_it_begins",
                condition=models.Q(ended_at__isnull=True)
                | models.Q(ended_at__gte=models.F("began_at")),
            ),
        )


class Item(models.Model):
    """An item that was ever marked: its outside name beside its id."""

    pk = models.CompositePrimaryKey("seller_id", "item_id")
    seller_id = models.BigIntegerField()
    item_id = models.BigIntegerField()
    name = models.TextField()

    class Meta:
        db_table = "sellers_item"


class Mark(models.Model):
    """From `marked_at` the item is covered, or not, until the item's next mark.

    `batch` names the act that set it, so that one act can be undone as a whole.
    """

    pk = models.CompositePrimaryKey("seller_id", "item_id", "marked_at")
    seller_id = models.BigIntegerField()
    item_id = models.BigIntegerField()
    marked_at = models.DateTimeField()
    is_marked = models.BooleanField()
    batch = models.UUIDField()

    class Meta:
        db_table = "sellers_mark"
        indexes = (models.Index(fields=["seller_id", "batch"], name="sellers_mark_batch"),)


class Profile(models.Model):
    """What the shop shows of itself; an empty text is a part not given."""

    seller_id = models.BigIntegerField(primary_key=True)
    legal_name = models.TextField(default="")
    licence_number = models.TextField(default="")
    phone = models.TextField(default="")
    address = models.TextField(default="")
    return_address = models.TextField(default="")
    payout_account = models.TextField(default="")
    service_hours = models.TextField(default="")
    about = models.TextField(default="")
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "sellers_profile"


class PayeeChange(models.Model):
    """That money goes back elsewhere, or in another name, from now on; numbered from 1.

    Whoever took a shop over changes its telephone, too, or first: the one before is kept, to be
    called, also where it alone changed.
    """

    pk = models.CompositePrimaryKey("seller_id", "seq")
    seller_id = models.BigIntegerField()
    seq = models.IntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.TextField()
    account = models.TextField()
    account_before = models.TextField()
    holder = models.TextField()
    holder_before = models.TextField()
    phone_before = models.TextField()

    class Meta:
        db_table = "sellers_payee"


class PolicyNotice(models.Model):
    """What an announced version changes for this seller, as it was told."""

    pk = models.CompositePrimaryKey("seller_id", "pack_id")
    seller_id = models.BigIntegerField()
    pack_id = models.BigIntegerField()
    told_at = models.DateTimeField()
    orders = models.BigIntegerField()  # of its own history, judged once more
    before_minor = models.BigIntegerField()
    after_minor = models.BigIntegerField()
    lines = models.JSONField()  # [{zh, en}]

    class Meta:
        db_table = "sellers_notice"


class PolicyAnswer(models.Model):
    """What a seller says to an announced version; the last answer counts."""

    pk = models.CompositePrimaryKey("seller_id", "pack_id", "seq")
    seller_id = models.BigIntegerField()
    pack_id = models.BigIntegerField()
    seq = models.IntegerField()
    is_accepted = models.BooleanField()
    said_at = models.DateTimeField()
    said_by = models.TextField()

    class Meta:
        db_table = "sellers_answer"
