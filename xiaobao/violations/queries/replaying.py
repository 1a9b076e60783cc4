"""Decisions made again from what is stored with them: weights of violations, counts of nights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.books import of_versions
from xiaobao.kernel.clocks import zone_of
from xiaobao.kernel.references import id_of
from xiaobao.kernel.replays import compared
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import PointsClass
from xiaobao.sellers import queries as sellers
from xiaobao.violations import rules
from xiaobao.violations.facts import (
    RULES_VERSION,
    Stepped,
    Tallies,
    Today,
    ViolationFacts,
    Weights,
)
from xiaobao.violations.queries.finding import name_of
from xiaobao.violations.terms import ClassTerms, KindTerms, StepTerms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.kernel.replays import Replayed

_AT_ONCE = 100_000
_FACTS = {
    "kind": "i2", "units": "i8", "is_corrected": "bool", "earlier": "i8",
    "is_same_incident": "bool", "points_in_cap": "i8",
}  # fmt: skip
_WEIGHTS = {
    "effect": "i2", "points_class": "i2", "points": "i8", "strikes": "i2", "penalty_minor": "i8",
}  # fmt: skip
_VIOLATION = {
    "seller_id": "i8", "violation_id": "i8", "market_id": "i2", "terms_version": "i8",
    "rules_version": "i2", **_FACTS, **_WEIGHTS,
}  # fmt: skip
_STEPPED = {
    "reached": "i8", "points": "i8", "strikes": "i8", "rung": "i2", "begins": "bool",
    "is_forced_out": "bool",
}  # fmt: skip
_NIGHT = {
    "seller_id": "i8", "points_class": "i2", "day": "i4", "number": "i4", "points_before": "i8",
    "strikes_before": "i8", "points_today": "i8", "strikes_today": "i8", "penalty_minor": "i8",
    "expiring": "i8", "is_year_end": "bool", "class_version": "i8", "rules_version": "i2",
    **_STEPPED,
}  # fmt: skip


def replayed_violations() -> Iterator[Replayed]:
    """Every violation ever recorded, weighed again in sets."""
    after = (-(2**63), -(2**63))
    while True:
        rows = _violations(
            "WHERE (seller_id, violation_id) > (%s, %s) ORDER BY seller_id, violation_id LIMIT %s",
            [*after, _AT_ONCE],
        )
        if len(rows["seller_id"]) == 0:
            return
        yield _weighed(rows)
        after = int(rows["seller_id"][-1]), int(rows["violation_id"][-1])


def replayed_violation(violation: str) -> Replayed | None:
    """The violations of this name, weighed again; None where there is none."""
    rows = _violations(
        "WHERE violation_id = %s ORDER BY seller_id, violation_id", [id_of(violation)]
    )
    return _weighed(rows) if len(rows["seller_id"]) else None


def _violations(where: str, params: list[Any]) -> dict[str, Any]:
    return sets.fetch_arrays(
        f"SELECT {', '.join(_VIOLATION)} FROM violations_violation {where}", params, _VIOLATION
    )


def _weighed(rows: dict[str, Any]) -> Replayed:
    made = {name: np.zeros(len(rows["kind"]), np.int64) for name in Weights.names()}
    for market_id in np.unique(rows["market_id"]).tolist():
        here = np.flatnonzero(rows["market_id"] == market_id)
        facts = ViolationFacts(**{name: rows[name][here] for name in _FACTS})
        book = promises.book_of(KindTerms, market_id).rows
        weights = rules.weigh(facts, of_versions(book, rows["terms_version"][here]))
        for name, column in weights.as_dict().items():
            made[name][here] = column
    stored = {name: rows[name].astype(np.int64) for name in made}
    return compared(
        "violation",
        lambda row: name_of(int(rows["seller_id"][row]), int(rows["violation_id"][row])),
        stored, made, has_rules=rows["rules_version"] == RULES_VERSION,
    )  # fmt: skip


def replayed_nights() -> Iterator[Replayed]:
    """Every night that ever counted points, counted again in sets."""
    after: tuple[int, ...] = (-(2**63), 0, 0, 0)
    while True:
        rows = _nights(
            "WHERE (seller_id, points_class, day, number) > (%s, %s, %s, %s) "
            "ORDER BY seller_id, points_class, day, number LIMIT %s",
            [*after, _AT_ONCE],
        )
        if len(rows["seller_id"]) == 0:
            return
        yield _stepped(rows)
        after = tuple(
            int(rows[name][-1]) for name in ("seller_id", "points_class", "day", "number")
        )


def replayed_night(seller: str, points_class: PointsClass, day: int) -> Replayed | None:
    """One night of one class of a seller, with its recounts; None where there is none."""
    rows = _nights(
        "WHERE seller_id = %s AND points_class = %s AND day = %s ORDER BY number",
        [id_of(seller), int(points_class), day],
    )
    return _stepped(rows) if len(rows["seller_id"]) else None


def _nights(where: str, params: list[Any]) -> dict[str, Any]:
    return sets.fetch_arrays(
        f"SELECT {', '.join(_NIGHT)} FROM violations_step {where}", params, _NIGHT
    )


def _stepped(rows: dict[str, Any]) -> Replayed:
    made = {name: np.zeros(len(rows["day"]), np.int64) for name in Stepped.names()}
    markets = sellers.markets_of(rows["seller_id"])
    for market_id in np.unique(markets).tolist():
        here = np.flatnonzero(markets == market_id)
        after = _again({name: column[here] for name, column in rows.items()}, market_id)
        for name, column in after.as_dict().items():
            made[name][here] = column
    names = sellers.names_of(np.unique(rows["seller_id"]))

    def reference(row: int) -> str:
        points_class = PointsClass(int(rows["points_class"][row])).name.lower()
        day = np.datetime64(int(rows["day"][row]), "D")
        return f"{names[int(rows['seller_id'][row])]}/{points_class}/{day}"

    stored = {name: rows[name].astype(np.int64) for name in made}
    return compared(
        "points", reference, stored, made, has_rules=rows["rules_version"] == RULES_VERSION
    )


def _again(rows: dict[str, Any], market_id: int) -> Stepped:
    """The step once more, under the very terms of then."""
    zone = zone_of(promises.market_of(market_id).zone)
    classes = promises.book_of(ClassTerms, market_id).rows
    moments = np.array([rules.last_of(day, zone) for day in rows["day"].tolist()], np.int64)
    return rules.step(
        Tallies(
            rows["seller_id"], rows["points_class"].astype(np.int64), rows["points_before"],
            rows["strikes_before"],
        ),
        Today(
            rows["points_today"], rows["strikes_today"], rows["penalty_minor"], rows["expiring"],
            rows["is_year_end"],
        ),
        of_versions(classes, rows["class_version"]),
        rules.rungs_of(
            promises.book_of(StepTerms, market_id), rows["points_class"].astype(np.int64), moments
        ),
    )  # fmt: skip
