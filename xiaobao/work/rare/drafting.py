"""A second change of the rules is in consultation as the last day ends: compared, signed for."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from xiaobao.lab.generate.plans import MARKET
from xiaobao.people import acts as people
from xiaobao.people.facts import STAFF, Duty
from xiaobao.promises import acts as promises
from xiaobao.promises import queries as promises_now
from xiaobao.work import comparisons
from xiaobao.work.announcing import Change, effect_of, written
from xiaobao.work.rare.persons import first_signer
from xiaobao.work.wishes import CONSULTED_DAYS, consults_on

if TYPE_CHECKING:
    from datetime import date, datetime

    from xiaobao.lab.generate.marketplace import Marketplace
    from xiaobao.lab.generate.plans import Plan
    from xiaobao.promises.facts import Draft

_STAFF = "规则-周"
_CHANGED = "tracking_abnormal"
# In force so long after the change that is announced already.
_LATER = timedelta(days=30)
# Consulted on for longer than the law asks, so that it may be announced the day after the last.
_BEFORE_END = CONSULTED_DAYS + 2


def consult(market: Marketplace, day: int, at: datetime) -> None:
    """Put it to consultation; a shop comments, and is answered."""
    plan = market.plan
    first = consults_on(plan)
    if first is None or day != plan.days - _BEFORE_END or day <= first + CONSULTED_DAYS:
        return
    effect = _effect(plan)
    with tempfile.TemporaryDirectory() as folder:
        path = written(
            plan, Path(folder), plan.first_day + timedelta(days=plan.days),
            Change(effect, _CHANGED),
        )  # fmt: skip
        promises.consult_on(path, by=_STAFF, at=at)
    said = promises.comment_on(
        MARKET, effect.isoformat(), words="物流异常多因承运方，建议区分责任",
        by=market.shop_names[0], at=at,
    )  # fmt: skip
    promises.reply_to(said, words="承运方责任可举证免责，见不可抗力条文", by=_STAFF, at=at)


def sign(plan: Plan, at: datetime) -> None:
    """Whoever drafted it has it compared, and signs first for announcing it."""
    draft = _draft(plan)
    if draft is None:
        return
    signer = first_signer(Duty.ANNOUNCE_PACK, at)
    comparisons.ask_for(draft, by=signer.name, at=at)
    with suppress(people.IntentStands):
        people.propose(
            Duty.ANNOUNCE_PACK, STAFF, str(draft.draft_id),
            words=f"{draft.market_id} {draft.name} {draft.version}", by=signer, at=at,
        )  # fmt: skip


def _draft(plan: Plan) -> Draft | None:
    if consults_on(plan) is None:
        return None
    return promises_now.draft(MARKET, _effect(plan).isoformat())


def _effect(plan: Plan) -> date:
    return effect_of(plan) + _LATER
