"""Breaches that are due are found and paid: a backlog by several, each with sellers of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import connections

from xiaobao.advances import acts as advances
from xiaobao.advances.facts import SettleReport
from xiaobao.kernel.references import EVERYBODY, Part
from xiaobao.orders import queries as orders_now

BATCH = 8192
# So many due in one window are shared out among workers.
MANY = BATCH


def settle(until_us: int, workers: int) -> SettleReport:
    """Settle whatever is due by then.

    Many are shared out among the workers: threads, for it is the server that works. Sellers share
    nothing, so where a window fits one batch, what stands is the same however many there were;
    beyond it, a shortfall is told of as often as its seller's breaches came in batches.
    """
    done = SettleReport()
    if workers > 1 and orders_now.are_due(until_us, MANY):
        parts = [Part(number, workers) for number in range(workers)]
        with ThreadPoolExecutor(workers) as pool:
            done = sum(pool.map(partial(_settle_part, until_us), parts), done)
    due_us = orders_now.next_due_us()
    if due_us is not None and due_us <= until_us:
        done += _settle_all(until_us, EVERYBODY)
    return done


def _settle_part(until_us: int, part: Part) -> SettleReport:
    try:
        return _settle_all(until_us, part)
    finally:
        connections.close_all()


def _settle_all(until_us: int, part: Part) -> SettleReport:
    done = SettleReport()
    while (
        settled := advances.settle_due_breaches(until_us=until_us, limit=BATCH, part=part)
    ).found:
        done += settled
    return done
