"""Finding violations: by name, in lists, one whole; and which clocks run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from xiaobao.database import sets
from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import PointsClass, ViolationKind
from xiaobao.sellers import queries as sellers
from xiaobao.violations.facts import (
    Effect,
    Event,
    EventRow,
    Source,
    State,
    ViolationDetail,
    ViolationKey,
    ViolationRow,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class ViolationUnknown(Problem):
    code: ClassVar[str] = "violation_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = (
        "violation 字段：没有名为“{violation}”的违规；用 xiaobao violations list 查看"
    )
    en: ClassVar[str] = (
        "violation: there is none called '{violation}'; see xiaobao violations list"
    )


class ViolationNameShared(Problem):
    """Names of violations are unique per seller."""

    code: ClassVar[str] = "violation_name_shared"
    zh: ClassVar[str] = (
        "violation 字段：有 {count} 个卖家的违规名为“{violation}”；请同时给出卖家（--seller）"
    )
    en: ClassVar[str] = (
        "violation: '{violation}' names violations of {count} sellers; name the seller too "
        "(--seller)"
    )


def violation_named(violation: str, seller: str | None = None) -> ViolationKey:
    """The violation of this name, of this seller where one is named.

    :raises ViolationUnknown: if there is none
    :raises ViolationNameShared: if several sellers have one, and none is named
    """
    rows = sets.fetch_rows(
        "SELECT seller_id, violation_id FROM violations_violation "
        "WHERE violation_id = %s AND violation_name = %s "
        "AND (%s::bigint IS NULL OR seller_id = %s)",
        [id_of(violation), violation, *[None if seller is None else id_of(seller)] * 2],
    )
    if not rows:
        raise ViolationUnknown(violation=violation)
    if len(rows) > 1:
        raise ViolationNameShared(violation=violation, count=len(rows))
    return ViolationKey(*rows[0])


def name_of(seller_id: int, violation_id: int) -> str:
    """:raises ViolationUnknown: if there is none of these ids"""
    rows = sets.fetch_rows(
        "SELECT violation_name FROM violations_violation "
        "WHERE seller_id = %s AND violation_id = %s",
        [seller_id, violation_id],
    )
    if not rows:
        raise ViolationUnknown(violation=violation_id)
    return str(rows[0][0])


def next_due_us() -> int | None:
    """When the next clock of this room runs out; None where none does."""
    rows = sets.fetch_rows(
        "SELECT least((SELECT min(due_at) FROM violations_violation WHERE state IN (2, 3) "
        "AND due_at < 'infinity'), "
        "(SELECT min(due_at) FROM violations_tally WHERE due_at < 'infinity'), "
        "(SELECT min(ends_at) FROM violations_penalty WHERE state = 1), "
        "(SELECT min(least(rulings_due_at, breaches_due_at)) FROM violations_look "
        "WHERE least(rulings_due_at, breaches_due_at) < 'infinity'))"
    )
    return None if rows[0][0] is None else us_of(rows[0][0])


_ROW = (
    "v.violation_name, v.seller_id, v.violation_id, v.market_id, v.kind, v.points_class, "
    "v.source, v.state, v.effect, v.points, v.strikes, v.penalty_minor, v.held_minor, "
    "v.taken_hold_minor + v.taken_deposit_minor + v.taken_fund_minor, v.is_waived, v.units, "
    "v.is_corrected, v.words, v.recorded_by, v.happened_at, v.recorded_at, v.appeal_until_at, "
    "nullif(v.decide_by_at, 'infinity'), v.terms_version, v.rules_version"
)


BY_RECORDING: Order[ViolationRow] = Order(
    (Part("v.recorded_at", "ts", is_descending=True), Part("v.seller_id"), Part("v.violation_id")),
    lambda row: (row.recorded_at, row.seller_id, row.violation_id),
)


def violations_listed(
    *,
    seller_id: int | None = None,
    state: State | None = None,
    kind: ViolationKind | None = None,
    place: Place | None = None,
    limit: int = 100,
) -> list[ViolationRow]:
    """Violations, the newest first."""
    rows = sets.fetch_rows(
        f"SELECT {_ROW} FROM violations_violation v "
        "WHERE (%(seller)s::bigint IS NULL OR v.seller_id = %(seller)s) "
        "AND (%(state)s::smallint IS NULL OR v.state = %(state)s) "
        "AND (%(kind)s::smallint IS NULL OR v.kind = %(kind)s)"
        f"{BY_RECORDING.after(place)}{BY_RECORDING.by(place)} LIMIT %(limit)s",
        {"seller": seller_id, "state": state, "kind": kind, "limit": limit}
        | BY_RECORDING.params(place),
    )
    return straight(_rows(rows), place)


def counts_by_state() -> dict[State, int]:
    """How many violations stand where; every state is named."""
    rows = sets.fetch_rows("SELECT state, count(*) FROM violations_violation GROUP BY state")
    return dict.fromkeys(State, 0) | {State(row[0]): row[1] for row in rows}


def violation_detail(key: ViolationKey) -> ViolationDetail:
    """One violation whole: what it was judged on, and what happened to it.

    :raises ViolationUnknown: if there is none of these ids
    """
    names = [key.seller_id, key.violation_id]
    rows = sets.fetch_rows(
        f"SELECT {_ROW} FROM violations_violation v "
        "WHERE v.seller_id = %s AND v.violation_id = %s",
        names,
    )
    if not rows:
        raise ViolationUnknown(violation=key.violation_id)
    ((earlier, is_same, in_cap),) = sets.fetch_rows(
        "SELECT earlier, is_same_incident, points_in_cap FROM violations_violation "
        "WHERE seller_id = %s AND violation_id = %s",
        names,
    )
    events = sets.fetch_rows(
        "SELECT seq, event, state, by, words, happened_at FROM violations_event "
        "WHERE seller_id = %s AND violation_id = %s ORDER BY seq",
        names,
    )
    (row,) = _rows(rows)
    return ViolationDetail(
        row=row,
        clause_zh=promises.words_of(row.clause, "zh", us_of(row.happened_at)),
        clause_en=promises.words_of(row.clause, "en", us_of(row.happened_at)),
        earlier=earlier, is_same_incident=is_same, points_in_cap=in_cap,
        events=tuple(EventRow(seq, Event(e), State(s), *rest) for seq, e, s, *rest in events),
    )  # fmt: skip


def _rows(rows: Sequence[tuple[Any, ...]]) -> list[ViolationRow]:
    names = sellers.names_of(np.array(sorted({row[1] for row in rows}), np.int64))
    clauses = promises.clauses_of(row[-2] for row in rows)
    currencies = {one.market_id: one.currency for one in promises.markets()}
    return [_row(row, names[row[1]], clauses[row[-2]], currencies[row[3]]) for row in rows]


def _row(row: tuple[Any, ...], seller: str, clause: str, currency: str) -> ViolationRow:
    (
        violation, seller_id, violation_id, market_id, kind, points_class, source, state, effect,
        points, strikes, penalty, held, taken, is_waived, units, is_corrected, words, by,
        happened, recorded, appeal, decide, version, rules_version,
    ) = row  # fmt: skip
    return ViolationRow(
        violation=violation, seller=seller, seller_id=seller_id,
        violation_id=violation_id, market_id=market_id, kind=ViolationKind(kind),
        points_class=PointsClass(points_class), source=Source(source), state=State(state),
        effect=Effect(effect), points=points, strikes=strikes, penalty_minor=penalty,
        held_minor=held, taken_minor=taken, is_waived=is_waived,
        currency=currency, units=units, is_corrected=is_corrected,
        words=words, clause=clause, recorded_by=by, happened_at=happened,
        recorded_at=recorded, appeal_until=appeal, decide_by=decide, terms_version=version,
        rules_version=rules_version,
    )  # fmt: skip
