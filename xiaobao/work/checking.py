"""Every law of the money, asked of all rooms at once: the books, and what causes should post."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances import queries as advances
from xiaobao.database.sets import one_snapshot
from xiaobao.deposits import queries as deposits
from xiaobao.exits import queries as exits
from xiaobao.kernel.references import uuid_of
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Account, Broken, Postings, Why
from xiaobao.ledger.rules import differing
from xiaobao.violations import queries as violations
from xiaobao.work.writing_off import written_off_postings

if TYPE_CHECKING:
    from xiaobao.ledger.rules import Differing

_LODGED = (
    "每笔到账的缴存须恰好有一条分录",
    "a lodgement that came in has its one posting, and no other has any",
)
_WRITTEN_OFF = (
    "每笔核销须恰好有两条分录，进出相抵",
    "what was written off has its two postings, that come to nothing, and no other has any",
)
LAWS = {
    **{name: (zh, en) for name, (zh, en, _) in ledger.LAWS.items()},
    **advances.LAWS,
    **violations.LAWS,
    **exits.LAWS,
    **deposits.LAWS,
    "lodged": _LODGED,
    "written_off": _WRITTEN_OFF,
}


def check_money(limit_per_law: int = 100) -> list[Broken]:
    """Every breach of every law, as of one moment; empty where all is sound."""
    with one_snapshot():
        return [
            *ledger.check(limit_per_law),
            *advances.check(limit_per_law),
            *violations.check(limit_per_law),
            *exits.check(limit_per_law),
            *deposits.check(limit_per_law),
            *_lodgements(limit_per_law),
            *_written_off(limit_per_law),
        ]


def _lodgements(limit: int) -> list[Broken]:
    came = deposits.lodged()
    broken: list[Broken] = []
    for first, last in ledger.seller_spans():
        here = came.take((came.seller_id >= first) & (came.seller_id <= last))
        none = np.zeros(len(here), np.int64)
        expected = Postings.moves(
            seller_id=here.seller_id, cause_hi=here.lodgement_hi, cause_lo=here.lodgement_lo,
            leg=none, source=none + Account.OUTSIDE, target=none + Account.DEPOSIT,
            amount_minor=here.amount_minor, why=none + Why.DEPOSIT_LODGED, at_us=none,
        )  # fmt: skip
        stands = ledger.posted_for((Why.DEPOSIT_LODGED,), (first, last))
        wrong = differing(expected, stands, np.ones(len(stands), np.bool_))
        broken += _broken("lodged", wrong)
        if len(broken) >= limit:
            break
    return broken[:limit]


def _written_off(limit: int) -> list[Broken]:
    every, broken = written_off_postings(), list[Broken]()
    for first, last in ledger.seller_spans():
        expected = every.take((every.seller_id >= first) & (every.seller_id <= last))
        stands = ledger.posted_for((Why.LATE_BORNE, Why.LATE_LEFT), (first, last))
        wrong = differing(expected, stands, np.ones(len(stands), np.bool_))
        broken += _broken("written_off", wrong)
    return broken[:limit]


def _broken(law: str, wrong: Differing) -> list[Broken]:
    return [
        Broken(
            law, int(wrong.seller_id[row]),
            f"{law} {uuid_of(wrong.cause_hi[row], wrong.cause_lo[row])}",
            int(wrong.expected_minor[row]), int(wrong.found_minor[row]), *LAWS[law],
        )
        for row in range(len(wrong))
    ]  # fmt: skip
