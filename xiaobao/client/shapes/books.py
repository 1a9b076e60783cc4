"""Shapes of calls about books: drawn by `make map` from the OpenAPI, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from xiaobao.client.shapes.shared import Money


class BalanceTold(TypedDict):
    """Each account over all books; the sums of one currency come to nothing."""

    accounts: list[SumTold]
    payouts: list[PayoutsSummed]


class BillTaken(TypedDict):
    bill: str
    kind: str
    is_new: bool
    lines_new: int
    matched: MatchedTold


class BillTold(TypedDict):
    bill: str
    kind: str
    account: str
    file: str
    begins_at: str | None
    ends_at: str | None
    lines: int
    read_at: str


class BillsTold(TypedDict):
    bills: list[BillTold]


class DayTold(TypedDict):
    """A day against the bills that cover it, and its signed statement once it is closed."""

    day: str
    matched: MatchedTold
    closed_at: str | None
    statement: str


class DebtTold(TypedDict):
    seller: str
    debt: Money


class DifferenceTold(TypedDict):
    """One line of a bill or one movement of ours; amounts are signed as in the bill, in fen."""

    kind: str
    zh: str
    en: str
    do_zh: str
    do_en: str
    seller: str
    movement: str | None
    line: int
    name: str
    number: str
    ours: int | None
    theirs: int | None
    at: str | None


class MatchedTold(TypedDict):
    lines: int
    agreed: int
    agreed_in: int
    agreed_out: int
    differences: list[DifferenceTold]
    are_all_listed: bool


class MovementTold(TypedDict):
    number: str
    result: str
    gateway_ref: str
    said: str


class PayoutsSummed(TypedDict):
    market: str
    state: str
    count: int
    amount: Money


class SumTold(TypedDict):
    account: str
    books: int
    sum: Money


class UnowedStepTold(TypedDict):
    step: str
    ref: str
    amount: Money
    at: str
    by: str
    words: str


class UnowedTold(TypedDict):
    """`open` is by how much the account holds less than the books say."""

    number: str
    seller: str
    amount: Money
    open: Money
    at: str
    steps: list[UnowedStepTold]
