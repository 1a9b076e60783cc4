"""Tables of what this door keeps: time lived, buyers' links, clients of the API, bills."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


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
    # Days whose claims were lived to their end; one more once what follows the last was done.
    claimed = models.IntegerField(db_default=0)

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


class ApiClient(models.Model):
    """A program that may call the API: in which role, and for a seller's own, of which shop."""

    pk = models.CompositePrimaryKey("seller_id", "client_id")
    seller_id = models.BigIntegerField()  # 0: not of one shop
    client_id = models.CharField(max_length=100)
    name = models.TextField()
    role = models.SmallIntegerField()
    scopes = models.TextField()  # blanks between
    calls_per_minute = models.IntegerField()
    added_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "work_api_client"
        indexes: ClassVar = [models.Index(fields=["client_id"], name="work_api_client_by_id")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller_id", "name"],
                name="work_api_client_named",
                condition=Q(revoked_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"client {self.client_id}"


class Answer(models.Model):
    """What a call under an idempotency key was answered; told again to whoever asks the same."""

    pk = models.CompositePrimaryKey("seller_id", "client_id", "key")
    seller_id = models.BigIntegerField()
    client_id = models.CharField(max_length=100)
    key = models.TextField()
    asked_at = models.DateTimeField()
    sha256 = models.BinaryField()  # of method, address and body
    status = models.SmallIntegerField(null=True)  # none while the call is being answered
    headers = models.JSONField(null=True)
    body = models.BinaryField(null=True)

    class Meta:
        db_table = "work_answer"
        indexes: ClassVar = [models.Index(fields=["asked_at"], name="work_answer_by_age")]

    def __str__(self) -> str:
        return f"answer to {self.client_id}"


class Allowance(models.Model):
    """How often a caller called within the minute that began then."""

    pk = models.CompositePrimaryKey("seller_id", "caller")
    seller_id = models.BigIntegerField()
    caller = models.TextField()  # a client, or an address
    minute_at = models.DateTimeField()
    calls = models.IntegerField()

    class Meta:
        db_table = "work_allowance"

    def __str__(self) -> str:
        return f"allowance of {self.caller}"


class Call(models.Model):
    """One call of the API: who asked for what, and how it was answered."""

    pk = models.CompositePrimaryKey("seller_id", "call_id")
    seller_id = models.BigIntegerField()  # of the client's shop; 0 for whoever is of none
    call_id = models.UUIDField()
    client_id = models.CharField(max_length=100)
    called_at = models.DateTimeField()
    method = models.TextField()
    path = models.TextField()
    status = models.SmallIntegerField()
    code = models.TextField()  # of the problem it was answered with
    key = models.TextField()
    is_replayed = models.BooleanField()
    took_us = models.BigIntegerField()

    class Meta:
        db_table = "work_call"

    def __str__(self) -> str:
        return f"call {self.call_id}"


class Payee(models.Model):
    """Where one buyer is paid, and in whose name the account stands."""

    buyer_id = models.BigIntegerField(primary_key=True)
    account = models.TextField()
    name = models.TextField()
    bound_at = models.DateTimeField()

    class Meta:
        db_table = "work_payee"

    def __str__(self) -> str:
        return f"payee of buyer {self.buyer_id}"


class Bill(models.Model):
    """One bill of a gateway that was read whole, and added up; its name is of its content."""

    bill = models.UUIDField(primary_key=True)
    begins_at = models.DateTimeField(null=True)  # where it says so
    ends_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField()
    in_minor = models.BigIntegerField()
    out_minor = models.BigIntegerField()
    lines = models.IntegerField()
    kind = models.SmallIntegerField()
    account = models.TextField()
    file = models.TextField()

    class Meta:
        db_table = "work_bill"

    def __str__(self) -> str:
        return f"bill {self.bill}"


class BillLine(models.Model):
    """One line of a gateway's bills: once, in however many files it stands.

    `seller_id` and `movement` are of ours where its number is; else 0 and none.
    """

    pk = models.CompositePrimaryKey("seller_id", "kind", "name")
    seller_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()  # positive where money came in
    happened_at = models.DateTimeField()
    bill = models.UUIDField()  # the first it stood in
    movement = models.UUIDField(null=True)
    line = models.IntegerField()
    kind = models.SmallIntegerField()  # BillKind
    direction = models.SmallIntegerField()  # of the number, where it is ours
    is_compensation = models.BooleanField()
    name = models.TextField()
    number = models.TextField()
    ref = models.TextField()
    booking = models.TextField()
    reason = models.TextField()
    remark = models.TextField()

    class Meta:
        db_table = "work_bill_line"
        indexes: ClassVar = [
            models.Index(fields=["bill"], name="work_bill_line_of"),
            models.Index(fields=["happened_at"], name="work_bill_line_at"),
            models.Index(fields=["kind", "name"], name="work_bill_line_named"),
            models.Index(
                fields=["seller_id", "movement"],
                name="work_bill_line_about",
                condition=Q(movement__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"bill line {self.name}"


class Notice(models.Model):
    """What a gateway told by itself: verified, and taken once by its own id."""

    pk = models.CompositePrimaryKey("seller_id", "notify_id")
    seller_id = models.BigIntegerField()  # of the movement it names
    notify_id = models.TextField()
    told_at = models.DateTimeField()
    number = models.TextField()
    status = models.TextField()
    outcome = models.SmallIntegerField()

    class Meta:
        db_table = "work_notice"
        indexes: ClassVar = [
            # Few beside all that is told: what a person has to look at.
            models.Index(
                fields=["-told_at", "notify_id"],
                name="work_notice_to_look_at",
                condition=Q(outcome__gt=2),
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.notify_id}"


class DayClose(models.Model):
    """A day closed against the gateway's bills: the signed statement, as it was then."""

    day = models.DateField(primary_key=True)
    closed_at = models.DateTimeField()
    differences = models.IntegerField()
    note = models.TextField()

    class Meta:
        db_table = "work_day_close"

    def __str__(self) -> str:
        return f"close of {self.day}"


class UnowedStep(models.Model):
    """What was done about money that left unowed: asked back, come back, written off.

    `ref` is the letter's number, or the gateway's of what came back; of writing off it is empty,
    for that is done once.
    """

    pk = models.CompositePrimaryKey("seller_id", "movement", "kind", "ref")
    seller_id = models.BigIntegerField()
    movement = models.UUIDField()
    kind = models.SmallIntegerField()
    ref = models.TextField()
    amount_minor = models.BigIntegerField()
    taken_at = models.DateTimeField()
    taken_by = models.TextField()
    words = models.TextField()

    class Meta:
        db_table = "work_unowed_step"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="work_unowed_step_amount",
                condition=Q(kind=1, amount_minor=0) | Q(kind__in=(2, 3), amount_minor__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"step about {self.movement}"
