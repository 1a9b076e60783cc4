"""The coach: what would let a seller leave sooner or with more, reckoned by the check's rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.deposits import queries as deposits
from xiaobao.exits.facts import (
    BLOCKER_WORDS,
    SOONER_WORDS,
    Actor,
    Blocker,
    CoachRow,
    Scope,
    Tip,
    TipRow,
)
from xiaobao.exits.queries.checking import Check, check_as_applied, judged
from xiaobao.exits.queries.listing import NEEDED
from xiaobao.kernel.clocks import DAY_US, us_of
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import PROFILE_PARTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from xiaobao.kernel.columns import Mask


def coach_of(seller_id: int, *, at: datetime) -> CoachRow:
    """What would help, the most helpful first; each with its effect on amount and date."""
    found = check_as_applied(seller_id, Scope.WHOLE, at_us=us_of(at))
    tips = [
        *_profile(seller_id), *_debt(found), *_blockers(found), *_requirement(seller_id, at),
    ]  # fmt: skip
    tips.sort(key=lambda one: (one.tip is not Tip.BIND_ACCOUNT, -one.more_minor, -one.days_sooner))
    complete = sellers.profile_completeness(seller_id)
    return CoachRow(
        seller_id=seller_id, currency=found.terms.market.currency, free_minor=found.free_minor,
        all_free_at=found.all_free_at(),
        profile_bps=complete.complete_bps, tips=tuple(tips),
    )  # fmt: skip


def _without(found: Check, gone: Mask) -> Check:
    """The same seller, had these things ended now."""
    return judged(replace(found, things=found.things.take(~gone)))


def _tip(tip: Tip, zh: str, en: str, before: Check, after: Check) -> TipRow:
    sooner = before.all_free_us() - after.all_free_us()
    return TipRow(tip, zh, en, after.free_minor - before.free_minor, max(0, -(-sooner // DAY_US)))


def _profile(seller_id: int) -> Iterator[TipRow]:
    """Without an account nothing can be paid; what else is missing slows answers down."""
    missing = {part.field: part for part in sellers.profile_completeness(seller_id).missing}
    for part in PROFILE_PARTS:
        if part.field not in missing:
            continue
        if part.field in NEEDED:
            yield TipRow(
                Tip.BIND_ACCOUNT, f"补全“{part.zh}”：没有它无法打款",
                f"fill in your {part.en}: nothing can be paid without it", 0, 0,
            )  # fmt: skip
        else:
            yield TipRow(
                Tip.COMPLETE_PROFILE, f"补全“{part.zh}”（占资料 {part.weight_bps / 100:g}%）",
                f"fill in: {part.en} ({part.weight_bps / 100:g}% of the profile)", 0, 0,
            )  # fmt: skip


def _debt(found: Check) -> Iterator[TipRow]:
    if found.set_off_minor:
        none = np.zeros(1, np.int64)
        after = judged(replace(found, standings=replace(found.standings, debt_minor=none)))
        yield _tip(
            Tip.REPAY, "先还清欠款，保证金就不必抵偿",
            "repay the debt, and none of the deposit goes for it", found, after,
        )  # fmt: skip


def _blockers(found: Check) -> Iterator[TipRow]:
    """Each kind that somebody can end sooner, had it ended now."""
    for kind in np.unique(found.things.kind[found.judged.is_standing]).tolist():
        here = found.judged.is_standing & (found.things.kind == kind)
        here &= found.things.actor != Actor.TIME
        if not here.any():
            continue
        zh, en = SOONER_WORDS[Blocker(kind)]
        named, count = BLOCKER_WORDS[Blocker(kind)], int(here.sum())
        yield _tip(
            Tip.END_BLOCKER, f"{named[0]} {count} 项：{zh}", f"{named[1]} ({count}): {en}",
            found, _without(found, here),
        )  # fmt: skip


def _requirement(seller_id: int, at: datetime) -> Iterator[TipRow]:
    """What lowers the requirement frees as much of the surplus for who stays, and is not gone."""
    if sellers.have_left(np.array([seller_id]))[0]:
        return
    quote = deposits.quote_of(seller_id, at=at)
    for line in () if quote is None else quote.lines:
        if line.saves_minor > 0:
            yield TipRow(
                Tip.LOWER_REQUIREMENT, f"留在消保时：{line.lower_zh}",
                f"while you stay: {line.lower_en}", line.saves_minor, 0,
            )  # fmt: skip
