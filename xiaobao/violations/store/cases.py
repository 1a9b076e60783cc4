"""Violations and their events: held, added, changed in sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of
from xiaobao.violations.facts import RULES_VERSION, Cases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from xiaobao.kernel.columns import Int
    from xiaobao.violations.facts import NewViolations, ViolationFacts, Weights

_SMALL = {"market_id", "kind", "points_class", "state", "strikes"}
_MIDDLE = {"counted_day", "expires_day", "seq"}
_SQL_TYPES = {
    "i2": "smallint", "i4": "integer", "i8": "bigint", "ts": "timestamptz", "bool": "boolean",
}  # fmt: skip


def _kind_of(name: str) -> str:
    if name.startswith("is_"):
        return "bool"
    if name.endswith("_us"):
        return "ts"
    return "i2" if name in _SMALL else "i4" if name in _MIDDLE else "i8"


def _column_of(name: str) -> str:
    return name.removesuffix("_us") + "_at" if name.endswith("_us") else name


SPEC = {name: _kind_of(name) for name in Cases.names()}
COLUMNS = ", ".join(f"v.{_column_of(name)}" for name in SPEC)
_CHANGED = (
    "seller_id", "violation_id", "held_minor", "taken_hold_minor", "taken_deposit_minor",
    "taken_fund_minor", "decide_by_us", "due_us", "seq", "state", "is_waived",
)  # fmt: skip
_CHANGES = ", ".join(f"{_column_of(name)} = u.{_column_of(name)}" for name in _CHANGED[2:])
_CHANGED_NAMES = ", ".join(map(_column_of, _CHANGED))
_CHANGED_ARRAYS = ", ".join(f"%s::{_SQL_TYPES[SPEC[name]]}[]" for name in _CHANGED)
_ADDED = {
    "seller_id": "i8", "violation_id": "i8", "incident_id": "i8", "subject_id": "i8",
    "digest": "i8", "units": "i8", "earlier": "i8", "points_in_cap": "i8", "points": "i8",
    "penalty_minor": "i8", "held_minor": "i8", "taken_hold_minor": "i8",
    "taken_deposit_minor": "i8", "taken_fund_minor": "i8", "terms_version": "i8",
    "class_version": "i8", "happened_at": "ts", "recorded_at": "ts", "appeal_until_at": "ts",
    "decide_by_at": "ts", "due_at": "ts", "counted_day": "i4", "expires_day": "i4", "seq": "i4",
    "market_id": "i2", "kind": "i2", "points_class": "i2", "source": "i2", "state": "i2",
    "effect": "i2", "strikes": "i2", "rules_version": "i2", "is_corrected": "bool",
    "is_same_incident": "bool", "is_waived": "bool", "violation_name": "text", "words": "text",
    "recorded_by": "text",
}  # fmt: skip


def array(values: Int, kind: str) -> NDArray[Any]:
    if kind == "ts":
        return np.ascontiguousarray(values).view("M8[us]")
    return np.ascontiguousarray(values if kind == "bool" else values.astype(kind))


def hold(seller_id: Int, violation_id: Int) -> Cases:
    """Those of these violations that are there, locked, by seller and violation."""
    return Cases.of(
        **sets.fetch_arrays(
            f"SELECT {COLUMNS} FROM unnest(%s::bigint[], %s::bigint[]) "
            "AS u(seller_id, violation_id) JOIN violations_violation v "
            "USING (seller_id, violation_id) ORDER BY v.seller_id, v.violation_id "
            "FOR UPDATE OF v",
            [seller_id, violation_id],
            SPEC,
        )
    )


def hold_due(until_us: int, limit: int) -> Cases:
    """The violations due first, locked, passing over those that others hold; in due order."""
    return Cases.of(
        **sets.fetch_arrays(
            f"SELECT {COLUMNS} FROM violations_violation v WHERE v.state IN (2, 3) "
            "AND v.due_at <= %s::timestamptz AND v.due_at < 'infinity' "
            "ORDER BY v.due_at, v.seller_id, v.violation_id LIMIT %s "
            "FOR UPDATE OF v SKIP LOCKED",
            [moment_of(until_us), limit],
            SPEC,
        )
    )


def add(
    new: NewViolations,
    facts: ViolationFacts,
    weights: Weights,
    *,
    columns: dict[str, Int],
    names: Sequence[str],
    words: Sequence[str],
    by: str,
) -> None:
    """Add violations with everything they were judged on."""
    count = len(new)
    none = np.zeros(count, np.int64)
    given: dict[str, Any] = {
        **facts.as_dict(), **weights.as_dict(), **new.as_dict(), **columns,
        "happened_at": new.happened_us, "taken_hold_minor": none, "taken_deposit_minor": none,
        "taken_fund_minor": none, "rules_version": none + RULES_VERSION,
        "is_waived": none > 0, "violation_name": names, "words": words,
        "recorded_by": [by] * count,
    }  # fmt: skip
    sets.copy_in("violations_violation", given, _ADDED)


def change(cases: Cases) -> None:
    """Write violations held as they stand now; what was judged stays as it was."""
    if len(cases):
        columns = cases.as_dict()
        sets.execute(
            f"UPDATE violations_violation v SET {_CHANGES} FROM unnest({_CHANGED_ARRAYS}) "
            f"AS u({_CHANGED_NAMES}) "
            "WHERE v.seller_id = u.seller_id AND v.violation_id = u.violation_id",
            [array(columns[name], SPEC[name]) for name in _CHANGED],
        )


def add_events(
    cases: Cases, event: Int, at_us: Int, *, by: Sequence[str], words: Sequence[str]
) -> None:
    """Append one event for each case, under its present number and state."""
    sets.copy_in(
        "violations_event",
        {
            "seller_id": cases.seller_id, "violation_id": cases.violation_id,
            "happened_at": at_us, "seq": cases.seq, "event": event, "state": cases.state,
            "by": by, "words": words,
        },
        {
            "seller_id": "i8", "violation_id": "i8", "happened_at": "ts", "seq": "i4",
            "event": "i2", "state": "i2", "by": "text", "words": "text",
        },
    )  # fmt: skip
