"""Buyers and shops that look like one: from claims, and from where either of them is paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xiaobao.claims import queries as claims
from xiaobao.kernel.clocks import DAY_US, us_of
from xiaobao.kernel.columns import groups_of
from xiaobao.sellers import queries as sellers
from xiaobao.supervision import queries as supervision
from xiaobao.supervision import rules
from xiaobao.supervision.facts import PairRow, Pairs, PairSign
from xiaobao.work.payees import accounts_bound

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.kernel.columns import Int
    from xiaobao.promises.facts import Market

# What somebody can look through; how many there are is told beside it.
MOST_SHOWN = 200


class PairsFound(NamedTuple):
    """The pairs with signs that cost most, and how many there are."""

    total: int
    rows: list[PairRow]


def pairs_found(market: Market, *, at: datetime) -> PairsFound:
    """Pairs with signs, by claims on orders of the last days: what the fund advanced first."""
    terms = supervision.pair_terms()
    until_us = us_of(at)
    pairs = _with_accounts(market, until_us - terms.pair_days * DAY_US, until_us)
    signs = rules.signs_of(pairs, terms)
    found = np.flatnonzero(signs)
    order = np.lexsort((
        pairs.buyer_id[found], pairs.seller_id[found], -pairs.paid_minor[found],
        -pairs.fund_minor[found],
    ))  # fmt: skip
    shown = found[order[:MOST_SHOWN]]
    mine, signs = pairs.take(shown), signs[shown]
    names = claims.latest_claims(zip(mine.seller_id.tolist(), mine.buyer_id.tolist(), strict=True))
    rows = zip(
        mine.seller_id.tolist(), mine.buyer_id.tolist(), mine.claims.tolist(),
        mine.conceded.tolist(), mine.sharing.tolist(), mine.paid_minor.tolist(),
        mine.fund_minor.tolist(), signs.tolist(), strict=True,
    )  # fmt: skip
    return PairsFound(
        len(found),
        [
            PairRow(
                seller_id,
                names[seller_id, buyer_id],
                made,
                conceded,
                sharing,
                paid,
                fund,
                PairSign(sign),
            )
            for seller_id, buyer_id, made, conceded, sharing, paid, fund, sign in rows
        ],
    )


def _with_accounts(market: Market, since_us: int, until_us: int) -> Pairs:
    """The pairs of a time; two accounts are one where they read the same."""
    paired = claims.pairs_claimed(market.market_id, since_us, until_us)
    bound = accounts_bound(np.unique(paired.buyer_id))
    own = sellers.payout_accounts(np.unique(paired.seller_id))
    numbers = {
        account: number
        for number, account in enumerate(sorted({*bound.values(), *own.values()}), start=1)
    }
    of_buyer = _numbered(paired.buyer_id, bound, numbers)
    of_seller = _numbered(paired.seller_id, own, numbers)
    # Each buyer stands once beside a shop: rows of one shop and account are buyers who share it.
    group = groups_of(paired.seller_id, of_buyer)
    sharing = np.bincount(group, minlength=1)[group] if len(group) else np.zeros(0, np.int64)
    return Pairs(
        **paired.as_dict(),
        is_own_account=(of_buyer > 0) & (of_buyer == of_seller),
        sharing=np.where(of_buyer > 0, sharing, 1),
    )


def _numbered(ids: Int, accounts: dict[int, str], numbers: dict[str, int]) -> Int:
    """The number of each one's account; 0 where none is known."""
    return np.array([numbers.get(accounts.get(one, ""), 0) for one in ids.tolist()], np.int64)
