"""Calls about clock, sellers, items: drawn by `make map` from the OpenAPI, not by hand."""

# fmt: off
from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from xiaobao.client.calling import Calling, given, part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xiaobao.client.shapes.sellers import (
        EnrolmentsTold,
        ItemTold,
        MarksTold,
        PlanTold,
        SellerTold,
        SellerWhole,
        TimeTold,
    )


class Sellers(Calling):
    """About clock, sellers, items."""

    def clock(self) -> TimeTold:
        """The time, and markets."""
        path = "/clock"
        return cast("TimeTold", self.get(path).json())

    def sellers(
        self, *, market: str | None = None,
        standing: Literal["invited", "signed", "active", "restricted", "exiting", "exited",
        "forced_out"] | None = None, limit: int | None = None,
    ) -> Iterator[SellerTold]:
        """Sellers by name.

        :raises ApiProblem: market_unknown, seller_not_found, cursor_wrong, or one of any call
        """
        path = "/sellers"
        return self.pages(path, "sellers", market=market, standing=standing, limit=limit)

    def seller(self, seller: str) -> SellerWhole:
        """One seller whole.

        :raises ApiProblem: not_found, or one of any call
        """
        path = f"/sellers/{part(seller)}"
        return cast("SellerWhole", self.get(path).json())

    def enrol(
        self, market: str, sellers: Sequence[str], signed_by: str, *, category: str | None = None,
        key: str = "",
    ) -> EnrolmentsTold:
        """Sellers join the guarantee.

        :raises ApiProblem: not_of_platform, market_unknown, seller_not_found,
        agreement_not_in_force, book_in_other_currency, seller_in_other_market,
        seller_name_collides, standing_forbids, category_unknown, seller_not_nameable,
        unknown_currency, or one of any call
        """
        path = "/enrolments"
        body = given({
            "market": market, "sellers": sellers, "category": category, "signed_by": signed_by,
        })
        return cast("EnrolmentsTold", self.post(path, body, key=key).json())

    def choose_promises(
        self, seller: str,
        promises: Sequence[Literal["ships_on_time", "in_stock", "tracking_moves", "real_shipment",
        "refund_on_time", "as_described", "genuine", "return_7_days", "breakage", "repair_30_days",
        "allergy", "genuine_fourfold", "genuine_tenfold", "freight_insurance"]], *, key: str = "",
    ) -> SellerWhole:
        """Choose promises.

        :raises ApiProblem: not_found, promise_is_basic, promise_not_offered, seller_not_active, or
        one of any call
        """
        path = f"/sellers/{part(seller)}/promises"
        body = given({"promises": promises})
        return cast("SellerWhole", self.post(path, body, key=key).json())

    def change_profile(
        self, seller: str, changes: Mapping[str, str], *, key: str = "",
    ) -> SellerWhole:
        """Change the shop's profile.

        :raises ApiProblem: payee_needs_person, not_found, profile_field_unknown, or one of any
        call
        """
        path = f"/sellers/{part(seller)}/profile"
        body = given({"changes": changes})
        return cast("SellerWhole", self.post(path, body, key=key).json())

    def items(
        self, seller: str, *, only_covered: bool | None = None, limit: int | None = None,
    ) -> Iterator[ItemTold]:
        """Covered items by name.

        :raises ApiProblem: not_found, cursor_wrong, or one of any call
        """
        path = f"/sellers/{part(seller)}/items"
        return self.pages(path, "items", only_covered=only_covered, limit=limit)

    def plan_items(self, seller: str, items: Sequence[str], *, key: str = "") -> PlanTold:
        """What covering items would change and cost.

        :raises ApiProblem: not_found, or one of any call
        """
        path = f"/sellers/{part(seller)}/items/plan"
        body = given({"items": items})
        return cast("PlanTold", self.post(path, body, key=key).json())

    def mark_items(self, seller: str, items: Sequence[str], *, key: str = "") -> MarksTold:
        """Cover items.

        :raises ApiProblem: not_found, item_name_collides, mark_too_early, seller_not_active,
        item_not_nameable, or one of any call
        """
        path = f"/sellers/{part(seller)}/items/mark"
        body = given({"items": items})
        return cast("MarksTold", self.post(path, body, key=key).json())

    def unmark_items(self, seller: str, items: Sequence[str], *, key: str = "") -> MarksTold:
        """Uncover items.

        :raises ApiProblem: not_found, item_name_collides, mark_too_early, item_not_nameable, or
        one of any call
        """
        path = f"/sellers/{part(seller)}/items/unmark"
        body = given({"items": items})
        return cast("MarksTold", self.post(path, body, key=key).json())

    def undo_items(self, seller: str, *, batch: str | None = None, key: str = "") -> MarksTold:
        """Undo one act of marking.

        :raises ApiProblem: item_batch_unknown, not_found, item_undo_too_early, item_undo_too_late,
        seller_not_active, or one of any call
        """
        path = f"/sellers/{part(seller)}/items/undo"
        body = given({"batch": batch})
        return cast("MarksTold", self.post(path, body, key=key).json())
