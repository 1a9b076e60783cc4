"""Two packs side by side in time: where they say something else, from when till when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from xiaobao.kernel.columns import FAR_US
from xiaobao.promises.rules.formats import FORMATS, Keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from xiaobao.promises.facts import Category, Term

    Value = int | bool | str


@dataclass(frozen=True)
class Change:
    """One number or word that differs over a span of time; None where a side has no such row."""

    table: str
    key: str
    column: str
    begins_us: int
    ends_us: int
    before: Term | None
    after: Term | None

    @property
    def was(self) -> Value | None:
        return None if self.before is None else self.before.values[self.column]

    @property
    def becomes(self) -> Value | None:
        return None if self.after is None else self.after.values[self.column]


class Side:
    """The terms of one pack, to be asked what holds for a key at a moment."""

    def __init__(self, terms: Iterable[Term], categories: Iterable[Category]) -> None:
        self.rows: dict[tuple[str, str], list[Term]] = {}
        for term in sorted(terms, key=lambda t: t.name):
            self.rows.setdefault((term.table, term.key), []).append(term)
        self._parents = {c.code: c.parent for c in categories}

    def in_force(self, table: str, key: str, at_us: int) -> Term | None:
        """The row of the key, or of its category's nearest parent that has one then."""
        for name in self.line(table, key):
            for row in self.rows.get((table, name), ()):
                if row.begins_us <= at_us < row.ends_us:
                    return row
        return None

    def line(self, table: str, key: str) -> Iterator[str]:
        """The key, and the keys above it in the tree of categories."""
        yield key
        word, dot, code = key.rpartition(".")
        if FORMATS[table].keys in {Keys.CATEGORY, Keys.WORDS_CATEGORY}:
            while code := self._parents.get(code, ""):
                yield f"{word}{dot}{code}"


def continued(terms: Sequence[Term], until_us: int) -> list[Term]:
    """These terms as they would go on if nothing new began from a moment on."""
    kept = [t for t in terms if t.begins_us < until_us]
    latest: dict[tuple[str, str], Term] = {}
    for term in sorted(kept, key=lambda t: t.begins_us):
        latest[term.table, term.key] = term
    return [
        replace(t, ends_us=FAR_US) if latest[t.table, t.key] is t and t.ends_us >= until_us else t
        for t in kept
    ]


def changes_of(before: Side, after: Side) -> list[Change]:
    """Everything that one side says and the other does not, column by column, in order of time."""
    found: list[Change] = []
    for table, key in sorted(before.rows.keys() | after.rows.keys()):
        open_ones: dict[str, Change] = {}
        for begins_us, ends_us in pairwise(_moments(before, after, table, key)):
            left = before.in_force(table, key, begins_us)
            right = after.in_force(table, key, begins_us)
            for column in FORMATS[table].all_columns:
                change = Change(table, key, column, begins_us, ends_us, left, right)
                if change.was == change.becomes:
                    continue
                last = open_ones.get(column)
                if last is not None and _goes_on(last, change):
                    change = replace(last, ends_us=ends_us)
                    found.remove(last)
                open_ones[column] = change
                found.append(change)
    return sorted(found, key=lambda c: (c.begins_us, c.table, c.key))


def touches(
    change: Change, before: Side, after: Side, category: str, given: Collection[str]
) -> bool:
    """Whether a change binds a seller of this category who gives these promises."""
    if change.table == "promises" and change.key not in given:
        return any(
            bool(side and side.values["is_basic"]) for side in (change.before, change.after)
        )
    key = category_key(change.table, change.key, category)
    if key == change.key:
        return True
    # Its own category may have rows of its own, or have the changed one's from above.
    rows = (side.in_force(change.table, key, change.begins_us) for side in (before, after))
    left, right = (None if row is None else row.values[change.column] for row in rows)
    is_beneath = change.key in before.line(change.table, key)
    return is_beneath and left != right


def category_key(table: str, key: str, category: str) -> str:
    """The key with a seller's category in place of the one it names, if it names any."""
    keys = FORMATS[table].keys
    if keys is Keys.WORDS_CATEGORY:
        return f"{key.partition('.')[0]}.{category}"
    return category if keys is Keys.CATEGORY else key


def _goes_on(last: Change, change: Change) -> bool:
    return last.ends_us == change.begins_us and (last.was, last.becomes) == (
        change.was, change.becomes,
    )  # fmt: skip


def _moments(before: Side, after: Side, table: str, key: str) -> list[int]:
    """Every moment at which either side changes for this key, or for what it inherits from."""
    found = set()
    for side in (before, after):
        for name in side.line(table, key):
            for row in side.rows.get((table, name), ()):
                found |= {row.begins_us, row.ends_us}
    return sorted(found)
