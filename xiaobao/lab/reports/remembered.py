"""What a comparison says of claims, violations, exits and the fund: tallies in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims.facts import KIND_WORDS as CLAIM_WORDS
from xiaobao.claims.facts import ClaimKind
from xiaobao.exits.facts import SCOPE_WORDS, Scope
from xiaobao.lab.history.shapes import month_words
from xiaobao.lab.replay.claims import Decision
from xiaobao.lab.tallies.exits import Easing
from xiaobao.lab.tallies.shapes import CUBES, Side
from xiaobao.promises.facts import PointsClass, ViolationKind
from xiaobao.violations.facts import CLASS_WORDS
from xiaobao.violations.facts import KIND_WORDS as VIOLATION_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xiaobao.lab.engines.question import History

Figures = dict[str, Any]
Rows = list[tuple[dict[str, int], dict[str, int]]]

DECISION_WORDS = {
    Decision.UPHELD: ("支持买家", "for the buyer"),
    Decision.REJECTED: ("不支持", "rejected"),
    Decision.OPEN: ("还要补充", "something more is asked for"),
    Decision.NEEDS_PERSON: ("需要由人判断", "needs a person"),
}
EASING_WORDS = {
    Easing.SAME: ("不变", "the same"),
    Easing.DELAYED: ("延后", "delayed"),
    Easing.EASED: ("提早", "eased"),
    Easing.LESS: ("同时，先退的更少", "as soon, less at once"),
    Easing.MORE: ("同时，先退的更多", "as soon, more at once"),
}
# Sellers who would have to leave are named, but no more of them than people read.
NAMED = 50
_SUMS = ("buyer_minor", "punitive_minor", "fund_minor")


def _words(pair: tuple[str, str]) -> dict[str, str]:
    return {"zh": pair[0], "en": pair[1]}


def claims_of(rows: Rows) -> Figures:
    """Claims that rules decided, as either pack decides them; what it leaves open is counted."""
    kinds = sorted({key["kind"] for key, _ in rows})
    return {
        **_claims(rows),
        "by_kind": [
            {
                "claim": ClaimKind(kind).name.lower(),
                "words": {"zh": CLAIM_WORDS[ClaimKind(kind)].zh,
                          "en": CLAIM_WORDS[ClaimKind(kind)].en},
                **_claims([(k, s) for k, s in rows if k["kind"] == kind]),
            }
            for kind in kinds
        ],
        "moves": [_move(key, sums) for key, sums in rows if _is_changed(key, sums)],
    }  # fmt: skip


def _is_changed(key: dict[str, int], sums: dict[str, int]) -> bool:
    """Whether the decision changes, or what those decided alike pay in all."""
    return key["old"] != key["new"] or any(sums[f"old_{n}"] != sums[f"new_{n}"] for n in _SUMS)


def _move(key: dict[str, int], sums: dict[str, int]) -> Figures:
    kind = ClaimKind(key["kind"])
    return {
        "claim": kind.name.lower(),
        "words": {"zh": CLAIM_WORDS[kind].zh, "en": CLAIM_WORDS[kind].en},
        "old": Decision(key["old"]).name.lower(),
        "old_words": _words(DECISION_WORDS[Decision(key["old"])]),
        "new": Decision(key["new"]).name.lower(),
        "new_words": _words(DECISION_WORDS[Decision(key["new"])]),
        **sums,
    }


def _claims(rows: Rows) -> Figures:
    sides = {}
    for side in ("old", "new"):
        decisions = {
            decision.name.lower(): sum(s["cases"] for k, s in rows if k[side] == decision)
            for decision in Decision
        }
        sums = {name: sum(s[f"{side}_{name}"] for _, s in rows) for name in _SUMS}
        sides[side] = decisions | sums
    return {
        "cases": sum(s["cases"] for _, s in rows),
        "decided_otherwise": sum(s["cases"] for k, s in rows if k["old"] != k["new"]),
        **sides,
        "difference": {name: sides["new"][name] - sides["old"][name] for name in sides["old"]},
    }


def violations_of(recorded: Rows, begun: Rows, forced: Rows, history: History) -> Figures:
    """Violations and points, the penalties they begin, and who has to leave, on both sides."""
    kinds = sorted({key["kind"] for key, _ in recorded})
    months = sorted({key["month"] for key, _ in [*recorded, *begun]})
    return {
        **_sides(recorded, begun),
        "by_kind": [
            {
                "violation": ViolationKind(kind).name.lower(),
                "words": {"zh": VIOLATION_WORDS[ViolationKind(kind)].zh,
                          "en": VIOLATION_WORDS[ViolationKind(kind)].en},
                **_sides(_where(recorded, "kind", kind), None),
            }
            for kind in kinds
        ],
        "by_month": [
            {"month": month_words(month),
             **_sides(_where(recorded, "month", month), _where(begun, "month", month))}
            for month in months
        ],
        "forced_out": _forced(forced, history),
    }  # fmt: skip


def _where(rows: Rows, name: str, value: int) -> Rows:
    return [(k, s) for k, s in rows if k[name] == value]


def _sides(recorded: Rows, begun: Rows | None) -> Figures:
    sides = {}
    for side in Side:
        found = _totals(_where(recorded, "side", side), CUBES["violations"][1])
        if begun is not None:
            found |= _totals(_where(begun, "side", side), CUBES["penalties"][1])
        sides[side.name.lower()] = found
    return {**sides, "difference": {n: sides["new"][n] - sides["old"][n] for n in sides["old"]}}


def _totals(rows: Rows, names: Iterable[str]) -> dict[str, int]:
    return {name: sum(sums[name] for _, sums in rows) for name in names}


def _forced(rows: Rows, history: History) -> list[Figures]:
    """Whoever has to leave, those first for whom the packs differ."""
    ranked = sorted(rows, key=lambda row: (row[1]["old"] == row[1]["new"], *row[0].values()))
    ranked = ranked[:NAMED]
    if not ranked:
        return []
    names = history.seller_names(np.array([key["seller_id"] for key, _ in ranked], np.int64))
    return [
        {
            "seller": name,
            "points_class": PointsClass(key["points_class"]).name.lower(),
            "words": {"zh": CLASS_WORDS[PointsClass(key["points_class"])].zh,
                      "en": CLASS_WORDS[PointsClass(key["points_class"])].en},
            "old": bool(sums["old"]), "new": bool(sums["new"]),
        }
        for name, (key, sums) in zip(names, ranked, strict=True)
    ]  # fmt: skip


def exits_of(rows: Rows) -> Figures:
    """Exits that sellers asked for, by what the new pack would make of their first check."""
    names = CUBES["exits"][1]
    by_change = {
        easing.name.lower(): {"words": _words(EASING_WORDS[easing]),
                              **_totals(_where(rows, "change", easing), names)}
        for easing in Easing
    }  # fmt: skip
    total = _totals(rows, names)
    same = _totals(_where(rows, "change", Easing.SAME), names)["exits"]
    return {
        **total,
        "changed": total["exits"] - same,
        "by_change": by_change,
        "by_scope": [
            {"scope": Scope(scope).name.lower(), "words": _words(SCOPE_WORDS[Scope(scope)]),
             **_totals(_where(rows, "scope", scope), names)}
            for scope in sorted({key["scope"] for key, _ in rows})
        ],
    }  # fmt: skip


def fund_of(rows: Rows) -> Figures:
    """What the fund pays in place of sellers, and what they owe it at each month's end."""
    months = sorted({key["month"] for key, _ in rows})
    by_month = [{"month": month_words(month), **_drawn(rows, month)} for month in months]
    last = by_month[-1] if by_month else {}
    drawn = [_totals(_where(rows, "side", side), ["drawn_minor"])["drawn_minor"] for side in Side]
    return {
        "old": {"drawn_minor": drawn[0], "owed_minor": last.get("old", {}).get("owed_minor", 0)},
        "new": {"drawn_minor": drawn[1], "owed_minor": last.get("new", {}).get("owed_minor", 0)},
        "difference_minor": drawn[1] - drawn[0],
        "by_month": by_month,
    }


def _drawn(rows: Rows, month: int) -> Figures:
    return {
        side.name.lower(): _totals(
            [(k, s) for k, s in rows if (k["side"], k["month"]) == (side, month)],
            CUBES["fund"][1],
        )
        for side in Side
    }
