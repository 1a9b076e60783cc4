"""The books as a whole: the trial balance, and who owes the guarantee fund."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from xiaobao.advances import queries as advances
from xiaobao.advances.facts import PayoutState
from xiaobao.api.asking import needs
from xiaobao.api.pages import Cursor, Limit, page_of
from xiaobao.api.shapes import Code, Money, Page, Told, money, name_of
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Account
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

router = Router(tags=["books"])


class SumTold(Told):
    account: Annotated[str, Code(Account)]
    books: int
    sum: Money


class PayoutsSummed(Told):
    market: str
    state: Annotated[str, Code(PayoutState)]
    count: int
    amount: Money


class BalanceTold(Told):
    """Each account over all books; the sums of one currency come to nothing."""

    accounts: list[SumTold]
    payouts: list[PayoutsSummed]


class DebtTold(Told):
    seller: str
    debt: Money


class DebtsTold(Page):
    """Who owes the fund, the deepest debt first."""

    debts: list[DebtTold]


@router.get("/books/balance", **needs("books:read"), response=BalanceTold,
            summary="The trial balance, and payouts by state")  # fmt: skip
def balance(request: HttpRequest) -> BalanceTold:  # noqa: ARG001
    markets = {one.market_id: one for one in promises.markets()}
    return BalanceTold(
        accounts=[
            SumTold(account=name_of(one.account), books=one.books,
                    sum=money(one.sum_minor, one.currency))
            for one in ledger.trial_balance()
        ],
        payouts=[
            PayoutsSummed(
                market=markets[one.market_id].name, state=name_of(one.state), count=one.count,
                amount=money(one.amount_minor, markets[one.market_id].currency),
            )
            for one in advances.payout_totals()
        ],
    )  # fmt: skip


@router.get("/books/debts", **needs("books:read"), response=DebtsTold,
            summary="Who owes the guarantee fund, the deepest debt first")  # fmt: skip
def debts(
    request: HttpRequest, cursor: Cursor = "", limit: Limit = 100  # noqa: ARG001
) -> DebtsTold:  # fmt: skip
    owing = ledger.debtors(limit + 1, place=ledger.BY_DEBT.place(cursor))
    found = list(zip(owing.seller_id.tolist(), (-owing.fund).tolist(), strict=True))
    rows, after = page_of(found, ledger.BY_DEBT, limit)
    names, currencies = (
        sellers.names_of(owing.seller_id),
        dict(ledger.currencies_of(owing.seller_id)),
    )
    return DebtsTold(
        debts=[
            DebtTold(seller=names[seller_id], debt=money(debt, currencies[seller_id]))
            for seller_id, debt in rows
        ],
        next=after,
    )
