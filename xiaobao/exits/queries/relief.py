"""What can be offered to a seller in hardship, with figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.deposits import queries as deposits
from xiaobao.deposits.facts import Line
from xiaobao.deposits.terms import DepositRules
from xiaobao.exits.facts import Relief, ReliefRow
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.money import WHOLE_BPS, in_words
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from xiaobao.deposits.facts import DepositRow

INSTALMENTS = 6
RESERVE_BPS = 1_000


def reliefs_of(seller_id: int, *, at: datetime) -> list[ReliefRow]:
    """What would help this seller stay, each with what it frees now and costs a year."""
    page = deposits.deposit_of(seller_id, at=at)
    offers = [] if page is None else [*_in_place_of_cash(page, at)]
    return [*offers, *_less_to_secure(seller_id, at), _specialist()]


def _in_place_of_cash(page: DepositRow, at: datetime) -> Iterator[ReliefRow]:
    one = np.array([page.seller_id])
    missing, runs = page.shortfall_minor, deposits.mixes_of(one).deferred_minor.any()
    if missing and not runs:
        each = in_words(-(-missing // INSTALMENTS), page.currency)
        yield ReliefRow(
            Relief.INSTALMENTS, missing, 0,
            f"缺口分 {INSTALMENTS} 期补缴，每月 {each}",
            f"pay what is missing in {INSTALMENTS} instalments of {each} a month",
        )  # fmt: skip
    market_id = int(sellers.markets_of(one)[0])
    sizing = promises.book_of(DepositRules, market_id).in_force(np.array([us_of(at)]))
    most = page.required_minor * int(sizing.cover_most_bps[0]) // WHOLE_BPS
    room = min(page.deposit_minor, max(most - page.cover_counted_minor, 0))
    if room and bool(sizing.is_cover_counted[0]):
        premium = -(-room * int(sizing.cover_price_bps[0]) // WHOLE_BPS)
        frees, costs = in_words(room, page.currency), in_words(premium, page.currency)
        yield ReliefRow(
            Relief.COVER, room, premium,
            f"用保险顶替 {frees} 现金，每年保费约 {costs}；保险生效后即可退还现金",
            f"cover in place of {frees} of cash, for about {costs} a year; the cash may leave "
            "once the cover has begun",
        )  # fmt: skip
    if page.required_minor and bool(sizing.is_reserve_counted[0]):
        share = f"{RESERVE_BPS / 100:g}%"
        yield ReliefRow(
            Relief.RESERVE, 0, 0,
            f"每笔结算暂缓 {share} 计入准备金，抵作保证金；攒够多少，现金就可以退多少",
            f"withhold {share} of each settlement as reserve, counted as deposit; as much cash "
            "may leave as has gathered",
        )  # fmt: skip


def _less_to_secure(seller_id: int, at: datetime) -> Iterator[ReliefRow]:
    covered = sellers.items_covered(seller_id)
    if covered == 0:
        return
    quote = deposits.quote_of(seller_id, at=at)
    lines = () if quote is None else quote.lines
    open_minor = sum(line.amount_minor for line in lines if line.code is Line.EXPOSURE)
    yield ReliefRow(
        Relief.PAUSE, open_minor, 0,
        f"暂停 {covered} 件消保商品：不再有新的承诺，在途敞口随订单完成而降到零",
        f"pause {covered} covered items: nothing new is promised, and the open exposure falls to "
        "nothing as orders are completed",
    )  # fmt: skip


def _specialist() -> ReliefRow:
    return ReliefRow(
        Relief.SPECIALIST, 0, 0, "与专人商量，平台须在规定时间内答复",
        "talk to a specialist, who owes an answer within the time set",
    )  # fmt: skip
