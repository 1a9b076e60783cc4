"""Verbs of claims: file, answer, offer, show, withdraw, suspend, reopen; let due clocks fire."""

from xiaobao.claims.acts.exporting import ClaimBusy, DossierTooLarge, export_dossier
from xiaobao.claims.acts.filing import file_claim
from xiaobao.claims.acts.pausing import (
    ask_for_person,
    reopen_claim,
    resume_claim,
    suspend_claim,
    withdraw_claim,
)
from xiaobao.claims.acts.problems import (
    AmountWrong,
    ClaimKeyReused,
    ClaimMoveImpossible,
    ClaimNameTaken,
    ClaimsNotHeard,
    ClaimStands,
    ItemNotOrdered,
    MomentMissed,
    NewFactsMissing,
    OfferOfOneself,
    OfferUnknown,
    OrderOfAnother,
    OrderUnknown,
    ReopenTooLate,
)
from xiaobao.claims.acts.ruling import (
    call_jury,
    hold_claims,
    mark_appealed,
    mark_closed,
    mark_paid,
    mark_ruled,
    take_jury_answer,
)
from xiaobao.claims.acts.settling import (
    accept_offer,
    answer_claim,
    decline_offer,
    end_talks,
    make_offer,
)
from xiaobao.claims.acts.showing import add_evidence
from xiaobao.claims.acts.sweeping import move_due_claims

__all__ = [
    "AmountWrong",
    "ClaimBusy",
    "ClaimKeyReused",
    "ClaimMoveImpossible",
    "ClaimNameTaken",
    "ClaimStands",
    "ClaimsNotHeard",
    "DossierTooLarge",
    "ItemNotOrdered",
    "MomentMissed",
    "NewFactsMissing",
    "OfferOfOneself",
    "OfferUnknown",
    "OrderOfAnother",
    "OrderUnknown",
    "ReopenTooLate",
    "accept_offer",
    "add_evidence",
    "answer_claim",
    "ask_for_person",
    "call_jury",
    "decline_offer",
    "end_talks",
    "export_dossier",
    "file_claim",
    "hold_claims",
    "make_offer",
    "mark_appealed",
    "mark_closed",
    "mark_paid",
    "mark_ruled",
    "move_due_claims",
    "reopen_claim",
    "resume_claim",
    "suspend_claim",
    "take_jury_answer",
    "withdraw_claim",
]
