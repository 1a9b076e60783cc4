"""A claim as a dispute object of Stripe's, with the seller's evidence in its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.claims.facts import ClaimKind, ClaimState, Party
from xiaobao.evidence.facts import Kind
from xiaobao.evidence.facts import Party as Giver
from xiaobao.gateways.disputes.case import as_json
from xiaobao.hearings.facts import Outcome
from xiaobao.orders.facts import FactKind

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.evidence.facts import Piece
    from xiaobao.gateways.disputes.case import Case
    from xiaobao.kernel.contents import Content

REASONS = dict.fromkeys(ClaimKind, "product_unacceptable") | {
    ClaimKind.NOT_RECEIVED: "product_not_received",
    ClaimKind.MISSING_ITEM: "product_not_received",
    ClaimKind.LATE_SHIPMENT: "product_not_received",
    ClaimKind.FALSE_SHIPMENT: "product_not_received",
    ClaimKind.REFUND_NOT_PAID: "credit_not_processed",
    ClaimKind.RETURN_REFUSED: "credit_not_processed",
    ClaimKind.PROMISE_NOT_KEPT: "general",
    # Stripe's `fraudulent` is a card used by another; the shop's own fraud is not.
    ClaimKind.FRAUD: "general",
}
NEEDS_SELLER = (
    ClaimState.AWAITING_SELLER, ClaimState.AWAITING_SELLER_EVIDENCE,
    ClaimState.AWAITING_BOTH_EVIDENCE,
)  # fmt: skip
SENT = (FactKind.LABELLED, FactKind.SCANNED)
# The fields that hold a file, by what it shows; one file each, the later ones uncategorised.
FILES = {
    Kind.CHAT_RECORD: "customer_communication", Kind.SIGNATURE_PROOF: "customer_signature",
    Kind.INVOICE: "receipt", Kind.WAYBILL: "shipping_documentation",
    Kind.CARRIER_RECORD: "shipping_documentation", Kind.INSPECTION_REPORT: "service_documentation",
}  # fmt: skip
FIELDS = (
    "access_activity_log", "billing_address", "cancellation_policy",
    "cancellation_policy_disclosure", "cancellation_rebuttal", "customer_communication",
    "customer_email_address", "customer_name", "customer_purchase_ip", "customer_signature",
    "duplicate_charge_documentation", "duplicate_charge_explanation", "duplicate_charge_id",
    "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address",
    "shipping_carrier", "shipping_date", "shipping_documentation", "shipping_tracking_number",
    "uncategorized_file", "uncategorized_text",
)  # fmt: skip


def as_dispute(case: Case) -> dict[str, Any]:
    """The dispute; what we know nothing of is null, as Stripe writes it."""
    claim = case.claim
    shown = [piece for piece in case.pieces if piece.party is Giver.SELLER]
    due = case.due(Party.SELLER)
    return {
        "id": claim.claim,
        "object": "dispute",
        "amount": case.asked_minor,
        "balance_transactions": [],
        "charge": claim.order,
        "created": _seconds(claim.filed_at),
        "currency": claim.money.currency.lower(),
        "evidence": _evidence(case, shown),
        "evidence_details": {
            "due_by": _seconds(due) if due else None,
            "has_evidence": bool(shown),
            "past_due": False,
            "submission_count": len({piece.submitted_at for piece in shown}),
        },
        "is_charge_refundable": not case.is_ended,
        "livemode": False,
        "metadata": {
            "kind": claim.kind.name.lower(),
            "ask": claim.ask.name.lower(),
            "state": claim.state.name.lower(),
            "paid_minor": str(claim.money.paid_minor),
            "ruling": str(case.ruling.reference) if case.ruling else "",
        },
        "payment_intent": None,
        "reason": REASONS[claim.kind],
        "status": _status(case),
    }


def as_files(case: Case) -> list[tuple[str, bytes | Content]]:
    """The dispute, every file, and which file each hash in the dispute's fields stands for."""
    names = {
        f"sha256:{case.digest_of(piece).hex()}": f"files/{case.name_of(piece)}"
        for piece in case.pieces
        if piece.seq in case.files
    }
    documents = [("dispute.json", as_dispute(case)), ("files.json", names)]
    return [*((name, as_json(one)) for name, one in documents), *case.named_files()]


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _status(case: Case) -> str:
    """Won and lost are the seller's."""
    state = case.claim.state
    if case.is_ended:
        if case.ruling is not None:
            return "won" if case.ruling.outcome is Outcome.REJECTED else "lost"
        return "lost" if case.claim.money.paid_minor else "won"
    if state is ClaimState.NEGOTIATING:
        return "warning_needs_response"
    return "needs_response" if state in NEEDS_SELLER else "under_review"


def _evidence(case: Case, shown: list[Piece]) -> dict[str, Any]:
    told: dict[str, Any] = dict.fromkeys(FIELDS)
    told["customer_name"] = case.claim.buyer
    words = [one.words for one in case.claim.timeline if one.party is Party.SELLER and one.words]
    told["uncategorized_text"] = "\n".join(words) or None
    for piece in shown:
        name = FILES.get(piece.kind, "uncategorized_file")
        name = "uncategorized_file" if told[name] else name
        told[name] = told[name] or f"sha256:{case.digest_of(piece).hex()}"
    if case.order is not None:
        told["product_description"] = "; ".join(line.title for line in case.order.lines) or None
        sent = [one for one in case.order.facts if one.kind in SENT]
        if sent:
            told["shipping_date"] = sent[0].happened_at.date().isoformat()
            told["shipping_tracking_number"] = next(
                (one.waybill for one in sent if one.waybill), None
            )
    return told
