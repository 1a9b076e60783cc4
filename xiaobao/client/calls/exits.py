"""Calls about exits, advice: drawn by `make map` from the OpenAPI, not by hand."""

# fmt: off
from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from xiaobao.client.calling import Calling, given, part, tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.client.shapes.exits import (
        CheckTold,
        CoachTold,
        ExitTold,
        ExitWhole,
        ThreadTold,
        ThreadWaiting,
    )
    from xiaobao.client.shapes.shared import Money


class Exits(Calling):
    """About exits, advice."""

    def exits(
        self, *,
        state: Literal["draft", "submitted", "checked", "quiet", "under_review", "approved",
        "paying", "paid", "refused", "cancelled"] | None = None, limit: int | None = None,
    ) -> Iterator[ExitTold]:
        """Exits, those the platform's clock presses for first.

        :raises ApiProblem: cursor_wrong, or one of any call
        """
        path = "/exits"
        return self.pages(path, "exits", state=state, limit=limit)

    def check_exit(
        self, seller: str, *, scope: Literal["part", "whole"] | None = None,
    ) -> CheckTold:
        """What is in the way, and until when.

        :raises ApiProblem: not_found, or one of any call
        """
        path = f"/sellers/{part(seller)}/exit/check"
        return cast("CheckTold", self.get(path, scope=scope).json())

    def seller_exits(self, seller: str, *, limit: int | None = None) -> Iterator[ExitTold]:
        """Exits of one seller.

        :raises ApiProblem: not_found, cursor_wrong, or one of any call
        """
        path = f"/sellers/{part(seller)}/exits"
        return self.pages(path, "exits", limit=limit)

    def ask_exit(
        self, seller: str, scope: Literal["part", "whole"], *, amount: Money | None = None,
        reason: Literal["own_wish", "policy_change", "hardship", "violation", "mistake"] | None =
        None, words: str | None = None, is_draft: bool | None = None, key: str = "",
    ) -> ExitWhole:
        """Ask the deposit back.

        :raises ApiProblem: exit_unknown, not_found, exit_key_reused, exit_move_impossible,
        exit_under_way, standing_forbids, currency_of_another, evidence_refused,
        exit_account_missing, exit_amount_missing, exit_amount_too_large, exit_mistake_too_late,
        exit_nothing_to_refund, exit_objection_missing, evidence_bytes_damaged,
        evidence_bytes_missing, evidence_store_unusable, or one of any call
        """
        path = f"/sellers/{part(seller)}/exits"
        body = given({
            "scope": scope, "amount": amount, "reason": reason, "words": words,
            "is_draft": is_draft,
        })
        return cast("ExitWhole", tagged(self.post(path, body, key=key)))

    def one_exit(self, seller: str, number: int) -> ExitWhole:
        """One exit whole.

        :raises ApiProblem: exit_unknown, not_found, or one of any call
        """
        path = f"/sellers/{part(seller)}/exits/{number}"
        return cast("ExitWhole", tagged(self.get(path)))

    def submit_exit(self, seller: str, *, key: str = "") -> ExitWhole:
        """Submit the draft.

        :raises ApiProblem: exit_unknown, no_exit_under_way, not_found, standing_forbids,
        exit_account_missing, exit_amount_too_large, exit_mistake_too_late, exit_nothing_to_refund,
        exit_objection_missing, or one of any call
        """
        path = f"/sellers/{part(seller)}/exit/submit"
        return cast("ExitWhole", tagged(self.post(path, key=key)))

    def cancel_exit(
        self, seller: str, *, words: str | None = None, by: str | None = None, key: str = "",
    ) -> ExitWhole:
        """Call the exit off.

        :raises ApiProblem: exit_unknown, no_exit_under_way, not_found, postings_refused,
        standing_forbids, or one of any call
        """
        path = f"/sellers/{part(seller)}/exit/cancel"
        body = given({"words": words, "by": by})
        return cast("ExitWhole", tagged(self.post(path, body, key=key)))

    def approve_exit(
        self, seller: str, *, words: str | None = None, by: str | None = None, etag: str,
        key: str = "",
    ) -> ExitWhole:
        """Approve what may leave.

        :raises ApiProblem: exit_takes_two, exit_unknown, no_exit_under_way, not_found,
        postings_refused, standing_forbids, changed_meanwhile, exit_amount_too_large, name_missing,
        if_match_missing, or one of any call
        """
        path = f"/sellers/{part(seller)}/exit/approve"
        body = given({"words": words, "by": by})
        return cast("ExitWhole", tagged(self.post(path, body, etag=etag, key=key)))

    def refuse_exit(
        self, seller: str, *, words: str | None = None, by: str | None = None, etag: str,
        key: str = "",
    ) -> ExitWhole:
        """Refuse, for a blocker that is waited for.

        :raises ApiProblem: exit_unknown, no_exit_under_way, not_found, exit_refusal_needs_blocker,
        postings_refused, standing_forbids, changed_meanwhile, exit_words_missing, name_missing,
        if_match_missing, or one of any call
        """
        path = f"/sellers/{part(seller)}/exit/refuse"
        body = given({"words": words, "by": by})
        return cast("ExitWhole", tagged(self.post(path, body, etag=etag, key=key)))

    def answer_relief(
        self, seller: str, *,
        take: Literal["instalments", "cover", "reserve", "pause", "specialist"] | None = None,
        key: str = "",
    ) -> ExitWhole:
        """Take relief and stay, or decline and go on.

        :raises ApiProblem: consult_unknown, exit_unknown, no_exit_under_way, not_found,
        consult_closed, consult_key_reused, deposit_instalments_run, deposit_nothing_to_spread,
        exit_relief_not_offered, item_name_collides, mark_too_early, postings_refused,
        standing_forbids, consult_nothing_said, deposit_mix_out_of_range, exit_amount_too_large,
        item_not_nameable, or one of any call
        """
        path = f"/sellers/{part(seller)}/exit/relief"
        body = given({"take": take})
        return cast("ExitWhole", tagged(self.post(path, body, key=key)))

    def pay_again(self, seller: str, *, key: str = "") -> ExitWhole:
        """Send what failed to the account bound now.

        :raises ApiProblem: exit_unknown, not_found, or one of any call
        """
        path = f"/sellers/{part(seller)}/exit/pay-again"
        return cast("ExitWhole", tagged(self.post(path, key=key)))

    def threads(self, *, limit: int | None = None) -> Iterator[ThreadWaiting]:
        """Open threads, late answers first, then by clock.

        :raises ApiProblem: not_found, cursor_wrong, or one of any call
        """
        path = "/threads"
        return self.pages(path, "threads", limit=limit)

    def seller_threads(self, seller: str, *, limit: int | None = None) -> Iterator[ThreadTold]:
        """Threads of a seller, the latest first.

        :raises ApiProblem: not_found, cursor_wrong, or one of any call
        """
        path = f"/sellers/{part(seller)}/threads"
        return self.pages(path, "threads", limit=limit)

    def ask(
        self, seller: str, words: str, *, topic: str | None = None, key: str = "",
    ) -> ThreadTold:
        """A seller asks a specialist.

        :raises ApiProblem: speaker_of_another, consult_unknown, not_found, consult_closed,
        consult_key_reused, consult_nothing_said, or one of any call
        """
        path = f"/sellers/{part(seller)}/threads"
        body = given({"topic": topic, "words": words})
        return cast("ThreadTold", self.post(path, body, key=key).json())

    def say(
        self, seller: str, number: int, words: str, *,
        speaker: Literal["seller", "specialist"] | None = None, by: str | None = None,
        key: str = "",
    ) -> ThreadTold:
        """Say more in a thread.

        :raises ApiProblem: speaker_of_another, consult_unknown, not_found, consult_closed,
        consult_key_reused, consult_nothing_said, name_missing, speaker_missing, or one of any call
        """
        path = f"/sellers/{part(seller)}/threads/{number}"
        body = given({"words": words, "as": speaker, "by": by})
        return cast("ThreadTold", self.post(path, body, key=key).json())

    def close_thread(
        self, seller: str, number: int, *, speaker: Literal["seller", "specialist"] | None = None,
        key: str = "",
    ) -> ThreadTold:
        """Close a thread.

        :raises ApiProblem: speaker_of_another, consult_unknown, not_found, consult_answer_owed,
        speaker_missing, or one of any call
        """
        path = f"/sellers/{part(seller)}/threads/{number}/close"
        body = given({"as": speaker})
        return cast("ThreadTold", self.post(path, body, key=key).json())

    def coach(self, seller: str) -> CoachTold:
        """What would let a seller leave sooner, or with more.

        :raises ApiProblem: not_found, or one of any call
        """
        path = f"/sellers/{part(seller)}/exit/coach"
        return cast("CoachTold", self.get(path).json())
