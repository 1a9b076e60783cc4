"""What is to be done next about a claim: who, what, by when, and what happens otherwise.

Every state names at least one thing, for the platform too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.claims.facts import ClaimState, Party
from xiaobao.claims.rules.lifecycle import OPEN
from xiaobao.claims.rules.next_actions import decided, open_states
from xiaobao.claims.rules.next_actions.standing import Standing, act
from xiaobao.claims.rules.stopping import ASKED_BY, OTHER
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.claims.facts import NextAction

__all__ = ["Standing", "next_actions"]

_S = ClaimState


def next_actions(s: Standing) -> list[NextAction]:
    """What each party can or must do now; the most urgent duty comes first."""
    return [
        *_ACTIONS[s.state](s), *_asks_for_more(s), *_answers_to_offers(s), *_answers_to_stops(s),
    ]  # fmt: skip


def _asks_for_more(s: Standing) -> list[NextAction]:
    """Until the ruling the buyer may ask for more, where more would be due."""
    if not s.more_en:
        return []
    words = (
        f"可扩大诉求，改为：{s.more_zh}",
        f"may ask for more: {s.more_en}",
    )
    stays = ("按原诉求裁决", "the ruling gives no more than what is asked for")
    return [act(Party.BUYER, words, FAR_US, stays, "claims widen")]


def _answers_to_stops(s: Standing) -> list[NextAction]:
    """Where one party asks for a stop to talk, the other may agree."""
    if s.state not in OPEN:
        return []
    return [
        act(
            OTHER[party],
            (
                "对方请求停表协商：可同意，各方时限停止",
                "the other asks to stop the clocks for talks: agree, and every clock stands still",
            ),
            FAR_US,
            ("时限照常进行", "the clocks run on"),
            "claims suspend",
        )
        for party, asked in ASKED_BY.items()
        if s.marks & asked
    ]


def _answers_to_offers(s: Standing) -> list[NextAction]:
    if s.state not in OPEN:
        return []
    return [
        act(
            OTHER[party],
            ("接受或拒绝对方的方案", "accept or decline the other's offer"),
            s.talks_due_us if s.state == _S.NEGOTIATING else FAR_US,
            ("方案不生效，维权继续", "the offer has no effect and the claim goes on"),
            "claims accept-offer",
            "claims decline-offer",
        )
        for party in sorted(s.offers_by)
    ]


_ACTIONS: dict[ClaimState, Callable[[Standing], list[NextAction]]] = {
    _S.NEGOTIATING: open_states.negotiating,
    _S.AWAITING_SELLER: open_states.awaiting_seller,
    _S.AWAITING_BUYER_EVIDENCE: open_states.awaiting_buyer_evidence,
    _S.AWAITING_SELLER_EVIDENCE: open_states.awaiting_seller_evidence,
    _S.AWAITING_BOTH_EVIDENCE: open_states.awaiting_both_evidence,
    _S.UNDER_REVIEW: open_states.under_review,
    _S.WITH_JURY: open_states.with_jury,
    _S.RULED: decided.ruled,
    _S.PAID: decided.paid,
    _S.RECOVERING: decided.recovering,
    _S.CLOSED: decided.closed,
    _S.SETTLED: decided.settled,
    _S.WITHDRAWN: decided.given_up,
    _S.LAPSED: decided.given_up,
    _S.SUSPENDED: decided.suspended,
    _S.GOODS_OWED: decided.goods_owed,
    _S.APPEALED: decided.appealed,
}
