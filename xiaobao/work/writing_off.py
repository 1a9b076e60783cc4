"""What is done about money that left unowed: asked back, booked as it comes back, written off."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from django.db import transaction

from xiaobao.database.sets import execute, fetch_rows
from xiaobao.exits import queries as exits
from xiaobao.gateways.bills.shapes import BillKind
from xiaobao.gateways.payments import Direction
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.money import in_words
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import cause_of, halves_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Account, Postings, Why
from xiaobao.people import acts as people
from xiaobao.people.facts import Duty
from xiaobao.work.bill_lines import READ_FIRST
from xiaobao.work.unowed import LONGEST_REF, Step, StepKind, all_unowed, unowed_numbered

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.people.facts import Intent
    from xiaobao.work.unowed import UnowedRow

WRITTEN_OFF_CAUSE = 1001
# Of locks: lines of bills, each booked against by one at a time.
_LINES = 1001
_BORNE, _LEFT = 0, 1
LONGEST_WORDS = 500


class UnowedMayCount(Problem):
    code: ClassVar[str] = "unowed_may_count"
    zh: ClassVar[str] = (
        "{number}：代替它的付款尚未到账，若失败则此笔算数；请等结果，此前只可要求退回，不可记追回或核销"
    )
    en: ClassVar[str] = (
        "{number}: the payment in its place has not arrived, and should that fail this one "
        "counts; until then it may be asked back, and nothing booked"
    )


class UnowedTooMuch(Problem):
    code: ClassVar[str] = "unowed_too_much"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "amount 字段：{number} 未了结的只有 {left}；应大于零且不超过它"
    en: ClassVar[str] = "amount: of {number} only {left} is open; give more than 0 and no more"


class UnowedNotAsked(Problem):
    code: ClassVar[str] = "unowed_not_asked"
    zh: ClassVar[str] = "{number}：尚未记录如何要求退回；请先记要求退回及凭据，再核销"
    en: ClassVar[str] = "{number}: nobody wrote down how it was asked back; do so first"


class UnowedSaidOtherwise(Problem):
    code: ClassVar[str] = "unowed_said_otherwise"
    zh: ClassVar[str] = "ref 字段：{ref} 已记为 {stands}；另一笔请用其自己的凭据编号"
    en: ClassVar[str] = "ref: {ref} stands with {stands}; another sum has a reference of its own"


class UnowedNotOnBill(Problem):
    """Only what a bill shows has come back."""

    code: ClassVar[str] = "unowed_not_on_bill"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = (
        "ref 字段：账务明细里流水号为 {ref} 的收入尚可记 {left}；请先提交列有这笔收入的账单，"
        "ref 填其账务流水号，金额不超过它"
    )
    en: ClassVar[str] = (
        "ref: of what came in by line {ref} of an account bill, {left} is free; hand in the bill "
        "that lists it, give that line's own number, and no more than came by it"
    )


class UnowedFieldWrong(Problem):
    code: ClassVar[str] = "unowed_field_wrong"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "{field} 字段：须填写，至多 {most} 个可见字符"
    en: ClassVar[str] = "{field}: give 1 to {most} printable characters"


class WriteOffTakesTwo(Problem):
    """So much that two persons sign for it, and a program is neither of them."""

    code: ClassVar[str] = "write_off_takes_two"
    status: ClassVar[int] = 403
    zh: ClassVar[str] = (
        "核销 {left} 须由两人联签，不能由客户端办理；请在财务控制台签署，再由另一人联签"
    )
    en: ClassVar[str] = (
        "two persons sign for writing {left} off, and no client does it: sign in the console of "
        "finance, where another person signs too"
    )


@transaction.atomic
def ask_back(number: str, *, ref: str, words: str, by: str, at: datetime) -> UnowedRow:
    """Write down how it was asked back; `ref` names the letter or message that shows it.

    :raises UnowedUnknown: where the number names none
    :raises UnowedFieldWrong: where it is not said how, or what shows it
    :raises UnowedTooMuch: where nothing is open any more
    """
    return _take(number, Step(StepKind.ASKED, _said("ref", ref), 0, at, by, _said("words", words)))


@transaction.atomic
def book_back(
    number: str, amount_minor: int, *, ref: str, by: str, at: datetime, words: str = ""
) -> UnowedRow:
    """So much came back by the line `ref` of an account bill that was handed in.

    No line is booked for more than came in by it, whatever it is booked for. The books never let
    go of the sum: what comes back makes the account as full as they say.

    :raises UnowedUnknown: where the number names none
    :raises UnowedMayCount: where it may yet turn out to be the payment that was owed
    :raises UnowedTooMuch: for more than is open, or nothing
    :raises UnowedSaidOtherwise: where another sum stands under that number
    :raises UnowedNotOnBill: where no bill shows that so much came in
    """
    words = " ".join(words.split())[:LONGEST_WORDS]
    return _take(number, Step(StepKind.BACK, _said("ref", ref), amount_minor, at, by, words))


@transaction.atomic
def write_off(
    number: str, *, words: str, by: str, at: datetime, is_alone: bool = True
) -> UnowedRow:
    """What is open is given up for good: the guarantee fund bears it, and the seller nothing.

    :raises UnowedUnknown: where the number names none
    :raises UnowedNotAsked: where nobody asked for it
    :raises UnowedMayCount: where it may yet turn out to be the payment that was owed
    :raises WriteOffTakesTwo: for so much that two persons sign for it
    """
    said = _said("words", words)
    row = _held(number)
    left = row.open_minor
    if left and not row.is_asked:
        raise UnowedNotAsked(number=number)
    if is_alone and left and people.takes_two(Duty.WRITE_OFF, left, row.currency):
        raise WriteOffTakesTwo(left=in_words(left, row.currency))
    given = left or row.came(StepKind.WRITTEN_OFF)
    return _take(number, Step(StepKind.WRITTEN_OFF, "", given, at, by, said))


@transaction.atomic
def write_off_signed(one: Intent, *, by: str, at: datetime) -> UnowedRow:
    """Write off what two persons signed for.

    :raises IntentOver: where another sum is open by now than was signed for
    """
    if _held(one.subject).open_minor != one.amount_minor:
        raise people.IntentOver
    return write_off(one.subject, words=one.words, by=by, at=at, is_alone=False)


def _held(number: str) -> UnowedRow:
    """As it stands, and nobody else books anything about it until this is done."""
    ledger.hold_books(np.array([unowed_numbered(number).seller_id]))
    return unowed_numbered(number)


def _take(number: str, step: Step) -> UnowedRow:
    row = _held(number)
    stands = next((one for one in row.steps if one[:2] == step[:2]), None)
    if stands is not None:
        if stands.amount_minor != step.amount_minor:
            raise UnowedSaidOtherwise(
                ref=step.ref, stands=in_words(stands.amount_minor, row.currency)
            )
        return row
    left, is_booked = row.open_minor, step.kind is not StepKind.ASKED
    if left == 0 or (is_booked and not 0 < step.amount_minor <= left):
        raise UnowedTooMuch(number=number, left=in_words(left, row.currency))
    if is_booked and row.is_refund and exits.may_still_count(row.seller_id, row.movement):
        raise UnowedMayCount(number=number)
    if step.kind is StepKind.BACK and step.amount_minor > (free := _free_of(row, step.ref)):
        raise UnowedNotOnBill(ref=step.ref, left=in_words(free, row.currency))
    execute(
        "INSERT INTO work_unowed_step (seller_id, movement, kind, ref, amount_minor, taken_at, "
        "taken_by, words) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [row.seller_id, row.movement, step.kind.value, *step[1:]],
    )
    if step.kind is StepKind.WRITTEN_OFF:
        ledger.post_all(_postings(row, step))
    return unowed_numbered(number)


def _free_of(row: UnowedRow, ref: str) -> int:
    """How much came in by a line of an account bill, and is booked for nothing else; held."""
    execute("SELECT pg_advisory_xact_lock(%s::int, hashtext(%s))", [_LINES, ref])
    # A line with a number of ours is about that movement alone.
    ((came, booked),) = fetch_rows(
        "SELECT (SELECT coalesce(sum(l.amount_minor), 0)::bigint FROM work_bill_line l "
        "WHERE l.seller_id IN (0, %(seller)s) AND l.kind = %(bill)s AND l.name = %(ref)s "
        "AND l.amount_minor > 0 AND (l.movement IS NULL OR l.seller_id = %(seller)s "
        "AND l.direction = %(out)s AND l.movement = %(movement)s) "
        f"AND {READ_FIRST}), "
        "(SELECT coalesce(sum(s.amount_minor), 0)::bigint FROM work_unowed_step s "
        "WHERE s.kind = %(back)s AND s.ref = %(ref)s)",
        {
            "seller": row.seller_id, "bill": BillKind.ALIPAY_ACCOUNT.value, "ref": ref,
            "out": Direction.OUT.value, "movement": row.movement, "back": StepKind.BACK.value,
        },
    )  # fmt: skip
    return int(came - booked)


def _postings(row: UnowedRow, step: Step) -> Postings:
    """The fund puts the sum in, and it left: the seller's book is as it was, and says so."""
    hi, lo = cause_of(WRITTEN_OFF_CAUSE, us_of(step.at), row.seller_id, *halves_of(row.movement))
    owed = Account.REFUNDS if row.is_refund else Account.BUYERS
    two = np.zeros(2, np.int64)
    return Postings.moves(
        seller_id=two + row.seller_id, cause_hi=two + hi, cause_lo=two + lo,
        leg=np.array([_BORNE, _LEFT]), source=np.array([Account.OUTSIDE, owed]),
        target=np.array([owed, Account.OUTSIDE]), amount_minor=two + step.amount_minor,
        why=np.array([Why.LATE_BORNE, Why.LATE_LEFT]), at_us=two + us_of(step.at),
    )  # fmt: skip


def written_off_postings() -> Postings:
    """What writing off should have posted, in all books."""
    nothing = Postings(**dict.fromkeys(Postings.names(), np.zeros(0, np.int64)))
    return Postings.concat(
        [
            nothing,
            *(
                _postings(row, step)
                for row in all_unowed()
                for step in row.steps
                if step.kind is StepKind.WRITTEN_OFF
            ),
        ]
    )


def _said(field: str, text: str) -> str:
    most = LONGEST_REF if field == "ref" else LONGEST_WORDS
    said = " ".join(text.split())
    if not said or len(said) > most or not said.isprintable():
        raise UnowedFieldWrong(field=field, most=most)
    return said
