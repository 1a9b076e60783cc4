"""Calls about facts, orders, buyers: drawn by `make map` from the OpenAPI, not by hand."""

# fmt: off
from __future__ import annotations

from typing import TYPE_CHECKING, cast

from xiaobao.client.calling import Calling, given, part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xiaobao.client.shapes.orders import (
        AccountTold,
        FactAsked,
        FactsTold,
        LinkTold,
        OrderTold,
        ReportTold,
    )


class Orders(Calling):
    """About facts, orders, buyers."""

    def tell_facts(self, market: str, facts: Sequence[FactAsked], *, key: str = "") -> FactsTold:
        """Tell facts of orders.

        :raises ApiProblem: market_unknown, facts_misshapen, facts_not_taken, or one of any call
        """
        path = "/facts"
        body = given({"market": market, "facts": facts})
        return cast("FactsTold", self.post(path, body, key=key).json())

    def order(self, seller: str, order: str) -> OrderTold:
        """One order whole.

        :raises ApiProblem: not_found, or one of any call
        """
        path = f"/sellers/{part(seller)}/orders/{part(order)}"
        return cast("OrderTold", self.get(path).json())

    def reports(self, *, limit: int | None = None) -> Iterator[ReportTold]:
        """Reports of force majeure, those that wait first.

        :raises ApiProblem: cursor_wrong, or one of any call
        """
        path = "/reports"
        return self.pages(path, "reports", limit=limit)

    def review_report(
        self, seller: str, order: str, words: str, *, until: str | None = None,
        by: str | None = None, key: str = "",
    ) -> ReportTold:
        """Approve a report until a moment, or refuse it.

        :raises ApiProblem: not_found, report_missing, report_decided, name_missing,
        report_until_wrong, report_words_missing, or one of any call
        """
        path = f"/sellers/{part(seller)}/orders/{part(order)}/report/review"
        body = given({"until": until, "words": words, "by": by})
        return cast("ReportTold", self.post(path, body, key=key).json())

    def link(
        self, seller: str, order: str, *, hours: int | None = None, key: str = "",
    ) -> LinkTold:
        """A link for an order's buyer.

        :raises ApiProblem: not_found, order_not_known, or one of any call
        """
        path = f"/sellers/{part(seller)}/orders/{part(order)}/links"
        body = given({"hours": hours})
        return cast("LinkTold", self.post(path, body, key=key).json())

    def bind_account(self, buyer: str, account: str, name: str, *, key: str = "") -> AccountTold:
        """Bind the account a buyer is paid to.

        :raises ApiProblem: payee_misshapen, or one of any call
        """
        path = f"/buyers/{part(buyer)}/account"
        body = given({"account": account, "name": name})
        return cast("AccountTold", self.post(path, body, key=key).json())
