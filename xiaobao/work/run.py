"""Time passes: every clock that is due fires, day by day, at its own moment.

Each step is one transaction and may be repeated; a run that is cut off anywhere goes on when the
same is asked again, and ends as if nothing had happened.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import psycopg

from xiaobao.advances import acts as advances
from xiaobao.advances import queries as advances_now
from xiaobao.claims import acts as claims
from xiaobao.claims import queries as claims_now
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.evidence import acts as evidence
from xiaobao.exits import acts as exits
from xiaobao.exits import queries as exits_now
from xiaobao.hearings import acts as hearings
from xiaobao.hearings import queries as hearings_now
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.problems import Problem
from xiaobao.ledger import acts as ledger
from xiaobao.ledger import queries as ledger_now
from xiaobao.orders import acts as orders
from xiaobao.orders import queries as orders_now
from xiaobao.violations import queries as violations_now
from xiaobao.work import (
    calls,
    collecting,
    comparisons,
    freezing,
    noticing,
    paying,
    punishing,
    refunding,
    sealing,
    settling,
    watching,
    windows,
)
from xiaobao.work.report import RunReport, ThisRun, report_of
from xiaobao.work.settling import BATCH
from xiaobao.work.through import gateway_in_use

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from xiaobao.gateways.payments import PaymentGateway
    from xiaobao.work.windows import Window

_ONE_RUN = 7_201_116_001  # the number of the lock that a run holds
_WAIT_SECONDS = 60


class RunUnderWay(Problem):
    """Time is already passing, in another process."""

    code = "run_under_way"
    zh = "另一个 run 正在进行（已等待 {seconds} 秒）：等它结束后再运行"
    en = "another run is under way (waited {seconds} s): run again when it has ended"


class Progress(Protocol):
    def __call__(self, done: int, total: int, words: str = "") -> None: ...


def run(
    until: datetime,
    *,
    gateway: PaymentGateway | None = None,
    progress: Progress | None = None,
    workers: int = 1,
) -> RunReport:
    """Fire whatever is due up to and at `until`, and say what happened and what stands.

    Where many breaches are due in one day, `workers` settle them side by side.

    :raises RunUnderWay: if another process does so
    """
    done = pass_time(until, gateway=gateway, progress=progress, workers=workers)
    done.told = noticing.tell_announced(until)
    done.compared = comparisons.reckon_asked(until)
    calls.purge(until)
    evidence.sweep_unfinished()
    return report_of(until, done)


def pass_time(
    until: datetime,
    *,
    gateway: PaymentGateway | None = None,
    progress: Progress | None = None,
    workers: int = 1,
) -> ThisRun:
    """As `run`, for whoever asks day after day: says only what happened.

    :raises RunUnderWay: if another process does so
    """
    through = gateway_in_use() if gateway is None else gateway
    with _alone():
        return _live(us_of(until), through, progress, workers)


def _live(
    until_us: int, gateway: PaymentGateway, progress: Progress | None, workers: int
) -> ThisRun:
    done = ThisRun()
    first_us: int | None = None
    while (window := windows.left_open(until_us) or _open_next(until_us, done)) is not None:
        first_us = window.begins_us if first_us is None else first_us
        _live_through(window, gateway, done, workers)
        windows.close_window(window)
        done.windows += 1
        if progress is not None:
            days = [(us - first_us) // 86_400_000_000 for us in (window.ends_us, until_us)]
            progress(days[0], days[1], f"{moment_of(window.ends_us):%Y-%m-%d}")
    watching.count(until_us, done)
    watching.report(until_us, done)
    # Income that no clock announced repays debts too.
    done.recovered += advances.recover_debts(at=moment_of(until_us))
    # Nor did a clock announce whatever else a deposit was charged for.
    done.taken += freezing.take_what_is_owed(until_us, gateway)
    sealing.seal(until_us, done)
    return done


def _open_next(until_us: int, done: ThisRun) -> Window | None:
    """Open the window of the first clock that is due; none where none is."""
    due_us = min((us for us in _dues() if us is not None), default=None)
    if due_us is None or due_us > until_us:
        return None
    window = windows.window_from(due_us, until_us)
    done.swept += windows.open_window(window)
    return window


def _dues() -> Iterator[int | None]:
    yield deposits_now.next_lodgement_query_us()
    yield orders_now.next_due_us()
    yield claims_now.next_due_us()
    yield hearings_now.next_due_us()
    yield advances_now.next_due_us()
    yield deposits_now.next_due_us()
    yield deposits_now.next_instalment_us()
    yield deposits_now.next_release_us()
    yield deposits_now.next_taking_us()
    yield deposits_now.next_frozen_look_us()
    yield orders_now.next_report_us()
    yield ledger_now.next_expiry_us()
    yield violations_now.next_forced_exit_us()
    yield exits_now.next_due_us()
    yield exits_now.next_refund_us()
    yield exits_now.next_consult_us()
    yield violations_now.next_due_us()


def _live_through(window: Window, gateway: PaymentGateway, done: ThisRun, workers: int) -> None:
    """One day: money in, breaches, claims, violations, money out, debts, ladder, quotes, holds."""
    until_us = window.ends_us
    # Weeks that settled before this day know nothing of it.
    watching.count(window.begins_us, done)
    if _is_due(orders_now.next_due_us(), until_us) or _is_due(claims_now.next_due_us(), until_us):
        # The look that is due at the beginning comes first: expected before it, the one for what
        # this window finds would be taken for it, and come a day late.
        punishing.punish(window.begins_us, done)
        # Before anything is found: a run cut off here finds it again, and is looked for.
        punishing.expect(window.begins_us)
    done.lodgements += collecting.confirm_deposits(until_us, gateway)
    while _is_due(orders_now.next_report_us(), until_us):
        # Told as a fact: what breaks is found below, and the fund pays it.
        orders.lapse_reports(until_us=until_us)
    done.settled += settling.settle(until_us, workers)
    _move_claims(until_us, done)
    punishing.punish(until_us, done)
    done.answers += paying.send_payouts(until_us, gateway)
    done.recovered += advances.recover_debts(at=moment_of(until_us))
    while _is_due(deposits_now.next_due_us(), until_us) or _is_due(
        deposits_now.next_instalment_us(), until_us
    ):
        looked = deposits.climb_ladder(until_us, BATCH).looked
        done.climbed += looked
        looked += deposits.move_due_instalments(until_us, BATCH)
        quoted = deposits.quote_due(until_us, BATCH)
        done.quoted += quoted
        if looked + quoted == 0:
            break
    while _is_due(ledger_now.next_expiry_us(), until_us):
        expired = ledger.expire_holds(until_us, BATCH)
        done.expired += expired
        if expired == 0:
            break
    _move_exits(until_us, gateway, done)
    done.taken += freezing.take_what_is_owed(until_us, gateway)
    sealing.seal(until_us, done)


def _move_exits(until_us: int, gateway: PaymentGateway, done: ThisRun) -> None:
    """Exits go on, and what they owe sellers goes out; a payment that fails may be due again."""
    while _is_due(violations_now.next_forced_exit_us(), until_us):
        forced = exits.carry_out_forced_exits(until_us=until_us)
        done.forced += forced
        if forced == 0:
            break
    while _is_due(exits_now.next_due_us(), until_us):
        moved = exits.move_due_exits(until_us=until_us)
        done.exits += moved
        if moved.looked == 0:
            break
    while _is_due(deposits_now.next_release_us(), until_us):
        exits.release_due_reserves(until_us=until_us)
    done.refunds += refunding.send_refunds(until_us, gateway)
    while exits.mark_late_consults(until_us=until_us):
        pass


def _move_claims(until_us: int, done: ThisRun) -> None:
    """Claims whose clocks ran out go on, and those that came to review are looked at.

    Parties' silence, talks, suspensions, time to appeal, the jury's and the platform's own clock.
    """
    looked = 1
    while looked:
        looked = 0
        while _is_due(claims_now.next_due_us(), until_us):
            moved = claims.move_due_claims(until_us=until_us, limit=BATCH)
            done.claims += moved
            looked += moved.looked
            if moved.looked == 0:
                break
        while _is_due(hearings_now.next_due_us(), until_us):
            ruled = hearings.look_at_claims(until_us=until_us)
            done.ruled += ruled
            looked += ruled.looked
            if ruled.looked == 0:
                break


def _is_due(due_us: int | None, until_us: int) -> bool:
    return due_us is not None and due_us <= until_us


@contextmanager
def _alone() -> Iterator[None]:
    """One run at a time; the server of a run that was killed lets go by itself.

    :raises RunUnderWay: if the other one does not end while this one waits
    """
    execute(f"SET lock_timeout = '{_WAIT_SECONDS}s'")
    try:
        fetch_rows("SELECT pg_advisory_lock(%s)", [_ONE_RUN])
    except psycopg.errors.LockNotAvailable as problem:
        raise RunUnderWay(seconds=_WAIT_SECONDS) from problem
    finally:
        execute("SET lock_timeout = 0")
    try:
        yield
    finally:
        fetch_rows("SELECT pg_advisory_unlock(%s)", [_ONE_RUN])
