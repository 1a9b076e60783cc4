"""退保 · leaving: see what is in the way and until when, choose, apply, follow, call off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.advances.facts import STATE_WORDS as PAYOUT_WORDS
from xiaobao.deposits import queries as deposits
from xiaobao.evidence.facts import KINDS, Kind
from xiaobao.exits import acts, queries
from xiaobao.exits.facts import (
    ACTOR_WORDS,
    BLOCKER_WORDS,
    EVENT_WORDS,
    PAYMENT_WORDS,
    REASON_WORDS,
    RELIEF_WORDS,
    SCOPE_WORDS,
    STATE_WORDS,
    ExitEvent,
    ExitState,
    Reason,
    Relief,
    Scope,
)
from xiaobao.exits.queries import ExitUnknown
from xiaobao.kernel.money import minor_from
from xiaobao.kernel.problems import Problem
from xiaobao.sellers.facts import PROFILE_PARTS, Standing
from xiaobao.web.files import handed_in
from xiaobao.web.gates import shop_page, visitor_of
from xiaobao.web.people import Role
from xiaobao.web.seller.pages.leaving_days import steps_of, told_days
from xiaobao.web.telling import (
    WORDS,
    field,
    new_key,
    spoken_in,
    tell,
    tell_problem,
    tell_wrong,
)
from xiaobao.web.zones import zone_of
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from xiaobao.exits.facts import BlockerRow, CheckRow, EventRow, ExitDetail, GroupRow
    from xiaobao.sellers.facts import SellerRow

    # A group, its words, who can end it in words, and its first few.
    Group = tuple[GroupRow, tuple[str, str], tuple[str, str], list[BlockerRow]]

OFFERED = (Kind.HARDSHIP_PROOF, Kind.POLICY_NOTICE, Kind.PENALTY_NOTICE, Kind.OTHER)
# Of a long list the first are shown, and all are counted.
SHOWN = 8
OVER = (ExitState.PAID, ExitState.REFUSED, ExitState.CANCELLED)
BEFORE_DECIDING = (
    ExitState.DRAFT, ExitState.SUBMITTED, ExitState.CHECKED, ExitState.QUIET,
    ExitState.UNDER_REVIEW,
)  # fmt: skip
BEFORE_PAYING = (*BEFORE_DECIDING, ExitState.APPROVED)


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
        "groups": _grouped(check),
        "missing": [(one.zh, one.en) for one in PROFILE_PARTS if one.field in check.missing],
        "days": told_days(check, zone_of(request)),
        "steps": steps_of(check),
        "reasons": [(one.name.lower(), REASON_WORDS[one]) for one in Reason],
        "key": new_key(),
        "is_under_way": found is not None and found.exit.state not in OVER,
        "has_left": row.has_left,
        "is_forced_out": row.state is Standing.FORCED_OUT,
        "kinds": [(one.name.lower(), KINDS[one].zh if spoken_in(request) == "zh"
                   else KINDS[one].en) for one in OFFERED],
        "frozen_minor": deposits.frozen_minor(row.seller_id),
        **_followed(found, now()),
    })  # fmt: skip


def _grouped(check: CheckRow) -> list[Group]:
    """Each group with its words and its first few, one by one."""
    return [
        (group, BLOCKER_WORDS[group.kind], ACTOR_WORDS[group.actor], [
            one for one in check.blockers if (one.kind, one.actor) == (group.kind, group.actor)
        ][:SHOWN])
        for group in check.groups
    ]  # fmt: skip


def _latest(row: SellerRow) -> ExitDetail | None:
    try:
        return queries.exit_detail(row.seller_id, row.name)
    except ExitUnknown:
        return None


def _followed(found: ExitDetail | None, at: datetime) -> dict[str, object]:
    if found is None:
        return {"exit": None}
    # Relief is offered between submitting and the check, to whoever named hardship.
    is_offered = found.exit.state is ExitState.SUBMITTED
    return {
        "is_draft": found.exit.state is ExitState.DRAFT,
        "reliefs": [
            (one, one.kind.name.lower(), RELIEF_WORDS[one.kind])
            for one in queries.reliefs_of(found.exit.seller_id, at=at)
        ]
        if is_offered
        else [],
        "exit": found.exit,
        "exit_words": (
            SCOPE_WORDS[found.exit.scope],
            REASON_WORDS[found.exit.reason],
            STATE_WORDS[found.exit.state],
        ),
        # Decided, its clock has no more to say.
        "is_reviewed_next": found.exit.state in BEFORE_DECIDING,
        "may_cancel": found.exit.state in BEFORE_PAYING,
        "events": [(one, EVENT_WORDS[one.event], _said(one)) for one in found.events],
        "payments": [(one, PAYMENT_WORDS[one.kind]) for one in found.payments],
        "paid": [
            (one, PAYMENT_WORDS[one.kind], PAYOUT_WORDS[one.state]) for one in found.payments
        ],
        "wait": found.waits_for,
    }


def _said(one: EventRow) -> tuple[str, str]:
    """What an event adds in words; codes of relief and days of interest in the page's language."""
    if one.event in (ExitEvent.OFFERS_MADE, ExitEvent.OFFER_TAKEN):
        named = [RELIEF_WORDS[Relief[name.upper()]] for name in one.words.split()]
        return "、".join(zh for zh, _ in named), ", ".join(en for _, en in named)
    if one.event is ExitEvent.INTEREST_OWED:
        return f"{one.words} 天", f"{one.words} days"
    if one.event is ExitEvent.FORCED:
        return "", ""  # the rung that decided it, as a number
    return one.words, one.words


@require_POST
@shop_page(Role.OWNER)
def apply(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Ask a part or all of the deposit back: kept as a draft, to be looked at and submitted."""
    named = {one.name.lower(): one for one in Reason}
    reason, key = named.get(field(request, "reason")), field(request, "key")
    is_part = field(request, "scope") == "part"
    amount = minor_from(field(request, "amount"), row.currency) if is_part else 0
    if reason is None or not key:
        tell_wrong(request, zh="请选择原因", en="choose a reason", about="reason")
    elif amount is None:
        tell_wrong(
            request,
            zh="请填写要退还的正数金额，如 500.00",
            en="give the positive amount to take back, like 500.00",
            about="amount",
        )
    else:
        try:
            acts.apply_for_exit(
                row.seller_id, scope=Scope.PART if is_part else Scope.WHOLE, reason=reason,
                amount_minor=amount, key=key, by=visitor_of(request).name,
                words=field(request, "words", WORDS), handed=handed_in(request, OFFERED),
                is_draft=True, at=now(),
            )  # fmt: skip
        except Problem as problem:
            tell_problem(request, problem)
        else:
            tell(
                request,
                zh="已存为草稿：请核对后提交",
                en="kept as a draft: look at it, then submit",
            )
    return _back(row, is_part=is_part)


@require_POST
@shop_page(Role.OWNER)
def submit(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Hand the draft in: from here the platform's clocks run."""
    try:
        acts.submit_exit(row.seller_id, by=visitor_of(request).name, at=now())
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(request, zh="已提交，请在本页跟进", en="submitted; follow it on this page")
    return _back(row)


@require_POST
@shop_page(Role.OWNER)
def relief(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Take one of the offers and stay, or go on with the exit."""
    named = {one.name.lower(): one for one in Relief}
    taken = named.get(field(request, "take"))
    try:
        if taken is not None:
            acts.take_relief(row.seller_id, taken, by=visitor_of(request).name, at=now())
            tell(request, zh="已采用，退保申请撤回", en="taken; the exit is called off")
        elif field(request, "take") == "none":
            acts.decline_relief(row.seller_id, by=visitor_of(request).name, at=now())
            tell(request, zh="退保继续", en="the exit goes on")
        else:
            tell_wrong(request, zh="请选择一项", en="choose one", about="take")
    except Problem as problem:
        tell_problem(request, problem)
    return _back(row)


@require_POST
@shop_page(Role.OWNER)
def cancel(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Call the exit off: everything is as it was."""
    try:
        acts.cancel_exit(row.seller_id, by=visitor_of(request).name, at=now())
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(request, zh="已撤回，一切恢复原状", en="called off; everything is as it was")
    return _back(row)


def _back(row: SellerRow, *, is_part: bool = False) -> HttpResponseRedirect:
    part = "?scope=part" if is_part else ""
    return HttpResponseRedirect(reverse("seller-leaving", args=[row.name]) + part)
