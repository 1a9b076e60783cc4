"""Calls about packs: drawn by `make map` from the OpenAPI, not by hand."""

# fmt: off
from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from xiaobao.client.calling import Calling, given, part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xiaobao.client.shapes.packs import (
        DiffTold,
        DraftsTold,
        DraftWhole,
        LintTold,
        PoliciesTold,
        VersionsTold,
        VersionTold,
        VersionWhole,
    )


class Packs(Calling):
    """About packs."""

    def packs(self, *, market: str | None = None) -> VersionsTold:
        """Every version of every market's pack.

        :raises ApiProblem: market_unknown, or one of any call
        """
        path = "/packs"
        return cast("VersionsTold", self.get(path, market=market).json())

    def lint_pack(self, files: Mapping[str, str], *, key: str = "") -> LintTold:
        """What is wrong with a pack."""
        path = "/packs/lint"
        body = given({"files": files})
        return cast("LintTold", self.post(path, body, key=key).json())

    def diff_packs(self, market: str, before: str, after: str) -> DiffTold:
        """What two versions say differently.

        :raises ApiProblem: version_unknown, or one of any call
        """
        path = f"/packs/{part(market)}/diff"
        return cast("DiffTold", self.get(path, before=before, after=after).json())

    def pack(self, market: str, version: str) -> VersionWhole:
        """One version with its files.

        :raises ApiProblem: version_unknown, or one of any call
        """
        path = f"/packs/{part(market)}/{part(version)}"
        return cast("VersionWhole", self.get(path).json())

    def drafts(self, market: str) -> DraftsTold:
        """Drafts of a market's pack.

        :raises ApiProblem: market_unknown, or one of any call
        """
        path = "/drafts"
        return cast("DraftsTold", self.get(path, market=market).json())

    def consult(
        self, files: Mapping[str, str], *, by: str | None = None, key: str = "",
    ) -> DraftWhole:
        """Put a pack to consultation.

        :raises ApiProblem: market_unknown, version_taken, name_missing, pack_not_readable,
        pack_not_whole, pack_refused, words_not_usable, or one of any call
        """
        path = "/drafts"
        body = given({"files": files, "by": by})
        return cast("DraftWhole", self.post(path, body, key=key).json())

    def draft(self, market: str, version: str) -> DraftWhole:
        """One draft with its files, comments and replies.

        :raises ApiProblem: draft_unknown, or one of any call
        """
        path = f"/drafts/{part(market)}/{part(version)}"
        return cast("DraftWhole", self.get(path).json())

    def comment(
        self, market: str, version: str, words: str, by: str, *, key: str = "",
    ) -> DraftWhole:
        """Comment on a draft.

        :raises ApiProblem: draft_unknown, comments_enough, consultation_over, words_not_usable, or
        one of any call
        """
        path = f"/drafts/{part(market)}/{part(version)}/comments"
        body = given({"words": words, "by": by})
        return cast("DraftWhole", self.post(path, body, key=key).json())

    def reply(
        self, market: str, version: str, number: int, words: str, *, by: str | None = None,
        key: str = "",
    ) -> DraftWhole:
        """Answer a comment, once.

        :raises ApiProblem: comment_unknown, draft_unknown, reply_stands, name_missing,
        words_not_usable, or one of any call
        """
        path = f"/drafts/{part(market)}/{part(version)}/comments/{number}"
        body = given({"words": words, "by": by})
        return cast("DraftWhole", self.post(path, body, key=key).json())

    def announce(
        self, market: str, version: str, *, by: str | None = None, key: str = "",
    ) -> VersionTold:
        """Announce a draft, where one person may.

        :raises ApiProblem: announcing_takes_two, draft_unknown, market_unknown,
        comments_unanswered, consultation_short, other_market_shape, other_pack_line, terms_stand,
        version_taken, version_withdrawn, name_missing, pack_not_readable, pack_refused,
        words_not_usable, or one of any call
        """
        path = f"/drafts/{part(market)}/{part(version)}/announcement"
        body = given({"by": by})
        return cast("VersionTold", self.post(path, body, key=key).json())

    def withdraw_pack(
        self, market: str, version: str, why: str, *, by: str | None = None, key: str = "",
    ) -> VersionTold:
        """Withdraw an announced version before it is in force.

        :raises ApiProblem: version_unknown, announcement_stands, name_missing, words_not_usable,
        or one of any call
        """
        path = f"/packs/{part(market)}/{part(version)}/withdrawal"
        body = given({"why": why, "by": by})
        return cast("VersionTold", self.post(path, body, key=key).json())

    def policies(self, seller: str) -> PoliciesTold:
        """What announced rules change for a shop.

        :raises ApiProblem: not_found, or one of any call
        """
        path = f"/sellers/{part(seller)}/policies"
        return cast("PoliciesTold", self.get(path).json())

    def answer_policy(
        self, seller: str, version: str, answer: Literal["accept", "object"], by: str, *,
        key: str = "",
    ) -> PoliciesTold:
        """Accept announced rules, or object.

        :raises ApiProblem: not_found, version_unknown, nothing_to_answer, seller_not_active,
        words_not_usable, or one of any call
        """
        path = f"/sellers/{part(seller)}/policies/{part(version)}"
        body = given({"answer": answer, "by": by})
        return cast("PoliciesTold", self.post(path, body, key=key).json())
