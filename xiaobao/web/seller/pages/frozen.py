"""What of a deposit stands frozen in its seller's own account, until when, what was taken, why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.deposits import queries as deposits
from xiaobao.deposits.facts import LodgementState
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Account, Why
from xiaobao.ledger.rules import why_words

if TYPE_CHECKING:
    from xiaobao.ledger.queries import Line
    from xiaobao.sellers.facts import SellerRow

# zh, en
TAKING_WORDS = {
    LodgementState.REQUESTED: ("将划走", "to be taken"),
    LodgementState.UNKNOWN: ("划走中", "being taken"),
    LodgementState.CONFIRMED: ("已划走", "taken"),
    LodgementState.FAILED: ("没有划走", "not taken"),
}
# So many takings are shown, and so many causes of them, found among so many lines of the book.
_SHOWN, _CAUSES, _LOOKED_AT = 10, 6, 200
_OWN = (Account.DEPOSIT, Account.LOCKED)
# The seller's own money all the same, or its own again.
_STAYS = (*_OWN, Account.REFUNDS, Account.RESERVE)


def frozen_of(row: SellerRow, language: str) -> dict[str, Any] | None:
    """All that the page says of it; None for who never froze anything."""
    sums = deposits.frozen_of(row.seller_id)
    if not sums:
        return None
    return {
        "frozen_minor": sum(one.frozen_minor for one in sums),
        "taken_minor": sum(one.taken_minor for one in sums),
        "let_go_minor": sum(one.let_go_minor for one in sums),
        "lost_minor": sum(one.lost_minor for one in sums),
        "sums": [one for one in sums if one.frozen_minor],
        "takings": [
            (one, TAKING_WORDS[one.state])
            for one in deposits.takings_of(row.seller_id, limit=_SHOWN)
        ],
        "causes": [(one, why_words(one.why, language)) for one in _causes(row.seller_id)],
    }


def _causes(seller_id: int) -> list[Line]:
    """The last that was paid out of the deposit, for the seller: takings follow from it."""
    lines = ledger.statement(seller_id, limit=_LOOKED_AT)
    return [
        one for one in lines
        if one.source in _OWN and one.target not in _STAYS and one.why is not Why.DEPOSIT_LOST
    ][:_CAUSES]  # fmt: skip
