"""Tables of evidence: chains of entries, what each entry tells, fingerprints, and the log.

Everything hangs on a case of a seller; the seller's own file is the case that bears the seller's
id. Tiles, checkpoints and stamps are the platform's: written by the sealing alone.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

APPEND_ONLY: tuple[str, ...] = (
    "evidence_entry", "evidence_piece", "evidence_custody", "evidence_hold", "evidence_lift",
    "evidence_end", "evidence_fingerprint", "evidence_leaf", "evidence_tile",
    "evidence_checkpoint", "evidence_stamp",
)  # fmt: skip


class Case(models.Model):
    """The head of a case's chain: its last entry, and how far it was sealed into the log."""

    pk = models.CompositePrimaryKey("seller_id", "case_id")
    seller_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    seq = models.IntegerField(db_default=0)
    sealed_seq = models.IntegerField(db_default=0)
    head = models.BinaryField()

    class Meta:
        db_table = "evidence_case"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="evidence_case_sealed",
                condition=Q(sealed_seq__gte=0, sealed_seq__lte=F("seq")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                F("last_at"), name="evidence_case_unsealed", condition=Q(seq__gt=F("sealed_seq"))
            ),
        ]


class Entry(models.Model):
    """One entry of a chain; what it tells stands in the table of its kind, under its number."""

    pk = models.CompositePrimaryKey("seller_id", "case_id", "seq")
    seller_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    at = models.DateTimeField()
    seq = models.IntegerField()
    kind = models.SmallIntegerField()
    previous = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "evidence_entry"


class Piece(models.Model):
    """One thing handed in; its bytes lie outside the database, under their SHA-256."""

    pk = models.CompositePrimaryKey("seller_id", "case_id", "seq")
    seller_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    party_id = models.BigIntegerField()
    size = models.BigIntegerField()
    submitted_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    seq = models.IntegerField()
    kind = models.SmallIntegerField()
    party = models.SmallIntegerField()
    media = models.SmallIntegerField()
    sha256 = models.BinaryField()
    name = models.TextField()
    words = models.TextField()
    salt = models.BinaryField(default=b"", db_default=b"")

    class Meta:
        db_table = "evidence_piece"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller_id", "case_id", "sha256", "kind", "party"],
                name="evidence_piece_once",
            ),
            models.CheckConstraint(name="evidence_piece_size", condition=Q(size__gt=0)),
        ]
        # The same bytes in another case.
        indexes: ClassVar = [models.Index(F("sha256"), name="evidence_piece_bytes")]


class Custody(models.Model):
    """Somebody saw or took out a piece."""

    pk = models.CompositePrimaryKey("seller_id", "case_id", "seq")
    seller_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    viewer_id = models.BigIntegerField()
    happened_at = models.DateTimeField()
    seq = models.IntegerField()
    piece_seq = models.IntegerField()
    kind = models.SmallIntegerField()
    viewer = models.SmallIntegerField()
    is_personal = models.BooleanField()
    why = models.TextField()

    class Meta:
        db_table = "evidence_custody"


class Hold(models.Model):
    """A legal hold began."""

    pk = models.CompositePrimaryKey("seller_id", "case_id", "seq")
    seller_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    placed_at = models.DateTimeField()
    seq = models.IntegerField()
    is_whole_seller = models.BooleanField()
    authority = models.TextField()
    why = models.TextField()

    class Meta:
        db_table = "evidence_hold"


class Lift(models.Model):
    """A legal hold ended; each ends once."""

    pk = models.CompositePrimaryKey("seller_id", "case_id", "seq")
    seller_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    lifted_at = models.DateTimeField()
    seq = models.IntegerField()
    hold_seq = models.IntegerField()
    why = models.TextField()

    class Meta:
        db_table = "evidence_lift"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller_id", "case_id", "hold_seq"], name="evidence_lift_once"
            ),
        ]


class End(models.Model):
    """A case ended, and is kept until then; or (NULL) was opened again."""

    pk = models.CompositePrimaryKey("seller_id", "case_id", "seq")
    seller_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    ended_at = models.DateTimeField()
    keep_until = models.DateTimeField(null=True)
    seq = models.IntegerField()

    class Meta:
        db_table = "evidence_end"
        indexes: ClassVar = [
            models.Index(
                F("keep_until"), name="evidence_end_due", condition=Q(keep_until__isnull=False)
            ),
        ]


class Fingerprint(models.Model):
    """Perceptual hashes of a picture, with the four bands by which near ones are found."""

    pk = models.CompositePrimaryKey("seller_id", "case_id", "seq")
    seller_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    phash = models.BigIntegerField()
    dhash = models.BigIntegerField()
    seq = models.IntegerField()
    band0 = models.IntegerField()
    band1 = models.IntegerField()
    band2 = models.IntegerField()
    band3 = models.IntegerField()
    is_flat = models.BooleanField()

    class Meta:
        db_table = "evidence_fingerprint"
        indexes: ClassVar = [
            models.Index(
                F(f"band{place}"), name=f"evidence_band{place}", condition=Q(is_flat=False)
            )
            for place in range(4)
        ]


class Leaf(models.Model):
    """Where a chain's entry stands in the log."""

    pk = models.CompositePrimaryKey("seller_id", "case_id", "seq")
    seller_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    leaf_index = models.BigIntegerField()
    seq = models.IntegerField()
    leaf = models.BinaryField()

    class Meta:
        db_table = "evidence_leaf"
        # Unique by the sealing's own lock; `xiaobao evidence check` proves it.
        indexes: ClassVar = [models.Index(F("leaf_index"), name="evidence_leaf_order")]


class Tile(models.Model):
    """256 hashes of one level of the tree, side by side, and the root over them."""

    pk = models.CompositePrimaryKey("level", "tile")
    level = models.SmallIntegerField()
    tile = models.BigIntegerField()
    root = models.BinaryField()
    hashes = models.BinaryField()

    class Meta:
        db_table = "evidence_tile"


class Checkpoint(models.Model):
    """The log at one size, signed."""

    size = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    root = models.BinaryField()
    note = models.TextField()
    verifier = models.TextField()

    class Meta:
        db_table = "evidence_checkpoint"


class Stamp(models.Model):
    """A trusted timestamp over a checkpoint's note."""

    pk = models.CompositePrimaryKey("size", "authority")
    size = models.BigIntegerField()
    authority = models.TextField()
    stamped_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    token = models.BinaryField()

    class Meta:
        db_table = "evidence_stamp"
