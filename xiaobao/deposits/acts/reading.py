"""What an act reads before it decides: facts, terms, what counts; nothing is written here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.deposits import rules
from xiaobao.deposits.facts import DepositFacts, LadderStep
from xiaobao.deposits.terms import DepositRules, DepositTerms, LadderTerms
from xiaobao.kernel.clocks import DAY_US, zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.ledger import queries as ledger
from xiaobao.orders import queries as orders
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import Standing

if TYPE_CHECKING:
    from xiaobao.deposits.facts import Mixes, Requirements
    from xiaobao.kernel.columns import Columns, Int, Mask
    from xiaobao.ledger.facts import Balances
    from xiaobao.promises.facts import Market
    from xiaobao.sellers.facts import Standings

INSIDE = (Standing.ACTIVE, Standing.RESTRICTED, Standing.EXITING)


def aligned(rows: Columns, seller_ids: Int) -> tuple[Int, Mask]:
    """Where each seller's row stands among `rows`, in the order of ids, and whether it does."""
    found: Int = rows.seller_id  # type: ignore[attr-defined]
    if len(found) == 0:
        return np.zeros(len(seller_ids), np.int64), np.zeros(len(seller_ids), np.bool_)
    order = np.argsort(found, kind="stable")
    place = order[np.minimum(np.searchsorted(found[order], seller_ids), len(found) - 1)]
    return place, found[place] == seller_ids


def balances_of(seller_ids: Int) -> Balances:
    """The book of each seller, row for row; every seller known has one."""
    balances = ledger.balances(seller_ids)
    place, found = aligned(balances, seller_ids)
    assert found.all(), f"no book for seller {seller_ids[~found][:1]}"
    return balances.take(place)


def inside(seller_ids: Int) -> Mask:
    """Who is in the guarantee: quoted, and under the ladder."""
    return stands_as(sellers.standing(seller_ids), seller_ids, INSIDE)


def stands_as(standing: Standings, seller_ids: Int, states: tuple[Standing, ...]) -> Mask:
    """Who of these, row for row, stands in one of these states."""
    place, found = aligned(standing, seller_ids)
    if len(standing) == 0:
        return found
    return found & np.isin(standing.state[place], states)


def facts_of(
    before: Requirements, balances: Balances, market: Market, sizing: DepositRules, at_us: int
) -> DepositFacts:
    """What sellers of one market are judged on at one moment."""
    count = len(before)
    since_us = at_us - (int(sizing.window_days[0]) * DAY_US if count else 0)
    turnover = orders.turnover(before.seller_id, since_us, at_us)
    place, found = aligned(turnover, before.seller_id)

    def column(name: str, missing: int = 0) -> Int:
        if len(turnover) == 0:
            return np.full(count, missing, np.int64)
        return np.where(found, getattr(turnover, name)[place], missing)

    first_sale = column("first_sale_us", FAR_US)
    moments = np.full(count, at_us, np.int64)
    return DepositFacts(
        seller_id=before.seller_id, orders=column("orders"), goods_minor=column("goods_minor"),
        open_orders=column("open_orders"), open_goods_minor=column("open_goods_minor"),
        breaches=column("breaches"), breach_minor=column("breach_minor"),
        has_sold=first_sale < FAR_US,
        midnights_since_sale=rules.midnights_since(first_sale, moments, zone_of(market.zone)),
        debt_minor=-balances.fund, is_short=before.short_since_us < FAR_US,
    )  # fmt: skip


def sizing_of(market_id: int, moments_us: Int) -> DepositRules:
    return promises.book_of(DepositRules, market_id).in_force(moments_us)


def terms_of(market_id: int, seller_ids: Int, moments_us: Int) -> tuple[DepositTerms, Int]:
    """The terms of each seller's category, and the category's number."""
    joined = sellers.categories_of(seller_ids)
    categories = promises.category_ids([joined[s] for s in seller_ids.tolist()])
    book = promises.book_of(DepositTerms, market_id)
    _, found = book.positions(moments_us, categories)
    # A category that another market knows is general here.
    known = np.where(found, categories, 0)
    return book.in_force(moments_us, known), known


def after_hours_of(market_id: int, moments_us: Int, step: Int) -> Int:
    """When each step follows the top-up time; NEVER where the ladder does not have it."""
    book = promises.book_of(LadderTerms, market_id)
    place, found = book.positions(moments_us, step)
    if not found.any():
        return np.full(len(step), rules.NEVER, np.int64)
    return np.where(found, book.rows.after_hours[np.maximum(place, 0)], rules.NEVER)


def restricting(market_id: int, moments_us: Int, step: Int) -> Mask:
    """Which steps restrict a seller's standing."""
    book = promises.book_of(LadderTerms, market_id)
    place, found = book.positions(moments_us, step)
    if not found.any():
        return found
    return found & book.rows.is_restricting[np.maximum(place, 0)] & (step > LadderStep.NONE)


def counted_of(required: Int, balances: Balances, sizing: DepositRules, cover: Int) -> Int:
    """What counts towards each requirement."""
    available, _ = rules.counted(required, balances.deposit, balances.reserve, cover, sizing)
    return available


def deferred_of(seller_ids: Int, missing_minor: Int, mixes: Mixes) -> tuple[Int, Mask]:
    """What of each shortfall is asked for in instalments, and whose plans are paid beyond it.

    No more than is not due yet, nor than is left unpaid of the plan: what falls short beside it
    was not spread.
    """
    deferred, is_ahead = np.zeros_like(missing_minor), np.zeros(len(seller_ids), np.bool_)
    mixes = mixes.take(mixes.unpaid_minor > 0)
    if len(mixes):
        place, found = aligned(mixes, seller_ids)
        unpaid = np.minimum(mixes.unpaid_minor[place], np.maximum(missing_minor, 0))
        deferred = np.where(found, np.minimum(mixes.deferred_minor[place], unpaid), 0)
        is_ahead = found & (unpaid < mixes.unpaid_minor[place])
    return deferred, is_ahead
