"""The platform orders a test or an appraisal: clocks stand still, and its cost is locked too."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from django.db import transaction

from xiaobao.claims import store
from xiaobao.claims.acts.beginning import begin
from xiaobao.claims.acts.course import row_of
from xiaobao.claims.acts.judging import exposed
from xiaobao.claims.acts.money import free_exposure, lock_exposure
from xiaobao.claims.acts.problems import AmountWrong
from xiaobao.claims.facts import ClaimEvent, Party, StopReason
from xiaobao.claims.rules.testing import borne_by_loser
from xiaobao.claims.terms import CostOfTestTerms
from xiaobao.kernel.clocks import add_days, moment_of, zone_of
from xiaobao.kernel.problems import Problem
from xiaobao.orders import acts as orders
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import ClaimRow

_ALL = np.array([True])


class NoTestTerms(Problem):
    """The pack of the order's time says nothing of what a test costs."""

    code = "claim_tests_not_ordered"
    status: ClassVar[int] = 409
    zh = "claim 字段：下单时的规则包没有 test_rules 表，平台不能送检；由双方自行检测并举证"
    en = (
        "claim: the pack of the order's time has no table test_rules, so the platform orders no "
        "test; a party may have one made, and show it"
    )


class OneTestOnly(Problem):
    """One test that the platform orders, for one claim."""

    code = "claim_test_ordered"
    zh = (
        "claim 字段：这件维权已经送检，费用 {test_minor}（最小货币单位）由败诉方承担；不能再次送检"
    )
    en = "claim: a test was ordered before, and {test_minor} of it is the loser's; no other is"


@promises.one_catalogue()
@transaction.atomic
def order_test(
    seller_id: int, claim_id: int, *, cost_minor: int, words: str = "", key: str, at: datetime
) -> ClaimRow:
    """Order a test at this cost, once a claim: every clock stands still until it is resumed.

    The platform pays for it first. The loser's share is locked in the seller's book beside what
    was locked before, as far as the deposit is free: whatever is ruled can be carried out.

    :raises AmountWrong: for a cost of nothing or less
    :raises NoTestTerms: where the pack has no terms for it
    :raises OneTestOnly: where one was
    :raises ClaimMoveImpossible: where the claim is decided, over, or suspended
    """
    begun = begin(seller_id, claim_id, "test", cost_minor, words, key=key, at=at)
    if begun.is_known:
        return row_of(begun.claims, is_new=False)
    course = begun.course
    market_id = int(course.claims.market_id[0])
    market = promises.market_of(market_id)
    if not 0 < cost_minor <= 2**53:
        raise AmountWrong(
            amount_minor=cost_minor, least_minor=1, most_minor=2**53, currency=market.currency
        )
    course.check(ClaimEvent.SUSPENDED)
    if int(course.claims.test_minor[0]):
        raise OneTestOnly(test_minor=int(course.claims.test_minor[0]))
    book = promises.book_of(CostOfTestTerms, market_id)
    place, found = book.positions(course.claims.ordered_us, np.zeros(1, np.int64))
    if not found.all():
        raise NoTestTerms
    terms = book.rows.take(place)
    zone = zone_of(market.zone)
    until_us = add_days(course.at_us, terms.most_days, zone)
    number = int(course.claims.stops[0]) + 1
    course.put(test_minor=borne_by_loser(np.array([cost_minor]), terms))
    held = orders.hold_orders(course.claims.seller_id, course.claims.order_id)
    exposure = exposed(course.claims, course.at_us, held)
    free_exposure(course, _ALL)
    course.claims = lock_exposure(course.claims, exposure, course.at_us)
    course.happens(
        ClaimEvent.SUSPENDED, party=Party.PLATFORM, amount_minor=cost_minor, due_us=until_us,
        words=words,
    )  # fmt: skip
    store.add_stop(
        seller_id, claim_id, number, reason=StopReason.TEST, party=Party.PLATFORM, words=words,
        at=at, until=moment_of(int(until_us[0])),
    )  # fmt: skip
    course.put(stops=np.array([number]), stop_until_us=until_us)
    return row_of(course.record(), is_new=True)
