"""What is asked of sellers beside what counts towards it, for those who would take money out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.deposits import rules
from xiaobao.deposits.facts import Mixes
from xiaobao.deposits.queries.asking import requirements
from xiaobao.deposits.queries.reading import cover_available, spread
from xiaobao.deposits.store import MIX, MIX_SPEC
from xiaobao.deposits.terms import DepositRules
from xiaobao.kernel.clocks import us_of
from xiaobao.ledger import queries as ledger
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.database.trips import Asked
    from xiaobao.kernel.columns import Int


def mixes_of(seller_ids: Int) -> Mixes:
    """What these sellers chose in place of cash, by id; who chose nothing has no row."""
    return ask_mixes(seller_ids).answer


def ask_mixes(seller_ids: Int) -> Asked[Mixes]:
    """As `mixes_of`; asked with whatever is asked or done next."""
    return sets.ask_arrays(
        f"SELECT {MIX} FROM deposits_mix WHERE seller_id = ANY(%s::bigint[]) ORDER BY seller_id",
        [seller_ids],
        MIX_SPEC,
        Mixes.of,
    )


def next_instalment_us() -> int | None:
    """When the next instalment is due; None where none is."""
    rows = sets.fetch_rows("SELECT min(due_at) FROM deposits_mix WHERE due_at IS NOT NULL")
    return None if rows[0][0] is None else us_of(rows[0][0])


def next_release_us() -> int | None:
    """When withheld settlement is to be looked at next; None where none is."""
    rows = sets.fetch_rows("SELECT min(due_at) FROM deposits_release WHERE due_at IS NOT NULL")
    return None if rows[0][0] is None else us_of(rows[0][0])


def required_of(seller_ids: Int) -> Int:
    """What each seller has to have, row for row; 0 for who was never quoted."""
    held = requirements(np.unique(seller_ids))
    return spread(held.seller_id, held.required_minor, seller_ids)


def counted_elsewhere(seller_ids: Int, at_us: Int | int) -> tuple[Int, Int]:
    """What of each seller's reserve, and of its cover, counts towards the requirement.

    At one moment, or at one for each.
    """
    at_each_us = np.array(np.broadcast_to(np.asarray(at_us, np.int64), len(seller_ids)))
    reserve, cover = np.zeros(len(seller_ids), np.int64), np.zeros(len(seller_ids), np.int64)
    books = ledger.balances(np.unique(seller_ids))
    withheld = spread(books.seller_id, books.reserve, seller_ids)
    insured = cover_available(seller_ids, at_each_us)
    required = required_of(seller_ids)
    markets = sellers.markets_of(seller_ids)
    for market_id in np.unique(markets[markets > 0]).tolist():
        here = np.flatnonzero(markets == market_id)
        sizing = promises.book_of(DepositRules, market_id).in_force(at_each_us[here])
        none = np.zeros(len(here), np.int64)
        counted, of_cover = rules.counted(
            required[here], none, withheld[here], insured[here], sizing
        )
        reserve[here], cover[here] = counted - of_cover, of_cover
    return reserve, cover


def premium_of(
    seller_id: int, limit_minor: int, *, begins_at: datetime, ends_at: datetime, at: datetime
) -> int:
    """What a cover would cost the seller, by the pack in force at that moment."""
    market_id = int(sellers.markets_of(np.array([seller_id]))[0])
    sizing = promises.book_of(DepositRules, market_id).in_force(np.array([us_of(at)]))
    span_us = us_of(ends_at) - us_of(begins_at)
    return rules.premium_minor(limit_minor, int(sizing.cover_price_bps[0]), span_us)
