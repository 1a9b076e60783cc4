"""On the evening after they asked to leave, shops put what proves their reason in their file."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from xiaobao.evidence import acts as evidence
from xiaobao.evidence.facts import Kind, Party, Submission
from xiaobao.evidence.terms import EvidenceTerms
from xiaobao.exits import queries as exits
from xiaobao.exits.facts import Reason
from xiaobao.exits.queries import ExitUnknown
from xiaobao.kernel.references import id_of
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.work.wishes import wishes_of

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.lab.generate.marketplace import Marketplace

_PROOFS = {
    Reason.HARDSHIP: (Kind.HARDSHIP_PROOF, "订单连月下降，难以为继"),
    Reason.VIOLATION: (Kind.PENALTY_NOTICE, "收到处罚通知"),
    Reason.POLICY_CHANGE: (Kind.POLICY_NOTICE, "规则公示通知"),
}


def prove(market: Marketplace, day: int, at: datetime) -> None:
    """Hand in for each that asked this morning; who did not get to ask proves nothing."""
    for wish in wishes_of(market):
        if wish.day == day and wish.reason in _PROOFS:
            with suppress(ExitUnknown):
                _hand_in(market.shop_names[wish.shop], wish.reason, at)


def _hand_in(shop: str, reason: Reason, at: datetime) -> None:
    seller_id = id_of(shop)
    if exits.exit_detail(seller_id, shop).exit.reason is not reason:
        return
    row = sellers.seller(shop)
    assert row is not None
    kind, words = _PROOFS[reason]
    evidence.submit_all(
        [
            Submission(
                seller_id, seller_id, kind, Party.SELLER, words.encode(), at,
                party_id=seller_id, name="说明.txt",
            )
        ],
        limits=promises.book_of(EvidenceTerms, row.market_id), at=at,
    )  # fmt: skip
