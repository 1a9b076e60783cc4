"""What Alipay tells by itself: verified before anything is believed, and each taken once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar, Protocol

from django.db import transaction

from xiaobao.advances.facts import PayoutState
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.deposits import acts as deposits
from xiaobao.deposits.facts import Heard, LodgementState
from xiaobao.gateways.alipay.names import Named, named, number_of
from xiaobao.gateways.alipay.reading import STATES
from xiaobao.gateways.alipay.yuan import fen_of
from xiaobao.gateways.payments import Direction, Result
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import halves_of
from xiaobao.work.moved import as_lodgement, asked_of, moved_named, record_moved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from xiaobao.deposits.facts import Moved
    from xiaobao.gateways.alipay import Config
    from xiaobao.gateways.payments import Answer, Query

_LONGEST = 128


class Outcome(IntEnum):
    """What a notify came to."""

    TAKEN = 1  # recorded, or known already from an answer
    NOTHING_NEW = 2  # it says that nothing is decided yet
    NOT_OURS = 3  # of no movement that we ever asked for
    OTHER_AMOUNT = 4  # for a person: nothing was recorded of it
    CONTRADICTS = 5  # for a person: we hold it for the opposite
    LATE = 6  # recorded, for a person to see: it moved after it was given up, or stopped


OUTCOME_WORDS = {
    Outcome.TAKEN: ("已入账", "taken"),
    Outcome.NOTHING_NEW: ("尚无结果", "nothing decided yet"),
    Outcome.NOT_OURS: ("不是本系统的单号", "none of ours"),
    Outcome.OTHER_AMOUNT: ("金额不同，待人核对", "another amount: a person has to look"),
    Outcome.LATE: (
        "放弃或停止之后才动的钱，已入账，待人处理",
        "it moved after all, and is booked: see to it",
    ),
    Outcome.CONTRADICTS: ("与已有结果相反，待人核对", "the opposite stands: a person has to look"),
}


class NoticeRefused(Problem):
    """A notify that Alipay did not sign for us, or that is misshapen."""

    code: ClassVar[str] = "notice_refused"
    status: ClassVar[int] = 400
    zh: ClassVar[str] = "{field} 字段：通知未通过验证，没有入账；请核对应用、卖家号与支付宝公钥"
    en: ClassVar[str] = (
        "{field}: the notify was not verified and nothing of it was recorded; "
        "check app id, seller id and Alipay's key"
    )


class Verifying(Protocol):
    """Whoever knows Alipay's key."""

    config: Config

    def holds_notify(self, parameters: dict[str, str]) -> bool: ...

    def query(self, asked: Sequence[Query]) -> list[Answer]: ...


@dataclass(frozen=True)
class _Told:
    """A verified notify, read."""

    notify_id: str
    number: str
    status: str
    result: Result
    ref: str
    amount: str


def take_notice(parameters: Mapping[str, str], gateway: Verifying, *, at: datetime) -> Outcome:
    """Verify one notify and record what it says; the same one again changes nothing.

    One about a deposit that is being called off is refused, and told again: only then is it known.

    :raises NoticeRefused: where it is not Alipay's, not for this app, or without an id
    :raises LodgementEnding: while the deposit is being called off
    :raises LodgementAnswered: where it failed this very moment, and nobody asked yet
    """
    told = _verified(parameters, gateway)
    about = named(told.number)
    seller_id = 0 if about is None else about.seller_id
    went_back = None if about is None else _went_back(told, about, gateway, at)
    heard = Heard.TOLD if went_back is None else Heard.ASKED
    with transaction.atomic():
        moved = None if about is None else moved_named(about)
        outcome = _outcome(told, about, moved, freezes=gateway.config.deposits == "freeze")
        if outcome is Outcome.LATE and went_back is True:
            outcome = Outcome.CONTRADICTS
        if not execute(
            "INSERT INTO work_notice (seller_id, notify_id, told_at, number, status, outcome) "
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [seller_id, told.notify_id, at, told.number, told.status, outcome.value],
        ):
            return _known(seller_id, told.notify_id)
        _look_at_frozen(parameters, at)
        if outcome in {Outcome.TAKEN, Outcome.LATE} and about is not None and moved is not None:
            _record(told, about, moved, heard, at)
    return outcome


def _look_at_frozen(parameters: Mapping[str, str], at: datetime) -> None:
    """Something is told of a frozen sum: what stands of it yet the gateway is asked at once."""
    if "auth_no" not in parameters or "trade_status" in parameters:
        return
    about = named(parameters.get("out_order_no") or parameters.get("out_request_no", ""))
    if about is not None and about.direction is Direction.IN:
        deposits.look_soon(about.seller_id, halves_of(about.id), at=at)


def _went_back(told: _Told, about: Named, gateway: Verifying, at: datetime) -> bool | None:
    """Whether a deposit that is told of after it failed is here no more, as the gateway knows.

    None where that was not asked: it has not failed.

    :raises NoticeRefused: where that cannot be said now: it is told again
    """
    moved = moved_named(about)
    if about.direction is Direction.OUT or _outcome(told, about, moved) is not Outcome.LATE:
        return None
    assert moved is not None, "what nobody asked for came late"
    [answer] = gateway.query([asked_of(about, moved, at=at)])
    if answer.result not in {Result.CONFIRMED, Result.FAILED}:
        raise NoticeRefused(field="trade_status")
    return answer.result is Result.FAILED


def _verified(parameters: Mapping[str, str], gateway: Verifying) -> _Told:
    if not gateway.holds_notify(dict(parameters)):
        raise NoticeRefused(field="sign")
    if parameters.get("app_id") != gateway.config.app_id:
        raise NoticeRefused(field="app_id")
    # Notifies about authorisations and transfers need not name it; those about trades do.
    is_trade = "trade_status" in parameters
    if (is_trade or "seller_id" in parameters) and (
        parameters.get("seller_id") != gateway.config.seller_id
    ):
        raise NoticeRefused(field="seller_id")
    for field in ("notify_id", "notify_time"):
        if not 0 < len(parameters.get(field, "")) <= _LONGEST:
            raise NoticeRefused(field=field)
    return _read(parameters)


def _read(parameters: Mapping[str, str]) -> _Told:
    """The parameters of the three kinds: trades, authorisations, transfers."""
    first = {
        "number": ("out_trade_no", "out_biz_no", "out_request_no"),
        "status": ("trade_status", "status"),
        "ref": ("trade_no", "order_id", "auth_no"),
        "amount": ("total_amount", "trans_amount", "amount"),
    }
    found = {
        name: next((parameters[p] for p in ways if parameters.get(p)), "")[:_LONGEST]
        for name, ways in first.items()
    }
    return _Told(
        parameters["notify_id"], found["number"], found["status"],
        # A frozen sum has not come in yet: it is taken when it is asked about.
        Result.UNKNOWN if "auth_no" in parameters and "trade_status" not in parameters
        else STATES.get(found["status"], Result.UNKNOWN),
        found["ref"], found["amount"],
    )  # fmt: skip


def _outcome(
    told: _Told, about: Named | None, moved: Moved | None, *, freezes: bool = False
) -> Outcome:
    if about is None or moved is None:
        return Outcome.NOT_OURS
    is_failure = told.result is Result.FAILED
    # Which attempt failed a notify does not say: that of a payout a query tells.
    if told.result is not Result.CONFIRMED and (
        not is_failure or about.direction is Direction.OUT
    ):
        return Outcome.NOTHING_NEW
    if is_failure and moved.state == LodgementState.CONFIRMED:
        return Outcome.CONTRADICTS
    if is_failure and (freezes or moved.of is not None):
        # A trade that closes leaves its sum frozen: the run lets go of it before that failed. What
        # became of a part of one the run asks, too.
        return Outcome.NOTHING_NEW
    try:
        is_same = fen_of(told.amount) == moved.amount_minor
    except ValueError:
        is_same = False
    if not is_same:
        return Outcome.OTHER_AMOUNT
    ended = LodgementState.FAILED if about.direction is Direction.IN else PayoutState.STOPPED
    return Outcome.LATE if not is_failure and moved.state == ended else Outcome.TAKEN


def note_opposite(about: Named, said: str, *, at: datetime) -> None:
    """For a person to see to: the gateway says that failed which it had told us came in; once."""
    number = number_of(about.direction, about.seller_id, about.id)
    execute(
        "INSERT INTO work_notice (seller_id, notify_id, told_at, number, status, outcome) "
        "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [about.seller_id, f"asked {number}", at, number, said, Outcome.CONTRADICTS.value],
    )


def _known(seller_id: int, notify_id: str) -> Outcome:
    rows = fetch_rows(
        "SELECT outcome FROM work_notice WHERE seller_id = %s AND notify_id = %s",
        [seller_id, notify_id],
    )
    return Outcome(rows[0][0])


def _record(told: _Told, about: Named, moved: Moved, heard: Heard, at: datetime) -> None:
    """:raises LodgementAnswered: where the opposite was heard this very moment"""
    if told.result is Result.CONFIRMED:
        record_moved(about, moved, ref=told.ref, said=told.status, at=at, heard=heard)
    else:
        deposits.fail_lodgements(as_lodgement(moved), at=at, refs=[told.ref], answer=told.status)


@dataclass(frozen=True)
class NoticeRow:
    told_at: datetime
    notify_id: str
    number: str
    status: str
    outcome: Outcome


def notices_to_look_at(limit: int = 50) -> list[NoticeRow]:
    """Those that a person has to look at, the latest first."""
    rows = fetch_rows(
        # The outcomes stand in the text: so the index of these few is found.
        "SELECT told_at, notify_id, number, status, outcome FROM work_notice "
        f"WHERE outcome > {Outcome.NOTHING_NEW:d} ORDER BY told_at DESC, notify_id LIMIT %s",
        [limit],
    )
    return [NoticeRow(row[0], row[1], row[2], row[3], Outcome(row[4])) for row in rows]
