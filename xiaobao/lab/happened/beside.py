"""Outcome by outcome: how many stand, how many a replay makes, and every one that differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xiaobao.lab.happened.replaying import BREACH, PROPOSAL, VIOLATION, WEIGHT, Replayed
from xiaobao.lab.happened.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.lab.engines.question import History
    from xiaobao.lab.happened.replaying import Row, Rows

# So many of one kind are named; all are counted.
MOST_NAMED = 50


@dataclass(frozen=True)
class Outcome:
    """A kind of outcome that rules decide: what names one, and what is said of it."""

    key: str
    zh: str
    en: str
    named_by: tuple[str, ...]
    says: tuple[str, ...]


_CLAIM = ("seller_id", "claim_id", "round")
OUTCOMES = (
    Outcome("breaches", "违约与赔付", "breaches and what they pay",
            ("seller_id", "order_id", "kind"), tuple(n for n in BREACH if n not in
            ("seller_id", "order_id", "kind"))),
    Outcome("proposals", "建议裁决（无论由谁裁决）", "proposals, whoever ruled", _CLAIM, PROPOSAL),
    Outcome("rulings", "按规则作出的裁决", "rulings by rule", _CLAIM,
            ("buyer_minor", "punitive_minor", "bears_minor", "fund_minor")),
    Outcome("violations", "违规与扣分", "violations and their points",
            ("seller_id", "violation_id"), (*VIOLATION[2:], *WEIGHT)),
    Outcome("points", "现有扣分与三振", "points and strikes that stand",
            ("seller_id", "points_class"), ("points", "strikes")),
    Outcome("penalties", "处罚与强制退保", "penalties and forced exits",
            ("seller_id", "day", "step"), ("points", "penalty_minor", "is_forced_out")),
    Outcome("exits", "退保检查", "checks of exits", ("seller_id", "number", "seq"),
            ("set_off_minor", "kept_minor", "free_minor", "is_waiting", "is_standing")),
    Outcome("asked", "应缴保证金的每次变动", "changes of the deposit asked for",
            ("seller_id", "day"), ("required_minor",)),
    Outcome("shortfalls", "期末缺口与欠款", "shortfalls and debts at the end",
            ("seller_id",), ("is_inside", "is_short", "debt_minor")),
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One outcome that a replay makes otherwise; None on the side on which it is not."""

    outcome: str
    seller: str
    named: dict[str, Any]
    happened: dict[str, Any] | None
    replayed: dict[str, Any] | None


@dataclass
class Beside:
    """Outcomes of one kind, over all sellers."""

    key: str
    zh: str
    en: str
    happened: int = 0
    replayed: int = 0
    same: int = 0
    differ: int = 0


def beside(
    history: History, *, progress: Callable[[int, int, str], None]
) -> tuple[list[Beside], list[Difference]]:
    """Every kind of outcome, and the first of those that differ; a bucket at a time in memory."""
    found = {one.key: Beside(one.key, one.zh, one.en) for one in OUTCOMES}
    differences: list[Difference] = []
    for bucket in range(history.buckets):
        for outcome, happened, replayed in _sides(history, bucket):
            counts = found[outcome.key]
            rows = differing(outcome, happened, replayed)
            counts.happened += len(happened)
            counts.replayed += len(replayed)
            counts.same += len(happened) - sum(h is not None for _, h, _ in rows)
            room = max(MOST_NAMED - counts.differ, 0)
            counts.differ += len(rows)
            differences += [_named(history, outcome, row) for row in rows[:room]]
        progress(bucket + 1, history.buckets, "")
    return list(found.values()), differences


def _sides(history: History, bucket: int) -> list[tuple[Outcome, Rows, Rows]]:
    stands, made = Standing(history, bucket), Replayed(history, bucket)
    names, facts, proposed = stands.proposals()
    again = made.proposals(facts)
    sides: dict[str, tuple[Rows, Rows]] = {
        "breaches": (stands.breaches(), made.breaches()),
        "proposals": (
            [(*name, *row) for name, row in zip(names, proposed, strict=True)],
            [(*name, *row) for name, row in zip(names, again, strict=True)],
        ),
        "rulings": (stands.rulings(), made.rulings()),
        "violations": (stands.violations(), made.violations()),
        "points": (stands.points(), made.points()),
        "penalties": (stands.penalties(), made.penalties()),
        "exits": (stands.exits(), made.exits()),
        "asked": (stands.asked(made.inside()), made.asked()),
        "shortfalls": (stands.shortfalls(), made.shortfalls()),
    }
    return [(one, *sides[one.key]) for one in OUTCOMES]


def differing(
    outcome: Outcome, happened: Rows, replayed: Rows
) -> list[tuple[Row, Row | None, Row | None]]:
    """Rows that are not the same on both sides, by name; two of one name are never the same."""
    width = len(outcome.named_by)
    sides: list[dict[Row, list[Row]]] = [{}, {}]
    for side, rows in zip(sides, (happened, replayed), strict=True):
        for row in rows:
            side.setdefault(row[:width], []).append(row[width:])
    was, becomes = sides
    return [
        (name, _alone(was.get(name)), _alone(becomes.get(name)))
        for name in sorted({*was, *becomes})
        if was.get(name) != becomes.get(name)
    ]


def _alone(rows: list[Row] | None) -> Row | None:
    return None if rows is None else rows[0]


def _named(
    history: History, outcome: Outcome, row: tuple[Row, Row | None, Row | None]
) -> Difference:
    import numpy as np

    name, happened, replayed = row
    [seller] = history.seller_names(np.array([name[0]]))
    return Difference(
        outcome.key, seller, dict(zip(outcome.named_by, name, strict=True)),
        None if happened is None else dict(zip(outcome.says, happened, strict=True)),
        None if replayed is None else dict(zip(outcome.says, replayed, strict=True)),
    )  # fmt: skip
