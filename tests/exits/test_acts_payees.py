"""A shop taken over does not leave with its deposit: a changed account is paid to days later."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from django.db import connections, transaction

from tests.exits.making import (
    ACCOUNT,
    HOLDER,
    NOW,
    SELLER,
    apply,
    approve,
    book,
    check,
    detail,
    later,
    open_world,
    pay,
    state,
    sweep,
)
from xiaobao.database.sets import fetch_rows
from xiaobao.exits.facts import ExitState
from xiaobao.exits.queries import next_refund_us
from xiaobao.kernel.clocks import us_of
from xiaobao.outbox.facts import EventKind
from xiaobao.sellers.acts import update_profile
from xiaobao.sellers.facts import PayeeChange
from xiaobao.sellers.queries import changes_payee, payee_changes

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.gateways.test_gateway import TestGateway
    from xiaobao.promises.facts import Market

THIEF = "thief@example.com"


def bind(account: str, at: datetime, by: str) -> None:
    update_profile(SELLER, {"payout_account": account}, by=by, at=at)


def paid(through: TestGateway) -> list[tuple[str, int]]:
    return [(line.account, line.amount_minor) for line in through.bill()]


def test_the_deposit_waits_and_goes_to_whoever_was_there_once_they_say_so(
    world: Market, through: TestGateway
) -> None:
    update_profile(SELLER, {"phone": "0571-1"}, at=NOW)
    update_profile(SELLER, {"payout_account": THIEF, "phone": "0571-9"}, by="hijacked", at=NOW)
    found = check()
    assert (found.payee_changed_at, found.payee_waits_until) == (NOW, later(days=3))
    apply()
    approve(NOW)
    pay(later(hours=1), through)
    (waiting,) = detail().payments
    assert (waiting.account, waiting.holder, waiting.waits_until) == ("", "", later(days=3))
    assert (paid(through), book()) == ([], {"outside": -100_000, "refunds": 100_000})
    assert next_refund_us() == us_of(later(days=3))
    # They were called, and are back: from here it is as long again, to their own account.
    bind(ACCOUNT, later(days=2), "the owner")
    update_profile(SELLER, {"phone": "0571-1"}, by="her son", at=later(days=2))
    pay(later(days=5) - (later(hours=1) - NOW), through)
    assert (paid(through), detail().payments[0].waits_until) == ([], later(days=5))
    pay(later(days=5), through)
    (sent,) = detail().payments
    assert (sent.account, sent.holder, sent.waits_until) == (ACCOUNT, HOLDER, None)
    assert (sent.payee_changed_at, sent.payee_changed_by) == (later(days=2), "the owner")
    # The platform was not late: it could not pay meanwhile.
    assert (paid(through), state(), book()) == ([(ACCOUNT, 100_000)], ExitState.PAID, {})
    assert payee_changes(SELLER) == [
        PayeeChange(later(days=2), "her son", ACCOUNT, ACCOUNT, HOLDER, HOLDER, "0571-9"),
        PayeeChange(later(days=2), "the owner", ACCOUNT, THIEF, HOLDER, HOLDER, "0571-9"),
        PayeeChange(NOW, "hijacked", THIEF, ACCOUNT, HOLDER, HOLDER, "0571-1"),
    ]
    assert fetch_rows(
        "SELECT count(*) FROM outbox_event WHERE kind = %s", [EventKind.SELLER_PAYEE_CHANGED]
    ) == [(2,)]
    assert check(at=later(days=5)).payee_waits_until is None


def test_taken_away_and_bound_anew_is_a_change_like_any_other(
    world: Market, through: TestGateway
) -> None:
    bind("", NOW, "hijacked")
    assert changes_payee(SELLER, {"payout_account": THIEF})
    bind(THIEF, later(days=4), "hijacked")
    bind(f" {THIEF} ", later(days=5), "hijacked")  # the same, whatever the blanks
    apply(at=later(days=4))
    approve(later(days=4))
    pay(later(days=6), through)
    assert paid(through) == []
    assert detail().payments[0].waits_until == later(days=7)
    pay(later(days=7), through)
    assert paid(through) == [(THIEF, 100_000)]


def test_what_set_out_before_goes_where_it_was_to_go(world: Market, through: TestGateway) -> None:
    apply()
    approve(NOW)
    sweep(NOW)
    bind(THIEF, later(hours=1), "hijacked")
    bind("other@example.com", later(hours=1), "hijacked")
    assert len(payee_changes(SELLER)) == 2
    pay(later(hours=1), through)
    assert (paid(through), state()) == ([(ACCOUNT, 100_000)], ExitState.PAID)
    (sent,) = detail().payments
    assert (sent.payee_changed_at, sent.payee_changed_by, sent.waits_until) == (None, "", None)


def test_two_changes_at_once_are_numbered_one_after_the_other(committed: None) -> None:
    """The second waits for the first, and is told of as a change of what that one left."""
    open_world()

    def steal() -> None:
        bind(THIEF, later(hours=2), "hijacked")
        connections.close_all()

    other = Thread(target=steal)
    with transaction.atomic():
        bind("new@example.com", later(hours=1), "the owner")
        other.start()
        while not fetch_rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            assert other.is_alive()
    other.join()
    assert fetch_rows("SELECT seq, account, account_before FROM sellers_payee ORDER BY seq") == [
        (1, "new@example.com", ACCOUNT), (2, THIEF, "new@example.com"),
    ]  # fmt: skip
    assert fetch_rows(
        "SELECT count(*) FROM outbox_event WHERE kind = %s", [EventKind.SELLER_PAYEE_CHANGED]
    ) == [(2,)]
