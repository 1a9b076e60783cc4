"""Decisions by name: every kind that is stored, found and made again by the very rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from xiaobao.advances import queries as advances
from xiaobao.deposits.queries import replayed_quote, replayed_quotes
from xiaobao.exits.queries import replayed_exit, replayed_exits
from xiaobao.hearings import queries as hearings
from xiaobao.kernel.calendars import day_of
from xiaobao.kernel.problems import Problem
from xiaobao.orders.queries import replayed_breach, replayed_breaches
from xiaobao.promises.facts import PointsClass
from xiaobao.supervision import queries as supervision
from xiaobao.violations import queries as violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from xiaobao.kernel.replays import Replayed

LONGEST_NUMBER = 9  # of an exit: 32 bits hold it


class DecisionUnknown(Problem):
    """Nothing that was decided has this name."""

    code = "decision_unknown"
    status = 404
    zh = (
        "DECISION：没有名为“{decision}”的决定。赔付、违约等按事由（UUID）指名，见 xiaobao deposit "
        "statement；大众评审按其编号（UUID）；报价按 卖家@时间，退保按 卖家#序号，违规按名称，"
        "扣分按 卖家/类别/日期，监管周按 市场/week/周一 指名；全部重算：xiaobao replay --all"
    )
    en = (
        "DECISION: nothing decided is called '{decision}'. Name breaches and payments by their "
        "cause (a UUID, see xiaobao deposit statement), juries by their reference (a UUID), "
        "quotes as SELLER@TIME, exits as SELLER#NUMBER, violations by name, "
        "points as SELLER/CLASS/DAY, weeks of supervision as MARKET/week/MONDAY; "
        "to replay everything: xiaobao replay --all"
    )


@dataclass(frozen=True)
class Kind:
    """One kind of decision: its words, all of them made again, and one found by its name."""

    zh: str
    en: str
    everything: Callable[[], Iterator[Replayed]]
    one: Callable[[str], Replayed | None]


def kinds() -> dict[str, Kind]:
    """Every kind of decision that is stored. A room adds its own here: one line."""
    return {
        "breach": Kind("违约", "breach", replayed_breaches, _by_cause(replayed_breach)),
        "quote": Kind("报价", "quote", replayed_quotes, _quote),
        "compensation": Kind(
            "赔付",
            "compensation",
            advances.replayed_compensations,
            _by_cause(advances.replayed_compensation),
        ),
        "recovery": Kind(
            "追偿", "recovery", advances.replayed_recoveries, _by_cause(advances.replayed_recovery)
        ),
        "reversal": Kind(
            "冲正", "reversal", advances.replayed_reversals, _by_cause(advances.replayed_reversal)
        ),
        "ruling": Kind(
            "裁决", "ruling", hearings.replayed_rulings, _by_cause(hearings.replayed_ruling)
        ),
        "jury_draw": Kind(
            "评审员抽签", "jury draw", hearings.replayed_draws, _by_cause(hearings.replayed_draw)
        ),
        "jury_answer": Kind(
            "大众评审答复",
            "jury answer",
            hearings.replayed_answers,
            _by_cause(hearings.replayed_answer),
        ),
        "violation": Kind(
            "违规", "violation", violations.replayed_violations, violations.replayed_violation
        ),
        "exit": Kind("退保", "exit", replayed_exits, _exit),
        "points": Kind("扣分", "points", violations.replayed_nights, _night),
        "week": Kind("监管周", "week of supervision", supervision.replayed_weeks, _week),
    }


def _by_cause(find: Callable[[UUID], Replayed | None]) -> Callable[[str], Replayed | None]:
    """For decisions that are named by their cause."""

    def one(name: str) -> Replayed | None:
        try:
            cause = UUID(name)
        except ValueError:
            return None
        return find(cause)

    return one


def _quote(name: str) -> Replayed | None:
    """A quote by seller and moment."""
    seller, is_there, moment = name.rpartition("@")
    if not is_there:
        return None
    try:
        quoted_at = datetime.fromisoformat(moment.strip())
    except ValueError:
        return None
    if quoted_at.tzinfo is None:
        return None
    return replayed_quote(seller, quoted_at.astimezone(UTC))


def _exit(name: str) -> Replayed | None:
    """All checks of an exit by seller and number."""
    seller, _, number = name.rpartition("#")
    is_number = number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER
    return replayed_exit(seller, int(number)) if seller and is_number else None


def _night(name: str) -> Replayed | None:
    """A night's count of points by seller, class and day."""
    seller, _, rest = name.rpartition("/")
    seller, _, points_class = seller.rpartition("/")
    known = {one.name.lower(): one for one in PointsClass}
    try:
        day = date.fromisoformat(rest)
    except ValueError:
        return None
    return (
        violations.replayed_night(seller, known[points_class], day_of(day))
        if points_class in known
        else None
    )


def _week(name: str) -> Replayed | None:
    """A week of supervision by market and Monday."""
    market, is_there, day = name.partition("/week/")
    try:
        week = day_of(date.fromisoformat(day))
    except ValueError:
        return None
    return supervision.replayed_week(market, week) if is_there else None


def replayed(decision: str) -> dict[str, Replayed]:
    """A decision made again, by kind: a name may name one of several.

    :raises DecisionUnknown: where nothing that was decided has this name
    """
    found = {
        name: made for name, kind in kinds().items() if (made := kind.one(decision)) is not None
    }
    if not found:
        raise DecisionUnknown(decision=decision)
    return found
