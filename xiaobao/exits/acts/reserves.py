"""Withheld settlement whose time is over goes back to sellers, as refunds do."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

import numpy as np
from django.db import transaction

from xiaobao.deposits import acts as deposits
from xiaobao.exits.acts.course import clock_due
from xiaobao.exits.acts.going import INSIDE, standing_of
from xiaobao.exits.acts.money import begin_payment
from xiaobao.exits.facts import Blocker, CauseKind, PaymentKind, Scope
from xiaobao.exits.queries.checking import check
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.references import cause_of
from xiaobao.promises.facts import ClockKind
from xiaobao.sellers import queries as sellers_now

# Payments that belong to no exit.
NO_EXIT = 0


@transaction.atomic
def release_due_reserves(*, until_us: int, limit: int = 1024) -> int:
    """Release what is due by then, and let payments of it set out; return how many did."""
    due = deposits.releases_due(until_us, _needed, limit)
    # The earliest moment first: those of one moment are released together.
    for at_us, rows in groupby(due, itemgetter(2)):
        here = list(rows)
        seller_ids, amounts, _ = np.array(here, np.int64).T
        deposits.release_settlement(seller_ids, amounts, keys=at_us, at=moment_of(at_us))
        for seller_id, amount, _ in here:
            send_reserve(seller_id, amount, at_us, cause=at_us)
    return len(due)


def _needed(seller_id: int, at_us: int) -> int:
    """What of a reserve stands for what no deposit covers, so that it does not go back meanwhile.

    Of who is in the guarantee the part of open claims that nothing holds, beside the requirement;
    of who has left whatever the exit's own terms hold, beyond what the deposit has for it.
    """
    is_inside = standing_of(seller_id) in INSIDE
    found = check(seller_id, Scope.PART if is_inside else Scope.WHOLE, at_us=at_us)
    held = found.judged.held_minor
    if is_inside:
        return int(held[found.things.kind == Blocker.CLAIM].sum())
    return max(int(held.sum()) - int(found.standings.deposit_minor[0]), 0)


def send_reserve(seller_id: int, amount_minor: int, at_us: int, *, cause: int) -> tuple[int, int]:
    """Send released settlement to the account bound now; return the payment's name.

    `cause` is the moment of its release, or the name of the payment that carried it before.
    """
    market_id = int(sellers_now.markets_of(np.array([seller_id]))[0])
    name = cause_of(CauseKind.PAYMENT, at_us, seller_id, NO_EXIT, cause)
    begin_payment(
        seller_id, name, market_id=market_id, number=NO_EXIT, kind=PaymentKind.RESERVE,
        amount_minor=amount_minor, at_us=at_us,
        due_us=clock_due(market_id, ClockKind.EXIT_PAYOUT, at_us, at_us),
    )  # fmt: skip
    return name
