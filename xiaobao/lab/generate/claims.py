"""Claims of a generated marketplace: which buyers claim what, truly or not, and how shops answer.

The guarantee sees what is filed, said and shown; who is right stands here alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import Ask, ClaimKind
from xiaobao.kernel.columns import FAR_US, Int, Mask
from xiaobao.lab.generate.days import hours_us
from xiaobao.lab.generate.figures import number, numbers, shares
from xiaobao.lab.generate.plans import DAY_US, Answer, Claims, Fate, Plan, Shops

if TYPE_CHECKING:
    from xiaobao.lab.generate.journeys import Journeys
    from xiaobao.lab.generate.plans import Orders
    from xiaobao.lab.generate.sales import Sales

# What buyers call what happened to them, hours after the order was placed.
_CALLED = {
    Fate.SHIPPED_LATE: (ClaimKind.LATE_SHIPMENT, 96, 240),
    Fate.OUT_OF_STOCK: (ClaimKind.PROMISE_NOT_KEPT, 96, 240),
    Fate.PRICE_RISE: (ClaimKind.PROMISE_NOT_KEPT, 72, 200),
    Fate.SELECTIVE: (ClaimKind.PROMISE_NOT_KEPT, 72, 200),
    Fate.DISGUISED: (ClaimKind.PROMISE_NOT_KEPT, 72, 200),
    Fate.FAKE: (ClaimKind.FALSE_SHIPMENT, 150, 300),
    Fate.VANISHED: (ClaimKind.NOT_RECEIVED, 200, 480),
}
_GOODS = (
    ClaimKind.NOT_AS_DESCRIBED, ClaimKind.DEFECTIVE, ClaimKind.COUNTERFEIT,
    ClaimKind.WRONG_ITEM, ClaimKind.MISSING_ITEM, ClaimKind.DAMAGED,
)  # fmt: skip
_PROMISED = (ClaimKind.LATE_SHIPMENT, ClaimKind.PROMISE_NOT_KEPT)
LATE_DAYS = (28, 60)


def make_claims(plan: Plan, shops: Shops, sales: Sales, j: Journeys, truth: Orders) -> Claims:
    """Every claim that is filed before the plan's end, in the order of filing."""
    rng = np.random.default_rng([plan.seed, 8])
    kind, filed, is_false, is_late = _filed(rng, shops, sales, j, truth)
    order = np.flatnonzero(filed < plan.end_us)
    order = order[np.lexsort((order, filed[order]))]
    n = len(order)
    answer = _answers(rng, shops.kind[sales.shop[order]], is_false[order])
    leaves = shops.leaves_day[sales.shop[order]]
    gone = filed[order] >= plan.start_us + leaves * DAY_US
    # Each step of a claim has a day of its own, so that what may happen next is never in doubt.
    answers = filed[order] + DAY_US + hours_us(rng, n, 1, 20)
    replies = answers + DAY_US + hours_us(rng, n, 6, 20)
    right = rng.random(n) < number("adjudicator_right")
    again = rng.random(n) < number("adjudicator_right_again")
    is_true = ~is_false[order]
    # Whoever is wronged by a ruling appeals more often than whoever lost by right.
    chance = np.where(right, numbers("appeals")[0], numbers("appeals")[1])
    picture = np.where(
        is_false[order], -1 - rng.integers(0, int(number("false_claim_pictures")), n), order
    )
    return Claims(
        order=order,
        kind=kind[order],
        ask=_asks(kind[order]),
        is_true=is_true,
        is_late=is_late[order],
        picture=picture,
        filed_us=filed[order],
        answer=np.where(gone, int(Answer.SILENCE), answer),
        answers_us=answers,
        offer_bps=rng.integers(30, 95, n) * 100,
        replies_us=replies,
        accepts=rng.random(n) < number("offer_accepted"),
        waits_days=rng.choice(np.array([0, 0, 1, 1, 2, 3, 9]), n),
        goes_to_jury=rng.random(n) < number("to_jury"),
        sees_true=np.where(right, is_true, ~is_true),
        appeals=rng.random(n) < chance,
        sees_true_again=np.where(again, is_true, ~is_true),
    )


def _filed(
    rng: np.random.Generator, shops: Shops, sales: Sales, j: Journeys, truth: Orders
) -> tuple[Int, Int, Mask, Mask]:
    """What each order's buyer claims, when (FAR_US: never), whether made up, whether late."""
    n = len(sales)
    kind, filed = np.zeros(n, np.int64), np.full(n, FAR_US)
    for fate, (called, least, most) in _CALLED.items():
        harmed = truth.complains & (j.fate == fate)
        kind = np.where(harmed, int(called), kind)
        filed = np.where(harmed, sales.placed_us + hours_us(rng, n, least, most), filed)
    stalled = truth.complains & j.is_stalled & (kind == 0)
    kind = np.where(stalled, int(ClaimKind.NOT_RECEIVED), kind)
    filed = np.where(stalled, sales.placed_us + hours_us(rng, n, 240, 400), filed)
    unpaid = truth.complains & j.is_refund_overdue & (kind == 0)
    kind = np.where(unpaid, int(ClaimKind.REFUND_NOT_PAID), kind)
    filed = np.where(unpaid, j.refund_asked_us + hours_us(rng, n, 240, 480), filed)
    return _about_goods(rng, shops, sales, j, kind, filed)


def _about_goods(
    rng: np.random.Generator, shops: Shops, sales: Sales, j: Journeys, kind: Int, filed: Int
) -> tuple[Int, Int, Mask, Mask]:
    """Claims about what was in the parcel: true by the shop's kind, or made up."""
    n = len(sales)
    free = (j.signed_us < FAR_US) & (j.refund_asked_us == FAR_US) & (kind == 0)
    roll = rng.random(n)
    is_false = free & (roll < number("false_claims"))
    is_bad = free & ~is_false & (rng.random(n) < numbers("goods_claims")[shops.kind[sales.shop]])
    claims = is_false | is_bad
    picked = rng.choice(np.array(_GOODS), n, p=shares("goods_claim_kinds_bps"))
    is_late = claims & (rng.random(n) < number("claims_filed_late"))
    wait = np.where(
        is_late,
        hours_us(rng, n, LATE_DAYS[0] * 24, LATE_DAYS[1] * 24),
        hours_us(rng, n, 4, 140),
    )
    kind = np.where(claims, picked, kind)
    # What a fraud says is wrong shows in a picture.
    shown = np.where(is_false, int(ClaimKind.DAMAGED), int(ClaimKind.NOT_AS_DESCRIBED))
    kind = np.where(is_false & (roll < number("false_claims") / 2), shown, kind)
    return kind, np.where(claims, j.signed_us + wait, filed), is_false, is_late


def _asks(kind: Int) -> Int:
    """What buyers ask for; of those with a fake, every other knows what the law gives."""
    promised = np.isin(kind, _PROMISED)
    by_law = (kind == ClaimKind.COUNTERFEIT) & (np.cumsum(kind == ClaimKind.COUNTERFEIT) % 2 == 1)
    return np.where(
        by_law, int(Ask.STATUTORY), np.where(promised, int(Ask.COMPENSATION), int(Ask.REFUND))
    )


def _answers(rng: np.random.Generator, kind: Int, is_false: Mask) -> Int:
    roll = rng.random(len(kind))[:, None] * 10_000
    steps = np.cumsum(numbers("claim_answer_bps")[kind], axis=1)
    to_false = np.cumsum(numbers("false_claim_answer_bps"))
    picked = np.where(
        is_false, (roll >= to_false[None, :-1]).sum(axis=1), (roll >= steps[:, :-1]).sum(axis=1)
    )
    return np.asarray(np.array(list(Answer), np.int64)[picked], np.int64)


def of_day(claims: Claims, plan: Plan, day: int) -> Claims:
    """Claims with a step of their own on this day; steps of other days are FAR_US."""
    begins, ends = plan.start_us + day * DAY_US, plan.start_us + (day + 1) * DAY_US
    moments = {
        name: np.where((column >= begins) & (column < ends), column, FAR_US)
        for name, column in claims.as_dict().items()
        if name in ("filed_us", "answers_us", "replies_us")
    }
    today = replace(claims, **moments)
    mine = np.minimum(np.minimum(today.filed_us, today.answers_us), today.replies_us) < FAR_US
    return today.take(mine)
