"""A claim goes on: answered, offers made and answered, evidence shown, given up, appealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Status, UploadedFile
from ninja.params import functions as given_in
from pydantic import Field

from xiaobao.api.asking import caller_in, needs, shop_in
from xiaobao.api.once import act_key
from xiaobao.api.resources.claims.naming import (
    PartyAsked,
    PartyOfAnother,
    StopperAsked,
    party_in,
    stopper_in,
    told_after,
)
from xiaobao.api.resources.claims.shapes import ClaimTold
from xiaobao.api.shapes import NO_NUL, Amount, Asked, Code, Shop, Whole, Words, minor_of
from xiaobao.claims import acts, queries
from xiaobao.claims.facts import Answer, Ask, ClaimKey, Handed, StopReason
from xiaobao.evidence.facts import Kind
from xiaobao.hearings import acts as hearings
from xiaobao.work.clock import now
from xiaobao.work.uploads import content_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.sellers.facts import SellerRow

router = Router(tags=["claims"])
AT = "/sellers/{name:seller}/claims/{name:claim}"
EvidenceKind = Annotated[str, Code(Kind)]
# A default beside other notes than `Form` would be lost: it holds it itself.
PHOTO: Any = given_in.Form("photo")
# `0` is not the number of any offer, and 32 bits hold every one.
Number = Annotated[Whole, Field(ge=1, le=2**31 - 1)]


class Spoken(Asked):
    """For which party a call acts, and what it says; a shop's own client is the seller."""

    party: PartyAsked | None = None
    words: Words = ""


class AnswerAsked(Asked):
    answer: Literal["accept", "deny"]
    # What the seller saw asked for: what was widened since is not accepted.
    ask: Annotated[str, Code(Ask)] | None = None
    words: Words = ""


class OfferAsked(Spoken):
    amount: Amount
    with_return: bool = False


class WideningAsked(Asked):
    ask: Annotated[str, Code(Ask)]
    words: Words = ""


class ResumptionAsked(Asked):
    """For whom a call acts: an adjudicator's is the platform."""

    party: StopperAsked | None = None
    words: Words = ""


class SuspensionAsked(ResumptionAsked):
    reason: Annotated[str, Code(StopReason)]


def key_of(request: HttpRequest, seller: str, claim: str) -> tuple[SellerRow, ClaimKey]:
    """:raises NotFound: where the shop is not there, or another's"""
    row = shop_in(request, seller)
    return row, queries.claim_named(claim, row.name)


# The party of an act that only one of them does.
ALONE = "alone"


def moved(
    request: HttpRequest, response: HttpResponse, seller: str, claim: str,
    act: Callable[..., object], party: str | None = ALONE, **said: object,
) -> ClaimTold:  # fmt: skip
    """Do one act about a claim, once under the call's own key; the claim as it left it."""
    row, key = key_of(request, seller, claim)
    if party != ALONE:
        said["by"] = party_in(request, cast("PartyAsked | None", party or None))
    act(key.seller_id, key.claim_id, key=act_key(request), at=now(), **said)
    return told_after(request, response, row.name, claim)


@router.post(f"{AT}/answer", **needs("claims:write"), response=ClaimTold,
             summary="The seller accepts, or denies")  # fmt: skip
def answer(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str, asked: AnswerAsked
) -> ClaimTold:
    """Accepting pays at once. Evidence is handed in before or after, at `…/evidence`."""
    chosen = Answer[asked.answer.upper()]
    return moved(
        request, response, seller, claim, acts.answer_claim, answer=chosen, words=asked.words,
        seen=None if asked.ask is None else (Ask[asked.ask.upper()], None),
    )  # fmt: skip


@router.post(f"{AT}/offers", **needs("claims:write"), response={201: ClaimTold},
             summary="Offer the other party a sum")  # fmt: skip
def make_offer(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str, asked: OfferAsked
) -> Status[ClaimTold]:
    currency = shop_in(request, seller).currency
    return Status(201, moved(
        request, response, seller, claim, acts.make_offer, asked.party, words=asked.words,
        amount_minor=minor_of(asked.amount, currency), with_return=asked.with_return,
    ))  # fmt: skip


@router.post(f"{AT}/offers/{{int:number}}/accept", **needs("claims:write"), response=ClaimTold,
             summary="Accept an offer")  # fmt: skip
def accept_offer(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str, number: Number,
    asked: Spoken,
) -> ClaimTold:  # fmt: skip
    """Settled, and paid at once."""
    return moved(
        request, response, seller, claim, acts.accept_offer, asked.party, number=number,
        words=asked.words,
    )  # fmt: skip


@router.post(f"{AT}/offers/{{int:number}}/decline", **needs("claims:write"), response=ClaimTold,
             summary="Decline an offer")  # fmt: skip
def decline_offer(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str, number: Number,
    asked: Spoken,
) -> ClaimTold:  # fmt: skip
    return moved(
        request, response, seller, claim, acts.decline_offer, asked.party, number=number,
        words=asked.words,
    )  # fmt: skip


@router.post(f"{AT}/talks/end", **needs("claims:write"), response=ClaimTold,
             summary="Call the platform in")  # fmt: skip
def end_talks(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str, asked: Spoken
) -> ClaimTold:
    return moved(request, response, seller, claim, acts.end_talks, asked.party, words=asked.words)


@router.post(f"{AT}/person", **needs("claims:write"), response=ClaimTold,
             summary="Ask that a person decides")  # fmt: skip
def ask_person(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str, asked: Spoken
) -> ClaimTold:
    return moved(
        request, response, seller, claim, acts.ask_for_person, asked.party, words=asked.words
    )


@router.post(f"{AT}/ask", **needs("claims:write"), response=ClaimTold,
             summary="The buyer asks for more")  # fmt: skip
def widen(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str, asked: WideningAsked
) -> ClaimTold:
    """Until the ruling; `may_ask` of a claim names what would bring more."""
    _of_buyer(request, seller)
    return moved(
        request, response, seller, claim, acts.widen_claim, ask=Ask[asked.ask.upper()],
        words=asked.words,
    )  # fmt: skip


@router.post(f"{AT}/withdrawal", **needs("claims:write"), response=ClaimTold,
             summary="The buyer withdraws")  # fmt: skip
def withdraw(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str, asked: Spoken
) -> ClaimTold:
    """What was locked is free again."""
    _of_buyer(request, seller)
    return moved(request, response, seller, claim, acts.withdraw_claim, words=asked.words)


@router.post(f"{AT}/suspension", **needs("claims:write", "rulings:write"), tags=["rulings"],
             response=ClaimTold, summary="Every clock stands still")  # fmt: skip
def suspend(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str,
    asked: SuspensionAsked,
) -> ClaimTold:  # fmt: skip
    """For talks once both parties ask; for a court or the police by an adjudicator.

    A party that handed in their document at `…/evidence` does too, until an adjudicator accepts
    it by suspending for the same reason, or the time for that is up.
    """
    return moved(
        request, response, seller, claim, acts.suspend_claim, words=asked.words,
        by=stopper_in(request, asked.party), reason=StopReason[asked.reason.upper()],
    )  # fmt: skip


@router.post(f"{AT}/resumption", **needs("claims:write", "rulings:write"), tags=["rulings"],
             response=ClaimTold, summary="The clocks go on")  # fmt: skip
def resume(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str,
    asked: ResumptionAsked,
) -> ClaimTold:  # fmt: skip
    """By who stopped them or an adjudicator; after a stop for talks by either party."""
    return moved(
        request, response, seller, claim, acts.resume_claim, words=asked.words,
        by=stopper_in(request, asked.party),
    )  # fmt: skip


# -- with files ----------------------------------------------------------------------------------

Files = Annotated[list[UploadedFile], File(min_length=1, description="files of one kind")]
MaybeFiles = Annotated[list[UploadedFile], File()]
Party = Annotated[Literal["", "buyer", "seller"], Form()]
Said = Annotated[str, Form(max_length=4000, pattern=NO_NUL)]


@router.post(f"{AT}/evidence", **needs("claims:write"), response=ClaimTold,
             summary="Hand evidence in")  # fmt: skip
def hand_in(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str, file: Files,
    kind: EvidenceKind = PHOTO, party: Party = "", words: Said = "",
) -> ClaimTold:  # fmt: skip
    """As `multipart/form-data`; the very bytes are kept under their hash."""
    return moved(
        request, response, seller, claim, acts.add_evidence, party,
        handed=_handed(file, kind, words),
    )  # fmt: skip


@router.post(f"{AT}/appeals", **needs("claims:write"), response={201: ClaimTold},
             summary="Appeal against the ruling")  # fmt: skip
def appeal(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str,
    words: Annotated[str, Form(min_length=1, max_length=4000, pattern=NO_NUL)], party: Party = "",
    kind: EvidenceKind = PHOTO, file: MaybeFiles = [],  # noqa: B006
) -> Status[ClaimTold]:  # fmt: skip
    """With something new; another person reviews it."""
    return Status(201, moved(
        request, response, seller, claim, hearings.appeal_claim, party, words=words,
        handed=_handed(file, kind, ""),
    ))  # fmt: skip


@router.post(f"{AT}/goods", **needs("claims:write"), response=ClaimTold,
             summary="Repaired or replaced: proved or confirmed")  # fmt: skip
def finish_goods(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str, party: Party = "",
    words: Said = "", kind: EvidenceKind = PHOTO, file: MaybeFiles = [],  # noqa: B006
) -> ClaimTold:  # fmt: skip
    """A seller shows something; a buyer confirms. In time: else the price is paid."""
    return moved(
        request, response, seller, claim, acts.finish_goods, party, words=words,
        handed=_handed(file, kind, ""),
    )  # fmt: skip


@router.post(f"{AT}/reopening", **needs("claims:write"), response=ClaimTold,
             summary="Reopen a claim that ended, with new facts")  # fmt: skip
def reopen(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str, words: Said = "",
    kind: EvidenceKind = PHOTO, file: MaybeFiles = [],  # noqa: B006
) -> ClaimTold:  # fmt: skip
    _of_buyer(request, seller)
    return moved(
        request, response, seller, claim, acts.reopen_claim, words=words,
        handed=_handed(file, kind, ""),
    )  # fmt: skip


def _handed(files: list[UploadedFile], kind: str, words: str) -> list[Handed]:
    named = [(file, (file.name or "").replace("\0", "")[:200]) for file in files]
    return [Handed(Kind[kind.upper()], content_in(file), name, words) for file, name in named]


def _of_buyer(request: HttpRequest, seller: str) -> None:
    """What the buyer alone does.

    :raises NotFound: where the shop is not there, or another's
    :raises PartyOfAnother: for a shop's own client
    """
    shop_in(request, seller)
    if caller_in(request).is_of_shop:
        raise PartyOfAnother
