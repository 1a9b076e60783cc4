"""Claims of a generated marketplace, lived through the same acts as real ones.

A day's acts come one after another, each its own transaction under its own key; a day cut off is
lived again from its beginning, and what was done stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims import acts as claims
from xiaobao.claims import queries as claims_now
from xiaobao.claims.facts import Answer, Ask, ClaimKind, ClaimState, Finding, Handed, Party
from xiaobao.evidence.facts import Kind
from xiaobao.hearings import acts as hearings
from xiaobao.hearings import queries as hearings_now
from xiaobao.hearings.facts import Outcome, RuledBy, Verdict
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import id_of
from xiaobao.lab.generate import showing
from xiaobao.lab.generate.claims import of_day
from xiaobao.lab.generate.plans import DAY_US, HOUR_US
from xiaobao.lab.generate.plans import Answer as Planned
from xiaobao.work import jury

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from xiaobao.hearings.facts import QueueRow, RulingRow
    from xiaobao.lab.generate.marketplace import Marketplace
    from xiaobao.lab.generate.plans import Claims

STAFF = ("小二甲", "小二乙", "小二丙", "小二丁", "小二戊")
STAFF_HOUR, APPEAL_HOUR = 10, 15
MOST_WAITING = 10_000
REJECTED_WORDS = "证据不足以支持买家的主张"
UPHELD_WORDS = "买家的主张有证据支持"
# What a step meets when the claim went another way meanwhile: settled, lapsed, ruled.
_GONE_ON = (
    claims.ClaimMoveImpossible, claims.OfferUnknown, claims.ClaimStands, claims.OrderUnknown,
    claims.AmountWrong, claims_now.ClaimUnknown,
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One planned claim, by the names that everybody uses."""

    market: Marketplace
    row: int  # among the marketplace's claims

    @property
    def order(self) -> int:
        return int(self.market.claims.order[self.row])

    @property
    def order_name(self) -> str:
        return self.market.order_names[self.order]

    @property
    def claim(self) -> str:
        return f"C-{self.order_name}"

    @property
    def seller(self) -> str:
        return self.market.shop_names[int(self.market.orders.shop[self.order])]

    @property
    def buyer(self) -> str:
        return f"buyer-{int(self.market.orders.buyer[self.order]) + 1:06d}"

    @property
    def key(self) -> tuple[int, int]:
        return id_of(self.seller), id_of(self.claim)

    @property
    def kind(self) -> ClaimKind:
        return ClaimKind(int(self.market.claims.kind[self.row]))

    def column(self, name: str) -> int:
        return int(getattr(self.market.claims, name)[self.row])


class ClaimDays:
    """The claims of one generated marketplace, day after day."""

    def __init__(self, market: Marketplace) -> None:
        self._market = market
        planned = [Case(market, row) for row in range(len(market.claims))]
        self._cases = {case.key: case for case in planned}
        self._by_order = {case.order: case for case in planned}

    def live(self, day: int) -> None:
        """All that parties, staff and jurors do about claims on a day, in the order of time."""
        plan = self._market.plan
        midnight = plan.start_us + day * DAY_US
        steps: list[tuple[int, int, Callable[[], None]]] = [
            (midnight + STAFF_HOUR * HOUR_US, -1, lambda: self._staff(midnight)),
            (midnight + APPEAL_HOUR * HOUR_US, -1, lambda: self._appeal(midnight)),
        ]
        today = of_day(self._market.claims, plan, day)
        for place, order in enumerate(today.order.tolist()):
            steps += _steps(self._by_order[order], today, place)
        for _, _, step in sorted(steps, key=lambda one: one[:2]):
            step()

    # -- the platform ----------------------------------------------------------------------------

    def _staff(self, midnight: int) -> None:
        """Staff rule what waits since before today, each claim after its own days."""
        at = moment_of(midnight + STAFF_HOUR * HOUR_US)
        jury.vote_all(self._market, midnight, at, self._is_true)
        for row in hearings_now.queue(at=at, limit=MOST_WAITING):
            case = self._cases[row.seller_id, row.claim_id]
            waiting = claims_now.claims_of(np.array([row.seller_id]), np.array([row.claim_id]))
            since = int(waiting.platform_since_us[0])
            if since >= midnight or since + case.column("waits_days") * DAY_US > midnight:
                continue
            is_first = row.state == ClaimState.UNDER_REVIEW
            asks = is_first and row.finding == Finding.NEEDS_PERSON and row.jury is None
            if asks and case.column("goes_to_jury") and jury.call(case.key, at):
                continue
            _rule(case, row, at)

    def _is_true(self, key: tuple[int, int]) -> bool:
        return bool(self._cases[key].column("is_true"))

    def _appeal(self, midnight: int) -> None:
        """Some of those who lost yesterday appeal, with something new."""
        at = moment_of(midnight + APPEAL_HOUR * HOUR_US)
        yesterday = moment_of(midnight) - timedelta(days=1), moment_of(midnight)
        for ruling in hearings_now.rulings_between(*yesterday):
            case = self._cases[ruling.seller_id, ruling.claim_id]
            if ruling.round == 1 and ruling.by == RuledBy.PERSON and case.column("appeals"):
                _appeal(case, ruling, at)


# -- the parties ---------------------------------------------------------------------------------


def _steps(case: Case, today: Claims, at: int) -> list[tuple[int, int, Callable[[], None]]]:
    moments = {
        _file: int(today.filed_us[at]),
        _answer: int(today.answers_us[at]),
        _reply: int(today.replies_us[at]),
    }
    return [
        (us, case.row, _unless_gone_on(act, case, moment_of(us)))
        for act, us in moments.items()
        if us < FAR_US
    ]


def _unless_gone_on(
    act: Callable[[Case, datetime], None], case: Case, at: datetime
) -> Callable[[], None]:
    def step() -> None:
        try:
            act(case, at)
        except _GONE_ON:
            return

    return step


def _file(case: Case, at: datetime) -> None:
    picture = showing.picture(case.market.plan, case.column("picture"), case.row)
    words = showing.said(case.kind, case.row)
    claims.file_claim(
        seller=case.seller, order=case.order_name, buyer=case.buyer, kind=case.kind,
        ask=Ask(case.column("ask")), claim=case.claim, words=words,
        handed=[Handed(Kind.PHOTO, picture, "照片.jpg", words)], at=at,
    )  # fmt: skip


def _answer(case: Case, at: datetime) -> None:
    planned = Planned(case.column("answer"))
    if planned is Planned.SILENCE:
        return
    if planned is Planned.OFFER:
        price = int(case.market.orders.goods_minor[case.order])
        claims.make_offer(
            *case.key, by=Party.SELLER, amount_minor=price * case.column("offer_bps") // 10_000,
            words="补偿一部分，商品不用退", key="offer", at=at,
        )  # fmt: skip
        return
    handed = []
    if planned is Planned.DENY_WITH_EVIDENCE:
        kind, body = showing.record(case.kind, case.order_name)
        handed = [Handed(kind, body, "记录.txt")]
    accepts = planned is Planned.ACCEPT
    claims.answer_claim(
        *case.key, answer=Answer.ACCEPT if accepts else Answer.DENY, handed=handed,
        words="同意" if accepts else "不同意，商品没有问题", key="answer", at=at,
    )  # fmt: skip


def _reply(case: Case, at: datetime) -> None:
    """The buyer answers an offer; whoever declines calls the platform in."""
    if case.column("answer") != Planned.OFFER:
        return
    if case.column("accepts"):
        claims.accept_offer(*case.key, by=Party.BUYER, number=1, key="accept", at=at)
        return
    claims.decline_offer(*case.key, by=Party.BUYER, number=1, key="decline", at=at)
    claims.end_talks(*case.key, by=Party.BUYER, words="请平台介入", key="call", at=at)


def _rule(case: Case, row: QueueRow, at: datetime) -> None:
    """A person rules: never one who ruled on it before."""
    is_again = row.state == ClaimState.APPEALED
    sees_true = bool(case.column("sees_true_again" if is_again else "sees_true"))
    by = STAFF[(case.row + len(row.rulers)) % len(STAFF)]
    hearings.rule_claim(
        *case.key, verdict=Verdict.UPHOLD if sees_true else Verdict.REJECT, by=by,
        words=UPHELD_WORDS if sees_true else REJECTED_WORDS,
        departure=UPHELD_WORDS if sees_true else REJECTED_WORDS,
        key=f"round {len(row.rulers) + 1}", at=at,
    )  # fmt: skip


def _appeal(case: Case, ruling: RulingRow, at: datetime) -> None:
    by = Party.BUYER if ruling.outcome == Outcome.REJECTED else Party.SELLER
    if by is Party.BUYER:
        new = Handed(
            Kind.PHOTO,
            showing.picture(case.market.plan, case.order + 10**9, case.row), "新照片.jpg",
        )  # fmt: skip
    else:
        kind, body = showing.record(case.kind, f"{case.order_name}（补充）")
        new = Handed(kind, body, "补充记录.txt")
    hearings.appeal_claim(
        *case.key, by=by, words="有新的证据，请重新裁决", handed=[new], key="appeal", at=at
    )
