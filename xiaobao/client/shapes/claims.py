"""Shapes of calls about claims: drawn by `make map` from the OpenAPI, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from xiaobao.client.shapes.shared import Money


class ClaimListed(TypedDict):
    claim: str
    order: str
    kind: str
    ask: str
    state: str
    exposure: Money
    paid: Money
    filed_at: str
    due_at: str | None


class PieceTold(TypedDict):
    """One piece; its words and name masked for the other side."""

    number: int
    kind: str
    party: str
    media: str
    bytes: int
    sha256: str
    name: str
    words: str
    submitted_at: str
