"""Replays: decisions made again from what was stored with them, beside what was decided."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from uuid import UUID

    from xiaobao.kernel.columns import Mask


@dataclass(frozen=True)
class Difference:
    """One decision that did not come out as it stands: the first column that differs."""

    kind: str
    reference: str
    name: str
    stored: str
    made: str


@dataclass(frozen=True)
class Replayed:
    """What came of replaying decisions of one kind.

    `other_rules` are decisions of rules that this release does not carry. The digests are over
    the decisions as bytes, stored and made again: equal where every byte is.
    """

    kind: str
    looked: int = 0
    differences: list[Difference] = field(default_factory=list)
    other_rules: list[str] = field(default_factory=list)
    stored_sha256: str = ""
    made_sha256: str = ""

    @property
    def is_same(self) -> bool:
        return not self.differences and not self.other_rules

    def __add__(self, other: Replayed) -> Replayed:
        return Replayed(
            self.kind,
            self.looked + other.looked,
            self.differences + other.differences,
            self.other_rules + other.other_rules,
            _joined(self.stored_sha256, other.stored_sha256),
            _joined(self.made_sha256, other.made_sha256),
        )


def _joined(one: str, other: str) -> str:
    return sha256(f"{one}{other}".encode()).hexdigest() if one and other else one or other


def summed(kind: str, parts: Iterable[Replayed]) -> Replayed:
    """All parts of one kind together."""
    return sum(parts, Replayed(kind))


def compared(
    kind: str,
    reference: Callable[[int], str],
    stored: Mapping[str, Any],
    made: Mapping[str, Any],
    *,
    has_rules: Mask | None = None,
) -> Replayed:
    """Decisions as stored and as made again, row for row, column for column.

    `reference` names a row. Rows that are not of these rules (`has_rules`) are not compared.
    """
    assert list(stored) == list(made), "the same columns, in the same order"
    count = len(next(iter(stored.values()), ()))
    known = np.ones(count, np.bool_) if has_rules is None else has_rules
    old = {name: np.asarray(column)[known] for name, column in stored.items()}
    new = {name: np.asarray(column)[known] for name, column in made.items()}
    rows = np.flatnonzero(known)
    differs = np.zeros(len(rows), np.bool_)
    found = []
    for name, column in old.items():
        for row in np.flatnonzero((column != new[name]) & ~differs).tolist():
            told = _short(column[row]), _short(new[name][row])
            found.append(Difference(kind, reference(int(rows[row])), name, *told))
            differs[row] = True
    return Replayed(
        kind, count, found, [reference(row) for row in np.flatnonzero(~known).tolist()],
        _digest(old), _digest(new),
    )  # fmt: skip


def _short(value: Any) -> str:
    """Numbers as they are; a text by its digest."""
    return sha256(value.encode()).hexdigest() if isinstance(value, str) else str(value)


def _digest(columns: Mapping[str, Any]) -> str:
    """Of the columns as bytes: each by its name, whole numbers of eight bytes."""
    made = sha256()
    for name, column in columns.items():
        body = json.dumps(column.tolist(), ensure_ascii=False) if column.dtype == object else ""
        made.update(f"{name}:{len(column)}:".encode())
        made.update(body.encode() if body else column.astype("<i8").tobytes())
    return made.hexdigest()


def moment_in(cause: UUID) -> int:
    """The moment that a cause is filed under, in microseconds, to the millisecond."""
    return (cause.int >> 80) * 1000
