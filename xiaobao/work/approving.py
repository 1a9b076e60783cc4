"""Exits approved by one person or by two: what leaves is what they may let leave, and signed for.

For every door: the exit is held before it is looked at, and what leaves in the end is what counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import transaction

from xiaobao.exits import acts, queries
from xiaobao.exits.facts import ExitState
from xiaobao.kernel.money import in_words
from xiaobao.kernel.problems import Problem
from xiaobao.people import acts as people
from xiaobao.people.facts import Duty

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.people.facts import Intent
    from xiaobao.sellers.facts import SellerRow


class ExitTakesTwo(Problem):
    """So much may leave that two persons sign for it, and a program is neither of them."""

    code = "exit_takes_two"
    status: ClassVar[int] = 403
    zh = "此退保金额较大，须由两人联签，不能由客户端批准；请在小二控制台签署，再由另一人联签"
    en = (
        "so much may leave that two persons sign for it, and no client approves it: sign at the "
        "desk's console, where another person signs too"
    )


class MoreThanSigned(Problem):
    """Money came in between: more would leave than the first of the two signed for."""

    code = "exit_more_than_signed"
    zh = "现在将退出 {leaves}，多于先签署的 {signed}；没有执行，请退回此事项，再由两人按新金额签署"
    en = (
        "{leaves} would leave now, more than the {signed} that were signed for first: nothing was "
        "done; refuse it, and let two sign for the new sum"
    )


@transaction.atomic
def approve_alone(row: SellerRow, *, by: str, words: str, at: datetime) -> int:
    """Approve the exit under way where one person may; return how much leaves.

    :raises ExitUnknown: where the shop never applied
    :raises ExitTakesTwo: where so much may leave that it takes two; nothing is done
    """
    acts.hold_exit(row.seller_id)
    is_new = queries.exit_detail(row.seller_id, row.name).exit.state is ExitState.UNDER_REVIEW
    most = queries.most_to_leave(row.seller_id)
    if is_new and people.takes_two(Duty.APPROVE_EXIT, most, row.currency):
        raise ExitTakesTwo
    leaves = acts.approve_exit(row.seller_id, by=by, words=words, at=at)
    # Money may come in between: what leaves in the end is what counts.
    if is_new and people.takes_two(Duty.APPROVE_EXIT, leaves, row.currency):
        raise ExitTakesTwo
    return leaves


@transaction.atomic
def approve_signed(one: Intent, *, by: str, at: datetime) -> int:
    """Approve what two persons signed for, and no more than that; return how much leaves.

    :raises IntentOver: where the exit that was signed for is not the one under way any more
    :raises MoreThanSigned: where more would leave than was signed for; nothing is done
    """
    acts.hold_exit(one.seller_id)
    standing = queries.exit_detail(one.seller_id, "").exit
    if str(standing.number) != one.subject:
        raise people.IntentOver
    leaves = acts.approve_exit(one.seller_id, by=by, words=one.words, at=at)
    if leaves > one.amount_minor:
        raise MoreThanSigned(
            leaves=in_words(leaves, one.currency), signed=in_words(one.amount_minor, one.currency)
        )
    return leaves
