"""Calls about claims: drawn by `make map` from the OpenAPI, not by hand."""

# fmt: off
from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from xiaobao.client.calling import Calling, given, part, tagged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xiaobao.client.shapes.claims import ClaimListed, PieceTold
    from xiaobao.client.shapes.shared import ClaimTold, Money


class Claims(Calling):
    """About claims."""

    def file_claim(
        self, seller: str, claim: str, order: str, buyer: str,
        kind: Literal["not_received", "not_as_described", "defective", "counterfeit", "wrong_item",
        "missing_item", "damaged", "allergy", "late_shipment", "false_shipment", "refund_not_paid",
        "promise_not_kept", "fraud", "unsafe_food", "return_refused"], *,
        ask: Literal["refund", "return_and_refund", "replacement", "repair", "compensation",
        "statutory"] | None = None, asked: Money | None = None, loss: Money | None = None,
        item: str | None = None, words: str | None = None, talk: bool | None = None, key: str = "",
    ) -> ClaimTold:
        """File a claim.

        :raises ApiProblem: claim_order_of_another, party_of_another, claim_order_unknown,
        claim_unknown, not_found, advances.book_missing, claim_move_impossible, claim_name_taken,
        claim_shop_had_left, claim_stands, postings_refused, claim_amount_wrong,
        claim_item_not_ordered, claims_not_heard, currency_of_another, evidence_refused,
        evidence_bytes_damaged, evidence_bytes_missing, evidence_store_unusable, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims"
        body = given({
            "claim": claim, "order": order, "buyer": buyer, "kind": kind, "ask": ask,
            "asked": asked, "loss": loss, "item": item, "words": words, "talk": talk,
        })
        return cast("ClaimTold", tagged(self.post(path, body, key=key)))

    def claims(
        self, seller: str, *,
        state: Literal["negotiating", "awaiting_seller", "awaiting_buyer_evidence",
        "awaiting_seller_evidence", "awaiting_both_evidence", "under_review", "with_jury", "ruled",
        "paid", "recovering", "closed", "settled", "withdrawn", "lapsed", "suspended", "appealed",
        "goods_owed"] | None = None, limit: int | None = None,
    ) -> Iterator[ClaimListed]:
        """Claims against a seller, those filed last first.

        :raises ApiProblem: not_found, cursor_wrong, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims"
        return self.pages(path, "claims", state=state, limit=limit)

    def claim(self, seller: str, claim: str) -> ClaimTold:
        """One claim whole, with next_actions.

        :raises ApiProblem: claim_unknown, not_found, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}"
        return cast("ClaimTold", tagged(self.get(path)))

    def answer(
        self, seller: str, claim: str, answer: Literal["accept", "deny"], *,
        ask: Literal["refund", "return_and_refund", "replacement", "repair", "compensation",
        "statutory"] | None = None, words: str | None = None, key: str = "",
    ) -> ClaimTold:
        """The seller accepts, or denies.

        :raises ApiProblem: party_of_another, claim_unknown, not_found, advances.book_missing,
        advances.compensation_differs, claim_ask_widened, claim_key_reused, claim_move_impossible,
        postings_refused, standing_forbids, claim_amount_wrong, claim_moment_missed,
        evidence_refused, party_missing, evidence_bytes_damaged, evidence_bytes_missing,
        evidence_store_unusable, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/answer"
        body = given({"answer": answer, "ask": ask, "words": words})
        return cast("ClaimTold", tagged(self.post(path, body, key=key)))

    def offer(
        self, seller: str, claim: str, amount: Money, *,
        party: Literal["buyer", "seller"] | None = None, words: str | None = None,
        with_return: bool | None = None, key: str = "",
    ) -> ClaimTold:
        """Offer the other party a sum.

        :raises ApiProblem: party_of_another, claim_unknown, not_found, advances.book_missing,
        advances.compensation_differs, claim_key_reused, claim_move_impossible, postings_refused,
        standing_forbids, claim_amount_wrong, claim_moment_missed, currency_of_another,
        party_missing, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/offers"
        body = given({
            "party": party, "words": words, "amount": amount, "with_return": with_return,
        })
        return cast("ClaimTold", tagged(self.post(path, body, key=key)))

    def accept_offer(
        self, seller: str, claim: str, number: int, *,
        party: Literal["buyer", "seller"] | None = None, words: str | None = None, key: str = "",
    ) -> ClaimTold:
        """Accept an offer.

        :raises ApiProblem: party_of_another, claim_offer_unknown, claim_unknown, not_found,
        advances.book_missing, advances.compensation_differs, claim_key_reused,
        claim_move_impossible, claim_offer_of_oneself, postings_refused, standing_forbids,
        claim_moment_missed, party_missing, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/offers/{number}/accept"
        body = given({"party": party, "words": words})
        return cast("ClaimTold", tagged(self.post(path, body, key=key)))

    def decline_offer(
        self, seller: str, claim: str, number: int, *,
        party: Literal["buyer", "seller"] | None = None, words: str | None = None, key: str = "",
    ) -> ClaimTold:
        """Decline an offer.

        :raises ApiProblem: party_of_another, claim_offer_unknown, claim_unknown, not_found,
        advances.book_missing, advances.compensation_differs, claim_key_reused,
        claim_move_impossible, claim_offer_of_oneself, postings_refused, standing_forbids,
        claim_moment_missed, party_missing, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/offers/{number}/decline"
        body = given({"party": party, "words": words})
        return cast("ClaimTold", tagged(self.post(path, body, key=key)))

    def end_talks(
        self, seller: str, claim: str, *, party: Literal["buyer", "seller"] | None = None,
        words: str | None = None, key: str = "",
    ) -> ClaimTold:
        """Call the platform in.

        :raises ApiProblem: party_of_another, claim_unknown, not_found, advances.book_missing,
        advances.compensation_differs, claim_key_reused, claim_move_impossible, postings_refused,
        standing_forbids, claim_moment_missed, party_missing, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/talks/end"
        body = given({"party": party, "words": words})
        return cast("ClaimTold", tagged(self.post(path, body, key=key)))

    def ask_person(
        self, seller: str, claim: str, *, party: Literal["buyer", "seller"] | None = None,
        words: str | None = None, key: str = "",
    ) -> ClaimTold:
        """Ask that a person decides.

        :raises ApiProblem: party_of_another, claim_unknown, not_found, advances.book_missing,
        advances.compensation_differs, claim_key_reused, claim_move_impossible, postings_refused,
        standing_forbids, claim_moment_missed, party_missing, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/person"
        body = given({"party": party, "words": words})
        return cast("ClaimTold", tagged(self.post(path, body, key=key)))

    def widen_claim(
        self, seller: str, claim: str,
        ask: Literal["refund", "return_and_refund", "replacement", "repair", "compensation",
        "statutory"], *, words: str | None = None, key: str = "",
    ) -> ClaimTold:
        """The buyer asks for more.

        :raises ApiProblem: party_of_another, claim_unknown, not_found, advances.book_missing,
        advances.compensation_differs, claim_key_reused, claim_move_impossible, postings_refused,
        standing_forbids, claim_ask_not_wider, claim_moment_missed, party_missing, or one of any
        call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/ask"
        body = given({"ask": ask, "words": words})
        return cast("ClaimTold", tagged(self.post(path, body, key=key)))

    def withdraw_claim(
        self, seller: str, claim: str, *, party: Literal["buyer", "seller"] | None = None,
        words: str | None = None, key: str = "",
    ) -> ClaimTold:
        """The buyer withdraws.

        :raises ApiProblem: party_of_another, claim_unknown, not_found, advances.book_missing,
        advances.compensation_differs, claim_key_reused, claim_move_impossible, postings_refused,
        standing_forbids, claim_moment_missed, party_missing, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/withdrawal"
        body = given({"party": party, "words": words})
        return cast("ClaimTold", tagged(self.post(path, body, key=key)))

    def show(
        self, seller: str, claim: str, file: Sequence[tuple[str, bytes]], *,
        kind: Literal["photo", "unboxing_video", "packing_video", "chat_record", "waybill",
        "carrier_record", "signature_proof", "purchase_chain", "authorisation", "invoice",
        "customs_document", "certificate", "inspection_report", "appraisal", "medical_record",
        "payment_proof", "refund_proof", "return_proof", "statement", "authority_document",
        "snapshot", "logistics_facts", "order_facts", "policy_notice", "hardship_proof",
        "penalty_notice", "other"] | None = None,
        party: Literal["", "buyer", "seller"] | None = None, words: str | None = None,
        key: str = "",
    ) -> ClaimTold:
        """Hand evidence in.

        :raises ApiProblem: party_of_another, claim_unknown, not_found, advances.book_missing,
        advances.compensation_differs, claim_key_reused, claim_move_impossible, postings_refused,
        standing_forbids, claim_moment_missed, evidence_refused, party_missing,
        evidence_bytes_damaged, evidence_bytes_missing, evidence_store_unusable, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/evidence"
        form = given({"kind": kind, "party": party, "words": words})
        files = [("file", one) for one in file]
        return cast("ClaimTold", tagged(self.post(path, form=form, files=files, key=key)))

    def pieces(self, seller: str, claim: str, *, limit: int | None = None) -> Iterator[PieceTold]:
        """What was handed in, in order.

        :raises ApiProblem: claim_unknown, not_found, cursor_wrong, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/evidence"
        return self.pages(path, "pieces", limit=limit)

    def appeal(
        self, seller: str, claim: str, words: str, *,
        party: Literal["", "buyer", "seller"] | None = None,
        kind: Literal["photo", "unboxing_video", "packing_video", "chat_record", "waybill",
        "carrier_record", "signature_proof", "purchase_chain", "authorisation", "invoice",
        "customs_document", "certificate", "inspection_report", "appraisal", "medical_record",
        "payment_proof", "refund_proof", "return_proof", "statement", "authority_document",
        "snapshot", "logistics_facts", "order_facts", "policy_notice", "hardship_proof",
        "penalty_notice", "other"] | None = None, file: Sequence[tuple[str, bytes]] = (),
        key: str = "",
    ) -> ClaimTold:
        """Appeal against the ruling.

        :raises ApiProblem: party_of_another, claim_unknown, not_found, advances.book_missing,
        advances.compensation_differs, appeal_too_late, appeals_used_up, claim_move_impossible,
        hearing_key_reused, postings_refused, standing_forbids, appeal_new_information_missing,
        evidence_refused, party_missing, evidence_bytes_damaged, evidence_bytes_missing,
        evidence_store_unusable, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/appeals"
        form = given({"words": words, "party": party, "kind": kind})
        files = [("file", one) for one in file]
        return cast("ClaimTold", tagged(self.post(path, form=form, files=files, key=key)))

    def finish_goods(
        self, seller: str, claim: str, *, party: Literal["", "buyer", "seller"] | None = None,
        words: str | None = None,
        kind: Literal["photo", "unboxing_video", "packing_video", "chat_record", "waybill",
        "carrier_record", "signature_proof", "purchase_chain", "authorisation", "invoice",
        "customs_document", "certificate", "inspection_report", "appraisal", "medical_record",
        "payment_proof", "refund_proof", "return_proof", "statement", "authority_document",
        "snapshot", "logistics_facts", "order_facts", "policy_notice", "hardship_proof",
        "penalty_notice", "other"] | None = None, file: Sequence[tuple[str, bytes]] = (),
        key: str = "",
    ) -> ClaimTold:
        """Repaired or replaced: proved or confirmed.

        :raises ApiProblem: party_of_another, claim_unknown, not_found, advances.book_missing,
        advances.compensation_differs, claim_key_reused, claim_move_impossible, postings_refused,
        standing_forbids, claim_goods_proof_missing, claim_moment_missed, evidence_refused,
        party_missing, evidence_bytes_damaged, evidence_bytes_missing, evidence_store_unusable, or
        one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/goods"
        form = given({"party": party, "words": words, "kind": kind})
        files = [("file", one) for one in file]
        return cast("ClaimTold", tagged(self.post(path, form=form, files=files, key=key)))

    def reopen_claim(
        self, seller: str, claim: str, *, words: str | None = None,
        kind: Literal["photo", "unboxing_video", "packing_video", "chat_record", "waybill",
        "carrier_record", "signature_proof", "purchase_chain", "authorisation", "invoice",
        "customs_document", "certificate", "inspection_report", "appraisal", "medical_record",
        "payment_proof", "refund_proof", "return_proof", "statement", "authority_document",
        "snapshot", "logistics_facts", "order_facts", "policy_notice", "hardship_proof",
        "penalty_notice", "other"] | None = None, file: Sequence[tuple[str, bytes]] = (),
        key: str = "",
    ) -> ClaimTold:
        """Reopen a claim that ended, with new facts.

        :raises ApiProblem: party_of_another, claim_unknown, not_found, advances.book_missing,
        advances.compensation_differs, claim_key_reused, claim_move_impossible,
        claim_reopen_too_late, claim_stands, postings_refused, standing_forbids,
        claim_moment_missed, claim_new_facts_missing, evidence_refused, party_missing,
        evidence_bytes_damaged, evidence_bytes_missing, evidence_store_unusable, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/reopening"
        form = given({"words": words, "kind": kind})
        files = [("file", one) for one in file]
        return cast("ClaimTold", tagged(self.post(path, form=form, files=files, key=key)))

    def piece(self, seller: str, claim: str, number: int, *, why: str | None = None) -> bytes:
        """The copy of one piece.

        :raises ApiProblem: claim_unknown, evidence_piece_unknown, not_found,
        evidence_reason_missing, evidence_bytes_damaged, evidence_bytes_missing,
        evidence_store_unusable, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/evidence/{number}"
        return self.get(path, why=why).content

    def dossier(self, seller: str, claim: str, *, why: str | None = None) -> bytes:
        """Everything of a claim, in one sealed archive.

        :raises ApiProblem: claim_unknown, not_found, ruling_unknown, claim_busy,
        dossier_too_large, archive_too_large, evidence_reason_missing, archive_under_way,
        evidence_bytes_damaged, evidence_bytes_missing, evidence_log_damaged,
        dossier_paper_not_installed, evidence_store_unusable, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/dossier"
        return self.get(path, why=why).content

    def export(
        self, seller: str, claim: str, shape: Literal["paypal", "stripe", "erc1497"], *,
        files: bool | None = None, why: str | None = None,
    ) -> bytes:
        """A claim as PayPal, Stripe or ERC-1497 write theirs.

        :raises ApiProblem: claim_unknown, not_found, archive_too_large, export_too_long,
        evidence_reason_missing, archive_under_way, evidence_bytes_damaged, evidence_bytes_missing,
        evidence_store_unusable, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/exports/{part(shape)}"
        return self.get(path, files=files, why=why).content
