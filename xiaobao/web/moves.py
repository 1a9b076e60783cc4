"""What the two sides of a claim may do on its page: each form is one act, sent twice done once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.claims import acts
from xiaobao.claims.facts import (
    ASK_WORDS,
    BASIS_WORDS,
    EVENT_WORDS,
    OFFER_WORDS,
    PARTY_WORDS,
    STOP_WORDS,
    Answer,
    Ask,
    OfferState,
    Party,
)
from xiaobao.claims.rules.clocks_of import SUSPENSIONS
from xiaobao.claims.rules.lifecycle import OPEN
from xiaobao.evidence.facts import KINDS, Kind, Viewer
from xiaobao.hearings import acts as hearings
from xiaobao.hearings import queries as rulings
from xiaobao.hearings.facts import GROUND_WORDS, OUTCOME_WORDS
from xiaobao.kernel.money import minor_from
from xiaobao.kernel.problems import Problem
from xiaobao.web.files import handed_in, pieces_for
from xiaobao.web.telling import WORDS, field, new_key, spoken_in, tell, tell_problem, tell_wrong
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.claims.facts import ClaimDetail, Handed

VIEWERS = {Party.SELLER: Viewer.SELLER, Party.BUYER: Viewer.BUYER}
# What each side hands in most, in the order in which it is offered.
OFFERED = {
    Party.SELLER: (
        Kind.PHOTO, Kind.PACKING_VIDEO, Kind.CARRIER_RECORD, Kind.SIGNATURE_PROOF,
        Kind.PURCHASE_CHAIN, Kind.INVOICE, Kind.CERTIFICATE, Kind.INSPECTION_REPORT,
        Kind.CHAT_RECORD, Kind.REFUND_PROOF, Kind.AUTHORITY_DOCUMENT,
    ),
    Party.BUYER: (
        Kind.PHOTO, Kind.UNBOXING_VIDEO, Kind.CHAT_RECORD, Kind.INSPECTION_REPORT, Kind.APPRAISAL,
        Kind.MEDICAL_RECORD, Kind.RETURN_PROOF, Kind.AUTHORITY_DOCUMENT,
    ),
}  # fmt: skip


def side_of(request: HttpRequest, found: ClaimDetail, party: Party) -> dict[str, Any]:
    """What a page of either side shows of a claim: whose turn, offers, rulings, files, forms."""
    language = spoken_in(request)
    can = {name for one in found.next_actions if one.party == party for name in one.commands}
    return {
        "claim": found,
        "currency": found.money.currency,
        "viewer": party,
        # One's own turn comes first.
        "actions": [(one, PARTY_WORDS[one.party])
                    for one in sorted(found.next_actions, key=lambda one: one.party != party)],
        "offers": [
            (one, PARTY_WORDS[one.party], OFFER_WORDS[one.state],
             one.state == OfferState.STANDING and one.party != party)
            for one in found.offers
        ],
        "rulings": [
            (one, OUTCOME_WORDS[one.outcome], GROUND_WORDS[one.ground],
             rulings.explanation_named(one.reference))
            for one in rulings.rulings_of(found.seller_id, found.claim_id)
        ],
        "timeline": [
            (one, EVENT_WORDS[one.event], PARTY_WORDS[one.party] if one.party else None)
            for one in found.timeline
        ],
        "pieces": pieces_for(request, found.seller_id, found.claim_id, VIEWERS[party]),
        "kinds": [(kind.name.lower(), KINDS[kind].zh if language == "zh" else KINDS[kind].en)
                  for kind in OFFERED[party]],
        "is_open": found.state in OPEN,
        "wider": [(one.ask.name.lower(), ASK_WORDS[one.ask], one, BASIS_WORDS[one.basis])
                  for one in found.wider],
        "asked": (found.ask.name.lower(), str(found.money.asked_minor)),
        "stop_reasons": [(reason.name.lower(), STOP_WORDS[reason]) for reason in SUSPENSIONS],
        "stop": next(
            ((one, STOP_WORDS[one.reason], PARTY_WORDS[one.party])
             for one in found.stops if one.resume_at is None), None,
        ),
        "may": {
            "answer": "claims answer" in can,
            "appeal": "claims appeal" in can,
            "reopen": "claims reopen" in can,
            "withdraw": "claims withdraw" in can,
            "end_talks": "claims end-talks" in can,
            "suspend": found.state in OPEN,
            "resume": "claims resume" in can,
            "goods_done": "claims goods-done" in can,
        },
        "key": new_key(),
    }  # fmt: skip


def move(request: HttpRequest, found: ClaimDetail, party: Party) -> None:
    """Do what the form asks for, and say so; what is wrong with it is said too."""
    asked = MOVES[party].get(field(request, "act"))
    if asked is None or not field(request, "key"):
        tell_wrong(request, zh="请选择要做的事", en="choose what to do")
        return
    try:
        is_done = asked(request, found, party)
    except Problem as problem:
        tell_problem(request, problem)
        return
    if is_done:
        tell(request, zh="已记录", en="recorded")


def handed(request: HttpRequest, party: Party) -> list[Handed]:
    """The files of a form, each as what the form says it shows."""
    return handed_in(request, OFFERED[party])


def _form(request: HttpRequest) -> dict[str, Any]:
    return {"key": field(request, "key"), "at": now()}


def _accept(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:  # noqa: ARG001
    acts.answer_claim(
        found.seller_id, found.claim_id, answer=Answer.ACCEPT, seen=_seen(request),
        words=field(request, "words", WORDS), **_form(request),
    )  # fmt: skip
    return True


def _seen(request: HttpRequest) -> tuple[Ask, int] | None:
    """What the page said was asked for, when the seller accepted it."""
    ask = {one.name.lower(): one for one in Ask}.get(field(request, "ask"))
    asked = field(request, "asked")
    return (ask, int(asked)) if ask and asked.isascii() and asked.isdigit() else None


def _deny(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:
    acts.answer_claim(
        found.seller_id, found.claim_id, answer=Answer.DENY, handed=handed(request, party),
        words=field(request, "words", WORDS), **_form(request),
    )  # fmt: skip
    return True


def _offer(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:
    amount = minor_from(field(request, "amount"), found.money.currency)
    if amount is None:
        tell_wrong(
            request, zh="请填写正数，如 50.00", en="give an amount like 50.00", about="amount"
        )
        return False
    acts.make_offer(
        found.seller_id, found.claim_id, by=party, amount_minor=amount,
        with_return=field(request, "with_return") == "yes",
        words=field(request, "words", WORDS), **_form(request),
    )  # fmt: skip
    return True


def _number(request: HttpRequest) -> int:
    """Of an offer; they begin at 1."""
    given = field(request, "number")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0  # noqa: PLR2004  32 bits


def _take(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:
    acts.accept_offer(
        found.seller_id, found.claim_id, by=party, number=_number(request), **_form(request)
    )
    return True


def _decline(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:
    acts.decline_offer(
        found.seller_id, found.claim_id, by=party, number=_number(request), **_form(request)
    )
    return True


def _show(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:
    given = handed(request, party)
    if not given:
        tell_wrong(
            request, zh="请先选择照片或文件", en="choose a photo or a file first", about="file"
        )
        return False
    acts.add_evidence(found.seller_id, found.claim_id, by=party, handed=given, **_form(request))
    return True


def _end_talks(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:
    acts.end_talks(
        found.seller_id, found.claim_id, by=party, words=field(request, "words", WORDS),
        **_form(request),
    )  # fmt: skip
    return True


def _suspend(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:
    reason = {one.name.lower(): one for one in SUSPENSIONS}.get(field(request, "reason"))
    if reason is None:
        tell_wrong(request, zh="请选择中止的事由", en="choose why the clocks stop", about="reason")
        return False
    acts.suspend_claim(
        found.seller_id, found.claim_id, reason=reason, by=party,
        handed=handed_in(request, (Kind.AUTHORITY_DOCUMENT,)),
        words=field(request, "words", WORDS), **_form(request),
    )  # fmt: skip
    return True


def _resume(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:
    acts.resume_claim(
        found.seller_id, found.claim_id, by=party, words=field(request, "words", WORDS),
        **_form(request),
    )  # fmt: skip
    return True


def _ask_person(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:
    acts.ask_for_person(found.seller_id, found.claim_id, by=party, **_form(request))
    return True


def _appeal(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:
    hearings.appeal_claim(
        found.seller_id, found.claim_id, by=party, words=field(request, "words", WORDS),
        handed=handed(request, party), **_form(request),
    )  # fmt: skip
    return True


def _widen(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:  # noqa: ARG001
    ask = {one.name.lower(): one for one in Ask}.get(field(request, "ask"))
    if ask is None:
        tell_wrong(request, zh="请选择诉求", en="choose what to ask for", about="ask")
        return False
    acts.widen_claim(found.seller_id, found.claim_id, ask=ask, **_form(request))
    return True


def _goods_done(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:
    acts.finish_goods(
        found.seller_id, found.claim_id, by=party, handed=handed(request, party),
        words=field(request, "words", WORDS), **_form(request),
    )  # fmt: skip
    return True


def _withdraw(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:  # noqa: ARG001
    acts.withdraw_claim(found.seller_id, found.claim_id, **_form(request))
    return True


def _reopen(request: HttpRequest, found: ClaimDetail, party: Party) -> bool:
    acts.reopen_claim(
        found.seller_id, found.claim_id, words=field(request, "words", WORDS),
        handed=handed(request, party), **_form(request),
    )  # fmt: skip
    return True


_EITHER = {
    "offer": _offer, "take": _take, "decline": _decline, "show": _show, "end-talks": _end_talks,
    "person": _ask_person, "appeal": _appeal, "suspend": _suspend, "resume": _resume,
    "goods-done": _goods_done,
}  # fmt: skip
MOVES = {
    Party.SELLER: _EITHER | {"accept": _accept, "deny": _deny},
    Party.BUYER: _EITHER | {"widen": _widen, "withdraw": _withdraw, "reopen": _reopen},
}
