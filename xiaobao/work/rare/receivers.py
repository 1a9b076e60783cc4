"""Two receivers of events: one takes all it is told, one is out of order and is given up on.

Nothing is sent anywhere: what a receiver would have answered is written down, as the sender does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from xiaobao.outbox import acts, queries
from xiaobao.outbox.facts import Attempt, Trouble

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.lab.generate.plans import Plan

# Addresses that exist nowhere.
_HEALTHY = ("ERP", "https://erp.example/xiaobao", ("claim.filed", "claim.paid"))
_BROKEN = ("CRM", "https://crm.example/xiaobao", ("penalty.begun",))
_TAKES = Attempt(status=204, trouble=Trouble.NONE, took_ms=40, answer="")
_REFUSES = Attempt(status=503, trouble=Trouble.REFUSED, took_ms=900, answer="Service Unavailable")
_DAYS = 8
# When it is tried, before the evening: by then all that was told that day had happened.
_TRIED = tuple(timedelta(hours=hours) for hours in (21, 9, 0))
_EACH, _MOST = 1_000, 10_000


def tell(plan: Plan, day: int, at: datetime) -> None:
    """Both subscribe in the last days, and are told what was waiting for them."""
    if day < plan.days - _DAYS:
        return
    known = {one.name: one.subscription for one in queries.subscriptions()}
    for name, url, patterns in (_HEALTHY, _BROKEN):
        if name not in known:
            acts.subscribe(name, url, patterns, at=at)
    if _HEALTHY[0] in known and _BROKEN[0] in known:
        _try(known[_HEALTHY[0]], _TAKES, at)
        for before in _TRIED:
            _try(known[_BROKEN[0]], _REFUSES, at - before)


def tell_rest(at: datetime) -> None:
    """Who takes all it is told is told what the last night brought."""
    for one in queries.subscriptions():
        if one.name == _HEALTHY[0]:
            _try(one.subscription, _TAKES, at)


def _try(subscription: int, came: Attempt, at: datetime) -> None:
    for run in queries.due_runs(subscription, at=at, each=_EACH, limit=_MOST):
        taken = acts.take(subscription, run, at=at)
        # Of a receiver that refuses, no message behind the first is tried.
        tried = taken if came.trouble is Trouble.NONE else taken[:1]
        acts.record_attempts([(one, came) for one in tried], taken[len(tried) :], at=at)
