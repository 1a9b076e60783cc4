"""A claim as a dispute of PayPal's Customer Disputes API (version 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.claims.facts import ClaimKind, ClaimState, OfferState, Party
from xiaobao.evidence.facts import Kind
from xiaobao.evidence.facts import Party as Giver
from xiaobao.gateways.disputes.case import as_json
from xiaobao.hearings.facts import PAYPAL_OUTCOME, PAYPAL_REASON, paypal_types

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.evidence.facts import Piece
    from xiaobao.gateways.disputes.case import Case
    from xiaobao.kernel.contents import Content

NOT_RECEIVED = "MERCHANDISE_OR_SERVICE_NOT_RECEIVED"
NOT_AS_DESCRIBED = "MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED"
REASONS = dict.fromkeys(ClaimKind, NOT_AS_DESCRIBED) | {
    ClaimKind.NOT_RECEIVED: NOT_RECEIVED,
    ClaimKind.MISSING_ITEM: NOT_RECEIVED,
    ClaimKind.LATE_SHIPMENT: NOT_RECEIVED,
    ClaimKind.FALSE_SHIPMENT: NOT_RECEIVED,
    ClaimKind.REFUND_NOT_PAID: "CREDIT_NOT_PROCESSED",
    ClaimKind.RETURN_REFUSED: "CREDIT_NOT_PROCESSED",
    ClaimKind.PROMISE_NOT_KEPT: "OTHER",
    ClaimKind.FRAUD: "OTHER",
}
STATUSES = {
    ClaimState.NEGOTIATING: "OPEN",
    ClaimState.AWAITING_SELLER: "WAITING_FOR_SELLER_RESPONSE",
    ClaimState.AWAITING_SELLER_EVIDENCE: "WAITING_FOR_SELLER_RESPONSE",
    ClaimState.AWAITING_BUYER_EVIDENCE: "WAITING_FOR_BUYER_RESPONSE",
    ClaimState.AWAITING_BOTH_EVIDENCE: "WAITING_FOR_BUYER_RESPONSE",
    ClaimState.SUSPENDED: "OTHER",
    ClaimState.GOODS_OWED: "WAITING_FOR_SELLER_RESPONSE",
}
EVIDENCE = {
    Kind.PHOTO: "PROOF_OF_DAMAGE",
    Kind.WAYBILL: "PROOF_OF_FULFILLMENT",
    Kind.CARRIER_RECORD: "ONLINE_TRACKING_INFORMATION",
    Kind.LOGISTICS_FACTS: "ONLINE_TRACKING_INFORMATION",
    Kind.SIGNATURE_PROOF: "PROOF_OF_DELIVERY_SIGNATURE",
    Kind.INVOICE: "PROOF_OF_RECEIPT_COPY",
    Kind.CUSTOMS_DOCUMENT: "CUSTOMS_DOCUMENT",
    Kind.REFUND_PROOF: "PROOF_OF_REFUND",
    Kind.RETURN_PROOF: "PROOF_OF_RETURN",
    Kind.SNAPSHOT: "ITEM_DESCRIPTION",
    Kind.ORDER_FACTS: "DETAILS_OF_PURCHASE",
    Kind.PAYMENT_PROOF: "DETAILS_OF_PURCHASE",
    Kind.STATEMENT: "AFFIDAVIT",
    Kind.INSPECTION_REPORT: "THIRDPARTY_PROOF_FOR_DAMAGE_OR_SIGNIFICANT_DIFFERENCE",
    Kind.APPRAISAL: "THIRDPARTY_PROOF_FOR_DAMAGE_OR_SIGNIFICANT_DIFFERENCE",
}
OTHER_EVIDENCE = "VALID_SUPPORTING_DOCUMENT"
GIVEN_BY = {Giver.BUYER: "SUBMITTED_BY_BUYER", Giver.SELLER: "SUBMITTED_BY_SELLER"}
POSTED_BY = {Party.BUYER: "BUYER", Party.SELLER: "SELLER", Party.PLATFORM: "ARBITER"}
ANSWERED = {OfferState.ACCEPTED: "ACCEPTED", OfferState.DECLINED: "DENIED"}


def as_dispute(case: Case) -> dict[str, Any]:
    """The dispute; members that we know nothing of are left out."""
    claim = case.claim
    offers = claim.offers
    told: dict[str, Any] = {
        "dispute_id": claim.claim,
        "create_time": _time(claim.filed_at),
        "update_time": _time(case.updated_at),
        "disputed_transactions": [_transaction(case)],
        "reason": REASONS[claim.kind],
        "status": "RESOLVED" if case.is_ended else STATUSES.get(claim.state, "UNDER_REVIEW"),
        "dispute_amount": _money(case, case.asked_minor),
        "dispute_life_cycle_stage": "INQUIRY"
        if claim.state is ClaimState.NEGOTIATING
        else "CHARGEBACK",
        "dispute_channel": "INTERNAL",
        "messages": [
            {"posted_by": POSTED_BY[one.party], "time_posted": _time(one.happened_at),
             "content": one.words}
            for one in claim.timeline
            if one.words and one.party is not None
        ],
        "evidences": [_evidence(case, piece) for piece in case.pieces],
        "refund_details": {"allowed_refund_amount": _money(case, claim.money.goods_minor)},
    }  # fmt: skip
    for party, name in ((Party.BUYER, "buyer"), (Party.SELLER, "seller")):
        due = case.due(party)
        told |= {f"{name}_response_due_date": _time(due)} if due else {}
    if offers:
        told["offer"] = _offer(case)
    if case.ruling is not None:
        told["adjudications"] = [
            {"type": kind, "adjudication_time": _time(one.ruled_at),
             "reason": PAYPAL_REASON[one.ground]}
            for one in case.rulings
            for kind in paypal_types(
                paid_minor=one.paid_minor, bears_minor=one.bears_minor, outcome=one.outcome
            )
        ]  # fmt: skip
    if case.is_ended:
        told["dispute_outcome"] = {
            "outcome_code": _outcome(case),
            "amount_refunded": _money(case, claim.money.paid_minor),
        }
    return told


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _money(case: Case, minor: int) -> dict[str, str]:
    return {"currency_code": case.claim.money.currency, "value": case.decimal(minor)}


def _transaction(case: Case) -> dict[str, Any]:
    claim, order = case.claim, case.order
    told: dict[str, Any] = {
        "seller_transaction_id": claim.order,
        "gross_amount": _money(case, claim.money.goods_minor + claim.money.freight_minor),
        "buyer": {"name": claim.buyer},
        "seller": {"merchant_id": str(claim.seller_id), "name": claim.seller},
    }
    if order is not None:
        told["items"] = [
            {"item_id": line.item, "item_name": line.title, "item_quantity": str(line.quantity)}
            for line in order.lines
        ]
        told |= {"create_time": _time(order.ordered_at)} if order.ordered_at else {}
    return told


def as_files(case: Case) -> list[tuple[str, bytes | Content]]:
    """The dispute, and the documents that its evidence names."""
    return [("dispute.json", as_json(as_dispute(case))), *case.named_files()]


def _evidence(case: Case, piece: Piece) -> dict[str, Any]:
    told: dict[str, Any] = {
        "evidence_type": EVIDENCE.get(piece.kind, OTHER_EVIDENCE),
        "documents": [{"name": case.name_of(piece)}],
        "notes": " ".join([piece.words, f"sha256:{case.digest_of(piece).hex()}"]).strip(),
        "date": _time(piece.submitted_at),
    }
    return told | {"source": GIVEN_BY.get(piece.party, "SUBMITTED_BY_PARTNER")}


def _offer(case: Case) -> dict[str, Any]:
    offers = case.claim.offers
    told: dict[str, Any] = {
        "buyer_requested_amount": _money(case, case.asked_minor),
        "offer_type": "REFUND_WITH_RETURN" if offers[-1].with_return else "REFUND",
        "history": [
            {"offer_time": _time(at), "actor": actor, "event_type": event,
             "offer_type": "REFUND_WITH_RETURN" if one.with_return else "REFUND",
             "offer_amount": _money(case, one.amount_minor)}
            for one in offers
            for at, actor, event in _events(one)
        ],
    }  # fmt: skip
    by_seller = [one.amount_minor for one in offers if one.party is Party.SELLER]
    return told | ({"seller_offered_amount": _money(case, by_seller[-1])} if by_seller else {})


def _events(offer: Any) -> list[tuple[datetime, str, str]]:
    actor = "BUYER" if offer.party is Party.BUYER else "SELLER"
    other = "SELLER" if actor == "BUYER" else "BUYER"
    events = [(offer.made_at, actor, "PROPOSED")]
    if offer.answered_at is not None and offer.state in ANSWERED:
        events.append((offer.answered_at, other, ANSWERED[offer.state]))
    return events


def _outcome(case: Case) -> str:
    claim = case.claim
    if claim.state is ClaimState.WITHDRAWN:
        return "CANCELED_BY_BUYER"
    if claim.state is ClaimState.SETTLED:
        return "RESOLVED_WITH_PAYOUT" if claim.money.paid_minor else "ACCEPTED"
    if case.ruling is not None:
        return PAYPAL_OUTCOME[case.ruling.outcome]
    return "RESOLVED_WITH_PAYOUT" if claim.money.paid_minor else "NONE"
