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
        """Every version of every market's pack."""
        path = "/packs"
        return cast("VersionsTold", self.get(path, market=market).json())

    def lint_pack(self, files: Mapping[str, str], *, key: str = "") -> LintTold:
        """What is wrong with a pack."""
        path = "/packs/lint"
        body = given({"files": files})
        return cast("LintTold", self.post(path, body, key=key).json())

    def diff_packs(self, market: str, before: str, after: str) -> DiffTold:
        """What two versions say differently."""
        path = f"/packs/{part(market)}/diff"
        return cast("DiffTold", self.get(path, before=before, after=after).json())

    def pack(self, market: str, version: str) -> VersionWhole:
        """One version with its files."""
        path = f"/packs/{part(market)}/{part(version)}"
        return cast("VersionWhole", self.get(path).json())

    def drafts(self, market: str) -> DraftsTold:
        """Drafts of a market's pack."""
        path = "/drafts"
        return cast("DraftsTold", self.get(path, market=market).json())

    def consult(
        self, files: Mapping[str, str], *, by: str | None = None, key: str = "",
    ) -> DraftWhole:
        """Put a pack to consultation."""
        path = "/drafts"
        body = given({"files": files, "by": by})
        return cast("DraftWhole", self.post(path, body, key=key).json())

    def draft(self, market: str, version: str) -> DraftWhole:
        """One draft with its files, comments and replies."""
        path = f"/drafts/{part(market)}/{part(version)}"
        return cast("DraftWhole", self.get(path).json())

    def comment(
        self, market: str, version: str, words: str, by: str, *, key: str = "",
    ) -> DraftWhole:
        """Comment on a draft."""
        path = f"/drafts/{part(market)}/{part(version)}/comments"
        body = given({"words": words, "by": by})
        return cast("DraftWhole", self.post(path, body, key=key).json())

    def reply(
        self, market: str, version: str, number: int, words: str, *, by: str | None = None,
        key: str = "",
    ) -> DraftWhole:
        """Answer a comment, once."""
        path = f"/drafts/{part(market)}/{part(version)}/comments/{number}"
        body = given({"words": words, "by": by})
        return cast("DraftWhole", self.post(path, body, key=key).json())

    def announce(
        self, market: str, version: str, *, by: str | None = None, key: str = "",
    ) -> VersionTold:
        """Announce a draft, where one person may."""
        path = f"/drafts/{part(market)}/{part(version)}/announcement"
        body = given({"by": by})
        return cast("VersionTold", self.post(path, body, key=key).json())

    def withdraw_pack(
        self, market: str, version: str, why: str, *, by: str | None = None, key: str = "",
    ) -> VersionTold:
        """Withdraw an announced version before it is in force."""
        path = f"/packs/{part(market)}/{part(version)}/withdrawal"
        body = given({"why": why, "by": by})
        return cast("VersionTold", self.post(path, body, key=key).json())

    def policies(self, seller: str) -> PoliciesTold:
        """What announced rules change for a shop."""
        path = f"/sellers/{part(seller)}/policies"
        return cast("PoliciesTold", self.get(path).json())

    def answer_policy(
        self, seller: str, version: str, answer: Literal["accept", "object"], by: str, *,
        key: str = "",
    ) -> PoliciesTold:
        """Accept announced rules, or object."""
        path = f"/sellers/{part(seller)}/policies/{part(version)}"
        body = given({"answer": answer, "by": by})
        return cast("PoliciesTold", self.post(path, body, key=key).json())
