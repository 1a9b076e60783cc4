"""Claims at the end of the demo: by kind and outcome, against clocks, overturned, made up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims import queries as claims_now
from xiaobao.claims.facts import AbuseSign, ClaimEvent, ClaimKind, ClaimState, Reason
from xiaobao.evidence import queries as evidence
from xiaobao.evidence.facts import Kind
from xiaobao.evidence.facts import Party as HandedBy
from xiaobao.hearings import queries as hearings_now
from xiaobao.hearings.facts import Outcome, RuledBy
from xiaobao.kernel.references import ids_of

if TYPE_CHECKING:
    from xiaobao.claims.facts import Claims
    from xiaobao.hearings.facts import RulingRow
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.lab.generate.marketplace import Marketplace

Figures = dict[str, Any]
Key = tuple[int, int]

_HOUR_US = 3_600_000_000
_OUTCOMES = {Outcome.UPHELD: "upheld", Outcome.PARTLY: "partly", Outcome.REJECTED: "rejected"}
_SETTLED = (ClaimState.SETTLED,)
_GIVEN_UP = (ClaimState.LAPSED, ClaimState.WITHDRAWN)
_PAID_BEFORE = (Reason.ALREADY_WHOLE,)  # by a breach found unasked, or by the shop itself
# Too late, or nothing that was promised: who is right is not asked.
_NOT_ASKED = (
    Reason.NOT_HEARD, Reason.NOT_PROMISED, Reason.ASK_NOT_OFFERED, Reason.SHIPPED_ALREADY,
    Reason.TOO_LATE,
)  # fmt: skip
_PERSONS = (RuledBy.PERSON, RuledBy.JURY)


@dataclass(frozen=True)
class Heard:
    """Every claim that was filed, with its rulings and what is true of it."""

    claims: Claims
    is_true: Mask
    rulings: dict[Key, list[RulingRow]]

    def named(self) -> list[Key]:
        return list(
            zip(self.claims.seller_id.tolist(), self.claims.claim_id.tolist(), strict=True)
        )

    def endings(self) -> list[str]:
        """How each stands: settled, upheld, partly, rejected, given up, or open."""
        return [
            self._ending(key, ClaimState(state))
            for key, state in zip(self.named(), self.claims.state.tolist(), strict=True)
        ]

    def _ending(self, key: Key, state: ClaimState) -> str:
        if state in _SETTLED:
            return "settled"
        if state in _GIVEN_UP:
            return "given_up"
        if key in self.rulings and state is not ClaimState.APPEALED:
            return _OUTCOMES[self.rulings[key][-1].outcome]
        # A claim paid without any ruling was settled, and its time to appeal is not over.
        return "settled" if state in (ClaimState.PAID, ClaimState.CLOSED) else "open"


def heard(market: Marketplace) -> Heard:
    planned = market.claims
    names = [market.order_names[order] for order in planned.order.tolist()]
    shop_ids = ids_of(market.shop_names)
    sellers = shop_ids[market.orders.shop[planned.order]]
    claims = claims_now.claims_of(sellers, ids_of([f"C-{name}" for name in names]))
    truth = dict(
        zip(ids_of([f"C-{n}" for n in names]).tolist(), planned.is_true.tolist(), strict=True)
    )
    rulings: dict[Key, list[RulingRow]] = {}
    plan = market.plan
    for ruling in hearings_now.rulings_between(
        plan.day_starts(0), plan.day_ends(plan.days - 1), limit=10**7
    ):
        rulings.setdefault((ruling.seller_id, ruling.claim_id), []).append(ruling)
    is_true = np.array([truth[claim] for claim in claims.claim_id.tolist()], np.bool_)
    return Heard(claims, is_true, rulings)


def claims_figures(market: Marketplace) -> Figures:
    """All that the demo says of claims."""
    of = heard(market)
    return {
        "filed": len(of.claims),
        "not_heard": int((market.claims.filed_us < market.plan.end_us).sum()) - len(of.claims),
        "paid_minor": int(of.claims.paid_minor.sum()),
        "punitive_minor": hearings_now.platform_total(),
        "by_kind": _by_kind(of),
        "clocks": _clocks(of),
        "rulings": _rulings(of),
        "made_up": _made_up(of),
    }


def _by_kind(of: Heard) -> dict[ClaimKind, Figures]:
    endings = np.array(of.endings(), object)
    rows = {}
    for kind in ClaimKind:
        mine = of.claims.kind == kind
        if mine.any():
            rows[kind] = {
                "filed": int(mine.sum()),
                **{
                    name: int((endings[mine] == name).sum())
                    for name in ("settled", "upheld", "partly", "rejected", "given_up", "open")
                },
                "paid_minor": int(of.claims.paid_minor[mine].sum()),
            }
    return rows


def _clocks(of: Heard) -> Figures:
    """Times against clocks: how long first rulings took, who let its time run out."""
    events = claims_now.counts_by_event()
    filed = dict(zip(of.named(), of.claims.filed_us.tolist(), strict=True))
    hours = sorted(
        (int(rulings[0].ruled_at.timestamp()) * 1_000_000 - filed[key]) // _HOUR_US
        for key, rulings in of.rulings.items()
    )
    return {
        "parties_out_of_time": events[ClaimEvent.TIME_RAN_OUT],
        "cure_periods": events[ClaimEvent.CURE_OPENED],
        "platform_late": events[ClaimEvent.PLATFORM_LATE],
        "ruled": len(hours),
        "ruled_after_hours_median": hours[len(hours) // 2] if hours else 0,
        "ruled_after_hours_most": hours[-1] if hours else 0,
    }


def _rulings(of: Heard) -> Figures:
    """Who ruled, how often rightly (the truth is the generator's), what appeals changed."""
    first = [rulings[0] for rulings in of.rulings.values()]
    again = [rulings for rulings in of.rulings.values() if len(rulings) > 1]
    truth = dict(zip(of.named(), of.is_true.tolist(), strict=True))
    reasons = hearings_now.proposed_reasons()
    # Who is right was asked only where the claim was in time, covered, and not paid before.
    on_merits = [
        one for one in first if reasons[one.reference] not in (*_PAID_BEFORE, *_NOT_ASKED)
    ]
    persons = [one for one in on_merits if one.by in _PERSONS]
    events = claims_now.counts_by_event()
    overturned = sum(one[0].outcome != one[-1].outcome for one in again)
    return {
        "by": {by: sum(one.by is by for one in first) for by in RuledBy},
        "juries": events[ClaimEvent.JURY_CALLED],
        "by_persons": len(persons),
        "by_persons_rightly": sum(_is_right(one, truth) for one in persons),
        "paid_before": sum(reasons[one.reference] in _PAID_BEFORE for one in first),
        "not_covered": sum(reasons[one.reference] in _NOT_ASKED for one in first),
        "on_merits": len(on_merits),
        "rightly": sum(_is_right(one, truth) for one in on_merits),
        "appeals": events[ClaimEvent.APPEALED],
        "appeals_decided": len(again),
        "overturned": overturned,
        "overturned_bps": overturned * 10_000 // len(again) if again else 0,
    }


def _is_right(ruling: RulingRow, truth: dict[Key, bool]) -> bool:
    upheld = ruling.outcome is not Outcome.REJECTED
    return upheld == truth[ruling.seller_id, ruling.claim_id]


def _made_up(of: Heard) -> Figures:
    """Claims that are made up, and the pictures that gave them away."""
    flagged = np.array([_looks_used(key) for key in of.named()], np.bool_)
    false = ~of.is_true
    paid: Int = of.claims.paid_minor
    return {
        "filed": int(false.sum()),
        "paid": int((false & (paid > 0)).sum()),
        "paid_minor": int(paid[false].sum()),
        "pictures_seen_before": int(flagged.sum()),
        "of_them_made_up": int((flagged & false).sum()),
        "signs": {sign: int(((of.claims.abuse & sign) != 0).sum()) for sign in AbuseSign},
    }


def _looks_used(key: Key) -> bool:
    """The buyer's picture looks like one of another case."""
    for piece in evidence.pieces_of(*key):
        if piece.kind is Kind.PHOTO and piece.party is HandedBy.BUYER:
            return bool(evidence.near_duplicates(*key, piece.seq, limit=1))
    return False
