"""For whoever lets a seller leave: forced exits that are due, and what violations leave open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.promises import queries as promises
from xiaobao.violations.facts import (
    BLOCK_WORDS,
    KIND_WORDS,
    BlockKind,
    ForcedExitRow,
    ForcedExits,
    ForcedExitState,
    OpenViolation,
    State,
    ViolationKind,
)

if TYPE_CHECKING:
    from datetime import datetime

# What an appeal holds up: a forced exit waits while a violation that counts towards it is open.
_IS_OPEN = (
    "EXISTS (SELECT 1 FROM violations_violation v WHERE v.seller_id = f.seller_id "
    "AND v.points_class = f.step / 10 AND v.counted_day <= f.day AND v.state = 3)"
)
_DUE = {
    "seller_id": "i8", "market_id": "i2", "day": "i4", "step": "i2", "points": "i8",
    "strikes": "i8", "decided_us": "ts", "due_us": "ts",
}  # fmt: skip


def forced_exits_due(until_us: int, limit: int = 1000) -> ForcedExits:
    """Decisions to be carried out by then, those due first; those under appeal wait."""
    columns = sets.fetch_arrays(
        "SELECT f.seller_id, f.market_id, f.day, f.step, f.points, f.strikes, f.decided_at, "
        f"f.due_at FROM violations_forced_exit f WHERE f.state = 1 AND NOT {_IS_OPEN} "
        "AND f.due_at <= %s::timestamptz ORDER BY f.due_at, f.seller_id, f.day, f.step LIMIT %s",
        [moment_of(until_us), limit],
        _DUE,
    )
    return ForcedExits.of(**columns)


def next_forced_exit_us() -> int | None:
    """When the next forced exit is to be carried out; None where none waits but for an appeal."""
    rows = sets.fetch_rows(
        f"SELECT min(f.due_at) FROM violations_forced_exit f WHERE f.state = 1 AND NOT {_IS_OPEN}"
    )
    return None if rows[0][0] is None else us_of(rows[0][0])


def forced_exits_of(seller_id: int) -> list[ForcedExitRow]:
    """Every decision that this seller has to leave, oldest first."""
    rows = sets.fetch_rows(
        "SELECT seller_id, day, step, points, strikes, state, decided_at, due_at, "
        "nullif(done_at, 'infinity') FROM violations_forced_exit WHERE seller_id = %s "
        "ORDER BY day, step",
        [seller_id],
    )
    return [
        ForcedExitRow(
            seller, day, step, points, strikes, ForcedExitState(state), decided, due, done
        )
        for seller, day, step, points, strikes, state, decided, due, done in rows
    ]


def open_violations_of(seller_id: int, *, at: datetime) -> list[OpenViolation]:
    """What violations leave open for a seller, each with what is held and when it clears.

    Those that clear first come first. An appeal that the platform has not decided by its own
    clock holds nothing, and nobody up, any longer.
    """
    return sorted(
        [*_open_cases(seller_id, at), *_running_penalties(seller_id, at)],
        key=lambda one: (one.clears_us, one.block, one.violation),
    )


def _open_cases(seller_id: int, at: datetime) -> list[OpenViolation]:
    rows = sets.fetch_rows(
        "SELECT violation_name, kind, state, held_minor, "
        "CASE WHEN is_waived THEN 0 ELSE penalty_minor - held_minor END, "
        "points = 0 AND strikes = 0 AND penalty_minor = 0, due_at, terms_version "
        "FROM violations_violation WHERE seller_id = %s AND state IN (2, 3) "
        "AND due_at > %s AND due_at < 'infinity'",
        [seller_id, at],
    )
    clauses = promises.clauses_of(row[-1] for row in rows)
    return [
        _row(
            BlockKind.APPEALED if state == State.APPEALED else BlockKind.APPEALABLE,
            name, ViolationKind(kind), us_of(due_at), clauses[version],
            money=(held, unheld), is_reminder=is_reminder,
        )
        for name, kind, state, held, unheld, is_reminder, due_at, version in rows
    ]  # fmt: skip


def _running_penalties(seller_id: int, at: datetime) -> list[OpenViolation]:
    rows = sets.fetch_rows(
        "SELECT coalesce((SELECT string_agg(v.violation_name, ', ' ORDER BY v.violation_name) "
        "FROM violations_violation v WHERE v.seller_id = p.seller_id "
        "AND v.points_class = p.step / 10 AND v.counted_day = p.day AND v.state <> 5), ''), "
        "p.ends_at, p.terms_version FROM violations_penalty p "
        "WHERE p.seller_id = %s AND p.state = 1 AND p.is_restricting AND p.ends_at > %s",
        [seller_id, at],
    )
    clauses = promises.clauses_of(row[-1] for row in rows)
    return [
        _row(BlockKind.PENALTY, name, None, us_of(ends_at), clauses[version])
        for name, ends_at, version in rows
    ]


def _row(
    block: BlockKind, name: str, kind: ViolationKind | None, clears_us: int, clause: str,
    *, money: tuple[int, int] = (0, 0), is_reminder: bool = False,
) -> OpenViolation:  # fmt: skip
    of_kind = ("", "") if kind is None else (KIND_WORDS[kind].zh, KIND_WORDS[kind].en)
    words = BLOCK_WORDS[block]
    return OpenViolation(
        block=block, violation=name, kind=kind, held_minor=money[0], unheld_minor=money[1],
        is_reminder=is_reminder, clears_us=clears_us, clause=clause,
        zh="：".join(filter(None, [of_kind[0], words.zh])),
        en=": ".join(filter(None, [of_kind[1], words.en])),
    )  # fmt: skip
