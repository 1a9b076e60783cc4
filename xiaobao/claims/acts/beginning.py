"""How every act about one claim begins: held, known or not under its key, and up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims import store
from xiaobao.claims.acts.course import Course
from xiaobao.claims.acts.problems import ClaimKeyReused, MomentMissed
from xiaobao.claims.acts.sweeping import brought_up_to
from xiaobao.claims.facts import CauseKind
from xiaobao.claims.queries.finding import ClaimUnknown
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.references import cause_of, digests_of, id_of

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import Claims


class Begun:
    """One claim held for one act; `is_known` where the same act stands under its key already."""

    def __init__(self, course: Course, *, is_known: bool) -> None:
        self.course = course
        self.is_known = is_known

    @property
    def claims(self) -> Claims:
        return self.course.claims


def begin(
    seller_id: int, claim_id: int, act: str, *content: int | str, key: str, at: datetime
) -> Begun:
    """Hold a claim for an act, its clocks fired up to now.

    :raises ClaimUnknown: if there is none
    :raises ClaimKeyReused: if the key names another act, or one of another content
    :raises MomentMissed: if the act is told as of a moment before the claim was filed
    """
    held = store.hold(np.array([seller_id]), np.array([claim_id]))
    number, at_us = id_of(key), us_of(at)
    digest = digest_of(act, *content)
    cause = cause_of(CauseKind.ACT, 0, seller_id, claim_id, number, 0)
    known = store.digest_under(seller_id, claim_id, cause).answer
    claims = held.answer
    if len(claims) == 0:
        raise ClaimUnknown(claim=claim_id)
    if known is not None and known != digest:
        raise ClaimKeyReused(key=key)
    if known is None:
        filed_us = int(claims.filed_us[0])
        if at_us < filed_us:
            raise MomentMissed(at=at, filed_at=moment_of(filed_us))
        claims = brought_up_to(claims, at_us)
    course = Course(claims, np.array([at_us]), key=np.array([number]), digest=digest)
    return Begun(course, is_known=known is not None)


def digest_of(*content: int | str) -> int:
    """The content of an act as one number."""
    parts = [np.array([id_of(c) if isinstance(c, str) else c], np.int64) for c in content]
    return int(digests_of(*parts)[0])
