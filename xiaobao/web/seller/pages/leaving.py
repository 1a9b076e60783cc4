"""退保 · leaving: see what is in the way and until when, choose, apply, follow, call off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.exits import acts, queries
from xiaobao.exits.facts import (
    ACTOR_WORDS,
    BLOCKER_WORDS,
    EVENT_WORDS,
    PAYMENT_WORDS,
    REASON_WORDS,
    SCOPE_WORDS,
    STATE_WORDS,
    ExitState,
    Reason,
    Scope,
)
from xiaobao.exits.queries import ExitUnknown
from xiaobao.kernel.money import minor_from
from xiaobao.kernel.problems import Problem
from xiaobao.sellers.facts import PROFILE_PARTS
from xiaobao.web.gates import shop_page
from xiaobao.web.people import Role
from xiaobao.web.telling import WORDS, field, new_key, tell, tell_problem, tell_wrong
from xiaobao.web.templatetags.house import ZONE
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from django.http import HttpRequest

    from xiaobao.exits.facts import Blocker, BlockerRow, ExitDetail, StageRow
    from xiaobao.sellers.facts import SellerRow

# Of a long list the first are shown, and all are counted.
SHOWN = 8
OVER = (ExitState.PAID, ExitState.REFUSED, ExitState.CANCELLED)
BEFORE_PAYING = (
    ExitState.DRAFT, ExitState.SUBMITTED, ExitState.CHECKED, ExitState.QUIET,
    ExitState.UNDER_REVIEW, ExitState.APPROVED,
)  # fmt: skip


@require_safe
@shop_page(Role.OWNER)
def leaving(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """What may leave now and later, what holds the rest, and the exit under way."""
    scope = Scope.PART if request.GET.get("scope") == "part" else Scope.WHOLE
    check = queries.check_of(row.seller_id, scope, at=now())
    found = _latest(row)
    return render(request, "seller/leaving.html", {
        "shop": row,
        "tab": "leaving",
        "check": check,
        "is_part": scope is Scope.PART,
        "groups": _grouped(check.blockers),
        "missing": [(one.zh, one.en) for one in PROFILE_PARTS if one.field in check.missing],
        "stages": _by_day(check.stages),
        "reasons": [(one.name.lower(), REASON_WORDS[one]) for one in Reason],
        "key": new_key(),
        "is_under_way": found is not None and found.exit.state not in OVER,
        **_followed(found),
    })  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Blockers of one kind, as a page tells them: all counted, the first few shown."""

    words: tuple[str, str]
    count: int
    held_minor: int
    ends_at: datetime | None  # the latest; None where one has no date
    is_waited_for: bool
    actor: tuple[str, str]
    first: BlockerRow
    shown: tuple[BlockerRow, ...]


def _grouped(blockers: Sequence[BlockerRow]) -> list[Group]:
    of_kind: dict[Blocker, list[BlockerRow]] = {}
    for one in blockers:
        of_kind.setdefault(one.kind, []).append(one)
    return [
        Group(
            BLOCKER_WORDS[kind], len(rows), sum(one.held_minor for one in rows), _last_of(rows),
            any(one.is_waited_for for one in rows), ACTOR_WORDS[rows[0].actor], rows[0],
            tuple(rows[:SHOWN]),
        )
        for kind, rows in of_kind.items()
    ]  # fmt: skip


def _last_of(rows: Sequence[BlockerRow]) -> datetime | None:
    dated = [one.ends_at for one in rows if one.ends_at is not None]
    return max(dated) if len(dated) == len(rows) else None


def _by_day(stages: Sequence[StageRow]) -> list[tuple[datetime, int, int]]:
    """What may leave day by day: the next days, and the last."""
    days: dict[date, tuple[datetime, int, int]] = {}
    for one in stages:
        day = one.at.astimezone(ZONE).date()
        before = days.get(day)
        amount = one.amount_minor + (before[1] if before else 0)
        days[day] = one.at, amount, one.total_minor
    told = [one for one in days.values() if one[1]]
    return told if len(told) <= SHOWN else [*told[: SHOWN - 1], told[-1]]


def _latest(row: SellerRow) -> ExitDetail | None:
    try:
        return queries.exit_detail(row.seller_id, row.name)
    except ExitUnknown:
        return None


def _followed(found: ExitDetail | None) -> dict[str, object]:
    if found is None:
        return {"exit": None}
    return {
        "exit": found.exit,
        "exit_words": (
            SCOPE_WORDS[found.exit.scope],
            REASON_WORDS[found.exit.reason],
            STATE_WORDS[found.exit.state],
        ),
        "may_cancel": found.exit.state in BEFORE_PAYING,
        "events": [(one, EVENT_WORDS[one.event]) for one in found.events],
        "payments": [(one, PAYMENT_WORDS[one.kind]) for one in found.payments],
    }


@require_POST
@shop_page(Role.OWNER)
def apply(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Ask a part or all of the deposit back."""
    named = {one.name.lower(): one for one in Reason}
    reason, key = named.get(field(request, "reason")), field(request, "key")
    is_part = field(request, "scope") == "part"
    amount = minor_from(field(request, "amount"), row.currency) if is_part else 0
    back = reverse("seller-leaving", args=[row.name]) + ("?scope=part" if is_part else "")
    if reason is None or not key:
        tell_wrong(request, zh="请选择原因", en="choose a reason")
    elif amount is None:
        tell_wrong(
            request,
            zh="金额：请填写要退还的正数金额，如 500.00",
            en="amount: give the positive amount to take back, like 500.00",
        )
    else:
        try:
            acts.apply_for_exit(
                row.seller_id, scope=Scope.PART if is_part else Scope.WHOLE, reason=reason,
                amount_minor=amount, key=key, by=row.name, words=field(request, "words", WORDS),
                at=now(),
            )  # fmt: skip
        except Problem as problem:
            tell_problem(request, problem)
        else:
            tell(request, zh="已提交，请在下方跟进", en="submitted; follow it below")
    return HttpResponseRedirect(back)


@require_POST
@shop_page(Role.OWNER)
def cancel(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Call the exit off: everything is as it was."""
    try:
        acts.cancel_exit(row.seller_id, by=row.name, at=now())
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(request, zh="已撤回，一切恢复原状", en="called off; everything is as it was")
    return HttpResponseRedirect(reverse("seller-leaving", args=[row.name]))
