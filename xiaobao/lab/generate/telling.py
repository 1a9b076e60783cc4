"""How journeys are told: facts with the moment each arrives, late, twice, and contradicting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import FAR_US, Columns, Int
from xiaobao.lab.generate.figures import number
from xiaobao.lab.generate.journeys import MINUTE_US
from xiaobao.lab.generate.plans import DAY_US, HOUR_US, Fate, Plan
from xiaobao.orders.facts import CancelReason, FactKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.lab.generate.journeys import Journeys
    from xiaobao.lab.generate.sales import Sales

SECOND_US = 1_000_000
NONE = -1  # where a fact has no such field

# A promise this long or longer is a date on the page (presale), not a number of hours.
DATED_FROM_HOURS = 168

REASONS = {
    Fate.UNPAID: CancelReason.BUYER,
    Fate.BUYER_CANCELLED: CancelReason.BUYER,
    Fate.OUT_OF_STOCK: CancelReason.OUT_OF_STOCK,
    Fate.PRICE_RISE: CancelReason.PRICE_RISE,
    Fate.SELECTIVE: CancelReason.SELECTIVE,
    Fate.DISGUISED: CancelReason.BUYER,
}


@dataclass(frozen=True, slots=True)
class Told(Columns):
    """Facts as told, one row each: which order, what, when it happened, when it arrived."""

    order: Int
    fact: Int  # FactKind
    at_us: Int
    arrives_us: Int
    reason: Int  # CancelReason, or NONE
    amount_minor: Int  # or NONE
    line: Int  # position among the lines of all orders, or NONE


def tell(plan: Plan, sales: Sales, journeys: Journeys) -> Told:
    """Every fact that arrives before the plan's end, in the order of arrival."""
    rng = np.random.default_rng([plan.seed, 5])
    told = Told.concat([*_truths(sales, journeys)])
    told = _arriving(rng, told)
    told = Told.concat([told, _again(rng, told), _contradictions(rng, told)])
    told = told.take(told.arrives_us < plan.end_us)
    by_arrival = np.lexsort((told.line, told.at_us, told.fact, told.order, told.arrives_us))
    return told.take(by_arrival)


def _facts(order: Int, kind: FactKind, at: Int, **more: Int) -> Told:
    """The facts of one kind; rows whose moment never comes are left out."""
    none = np.full(len(order), NONE, np.int64)
    whole = at // SECOND_US * SECOND_US  # tills and scanners write seconds
    told = Told(
        order=order,
        fact=np.full(len(order), kind, np.int64),
        at_us=whole,
        arrives_us=whole,
        reason=more.get("reason", none),
        amount_minor=more.get("amount", none),
        line=more.get("line", none),
    )
    return told.take(at < FAR_US)


def _truths(sales: Sales, j: Journeys) -> Iterator[Told]:
    order = np.arange(len(sales), dtype=np.int64)
    line = np.arange(len(sales.line_order), dtype=np.int64)
    yield _facts(order, FactKind.PLACED, sales.placed_us)
    yield _facts(sales.line_order, FactKind.LINE, sales.placed_us[sales.line_order], line=line)
    plain = {
        FactKind.PAID: j.paid_us,
        FactKind.LABELLED: j.labelled_us,
        FactKind.DELIVERED: j.delivered_us,
        FactKind.SIGNED: j.signed_us,
        FactKind.COMPLETED: j.completed_us,
        FactKind.RETURN_SHIPPED: j.return_shipped_us,
        FactKind.RETURN_RECEIVED: j.return_received_us,
    }
    for kind, at in plain.items():
        yield _facts(order, kind, at)
    for scan in range(j.scanned_us.shape[1]):
        yield _facts(order, FactKind.SCANNED, j.scanned_us[:, scan])
    for kind, at in (
        (FactKind.REFUND_ASKED, j.refund_asked_us),
        (FactKind.REFUND_PAID, j.refund_paid_us),
    ):
        yield _facts(order, kind, at, amount=j.refund_asked_minor)
    reason = np.full(len(sales), CancelReason.NONE, np.int64)
    for fate, why in REASONS.items():
        reason = np.where(j.fate == fate, why, reason)
    yield _facts(order, FactKind.CANCELLED, j.cancelled_us, reason=reason)
    # A report tells of what happened, and arrives when the shop sends it.
    reports = _facts(order, FactKind.FORCE_MAJEURE, j.storm_us)
    yield _with_arrival(reports, j.storm_told_us[j.storm_us < FAR_US])


def _with_arrival(told: Told, arrives_us: Int) -> Told:
    return Told(**{**told.as_dict(), "arrives_us": arrives_us})


def _arriving(rng: np.random.Generator, told: Told) -> Told:
    """Most facts arrive in minutes, some hours late, a few days late; reports when sent."""
    n = len(told)
    wait = (rng.exponential(4.0, n) * MINUTE_US).astype(np.int64)
    roll = rng.random(n)
    hours, days = number("arrives_late"), number("arrives_days_late")
    wait = np.where(roll < hours, rng.integers(HOUR_US, 18 * HOUR_US, n), wait)
    wait = np.where(roll < days, rng.integers(DAY_US, 6 * DAY_US, n), wait)
    is_report = told.fact == FactKind.FORCE_MAJEURE
    return _with_arrival(told, told.arrives_us + np.where(is_report, 0, wait))


def _again(rng: np.random.Generator, told: Told) -> Told:
    """Facts told a second time, unchanged: at once, or days later."""
    twice = told.take(rng.random(len(told)) < number("told_twice"))
    wait = (rng.exponential(20.0, len(twice)) * HOUR_US).astype(np.int64)
    return _with_arrival(twice, twice.arrives_us + wait)


def _contradictions(rng: np.random.Generator, told: Told) -> Told:
    """The same fact with another moment, and orders called off after they arrived."""
    n = len(told)
    chance = number("contradicted")
    roll = rng.random(n)
    shift = rng.integers(HOUR_US, 30 * HOUR_US, n)
    again = np.isin(told.fact, [FactKind.SIGNED, FactKind.PAID, FactKind.DELIVERED])
    moved = Told(**{**told.as_dict(), "at_us": told.at_us + shift})
    moved = _with_arrival(moved, told.arrives_us + shift + HOUR_US)
    undone = Told(
        **{
            **moved.as_dict(),
            "fact": np.full(n, FactKind.CANCELLED, np.int64),
            "reason": np.full(n, CancelReason.OTHER, np.int64),
        }
    )
    is_undone = (told.fact == FactKind.DELIVERED) & (roll > 1 - chance / 3)
    return Told.concat([moved.take(again & (roll < chance)), undone.take(is_undone)])
