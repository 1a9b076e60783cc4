"""What causes should have posted, beside what stands: each posting that is missing or too many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import Columns, Int
from xiaobao.kernel.references import digests_of

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Mask
    from xiaobao.ledger.facts import Postings


@dataclass(frozen=True, slots=True)
class Differing(Columns):
    """Postings under one key that are not as they should be; an amount is 0 where there is none.

    Both amounts are the same where the accounts or the purpose differ.
    """

    seller_id: Int
    cause_hi: Int
    cause_lo: Int
    leg: Int
    expected_minor: Int
    found_minor: Int


def differing(expected: Postings, stands: Postings, owned: Mask) -> Differing:
    """Where the two disagree; moments and holds do not count.

    What stands and is not expected counts where it is `owned`, or where its cause is expected to
    post something else.
    """
    missing = expected.take(~np.isin(_content(expected), _content(stands)))
    is_ours = owned | np.isin(_cause(stands), _cause(expected))
    extra = stands.take(is_ours & ~np.isin(_content(stands), _content(expected)))
    instead = _amounts(missing, extra)
    alone = extra.take(~np.isin(_key(extra), _key(missing)))
    none = np.zeros(len(alone), np.int64)
    return Differing(
        seller_id=np.concatenate([missing.seller_id, alone.seller_id]),
        cause_hi=np.concatenate([missing.cause_hi, alone.cause_hi]),
        cause_lo=np.concatenate([missing.cause_lo, alone.cause_lo]),
        leg=np.concatenate([missing.leg, alone.leg]),
        expected_minor=np.concatenate([missing.amount_minor, none]),
        found_minor=np.concatenate([instead, alone.amount_minor]),
    )


def _amounts(missing: Postings, extra: Postings) -> Int:
    """What stands under the key of each posting that is missing; 0 where nothing does."""
    if len(extra) == 0:
        return np.zeros(len(missing), np.int64)
    keys, order = _key(missing), np.argsort(_key(extra))
    theirs = _key(extra)[order]
    place = np.minimum(np.searchsorted(theirs, keys), len(theirs) - 1)
    return np.where(theirs[place] == keys, extra.amount_minor[order[place]], 0)


def _cause(p: Postings) -> Int:
    return digests_of(p.seller_id, p.cause_hi, p.cause_lo)


def _key(p: Postings) -> Int:
    return digests_of(p.seller_id, p.cause_hi, p.cause_lo, p.leg)


def _content(p: Postings) -> Int:
    return digests_of(
        p.seller_id, p.cause_hi, p.cause_lo, p.leg, p.source, p.target, p.amount_minor, p.why
    )
