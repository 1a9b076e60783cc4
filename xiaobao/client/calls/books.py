"""Calls about books: drawn by `make map` from the OpenAPI, not by hand."""

# fmt: off
from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from xiaobao.client.calling import Calling, given, part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.client.shapes.books import (
        BalanceTold,
        BillsTold,
        BillTaken,
        DayTold,
        DebtTold,
        MovementTold,
        UnowedTold,
    )
    from xiaobao.client.shapes.shared import Money


class Books(Calling):
    """About books."""

    def balance(self) -> BalanceTold:
        """The trial balance, and payouts by state."""
        path = "/books/balance"
        return cast("BalanceTold", self.get(path).json())

    def debts(self, *, limit: int | None = None) -> Iterator[DebtTold]:
        """Who owes the guarantee fund, the deepest debt first.

        :raises ApiProblem: cursor_wrong, or one of any call
        """
        path = "/books/debts"
        return self.pages(path, "debts", limit=limit)

    def bills(self, *, limit: int | None = None) -> BillsTold:
        """Bills that were read, the latest first."""
        path = "/bills"
        return cast("BillsTold", self.get(path, limit=limit).json())

    def take_bill(self, file: tuple[str, bytes], *, key: str = "") -> BillTaken:
        """Hand in a gateway's bill.

        :raises ApiProblem: bill_refused, or one of any call
        """
        path = "/bills"
        files = [("file", file)]
        return cast("BillTaken", self.post(path, form={}, files=files, key=key).json())

    def ask_gateway(self, number: str, *, key: str = "") -> MovementTold:
        """Ask the gateway about one payment.

        :raises ApiProblem: lodgement_unknown, payment_number_unknown, exit_move_impossible,
        lodgement_answered, lodgement_ending, postings_refused, standing_forbids, taken_too_late,
        alipay_config_wrong, or one of any call
        """
        path = "/movements/ask"
        body = given({"number": number})
        return cast("MovementTold", self.post(path, body, key=key).json())

    def day(self, day: str) -> DayTold:
        """A day against its bills.

        :raises ApiProblem: day_far_away, or one of any call
        """
        path = f"/days/{part(day)}"
        return cast("DayTold", self.get(path).json())

    def close_day(self, day: str, *, because: str | None = None, key: str = "") -> DayTold:
        """Close a day, with a signed statement.

        :raises ApiProblem: day_differs, day_not_over, day_without_bill, day_far_away, or one of
        any call
        """
        path = f"/days/{part(day)}/close"
        body = given({"because": because})
        return cast("DayTold", self.post(path, body, key=key).json())

    def unowed(
        self, *, settled: bool | None = None, limit: int | None = None,
    ) -> Iterator[UnowedTold]:
        """Money that left unowed, and is not settled, the latest first.

        :raises ApiProblem: cursor_wrong, or one of any call
        """
        path = "/unowed"
        return self.pages(path, "unowed", settled=settled, limit=limit)

    def settle_unowed(
        self, number: str, step: Literal["asked", "back", "written_off"], *,
        ref: str | None = None, amount: Money | None = None, words: str | None = None,
        by: str | None = None, key: str = "",
    ) -> UnowedTold:
        """Ask money back, book what came back, or write it off.

        :raises ApiProblem: write_off_takes_two, unowed_unknown, postings_refused,
        unowed_may_count, unowed_not_asked, unowed_said_otherwise, currency_of_another,
        name_missing, unowed_field_wrong, unowed_not_on_bill, unowed_too_much, or one of any call
        """
        path = f"/unowed/{part(number)}"
        body = given({"step": step, "ref": ref, "amount": amount, "words": words, "by": by})
        return cast("UnowedTold", self.post(path, body, key=key).json())
