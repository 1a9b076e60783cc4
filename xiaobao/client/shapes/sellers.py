"""Shapes of calls about sellers: drawn by `make map` from the OpenAPI, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from xiaobao.client.shapes.shared import Money


class EnrolmentsTold(TypedDict):
    sellers: list[SellerTold]


class ItemTold(TypedDict):
    item: str
    is_covered: bool
    since: str


class MarketTold(TypedDict):
    market: str
    currency: str
    zone: str


class MarksTold(TypedDict):
    """What an act of marking changed; `batch` names it, to be undone as a whole."""

    changed: int
    unchanged: int
    covered: int
    batch: str | None
    undo_until: str | None


class PayeeChangeTold(TypedDict):
    """The bound account, its name or the telephone was changed; who was there before is told."""

    changed_at: str
    changed_by: str
    account_before: str
    holder_before: str
    phone_before: str


class PlanTold(TypedDict):
    """What marking would change, before it is done."""

    would_change: int
    unchanged: int
    covered: int
    is_unusual: bool
    sold: Money
    expected: Money


class PromiseTold(TypedDict):
    promise: str
    began_at: str
    ended_at: str | None


class SellerTold(TypedDict):
    """One seller and where it stands."""

    seller: str
    market: str
    currency: str
    category: str
    standing: str
    restricted_by: list[str]
    invited_at: str
    since: str


class SellerWhole(TypedDict):
    """All of one seller: promises, agreements signed, profile, covered items."""

    seller: str
    market: str
    currency: str
    category: str
    standing: str
    restricted_by: list[str]
    invited_at: str
    since: str
    promises: list[PromiseTold]
    agreements: list[SignatureTold]
    items_covered: int
    profile: dict[str, str]
    profile_complete_bps: int
    profile_missing: list[str]
    payee_changes: list[PayeeChangeTold]


class SignatureTold(TypedDict):
    version: str
    language: str
    text_sha256: str
    signed_at: str
    signed_by: str


class TimeTold(TypedDict):
    """The marketplace's own time: the wall's, or in a demonstration that of the days lived."""

    now: str
    markets: list[MarketTold]
