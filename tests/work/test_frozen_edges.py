"""A frozen sum where others are in between: a second gateway, notifies, answers that lag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.exits.making import SELLER, apply, approve, book, gateway, later, open_world, pay, state
from tests.work.test_frozen import SUM, charge, freeze, parts
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.deposits.facts import LodgementState
from xiaobao.exits.facts import ExitState
from xiaobao.gateways.alipay import staying
from xiaobao.gateways.alipay.names import Named
from xiaobao.gateways.payments import (
    CLOSED_FOR_GOOD,
    Answer,
    Direction,
    Movement,
    Result,
    Way,
)
from xiaobao.gateways.succeeding import SucceedingGateway
from xiaobao.gateways.test_gateway import TestGateway
from xiaobao.kernel.clocks import us_of
from xiaobao.work.checking import check_money
from xiaobao.work.freezing import take_what_is_owed
from xiaobao.work.moved import moved_named
from xiaobao.work.notices import Outcome, _outcome, _Told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def test_what_the_old_gateway_froze_it_takes_from_and_lets_go_of(db: None, tmp_path: Path) -> None:
    open_world(deposit=0)
    old, new = gateway(tmp_path / "old"), gateway(tmp_path / "new")
    freeze(old)
    both = SucceedingGateway(old, new)
    owed = charge("a", later(hours=2))
    assert take_what_is_owed(us_of(later(hours=3)), both) == 1
    apply(at=later(hours=5))
    approve(later(hours=6))
    pay(later(hours=7), both)
    assert (state(), book().get("deposit", 0)) == (ExitState.PAID, 0)
    assert parts() == [(SUM, 0, 0, 0, owed, SUM - owed, 0)]
    assert (sum(old.frozen().values()), new.frozen(), new.bill()) == (0, {}, [])
    assert [line.amount_minor for line in old.bill()] == [owed]
    assert check_money() == []


def test_a_notify_that_a_taking_closed_changes_nothing(db: None, tmp_path: Path) -> None:
    open_world(deposit=0)
    freeze(gateway(tmp_path))
    owed = charge("a", later(hours=3))
    assert deposits.ask_takings(at=later(hours=3)) == 1
    [taking] = deposits_now.takings_of(SELLER)
    about = Named(Direction.IN, SELLER, taking.taking)
    told = _Told("n", "number", "TRADE_CLOSED", Result.FAILED, "ref", f"{owed / 100:.2f}")
    assert _outcome(told, about, moved_named(about)) is Outcome.NOTHING_NEW


class _Lagging:
    """An Alipay that took the part, cannot say so yet, and has let go of the rest."""

    def __init__(self, paid: dict[str, str]) -> None:
        self._paid = paid

    def call(self, method: str, content: dict[str, Any], _at: Any, **_more: Any) -> dict[str, str]:
        if method == "alipay.trade.pay":
            return self._paid
        if method == "alipay.trade.query":
            return {"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}
        return {
            "code": "10000", "out_request_no": content["out_request_no"], "order_status": "FINISH",
            "total_freeze_amount": "1000.00", "total_pay_amount": "500.00", "rest_amount": "0.00",
        }  # fmt: skip


class _Config:
    seller_id = "2088"


def test_a_taking_whose_answer_was_lost_is_not_held_for_refused() -> None:
    part = Movement(
        UUID(int=5), "S1", 50_000, "CNY", 1, 0, seller_id=1, way=Way.TAKEN, of=UUID(int=6),
        of_ref="a",
    )  # fmt: skip

    def taken(paid: dict[str, str]) -> Result:
        config: Any = _Config()
        wire: Any = _Lagging(paid)
        return staying.took(wire, part, config, later()).result

    assert taken({"code": "20000", "sub_code": "ACQ.SYSTEM_ERROR"}) is Result.UNKNOWN
    # Refused at once, with nothing frozen any more: it never will be.
    assert taken({"code": "40004", "sub_code": "ACQ.ACCESS_FORBIDDEN"}) is Result.FAILED


class _Closing(TestGateway):
    """Somebody closes each trade by hand before it is paid."""

    def collect(self, movements: Sequence[Movement]) -> list[Answer]:
        return [
            Answer(one.id, Result.FAILED, one.attempt, "", CLOSED_FOR_GOOD) for one in movements
        ]


def test_a_taking_that_was_closed_by_hand_goes_on_under_another_name(
    db: None, tmp_path: Path
) -> None:
    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    owed = charge("a", later(hours=2))
    before = book()
    closing = _Closing(tmp_path)
    assert take_what_is_owed(us_of(later(hours=2)), closing) == 0
    [first] = deposits_now.takings_of(SELLER)
    # At once it would be asked for again and again: it waits its time, for whoever looks.
    assert take_what_is_owed(us_of(later(hours=2)), through) == 0
    assert [one.taking for one in deposits_now.takings_in_trouble()] == [first.taking]
    assert take_what_is_owed(us_of(later(hours=2, minutes=10)), closing) == 0
    second, known = deposits_now.takings_of(SELLER)
    assert (known.taking, known.state, known.ended_at, known.answer) == (
        first.taking, LodgementState.FAILED, None, CLOSED_FOR_GOOD,
    )  # fmt: skip
    assert (second.attempts, second.amount_minor) == (2, owed)
    assert parts() == [(SUM, SUM, owed, 0, 0, 0, 0)]
    # It waits twice as long each time, whatever its name.
    next_us = deposits_now.next_taking_us()
    assert next_us is not None
    assert take_what_is_owed(next_us - 1, through) == 0
    assert take_what_is_owed(next_us, through) == 1
    third = deposits_now.takings_of(SELLER)[0]
    assert (third.state, third.attempts) == (LodgementState.CONFIRMED, 3)
    assert [line.id for line in through.bill()] == [third.taking]
    assert (parts(), book()) == ([(SUM, SUM - owed, 0, 0, owed, 0, 0)], before)
    assert (deposits_now.takings_in_trouble(), check_money()) == ([], [])


def test_what_alipay_calls_closed_is_closed_for_good() -> None:
    part = Movement(
        UUID(int=5), "S1", 50_000, "CNY", 1, 0, seller_id=1, way=Way.TAKEN, of=UUID(int=6)
    )

    class Closed:
        def call(self, _method: str, content: dict[str, Any], _at: Any) -> dict[str, str]:
            return {"code": "10000", "trade_status": "TRADE_CLOSED", **content}

    wire: Any = Closed()
    said = staying.asked_taken(wire, part, later())
    assert (said.result, said.words) == (Result.FAILED, CLOSED_FOR_GOOD)
