"""Calls about rulings, juries, decisions: drawn by `make map` from the OpenAPI, not by hand."""

# fmt: off
from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from xiaobao.client.calling import Calling, given, part, tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.client.shapes.rulings import (
        CaseTold,
        DecisionTold,
        JurorTold,
        PanelsTold,
        PanelTold,
        QueueEntry,
        ReplayTold,
        RulingsTold,
        RulingTold,
        TestTold,
    )
    from xiaobao.client.shapes.shared import ClaimTold, Money


class Rulings(Calling):
    """About rulings, juries, decisions."""

    def suspend_claim(
        self, seller: str, claim: str,
        reason: Literal["self_settlement", "court", "police", "test"], *,
        party: Literal["buyer", "seller", "platform"] | None = None, words: str | None = None,
        key: str = "",
    ) -> ClaimTold:
        """Every clock stands still.

        :raises ApiProblem: claim_suspended_by_parties, party_of_another, claim_unknown, not_found,
        advances.book_missing, advances.compensation_differs, claim_key_reused,
        claim_move_impossible, claim_suspended_before, claim_suspension_asked, postings_refused,
        standing_forbids, claim_authority_document_missing, claim_moment_missed,
        claim_suspended_by_ordering_test, evidence_refused, party_missing, evidence_bytes_damaged,
        evidence_bytes_missing, evidence_store_unusable, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/suspension"
        body = given({"party": party, "words": words, "reason": reason})
        return cast("ClaimTold", tagged(self.post(path, body, key=key)))

    def resume_claim(
        self, seller: str, claim: str, *,
        party: Literal["buyer", "seller", "platform"] | None = None, words: str | None = None,
        key: str = "",
    ) -> ClaimTold:
        """The clocks go on.

        :raises ApiProblem: claim_resumed_by_others, party_of_another, claim_unknown, not_found,
        advances.book_missing, advances.compensation_differs, claim_key_reused,
        claim_move_impossible, postings_refused, standing_forbids, claim_moment_missed,
        party_missing, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/resumption"
        body = given({"party": party, "words": words})
        return cast("ClaimTold", tagged(self.post(path, body, key=key)))

    def queue(self, *, limit: int | None = None) -> Iterator[QueueEntry]:
        """Claims that wait for a ruling.

        :raises ApiProblem: cursor_wrong, or one of any call
        """
        path = "/queue"
        return self.pages(path, "queue", limit=limit)

    def rulings(self, seller: str, claim: str) -> RulingsTold:
        """Every ruling about a claim.

        :raises ApiProblem: claim_unknown, not_found, ruling_unknown, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/rulings"
        return cast("RulingsTold", self.get(path).json())

    def rule(
        self, seller: str, claim: str, verdict: Literal["uphold", "reject", "amounts"], *,
        ground: Literal["seller_silent", "seller_showed_nothing", "seller_proof_invalid",
        "seller_agreed", "buyer_silent", "buyer_showed_nothing", "not_delivered", "not_shipped",
        "delivered", "delivered_late", "tracking_invalid", "not_as_described", "as_described",
        "misrepresented", "quality_or_quantity", "not_damaged", "refund_refused", "return_refused",
        "refunded_already", "not_covered", "on_what_is_known", "buyer_fraud", "platform_late",
        "appeal_unfounded", "appeal_repeated", "too_late", "ask_not_offered", "shipped_already",
        "nothing_on_top", "already_whole", "goods_late"] | None = None,
        refund: Money | None = None, freight: Money | None = None,
        compensation: Money | None = None, punitive: Money | None = None,
        is_fraud: bool | None = None, words: str | None = None, departure: str | None = None,
        by: str | None = None, etag: str, key: str = "",
    ) -> RulingTold:
        """Rule, carried out at once.

        :raises ApiProblem: person_needed, ruling_own_cause, ruling_same_person,
        advances.compensation_unknown, claim_unknown, not_found, ruling_unknown,
        advances.book_missing, advances.compensation_differs, claim_move_impossible,
        hearing_key_reused, postings_refused, ruling_jury_has_it, standing_forbids,
        changed_meanwhile, claim_moment_missed, currency_of_another, name_missing,
        ruling_departure_unexplained, ruling_fraud_with_money, ruling_too_high, if_match_missing,
        or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/rulings"
        body = given({
            "verdict": verdict, "ground": ground, "refund": refund, "freight": freight,
            "compensation": compensation, "punitive": punitive, "is_fraud": is_fraud,
            "words": words, "departure": departure, "by": by,
        })
        return cast("RulingTold", self.post(path, body, etag=etag, key=key).json())

    def order_test(
        self, seller: str, claim: str, cost: Money, *, words: str | None = None, key: str = "",
    ) -> ClaimTold:
        """Order a test; whoever loses bears its cost.

        :raises ApiProblem: claim_unknown, not_found, advances.book_missing,
        advances.compensation_differs, claim_key_reused, claim_move_impossible, claim_test_ordered,
        claim_tests_not_ordered, postings_refused, standing_forbids, claim_amount_wrong,
        claim_moment_missed, currency_of_another, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/test"
        body = given({"cost": cost, "words": words})
        return cast("ClaimTold", tagged(self.post(path, body, key=key)))

    def jurors(self, *, limit: int | None = None) -> Iterator[JurorTold]:
        """Everybody who ever was a juror, by name.

        :raises ApiProblem: cursor_wrong, or one of any call
        """
        path = "/jurors"
        return self.pages(path, "jurors", limit=limit)

    def add_juror(
        self, juror: str, kind: Literal["buyer", "seller", "expert"], *, key: str = "",
    ) -> JurorTold:
        """Add a juror.

        :raises ApiProblem: juror_stands, or one of any call
        """
        path = "/jurors"
        body = given({"juror": juror, "kind": kind})
        return cast("JurorTold", self.post(path, body, key=key).json())

    def end_juror(self, juror: str, *, key: str = "") -> JurorTold:
        """Draw a juror no more.

        :raises ApiProblem: juror_unknown, or one of any call
        """
        path = f"/jurors/{part(juror)}/end"
        return cast("JurorTold", self.post(path, key=key).json())

    def judge_known_case(
        self, juror: str, case: str, vote: Literal["uphold", "reject"], *, key: str = "",
    ) -> TestTold:
        """A juror judges a known case.

        :raises ApiProblem: juror_unknown, known_case_unknown, known_case_taken, or one of any call
        """
        path = f"/jurors/{part(juror)}/tests"
        body = given({"case": case, "vote": vote})
        return cast("TestTold", self.post(path, body, key=key).json())

    def add_known_case(
        self, case: str, right: Literal["uphold", "reject"], *, words: str | None = None,
        key: str = "",
    ) -> CaseTold:
        """Add a case whose right answer is known.

        :raises ApiProblem: known_case_taken, or one of any call
        """
        path = "/known-cases"
        body = given({"case": case, "right": right, "words": words})
        return cast("CaseTold", self.post(path, body, key=key).json())

    def juries(self, seller: str, claim: str) -> PanelsTold:
        """Juries that a claim was put to.

        :raises ApiProblem: claim_unknown, not_found, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/juries"
        return cast("PanelsTold", self.get(path).json())

    def call_jury(self, seller: str, claim: str, *, key: str = "") -> PanelTold:
        """Put a claim to a jury, drawn by lot.

        :raises ApiProblem: claim_unknown, not_found, advances.book_missing,
        advances.compensation_differs, claim_move_impossible, jury_not_allowed, jury_once,
        jury_too_small, postings_refused, standing_forbids, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/jury"
        return cast("PanelTold", self.post(path, key=key).json())

    def seal_vote(
        self, seller: str, claim: str, juror: str, sha256: str, *, key: str = "",
    ) -> PanelTold:
        """Hand in a sealed vote.

        :raises ApiProblem: jury_not_on_panel, claim_unknown, not_found, advances.book_missing,
        advances.compensation_differs, claim_move_impossible, jury_seal_closed, postings_refused,
        standing_forbids, jury_seal_wrong, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/jury/seals"
        body = given({"juror": juror, "sha256": sha256})
        return cast("PanelTold", self.post(path, body, key=key).json())

    def open_vote(
        self, seller: str, claim: str, juror: str, vote: Literal["uphold", "reject"], salt: str,
        words: str, *, key: str = "",
    ) -> PanelTold:
        """Open a sealed vote, with reasons.

        :raises ApiProblem: jury_not_on_panel, advances.compensation_unknown, claim_unknown,
        not_found, advances.book_missing, advances.compensation_differs, claim_move_impossible,
        jury_not_yet_open, postings_refused, standing_forbids, jury_opens_other,
        jury_vote_without_reasons, or one of any call
        """
        path = f"/sellers/{part(seller)}/claims/{part(claim)}/jury/votes"
        body = given({"juror": juror, "vote": vote, "salt": salt, "words": words})
        return cast("PanelTold", self.post(path, body, key=key).json())

    def decision(self, decision: str) -> DecisionTold:
        """A ruling, with all that it was taken on.

        :raises ApiProblem: ruling_unknown, or one of any call
        """
        path = f"/decisions/{part(decision)}"
        return cast("DecisionTold", self.get(path).json())

    def replay(self, decision: str) -> ReplayTold:
        """A decision made again.

        :raises ApiProblem: decision_unknown, violation_unknown, or one of any call
        """
        path = f"/decisions/{part(decision)}/replay"
        return cast("ReplayTold", self.get(path).json())
