"""Calls about deposits: drawn by `make map` from the OpenAPI, not by hand."""

# fmt: off
from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from xiaobao.client.calling import Calling, given, part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.client.shapes.deposits import (
        DepositTold,
        LodgementTold,
        MixTold,
        PayoutTold,
        PostingTold,
        QuoteTold,
    )
    from xiaobao.client.shapes.shared import Money


class Deposits(Calling):
    """About deposits."""

    def deposit(self, seller: str) -> DepositTold:
        """The deposit as it stands.

        :raises ApiProblem: not_found, or one of any call
        """
        path = f"/sellers/{part(seller)}/deposit"
        return cast("DepositTold", self.get(path).json())

    def quote(self, seller: str) -> QuoteTold:
        """The quote, line by line.

        :raises ApiProblem: not_found, or one of any call
        """
        path = f"/sellers/{part(seller)}/deposit/quote"
        return cast("QuoteTold", self.get(path).json())

    def quote_again(self, seller: str, *, key: str = "") -> QuoteTold:
        """Quote the deposit now.

        :raises ApiProblem: not_found, standing_forbids, or one of any call
        """
        path = f"/sellers/{part(seller)}/deposit/quotes"
        return cast("QuoteTold", self.post(path, key=key).json())

    def lodge(
        self, seller: str, amount: Money, *, frozen: bool | None = None, key: str = "",
    ) -> LodgementTold:
        """Pay money in as deposit.

        :raises ApiProblem: lodgement_unknown, not_found, lodgement_answered, lodgement_differs,
        lodgement_ending, lodgement_other_way, postings_refused, standing_forbids,
        alipay_config_wrong, currency_of_another, deposit_amount_not_positive, or one of any call
        """
        path = f"/sellers/{part(seller)}/deposit/lodgements"
        body = given({"amount": amount, "frozen": frozen})
        return cast("LodgementTold", self.post(path, body, key=key).json())

    def lodgements(self, seller: str, *, limit: int | None = None) -> Iterator[LodgementTold]:
        """Money in, newest first.

        :raises ApiProblem: not_found, cursor_wrong, or one of any call
        """
        path = f"/sellers/{part(seller)}/deposit/lodgements"
        return self.pages(path, "lodgements", limit=limit)

    def statement(
        self, seller: str, *,
        account: Literal["outside", "deposit", "locked", "reserve", "fund", "buyers", "refunds",
        "penalty"] | None = None, limit: int | None = None,
    ) -> Iterator[PostingTold]:
        """Every posting of the book.

        :raises ApiProblem: not_found, cursor_wrong, or one of any call
        """
        path = f"/sellers/{part(seller)}/statement"
        return self.pages(path, "postings", account=account, limit=limit)

    def payouts(
        self, seller: str, *, claim: str | None = None, order: str | None = None,
        limit: int | None = None,
    ) -> Iterator[PayoutTold]:
        """Payouts to buyers, newest first.

        :raises ApiProblem: claim_unknown, not_found, cursor_wrong, or one of any call
        """
        path = f"/sellers/{part(seller)}/payouts"
        return self.pages(path, "payouts", claim=claim, order=order, limit=limit)

    def mix(self, seller: str) -> MixTold:
        """What stands in place of cash, and the ladder of a shortfall.

        :raises ApiProblem: not_found, or one of any call
        """
        path = f"/sellers/{part(seller)}/deposit/mix"
        return cast("MixTold", self.get(path).json())

    def choose_mix(
        self, seller: str, *, reserve_bps: int | None = None, instalments: int | None = None,
        key: str = "",
    ) -> MixTold:
        """Withhold a share of settlements, or pay by the month.

        :raises ApiProblem: not_found, deposit_instalments_run, deposit_nothing_to_spread,
        standing_forbids, deposit_mix_out_of_range, mix_nothing_chosen, or one of any call
        """
        path = f"/sellers/{part(seller)}/deposit/mix"
        body = given({"reserve_bps": reserve_bps, "instalments": instalments})
        return cast("MixTold", self.post(path, body, key=key).json())

    def add_cover(
        self, seller: str, cover: str, insurer: str, limit: Money, begins_at: str, ends_at: str, *,
        is_premium_paid: bool | None = None, key: str = "",
    ) -> MixTold:
        """Register an insurer's cover.

        :raises ApiProblem: not_of_platform, not_found, cover_differs, cover_overlaps,
        cover_premium_not_there, postings_refused, standing_forbids, cover_span_empty,
        currency_of_another, deposit_amount_not_positive, or one of any call
        """
        path = f"/sellers/{part(seller)}/deposit/covers"
        body = given({
            "cover": cover, "insurer": insurer, "limit": limit, "begins_at": begins_at,
            "ends_at": ends_at, "is_premium_paid": is_premium_paid,
        })
        return cast("MixTold", self.post(path, body, key=key).json())
