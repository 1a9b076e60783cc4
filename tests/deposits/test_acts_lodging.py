"""Lodgements and settlements in PostgreSQL: asked once, booked once, whatever the gateway says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from xiaobao.database.sets import fetch_rows
from xiaobao.deposits import acts, queries
from xiaobao.deposits.acts import (
    AmountNotPositive,
    LodgementAnswered,
    LodgementDiffers,
    LodgementUnknown,
    SellerUnknown,
)
from xiaobao.deposits.facts import Heard, LodgementState
from xiaobao.kernel.clocks import us_of
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.acts import PostingsRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.kernel.columns import Int

AT = datetime(2026, 3, 1, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
MINUTE = timedelta(minutes=1)
TABLES = (
    "deposits_quote", "deposits_requirement", "deposits_event", "deposits_lodgement",
    "deposits_cover", "deposits_draw", "sellers_standing", "ledger_posting", "outbox_event",
)  # fmt: skip


def col(*values: int) -> Int:
    return np.array(values, np.int64)


def counts() -> dict[str, int]:
    return {t: fetch_rows(f"SELECT count(*) FROM {t}")[0][0] for t in TABLES}


def moved(before: dict[str, int]) -> dict[str, int]:
    return {t: n - before[t] for t, n in counts().items() if n != before[t]}


def state_of(seller_id: int) -> list[tuple[int, LodgementState]]:
    return [(row.amount_minor, row.state) for row in queries.lodgements_of(seller_id)]


def book(seller_id: int) -> tuple[int, int, int, int]:
    """Outside, deposit, reserve, refunds."""
    b = ledger.balances(col(seller_id))
    return int(b.outside[0]), int(b.deposit[0]), int(b.reserve[0]), int(b.refunds[0])


def test_asking_moves_no_money_and_asking_twice_is_asking_once(enrol: Callable[..., Int]) -> None:
    ids = enrol("a shop", "another")
    before = counts()
    first = acts.request_lodgements(ids, col(100_000, 50_000), keys=col(1, 1), at=AT)
    again = acts.request_lodgements(
        ids[::-1].copy(), col(50_000, 100_000), keys=1, at=AT + 5 * MINUTE
    )
    assert moved(before) == {"deposits_lodgement": 2}
    assert first.seller_id.tolist() == ids.tolist()
    assert again.lodgement_hi.tolist() == first.lodgement_hi[::-1].tolist()
    assert first.state.tolist() == [LodgementState.REQUESTED] * 2
    assert again.asked_us.tolist() == [us_of(AT)] * 2
    other = acts.request_lodgements(ids[:1], col(7), keys=2, at=AT)
    assert other.lodgement_lo[0] != first.lodgement_lo[0]
    assert book(int(ids[0])) == (0, 0, 0, 0)


def test_a_bad_request_is_refused_and_nothing_is_recorded(enrol: Callable[..., Int]) -> None:
    ids = enrol("a shop")
    acts.request_lodgements(ids, col(100), keys=1, at=AT)
    before = counts()
    with pytest.raises(LodgementDiffers) as differs:
        acts.request_lodgements(ids, col(101), keys=1, at=AT)
    assert differs.value.fields == {
        "known_minor": 100, "amount_minor": 101, "known": "¥1.00", "amount": "¥1.01",
    }  # fmt: skip
    assert "¥1.00 already, not ¥1.01" in differs.value.beside("en")
    assert "已申请缴存 ¥1.00，与 ¥1.01 不同" in differs.value.beside("zh")
    for amount in (0, -1):
        with pytest.raises(AmountNotPositive) as refused:
            acts.request_lodgements(ids, col(amount), keys=2, at=AT)
    assert [refused.value.beside(one) for one in ("zh", "en")] == [
        "请填写大于零的金额", "give an amount above zero",
    ]  # fmt: skip
    with pytest.raises(SellerUnknown):
        acts.request_lodgements(np.append(ids, 5), col(1, 1), keys=3, at=AT)
    assert moved(before) == {}


def test_confirmed_twice_is_booked_once(enrol: Callable[..., Int]) -> None:
    ids = enrol("a shop", "another")
    made = acts.request_lodgements(ids, col(100_000, 50_000), keys=1, at=AT)
    before = counts()
    assert acts.confirm_lodgements(made, at=AT + MINUTE, refs=["g1", "g2"], answer="ok") == 2
    assert moved(before) == {"ledger_posting": 2, "outbox_event": 2}
    assert acts.confirm_lodgements(made, at=AT + 2 * MINUTE, refs=["x", "y"]) == 0
    assert moved(before) == {"ledger_posting": 2, "outbox_event": 2}
    assert book(int(ids[0])) == (-100_000, 100_000, 0, 0)
    assert book(int(ids[1])) == (-50_000, 50_000, 0, 0)
    [row] = queries.lodgements_of(int(ids[0]))
    assert (row.state, row.gateway_ref, row.answer, row.answered_at) == (
        LodgementState.CONFIRMED, "g1", "ok", AT + MINUTE,
    )  # fmt: skip
    assert queries.next_lodgement_query_us() is None


def test_one_named_twice_in_a_batch_is_booked_once(enrol: Callable[..., Int]) -> None:
    ids = enrol("a shop")
    made = acts.request_lodgements(ids, col(100), keys=1, at=AT)
    assert acts.confirm_lodgements(made.take(col(0, 0)), at=AT) == 1
    assert book(int(ids[0])) == (-100, 100, 0, 0)


def test_a_failed_one_moves_nothing_and_what_comes_late_is_booked_once(
    enrol: Callable[..., Int],
) -> None:
    ids = enrol("a shop")
    made = acts.request_lodgements(ids, col(100), keys=1, at=AT)
    before = counts()
    assert acts.fail_lodgements(made, at=AT, answer="balance too low") == 1
    assert acts.fail_lodgements(made, at=AT) == 0
    assert moved(before) == {"outbox_event": 1}
    assert book(int(ids[0])) == (0, 0, 0, 0)
    [row] = queries.lodgements_of(int(ids[0]))
    assert (row.state, row.answer) == (LodgementState.FAILED, "balance too low")
    # The money came all the same: it is here, and the seller's, where the gateway was asked.
    with pytest.raises(LodgementAnswered):
        acts.confirm_lodgements(made, at=AT + MINUTE, refs=["g1"])
    late = acts.confirm_lodgements(made, at=AT + MINUTE, refs=["g1"], heard=Heard.ASKED)
    assert late == 1
    assert acts.confirm_lodgements(made, at=AT + 2 * MINUTE, refs=["g2"]) == 0
    assert moved(before) == {"outbox_event": 2, "ledger_posting": 1}
    assert book(int(ids[0])) == (-100, 100, 0, 0)
    with pytest.raises(LodgementAnswered):
        acts.fail_lodgements(made, at=AT + 3 * MINUTE)


def test_a_confirmed_one_cannot_fail(enrol: Callable[..., Int]) -> None:
    ids = enrol("a shop", "another")
    made = acts.request_lodgements(ids, col(100, 100), keys=1, at=AT)
    acts.confirm_lodgements(made.take(col(0)), at=AT)
    with pytest.raises(LodgementAnswered):
        acts.fail_lodgements(made, at=AT)
    assert state_of(int(ids[1])) == [(100, LodgementState.REQUESTED)]


def test_an_unknown_one_is_asked_about_until_it_is_answered(enrol: Callable[..., Int]) -> None:
    ids = enrol("a shop")
    made = acts.request_lodgements(ids, col(100), keys=1, at=AT)
    assert queries.next_lodgement_query_us() == us_of(AT + 5 * MINUTE)
    assert len(queries.lodgements_due(us_of(AT + 4 * MINUTE))) == 0
    assert len(queries.lodgements_due(us_of(AT + 5 * MINUTE))) == 1
    assert acts.mark_lodgements_unknown(made, at=AT + 5 * MINUTE) == 1
    assert queries.next_lodgement_query_us() == us_of(AT + 15 * MINUTE)
    due = queries.lodgements_due(us_of(AT + 15 * MINUTE))
    assert (due.state.tolist(), due.attempts.tolist()) == ([LodgementState.UNKNOWN], [1])
    assert acts.mark_lodgements_unknown(due, at=AT + 15 * MINUTE) == 1
    assert queries.next_lodgement_query_us() == us_of(AT + 35 * MINUTE)
    assert book(int(ids[0])) == (0, 0, 0, 0)
    assert acts.confirm_lodgements(due, at=AT + 35 * MINUTE) == 1
    # An answer that comes too late to be unknown again changes nothing.
    assert acts.mark_lodgements_unknown(due, at=AT + 36 * MINUTE) == 0
    assert state_of(int(ids[0])) == [(100, LodgementState.CONFIRMED)]
    assert book(int(ids[0])) == (-100, 100, 0, 0)


def test_one_never_asked_for_is_refused_and_the_others_wait(enrol: Callable[..., Int]) -> None:
    from xiaobao.deposits.facts import Lodgements

    ids = enrol("a shop")
    made = acts.request_lodgements(ids, col(100), keys=1, at=AT)
    stranger = Lodgements(
        seller_id=ids, lodgement_hi=col(1), lodgement_lo=col(-1), amount_minor=col(100),
        state=col(1), asked_us=col(0), attempts=col(0), is_ending=col(0) > 0,
        is_frozen=col(0) > 0,
    )  # fmt: skip
    before = counts()
    for act in (acts.confirm_lodgements, acts.fail_lodgements, acts.mark_lodgements_unknown):
        with pytest.raises(LodgementUnknown):
            act(Lodgements.concat([made, stranger]), at=AT)
    assert moved(before) == {}
    assert state_of(int(ids[0])) == [(100, LodgementState.REQUESTED)]


def test_settlement_is_withheld_released_and_paid_out_once_each(enrol: Callable[..., Int]) -> None:
    ids = enrol("a shop")
    shop = int(ids[0])
    before = counts()
    for _ in range(2):
        acts.withhold_settlement(ids, col(800), keys=11, at=AT)
    assert moved(before) == {"ledger_posting": 1, "outbox_event": 1}
    assert book(shop) == (-800, 0, 800, 0)
    with pytest.raises(PostingsRefused):
        acts.release_settlement(ids, col(801), keys=12, at=AT + MINUTE)
    with pytest.raises(PostingsRefused):
        acts.withhold_settlement(ids, col(799), keys=11, at=AT + MINUTE)
    for _ in range(2):
        acts.release_settlement(ids, col(500), keys=12, at=AT + MINUTE)
    assert book(shop) == (-800, 0, 300, 500)
    for _ in range(2):
        acts.confirm_releases(ids, col(500), keys=12, at=AT + 2 * MINUTE)
    assert book(shop) == (-300, 0, 300, 0)
    assert moved(before) == {"ledger_posting": 3, "outbox_event": 1}
    with pytest.raises(AmountNotPositive):
        acts.withhold_settlement(ids, col(0), keys=13, at=AT)
    with pytest.raises(SellerUnknown):
        acts.withhold_settlement(col(5), col(1), keys=13, at=AT)
