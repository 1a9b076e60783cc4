"""Reconciliation: the gateway's bills against our books, by day; what differs, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from xiaobao.gateways.bills import BillKind
from xiaobao.gateways.bills.cells import CHINA
from xiaobao.gateways.bills.shapes import KIND_WORDS
from xiaobao.gateways.payments import RESULT_WORDS
from xiaobao.kernel.problems import Problem
from xiaobao.sellers import queries as sellers
from xiaobao.web.gates import staff_page
from xiaobao.web.people import Role
from xiaobao.web.proving import proven
from xiaobao.web.telling import field, tell, tell_problem, tell_wrong
from xiaobao.work.asking import ask_about
from xiaobao.work.bills.closing import close_day, closed_day, closed_days
from xiaobao.work.bills.differing import WORDS, Kind
from xiaobao.work.bills.matching import match_bill, match_day
from xiaobao.work.bills.taking import bills_read, read_handed, take_in
from xiaobao.work.clock import now
from xiaobao.work.notices import OUTCOME_WORDS, notices_to_look_at
from xiaobao.work.through import gateway_in_use
from xiaobao.work.unowed import STEP_WORDS, StepKind, open_sums, paid_unowed

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from xiaobao.work.bills.differing import Difference, Words

_MOST_SHOWN = 200
# Where the gateway may know better by now.
_ASKED_ABOUT = {Kind.FAILED_YET_MOVED, Kind.STILL_OPEN, Kind.NOT_IN_BILL}


@dataclass(frozen=True)
class _Shown:
    """One difference as the page shows it."""

    words: Words
    seller: str
    difference: Difference
    may_be_asked: bool


def _shown(differences: tuple[Difference, ...]) -> list[_Shown]:
    shown = differences[:_MOST_SHOWN]
    ids = sorted({one.seller_id for one in shown if one.seller_id})
    names = sellers.names_of(np.array(ids, np.int64))
    return [
        _Shown(WORDS[one.kind], names.get(one.seller_id, ""), one, one.kind in _ASKED_ABOUT)
        for one in shown
    ]


def _day(said: str) -> date:
    """The day asked for; yesterday in China where none, or none that is one."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return (now().astimezone(CHINA) - timedelta(days=1)).date()


@require_safe
@staff_page(Role.FINANCE, Role.ADMINISTRATOR)
def reconciliation(request: HttpRequest) -> HttpResponse:
    day = _day(request.GET.get("day", ""))
    begins = datetime(day.year, day.month, day.day, tzinfo=CHINA)
    matched, unowed = match_day(begins, begins + timedelta(days=1)), paid_unowed()
    shops = sorted({one.seller_id for one in unowed[:_MOST_SHOWN]})
    names = sellers.names_of(np.array(shops, np.int64))
    return render(request, "finance/reconciliation.html", {
        "tab": "reconciliation",
        "day": day, "matched": matched, "differences": _shown(matched.differences),
        "hidden": max(0, len(matched.differences) - _MOST_SHOWN),
        "closed": closed_day(day), "closes": closed_days(),
        "bills": [(bill, KIND_WORDS[BillKind(bill.kind)]) for bill in bills_read()],
        "unowed": [
            (
                one, names.get(one.seller_id, ""),
                [(step, STEP_WORDS[step.kind]) for step in one.steps],
            )
            for one in unowed[:_MOST_SHOWN]
        ],
        "unowed_sums": open_sums(unowed).items(),
        "kinds": [(kind.name.lower(), STEP_WORDS[kind]) for kind in StepKind],
        "notices": [(one, OUTCOME_WORDS[one.outcome]) for one in notices_to_look_at()],
    })  # fmt: skip


@require_POST
@staff_page(Role.FINANCE, Role.ADMINISTRATOR)
@proven
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the gateway about one number; money that moved is booked."""
    day = _day(field(request, "day"))
    try:
        answer = ask_about(field(request, "number"), gateway_in_use(), at=now())
    except Problem as problem:
        tell_problem(request, problem)
    else:
        zh, en = RESULT_WORDS[answer.result]
        tell(request, zh=f"{zh}：{answer.said}", en=f"{en}: {answer.said}")
    return _to_day(day)


def _to_day(day: date) -> HttpResponse:
    answer = redirect("reconciliation")
    answer["Location"] += f"?day={day}"
    return answer


@require_POST
@staff_page(Role.FINANCE, Role.ADMINISTRATOR)
@proven
def take_bill(request: HttpRequest) -> HttpResponse:
    """A file as the gateway made it: taken in whole, or refused with the line that is wrong."""
    given = request.FILES.get("bill")
    if given is None:
        tell_wrong(request, zh="请选择账单文件", en="choose the bill's file", about="bill")
        return redirect("reconciliation")
    name = Path(str(given.name)).name
    try:
        bill = read_handed(given.read(), name)
    except Problem as problem:
        tell_problem(request, problem)
        return redirect("reconciliation")
    taken, matched = take_in(bill, name, at=now()), match_bill(bill)
    count = len(matched.differences)
    tell(
        request,
        zh=f"{name}：{taken.lines} 行，相符 {matched.agreed} 行，差异 {count} 处",
        en=f"{name}: {taken.lines} lines, {matched.agreed} agree, {count} differences",
    )
    if bill.begins is None:
        return redirect("reconciliation")
    return _to_day(bill.begins.astimezone(CHINA).date())


@require_POST
@staff_page(Role.FINANCE, Role.ADMINISTRATOR)
@proven
def close(request: HttpRequest) -> HttpResponse:
    day = _day(field(request, "day"))
    try:
        closed = close_day(day, because=field(request, "because"), at=now())
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(request, zh=f"{closed.day} 已日结并签名", en=f"{closed.day} is closed and signed")
    return _to_day(day)
