"""What sellers say to an announced version: accept it, or object and leave under the old terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from django.db import transaction

from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import causes_of
from xiaobao.outbox import acts as outbox
from xiaobao.outbox.facts import EventKind
from xiaobao.promises import queries as promises
from xiaobao.promises.acts.consulting import usable
from xiaobao.promises.facts import STATE_WORDS, PackState
from xiaobao.sellers import queries, store
from xiaobao.sellers.acts.offers import SellerNotActive
from xiaobao.sellers.acts.standing import CauseKind, held
from xiaobao.sellers.facts import AnswerRow, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from xiaobao.promises.facts import Version
    from xiaobao.sellers.facts import PolicyNoticeRow

IN_THE_GUARANTEE = (Standing.ACTIVE, Standing.RESTRICTED, Standing.EXITING)


class NothingToAnswer(Problem):
    """Only a version that is announced and not yet in force can be accepted or objected to."""

    code: ClassVar[str] = "nothing_to_answer"
    zh: ClassVar[str] = (
        "版本“{version}”现为“{state_zh}”，只有公示中的版本可以接受或反对；要离开请用 xiaobao exits"
    )
    en: ClassVar[str] = (
        "version '{version}' is {state_en}: only what is announced can be accepted or objected "
        "to; to leave, see xiaobao exits"
    )
    page_zh: ClassVar[str] = (
        "版本“{version}”现为“{state_zh}”，只有公示中的版本可以接受或反对；要离开请到“退保”页"
    )
    page_en: ClassVar[str] = (
        "version '{version}' is {state_en}: only what is announced can be accepted or objected "
        "to; to leave, go to 'Leave'"
    )


@transaction.atomic
def accept_version(seller_id: int, version: str, *, by: str, at: datetime) -> AnswerRow:
    """Accept an announced version; the same answer again changes nothing.

    :raises SellerUnknown: for an id nobody has
    :raises SellerNotActive: for a seller who is not in the guarantee
    :raises VersionUnknown: if there is no such version in its market
    :raises NothingToAnswer: if it is not announced, or in force already
    :raises WordsNotUsable: if nobody is named to answer
    """
    return _answer(seller_id, version, is_accepted=True, by=by, at=at)


@transaction.atomic
def object_to_version(seller_id: int, version: str, *, by: str, at: datetime) -> AnswerRow:
    """Object to an announced version; see `queries.objection_of` for what follows.

    :raises SellerUnknown: for an id nobody has
    :raises SellerNotActive: for a seller who is not in the guarantee
    :raises VersionUnknown: if there is no such version in its market
    :raises NothingToAnswer: if it is not announced, or in force already
    :raises WordsNotUsable: if nobody is named to answer
    """
    return _answer(seller_id, version, is_accepted=False, by=by, at=at)


@transaction.atomic
def tell_of_version(notices: Mapping[int, PolicyNoticeRow]) -> int:
    """Tell sellers, by id, what an announced version changes for them; return how many were new.

    Who was told before is not told again, whatever was found since.
    """
    if not notices:
        return 0
    new = store.add_notices(notices)
    ids = np.array(new, np.int64)
    told = [notices[seller_id] for seller_id in new]
    at_us = np.array([us_of(n.told_at) for n in told], np.int64)
    packs = np.array([n.pack_id for n in told], np.int64)
    more = np.array([n.after_minor - n.before_minor for n in told], np.int64)
    cause = causes_of(CauseKind.POLICY_ANNOUNCED, at_us, ids, packs)
    kind = EventKind.SELLER_POLICY_ANNOUNCED
    outbox.tell(kind, ids, *cause, at_us=at_us, subject_id=packs, amount_minor=more)
    return len(new)


@transaction.atomic
def tell_of_withdrawal(version: Version) -> int:
    """Tell who was told of a version that it was withdrawn; return how many were not told yet."""
    assert version.withdrawn_at is not None, version
    ids = queries.told_of(version.pack_id)
    at_us = np.full(len(ids), us_of(version.withdrawn_at))
    packs = np.full(len(ids), version.pack_id)
    cause = causes_of(CauseKind.POLICY_ANNOUNCED, at_us, ids, packs)
    kind = EventKind.SELLER_POLICY_WITHDRAWN
    return outbox.tell(kind, ids, *cause, at_us=at_us, subject_id=packs, is_counted=True)


def _answer(
    seller_id: int, version: str, *, is_accepted: bool, by: str, at: datetime
) -> AnswerRow:
    seller = held(np.array([seller_id]))
    market = promises.market_of(int(seller.market_id[0]))
    found = promises.version_named(market.name, version, at=at)
    before = [a for a in queries.answers_of(seller_id) if a.pack_id == found.pack_id]
    if before and before[-1].is_accepted == is_accepted:
        return before[-1]
    if found.state is not PackState.ANNOUNCED:
        zh, en = STATE_WORDS[found.state]
        raise NothingToAnswer(version=version, state_zh=zh, state_en=en)
    if seller.state[0] not in IN_THE_GUARANTEE:
        raise SellerNotActive(seller_id=seller_id)
    by = usable(by)
    # The last answer counts: none is dated before the one it follows.
    said_at = max([at, *(a.said_at for a in before[-1:])])
    seq = store.add_answer(seller_id, found.pack_id, is_accepted=is_accepted, by=by, at=said_at)
    row = AnswerRow(found.pack_id, found.version, is_accepted, said_at, by)
    at_us = np.array([us_of(said_at)])
    ids = np.array([seller_id])
    packs = np.array([found.pack_id])
    kind = EventKind.SELLER_POLICY_ACCEPTED if is_accepted else EventKind.SELLER_POLICY_OBJECTED
    cause = causes_of(CauseKind.POLICY_ANSWERED, at_us, ids, packs, np.array([seq]))
    outbox.tell(kind, ids, *cause, at_us=at_us, subject_id=packs)
    return row
