"""Checks of exits made again: the facts and terms stored with each, judged by the very rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database.sets import fetch_rows
from xiaobao.exits.facts import RULES_VERSION, Judged, Plan, Standings, Things
from xiaobao.exits.rules import blocking
from xiaobao.exits.terms import ConditionTerms
from xiaobao.kernel.books import of_versions
from xiaobao.kernel.clocks import us_of, zone_of
from xiaobao.kernel.references import id_of
from xiaobao.kernel.replays import Replayed, compared
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND = "exit"
_AT_ONCE = 1_000
_STANDINGS = [name for name in Standings.names() if name != "seller_id"]
_PLAN = [name for name in Plan.names() if name != "seller_id"]
_JUDGED = [name for name in Judged.names() if name != "version"]
_SQL = (
    "SELECT seller_id, number, seq, market_id, checked_at, scope, is_unblockable, rules_version, "
    f"things, {', '.join([*_STANDINGS, *_PLAN])} FROM exits_check "
)


def replayed_exits() -> Iterator[Replayed]:
    """Every check that an exit rests on, made again."""
    after: tuple[int, int, int] = (-(2**63), 0, 0)
    while True:
        rows = fetch_rows(
            f"{_SQL} WHERE (seller_id, number, seq) > (%s, %s, %s) "
            "ORDER BY seller_id, number, seq LIMIT %s",
            [*after, _AT_ONCE],
        )
        if not rows:
            return
        yield sum((_again(row) for row in rows), Replayed(KIND))
        after = rows[-1][:3]


def replayed_exit(seller: str, number: int) -> Replayed | None:
    """All checks of one exit, made again; None where there is none."""
    rows = fetch_rows(
        f"{_SQL} WHERE seller_id = %s AND number = %s ORDER BY seq", [id_of(seller), number]
    )
    return sum((_again(row) for row in rows), Replayed(KIND)) if rows else None


def _again(row: tuple[Any, ...]) -> Replayed:
    """One check: its things first, then what may leave; each a row of what is compared."""
    seller_id, number, seq, market_id, at, scope, is_unblockable, rules_version, told = row[:9]
    amounts = dict(zip([*_STANDINGS, *_PLAN], row[9:], strict=True))
    one = np.array([seller_id], np.int64)
    things = Things.of(
        **{name: told[name] for name in Things.names() if name != "seller_id"},
        seller_id=[seller_id] * len(told["kind"]),
    )
    standings = Standings.of(seller_id=one, **{name: [amounts[name]] for name in _STANDINGS})
    judged = _judged(things, told["version"], market_id, us_of(at), is_unblockable=is_unblockable)
    plan = blocking.plan(scope, standings, things, judged)
    made = {name: getattr(judged, name) for name in _JUDGED} | {
        "share_minor": blocking.shares_held(scope, standings, things, judged)
    }
    stored = {name: np.array(told[name], np.int64) for name in made}
    name = sellers.names_of(one)[seller_id]
    has_rules = rules_version == RULES_VERSION
    count = len(things)
    of_things = compared(
        KIND, lambda _: f"{name}#{number}/{seq}", stored,
        {n: np.asarray(column).astype(np.int64) for n, column in made.items()},
        has_rules=np.full(count, has_rules),
    )  # fmt: skip
    of_plan = compared(
        KIND, lambda _: f"{name}#{number}/{seq}",
        {n: np.array([int(amounts[n])]) for n in _PLAN},
        {n: getattr(plan, n).astype(np.int64) for n in _PLAN},
        has_rules=np.array([has_rules]),
    )  # fmt: skip
    # One decision, however many things it looked at.
    return replace(of_things + of_plan, looked=1)


def _judged(
    things: Things, versions: list[int], market_id: int, at_us: int, *, is_unblockable: bool
) -> Judged:
    """The things once more, under the very terms of then."""
    book = promises.book_of(ConditionTerms, market_id).rows
    terms = of_versions(book, np.array(versions, np.int64))
    if is_unblockable:
        terms = replace(terms, is_waited_for=np.zeros(len(things), np.bool_))
    zone = zone_of(promises.market_of(market_id).zone)
    return blocking.judge(things, terms, zone, at_us)
