"""Telling: every cause once, whatever the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import psycopg
import pytest

from xiaobao.database.sets import execute
from xiaobao.kernel.references import causes_of
from xiaobao.outbox.acts import tell
from xiaobao.outbox.facts import EventKind
from xiaobao.outbox.queries import counts_by_kind, events_of

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int

pytestmark = pytest.mark.django_db
AT = 1_700_000_000_000_000


def causes(*parts: int) -> tuple[Int, Int]:
    return causes_of(301, np.full(len(parts), AT), np.array(parts, np.int64))


def test_an_event_is_kept_with_all_it_says() -> None:
    seller = np.array([2**62 + 1], np.int64)
    high, low = causes(7)
    tell(
        EventKind.BREACH_FOUND, seller, high, low,
        at_us=AT, subject_id=11, party_id=22, amount_minor=500, recorded_us=AT + 1,
    )  # fmt: skip
    told = events_of(seller)
    assert (told.cause_hi == high).all()
    assert (told.cause_lo == low).all()
    rest = {n: v.tolist() for n, v in told.as_dict().items() if not n.startswith(("cause", "ev"))}
    assert rest == {
        "seller_id": [2**62 + 1], "kind": [101], "subject_id": [11], "party_id": [22],
        "amount_minor": [500], "happened_us": [AT], "recorded_us": [AT + 1],
    }  # fmt: skip


def test_told_again_in_another_batch_it_adds_only_what_is_new() -> None:
    seller = np.arange(1, 5)
    high, low = causes(1, 2, 3, 4)
    tell(EventKind.PAYOUT_CONFIRMED, seller[:2], high[:2], low[:2], at_us=AT)
    before = events_of(seller).as_dict()
    tell(EventKind.PAYOUT_CONFIRMED, seller, high, low, at_us=AT + 5, amount_minor=9)
    after = events_of(seller)
    first = after.take(np.isin(after.seller_id, seller[:2])).as_dict()
    assert all((first[name] == before[name]).all() for name in before)
    assert after.happened_us.tolist() == [AT, AT, AT + 5, AT + 5]
    tell(EventKind.PAYOUT_CONFIRMED, seller, high, low, at_us=AT)
    assert counts_by_kind() == {"payout.confirmed": 4}


def test_a_cause_twice_in_one_batch_is_one_event() -> None:
    seller = np.array([1, 1])
    high, low = causes(1, 1)
    tell(EventKind.DEPOSIT_SHORT, seller, high, low, at_us=AT)
    assert counts_by_kind() == {"deposit.short": 1}


def test_nothing_to_tell_is_no_work() -> None:
    none = np.zeros(0, np.int64)
    tell(EventKind.DEPOSIT_SHORT, none, none, none, at_us=AT)
    assert counts_by_kind() == {}


@pytest.mark.parametrize(
    "statement", ["UPDATE outbox_event SET kind = 1", "DELETE FROM outbox_event"]
)
def test_what_was_told_cannot_be_untold(statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        execute(statement)
