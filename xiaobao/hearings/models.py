"""Tables of hearings: rulings, appeals, the jury; all but jurors added once, never changed.

Columns stand widest first.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

APPEND_ONLY: tuple[str, ...] = (
    "hearings_ruling", "hearings_appeal", "hearings_panel", "hearings_seat", "hearings_seal",
    "hearings_vote", "hearings_answer", "hearings_known_case", "hearings_known_vote",
)  # fmt: skip


class Ruling(models.Model):
    """One decision about one claim; `round` counts those of the claim.

    `reference` names it, and is the cause of what it pays. `content` is all that it was taken on,
    word for word; `sha256` is of that.
    """

    pk = models.CompositePrimaryKey("seller_id", "claim_id", "round")
    seller_id = models.BigIntegerField()
    claim_id = models.BigIntegerField()
    refund_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    compensation_minor = models.BigIntegerField()
    punitive_minor = models.BigIntegerField()
    fund_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    platform_minor = models.BigIntegerField()
    bears_minor = models.BigIntegerField()
    owed_back_minor = models.BigIntegerField()
    stopped_minor = models.BigIntegerField(db_default=0)  # of it: was not sent yet, and is not
    test_minor = models.BigIntegerField(db_default=0)  # of what the seller bears: the test
    test_owed_minor = models.BigIntegerField(db_default=0)  # the same, by the buyer
    ruler_id = models.BigIntegerField()  # 0 where it was no person
    terms_version = models.BigIntegerField()
    key = models.BigIntegerField()  # of the act, under which it is done once
    digest = models.BigIntegerField()  # of what the act said
    ruled_at = models.DateTimeField()
    reference = models.UUIDField()
    market_id = models.SmallIntegerField()
    round = models.SmallIntegerField()
    rules_version = models.SmallIntegerField()
    by = models.SmallIntegerField()
    finding = models.SmallIntegerField()
    outcome = models.SmallIntegerField()
    ground = models.SmallIntegerField()
    kind = models.SmallIntegerField()
    is_departure = models.BooleanField()
    is_reversed = models.BooleanField()
    is_final = models.BooleanField()
    ruler = models.TextField()
    words = models.TextField()
    departure = models.TextField()
    sha256 = models.TextField()
    content = models.TextField()

    class Meta:
        db_table = "hearings_ruling"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="hearings_ruling_amounts",
                condition=Q(refund_minor__gte=0, freight_minor__gte=0, compensation_minor__gte=0)
                & Q(punitive_minor__gte=0, fund_minor__gte=0, paid_minor__gte=0)
                & Q(platform_minor__gte=0, bears_minor__gte=0, owed_back_minor__gte=0),
            ),
            # Who departs from what was proposed says why.
            models.CheckConstraint(
                name="hearings_ruling_departs_with_a_reason",
                condition=Q(is_departure=False) | ~Q(departure=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["reference"], name="hearings_ruling_by_reference"),
            models.Index(fields=["ruled_at"], name="hearings_ruling_by_time"),
        ]

    def __str__(self) -> str:
        return f"ruling {self.claim_id}/{self.round}"


class Appeal(models.Model):
    """One party asks for a new ruling."""

    pk = models.CompositePrimaryKey("seller_id", "claim_id", "number")
    seller_id = models.BigIntegerField()
    claim_id = models.BigIntegerField()
    key = models.BigIntegerField()
    digest = models.BigIntegerField()
    appealed_at = models.DateTimeField()
    number = models.SmallIntegerField()
    round = models.SmallIntegerField()  # of the ruling appealed
    party = models.SmallIntegerField()
    words = models.TextField()

    class Meta:
        db_table = "hearings_appeal"

    def __str__(self) -> str:
        return f"appeal {self.claim_id}/{self.number}"


class Juror(models.Model):
    """Somebody who may sit on panels; `left_at` is infinity while so."""

    juror_id = models.BigIntegerField(primary_key=True)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField()
    kind = models.SmallIntegerField()
    name = models.TextField()

    class Meta:
        db_table = "hearings_juror"

    def __str__(self) -> str:
        return f"juror {self.name}"


class KnownCase(models.Model):
    """A case whose right answer is known, by which jurors are tested."""

    case_id = models.BigIntegerField(primary_key=True)
    added_at = models.DateTimeField()
    vote = models.SmallIntegerField()  # the right one
    name = models.TextField()
    words = models.TextField()

    class Meta:
        db_table = "hearings_known_case"

    def __str__(self) -> str:
        return f"known case {self.name}"


class KnownVote(models.Model):
    """How a juror judged a known case, once."""

    pk = models.CompositePrimaryKey("juror_id", "case_id")
    juror_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    voted_at = models.DateTimeField()
    vote = models.SmallIntegerField()

    class Meta:
        db_table = "hearings_known_vote"

    def __str__(self) -> str:
        return f"known vote {self.juror_id}/{self.case_id}"


class Panel(models.Model):
    """A panel drawn for a claim; seed and candidates draw it again."""

    pk = models.CompositePrimaryKey("seller_id", "claim_id", "number")
    seller_id = models.BigIntegerField()
    claim_id = models.BigIntegerField()
    seed = models.BigIntegerField()
    key = models.BigIntegerField()
    called_at = models.DateTimeField()
    seal_until = models.DateTimeField()
    open_until = models.DateTimeField()
    reference = models.UUIDField()
    majority_bps = models.IntegerField()
    number = models.SmallIntegerField()
    quorum = models.SmallIntegerField()
    is_binding = models.BooleanField()
    seats = models.TextField()  # of each kind, as JSON
    candidates = models.TextField()  # juror, kind, weight, as JSON

    class Meta:
        db_table = "hearings_panel"

    def __str__(self) -> str:
        return f"panel {self.claim_id}/{self.number}"


class Seat(models.Model):
    pk = models.CompositePrimaryKey("seller_id", "claim_id", "number", "juror_id")
    seller_id = models.BigIntegerField()
    claim_id = models.BigIntegerField()
    juror_id = models.BigIntegerField()
    weight_bps = models.IntegerField()
    number = models.SmallIntegerField()
    kind = models.SmallIntegerField()

    class Meta:
        db_table = "hearings_seat"
        indexes: ClassVar = [models.Index(fields=["juror_id"], name="hearings_seat_by_juror")]

    def __str__(self) -> str:
        return f"seat {self.claim_id}/{self.number}/{self.juror_id}"


class Seal(models.Model):
    """A vote handed in sealed."""

    pk = models.CompositePrimaryKey("seller_id", "claim_id", "number", "juror_id")
    seller_id = models.BigIntegerField()
    claim_id = models.BigIntegerField()
    juror_id = models.BigIntegerField()
    sealed_at = models.DateTimeField()
    number = models.SmallIntegerField()
    sha256 = models.TextField()

    class Meta:
        db_table = "hearings_seal"

    def __str__(self) -> str:
        return f"seal {self.claim_id}/{self.number}/{self.juror_id}"


class Vote(models.Model):
    """A vote opened, with its reasons."""

    pk = models.CompositePrimaryKey("seller_id", "claim_id", "number", "juror_id")
    seller_id = models.BigIntegerField()
    claim_id = models.BigIntegerField()
    juror_id = models.BigIntegerField()
    opened_at = models.DateTimeField()
    number = models.SmallIntegerField()
    vote = models.SmallIntegerField()
    salt = models.TextField()
    words = models.TextField()

    class Meta:
        db_table = "hearings_vote"

    def __str__(self) -> str:
        return f"vote {self.claim_id}/{self.number}/{self.juror_id}"


class Answer(models.Model):
    """What a panel's votes came to; `outcome` 0 where they decided nothing."""

    pk = models.CompositePrimaryKey("seller_id", "claim_id", "number")
    seller_id = models.BigIntegerField()
    claim_id = models.BigIntegerField()
    uphold_bps = models.BigIntegerField()
    reject_bps = models.BigIntegerField()
    answered_at = models.DateTimeField()
    number = models.SmallIntegerField()
    votes = models.SmallIntegerField()
    outcome = models.SmallIntegerField()

    class Meta:
        db_table = "hearings_answer"

    def __str__(self) -> str:
        return f"answer {self.claim_id}/{self.number}"
